"""An interview: the questions of a visit, and in which order they are asked.

The template of the visit file is the one list of questions: the comment above a key is
the question, in both languages, and the key's type says which answers there are.
``interview.toml`` says in which order they are asked and which only make sense after
another answer. What is typed is understood by `gaitkit.io.typed`; what it writes into
the file says `gaitkit.io.answers`.
"""

from __future__ import annotations

import dataclasses
import re
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any, Literal, get_args, get_origin
from typing import get_type_hints as type_hints

from gaitkit.doors import HEADER, KEY, shipped_table
from gaitkit.io.typed import shown_word
from gaitkit.io.visit import VisitTable
from gaitkit.io.visit_text import answers_in
from gaitkit.model.text import Language, Text, without_none
from gaitkit.model.visit import FPI_ITEMS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping


Shape = Literal[
    "choice", "choices", "number", "flag", "date", "text", "texts", "score", "posture"
]
Kind = tuple[Shape | None, tuple[str, ...]]
"""What kind of answer a key takes, and which there are."""

Answers = dict[str, object]
"""What an answer writes: values by the path of their key."""

VISIT_KIND = "visit_kind"
KINDS = ("first", "control")
LEFT, RIGHT = "examination.left.", "examination.right."
LEFT_FOOT, RIGHT_FOOT = LEFT.rstrip("."), RIGHT.rstrip(".")
FLAG = ("true", "false")
ANY_ANSWER = "*"
SCORES = "proms."
SENTENCE_END = re.compile(r"[.:;]\s|[.:;]?$")

PREFIX = {
    LEFT: Text(nl="Links", en="Left"),
    RIGHT: Text(nl="Rechts", en="Right"),
}
NAMES_A_SIDE = re.compile(r"linker|rechter|\b(?:left|right)\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One key of the visit file as a question.

    Attributes
    ----------
    path : str
        Where the answer stands.
    text : str
        The question, in one language.
    language : {"nl", "en"}
        Which.
    shape : str
        What kind of answer it takes.
    choices : tuple of str
        Answers that exist; empty when any goes.
    heading : str
        What the table is about.
    """

    path: str
    text: str
    language: Language
    shape: Shape
    choices: tuple[str, ...] = ()
    heading: str = ""

    @property
    def key(self) -> str:
        """Last part of the path."""
        return self.path.rpartition(".")[2]

    @property
    def table(self) -> str:
        """Path of the table; empty at the top of the file."""
        return self.path.rpartition(".")[0]

    @property
    def hint(self) -> str:
        """Answers that exist, as they are called in the language."""
        named = FLAG if self.shape == "flag" else self.choices
        return ", ".join(
            shown_word(self.key, each, self.language)
            for each in named
            if each != "not_asked"
        )


def shown(key: str, value: object, language: Language) -> str:
    """Return an answer as it is called in a language."""
    match value:
        case tuple() | list():
            return ", ".join(shown(key, each, language) for each in value)
        case date():
            return value.strftime("%d-%m-%Y")
        case bool():
            return shown_word(key, FLAG[not value], language)
        case int() | float():
            return f"{value:g}".replace(".", "," if language == "nl" else ".")
        case str():
            return shown_word(key, value, language)
    return str(value)


@cache
def questions(language: Language) -> tuple[Question, ...]:
    """Return every question of an interview in the order in which it is asked.

    Parameters
    ----------
    language : {"nl", "en"}
        Of the questions; the keys are the same in both.
    """
    every = {each.path: each for each in (*_extra(language), *_of_template(language))}
    ordered: dict[str, Question] = {}
    for name in script()["order"]:
        for path, question in every.items():
            if name in {path, question.table}:
                ordered.setdefault(path, question)
                twin = twin_of(path)
                if twin in every:
                    ordered.setdefault(twin, every[twin])
    return tuple(ordered.values())


def kind_question(language: Language) -> Question:
    """Return the question whether this is a first visit or an evaluation."""
    text = str(script()["kind"][language])
    return Question(
        path=VISIT_KIND, text=text, language=language, shape="choice", choices=KINDS
    )


def twin_of(path: str) -> str | None:
    """Return the same question about the right foot; None where there is none."""
    return RIGHT + path.removeprefix(LEFT) if path.startswith(LEFT) else None


def is_control(text: str) -> bool:
    """Tell whether a visit file is about an evaluation: something was given before."""
    known = answers_in(text)
    told = any(path.startswith("follow_up.") for path in known)
    return told or "therapy" in known


def open_questions(
    asked: Iterable[Question], text: str, *, kind: str, opened: frozenset[str]
) -> list[Question]:
    """Return the questions that are still to be asked, by what is known now.

    Parameters
    ----------
    asked : iterable of Question
        All of them, in order.
    text : str
        The visit file as it is.
    kind : {"first", "control"}
        Of this visit.
    opened : frozenset of str
        Tables whose items are wanted one by one.
    """
    known: Answers = {**answers_in(text), VISIT_KIND: kind}
    scored = {
        f"{SCORES}{each['instrument']}"
        for each in _entries(known.get("proms"))
        if each.get("taken_on") == day_of_visit(known)
    }
    return [
        each
        for each in asked
        if each.path not in known
        and each.path not in scored
        and _posture_fits(each, known, opened)
        and all(_is_wanted(each.path, rule, known) for rule in script()["when"])
    ]


def of_foot(table: str) -> str:
    """Return the table about the left foot for one about either."""
    return table.replace(RIGHT_FOOT, LEFT_FOOT)


def _is_wanted(path: str, rule: Mapping[str, Any], known: Answers) -> bool:
    if not any(path == name or path.startswith(f"{name}.") for name in rule["ask"]):
        return True
    only, unless = rule.get("only", {}), rule.get("unless", {})
    if only and not any(_told(known.get(name), each) for name, each in only.items()):
        return False
    kept = [_told(known.get(name), each) for name, each in unless.items()]
    return not (kept and all(kept))


def _told(value: object, wanted: list[str]) -> bool:
    return value is not None and (wanted == [ANY_ANSWER] or value in wanted)


def _posture_fits(question: Question, known: Answers, opened: frozenset[str]) -> bool:
    """Tell whether a question about the FPI-6 is one: whole first, then what lacks."""
    table = question.path if question.shape == "posture" else question.table
    if not table.endswith(".foot_posture"):
        return True
    begun = any(f"{table}.{name}" in known for name in (*FPI_ITEMS, "total"))
    if question.shape == "posture":
        return not begun and table not in opened
    whole = f"{table}.total" in known
    return question.key != "total" and not whole and (begun or table in opened)


def _entries(value: object) -> list[dict[str, object]]:
    """Return a list of tables; one table may stand for a list of one."""
    if isinstance(value, list):
        return [each for each in value if isinstance(each, dict)]
    return []


def day_of_visit(known: Mapping[str, object]) -> date:
    """Return the day of the visit; today where it is not known."""
    day = known.get("visited_on")
    return day if isinstance(day, date) else today()


def today() -> date:
    """Return the day on this computer."""
    return datetime.now().astimezone().date()


@cache
def script() -> dict[str, Any]:
    """Return what ``interview.toml`` says."""
    return shipped_table("gaitkit.io", "interview.toml")


def _extra(language: Language) -> Iterator[Question]:
    """Yield the questions that are no key of the file: scores, and the FPI-6 whole."""
    for name, entry in script()["score"].items():
        path = f"{SCORES}{name}"
        yield Question(
            path=path, text=entry[language], language=language, shape="score"
        )
    for foot, side in PREFIX.items():
        text = f"{side.of(language)}. {script()['posture'][language]}"
        path = f"{foot}foot_posture"
        yield Question(path=path, text=text, language=language, shape="posture")


def _of_template(language: Language) -> Iterator[Question]:
    file = resources.files("gaitkit.io") / "templates" / f"visit_{language}.toml"
    table, heading = "", ""
    comment: list[str] = []
    for line in file.read_text(encoding="utf-8").splitlines():
        bare = line.removeprefix("#")
        header, key = HEADER.match(bare), KEY.match(bare)
        if header:
            table = "-" if header[1] == "[[" else header[2].strip()
            own = script()["heading"].get(of_foot(table))
            heading = own[language] if own else _first_sentence(" ".join(comment))
            comment = []
        elif key and not line.startswith("# "):
            question = _question(f"{table}.{key[1]}" if table else key[1], language)
            if question is not None:
                text = _worded(question, " ".join(comment))
                yield dataclasses.replace(question, text=text, heading=heading)
            comment = []
        elif line.startswith("# "):
            comment.append(line[2:])
        else:
            comment = []


def _question(path: str, language: Language) -> Question | None:
    shape, choices = kind_at(path)
    if shape is None:
        return None
    return Question(path=path, text="", language=language, shape=shape, choices=choices)


def _worded(question: Question, comment: str) -> str:
    """Return a comment as a question: without the answers as the file writes them."""
    text = comment
    for mark in re.finditer(r":\s", comment):
        after = comment[mark.end() :]
        named = FLAG if question.shape == "flag" else question.choices
        if any(re.search(rf"\b{re.escape(each)}\b", after) for each in named) or any(
            words in after for words in script()["answers_elsewhere"]
        ):
            text = comment[: mark.start()]
            break
    text = text.rstrip(".")
    side = next(
        (s for foot, s in PREFIX.items() if question.path.startswith(foot)), None
    )
    if side is None or NAMES_A_SIDE.search(text):
        return text
    return f"{side.of(question.language)}. {text}"


def _first_sentence(comment: str) -> str:
    end = SENTENCE_END.search(comment)
    return comment if end is None else comment[: end.start()]


def kind_at(path: str) -> Kind:
    """Return what kind of answer a key takes; no shape for what is no answer."""
    kind = type_at(path)
    simple: dict[Any, Shape] = {
        bool: "flag", float: "number", int: "number", date: "date", str: "text"
    }  # fmt: skip
    if kind in simple:
        return simple[kind], ()
    if get_origin(kind) is Literal:
        return "choice", get_args(kind)
    if isinstance(kind, type) and issubclass(kind, str):
        return "choice", tuple(str(member) for member in kind)  # type: ignore[attr-defined]
    if get_origin(kind) is tuple:
        inner = get_args(kind)[0]
        if get_origin(inner) is Literal:
            return "choices", get_args(inner)
        return ("texts", ()) if inner is str else (None, ())
    return None, ()


def type_at(path: str) -> Any:  # noqa: ANN401 - a type
    """Return the type of a key; None where there is none."""
    kind: Any = VisitTable
    for part in path.split("."):
        if get_origin(kind) is tuple:
            kind = get_args(kind)[0]
        if not dataclasses.is_dataclass(kind):
            return None
        kind = without_none(type_hints(kind).get(part))
    return kind
