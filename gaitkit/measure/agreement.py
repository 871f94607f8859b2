"""Do two recordings of one walk agree? The same measure from each, side by side."""

from __future__ import annotations

import itertools
import math
import statistics
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gaitkit.gait.clock import EventPair, paired
from gaitkit.model.chance import Z_95
from gaitkit.model.side import Side

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gaitkit.model.events import Event
    from gaitkit.model.measurement import Measurement


LONGEST_STANCE_S = 3.0
"""A foot that stands longer is not walking."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """One measure from two recordings.

    Attributes
    ----------
    name : str
        Catalogue name; ``contact_time`` is the time that a foot stands.
    side : Side or None
        The foot.
    reference, other : float
        The values of both recordings, in the unit of the catalogue.
    low, high : float or None
        95 % interval of the true difference, other minus reference; None when the
        errors are not known.
    n : int
        Steps that both recordings show; 0 when each gave its own average.
    """

    name: str
    side: Side | None
    reference: float
    other: float
    low: float | None
    high: float | None
    n: int

    @property
    def difference(self) -> float:
        """Other minus reference."""
        return self.other - self.reference

    @property
    def agrees(self) -> bool | None:
        """True when no difference can be shown; None when errors are not known."""
        if self.low is None or self.high is None:
            return None
        return self.low <= 0.0 <= self.high


def agreement_of_measures(
    reference: Sequence[Measurement], other: Sequence[Measurement]
) -> tuple[Agreement, ...]:
    """Return every measure that both recordings gave, each with its own average.

    Notes
    -----
    The errors of the two methods are taken as independent.
    """
    found = []
    for one in reference:
        for two in other:
            same = (one.name, one.side, one.region) == (two.name, two.side, two.region)
            if not same or one.value is None or two.value is None:
                continue
            low = high = None
            if one.sd is not None and two.sd is not None:
                half = Z_95 * math.hypot(one.sd, two.sd)
                low = two.value - one.value - half
                high = two.value - one.value + half
            found.append(
                Agreement(
                    name=one.name,
                    side=one.side,
                    reference=one.value,
                    other=two.value,
                    low=low,
                    high=high,
                    n=0,
                )
            )
    return tuple(found)


def agreement_of_stance(
    reference: Sequence[Event], other: Sequence[Event], *, offset_s: float | None
) -> tuple[Agreement, ...]:
    """Return the time that each foot stands, from both recordings.

    Parameters
    ----------
    reference, other : sequence of Event
        Events on their own clocks.
    offset_s : float or None
        Shift of the other clock. With it the same steps are compared; without it the
        averages of all steps.
    """
    if offset_s is None:
        return tuple(_averages(reference, other))
    pairs = paired(other, reference, offset_s=offset_s)
    return tuple(_same_steps(pairs, other))


def _same_steps(
    pairs: Sequence[EventPair], other: Sequence[Event]
) -> Iterator[Agreement]:
    partner = {id(pair.other): pair.reference for pair in pairs}
    for side in Side:
        steps = [
            (partner[id(on)], partner[id(off)], on, off)
            for on, off in _stances(other, side)
            if id(on) in partner and id(off) in partner
        ]
        if not steps:
            continue
        theirs = [off.time_s - on.time_s for off, on in ((s[1], s[0]) for s in steps)]
        own = [off.time_s - on.time_s for on, off in ((s[2], s[3]) for s in steps)]
        sd = math.hypot(*(event.sd_s for event in steps[0]))
        yield _stance(side, theirs, own, sd_s=sd, n=len(steps))


def _averages(
    reference: Sequence[Event], other: Sequence[Event]
) -> Iterator[Agreement]:
    for side in Side:
        theirs, own = (_stances(events, side) for events in (reference, other))
        if not theirs or not own:
            continue
        sd = math.hypot(*(e.sd_s for e in (*theirs[0], *own[0])))
        yield _stance(
            side,
            [off.time_s - on.time_s for on, off in theirs],
            [off.time_s - on.time_s for on, off in own],
            sd_s=sd,
            n=0,
        )


def _stance(
    side: Side, theirs: list[float], own: list[float], *, sd_s: float, n: int
) -> Agreement:
    """Return the agreement of stance times.

    The error of detection is common to the steps of a walk and does not shrink with
    their number.
    """
    one, two = statistics.fmean(theirs), statistics.fmean(own)
    return Agreement(
        name="contact_time",
        side=side,
        reference=one,
        other=two,
        low=two - one - Z_95 * sd_s,
        high=two - one + Z_95 * sd_s,
        n=n,
    )


def _stances(events: Sequence[Event], side: Side) -> list[tuple[Event, Event]]:
    """Return initial contact and next foot off of a foot, where both are known."""
    own = sorted((e for e in events if e.side is side), key=lambda event: event.time_s)
    return [
        (on, off)
        for on, off in itertools.pairwise(own)
        if on.kind == "initial_contact"
        and off.kind == "foot_off"
        and off.time_s - on.time_s < LONGEST_STANCE_S
    ]
