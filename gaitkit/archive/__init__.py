"""The clinic archive: every old recording assessed once, kept, and asked questions.

``walk`` finds what is there, ``journal`` knows what became of it, ``engine`` has it
done by worker processes, ``store`` keeps the results as Parquet that pandas and duckdb
read without gaitkit. Nothing that names a person enters the store: subjects are
pseudonyms by a key that lies outside it, and so does the register of file names.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gaitkit.lazy import lazy

if TYPE_CHECKING:
    from gaitkit.archive.batch import Request, run_batch
    from gaitkit.archive.forget import forget_subject
    from gaitkit.archive.page import own_bands, repeatability, write_page
    from gaitkit.archive.query import ask, failures
    from gaitkit.archive.settings import BatchSettings
    from gaitkit.archive.tally import Tally

_HOME = {
    "BatchSettings": "gaitkit.archive.settings",
    "Request": "gaitkit.archive.batch",
    "Tally": "gaitkit.archive.tally",
    "ask": "gaitkit.archive.query",
    "failures": "gaitkit.archive.query",
    "forget_subject": "gaitkit.archive.forget",
    "own_bands": "gaitkit.archive.page",
    "repeatability": "gaitkit.archive.page",
    "run_batch": "gaitkit.archive.batch",
    "write_page": "gaitkit.archive.page",
}

__all__ = [
    "BatchSettings",
    "Request",
    "Tally",
    "ask",
    "failures",
    "forget_subject",
    "own_bands",
    "repeatability",
    "run_batch",
    "write_page",
]

__getattr__, __dir__ = lazy("gaitkit.archive", _HOME)
