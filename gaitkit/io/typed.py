"""What people type for an answer, understood: words, days and numbers.

Dutch and English are understood side by side, whichever language was asked in. What is
not understood is refused with what would have been, in one line; nothing is guessed: a
word that fits two answers, a month without its day and a day without its year are no
answers.
"""

from __future__ import annotations

import calendar
import difflib
import re
import unicodedata
from datetime import date, timedelta
from functools import cache
from typing import TYPE_CHECKING

from gaitkit.doors import shipped_table
from gaitkit.errors import InputError
from gaitkit.model.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from gaitkit.model.text import Language

BETWEEN = re.compile(r"\s*[,;&+/]\s*|\s+(?:en|and)\s+")
"""Between several answers in one line."""

NUMBER = re.compile(r"([+-]?\d+(?:[.,]\d+)?)\s*([^\d\s]*)")
METRES_AND_CENTIMETRES = re.compile(r"(\d)\s*m\s*(\d{2})")
OF_MOST = re.compile(r"(\d+(?:[.,]\d+)?)\s*/\s*(\d+)")
"""``38``, ``1,72 m`` and ``172 cm``; ``1 m 72``; a score as ``6/10``."""

METRES = {"m": 1.0, "meter": 1.0, "metres": 1.0, "cm": 0.01, "mm": 0.001}
MILLIMETRES = {"mm": 1.0, "millimeter": 1.0, "cm": 10.0}
DEGREES = dict.fromkeys(("graden", "graad", "gr", "°", "deg", "degrees"), 1.0)
YEARS = dict.fromkeys(("jaar", "jr", "j", "years", "year", "y"), 1.0)
KILOGRAMS = dict.fromkeys(("kg", "kilo", "kilogram"), 1.0)
UNITS = {"_m": METRES, "_mm": MILLIMETRES, "_deg": DEGREES, "_years": YEARS,
         "_kg": KILOGRAMS}  # fmt: skip
"""Units that may be typed behind a number, by the ending of its key, in that unit."""

MONTHS = (
    ("januari", "january"), ("februari", "february"), ("maart", "mrt", "march"),
    ("april",), ("mei", "may"), ("juni", "june"), ("juli", "july"),
    ("augustus", "august"), ("september",), ("oktober", "october"), ("november",),
    ("december",),
)  # fmt: skip
FEWEST_LETTERS = 2
MONTH_LETTERS = 3
"""Of the beginning of a word that stands for it; a single letter only where listed."""

ORDINAL = re.compile(r"(?<=\d)(?:e|ste|de|st|nd|rd|th)\b")
TODAY = {"vandaag": 0, "nu": 0, "today": 0, "now": 0, "gisteren": 1, "yesterday": 1,
         "eergisteren": 2}  # fmt: skip
AGO = re.compile(r"(\d+)\s+([a-z]+)\s+(?:geleden|ago)")
SPANS = {"dag": "day", "dagen": "day", "day": "day", "days": "day",
         "week": "week", "weken": "week", "weeks": "week",
         "maand": "month", "maanden": "month", "month": "month", "months": "month",
         "jaar": "year", "jaren": "year", "year": "year", "years": "year"}  # fmt: skip
MONTHS_A_YEAR = 12
CENTURY = 100
FULL_YEAR_DIGITS = 4

NOT_A_CHOICE = Text(
    nl="'{typed}' is niet herkend; mogelijk: {known}{near}.",
    en="'{typed}' was not understood; possible: {known}{near}.",
)
TWO_CHOICES = Text(
    nl="'{typed}' kan meer dan een antwoord zijn ({which}); typ het voluit.",
    en="'{typed}' may be more than one answer ({which}); type it in full.",
)
MEANT = Text(nl=" (bedoeld: {word}?)", en=" (meant: {word}?)")
NOT_A_NUMBER = Text(
    nl="'{typed}' is geen getal; mogelijk: een getal zoals {example}.",
    en="'{typed}' is no number; possible: a number such as {example}.",
)
NOT_A_DAY = Text(
    nl="'{typed}' is geen dag; mogelijk: 30-11-2026, 30 nov 2026, 3 weken geleden.",
    en="'{typed}' is no day; possible: 30-11-2026, 30 Nov 2026, 3 weeks ago.",
)
NO_SUCH_DAY = Text(
    nl="'{typed}' bestaat niet; de dag staat voor de maand, zoals 30-11-2026.",
    en="'{typed}' does not exist; the day stands before the month, as in 30-11-2026.",
)
WHICH_YEAR = Text(
    nl="'{typed}' heeft geen jaar; typ dag, maand en jaar, zoals 30-11-2026.",
    en="'{typed}' has no year; type day, month and year, as in 30-11-2026.",
)
WHICH_DAY = Text(
    nl="'{typed}' heeft geen dag; typ er een bij, zoals 1 {typed} als alleen de maand "
    "bekend is.",
    en="'{typed}' has no day; add one, as in 1 {typed} when only the month is known.",
)


def refuse(sentence: Text, language: Language, **values: object) -> InputError:
    """Return a refusal in the language of the question."""
    return InputError(sentence.filled(**values).of(language))


def plain(word: str) -> str:
    """Return a word without capitals, accents, full stop and needless spaces."""
    bare = unicodedata.normalize("NFKD", word.replace("’", "'").replace("−", "-"))
    bare = "".join(sign for sign in bare if not unicodedata.combining(sign))
    bare = " ".join(bare.casefold().replace("_", " ").split())
    bare = bare.rstrip(".!:").strip() or bare
    return bare if len(bare) == 1 else " ".join(bare.replace("-", " ").split())


def is_word(name: str, typed: str) -> bool:
    """Tell whether what was typed is one of the words for something, in full."""
    return plain(typed) in _named("", name)


def shown_word(key: str, choice: str, language: Language) -> str:
    """Return what an answer is called in a language; itself when it has no name."""
    for name in (f"{key}:{choice}", choice):
        entry = _words().get(name)
        if entry is not None:
            return str(entry[language][0])
    return choice


def choice_of(
    key: str,
    choices: Sequence[str],
    typed: str,
    language: Language,
    *,
    whole: bool = False,
) -> str:
    """Return the answer that a word means.

    Parameters
    ----------
    key : str
        Last part of the question's path; some words mean something else there.
    choices : sequence of str
        Answers that exist.
    typed : str
        As typed, in either language, in full or its first letters.
    language : {"nl", "en"}
        Of the refusal.
    whole : bool
        True where first letters do not count.

    Raises
    ------
    InputError
        If no answer or more than one fits.
    """
    word = plain(typed)
    named = {choice: _named(key, choice) for choice in choices}
    exact = [choice for choice in choices if word in named[choice]]
    begun = exact or [
        choice
        for choice in choices
        if len(word) >= FEWEST_LETTERS
        and not whole
        and any(each.startswith(word) for each in named[choice])
    ]
    if len(begun) == 1:
        return begun[0]
    if begun:
        which = " / ".join(shown_word(key, each, language) for each in begun)
        raise refuse(TWO_CHOICES, language, typed=typed, which=which)
    known = ", ".join(
        shown_word(key, each, language) for each in choices if each != "not_asked"
    )
    near = _near(word, named, language)
    raise refuse(NOT_A_CHOICE, language, typed=typed, known=known, near=near)


def choices_of(
    key: str, choices: Sequence[str], typed: str, language: Language
) -> tuple[str, ...]:
    """Return the answers that a line of words means, each once.

    Between them stand commas, ``en`` or ``and``; spaces do where every word alone is
    an answer.

    Raises
    ------
    InputError
        If one of them is not understood.
    """
    word = plain(typed)
    for choice in choices:
        if word in _named(key, choice):
            return (choice,)
    parts = [part for part in BETWEEN.split(typed.strip()) if part]
    if len(parts) == 1 and " " in word:
        alone = [c for w in word.split() for c in choices if w in _named(key, c)]
        if len(alone) == len(word.split()):
            parts = word.split()
    found = (choice_of(key, choices, part, language) for part in parts)
    return tuple(dict.fromkeys(found))


def number_of(key: str, typed: str, language: Language, *, most: float = 0) -> float:
    """Return a number as its key counts it: ``172 cm`` is 1.72 for ``height_m``.

    Parameters
    ----------
    key : str
        Its ending names the unit; `UNITS`.
    typed : str
        With point or comma, with or without unit.
    language : {"nl", "en"}
        Of the refusal.
    most : float
        Highest score of a questionnaire, so that ``6/10`` is 6; 0 for other numbers.

    Raises
    ------
    InputError
        If it is none, or has another unit.
    """
    word = " ".join(typed.replace("−", "-").casefold().split()).rstrip(".")
    units = next((u for end, u in UNITS.items() if key.endswith(end)), {})
    split = METRES_AND_CENTIMETRES.fullmatch(word)
    if split and units is METRES:
        return int(split[1]) + int(split[2]) / 100
    share = OF_MOST.fullmatch(word)
    if share and most and float(share[2]) == most:
        return float(share[1].replace(",", "."))
    match = NUMBER.fullmatch(word)
    if match is None or (match[2] and match[2] not in units):
        example = "1,72" if language == "nl" else "1.72"
        raise refuse(NOT_A_NUMBER, language, typed=typed, example=example)
    return round(float(match[1].replace(",", ".")) * units.get(match[2], 1.0), 6)


def day_of(typed: str, language: Language, *, today: date) -> date:
    """Return the day that was typed; the day stands before the month.

    Parameters
    ----------
    typed : str
        ``30-11-2026``, ``30/11/26``, ``30 nov 2026``, ``2026-11-30``, ``gisteren`` or
        ``3 weeks ago``.
    language : {"nl", "en"}
        Of the refusal.
    today : date
        From which is counted.

    Raises
    ------
    InputError
        If it is no day, or lacks its day or its year.
    """
    word = plain(typed)
    if word in TODAY:
        return today - timedelta(days=TODAY[word])
    ago = AGO.fullmatch(word)
    if ago and ago[2] in SPANS:
        return _before(today, int(ago[1]), SPANS[ago[2]])
    parts = re.findall(r"\d+|[a-z]+", ORDINAL.sub("", word))
    numbers = [part for part in parts if part.isdecimal()]
    months = [number for part in parts if (number := _month(part))]
    if len(parts) != len(numbers) + len(months) or len(months) > 1:
        raise refuse(NOT_A_DAY, language, typed=typed)
    day, month, year = _in_order(numbers, months, typed, language)
    try:
        return date(_whole_year(year, today), month, int(day))
    except (ValueError, OverflowError):
        raise refuse(NO_SUCH_DAY, language, typed=typed) from None


def _in_order(
    numbers: list[str], months: list[int], typed: str, language: Language
) -> tuple[str, int, str]:
    """Return day, month and year of what was typed."""
    match (len(numbers), len(months)):
        case (3, 0) if len(numbers[0]) == FULL_YEAR_DIGITS:
            return numbers[2], int(numbers[1]), numbers[0]
        case (3, 0):
            return numbers[0], int(numbers[1]), numbers[2]
        case (2, 1) if len(numbers[0]) == FULL_YEAR_DIGITS:
            return numbers[1], months[0], numbers[0]
        case (2, 1):
            return numbers[0], months[0], numbers[1]
        case (1, 1) if len(numbers[0]) == FULL_YEAR_DIGITS:
            raise refuse(WHICH_DAY, language, typed=typed)
        case (2, 0) | (1, 1):
            raise refuse(WHICH_YEAR, language, typed=typed)
    raise refuse(NOT_A_DAY, language, typed=typed)


def _before(today: date, count: int, span: str) -> date:
    if span in {"day", "week"}:
        return today - timedelta(days=count * (7 if span == "week" else 1))
    months = count * (MONTHS_A_YEAR if span == "year" else 1)
    year, month = divmod(today.year * MONTHS_A_YEAR + today.month - 1 - months, 12)
    last = calendar.monthrange(max(year, 1), month + 1)[1]
    return date(max(year, 1), month + 1, min(today.day, last))


def _month(word: str) -> int | None:
    if len(word) < MONTH_LETTERS:
        return None
    fits = (
        number
        for number, names in enumerate(MONTHS, 1)
        if any(name.startswith(word) for name in names)
    )
    return next(fits, None)


def _whole_year(year: str, today: date) -> int:
    """Return a year of two digits as the last one that ended in them, or the next."""
    if len(year) > 2:  # noqa: PLR2004 - digits
        return int(year)
    here = today.year // CENTURY * CENTURY + int(year)
    return here if here <= today.year + 1 else here - CENTURY


def _near(
    word: str, named: dict[str, tuple[str, ...]], language: Language
) -> Text | str:
    every = [each for names in named.values() for each in names]
    close = difflib.get_close_matches(word, every, n=1, cutoff=0.75)
    return MEANT.filled(word=close[0]).of(language) if close else ""


@cache
def _named(key: str, choice: str) -> tuple[str, ...]:
    """Return every word for an answer, as `plain` leaves them."""
    return tuple(dict.fromkeys(plain(word) for word in _every(key, choice)))


def _every(key: str, choice: str) -> Iterable[str]:
    yield choice
    for name in (f"{key}:{choice}", choice):
        entry = _words().get(name, {})
        yield from (
            word for language in ("nl", "en") for word in entry.get(language, ())
        )


@cache
def _words() -> dict[str, dict[str, list[str]]]:
    return shipped_table("gaitkit.io", "typed_words.toml")
