"""Pictures of the pelvis: the likelihood against simulation, and what seats tell."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from gaitkit.measure.leg_length.evidence import of_pictures
from gaitkit.measure.leg_length.likelihood import pictures_log
from gaitkit.measure.leg_length.methods import shipped_errors
from gaitkit.measure.leg_length.posterior import GRID_MM, alone
from gaitkit.model.standing import PelvisTilt

ERRORS = shipped_errors().pictures


def tilt(
    mm: float, block: float = 0.0, *, seated: bool = False, line: str = "asis"
) -> PelvisTilt:
    return PelvisTilt(
        recording="r",
        line="asis" if line == "asis" else "psis",
        tilt_mm=mm,
        sd_mm=0.7,
        block_mm=block,
        seated=seated,
    )


def simulated(tilts: list[PelvisTilt], n: int = 400_000) -> np.ndarray:
    """Return the likelihood at a few differences by drawing people from the model."""
    rng = np.random.default_rng(7)
    g = np.maximum(rng.normal(ERRORS.answer, ERRORS.answer_sd, n), 0.15)
    k = np.maximum(rng.normal(ERRORS.own, ERRORS.own_sd, n), 0.3)
    gross = rng.random(n) < ERRORS.gross.share
    zero = ERRORS.lines["asis"].zero_mm
    z = rng.normal(0, np.where(gross, np.hypot(zero, ERRORS.gross.least_mm), zero))
    seat = rng.normal(0, ERRORS.seat_mm, n)
    stays = {t.block_mm: rng.normal(0, ERRORS.stays_mm, n) for t in tilts}
    found = []
    for d in (-10.0, 0.0, 10.0, 20.0):
        likely = np.ones(n)
        for t in tilts:
            usual = z + (
                seat if t.seated else g * (k * d - t.block_mm) + stays[t.block_mm]
            )
            anew = ERRORS.seated_mm if t.seated else ERRORS.stance_mm
            sd = np.hypot(anew, t.sd_mm)
            likely *= np.exp(-0.5 * ((t.tilt_mm - usual) / sd) ** 2)
        found.append(likely.mean())
    return np.array(found)


@pytest.mark.parametrize(
    "tilts",
    [
        [tilt(8.0)],
        [tilt(8.0), tilt(5.0, 6.0)],
        [tilt(8.0), tilt(9.0), tilt(3.0, seated=True), tilt(1.0, seated=True)],
    ],
    ids=["one", "block", "seated"],
)
def test_the_likelihood_is_that_of_people_drawn_from_the_model(
    tilts: list[PelvisTilt],
) -> None:
    log = pictures_log(tilts, ERRORS)
    own = np.exp(np.interp((-10.0, 0.0, 10.0, 20.0), GRID_MM, log))
    drawn = simulated(tilts)
    assert own / own.sum() == pytest.approx(drawn / drawn.sum(), abs=0.012)


def test_a_seated_picture_takes_the_asymmetry_of_the_pelvis_off() -> None:
    even = [tilt(0.0, seated=True), tilt(0.0, seated=True)]
    uneven = [tilt(6.0, seated=True), tilt(6.0, seated=True)]
    stance = [tilt(6.0), tilt(6.0)]
    without, legs, pelvis = (
        alone(pictures_log(tilts, ERRORS, gross=False))
        for tilts in (stance, [*stance, *even], [*stance, *uneven])
    )
    assert legs.mean_mm == pytest.approx(without.mean_mm, abs=1.5)
    assert legs.sd_mm < 0.75 * without.sd_mm
    assert abs(pelvis.mean_mm) < 0.4 * legs.mean_mm


def test_steps_between_standing_pictures_do_not_tell_the_legs() -> None:
    """The step of a block cancels the asymmetry and the difference with it."""
    one = alone(pictures_log([tilt(6.0)], ERRORS, gross=False))
    blocks = [tilt(6.0 - 0.65 * b, b) for b in (0.0, 3.0, 6.0, 9.0)]
    four = alone(pictures_log(blocks, ERRORS, gross=False))
    assert four.sd_mm > 0.75 * one.sd_mm


def test_a_line_behind_says_less_than_one_in_front() -> None:
    front, behind = (
        alone(pictures_log([tilt(6.0, line=line)], ERRORS, gross=False)).sd_mm
        for line in ("asis", "psis")
    )
    assert behind > 1.3 * front


def test_seated_pictures_alone_are_no_evidence() -> None:
    assert of_pictures([tilt(6.0, seated=True)]) == ()


def test_pictures_of_another_line_do_not_share_its_asymmetry() -> None:
    both = [tilt(6.0), tilt(6.0, seated=True, line="psis")]
    added = pictures_log(both, ERRORS) - pictures_log([tilt(6.0)], ERRORS)
    assert np.ptp(added) == pytest.approx(0.0, abs=1e-6)


def test_a_practice_that_stands_stiller_is_surer() -> None:
    stiller = dataclasses.replace(ERRORS, stance_mm=0.5, stays_mm=0.5)
    usual, own = (
        alone(pictures_log([tilt(6.0)], errors, gross=False)).sd_mm
        for errors in (ERRORS, stiller)
    )
    assert own < usual
