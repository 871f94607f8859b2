"""The sample data are found by name, wherever gaitkit is installed."""

from __future__ import annotations

import pytest

from gaitkit import read_visit, sample_path
from gaitkit.errors import InputError


def test_the_sample_visit_is_a_visit() -> None:
    assert read_visit(sample_path()).subject.subject_id == "sample-001"


@pytest.mark.parametrize("name", ["plate.txt.gz", "patients/10-raise-and-insole"])
def test_a_sample_is_found_by_its_name(name: str) -> None:
    assert sample_path(name).exists()


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("plate.txt", "did you mean 'plate.txt.gz'"),
        ("patients/10-raise-insole", "did you mean 'patients/10-raise-and-insole'"),
        ("nothing-like-it-at-all", "see README.md there"),
        ("../pyproject.toml", "there is no sample"),
    ],
)
def test_what_is_no_sample_is_refused_with_the_nearest(name: str, hint: str) -> None:
    with pytest.raises(InputError, match="there is no sample") as refused:
        sample_path(name)
    assert hint in str(refused.value)
