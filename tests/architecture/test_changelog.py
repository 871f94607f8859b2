"""A release says what it brings in the user's words: sections, one line each."""

from __future__ import annotations

import re
from pathlib import Path

from gaitkit.version import __version__

TEXT = (Path(__file__).resolve().parents[2] / "CHANGELOG.md").read_text("utf-8")
SECTIONS = ["Added", "Changed", "Fixed", "Removed"]


def released() -> dict[str, str]:
    """Return the text of every release by its version."""
    parts = re.split(r"^## (\d+\.\d+\.\d+) \(\d{4}-\d\d-\d\d\)$", TEXT, flags=re.M)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def test_the_version_of_the_package_is_released_or_to_be() -> None:
    versions = list(released())
    assert versions
    assert __version__ in versions or TEXT.index("## Unreleased") < TEXT.index(
        f"## {versions[0]}"
    )


def test_a_release_has_its_sections_and_one_line_a_thing() -> None:
    for version, text in released().items():
        found = re.findall(r"^### (\w+)$", text, flags=re.MULTILINE)
        assert found == [each for each in SECTIONS if each in found], version
        assert found, version
        assert not re.search(r"^- .*\n +\S", text, flags=re.MULTILINE), version
        assert all(len(line) <= 160 for line in text.splitlines()), version
