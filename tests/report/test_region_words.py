"""Every region of the catalogue can be named in a report."""

from __future__ import annotations

import pytest

from gaitkit.model.catalogue import definitions
from gaitkit.report.words import words

NAMES = {d.name for d in definitions()}
REGIONS = sorted({r for d in definitions() for r in d.regions if r not in NAMES})


@pytest.mark.parametrize("region", REGIONS)
def test_a_region_has_a_name_in_both_languages(region: str) -> None:
    assert words("nl")(f"region.{region}")
    assert words("en")(f"region.{region}")
