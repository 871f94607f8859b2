"""Numbers read as people write them."""

from __future__ import annotations

from gaitkit.model.wording import interval, number, percent, quantity, signed


def test_dutch_has_a_comma_and_a_real_minus() -> None:
    assert number(-3.14159, 2, "nl") == "−3,14"
    assert number(-3.14159, 2, "en") == "−3.14"


def test_minus_zero_is_zero() -> None:
    assert number(-0.004, 2, "nl") == "0,00"


def test_a_signed_number_shows_its_plus_but_zero_does_not() -> None:
    assert signed(1.26, 1, "en") == "+1.3"
    assert signed(-1.26, 1, "en") == "−1.3"
    assert signed(0.01, 1, "en") == "0.0"


def test_a_quantity_takes_decimals_and_unit_from_the_catalogue() -> None:
    assert quantity(61.04, "knee_flexion_swing_peak", "nl") == "61,0°"
    assert quantity(1.234, "walking_speed", "en") == "1.23\N{NARROW NO-BREAK SPACE}m/s"


def test_an_interval_says_to_and_not_a_dash_that_reads_as_minus() -> None:
    assert interval(-2.0, 3.0, "hip_extension_peak", "nl") == "−2,0 tot 3,0"
    assert interval(-2.0, 3.0, "hip_extension_peak", "en") == "−2.0 to 3.0"


def test_a_fraction_becomes_a_whole_percentage() -> None:
    assert percent(0.825, "en").startswith("82")
