# Every target sets itself up: a virtual environment in .venv with the versions of the lock, made
# with uv where it is on the PATH and with venv and pip otherwise. Paths are relative, so the
# checkout may lie anywhere. GNU make 3.81 (macOS) is enough.

VENV := .venv
PY := $(VENV)/bin/python
RUNTIME := $(VENV)/.runtime-installed
MODELS := $(VENV)/.models-installed
DEV := $(VENV)/.dev-installed
BENCH := $(VENV)/.bench-installed
# Stands in .venv while something is being installed; what it is found in later was interrupted.
UNFINISHED := $(VENV)/.unfinished
CACHES := .pytest_cache .mypy_cache .ruff_cache

# To be set on the command line: make run PYTHON=python3.12 ARGS="--seeds folder"
PYTHON ?=
UV ?= uv
ARGS ?=

IS_RECENT := -c 'import sys; sys.exit(sys.version_info < (3, 11))'
# A file's tests stay together, as they share what is slow to make; the slow files come first.
AT_ONCE := --numprocesses auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder
COMPILE = $(UV) pip compile pyproject.toml --group lock --quiet --universal \
	--fork-strategy fewest --python-version 3.11 --generate-hashes --no-annotate --no-emit-index-url \
	--custom-compile-command "make lock" $(ARGS)

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help run test models lint bench bench-corpus learn screenshots lock sbom audit clean rebuild

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-13s %s\n", $$1, $$2 }' Makefile

run: $(RUNTIME) ## index seeds/ and serve the chat (ARGS="ask 'Frage'": any command of app.py)
	@$(PY) app.py $(ARGS)

test: $(DEV) ## run the tests, several at once (ARGS="-k words": any option of pytest)
	@$(PY) -m pytest $(AT_ONCE) $(ARGS)

models: $(MODELS) ## install what LOTSE_LLM and LOTSE_EMBEDDING need (openai-like:, ollama:)

lint: $(DEV) ## check style and types
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy index assistant app.py

bench: $(BENCH) ## compare with other systems, measure answers (ARGS=--write: into docs/ too)
	@$(PY) -m tests.benchmarks $(ARGS)

bench-corpus: $(DEV) ## how times and memory grow with the documents (ARGS="--sizes 10000 40000")
	@$(PY) -m tests.benchmarks.corpus $(ARGS)

learn: $(DEV) ## learn anew when a further sentence is quoted (ARGS=--write: into assistant/)
	@$(PY) -m tests.benchmarks.learn $(ARGS)

screenshots: $(DEV) ## take the pictures in docs/ anew, of the program as it is (needs Chromium)
	@$(PY) -m tests.screenshots

lock: ## pin the dependencies of pyproject.toml anew, with uv (ARGS=--upgrade: to the newest)
	@command -v $(UV) >/dev/null || { echo "make lock needs uv: pip install uv" >&2; exit 1; }
	$(COMPILE) --output-file requirements.lock
	$(COMPILE) --extra openai-like --extra ollama --constraint requirements.lock \
		--output-file requirements-models.lock
	$(COMPILE) --extra dev --constraint requirements-models.lock --output-file requirements-dev.lock

# Both run apart from .venv, with what uv fetches for them: nothing of the program needs them.
sbom: ## write sbom.json, a bill of materials of requirements.lock (CycloneDX; needs uv)
	@$(UV) tool run --quiet --from cyclonedx-bom==7.5.0 cyclonedx-py requirements \
		--pyproject pyproject.toml --output-reproducible --output-file sbom.json requirements.lock

audit: ## look for published vulnerabilities of requirements.lock (needs uv and the internet)
	@$(UV) tool run --quiet pip-audit==2.10.1 --disable-pip --requirement requirements.lock $(ARGS)

clean: ## remove the virtual environment and all caches; the index in data/ stays
	rm -rf $(VENV) build *.egg-info $(CACHES)
	find app.py index assistant tests -name __pycache__ -type d -prune -exec rm -rf {} +

# Without an interpreter behind it (Python was removed, the folder was copied), a stamp is worth nothing.
MISSING := $(shell test -x $(PY) || echo rebuild)
rebuild: ;

$(RUNTIME): requirements.lock $(MISSING)
	@$(call install,requirements.lock)
	@touch $(RUNTIME)

# Each of these locks holds the versions of the one before it, too.
$(MODELS): requirements-models.lock $(MISSING)
	@$(call install,requirements-models.lock)
	@touch $(RUNTIME) $(MODELS)

$(DEV): requirements-dev.lock tests/browser/requirements.txt $(MISSING)
	@$(call install,requirements-dev.lock)
	@$(call install_alone,tests/browser/requirements.txt)
	@touch $(RUNTIME) $(MODELS) $(DEV)

# Alone, as the other side of the comparison asks for another PyStemmer than ours.
$(BENCH): tests/benchmarks/requirements.txt $(DEV)
	@$(call install_alone,$<)
	@touch $@

# $(call install_alone,FILE): .venv holds what FILE pins too, without what that asks for.
define install_alone
if command -v $(UV) >/dev/null; \
then $(UV) pip install --quiet --compile-bytecode --python $(PY) --no-deps --require-hashes \
	-r $(1); \
else $(PY) -m pip install --quiet --no-deps --require-hashes -r $(1); \
fi
endef

# $(call install,LOCK): .venv holds what LOCK pins.
define install
set -e; \
uv=$$(command -v $(UV) || true); \
$(unless_usable) then $(find_python); $(make_venv); fi; \
rm -f $(RUNTIME) $(MODELS) $(DEV); \
: > $(UNFINISHED); \
echo "Installing the packages of $(1) ..."; \
if [ -n "$$uv" ]; \
then "$$uv" pip install --compile-bytecode --python $(PY) --require-hashes --only-binary :all: \
	-r $(1); \
else $(PY) -m pip install --require-hashes --only-binary :all: -r $(1); \
fi; \
rm -f $(UNFINISHED)
endef

define unless_usable
if [ -e $(UNFINISHED) ] || ! $(PY) $(IS_RECENT) 2>/dev/null \
	|| { [ -z "$$uv" ] && ! $(PY) -c 'import pip' 2>/dev/null; };
endef

# Sets $python: PYTHON alone if it is given, else the first on the PATH that is recent enough, else
# one that uv has installed earlier.
define find_python
if [ -n "$(PYTHON)" ]; \
then set -- "$(PYTHON)"; \
else set -- python3 python3.13 python3.12 python3.11; \
	if [ -n "$$uv" ]; \
	then set -- "$$@" "$$("$$uv" python find --system --no-python-downloads '>=3.11' 2>/dev/null)"; \
	fi; \
fi; \
python=; \
for candidate; do \
	if "$$candidate" $(IS_RECENT) 2>/dev/null; then python=$$candidate; break; fi; \
done; \
if [ -z "$$python" ]; then \
	found=$$("$$1" --version 2>&1 | head -n 1) || true; \
	echo "Clusterlotse needs Python 3.11 or later. Found: $$1: $$found" >&2; \
	echo "Install one (Debian, Ubuntu: apt install python3 python3-venv; macOS: brew install" >&2; \
	echo "python@3.13), or name one that you have: make PYTHON=/path/to/python3.13 run" >&2; \
	exit 1; \
fi
endef

define make_venv
echo "Making the virtual environment $(VENV) with $$("$$python" --version) ..."; \
rm -rf $(VENV); \
mkdir $(VENV); \
: > $(UNFINISHED); \
if [ -n "$$uv" ]; \
then "$$uv" venv --quiet --allow-existing --python "$$python" $(VENV); \
else "$$python" -m venv $(VENV); \
fi
endef
