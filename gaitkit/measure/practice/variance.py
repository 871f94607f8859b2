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

from gaitkit.model.chance import COVERAGE

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    Array = NDArray[np.float64]

SPAN_TOLERANCE = 1e-6
"""A source whose matrices are a sum of those of others, to this share, is unseen."""

LARGEST_TIMES = 60.0
"""Upper limits are looked for up to so many times the spread of all readings."""

RIDGE = 1e-6
LEAST_START = 1e-3
"""Share of all variance from which a source starts that was found to be nothing."""

LIMIT_TOLERANCE = 0.01
"""Limits are found to this share of where they are looked for."""


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
class _Designs:
    """Designs of people with equally many readings, stacked.

    Readings are those of each person without their means. Of the people of a design
    the likelihood needs no more than how many they are, the sum of their readings and
    the sum of their products.

    Attributes
    ----------
    people : array (g,)
        How many people each design has.
    rows : tuple of g arrays (people, n)
        Their readings.
    sums, products : array (g, n), (g, n, n)
        Sums over people of readings and of their products.
    slope : array (g, n)
        What the common slope multiplies.
    sources : array (g, s, n, n)
        Covariance of each source.
    """

    people: Array
    rows: tuple[Array, ...]
    sums: Array
    products: Array
    slope: Array
    sources: Array

    def squares(self, slope: float) -> Array:
        """Return the summed products (g, n, n) of what the slope leaves."""
        cross = self.sums[:, :, None] * self.slope[:, None, :]
        straight = self.slope[:, :, None] * self.slope[:, None, :]
        straight = self.people[:, None, None] * straight
        both = cross + cross.transpose(0, 2, 1)
        return np.asarray(self.products - slope * both + slope**2 * straight)


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
        self._designs = _stacked(informative, seen)
        rows = np.concatenate([one[0] for one in informative])
        self._spread = float(np.sqrt((rows**2).mean())) + RIDGE
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
        limit = float(stats.f.ppf(COVERAGE, 1, max(self.people - 1, 1)))

        sd = math.sqrt(best)

        def beyond(trial: float) -> float:
            if trial == sd:
                return -math.sqrt(limit)
            # the root of a profile is nearly straight, so few trials find its limit
            more = self._deviance(self._fitted({index: trial**2})) - least
            return math.sqrt(max(more, 0.0)) - math.sqrt(limit)

        low = 0.0
        if sd > 0 and beyond(0.0) > 0:
            low = _limit(beyond, inside=sd, outside=0.0)
        step = max(sd, 0.05 * self._spread)
        high = sd + step
        while beyond(high) < 0 and high < LARGEST_TIMES * self._spread:
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
        slope, information, inverses = self._slope(self.variances)
        pulls = [
            float(pull)
            for designs, inverse in zip(self._designs, inverses, strict=True)
            for rows, x, weight in zip(
                designs.rows, designs.slope, inverse, strict=True
            )
            for pull in (rows - slope * x) @ weight @ x
        ]
        n = len(pulls)
        scatter = math.sqrt(n / (n - 1) * sum(p**2 for p in pulls)) / information
        half = float(stats.t.ppf(0.5 + COVERAGE / 2, n - 1)) * scatter
        return Interval(value=slope, low=slope - half, high=slope + half)

    def _fitted(self, fixed: dict[int, float]) -> Array:
        """Return the variances with some of them held."""
        count = len(self.sources)
        free = [i for i in range(count) if i not in fixed]
        scale = self._spread**2
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
        for designs in self._designs:
            whole = np.tensordot(designs.sources, variances, axes=(1, 0))
            size = whole.shape[-1]
            ridge = RIDGE * self._spread**2 * np.eye(size)
            result.append(np.asarray(np.linalg.inv(whole + ridge)))
        return result

    def _slope(self, variances: Array) -> tuple[float, float, list[Array]]:
        """Return the slope, the information about it, and the inverse covariances."""
        inverses = self._inverses(variances)
        if not self._sloped:
            return 0.0, 1.0, inverses
        information = target = 0.0
        for designs, inverse in zip(self._designs, inverses, strict=True):
            pull = np.einsum("gij,gj->gi", inverse, designs.slope)
            own = (designs.slope * pull).sum(axis=1)
            information += float(designs.people @ own)
            target += float((designs.sums * pull).sum())
        return target / information, information, inverses

    def _deviance(self, variances: Array) -> float:
        return self._with_gradient(variances)[0]

    def _with_gradient(self, variances: Array) -> tuple[float, Array]:
        """Return -2 log restricted likelihood and its slopes."""
        slope, information, inverses = self._slope(variances)
        total, gradient = math.log(information), np.zeros(len(variances))
        sloped = 1.0 if self._sloped else 0.0
        for designs, inverse in zip(self._designs, inverses, strict=True):
            people = designs.people[:, None, None]
            square = designs.squares(slope)
            _, log_inverse = np.linalg.slogdet(inverse)
            total += float((inverse * square).sum() - designs.people @ log_inverse)
            pull = np.einsum("gij,gj->gi", inverse, designs.slope)
            against = people * inverse - inverse @ square @ inverse
            outer = pull[:, :, None] * pull[:, None, :]
            against -= sloped / information * people * outer
            gradient += np.einsum("gsij,gij->s", designs.sources, against)
        return total, gradient


def _limit(beyond: Callable[[float], float], *, inside: float, outside: float) -> float:
    """Return where a profile leaves its interval, or the end where it never does."""
    if beyond(outside) <= 0:
        return outside
    tolerance = LIMIT_TOLERANCE * abs(outside - inside)
    return float(optimize.brentq(beyond, inside, outside, xtol=tolerance))


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


def _stacked(
    people: Sequence[tuple[Array, Array, Array]], seen: Sequence[int]
) -> list[_Designs]:
    together: dict[bytes, list[tuple[Array, Array, Array]]] = defaultdict(list)
    for one in people:
        key = np.round(np.concatenate([one[1], one[2].ravel()]), 9)
        together[(key + 0.0).tobytes()].append(one)
    by_size: dict[int, list[list[tuple[Array, Array, Array]]]] = defaultdict(list)
    for members in together.values():
        by_size[len(members[0][0])].append(members)
    return [_of_size(designs, seen) for designs in by_size.values()]


def _of_size(
    designs: list[list[tuple[Array, Array, Array]]], seen: Sequence[int]
) -> _Designs:
    rows = tuple(np.stack([one[0] for one in members]) for members in designs)
    return _Designs(
        people=np.array([float(len(each)) for each in rows]),
        rows=rows,
        sums=np.stack([each.sum(axis=0) for each in rows]),
        products=np.stack([each.T @ each for each in rows]),
        slope=np.stack([members[0][1] for members in designs]),
        sources=np.stack([members[0][2][list(seen)] for members in designs]),
    )
