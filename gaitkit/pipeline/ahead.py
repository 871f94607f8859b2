"""Load what comes after the pose model while it works.

The pose model leaves part of a processor idle. Loading parts of scipy and reading the
rules in that time takes more than a second off a short video.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING

from gaitkit.rules.loader import shipped_rules

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def loading_ahead() -> Iterator[None]:
    """Load in the background, until the block ends.

    What goes wrong here is told when the thing is asked for in earnest.
    """
    with ThreadPoolExecutor(max_workers=1) as background:
        background.submit(_load)
        yield


def _load() -> None:
    import xarray as xr
    from scipy import interpolate, optimize, signal  # noqa: F401 - to have them loaded

    xr.Dataset({"looks": ("for", [0.0])})  # xarray looks for dask at its first data set
    shipped_rules()
