"""What a rule concludes from measurements."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from gaitkit.model.measurement import Measurement
from gaitkit.model.side import Side
from gaitkit.model.text import Text

Verdict = Literal["met", "not_met", "uncertain", "not_assessable"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """The verdict of one rule, with the numbers it used.

    Attributes
    ----------
    rule : str
        Id of the rule, never reused.
    revision : int
        Revision of the rule.
    verdict : {"met", "not_met", "uncertain", "not_assessable"}
        What the rule found.
    text : Text
        The finding in words, numbers filled in.
    advice : Text or None
        What to record or to ask next, where that would help.
    probability : float or None
        Probability that can be claimed for the condition; None when not assessable.
    measure : str or None
        The measure judged, for a rule that is applied to several.
    side : Side or None
        The side concerned.
    recording : str or None
        Id of the recording concerned, for a rule that is judged for each.
    measurements : tuple of Measurement
        Every number used.
    evidence : tuple of str
        Keys in ``references.toml``.
    """

    rule: str
    revision: int
    verdict: Verdict
    text: Text
    advice: Text | None = None
    probability: float | None = None
    measure: str | None = None
    side: Side | None = None
    recording: str | None = None
    measurements: tuple[Measurement, ...] = ()
    evidence: tuple[str, ...] = ()
