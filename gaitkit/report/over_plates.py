"""One row a measure where the same person walked over a plate several times."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from gaitkit.model.measurement import Measurement
    from gaitkit.model.side import Side

_Key = tuple[str, "Side | None", str | None, str]


def mean_over_plates(
    measurements: Sequence[Measurement], plates: Collection[str]
) -> tuple[Measurement, ...]:
    """Return the measurements with those of several passes over a plate as one.

    Parameters
    ----------
    measurements : sequence of Measurement
        Of all recordings of a visit.
    plates : collection of str
        Ids of the recordings of pressure whose feet were averaged together.

    Returns
    -------
    tuple of Measurement
        Where the first of a group stood: its mean, weighted by ``n``, of the visit as a
        whole (``recording`` None). Others are as they were, and so are measures of one
        pass only and those that are averaged over the visit already.

    Notes
    -----
    The error and the interval are the weighted means of those of the passes, the
    degrees of freedom the fewest. That is the error if all passes erred together, the
    largest that the error of a mean can be: an interval here is never too narrow.
    """
    whole = {_key(m) for m in measurements if m.recording is None}
    groups: dict[_Key, list[Measurement]] = {}
    for m in measurements:
        if m.recording in plates and m.value is not None and _key(m) not in whole:
            groups.setdefault(_key(m), []).append(m)
    found: list[Measurement] = []
    for m in measurements:
        group = groups.get(_key(m), [])
        if m not in group:
            found.append(m)
        elif m is group[0]:
            found.append(_mean(group))
    return tuple(found)


def _key(m: Measurement) -> _Key:
    return m.name, m.side, m.region, m.method


def _mean(group: Sequence[Measurement]) -> Measurement:
    freedom = [m.dof for m in group if m.dof is not None]
    return replace(
        group[0],
        value=_weighted(group, [m.value for m in group]),
        sd=_weighted(group, [m.sd for m in group]),
        low=_weighted(group, [m.low for m in group]),
        high=_weighted(group, [m.high for m in group]),
        shared_sd=_weighted(group, [m.shared_sd for m in group]) or 0.0,
        dof=min(freedom) if freedom else None,
        spread=None,
        n=sum(m.n for m in group),
        recording=None,
        quality="ok" if all(m.quality == "ok" for m in group) else "limited",
        unconfirmed=any(m.unconfirmed for m in group),
    )


def _weighted(
    group: Sequence[Measurement], values: Sequence[float | None]
) -> float | None:
    """Return the mean weighted by ``n``, None when one of the values is not known."""
    known = [value for value in values if value is not None]
    if len(known) < len(values):
        return None
    weights = [max(1, m.n) for m in group]
    return sum(w * v for w, v in zip(weights, known, strict=True)) / sum(weights)
