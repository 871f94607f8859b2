"""Why a recording or a number is limited or absent, and what to record instead.

The sentences stand in ``reasons.toml``, where a podotherapist can read and change
them; code names a reason by its code and fills in the numbers.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from gaitkit.model.text import Text

QualityStatus = Literal["ok", "limited", "refused"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One named cause of a limit.

    Attributes
    ----------
    code : str
        Key in ``reasons.toml``; stable, so other programs may rely on it.
    text : Text
        What is the matter, with its numbers.
    advice : Text
        What to record or to do instead.
    """

    code: str
    text: Text
    advice: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Quality:
    """Whether a recording may be used: ``ok``, ``limited`` or ``refused``."""

    status: QualityStatus = "ok"
    reasons: tuple[Reason, ...] = ()

    @property
    def questioned(self) -> bool:
        """True when a recording may not be of this person or not at this scale."""
        table = _table()
        return any(table.get(r.code, {}).get("questions", False) for r in self.reasons)

    def with_file_reasons(self, reasons: tuple[Reason, ...]) -> Quality:
        """Put what is doubtful about the file before what is about the walk."""
        if not reasons:
            return self
        status: QualityStatus = "limited" if self.status == "ok" else self.status
        return Quality(status=status, reasons=(*reasons, *self.reasons))


def reason(code: str, **values: object) -> Reason:
    """Return the reason with that code, its placeholders filled in.

    Parameters
    ----------
    code : str
        A key of ``reasons.toml``.
    **values
        The numbers that its sentences mention.

    Raises
    ------
    KeyError
        If no such reason exists or a placeholder has no value: both are bugs.
    """
    entry = _table()[code]
    return Reason(
        code=code,
        text=Text(**entry["text"]).filled(**values),
        advice=Text(**entry["advice"]).filled(**values),
    )


def reason_codes() -> tuple[str, ...]:
    """Return every code that stands in ``reasons.toml``."""
    return tuple(_table())


@cache
def _table() -> dict[str, dict[str, Any]]:
    from gaitkit.doors import shipped_table  # types alone need no reader of TOML

    return shipped_table("gaitkit.model", "reasons.toml")
