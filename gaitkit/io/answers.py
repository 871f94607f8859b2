"""What an answer of an interview writes into the visit file.

One line may answer more than it was asked for: ``38 / 40`` the left foot and the right
one, ``been links`` a place and its side, ``1 1 0`` three items of the FPI-6. A reading
of a list is one line whose parts stand in any order.
"""

from __future__ import annotations

import dataclasses
import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from gaitkit.errors import InputError
from gaitkit.io.interview import (
    FLAG,
    KINDS,
    LEFT,
    RIGHT,
    day_of_visit,
    kind_at,
    of_foot,
    script,
    shown,
    today,
    twin_of,
    type_at,
)
from gaitkit.io.typed import (
    choice_of,
    choices_of,
    day_of,
    number_of,
    plain,
    refuse,
)
from gaitkit.io.visit_checks import limits_of
from gaitkit.io.visit_text import answers_in
from gaitkit.model.text import Text
from gaitkit.model.visit import FPI_ITEMS

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from gaitkit.io.interview import Answers, Kind, Question
    from gaitkit.model.text import Language

BEYOND = Text(
    nl="'{typed}' is begrepen als {value}; mogelijk: {low} tot {high}.",
    en="'{typed}' was understood as {value}; possible: {low} to {high}.",
)
IN_FUTURE = Text(
    nl="'{typed}' is begrepen als {value}; die dag moet nog komen.",
    en="'{typed}' was understood as {value}; that day has still to come.",
)
NOT_SIX = Text(
    nl="'{typed}' is niet herkend; mogelijk: een totaal zoals 7, zes items zoals "
    "1 1 0 1 2 0 met ? voor wat niet gezien is, of items.",
    en="'{typed}' was not understood; possible: a total such as 7, six items such as "
    "1 1 0 1 2 0 with ? for what was not seen, or items.",
)
NOT_A_READING = Text(
    nl="'{typed}': {lacking} ontbreekt of is niet herkend; typ het zoals {example}.",
    en="'{typed}': {lacking} is missing or was not understood; type it as {example}.",
)
PARTS = {
    "side": Text(nl="de kant", en="the side"),
    "given": Text(nl="wat gegeven is", en="what was given"),
    "start": Text(nl="de dag", en="the day"),
    "taken_on": Text(nl="de dag", en="the day"),
    "length_mm": Text(nl="de lengte in mm", en="the length in mm"),
    "height_mm": Text(nl="de hoogte in mm", en="the height in mm"),
    "difference_mm": Text(nl="het verschil in mm", en="the difference in mm"),
    "method": Text(nl="de soort", en="the kind"),
    "cause": Text(nl="de oorzaak", en="the cause"),
    "kind": Text(
        nl="pijn, activiteit of deelname", en="pain, activity or participation"
    ),
    "text": Text(nl="het doel in woorden", en="the goal in words"),
    "instrument": Text(nl="de vragenlijst", en="the questionnaire"),
    "score": Text(nl="de score", en="the score"),
}
"""What the parts of a reading are called when one lacks."""

NOT_SEEN = frozenset({"?", "-", "x", "nvt"})
"""An item of the FPI-6 that was not seen."""

DAY_IN_LINE = re.compile(
    r"(?<![\d.,])(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}"
    r"|\d{1,2}\s+[a-zA-Z]{3,9}\.?\s+\d{4}|vandaag|today|gisteren|yesterday)(?![\d])"
)
NUMBER_IN_LINE = re.compile(r"(?<![\w-])[+-]?\d+(?:[.,]\d+)?(?:\s*(?:mm|cm))?(?![\w])")


def answers_of(question: Question, typed: str, text: str) -> Answers:
    """Return what was typed as values by the path of their key.

    Parameters
    ----------
    question : Question
        What was asked. ``38 / 40`` to a question about the left foot answers the right
        one too; ``been links`` to where it hurts answers on which side.
    typed : str
        The answer.
    text : str
        The visit file as it is; scores carry the day of the visit.

    Returns
    -------
    dict
        Empty when the answer is that it was not examined.

    Raises
    ------
    InputError
        If it is no answer to that question; the message says in one line what is.
    """
    twin = twin_of(question.path)
    halves = [half for half in typed.split("/") if half.strip()]
    if twin is None or len(halves) != len(KINDS):
        return _one(question, typed, text)
    left, right = halves
    other = dataclasses.replace(question, path=twin)
    return {**_one(question, left, text), **_one(other, right, text)}


def answers_all_no(question: Question, asked: Iterable[Question]) -> Answers:
    """Return a no to each question that is still to be asked in the same table."""
    table = of_foot(question.table)
    if table not in script()["all_no"]:
        return {}
    never = set(script()["never_all_no"])
    return {
        each.path: "no"
        for each in asked
        if of_foot(each.table) == table
        and "no" in each.choices
        and each.key not in never
    }


def missing_items(text: str) -> dict[str, tuple[str, ...]]:
    """Return the items of the FPI-6 that lack, by table, where some were filled in."""
    known = answers_in(text)
    found = {}
    for foot in (LEFT, RIGHT):
        table = f"{foot}foot_posture"
        open_ = tuple(name for name in FPI_ITEMS if f"{table}.{name}" not in known)
        if 0 < len(open_) < len(FPI_ITEMS) and f"{table}.total" not in known:
            found[table] = open_
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedReading:
    """One list of the visit file, and what is typed for an entry.

    Attributes
    ----------
    table : str
        Path of the list.
    question, example : Text
        What is asked, and one entry as typed.
    needs, may : tuple of str
        Keys that an entry must and may have.
    control : bool
        True for what is asked at an evaluation alone, before all else.
    """

    table: str
    question: Text
    example: Text
    needs: tuple[str, ...]
    may: tuple[str, ...] = ()
    control: bool = False


@cache
def readings() -> tuple[ListedReading, ...]:
    """Return the lists that an interview asks for, one entry after the other."""
    return tuple(
        ListedReading(
            table=entry["table"],
            question=Text(**entry["question"]),
            example=Text(**entry["example"]),
            needs=tuple(entry["needs"]),
            may=tuple(entry.get("may", ())),
            control=entry.get("control", False),
        )
        for entry in script()["reading"]
    )


def entry_of(reading: ListedReading, typed: str, language: Language) -> Answers:
    """Return one entry of a list from a line; its parts stand in any order.

    Raises
    ------
    InputError
        If a part that an entry needs is not there; the message shows an example.
    """
    wanted = (*reading.needs, *reading.may)
    kinds = {key: kind_at(f"{reading.table}.{key}") for key in wanted}
    found: Answers = {}
    rest = typed.strip()
    for key in _of_shape(kinds, "date"):
        rest, found[key] = _day_in(rest, language)
    undated = rest
    for key in _of_shape(kinds, "number"):
        rest, found[key] = _number_in(rest, key, language)
    for key in sorted(_of_shape(kinds, "choice"), key=lambda each: each != "side"):
        rest, found[key] = _choice_in(rest, key, kinds[key][1])
    own_words = {"given": undated, "text": rest}
    free = next((key for key in own_words if key in wanted), None)
    if free is not None:
        found[free] = own_words[free]
    elif rest:  # a word that is nothing of it
        found = dict.fromkeys(wanted)
    lacking = [key for key in reading.needs if found[key] in (None, "")]
    if lacking:
        raise refuse(
            NOT_A_READING,
            language,
            typed=typed,
            lacking=PARTS[lacking[0]],
            example=reading.example,
        )
    return {key: found[key] for key in wanted if found[key] is not None}


def _of_shape(kinds: dict[str, Kind], shape: str) -> list[str]:
    return [key for key, (each, _) in kinds.items() if each == shape]


def _one(question: Question, typed: str, text: str) -> Answers:
    """Return what an answer to one question writes."""
    side = script()["side_of"].get(question.path)
    if side is not None:
        return _placed(question, typed, side)
    match question.shape:
        case "score":
            return _score(question, typed, text)
        case "posture":
            return _posture(question, typed)
    return {question.path: _value(question, typed)}


def _value(question: Question, typed: str) -> object:
    """Return the value of an answer that stands alone."""
    key, choices, language = question.key, question.choices, question.language
    match question.shape:
        case "choice":
            return choice_of(key, choices, typed, language)
        case "choices":
            return choices_of(key, choices, typed, language)
        case "texts":
            return tuple(word for each in typed.split(",") if (word := each.strip()))
        case "flag":
            return _flag(key, typed, language)
        case "number":
            value = number_of(key, typed, language)
            whole = value.is_integer() and type_at(question.path) is int
            return _within(
                question, question.path, int(value) if whole else value, typed
            )
        case "date":
            return _past_day(question, typed)
    return typed.strip()


def _past_day(question: Question, typed: str) -> date:
    day = day_of(typed, question.language, today=today())
    if day > today():
        value = shown(question.key, day, question.language)
        raise refuse(IN_FUTURE, question.language, typed=typed, value=value)
    return day


def _placed(question: Question, typed: str, side_path: str) -> Answers:
    """Return a place, and the side that was typed with it."""
    words = typed.replace(",", " , ").split()
    sides = kind_at(side_path)[1]
    said: list[str] = []
    rest: list[str] = []
    for word in words:
        side = _exact(word, side_path.rpartition(".")[2], ("left", "right"))
        (said if side else rest).append(side or word)
    alone = " ".join(rest)
    read = choices_of if question.shape == "choices" else choice_of
    if not said or not rest:
        value: object = read(question.key, question.choices, typed, question.language)
        return {question.path: value}
    alone = re.sub(r"\s+(?:en|and|\+|/)$", "", alone.replace(" ,", ",").strip(" ,"))
    value = read(question.key, question.choices, alone, question.language)
    which = said[0] if len(set(said)) == 1 else "both"
    return {question.path: value, **({side_path: which} if which in sides else {})}


def _score(question: Question, typed: str, text: str) -> Answers:
    """Return a score of today as an entry of the list of questionnaires."""
    most = float(script()["score"][question.key]["most"])
    value = number_of(question.key, typed, question.language, most=most)
    if not 0 <= value <= most:
        raise refuse(
            BEYOND, question.language, typed=typed, value=value, low=0.0, high=most
        )
    day = day_of_visit(answers_in(text))
    return {
        question.path: {"instrument": question.key, "score": value, "taken_on": day}
    }


def _posture(question: Question, typed: str) -> Answers:
    """Return items of the FPI-6, or its total; a question mark was not seen."""
    words = [
        word
        for word in typed.replace(",", " ").replace(";", " ").split()
        if plain(word) not in {"totaal", "total"}
    ]
    numbers = [
        None if plain(word) in NOT_SEEN else _item(question, word) for word in words
    ]
    alone = len(numbers) == 1
    if not any(number is not None for number in numbers) or len(numbers) > len(
        FPI_ITEMS
    ):
        raise refuse(NOT_SIX, question.language, typed=typed)
    names = ("total",) if alone else tuple(FPI_ITEMS)
    found = {
        f"{question.path}.{name}": number
        for name, number in zip(names, numbers, strict=False)
        if number is not None
    }
    return {
        path: _within(question, path, number, typed) for path, number in found.items()
    }


def _item(question: Question, word: str) -> int:
    """Return a whole number.

    Raises
    ------
    InputError
        If it is none.
    """
    bare = word.replace("−", "-")
    if not re.fullmatch(r"[+-]?\d{1,2}", bare):
        raise refuse(NOT_SIX, question.language, typed=word)
    return int(bare)


def _within(question: Question, path: str, value: float, typed: str) -> float:
    """Return a number that its key can have.

    Raises
    ------
    InputError
        If it lies outside what there can be; with what was understood.
    """
    limits = limits_of(path)
    if limits is not None and not limits.low <= value <= limits.high:
        raise refuse(
            BEYOND,
            question.language,
            typed=typed,
            value=float(value),
            low=float(limits.low),
            high=float(limits.high),
        )
    return value


def _flag(key: str, typed: str, language: Language) -> bool:
    word = choice_of(key, (*FLAG, "yes", "no"), typed, language)
    return word in {"true", "yes"}


def _day_in(line: str, language: Language) -> tuple[str, date | None]:
    match = DAY_IN_LINE.search(line)
    if match is None:
        return line, None
    return _cut(line, match), day_of(match[0], language, today=today())


def _number_in(line: str, key: str, language: Language) -> tuple[str, float | None]:
    """Return the last number of a line, and the line without it."""
    matches = list(NUMBER_IN_LINE.finditer(line))
    if not matches:
        return line, None
    return _cut(line, matches[-1]), number_of(key, matches[-1][0], language)


def _choice_in(line: str, key: str, choices: tuple[str, ...]) -> tuple[str, str | None]:
    """Return the answer that the most words in a row are, and the line without them."""
    words = line.split()
    for count in range(len(words), 0, -1):
        for at in range(len(words) - count + 1):
            found = _exact(" ".join(words[at : at + count]), key, choices)
            if found is not None:
                return " ".join(words[:at] + words[at + count :]), found
    return line, None


def _exact(words: str, key: str, choices: tuple[str, ...]) -> str | None:
    """Return the answer that words are in full, or None."""
    try:
        return choice_of(key, choices, words, "en", whole=True)
    except InputError:
        return None


def _cut(line: str, match: re.Match[str]) -> str:
    return " ".join(f"{line[: match.start()]} {line[match.end() :]}".split())
