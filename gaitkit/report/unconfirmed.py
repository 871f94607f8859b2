"""What rests on virtual persons alone, and how that is said."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gaitkit.model.standing import BlockLine
    from gaitkit.report.inputs import ReportInputs
    from gaitkit.report.words import Words

BLOCK_METHODS = {"sticker": "block_test_stickers", "landmark": "block_test_landmarks"}
"""Methods of the leg-length estimate by what a block line was read from."""


def mark(words: Words, *, unconfirmed: bool) -> tuple[str, ...]:
    """Return the remark for a number that is unconfirmed on real people, or nothing."""
    return (words("unconfirmed.mark"),) if unconfirmed else ()


def marked(text: str, words: Words, *, unconfirmed: bool) -> str:
    """Return sentences, the first with the remark before its full stop where due."""
    if not unconfirmed:
        return text
    first, stop, rest = text.partition(". ")
    return f"{first.removesuffix('.')} ({words('unconfirmed.mark')}).{stop[1:]}{rest}"


def method_unconfirmed(material: ReportInputs, method: str) -> bool:
    """Tell whether a method of the leg-length estimate is unconfirmed."""
    estimate = material.assessment.leg_length
    return estimate is not None and any(
        each.unconfirmed for each in estimate.methods if each.method == method
    )


def as_method(material: ReportInputs, line: BlockLine) -> BlockLine:
    """Return a block line that is unconfirmed also where its method is."""
    method = BLOCK_METHODS[line.source]
    return replace(
        line, unconfirmed=line.unconfirmed or method_unconfirmed(material, method)
    )


def any_unconfirmed(material: ReportInputs) -> bool:
    """Tell whether anything in the report is unconfirmed on real people."""
    assessment = material.assessment
    estimate = assessment.leg_length
    lines = [line for a in material.analyses for line in a.block_lines]
    return (
        any(m.unconfirmed for m in assessment.measurements)
        or (estimate is not None and any(m.unconfirmed for m in estimate.methods))
        or any(line.unconfirmed for line in lines)
    )
