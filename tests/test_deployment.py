"""The image, compose.yaml and the manifests: what they name is there, and nothing runs as root."""

import json
import re
import shutil
import subprocess
import urllib.request
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import kubernetes.client
import pytest
import yaml
from dotenv import dotenv_values

from assistant.settings import Settings, variable
from assistant.terminal.arguments import parser
from tests.library import LIBRARY, fill
from tests.running import ROOT, serving

DOCKERFILE = (ROOT / "Dockerfile").read_text("utf-8")
DEPLOY = ROOT / "docs" / "deploy"
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))
MANIFESTS: list[dict[str, Any]] = list(
    yaml.safe_load_all((DEPLOY / "kubernetes.yaml").read_text("utf-8"))
)
OURS = ("app", "index")
SHARED = {"LOTSE_CATALOGUE", "LOTSE_CHROMA_URL"}  # need servers, which are not started here


def instructions() -> list[tuple[str, str]]:
    lines = re.sub(r"^#.*\n", "", DOCKERFILE, flags=re.M).replace("\\\n", " ").splitlines()
    return [(words[0], words[1]) for line in lines if len(words := line.split(None, 1)) == 2]


# The image


def test_the_image_does_not_run_as_root_and_says_how_it_is() -> None:
    told = dict(instructions())
    assert told["USER"] == "10001:10001"
    assert "/healthz" in told["HEALTHCHECK"]
    assert json.loads(told["ENTRYPOINT"]) == ["python", "app.py"]


def test_the_image_takes_packages_by_their_hashes_alone() -> None:
    installing = [text for name, text in instructions() if name == "RUN" and "pip install" in text]
    assert len(installing) == 1
    assert "--require-hashes" in installing[0] and "--only-binary :all:" in installing[0]


def test_what_the_image_copies_is_there_and_is_not_kept_out() -> None:
    ignored = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    let_in = {line[1:].rstrip("/") for line in ignored if line.startswith("!")}
    copied = {
        source
        for name, text in instructions()
        if name == "COPY" and not text.startswith("--from")
        for source in text.split()[:-1]
    }
    assert copied == let_in
    assert [name for name in copied if not (ROOT / name).exists()] == []


def test_no_image_is_whatever_is_the_latest() -> None:
    named = [text.split()[0] for name, text in instructions() if name == "FROM"]
    named += [service["image"] for service in COMPOSE["services"].values()]
    named += [image for manifest in MANIFESTS for image in _values(manifest, "image")]
    own = {"clusterlotse"}  # which compose builds
    assert [name for name in named if name not in own and not re.search(r":\d", name)] == []


def _values(tree: Any, name: str) -> Iterator[Any]:
    if isinstance(tree, Mapping):
        for key, value in tree.items():
            if key == name:
                yield value
            yield from _values(value, name)
    elif isinstance(tree, list):
        for value in tree:
            yield from _values(value, name)


# compose.yaml


@pytest.mark.parametrize("name", OURS)
def test_our_processes_may_do_little(name: str) -> None:
    service = COMPOSE["services"][name]
    assert service["read_only"] is True and service["cap_drop"] == ["ALL"]
    assert service["networks"] == ["inside"] and "ports" not in service
    assert COMPOSE["networks"]["inside"]["internal"] is True


def test_only_the_proxy_is_reached_from_outside_and_from_this_machine_alone() -> None:
    open_ports = {
        name: each["ports"] for name, each in COMPOSE["services"].items() if "ports" in each
    }
    assert open_ports == {"web": ["127.0.0.1:8080:8080"]}


def test_what_a_service_waits_for_and_mounts_is_there() -> None:
    for name, service in COMPOSE["services"].items():
        for other, how in service.get("depends_on", {}).items():
            assert how["condition"] == "service_healthy", (name, other)
            checked = COMPOSE["services"][other].get("healthcheck")
            assert checked or other == "app", f"{other} tells by the image's own check"
        for mount in service.get("volumes", []):
            source = re.sub(r"\$\{\w+:-(.*?)\}", r"\1", mount).split(":")[0]
            is_there = (ROOT / source).exists() if source.startswith(".") else None
            assert is_there or source in COMPOSE["volumes"], (name, mount)


def test_settings_of_the_processes_are_settings() -> None:
    named = set(re.findall(r"\bLOTSE_[A-Z_]*[A-Z]\b", DOCKERFILE))
    for path in (ROOT / "compose.yaml", *DEPLOY.iterdir()):
        named |= set(re.findall(r"\bLOTSE_[A-Z_]*[A-Z]\b", path.read_text("utf-8")))
    assert len(named) > 6
    assert named - {variable(field) for field in Settings.model_fields} - SHARED == set()


def test_what_the_processes_are_told_to_do_is_understood() -> None:
    told = [COMPOSE["services"]["app"]["command"], *_values(MANIFESTS, "args")]
    for command in told:
        parser().parse_args([word for word in command if word != "--follow"])


def test_the_process_of_the_file_of_settings_answers(tmp_path: Path) -> None:
    """As compose starts it, with folders of this machine in place of the container's."""
    settings = {
        name: value or ""
        for name, value in dotenv_values(DEPLOY / "clusterlotse.env").items()
        if name not in SHARED
    }
    places = {"/documents": fill(tmp_path / "documents", LIBRARY), "/data": tmp_path / "data"}
    more = {name: str(places.get(value, value)) for name, value in settings.items()}
    with serving(tmp_path, *COMPOSE["services"]["app"]["command"], more=more) as server:
        for path in ("/healthz", "/readyz", "/metrics"):
            forwarded = urllib.request.Request(f"{server.url}{path}", headers={"Via": "1.1 web"})
            with urllib.request.urlopen(forwarded, timeout=20) as response:
                assert response.status == 200
        _, errors = server.end()
    lines = [json.loads(line) for line in errors.splitlines() if line.startswith("{")]
    assert {line["area"] for line in lines if "area" in line} == {"healthz", "readyz", "metrics"}


def test_the_proxy_takes_its_file(tmp_path: Path) -> None:
    nginx = shutil.which("nginx", path="/usr/sbin:/usr/bin")
    assert nginx, "nginx-light is installed"
    site = (DEPLOY / "nginx.conf").read_text("utf-8").replace("app:7860", "127.0.0.1:7860")
    temporary = "".join(
        f"{name}_temp_path {tmp_path};"
        for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    whole = f"pid {tmp_path}/pid; events {{}} http {{ {temporary} {site} }}"
    (tmp_path / "nginx.conf").write_text(whole, "utf-8")
    command = [nginx, "-t", "-q", "-c", str(tmp_path / "nginx.conf"), "-e", str(tmp_path / "log")]
    tried = subprocess.run(command, capture_output=True, text=True)
    assert tried.returncode == 0, tried.stderr


# Kubernetes

MODELS = {
    "ConfigMap": "V1ConfigMap",
    "Deployment": "V1Deployment",
    "NetworkPolicy": "V1NetworkPolicy",
    "PersistentVolumeClaim": "V1PersistentVolumeClaim",
    "PodDisruptionBudget": "V1PodDisruptionBudget",
    "Service": "V1Service",
    "StatefulSet": "V1StatefulSet",
}


@pytest.mark.parametrize(
    "manifest", MANIFESTS, ids=lambda each: f"{each['kind']} {each['metadata']['name']}"
)
def test_a_manifest_has_the_fields_of_its_kind(manifest: dict[str, Any]) -> None:
    assert _unknown(manifest, MODELS[manifest["kind"]], manifest["kind"]) == []


def _unknown(value: Any, kind: str, where: str) -> list[str]:
    """What Kubernetes' own description of a kind does not have, or has to have and is missing."""
    many = re.fullmatch(r"list\[(.*)\]", kind)
    if many:
        return [wrong for each in value for wrong in _unknown(each, many[1], where)]
    model = getattr(kubernetes.client, kind, None)
    if model is None:
        return []
    fields = {theirs: model.openapi_types[ours] for ours, theirs in model.attribute_map.items()}
    wrong = [f"{where}.{name}" for name in value.keys() - fields.keys()]
    for name in value.keys() & fields.keys():
        wrong += _unknown(value[name], fields[name], f"{where}.{name}")
    return wrong


def _pods() -> Iterator[dict[str, Any]]:
    for manifest in MANIFESTS:
        if manifest["kind"] in ("Deployment", "StatefulSet"):
            yield manifest["spec"]["template"]["spec"]


def test_no_pod_runs_as_root_or_without_bounds() -> None:
    pods = list(_pods())
    assert len(pods) == 3
    for pod in pods:
        assert pod["securityContext"]["runAsNonRoot"] is True
        assert pod["automountServiceAccountToken"] is False
        for container in pod["containers"]:
            assert container["resources"]["limits"]["memory"]
            assert container["resources"]["requests"].keys() == {"cpu", "memory"}
            assert container["securityContext"]["allowPrivilegeEscalation"] is False


def test_what_selects_pods_selects_some() -> None:
    labels = [
        manifest["spec"]["template"]["metadata"]["labels"].items()
        for manifest in MANIFESTS
        if manifest["kind"] in ("Deployment", "StatefulSet")
    ]
    for manifest in MANIFESTS:
        for selector in _values(manifest, "matchLabels"):
            assert any(selector.items() <= each for each in labels), manifest["metadata"]
        if manifest["kind"] == "Service":
            assert any(manifest["spec"]["selector"].items() <= each for each in labels)


def test_volumes_and_probes_of_a_pod_lead_somewhere() -> None:
    for pod in _pods():
        for container in pod["containers"]:
            ports = {port["name"] for port in container.get("ports", [])}
            assert set(_values(container, "port")) <= ports
            mounted = {mount["name"] for mount in container["volumeMounts"]}
            volumes = {volume["name"] for volume in pod.get("volumes", [])} | {"data"}
            assert mounted <= volumes
