"""The kit of a practice in words: the protocol on one page, and what came out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gaitkit.model.wording import number
from gaitkit.report.words import words as words_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gaitkit.io.kit_file import KitPicture
    from gaitkit.model.practice import KitEstimate, PracticeKit
    from gaitkit.model.text import Language

DIGITS = {"answer": 2, "answer_spread": 2, "own_answer": 2}
"""Digits of quantities without a unit; millimetres have one."""

STEPS = ("people", "stickers", "stand", "blocks", "again", "new", "seat", "hand", "end")


@dataclass(frozen=True, slots=True, kw_only=True)
class KitSheet:
    """The protocol, worded; every field is text of one language."""

    language: str
    title: str
    aim: str
    needs_title: str
    needs: tuple[str, ...]
    steps_title: str
    steps: tuple[str, ...]
    pictures_title: str
    head: tuple[str, ...]
    pictures: tuple[tuple[str, ...], ...]
    limits_title: str
    limits: tuple[str, ...]
    notice: str


def kit_sheet(pictures: Sequence[KitPicture], *, language: Language) -> KitSheet:
    """Return the one-page protocol of a kit."""
    words = words_of(language)
    return KitSheet(
        language=language,
        title=words("kit.title"),
        aim=words("kit.aim"),
        needs_title=words("kit.needs_title"),
        needs=tuple(words(f"kit.needs_{n}") for n in (1, 2, 3)),
        steps_title=words("kit.steps_title"),
        steps=tuple(words(f"kit.step_{step}") for step in STEPS),
        pictures_title=words("kit.pictures_title"),
        head=tuple(words(f"kit.head_{name}") for name in ("file", "how", "stickers")),
        pictures=tuple(_picture(each, language) for each in pictures),
        limits_title=words("kit.limits_title"),
        limits=tuple(words(f"kit.limit_{n}") for n in (1, 2, 3)),
        notice=words("kit.notice"),
    )


def kit_lines(kit: PracticeKit, *, language: Language) -> Iterator[str]:
    """Yield a line for each quantity, and why one is not known."""
    words = words_of(language)
    for estimate in kit.estimates:
        name = words(f"kit.quantity_{estimate.name}")
        why = ""
        if estimate.unknown is not None:
            why = words(f"kit.unknown_{estimate.unknown}", n=estimate.people)
        yield f"{name}: {_value(estimate, language)}{why}"


def _value(estimate: KitEstimate, language: Language) -> str:
    if estimate.value is None or estimate.low is None or estimate.high is None:
        return ""
    unit = "" if estimate.name in DIGITS else " mm"
    value, low, high = (
        number(each, DIGITS.get(estimate.name, 1), language)
        for each in (estimate.value, estimate.low, estimate.high)
    )
    words = words_of(language)
    if estimate.unknown == "kit_upper_bound":
        return words("kit.at_most", high=high + unit) + " "
    told = words("kit.value", value=value + unit, low=low, high=high + unit)
    return told + (" " if estimate.unknown else "")


def _picture(picture: KitPicture, language: Language) -> tuple[str, ...]:
    words = words_of(language)
    if picture.seated:
        how = words("kit.how_seated")
    elif picture.block_side is not None:
        how = words(
            f"kit.how_block_{picture.block_side}", height=f"{picture.block_height_mm:g}"
        )
    else:
        how = words("kit.how_standing")
    return (f"{picture.name}.jpg", how, words(f"kit.stickers_{picture.stickers}"))
