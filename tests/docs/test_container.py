"""The image, the compose file and the configuration agree with each other."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from fnmatch import fnmatch
from pathlib import Path, PurePosixPath
from typing import Any

import pytest
from ruamel.yaml import YAML

from connector.app import health
from connector.settings import Listen, Settings, load_settings

_ROOT = Path(__file__).parents[2]
_DOCKERFILE = (_ROOT / "Dockerfile").read_text(encoding="utf-8")
_SERVICE: dict[str, Any] = YAML(typ="safe").load(_ROOT / "compose.yaml")["services"]["maan"]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    (tmp_path / "config").mkdir()
    config = tmp_path / "config" / "maan.yaml"
    config.write_bytes((_ROOT / "config" / "maan.yaml").read_bytes())
    return load_settings(config, {})


def _mounts() -> dict[str, str]:
    """Return the way of each mounted folder, `ro` or `rw`, by its first name under the root."""
    parts = [volume.split(":") for volume in _SERVICE["volumes"]]
    return {target.strip("/"): way[0] if way else "rw" for _, target, *way in parts}


def _health_command() -> list[str]:
    (found,) = re.findall(r"^HEALTHCHECK.*\\\n\s+CMD (\[.*\])$", _DOCKERFILE, re.MULTILINE)
    command: list[str] = json.loads(found)
    return command


@contextmanager
def _sidecar(*, healthy: bool) -> Iterator[int]:
    with health.serve(Listen("127.0.0.1", 0), lambda: (healthy, {"ok": healthy})) as port:
        yield port


def _ask(port: int, **environ: str) -> int:
    words = [word.replace("8600", str(port)) for word in _health_command()]
    done = subprocess.run(
        [sys.executable, *words[1:]],
        capture_output=True,
        check=False,
        env={**os.environ, **environ},  # noqa: TID251  # the image's own environment is added to it
    )
    return done.returncode


def test_what_the_image_is_made_of_is_there_and_is_not_ignored() -> None:
    copied = {
        name
        for line in re.findall(r"^COPY (?!--from)(.+)$", _DOCKERFILE, re.MULTILINE)
        for name in line.split()[:-1]
    }
    ignore = (_ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    let_through = {line[1:] for line in ignore if line.startswith("!")}

    assert all((_ROOT / name).exists() for name in copied)
    assert "*" in ignore
    assert copied == let_through


def test_tests_and_working_folders_stay_out_of_the_image() -> None:
    ignore = (_ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    let_through = [line[1:] for line in ignore if line.startswith("!")]

    kept_out = ("tests", ".git", ".venv", "data", "outbox", "books", ".env")
    assert [name for name in kept_out if any(fnmatch(name, one) for one in let_through)] == []


def test_the_health_check_asks_where_the_sidecar_answers(settings: Settings) -> None:
    assert f"'{settings.web.listen.host}', {settings.web.listen.port}," in _health_command()[-1]


@pytest.mark.parametrize(("healthy", "code"), [(True, 0), (False, 1)])
def test_the_health_check_says_what_the_sidecar_says(healthy: bool, code: int) -> None:
    with _sidecar(healthy=healthy) as port:
        assert _ask(port) == code


def test_the_health_check_fails_when_nobody_answers() -> None:
    with _sidecar(healthy=True) as port:
        pass

    assert _ask(port) != 0


def test_the_health_check_goes_past_a_proxy() -> None:
    with _sidecar(healthy=True) as port:
        assert _ask(port, http_proxy="http://127.0.0.1:9", no_proxy="") == 0


def test_each_folder_of_the_shipped_configuration_is_mounted(settings: Settings) -> None:
    database = Path(settings.store.removeprefix("sqlite:///"))
    written = [database, settings.documents, settings.delivery.post.folder]
    written += [agency.deliver.folder for agency in settings.agencies.values()]
    mounts = _mounts()

    assert {mounts[path.relative_to(settings.root).parts[0]] for path in written} == {"rw"}
    assert {name for name, way in mounts.items() if way == "ro"} == {"config", "books"}


def test_what_is_written_outlives_the_container() -> None:
    (volumes,) = re.findall(r"^VOLUME (\[.*\])$", _DOCKERFILE, re.MULTILINE)

    written = {name for name, way in _mounts().items() if way == "rw"}
    assert {PurePosixPath(path).name for path in json.loads(volumes)} == written


def test_the_secrets_of_the_shipped_configuration_reach_the_container() -> None:
    email = YAML(typ="safe").load(_ROOT / "config" / "maan.yaml")["delivery"]["email"]
    named = {email[key].removeprefix("env:") for key in ("username", "password")}

    assert set(_SERVICE["environment"]) == named


def test_the_container_has_no_rights_it_does_not_need() -> None:
    (user,) = re.findall(r"^USER (\d+):(\d+)$", _DOCKERFILE, re.MULTILINE)

    assert "0" not in user
    assert _SERVICE["user"] == f"${{MAAN_UID:-{user[0]}}}:${{MAAN_GID:-{user[1]}}}"
    assert _SERVICE["read_only"] is True
    assert _SERVICE["tmpfs"] == ["/tmp"]
    assert _SERVICE["cap_drop"] == ["ALL"]
    assert _SERVICE["security_opt"] == ["no-new-privileges:true"]


def test_the_image_is_never_taken_from_a_stranger() -> None:
    assert _SERVICE["image"] == "maan:latest"
    assert _SERVICE["pull_policy"] == "never"


def test_the_image_has_the_python_that_the_project_asks_for() -> None:
    base = re.search(r"python:(\d+)\.(\d+)-slim", _DOCKERFILE)
    project = (_ROOT / "pyproject.toml").read_text(encoding="utf-8")
    asked = re.search(r"^requires-python = \">=(\d+)\.(\d+)\"", project, re.MULTILINE)

    assert base is not None
    assert asked is not None
    assert tuple(map(int, base.groups())) >= tuple(map(int, asked.groups()))
