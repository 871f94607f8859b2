"""Equal suggestions of the left and the right foot as one suggestion for both."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from gaitkit.model.plan import Suggestion
from gaitkit.model.side import Side

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gaitkit.report.words import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class ForSides:
    """A suggestion with its text, and the sides for which it holds; none is neither."""

    suggestion: Suggestion
    text: str
    sides: tuple[Side, ...]


def both_sides(suggestions: Sequence[Suggestion], words: Words) -> tuple[ForSides, ...]:
    """Return the suggestions, those that differ in their side only as one.

    Parameters
    ----------
    suggestions : sequence of Suggestion
        Of a plan, in its order.
    words : Words
        Names of the sides in the language of the report.

    Returns
    -------
    tuple of ForSides
        Two suggestions become one, where the first of them stood, when they are equal
        in all but side and text, and each text names its own side only and reads the
        same with the other side in its place.
    """
    shown: list[ForSides] = []
    for each in suggestions:
        alone = ForSides(
            suggestion=each,
            text=each.text.of(words.language),
            sides=() if each.side is None else (each.side,),
        )
        place = next(
            (i for i, known in enumerate(shown) if _mirrored(known, alone, words)), None
        )
        if place is None:
            shown.append(alone)
        else:
            text = _named(alone, words, words("side.both"))
            shown[place] = replace(shown[place], text=text, sides=tuple(Side))
    return tuple(shown)


def _mirrored(known: ForSides, other: ForSides, words: Words) -> bool:
    if len(known.sides) != 1 or len(other.sides) != 1 or known.sides == other.sides:
        return False
    one, two = known.suggestion, other.suggestion
    equal = replace(two, side=one.side, text=one.text) == one
    return equal and _named(known, words, "") == _named(other, words, "")


def _named(each: ForSides, words: Words, name: str) -> str:
    """Return the text with another name for its side; as it is if it names both."""
    own, other = (
        words(f"side.{side}") for side in (each.sides[0], each.sides[0].other)
    )
    if re.search(rf"\b{other}\b", each.text):
        return each.text
    return re.sub(rf"\b{own}\b", name, each.text)
