"""What a batch would take: hours and disk, from a sample of the archive."""

from __future__ import annotations

import random
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from gaitkit.archive.item import Item
from gaitkit.archive.settings import cores
from gaitkit.archive.walk import walk
from gaitkit.archive.work import Job, do, load
from gaitkit.scratch import temporary_folder

if TYPE_CHECKING:
    from gaitkit.archive.batch import Request
    from gaitkit.archive.work import Outcome
    from gaitkit.model.progress import Progress

SAMPLE = 4
"""Visits of each kind of name that are assessed; drawn at random, with a fixed seed."""

SEED = 7
HOUR_S = 3600.0
GIGABYTE = 1e9


@dataclass(frozen=True, slots=True, kw_only=True)
class Stratum:
    """Visits whose files have the same ending.

    Attributes
    ----------
    ending : str
        Of the first recording.
    visits : int
        How many there are.
    bytes : int
        What they hold together.
    seconds, stored : tuple of float
        Of each visit of the sample: time, and bytes in the store.
    sampled_bytes : tuple of int
        What each visit of the sample holds.
    """

    ending: str
    visits: int
    bytes: int
    seconds: tuple[float, ...]
    stored: tuple[float, ...]
    sampled_bytes: tuple[int, ...]

    def total(self, values: tuple[float, ...]) -> tuple[float, float]:
        """Return the total over all visits of a value of the sample, and its error.

        Notes
        -----
        Ratio to the size: ``R = sum(y) / sum(x)``, total ``R X`` with X the size of
        the whole stratum; standard error ``N sqrt((1 - n/N) s^2 / n)`` with ``s`` the
        standard deviation of ``y - R x`` (Cochran, Sampling Techniques, 1977, 6.4).
        Wrong where time does not grow with size; the error then shows it.
        """
        y, x = np.array(values), np.array(self.sampled_bytes, float)
        if x.sum() <= 0.0:
            return float(y.mean() * self.visits), 0.0
        ratio = y.sum() / x.sum()
        n = y.size
        if n < 2:  # noqa: PLR2004 - one value has no spread
            return float(ratio * self.bytes), float(ratio * self.bytes)
        spread = float(np.sum((y - ratio * x) ** 2)) / (n - 1)
        left = max(1.0 - n / self.visits, 0.0)
        return float(ratio * self.bytes), self.visits * float(
            np.sqrt(left * spread / n)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """What a batch would take."""

    strata: tuple[Stratum, ...]
    workers: int
    refused: int

    def lines(self) -> list[str]:
        """Return the estimate in words."""
        visits = sum(each.visits for each in self.strata)
        size = sum(each.bytes for each in self.strata) / GIGABYTE
        sample = sum(len(each.seconds) for each in self.strata)
        hours, error = self._sum(0)
        stored, _ = self._sum(1)
        low = max(hours - 2.0 * error, 0.0) / HOUR_S / self.workers
        high = (hours + 2.0 * error) / HOUR_S / self.workers
        return [
            f"archive: {visits} visits, {size:.3g} GB",
            *(f"  {s.ending}: {s.visits}" for s in self.strata),
            f"sample: {sample} visits, {self.refused} of them refused",
            f"time: {hours / HOUR_S / self.workers:.3g} hours on {self.workers} "
            f"workers ({low:.2g} to {high:.2g})",
            f"disk: about {stored / GIGABYTE:.3g} GB for the store",
        ]

    def _sum(self, which: int) -> tuple[float, float]:
        totals = [s.total((s.seconds, s.stored)[which]) for s in self.strata]
        total = sum(value for value, _ in totals)
        return total, float(np.sqrt(sum(error**2 for _, error in totals)))


def estimate(request: Request, *, progress: Progress | None = None) -> Estimate:
    """Assess a sample of an archive and say what the whole would take.

    Parameters
    ----------
    request : Request
        As for the batch; the store is not touched.
    progress : Progress or None
        Told how far the sample is.

    Returns
    -------
    Estimate
        For as many workers as the batch would have; for a running scheduler, one.

    Raises
    ------
    InputError
        If the archive is not there.
    """
    counts: dict[str, int] = defaultdict(int)
    sizes: dict[str, int] = defaultdict(int)
    chosen: dict[str, list[Item]] = defaultdict(list)
    chance = random.Random(SEED)
    for found in walk(request.archive, follow_links=request.settings.follow_links):
        if isinstance(found, Item):
            ending = _ending(found)
            counts[ending] += 1
            sizes[ending] += found.size
            _draw(chosen[ending], found, counts[ending], chance)
    load()
    done: dict[str, list[Outcome]] = defaultdict(list)
    total = sum(map(len, chosen.values()))
    with temporary_folder() as folder:
        for ending, items in chosen.items():
            for item in items:
                done[ending].append(_try(item, request, folder))
                if progress is not None:
                    progress("sample", sum(map(len, done.values())), total)
    workers = request.settings.workers or cores()
    return Estimate(
        strata=tuple(
            Stratum(
                ending=ending,
                visits=counts[ending],
                bytes=sizes[ending],
                seconds=tuple(o.seconds for o in done[ending]),
                stored=tuple(_stored(o) for o in done[ending]),
                sampled_bytes=tuple(item.size for item in chosen[ending]),
            )
            for ending in sorted(counts)
        ),
        workers=1 if request.settings.scheduler else workers,
        refused=sum(o.state != "done" for each in done.values() for o in each),
    )


def _draw(sample: list[Item], item: Item, seen: int, chance: random.Random) -> None:
    """Keep a sample in which every item so far is with the same chance (reservoir)."""
    if len(sample) < SAMPLE:
        sample.append(item)
    elif (place := chance.randrange(seen)) < SAMPLE:
        sample[place] = item


def _try(item: Item, request: Request, folder: Path) -> Outcome:
    return do(Job(work="0" * 64, item=item, config=request.config, store=str(folder)))


def _stored(outcome: Outcome) -> float:
    """Return bytes in the store: series and rows, which Parquet packs as well."""
    return float(outcome.written + len(outcome.results or b""))


def _ending(item: Item) -> str:
    if item.layout == "visit_folder":
        return "visit folder"
    if item.layout == "keypoint_folder":
        return "folder of keypoints"
    return Path(item.path).suffix.lower() or "no ending"
