"""From a practice's kit to the errors that the estimate of a difference takes.

A kit of twenty people raises a stated error as far as it found, and lowers it only by
blending, as if the stated one were known from twenty people::

    s^2 = (n s_kit^2 + 20 s_stated^2) / (n + 20)

Only what is known in the kit is taken; an upper bound or a wide interval changes
nothing. Without imaging the error of a method against the true difference is not in a
kit: then nothing becomes confirmed but what was measured, and a method keeps its mark.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from gaitkit.measure.leg_length.methods import PICTURES, OwnError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gaitkit.measure.leg_length.methods import ErrorTable, Method
    from gaitkit.model.practice import KitEstimate, KitQuantity, PracticeKit

STATED_PEOPLE = 20
STICKER_METHOD = "stance_stickers"
HANDS: tuple[tuple[str, KitQuantity, KitQuantity, KitQuantity], ...] = (
    ("tape", "tape_error_mm", "tape_rater_mm", "tape_reading_mm"),
    (
        "block_test",
        "block_test_error_mm",
        "block_test_rater_mm",
        "block_test_reading_mm",
    ),
)
PICTURE_SDS: tuple[tuple[KitQuantity, str], ...] = (
    ("answer_spread", "answer_sd"),
    ("stance_mm", "stance_mm"),
    ("stays_mm", "stays_mm"),
    ("seated_mm", "seated_mm"),
)
CONFIRMING: tuple[KitQuantity, ...] = ("answer", "zero_mm", "stance_mm")
"""What must be known before pictures with stickers are confirmed on real people: the
answer to a block, and, by imaging, what level legs show."""


def blended(found: KitEstimate, stated: float) -> float:
    """Return the standard deviation to be used; the stated one where none is known."""
    if not found.known or found.value is None:
        return stated
    if found.value >= stated:
        return found.value
    n = found.people
    square = (n * found.value**2 + STATED_PEOPLE * stated**2) / (n + STATED_PEOPLE)
    return math.sqrt(square)


def errors_of(kit: PracticeKit, stated: ErrorTable) -> ErrorTable:
    """Return the errors of the estimate with those of a practice in their place.

    Parameters
    ----------
    kit : PracticeKit
        What came out of it.
    stated : ErrorTable
        The errors as shipped.
    """
    table = stated.with_own(own_errors_of(kit, stated))
    zero = kit.of("zero_mm")
    if not zero.known:
        return table
    # stickers of the other side of the body were not in the kit
    lines = {
        name: replace(line, unconfirmed=name != kit.line)
        for name, line in table.pictures.lines.items()
    }
    line = lines[kit.line]
    lines[kit.line] = replace(
        line,
        zero_mm=blended(zero, line.zero_mm),
        status="measured",
        source=_source(kit),
    )
    return replace(table, pictures=replace(table.pictures, lines=lines))


def own_errors_of(kit: PracticeKit, stated: ErrorTable) -> tuple[OwnError, ...]:
    """Return what of a kit the estimate takes; methods it says nothing about are out.

    Parameters
    ----------
    kit : PracticeKit
        What came out of it.
    stated : ErrorTable
        The errors as shipped.
    """
    return (*_pictures(kit, stated), *_hands(kit, stated))


def _pictures(kit: PracticeKit, stated: ErrorTable) -> Iterator[OwnError]:
    numbers = [
        (key, blended(kit.of(name), getattr(stated.pictures, key)))
        for name, key in PICTURE_SDS
        if kit.of(name).known
    ]
    answer = kit.of("answer")
    if answer.known and answer.value is not None:
        numbers.append(("answer", answer.value))
    own = kit.of("own_answer")
    if own.known and own.value is not None:
        numbers.append(("own", own.value))
    if numbers:
        source = _source(kit)
        yield OwnError(method=PICTURES, numbers=tuple(numbers), source=source)
    if all(kit.of(name).known for name in CONFIRMING):
        yield OwnError(method=STICKER_METHOD, confirmed=True, source=_source(kit))


def _hands(kit: PracticeKit, stated: ErrorTable) -> Iterator[OwnError]:
    for name, error, rater, reading in HANDS:
        method = stated.named(name)
        known = any(kit.of(each).known for each in (error, rater, reading))
        if method is not None and known:
            yield _by_hand(kit, method, (error, rater, reading))


def _by_hand(
    kit: PracticeKit,
    method: Method,
    names: tuple[KitQuantity, KitQuantity, KitQuantity],
) -> OwnError:
    """Return the parts of the error of a method by hand, and with imaging its total.

    Without imaging the total follows from its parts: what the method gets wrong
    whoever measures stays as stated.
    """
    error, rater, reading = (kit.of(name) for name in names)
    by_rater = blended(rater, method.rater_mm)
    by_reading = blended(reading, math.sqrt(method.reading_variance))
    parts = math.hypot(by_rater, by_reading)
    total = math.hypot(parts, method.method_mm)
    if error.known:
        total = max(blended(error, method.sd_mm), parts)
    stays = math.sqrt(max(total**2 - parts**2, 0.0))
    return OwnError(
        method=method.name,
        numbers=(("sd_mm", total), ("rater_mm", by_rater), ("method_mm", stays)),
        confirmed=error.known,
        source=_source(kit),
    )


def _source(kit: PracticeKit) -> str:
    when = f", {kit.taken}" if kit.taken else ""
    return f"the practice's own kit, {kit.people} people{when}"
