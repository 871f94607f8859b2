"""How right is the leg-length estimate? Readings drawn with the errors of the methods.

True differences are drawn from the prior of clinic patients, readings from the errors
in methods.toml with what methods share; the estimate never sees which patient has
which. This shows that the computation is right when the errors are as stated, and what
happens when they are not; it does not show that they are. Regenerate leg_length.md with

    python benchmarks/accuracy/leg_length.py
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from gaitkit.measure.leg_length.evidence import Evidence
from gaitkit.measure.leg_length.methods import Method, all_methods, method_named
from gaitkit.measure.leg_length.posterior import after
from gaitkit.measure.leg_length.prior import (
    POPULATION_SD_MM,
    PRIORS,
    WIDE_SD_MM,
    WIDE_WEIGHT,
)
from gaitkit.measure.leg_length.together import covariance, put_together

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from gaitkit.measure.leg_length.posterior import Belief

RESULT = Path(__file__).with_suffix(".md")
PATIENTS = 4000
SEED = 11
SURE, RAISE_FROM = 0.9, 0.8
HEAD = f"""# Accuracy of the leg-length estimate on drawn readings

{PATIENTS} patients a row: true differences from the prior of clinic patients (0.9 N(0,
6.5 mm) + 0.1 N(0, 15 mm)), readings with the errors of `methods.toml`, shared parts
included. `error` is that of the methods together; `RMSE` of the posterior mean;
`coverage` of the 95 % interval; `side` how sure the estimate is of the longer leg on
average and how often that is right, then the same where it is more than 90 % sure;
`equal legs` how often patients without any difference get P(|difference| > 5 mm) of at
least 0.80; `contradict` how often methods are said to contradict each other. Written
by `leg_length.py`.

This checks the computation, not the errors that it is given. The cohort of pictures
checks those of pictures.
"""
COLUMNS = (
    "methods", "error mm", "RMSE mm", "coverage", "side said / right",
    "side > 0.9: said / right", "equal legs", "contradict",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Methods of a visit, and how much larger their errors really are."""

    name: str
    methods: tuple[str, ...]
    readings: int = 1
    raters: int = 1
    really: float = 1.0


FUSED = (
    Case(name="tape, two people", methods=("tape",), raters=2),
    Case(name="blocks, 3 x two people", methods=("block_test",), readings=3, raters=2),
    Case(name="tape + blocks", methods=("tape", "block_test")),
    Case(name="tape + blocks, 3 x two people", methods=("tape", "block_test"),
         readings=3, raters=2),
    Case(name="tape + X-ray", methods=("tape", "x_ray")),
    Case(name="tape + blocks + stance picture (stickers)",
         methods=("tape", "block_test", "stance_stickers")),
    Case(name="tape + block test and stance picture (stickers)",
         methods=("tape", "block_test_stickers", "stance_stickers")),
    Case(name="block test and stance picture (body points)",
         methods=("block_test_landmarks", "stance_landmarks")),
    Case(name="all but imaging", methods=tuple(
        m.name for m in all_methods() if m.why_not is None and m.kind != "imaging")),
)  # fmt: skip
WRONG = tuple(
    replace(case, name=f"{case.name}, errors really {factor:g} x", really=factor)
    for case in FUSED[2:6:3]
    for factor in (0.7, 1.5, 2.0)
)


def drawn(generator: np.random.Generator) -> NDArray[np.float64]:
    """Return true differences of clinic patients, mm."""
    wide = generator.random(PATIENTS) < WIDE_WEIGHT
    return generator.normal(0.0, np.where(wide, WIDE_SD_MM, POPULATION_SD_MM))


def plain(case: Case) -> list[Evidence]:
    """Return the methods of a case with their stated errors and no values."""
    methods = [m for m in map(method_named, case.methods) if m is not None]
    return [
        Evidence(method=method, value_mm=0.0, sd_mm=_error(method, case))
        for method in methods
    ]


def cells(case: Case) -> Iterator[str]:
    """Yield the cells of one row."""
    generator = np.random.default_rng(SEED)
    true = drawn(generator)
    methods = plain(case)
    root = case.really * np.linalg.cholesky(covariance(methods))
    noise = generator.normal(size=(PATIENTS, len(methods))) @ root.T
    believed = [_believed(methods, row) for row in true[:, None] + noise]
    equal = [_believed(methods, row) for row in noise]
    rank = np.array([b.below(t) for (b, _), t in zip(believed, true, strict=True)])
    left = np.array([belief.left_longer for belief, _ in believed])
    errors = np.array([b.mean_mm for b, _ in believed]) - true
    said, right = np.maximum(left, 1 - left), (left > 0.5) == (true > 0)
    sure = said > SURE
    yield case.name
    yield f"{put_together(methods).sd_mm:.1f}"
    yield f"{np.sqrt(np.mean(errors**2)):.1f}"
    yield f"{np.mean((rank > 0.025) & (rank < 0.975)):.1%}"
    yield f"{said.mean():.2f} / {right.mean():.2f}"
    yield f"{said[sure].mean():.2f} / {right[sure].mean():.2f}"
    yield f"{np.mean([b.larger_than(5.0) >= RAISE_FROM for b, _ in equal]):.1%}"
    yield f"{np.mean([widened for _, widened in believed]):.1%}"


def _error(method: Method, case: Case) -> float:
    return method.error_mm(readings=case.readings, raters=case.raters)


def _believed(
    methods: Sequence[Evidence], values: NDArray[np.float64]
) -> tuple[Belief, bool]:
    read = [replace(e, value_mm=float(v)) for e, v in zip(methods, values, strict=True)]
    both = put_together(read)
    belief = after(PRIORS["clinic"], value_mm=both.value_mm, sd_mm=both.sd_mm)
    return belief, both.widened > 1.0


def table(cases: Sequence[Case]) -> Iterator[str]:
    """Yield the lines of one table."""
    yield "| " + " | ".join(COLUMNS) + " |"
    yield "| --- " * len(COLUMNS) + "|"
    for case in cases:
        yield "| " + " | ".join(cells(case)) + " |"


def main() -> None:
    """Write all tables."""
    alone = [
        Case(name=m.name, methods=(m.name,)) for m in all_methods() if not m.why_not
    ]
    parts = (
        ("One method, one reading by one person", alone),
        ("Several methods", FUSED),
        ("When all errors are really smaller or larger than stated", WRONG),
    )
    lines = [HEAD]
    for title, cases in parts:
        lines += [f"## {title}", "", *table(cases), ""]
    RESULT.write_text("\n".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
