"""What limits each contact: edges, cuts, overlap, and what is unlike the others.

Flags grade a contact; which measures it may still serve is decided where they are
computed. Nothing is deleted.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gaitkit.model.contact import ContactFlag

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gaitkit.gait.contacts.settings import ContactSettings

FEWEST_TO_COMPARE = 3
"""A median of fewer contacts says nothing about the usual step."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactFacts:
    """What is needed to grade one contact.

    Attributes
    ----------
    force_n : ndarray (time,)
        Force of each of its frames.
    starts_record, ends_record : bool
        True when its first or last frame is that of the record.
    at_edge : bool
        True when it loads the outermost sensors.
    cut : bool
        True when it touched another foot and was cut from it.
    shares_cells : bool
        True when it loads cells that another contact loads too.
    length_mm, area_mm2 : float
        Size of its footprint.
    duration_s : float
        Contact time.
    impulse : float
        Force over time.
    """

    force_n: np.ndarray
    starts_record: bool
    ends_record: bool
    at_edge: bool
    cut: bool
    shares_cells: bool
    length_mm: float
    area_mm2: float
    duration_s: float
    impulse: float


def grade(
    facts: Sequence[ContactFacts], settings: ContactSettings
) -> list[frozenset[ContactFlag]]:
    """Return the flags of each contact.

    Parameters
    ----------
    facts : sequence of ContactFacts
        All contacts of a recording.
    settings : ContactSettings
        Bounds.
    """
    usual = _usual(facts, settings)
    return [_own(fact, settings) | _unlike(fact, usual, settings) for fact in facts]


def _own(fact: ContactFacts, settings: ContactSettings) -> frozenset[ContactFlag]:
    peak = fact.force_n.max()
    late = fact.force_n[0] > settings.start_force * peak
    early = fact.force_n[-1] > settings.end_force * peak
    found = {
        ContactFlag.EDGE: fact.at_edge,
        ContactFlag.CUT_AT_START: fact.starts_record and late,
        ContactFlag.CUT_AT_END: fact.ends_record and early,
        ContactFlag.OVERLAP: fact.cut or fact.shares_cells,
    }
    return frozenset(flag for flag, holds in found.items() if holds)


def _usual(
    facts: Sequence[ContactFacts], settings: ContactSettings
) -> ContactFacts | None:
    """Return the medians over contacts that nothing cuts, None when too few."""
    whole = [fact for fact in facts if not _own(fact, settings)]
    if len(whole) < FEWEST_TO_COMPARE:
        # edges and cuts do not shorten every contact: compare with all of them
        whole = list(facts)
    if len(whole) < FEWEST_TO_COMPARE:
        return None
    return ContactFacts(
        force_n=np.zeros(1),
        starts_record=False,
        ends_record=False,
        at_edge=False,
        cut=False,
        shares_cells=False,
        length_mm=float(np.median([fact.length_mm for fact in whole])),
        area_mm2=float(np.median([fact.area_mm2 for fact in whole])),
        duration_s=float(np.median([fact.duration_s for fact in whole])),
        impulse=float(np.median([fact.impulse for fact in whole])),
    )


def _unlike(
    fact: ContactFacts, usual: ContactFacts | None, settings: ContactSettings
) -> frozenset[ContactFlag]:
    if usual is None:
        return frozenset()
    length = fact.length_mm / usual.length_mm
    small = fact.area_mm2 < settings.area_low * usual.area_mm2
    time = fact.duration_s / usual.duration_s if usual.duration_s > 0 else 1.0
    weak = fact.impulse < settings.impulse_low * usual.impulse
    usual_time = settings.time_low <= time <= settings.time_high
    explained = bool(_own(fact, settings)) or small or length < settings.length_low
    unusual = weak or not usual_time or length > settings.length_high
    found = {
        ContactFlag.PARTIAL: length < settings.length_low or small,
        ContactFlag.DRAG: length > settings.drag_length,
        ContactFlag.OUTLIER: unusual and not explained,
    }
    return frozenset(flag for flag, holds in found.items() if holds)
