"""The visit file as text: its questions, and how an answer is written into it.

The template is the one list of questions: the comment above a key is the question, in
both languages, and the key's type says which answers there are. An answer replaces the
line of its key, so that comments and everything else in the file stay as they are.

A visit as the text of a visit file: only what is known about it.

Readings that a visit file lists, typed as one line: ``left 880``, ``NPRS 6 ...``.
"""

from __future__ import annotations

import dataclasses
import json
import re
from dataclasses import dataclass
from datetime import date
from enum import Enum
from functools import cache
from importlib import resources
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, Literal, get_args, get_origin
from typing import get_type_hints as type_hints

from gaitkit.doors import HEADER, KEY
from gaitkit.errors import InputError
from gaitkit.io.visit import VisitTable
from gaitkit.model.text import Text, without_none
from gaitkit.model.visit import Instrument

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gaitkit.model.text import Language
    from gaitkit.model.visit import Visit

Shape = Literal["choice", "choices", "number", "flag", "date", "text", "texts"]
ASKED = (
    "subject", "intake", "examination.left.pulses", "examination.left.alarm",
    "examination.left.hip", "examination.right.pulses", "examination.right.alarm",
    "examination.right.hip", "examination.inspection", "examination.palpation",
    "examination.function", "follow_up",
)  # fmt: skip
"""Tables, with those inside them, that an interview goes through; lists of readings
are in `gaitkit.io.visit_text`."""

YES, NO = ("y", "yes", "j", "ja", "true"), ("n", "no", "nee", "false")
UNSURE = ("?", "unsure", "weet niet", "weet ik niet", "dont know", "don't know")
"""Words that people type for yes, no and not knowing."""

RENAMED = {"recordings": "recording"}
"""Tables that are called otherwise in the file than in the type."""

Word = Literal["side", "instrument", "number", "date"]
SIDES = {"l": "left", "left": "left", "links": "left",
         "r": "right", "right": "right", "rechts": "right"}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One key of the visit file as a question.

    Attributes
    ----------
    table, key : str
        Where the answer stands; ``table`` is empty at the top of the file.
    text : str
        The question, in one language.
    shape : str
        What kind of answer it takes.
    choices : tuple of str
        Answers that exist; empty when any goes.
    """

    table: str
    key: str
    text: str
    shape: Shape
    choices: tuple[str, ...] = ()

    @property
    def path(self) -> str:
        """Full path of the key."""
        return f"{self.table}.{self.key}" if self.table else self.key


@cache
def questions(language: Language) -> tuple[Question, ...]:
    """Return the questions of an interview in the order of the template.

    Parameters
    ----------
    language : {"nl", "en"}
        Of the questions; the keys are the same in both.
    """
    file = resources.files("gaitkit.io") / "templates" / f"visit_{language}.toml"
    return tuple(_read(file.read_text(encoding="utf-8")))


def toml_value(question: Question, typed: str) -> str:
    """Return what was typed as a TOML value.

    Parameters
    ----------
    question : Question
        What was asked.
    typed : str
        The answer; several choices with commas between them.

    Returns
    -------
    str
        As it stands in the file.

    Raises
    ------
    InputError
        If it is no answer to that question; the message says what is.
    """
    words = [word.strip() for word in typed.split(",") if word.strip()]
    match question.shape:
        case "choice":
            return json.dumps(_choice(question, typed.strip()))
        case "choices":
            return json.dumps([_choice(question, word) for word in words])
        case "texts":
            return json.dumps(words, ensure_ascii=False)
        case "flag":
            return _flag(typed)
        case "number":
            return _number(typed)
        case "date":
            return _date(typed)
        case "text":
            return json.dumps(typed.strip(), ensure_ascii=False)


def answered(text: str) -> frozenset[str]:
    """Return the paths of the keys that a visit file gives, not asked ones left out."""
    found, table = set(), ""
    for line in text.splitlines():
        header, key = HEADER.match(line), KEY.match(line)
        if header:
            table = header[2].strip()
        elif key and "not_asked" not in line.split("#")[0]:
            found.add(f"{table}.{key[1]}" if table else key[1])
    return frozenset(found)


def with_answer(text: str, question: Question, value: str) -> str:
    """Return the text of a visit file with one answer written into it.

    Parameters
    ----------
    text : str
        The file; comments and other keys stay as they are.
    question : Question
        Which key.
    value : str
        From `toml_value`.
    """
    lines = text.splitlines()
    line = f"{question.key} = {value}"
    start, end = _section(lines, question.table)
    if start is None:
        return "\n".join([*lines, "", f"[{question.table}]", line]) + "\n"
    pattern = re.compile(rf"^#?\s*{re.escape(question.key)}\s*=")
    for number in range(start, end):
        if pattern.match(lines[number]):
            lines[number] = line
            break
    else:
        lines.insert(end, line)
    return "\n".join(lines) + "\n"


def _section(lines: list[str], table: str) -> tuple[int | None, int]:
    """Return the first line inside a table and the line after its last."""
    headers = [
        (number, match[2].strip())
        for number, each in enumerate(lines)
        if (match := HEADER.match(each.removeprefix("#")))
    ]
    ends = [number for number, _ in headers] + [len(lines)]
    if not table:
        return 0, ends[0]
    for place, (number, name) in enumerate(headers):
        if name == table and not lines[number].startswith("#"):
            return number + 1, ends[place + 1]
    return None, len(lines)


def _read(text: str) -> Iterator[Question]:
    table = ""
    comment: list[str] = []
    for line in text.splitlines():
        plain = line.removeprefix("#")
        header, key = HEADER.match(plain), KEY.match(plain)
        if header and header[1] == "[[":
            table, comment = "-", []
        elif header:
            table, comment = header[2].strip(), []
        elif key and not line.startswith("# "):
            question = _question(table, key[1], " ".join(comment))
            comment = []
            if question is not None:
                yield question
        elif line.startswith("# "):
            comment.append(line[2:])
        else:
            comment = []


def _question(table: str, key: str, text: str) -> Question | None:
    if not any(table == name or table.startswith(f"{name}.") for name in (*ASKED, "")):
        return None
    if not table and key != "visited_on":
        return None
    kind = _type_of(f"{table}.{key}" if table else key)
    found = None if kind is None else _shape(kind)
    if found is None:
        return None
    shape, choices = found
    return Question(table=table, key=key, text=text, shape=shape, choices=choices)


def _type_of(path: str) -> Any:  # noqa: ANN401 - a type
    kind: Any = VisitTable
    for part in path.split("."):
        if not dataclasses.is_dataclass(kind):
            return None
        kind = without_none(type_hints(kind).get(part))
    return kind


def _shape(kind: Any) -> tuple[Shape, tuple[str, ...]] | None:  # noqa: ANN401
    plain: dict[Any, Shape] = {
        bool: "flag", float: "number", int: "number", date: "date", str: "text"
    }  # fmt: skip
    if kind in plain:
        return plain[kind], ()
    if get_origin(kind) is Literal:
        return "choice", get_args(kind)
    if isinstance(kind, type) and issubclass(kind, str):
        return "choice", tuple(str(member) for member in kind)  # type: ignore[attr-defined]
    if get_origin(kind) is tuple:
        inner = get_args(kind)[0]
        if get_origin(inner) is Literal:
            return "choices", get_args(inner)
        return ("texts", ()) if inner is str else None
    return None


def _choice(question: Question, word: str) -> str:
    lowered = word.lower()
    for meaning, words in (("yes", YES), ("no", NO), ("unsure", UNSURE)):
        if meaning in question.choices and lowered in words:
            return meaning
    if lowered in question.choices:
        return lowered
    near = [choice for choice in question.choices if choice.startswith(lowered)]
    if lowered and len(near) == 1:
        return near[0]
    known = ", ".join(question.choices)
    msg = f"'{question.path}': expected one of {known}; got {word!r}; type one of them"
    raise InputError(msg)


def _flag(typed: str) -> str:
    word = typed.strip().lower()
    if word in (*YES, *NO):
        return "true" if word in YES else "false"
    msg = f"expected yes or no, got {typed!r}; type one of them"
    raise InputError(msg)


def _number(typed: str) -> str:
    try:
        return f"{float(typed.strip().replace(',', '.')):g}"
    except ValueError:
        msg = f"expected a number such as 1.72, got {typed!r}; type a number"
        raise InputError(msg) from None


def _date(typed: str) -> str:
    try:
        return date.fromisoformat(typed.strip()).isoformat()
    except ValueError:
        msg = f"expected a date such as 2026-03-20, got {typed!r}; type it like that"
        raise InputError(msg) from None


def visit_toml(visit: Visit, *, comments: Sequence[str] = ()) -> str:
    """Return a visit as TOML that `gaitkit.io.visit.read_visit` reads back.

    Parameters
    ----------
    visit : Visit
        Files of recordings as they should stand there, beside the visit file.
    comments : sequence of str
        Lines above everything.

    Returns
    -------
    str
        Every answer that differs from "not known"; the rest is left out.
    """
    head = [*(f"# {line}".rstrip() for line in comments), ""] if comments else []
    return "\n".join([*head, *_table(visit, "")]).strip() + "\n"


def _table(value: object, path: str) -> Iterator[str]:
    """Yield the plain keys of a dataclass, then the tables inside it."""
    known = list(_known(value))
    for name, inner in known:
        if not _is_table(inner):
            yield f"{name} = {_literal(inner)}"
    for name, inner in known:
        if _is_table(inner):
            yield from _inner(inner, f"{path}.{name}" if path else name)


def _inner(value: object, path: str) -> Iterator[str]:
    if isinstance(value, tuple):
        for each in value:
            yield from ("", f"[[{path}]]", *_table(each, path))
        return
    lines = list(_table(value, path))
    bare = all(not _is_table(inner) for _, inner in _known(value))
    if bare or (lines and lines[0]):
        yield from ("", f"[{path}]")
    yield from lines


def _known(value: object) -> Iterator[tuple[str, object]]:
    """Yield the fields that differ from their default."""
    for field in dataclasses.fields(value):  # type: ignore[arg-type]
        found = getattr(value, field.name)
        if field.default is not dataclasses.MISSING:
            default = field.default
        elif field.default_factory is not dataclasses.MISSING:
            default = field.default_factory()
        else:
            default = dataclasses.MISSING
        if found != default:
            yield RENAMED.get(field.name, field.name), found


def _is_table(value: object) -> bool:
    if isinstance(value, tuple):
        return bool(value) and dataclasses.is_dataclass(value[0])
    return dataclasses.is_dataclass(value)


def _literal(value: object) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case Enum() | PurePath():
            return json.dumps(str(value), ensure_ascii=False)
        case str():
            return json.dumps(value, ensure_ascii=False)
        case date():
            return value.isoformat()
        case tuple():
            return f"[{', '.join(_literal(each) for each in value)}]"
        case float():
            return f"{value:g}"
        case _:
            return repr(value)


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
    found = _word_as_toml(kind, word)
    if found is None:
        msg = (
            f"'{reading.table}': {word!r} is no {kind}; type it as in {reading.example}"
        )
        raise InputError(msg)
    return found


def _word_as_toml(kind: Word, word: str) -> str | None:
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
