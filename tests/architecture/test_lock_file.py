"""The locked versions hold what pyproject asks for, and nothing of ours."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from packaging.requirements import Requirement
from packaging.version import Version

REPOSITORY = Path(__file__).resolve().parents[2]


def locked() -> dict[str, Version]:
    """Return the version of every locked package."""
    text = (REPOSITORY / "requirements-dev.txt").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    pairs = (line.split("==") for line in lines)
    return {name: Version(version) for name, version in pairs}


def test_every_dependency_is_locked_at_a_version_that_pyproject_takes() -> None:
    table = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))
    project = table["project"]
    extras = project["optional-dependencies"]
    asked = [*project["dependencies"], *extras["dev"], *extras["mediapipe"]]
    pins = locked()
    for line in asked:
        wanted = Requirement(line)
        here = {"platform_machine": "x86_64", "sys_platform": "linux"}
        if wanted.marker is not None and not wanted.marker.evaluate(here):
            continue
        name = re.sub(r"[._]", "-", wanted.name.lower())
        version = pins.get(name, pins.get(wanted.name))
        assert version is not None, f"{line}: not locked; run python3.11 .ci/lock"
        assert wanted.specifier.contains(version), f"{line}: locked at {version}"


def test_the_lock_names_versions_and_no_place() -> None:
    text = (REPOSITORY / "requirements-dev.txt").read_text(encoding="utf-8")
    assert "gaitkit-clinic" not in locked()
    assert not re.search(r"://|--index|@ ", text)
    assert sum(name.startswith("opencv") for name in locked()) == 1
