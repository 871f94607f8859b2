"""A measurement is a number with its error or a reason, never something between."""

from __future__ import annotations

import math
import re
import tomllib
from importlib import resources

import pytest

from gaitkit.errors import CatalogueError
from gaitkit.model.measurement import Measurement
from gaitkit.model.reason import reason, reason_codes
from gaitkit.model.side import Side
from gaitkit.model.text import Text


def test_a_unit_that_is_not_of_the_catalogue_is_refused() -> None:
    with pytest.raises(CatalogueError, match="step_length has unit 'm', got 'cm'"):
        Measurement(name="step_length", unit="cm", value=69.0)


def test_a_region_that_is_not_of_the_catalogue_is_refused() -> None:
    with pytest.raises(CatalogueError, match="symmetry_index has regions"):
        Measurement(name="symmetry_index", unit="%", value=1.0, region="nose")


def test_a_region_on_a_measure_without_regions_is_refused() -> None:
    with pytest.raises(CatalogueError, match="stance has no regions, got 'hallux'"):
        Measurement(name="stance", unit="%", value=60.0, region="hallux")


def test_a_side_on_a_measure_of_the_whole_person_is_refused() -> None:
    with pytest.raises(CatalogueError, match="cadence belongs to no side, got left"):
        Measurement(name="cadence", unit="/min", value=100.0, side=Side.LEFT)


def test_neither_value_nor_reason_is_refused() -> None:
    with pytest.raises(ValueError, match="either a value or why_missing"):
        Measurement(name="stance", unit="%", value=None)


def test_value_and_reason_together_are_refused() -> None:
    with pytest.raises(ValueError, match="either a value or why_missing"):
        Measurement(name="stance", unit="%", value=60.0, why_missing=reason("no_scale"))


@pytest.mark.parametrize("field", ["value", "sd", "low", "high", "shared_sd", "dof"])
def test_a_number_that_is_not_finite_is_refused(field: str) -> None:
    numbers = {"value": 60.0, field: math.nan}
    with pytest.raises(ValueError, match="not finite"):
        Measurement(name="stance", unit="%", **numbers)


def test_every_reason_is_written_in_both_languages_with_the_same_blanks() -> None:
    file = resources.files("gaitkit.model") / "reasons.toml"
    table = tomllib.loads(file.read_text(encoding="utf-8"))
    assert set(table) == set(reason_codes())
    for code, entry in table.items():
        for part in ("text", "advice"):
            blanks = [
                sorted(re.findall(r"{(\w+)}", entry[part][lang]))
                for lang in ("nl", "en")
            ]
            assert blanks[0] == blanks[1], (code, part)


def test_a_text_fills_in_each_language_its_own_words() -> None:
    sentence = Text(nl="Film van {side}.", en="Film from {side}.")
    filled = sentence.filled(side=Text(nl="achteren", en="behind"))
    assert filled == Text(nl="Film van achteren.", en="Film from behind.")


def test_numbers_are_written_as_each_language_writes_them() -> None:
    sentence = Text(
        nl="{rate} beelden, {ratio} maal", en="{rate} frames, {ratio} times"
    )
    filled = sentence.filled(rate=30.0, ratio=0.61)
    assert filled == Text(nl="30 beelden, 0,61 maal", en="30 frames, 0.61 times")
