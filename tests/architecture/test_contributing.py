"""CONTRIBUTING teaches with real paths, and its words are those of the code."""

from __future__ import annotations

import ast
import importlib
import re
from functools import cache
from pathlib import Path

import pytest

from gaitkit.model.catalogue import definitions

REPOSITORY = Path(__file__).resolve().parents[2]
TEXT = (REPOSITORY / "CONTRIBUTING.md").read_text(encoding="utf-8")
ADDED = ("reader", "detector", "measure", "rule", "norm", "language")
MOST_LINES = 15
PLACEHOLDER = "MAKER"
"""In a path: any name, in a folder that is there."""

PATH = re.compile(r"`((?:gaitkit|gaitkit_virtual|tests|benchmarks)/[\w./]+)`")
DOTTED = re.compile(r"`(gaitkit(?:\.\w+)+)`")
GROUPS = {"gaitkit.plate_readers", "gaitkit.formats", "gaitkit.extensions"}
PUBLIC = ("", ".io", ".gait", ".measure", ".norms", ".plots")
ORDINARY = frozenset(
    re.findall(
        r"\w+",
        """
        agreement analyse angle as assess asymmetry at balance changes combine
        comparable compare confidence config correction curve definitions detect
        differences discrete edits error estimate event figures find foot for force
        frame from gait gaitkit identify in
        index input inspect json judge leg length limit load map match measured movement
        names netcdf not npz of origin pain parquet path peak picture place plot profile
        read region register report result sample series settings sheet signal speed
        step stick svg table test time timeline timing to unit value variable version
        video walk why write
        """,
    )
)
"""Words of public names that mean in gait analysis what they mean elsewhere."""


def section(title: str) -> str:
    """Return the text under a heading."""
    return TEXT.split(f"\n## {title}\n", 1)[1].split("\n## ", 1)[0].strip()


def glossary() -> dict[str, tuple[str, ...]]:
    """Return the terms with the words that stand for them no more."""
    rows = re.findall(r"^\| `(\w+)` \|.*\| (.+) \|$", section("Glossary"), re.MULTILINE)
    return {term: tuple(banned.split(", ")) for term, banned in rows}


@cache
def names() -> frozenset[str]:
    """Return every name and every word as data in the code of both packages."""
    found: set[str] = {entry.name for entry in definitions()}
    for package in ("gaitkit", "gaitkit_virtual"):
        for path in (REPOSITORY / package).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.FunctionDef | ast.ClassDef):
                    found.add(node.name)
                elif isinstance(node, ast.Name):
                    found.add(node.id)
                elif isinstance(node, ast.arg):
                    found.add(node.arg)
                elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                    found.add(node.value)
    return frozenset(found)


def words_of(name: str) -> list[str]:
    """Return the words of a name, in small letters and in the singular."""
    words = re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", name)
    return [word.lower() for word in words]


@pytest.mark.parametrize("what", ADDED)
def test_what_one_can_add_is_told_in_fifteen_lines_with_paths_that_exist(
    what: str,
) -> None:
    text = section(f"Add a {what}")
    assert len(text.splitlines()) <= MOST_LINES
    paths = PATH.findall(text)
    assert len(paths) >= 3
    for path in paths:
        place = REPOSITORY / path
        found = place.parent.is_dir() if PLACEHOLDER in path else place.exists()
        assert found, path
    for dotted in set(DOTTED.findall(text)) - GROUPS:
        module, _, name = dotted.rpartition(".")
        assert hasattr(importlib.import_module(module), name), dotted


def test_every_term_of_the_glossary_stands_in_the_code() -> None:
    spoken = {word for name in names() for word in (name, *words_of(name))}
    assert len(glossary()) >= 30
    assert [term for term in glossary() if term not in spoken] == []


def test_every_word_of_a_public_name_is_in_the_glossary_or_ordinary() -> None:
    known = {part for term in glossary() for part in (term, *term.split("_"))}
    known |= ORDINARY | {f"{word}s" for word in known | ORDINARY}
    unknown = {
        (word, name)
        for package in PUBLIC
        for name in importlib.import_module(f"gaitkit{package}").__all__
        for word in words_of(name)
        if word not in known
    }
    assert unknown == set()


def test_a_word_that_is_out_of_use_names_nothing() -> None:
    """Those of several words and with an underscore; plain English words are free."""
    banned = {word for words in glossary().values() for word in words if "_" in word}
    assert {"heel_strike", "toe_off"} <= banned
    parts = {(name, word) for name in defined() for word in banned if word in name}
    assert parts == set()


def defined() -> set[str]:
    """Return the functions and classes of the product outside ``io``.

    The words of other people's files are translated there, and only there.
    """
    return {
        node.name
        for path in (REPOSITORY / "gaitkit").rglob("*.py")
        if (REPOSITORY / "gaitkit" / "io") not in path.parents
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
    }
