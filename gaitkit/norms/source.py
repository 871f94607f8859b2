"""Who was measured for a reference table, how fast they walked, and its licence."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Literal

from gaitkit.doors import shipped_table
from gaitkit.model.text import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """One source of reference data.

    Attributes
    ----------
    key : str
        Its table in ``sources.toml``, or a name of one's own.
    title, authors : str
        What it is and by whom.
    year : int
        Year of publication, or of the recordings.
    population : Text
        Who was measured and how.
    subjects, limbs : int
        How many persons and how many legs.
    valid_from_years : float
        Age from which the reference may be used: those that come with gaitkit are of
        adults.
    files : tuple of str
        The tables that come from it.
    doi, data_doi, licence, licence_url, changes : str
        Where it and its data are, on what terms it may be used, what was done to it;
        empty for a cohort of one's own.
    speed_m_s, speed_sd_m_s : float or None
        Mean and standard deviation of the walking speed; None when the table has
        several speeds.
    """

    key: str
    title: str
    authors: str
    year: int
    population: Text
    subjects: int
    limbs: int
    valid_from_years: float = 0.0
    files: tuple[str, ...] = ()
    doi: str = ""
    data_doi: str = ""
    licence: str = ""
    licence_url: str = ""
    changes: str = ""
    speed_m_s: float | None = None
    speed_sd_m_s: float | None = None

    @property
    def citation(self) -> str:
        """Authors, year, title and DOI on one line."""
        told = f"{self.authors} ({self.year}). {self.title}"
        return f"{told}. doi:{self.doi}" if self.doi else told


@cache
def reference(key: Literal["fukuchi2018", "wbds_spatiotemporal"]) -> Reference:
    """Return one source of reference data that comes with gaitkit."""
    raw: dict[str, Any] = dict(shipped_table("gaitkit.norms", "sources.toml")[key])
    files = tuple(raw.pop("files"))
    population = Text(**raw.pop("population"))
    return Reference(key=key, files=files, population=population, **raw)


def read_table(file: str, *, columns: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    """Return the named columns of a reference table, row by row, as text."""
    text = _folder().joinpath(file).read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines())
    return tuple(tuple(row[name] for name in columns) for row in rows)


def _folder() -> resources.abc.Traversable:
    return resources.files("gaitkit.norms")
