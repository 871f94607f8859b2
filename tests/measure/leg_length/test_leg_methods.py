"""The data file of methods is whole, sourced and equal to the catalogue."""

from __future__ import annotations

import dataclasses
import tomllib
from importlib import resources

import pytest

from gaitkit.errors import ConfigError
from gaitkit.measure.leg_length.methods import (
    STANDING,
    Method,
    all_methods,
    method_named,
    own_errors,
    shipped_errors,
)
from gaitkit.model.catalogue import definition
from gaitkit.model.reason import reason_codes

DIFFERENCE = "structural_leg_length_difference"

every_method = pytest.mark.parametrize("method", all_methods(), ids=lambda m: m.name)


def known_references() -> set[str]:
    file = resources.files("gaitkit.rules") / "data" / "references.toml"
    return set(tomllib.loads(file.read_text(encoding="utf-8")))


@every_method
def test_each_method_names_its_source(method: Method) -> None:
    assert len(method.source) > 20
    assert set(method.references) <= known_references()
    assert method.references


@every_method
def test_an_assumed_error_of_a_picture_is_unconfirmed(method: Method) -> None:
    if method.kind in {"picture", "walking"} and method.status == "assumed":
        assert method.unconfirmed


@every_method
def test_the_catalogue_states_the_same_error(method: Method) -> None:
    known = definition(DIFFERENCE).error(method.name)
    if method.kind in {"clinical", "imaging"} and method.why_not is None:
        assert known is not None
    if known is not None and method.kind != "picture":
        assert known.sd == method.sd_mm


@every_method
def test_groups_and_reasons_exist(method: Method) -> None:
    assert set(method.groups) <= {group.name for group in shipped_errors().groups}
    assert method.why_not is None or method.why_not in reason_codes()
    if method.family is not None:
        assert STANDING in method.groups


def test_only_imaging_may_stand_alone() -> None:
    assert {m.name for m in all_methods() if m.alone} == {"x_ray", "ct", "ultrasound"}
    assert all(m.kind == "imaging" for m in all_methods() if m.alone)


def test_three_readings_by_each_of_two_people_level_to_five_millimetres() -> None:
    blocks = method_named("block_test")
    assert blocks is not None
    assert blocks.error_mm(readings=3, raters=2) == pytest.approx(5.3, abs=0.05)


@every_method
def test_people_take_off_more_error_than_repeats(method: Method) -> None:
    once = method.error_mm(readings=1, raters=1)
    repeated = method.error_mm(readings=4, raters=1)
    by_four = method.error_mm(readings=1, raters=4)
    assert once == pytest.approx(method.sd_mm)
    assert by_four < repeated < once
    assert by_four > method.method_mm


def test_measurements_of_markers_are_found_under_their_own_names() -> None:
    named = method_named("markers, hip to knee to ankle centre")
    assert named is not None
    assert named.name == "markers"
    assert method_named("pendulum") is None


def test_parts_larger_than_the_whole_are_refused() -> None:
    tape = method_named("tape")
    assert tape is not None
    with pytest.raises(
        ValueError, match="expected sd_mm above 0 and at least the parts"
    ):
        dataclasses.replace(tape, method_mm=9.0)


def test_a_practice_puts_its_own_errors_in_place() -> None:
    text = """
    [tape]
    sd_mm = 4.3
    bias_mm = -0.4
    confirmed = true
    source = "twenty people"
    [stance_stickers]
    confirmed = true
    [pictures]
    answer = 0.71
    """
    table = shipped_errors().with_own(own_errors(text))
    tape, shipped = table.named("tape"), shipped_errors().named("tape")
    assert tape is not None
    assert shipped is not None
    assert (tape.sd_mm, tape.bias_mm, tape.own) == (4.3, -0.4, True)
    # parts that were not measured keep their share
    assert tape.rater_mm == pytest.approx(shipped.rater_mm / 2)
    assert table.pictures.answer == 0.71
    pictures = table.named("stance_stickers")
    assert pictures is not None
    assert not pictures.unconfirmed


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[tape]\nsd = 3", r"own errors: tape\.sd is no key; expected sd_mm"),
        ("[tape]\nsd_mm = -1", r"tape\.sd_mm is -1; expected a number from 0"),
        ("[lint]\nsd_mm = 3", r"'lint' is no method; expected one of tape"),
        ("[tape]\nsd_mm = 3\nrater_mm = 5", r"at least the parts together, got 3"),
        ("tape = 3", r"tape: expected a table, got 3; write \[tape\]"),
        ("[tape", r"own errors: no TOML"),
    ],
)
def test_own_errors_that_cannot_be_are_refused(text: str, says: str) -> None:
    with pytest.raises(ConfigError, match=says):
        shipped_errors().with_own(own_errors(text))
