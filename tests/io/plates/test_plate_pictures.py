"""Pictures of pressure hold what they should show."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from gaitkit.measure.foot.plate import analyse_plate
from gaitkit.model.contact import ContactFlag, Region
from gaitkit.plots.pressure_curves import (
    plot_balance,
    plot_force,
    plot_regions,
    roll_off_pictures,
)
from gaitkit.plots.pressure_drawing import FLAG_WORDS, REGION_WORDS
from gaitkit.plots.pressure_map import plot_pressure_map
from gaitkit.plots.pressure_sides import plot_pressure_sides

if TYPE_CHECKING:
    from gaitkit.model.plate import PlateResult
    from gaitkit_virtual.plate.walk import SimulatedPlate


@pytest.fixture(scope="module")
def result(one_step: SimulatedPlate) -> PlateResult:
    return analyse_plate(one_step.data)


def texts(ax: object) -> str:
    return " ".join(t.get_text() for t in ax.texts)  # type: ignore[attr-defined]


def test_the_map_names_each_contact_and_has_a_scale(result: PlateResult) -> None:
    ax = plot_pressure_map(result.feet, line=result.line, language="nl")
    assert "1 links" in texts(ax)
    assert "50 mm" in texts(ax)
    labels = [a.get_ylabel() for a in ax.figure.axes]
    assert "grootste druk (kPa)" in labels
    english = plot_pressure_map(result.feet, language="en")
    assert "1 left" in texts(english)


def test_the_curves_hold_the_forces(result: PlateResult) -> None:
    ax = plot_force(result.feet, language="en")
    top = max(line.get_ydata().max() for line in ax.lines)
    assert top == pytest.approx(result.feet[0].load.force_n.max())
    regions = plot_regions(result.feet[0], language="en")
    assert len(regions.lines) == len(Region)
    assert len(plot_balance(result.feet).lines) == 2


def test_both_sides_share_one_scale(result: PlateResult) -> None:
    foot = result.feet[0]
    left, right = plot_pressure_sides(foot, None)
    assert left.images[0].get_clim()[1] == pytest.approx(float(foot.contact.peak.max()))
    assert not right.images


def test_the_roll_off_has_a_picture_for_every_frame_of_stance(
    result: PlateResult,
) -> None:
    foot = result.feet[0]
    pictures = list(roll_off_pictures(foot))
    assert len(pictures) == foot.load.last - foot.load.first + 1
    assert {p.shape for p in pictures} == {pictures[0].shape}
    assert pictures[0].shape[0] % 2 == pictures[0].shape[1] % 2 == 0
    assert pictures[0].dtype == np.uint8


def test_every_region_and_flag_has_words() -> None:
    assert set(REGION_WORDS) == set(Region)
    assert set(FLAG_WORDS) == set(ContactFlag)
