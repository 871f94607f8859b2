"""The visit file as text: its questions, and how an answer is written into it.

The template is the one list of questions: the comment above a key is the question, in
both languages, and the key's type says which answers there are. An answer replaces the
line of its key, so that comments and everything else in the file stay as they are.
"""

from __future__ import annotations

import dataclasses
import json
import re
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any, Literal, get_args, get_origin
from typing import get_type_hints as type_hints

from gaitkit.errors import InputError
from gaitkit.io.toml_lines import HEADER, KEY
from gaitkit.io.visit import VisitTable
from gaitkit.model.annotations import without_none

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gaitkit.model.text import Language

Shape = Literal["choice", "choices", "number", "flag", "date", "text", "texts"]

ASKED = (
    "subject", "intake", "examination.left.pulses", "examination.left.alarm",
    "examination.left.hip", "examination.right.pulses", "examination.right.alarm",
    "examination.right.hip", "examination.inspection", "examination.palpation",
    "examination.function", "follow_up",
)  # fmt: skip
"""Tables, with those inside them, that an interview goes through; lists of readings
are in `gaitkit.io.visit_readings`."""

YES, NO = ("y", "yes", "j", "ja", "true"), ("n", "no", "nee", "false")
UNSURE = ("?", "unsure", "weet niet", "weet ik niet", "dont know", "don't know")
"""Words that people type for yes, no and not knowing."""


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
