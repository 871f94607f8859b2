"""Who was measured for a reference table, how fast they walked, and its licence."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Literal

from gaitkit.doors import shipped_table
from gaitkit.model.text import Text

ReferenceKey = Literal["fukuchi2018", "wbds_spatiotemporal"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """One source of reference data.

    Attributes
    ----------
    key : str
        Its table in ``sources.toml``.
    files : tuple of str
        The tables that come from it.
    title, authors, doi, data_doi, licence, licence_url, changes : str
        How to cite it, on what terms it may be used, what was done to it.
    year : int
        Year of publication.
    population : Text
        Who was measured and how.
    subjects, limbs : int
        How many persons and how many legs.
    valid_from_years : float
        Age from which the reference may be used: it is of adults.
    speed_m_s, speed_sd_m_s : float or None
        Mean and standard deviation of the walking speed; None when the table has
        several speeds.
    """

    key: ReferenceKey
    files: tuple[str, ...]
    title: str
    authors: str
    year: int
    doi: str
    data_doi: str
    licence: str
    licence_url: str
    changes: str
    population: Text
    subjects: int
    limbs: int
    valid_from_years: float
    speed_m_s: float | None = None
    speed_sd_m_s: float | None = None

    @property
    def citation(self) -> str:
        """Authors, year, title and DOI on one line."""
        return f"{self.authors} ({self.year}). {self.title}. doi:{self.doi}"


@cache
def reference(key: ReferenceKey) -> Reference:
    """Return one source of reference data."""
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
