"""Small simulated recordings that the plate tests share."""

from __future__ import annotations

import pytest

from gaitkit_virtual.plate.walk import (
    PlateSpec,
    SimulatedPlate,
    WalkSpec,
    simulate_walk,
)

SHORT = PlateSpec(
    rows=70, cols=30, pitch_mm=(5.0, 5.0), rate_hz=50.0, duration_s=1.0, step_kpa=2.5
)
ONE_STEP = WalkSpec(steps=1, first_heel_mm=50.0, step_width_mm=0.0)


@pytest.fixture(scope="session")
def one_step() -> SimulatedPlate:
    """One left foot in the middle of a small plate."""
    return simulate_walk(ONE_STEP, SHORT)


@pytest.fixture(scope="session")
def long_walk() -> SimulatedPlate:
    """Six steps on a plate of 3.9 m with sensors of 5 mm, 1 deg off its direction."""
    plate = PlateSpec(
        rows=780, cols=76, pitch_mm=(5.0, 5.0), rate_hz=100.0, duration_s=3.6
    )
    return simulate_walk(
        WalkSpec(steps=6, toe_out_deg=(4.0, 11.0), line_deg=1.0), plate
    )
