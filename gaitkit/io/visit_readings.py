"""Readings that a visit file lists, typed as one line: ``left 880``, ``NPRS 6 ...``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Literal, get_args

from gaitkit.errors import InputError
from gaitkit.model.text import Text
from gaitkit.model.visit import Instrument

if TYPE_CHECKING:
    from gaitkit.model.text import Language

Word = Literal["side", "instrument", "number", "date"]

SIDES = {"l": "left", "left": "left", "links": "left",
         "r": "right", "right": "right", "rechts": "right"}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedReading:
    """One list of the visit file, and what is typed for an entry.

    Attributes
    ----------
    table : str
        Path of the list.
    question : Text
        What is asked.
    example : str
        One entry as typed.
    words : tuple of (str, str)
        Key and kind of each word typed, in their order.
    """

    table: str
    question: Text
    example: str
    words: tuple[tuple[str, Word], ...]


READINGS = (
    ListedReading(
        table="examination.tape",
        question=Text(
            nl="Meetlint, SIAS tot malleolus: zijde en mm (leeg: verder)",
            en="Tape, ASIS to malleolus: side and mm (empty: go on)",
        ),
        example="left 880",
        words=(("side", "side"), ("length_mm", "number")),
    ),
    ListedReading(
        table="examination.block_tests",
        question=Text(
            nl="Blokjestest: onder welke voet en mm (leeg: verder)",
            en="Block test: under which foot and mm (empty: go on)",
        ),
        example="right 10",
        words=(("side", "side"), ("height_mm", "number")),
    ),
    ListedReading(
        table="proms",
        question=Text(
            nl="Vragenlijst: naam, score en dag (leeg: verder)",
            en="Questionnaire: name, score and day (empty: go on)",
        ),
        example="NPRS 6 2026-03-20",
        words=(("instrument", "instrument"), ("score", "number"), ("taken_on", "date")),
    ),
)
"""Lists that an interview asks for, one entry after the other."""


def with_reading(text: str, reading: ListedReading, typed: str) -> str:
    """Return the text of a visit file with one reading added at its end.

    Parameters
    ----------
    text : str
        The file; all that is in it stays.
    reading : ListedReading
        Which list.
    typed : str
        As in its example.

    Raises
    ------
    InputError
        If it is no such reading; the message says what is.
    """
    words = typed.split()
    if len(words) != len(reading.words):
        names = ", ".join(key for key, _ in reading.words)
        msg = (
            f"'{reading.table}': expected {names}, such as {reading.example}; got "
            f"{typed!r}; type it like that"
        )
        raise InputError(msg)
    lines = [
        f"{key} = {_value(kind, word, reading)}"
        for (key, kind), word in zip(reading.words, words, strict=True)
    ]
    return "\n".join([text.rstrip("\n"), "", f"[[{reading.table}]]", *lines]) + "\n"


def question_of(reading: ListedReading, language: Language) -> str:
    """Return the question with its example."""
    return f"{reading.question.of(language)} [{reading.example}]"


def _value(kind: Word, word: str, reading: ListedReading) -> str:
    found = _read(kind, word)
    if found is None:
        msg = (
            f"'{reading.table}': {word!r} is no {kind}; type it as in {reading.example}"
        )
        raise InputError(msg)
    return found


def _read(kind: Word, word: str) -> str | None:
    """Return a word as TOML, or None when it is not of that kind."""
    match kind:
        case "side":
            side = SIDES.get(word.lower())
            return f'"{side}"' if side else None
        case "instrument":
            return f'"{word.upper()}"' if word.upper() in get_args(Instrument) else None
        case "number":
            plain = word.replace(",", ".", 1)
            return plain if plain.replace(".", "", 1).isdecimal() else None
        case "date":
            try:
                return date.fromisoformat(word).isoformat()
            except ValueError:
                return None
