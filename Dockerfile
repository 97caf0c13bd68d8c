# Clusterlotse with its dictionaries and its embedding model; nothing is fetched when it runs.
#     docker build --tag clusterlotse . && docker run --read-only --publish 127.0.0.1:7860:7860 \
#         --volume "$PWD/seeds:/documents:ro" --volume clusterlotse:/data clusterlotse
# docs/operations.md tells of compose.yaml and Kubernetes. To pin the base image as well, write
# python:...@sha256:... in both places, as your registry shows it.

FROM python:3.13-slim-trixie AS build
# requirements-models.lock adds what LOTSE_LLM needs; every package is pinned by its hash.
COPY requirements-models.lock /build/
RUN python -m venv /opt/clusterlotse/.venv \
    && /opt/clusterlotse/.venv/bin/pip install --no-cache-dir --require-hashes \
        --only-binary :all: -r /build/requirements-models.lock

FROM python:3.13-slim-trixie
RUN apt-get update \
    && apt-get install --yes --no-install-recommends \
        dict-freedict-fra-deu mythes-de trans-de-en \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --user-group --no-create-home clusterlotse \
    && install --directory --owner=10001 --group=10001 /data /documents
WORKDIR /opt/clusterlotse
COPY --from=build /opt/clusterlotse/.venv .venv
COPY LICENSE pyproject.toml app.py ./
COPY index index
COPY assistant assistant
ENV PATH=/opt/clusterlotse/.venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    XDG_CACHE_HOME=/opt/clusterlotse/cache \
    HOME=/tmp \
    LOTSE_DATA=/data \
    LOTSE_HOST=0.0.0.0 \
    LOTSE_LOG=json \
    LOTSE_SEEDS=/documents
# The dictionaries are read here, once for all containers.
RUN python -m compileall -q index assistant app.py \
    && python -c "from assistant.dictionaries.store import installed; \
from assistant.settings import Settings, user_cache; \
installed(Settings().dictionaries, [user_cache()]).close()"
USER 10001:10001
VOLUME /data
EXPOSE 7860
HEALTHCHECK --interval=15s --timeout=5s --start-period=300s --retries=3 \
    CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:7860/healthz', timeout=4)"]
ENTRYPOINT ["python", "app.py"]
