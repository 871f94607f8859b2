"""What rests on virtual persons alone, and how that is said."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gaitkit.report.material import Material
    from gaitkit.report.words import Words


def mark(words: Words, *, unconfirmed: bool) -> tuple[str, ...]:
    """Return the remark for a number that is unconfirmed on real people, or nothing."""
    return (words("unconfirmed.mark"),) if unconfirmed else ()


def marked(text: str, words: Words, *, unconfirmed: bool) -> str:
    """Return a sentence with the remark before its full stop, where it is due."""
    if not unconfirmed:
        return text
    return f"{text.removesuffix('.')} ({words('unconfirmed.mark')})."


def any_unconfirmed(material: Material) -> bool:
    """Tell whether anything in the report is unconfirmed on real people."""
    assessment = material.assessment
    estimate = assessment.leg_length
    lines = [line for a in material.analyses for line in a.block_lines]
    return (
        any(m.unconfirmed for m in assessment.measurements)
        or (estimate is not None and any(m.unconfirmed for m in estimate.methods))
        or any(line.unconfirmed for line in lines)
    )
