"""Feet that leave the picture: what a pose model guesses there is no contact."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from gaitkit.gait.walk import analyse_walk
from gaitkit.model.side import Side

if TYPE_CHECKING:
    from collections.abc import Callable

    import xarray as xr

    from gaitkit.gait.gates import WalkFacts
    from gaitkit.gait.walk import WalkResult
    from gaitkit_virtual.virtual_walk import VirtualWalk

    Walker = Callable[..., VirtualWalk]
    Film = Callable[..., xr.Dataset]
    Facts = Callable[..., WalkFacts]

WIDTH_PX = 1200.0
"""Four metres of the way are seen."""

LOST_PX = 20.0
"""The model loses a foot whose tip is so far beyond the edge."""

CLOCKS = (
    (25.0, "constant"),
    (30.0, "constant"),
    (50.0, "constant"),
    (50.0, "variable"),
    (60.0, "constant"),
    (60.0, "variable"),
)
"""Frames a second, and whether the film loses frames half way."""

WALKS = {
    "slow": {"stride_time_s": 1.5, "stride_length_m": 0.85},
    "usual": {"stride_time_s": 1.1, "stride_length_m": 1.28},
    "fast": {"stride_time_s": 0.9, "stride_length_m": 1.55},
}


def _guessed(raw: xr.Dataset, *, guess: str) -> xr.Dataset:
    """Return a film of which the right edge was moved in, as a pose model sees it.

    A foot beyond the edge is put beside the hips (``jump``) or at the edge (``edge``);
    a person whose hips are out is not seen.
    """
    seen = raw.copy(deep=True)
    place = seen["position"]
    hips = place.sel(space="x", keypoint=["left_hip", "right_hip"]).mean("keypoint")
    for side in Side:
        tip = place.sel(space="x", keypoint=f"{side}_foot_index")
        lost = (tip > WIDTH_PX + LOST_PX).to_numpy()
        shift = (tip - WIDTH_PX + 2.0) if guess == "edge" else (tip - hips)
        for part in ("ankle", "heel", "foot_index"):
            at = {"keypoint": f"{side}_{part}", "space": "x", "time": lost}
            place.loc[at] = place.loc[at] - shift[lost]
    out = (hips > WIDTH_PX - 5.0).to_numpy()
    place.loc[{"time": out}] = np.nan
    return seen


def _clock(raw: xr.Dataset, clock: str) -> xr.Dataset:
    """Return a constant film, or one that loses every second frame half way."""
    number = np.arange(raw.sizes["time"])
    if clock == "constant":
        return raw
    return raw.isel(time=(number < number.size // 2) | (number % 2 == 0))


def _invented_ms(result: WalkResult, virtual: VirtualWalk) -> float:
    """Return how far the worst contact is from any true one."""
    worst = 0.0
    for event in result.events:
        true = [
            other.time_s
            for other in virtual.events
            if other.side is event.side and other.kind == event.kind
        ]
        if event.kind == "initial_contact":
            worst = max(worst, 1000 * min(abs(t - event.time_s) for t in true))
    return worst


@pytest.mark.parametrize("guess", ["jump", "edge"])
@pytest.mark.parametrize("walks", sorted(WALKS))
@pytest.mark.parametrize("clock", CLOCKS, ids=str)
def test_no_contact_is_invented_where_a_foot_leaves_the_picture(
    walker: Walker,
    film: Film,
    facts: Facts,
    guess: str,
    walks: str,
    clock: tuple[float, str],
) -> None:
    rate_hz, kept = clock
    virtual = walker(rate_hz=rate_hz, duration_s=6.0, **WALKS[walks])
    hips = virtual.keypoints["position"].sel(keypoint="pelvis_center", space="forward")
    middle = float(hips.mean()) - 0.6
    raw = film(
        virtual,
        view="sagittal_right",
        target_forward_m=middle,
        width_px=int(WIDTH_PX),
    )
    seen = _clock(_guessed(raw, guess=guess), kept)
    result = analyse_walk(seen, facts=facts(picture_width_px=WIDTH_PX))
    assert _invented_ms(result, virtual) < 60.0
    cadence = [v.value for v in result.stride_values if v.name == "cadence"]
    true = 120.0 / WALKS[walks]["stride_time_s"]
    assert np.mean(cadence) == pytest.approx(true, abs=1.0)
