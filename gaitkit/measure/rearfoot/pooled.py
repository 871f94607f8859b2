"""Several films from behind of one visit: their steps are one sample.

A film from behind holds two to four steps of each foot before the stickers are too
small. Several walks of one visit, the stickers left on, show the same feet, so their
steps count together; what camera, direction and stickers leave open they share.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from gaitkit.measure.uncertainty import Sample, combine
from gaitkit.model.catalogue import definition

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gaitkit.model.measurement import Measurement

TOGETHER = "stickers, mean over steps of several films"
"""Method of the rows of all films together; they belong to no single recording."""


def pooled_steps(rows: Sequence[Measurement]) -> Measurement | None:
    """Return one measure of one side over the steps of several films, or None.

    Parameters
    ----------
    rows : sequence of Measurement
        The same measure of the same side, one row of each film
        (`gaitkit.measure.rearfoot.walking`).

    Returns
    -------
    Measurement or None
        None unless at least two films have a value.

    Notes
    -----
    Value: mean weighed by the number of steps. Spread: of all steps about it, within
    films and between them. Method error: the mean of those of the films, because the
    stickers are the same ones and averaging films does not remove it.
    """
    known = [row for row in rows if row.value is not None and row.sd is not None]
    if len(known) < 2:  # noqa: PLR2004 - one film needs no average
        return None
    n = sum(row.n for row in known)
    mean = sum(row.n * (row.value or 0.0) for row in known) / n
    squares = sum(
        (row.n - 1) * (row.spread or 0.0) ** 2
        + row.n * ((row.value or 0.0) - mean) ** 2
        for row in known
    )
    spread = math.sqrt(squares / (n - 1))
    first = known[0]
    usual = definition(first.name).stride_spread
    usual_sd = usual.sd if usual else 0.0
    uncertainty = combine(
        Sample(mean=mean, n=n, spread=spread, usual_spread=usual_sd),
        own=sum(row.n * _own_sd(row, usual_sd) for row in known) / n,
        shared=sum(row.n * row.shared_sd for row in known) / n,
    )
    low, high = uncertainty.interval(mean)
    return replace(
        first,
        value=mean,
        sd=uncertainty.sd,
        low=low,
        high=high,
        shared_sd=uncertainty.shared_sd,
        dof=uncertainty.dof,
        spread=spread,
        n=n,
        method=TOGETHER,
        recording=None,
    )


def _own_sd(row: Measurement, usual_sd: float) -> float:
    """Return the method error of a row that its side has for itself."""
    chance = Sample(
        mean=row.value or 0.0, n=row.n, spread=row.spread, usual_spread=usual_sd
    ).variance_of_mean
    left = (row.sd or 0.0) ** 2 - row.shared_sd**2 - chance
    return math.sqrt(max(left, 0.0))
