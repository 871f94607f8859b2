"""Standard deviations of several sources of chance at once, with intervals (REML).

Each person gives a vector of readings, ``y = mean of the person + slope x + chance``;
the covariance of the chance is a sum of known matrices times unknown variances. What
all people have for themselves (their mean, in each posture) is projected out, so that
nothing is assumed about how people differ. The variances maximise the restricted
likelihood; intervals are those of the profile likelihood, whose limit is a quantile of
F(1, people - 1) in place of chi squared: with twenty people the latter is too narrow.

References
----------
Patterson HD, Thompson R (1971). Recovery of inter-block information when block sizes
are unequal. Biometrika 58:545-554. doi:10.1093/biomet/58.3.545
Pinheiro JC, Bates DM (2000). Mixed-effects models in S and S-PLUS, section 2.4: F in
place of chi squared.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import optimize, stats
from scipy.linalg import null_space

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    Array = NDArray[np.float64]

LEVEL = 0.95
SPAN_TOLERANCE = 1e-6
"""A source whose matrices are a sum of those of others, to this share, is unseen."""
LARGEST_TIMES = 60.0
"""Upper limits are looked for up to so many times the spread of all readings."""
RIDGE = 1e-6
LEAST_START = 1e-3
"""Share of all variance from which a source starts that was found to be nothing."""
HALVINGS = 7
"""Limits are found to this power of a half of where they are looked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonReadings:
    """The readings of one person.

    Attributes
    ----------
    values : array (n,)
        In the order of everything else.
    slope : array (n,) or None
        What the common slope multiplies; None when there is none.
    means : array (n, k)
        Columns whose size is the person's own.
    sources : mapping of str to array (n, n)
        Covariance of each source of chance for a variance of 1.
    """

    values: Array
    slope: Array | None
    means: Array
    sources: Mapping[str, Array]


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """An estimate and its 95 % interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class _Group:
    """People of one design: what is left of their readings without their means."""

    rows: Array
    slope: Array
    sources: Array


class VarianceModel:
    """The fitted model.

    Parameters
    ----------
    people : sequence of PersonReadings
        At least two.
    order : sequence of str
        Sources; of two that the design cannot tell apart the earlier one is kept and
        holds both.
    """

    def __init__(
        self, people: Sequence[PersonReadings], *, order: Sequence[str]
    ) -> None:
        projected = [_projected(person, order) for person in people]
        informative = [one for one in projected if one is not None]
        self.people = len(informative)
        self._sloped = any(one[1].any() for one in informative)
        seen = _told_apart(informative, order)
        self.sources = tuple(order[i] for i in seen)
        self._groups = _grouped(informative, seen)
        self._best: Array | None = None

    @property
    def variances(self) -> Array:
        """Variances that maximise the restricted likelihood, in order of `sources`."""
        if self._best is None:
            self._best = self._fitted({})
        return self._best

    def sd(self, source: str) -> Interval:
        """Return the standard deviation of a source with its profile interval."""
        index = self.sources.index(source)
        best = float(self.variances[index])
        least = self._deviance(self.variances)
        limit = float(stats.f.ppf(LEVEL, 1, max(self.people - 1, 1)))

        def beyond(sd: float) -> float:
            fitted = self._fitted({index: sd**2})
            return self._deviance(fitted) - least - limit

        sd = math.sqrt(best)
        low = 0.0
        if sd > 0 and beyond(0.0) > 0:
            low = _limit(beyond, inside=sd, outside=0.0)
        step = max(sd, 0.05 * self._spread())
        high = sd + step
        while beyond(high) < 0 and high < LARGEST_TIMES * self._spread():
            step *= 2
            high += step
        high = _limit(beyond, inside=sd, outside=high)
        return Interval(value=sd, low=low, high=high)

    def slope(self) -> Interval:
        """Return the common slope; its error is that of the people's own slopes.

        The error comes from how the people scatter (a sandwich over people), so it
        holds whatever the covariance is; with one design it is the t interval of the
        mean of the people's slopes.
        """
        slope, information, _ = self._slope(self.variances)
        pulls = [
            float(pull)
            for group, inverse in zip(
                self._groups, self._inverses(self.variances), strict=True
            )
            for pull in (group.rows - slope * group.slope) @ inverse @ group.slope
        ]
        n = len(pulls)
        scatter = math.sqrt(n / (n - 1) * sum(p**2 for p in pulls)) / information
        half = float(stats.t.ppf(0.5 + LEVEL / 2, n - 1)) * scatter
        return Interval(value=slope, low=slope - half, high=slope + half)

    def _spread(self) -> float:
        rows = np.concatenate([group.rows.ravel() for group in self._groups])
        return float(np.sqrt((rows**2).mean())) + RIDGE

    def _fitted(self, fixed: dict[int, float]) -> Array:
        """Return the variances with some of them held."""
        count = len(self.sources)
        free = [i for i in range(count) if i not in fixed]
        scale = self._spread() ** 2
        whole = np.zeros(count)
        for index, value in fixed.items():
            whole[index] = value
        if not free:
            return whole

        def objective(at: Array) -> tuple[float, Array]:
            trial = whole.copy()
            trial[free] = at * scale
            deviance, gradient = self._with_gradient(trial)
            return deviance, gradient[free] * scale

        start = np.full(len(free), 0.5 / count)
        if self._best is not None:
            start = np.maximum(self._best[free] / scale, LEAST_START)
        found = optimize.minimize(
            objective,
            start,
            jac=True,
            method="L-BFGS-B",
            bounds=[(0.0, None)] * len(free),
            options={"maxiter": 200, "ftol": 1e-7, "gtol": 1e-5},
        )
        whole[free] = found.x * scale
        return whole

    def _inverses(self, variances: Array) -> list[Array]:
        result: list[Array] = []
        for group in self._groups:
            covariance = np.tensordot(variances, group.sources, axes=1)
            ridge = RIDGE * self._spread() ** 2
            whole = covariance + ridge * np.eye(len(covariance))
            result.append(np.asarray(np.linalg.inv(whole), dtype=np.float64))
        return result

    def _slope(self, variances: Array) -> tuple[float, float, list[Array]]:
        """Return the slope, the information about it, and the inverse covariances."""
        inverses = self._inverses(variances)
        if not self._sloped:
            return 0.0, 1.0, inverses
        information = target = 0.0
        for group, inverse in zip(self._groups, inverses, strict=True):
            pull = inverse @ group.slope
            information += len(group.rows) * float(group.slope @ pull)
            target += float(group.rows.sum(axis=0) @ pull)
        return target / information, information, inverses

    def _deviance(self, variances: Array) -> float:
        return self._with_gradient(variances)[0]

    def _with_gradient(self, variances: Array) -> tuple[float, Array]:
        """Return -2 log restricted likelihood and its slopes."""
        slope, information, inverses = self._slope(variances)
        total, gradient = math.log(information), np.zeros(len(variances))
        sloped = 1.0 if self._sloped else 0.0
        for group, inverse in zip(self._groups, inverses, strict=True):
            n = len(group.rows)
            left = group.rows - slope * group.slope
            square = left.T @ left
            _, log_inverse = np.linalg.slogdet(inverse)
            total += -n * log_inverse + float((inverse * square).sum())
            pull = inverse @ group.slope
            against = n * inverse - inverse @ square @ inverse
            against -= sloped * n / information * np.outer(pull, pull)
            gradient += np.tensordot(group.sources, against, axes=2)
        return total, gradient


def _limit(beyond: Callable[[float], float], *, inside: float, outside: float) -> float:
    """Return where a profile leaves its interval, by halving.

    Each value of a profile is a search of its own and a little rough; halving asks only
    for its sign, and ends on the wide side.
    """
    for _ in range(HALVINGS):
        middle = (inside + outside) / 2
        if beyond(middle) > 0:
            outside = middle
        else:
            inside = middle
    return outside


def _projected(
    person: PersonReadings, order: Sequence[str]
) -> tuple[Array, Array, Array] | None:
    """Return values, slope and sources without the person's own means."""
    away = null_space(person.means.T).T
    if not len(away):
        return None
    slope = np.zeros(len(person.values)) if person.slope is None else person.slope
    sources = np.stack([away @ person.sources[name] @ away.T for name in order])
    return away @ person.values, away @ slope, sources


def _told_apart(
    people: Sequence[tuple[Array, Array, Array]], order: Sequence[str]
) -> list[int]:
    """Return the sources that the design can tell apart."""
    columns = np.stack(
        [
            np.concatenate([one[2][i].ravel() for one in people])
            for i in range(len(order))
        ]
    )
    kept: list[int] = []
    for i, column in enumerate(columns):
        size = np.linalg.norm(column)
        if size < SPAN_TOLERANCE:
            continue
        rest = column
        if kept:
            base = columns[kept].T
            rest = column - base @ np.linalg.lstsq(base, column, rcond=None)[0]
        if np.linalg.norm(rest) > SPAN_TOLERANCE * size:
            kept.append(i)
    return kept


def _grouped(
    people: Sequence[tuple[Array, Array, Array]], seen: Sequence[int]
) -> list[_Group]:
    together: dict[bytes, list[tuple[Array, Array, Array]]] = defaultdict(list)
    for one in people:
        key = np.round(np.concatenate([one[1], one[2].ravel()]), 9)
        together[(key + 0.0).tobytes()].append(one)
    return [
        _Group(
            rows=np.stack([one[0] for one in members]),
            slope=members[0][1],
            sources=members[0][2][list(seen)],
        )
        for members in together.values()
    ]
