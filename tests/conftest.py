"""Fixtures that several parts of the tests share."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Return the folder of real recordings beside the checkout, or skip."""
    folder = Path(
        os.environ.get("GAITKIT_SHARED_DATA", REPOSITORY.parent / "shared" / "data")
    )
    if not folder.is_dir():
        pytest.skip(f"real recordings are not beside the checkout ({folder.name})")
    return folder


@pytest.fixture(scope="session")
def model_files() -> Path:
    """Return a folder with the detector and the ``full`` pose model, or skip.

    They are looked for where gaitkit looks, and fetched once when they are nowhere,
    unless ``GAITKIT_OFFLINE`` is set.
    """
    from gaitkit.errors import ModelFileError
    from gaitkit.pose.fetch import fetch
    from gaitkit.pose.files import DETECTOR, model_path

    try:
        if not os.environ.get("GAITKIT_OFFLINE"):
            fetch((DETECTOR, "full"))
        return model_path(DETECTOR).parent
    except ModelFileError as error:
        pytest.skip(str(error))
