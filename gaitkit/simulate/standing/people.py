"""Different people: bodies, clothes, stances, cameras and careless hands, by seed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from gaitkit.errors import ConfigError
from gaitkit.simulate.body import Colour, Look, Sex
from gaitkit.simulate.painter import Light
from gaitkit.simulate.parameters import WalkerParameters
from gaitkit.simulate.scene import Room
from gaitkit.simulate.standing.parameters import StandingParameters
from gaitkit.simulate.standing.pictures import stance_camera, stance_setting
from gaitkit.simulate.stickers import Sticker, StickerColour

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gaitkit.model.recording import View
    from gaitkit.simulate.camera import Camera
    from gaitkit.simulate.film import Setting

SKINS: tuple[Colour, ...] = (
    (0.92, 0.74, 0.63),
    (0.80, 0.60, 0.49),
    (0.66, 0.47, 0.36),
    (0.48, 0.33, 0.25),
    (0.34, 0.23, 0.18),
)
STICKER_COLOURS: tuple[StickerColour, ...] = ("green", "blue", "red", "yellow", "ring")
GRAVEST_MM = 45.0
"""Larger differences than this are drawn again."""
SEX_HEIGHT_M: dict[Sex, tuple[float, float]] = {
    "female": (1.67, 0.065),
    "male": (1.81, 0.070),
}
"""Mean and standard deviation of adult height; adults of the Netherlands, rounded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PeopleSpread:
    """How different the people of a cohort are. Normal unless said otherwise.

    Attributes
    ----------
    common_sd_mm, rare_sd_mm, rare_share : float
        Leg-length differences: most people by the first standard deviation, a share
        of them by the second; Knutson 2005 (doi:10.1186/1746-1340-13-11) and a wider
        part for patients.
    eversion_mean_deg, eversion_sd_deg, eversion_difference_sd_deg : float
        Rearfoot angle in standing: mean and spread of people, spread of left - right.
    yaw_sd_deg, roll_sd_deg, tilt_sd_deg, distance_sd_m : float
        Stance out of the picture plane; camera.
    pelvis_placing_mm, rearfoot_placing_mm : float
        Error of each sticker along the skin, assumed.
    trunk_follows_max : float
        The trunk of each person leans with the pelvis by a share of its obliquity,
        evenly from 0 to this one: a judgement. Blocks of up to 40 mm tilted the pelvis
        and left the curves of the spine as they were (20 people, J Phys Ther Sci 2015,
        doi:10.1589/jpts.27.689), so the share is taken to be small.

    Raises
    ------
    ConfigError
        If a spread is negative.
    """

    common_sd_mm: float = 6.5
    rare_sd_mm: float = 15.0
    rare_share: float = 0.1
    eversion_mean_deg: float = 4.0
    eversion_sd_deg: float = 3.0
    eversion_difference_sd_deg: float = 2.5
    yaw_sd_deg: float = 2.5
    roll_sd_deg: float = 1.2
    tilt_sd_deg: float = 1.0
    distance_sd_m: float = 0.25
    pelvis_placing_mm: float = 2.5
    rearfoot_placing_mm: float = 0.5
    trunk_follows_max: float = 0.5

    def __post_init__(self) -> None:
        """Refuse negative spreads."""
        for name in self.__dataclass_fields__:
            if getattr(self, name) < 0:
                msg = f"simulate.spread.{name} is {getattr(self, name):g}; expected 0+"
                raise ConfigError(msg)


@dataclass(frozen=True, slots=True, kw_only=True)
class VirtualPerson:
    """One person of a cohort.

    Attributes
    ----------
    number : int
        1 for the first.
    sex : {"female", "male"}
        Height and shape depend on it.
    standing : StandingParameters
        How they stand.
    walking : WalkerParameters
        How they walk, on the same legs.
    look : Look
        Bare feet for pictures of standing.
    colour : str
        Colour of their stickers.
    """

    number: int
    sex: Sex
    standing: StandingParameters
    walking: WalkerParameters
    look: Look
    colour: StickerColour


def draw_person(number: int, *, seed: int, spread: PeopleSpread) -> VirtualPerson:
    """Draw one person; the same number and seed give the same one.

    Parameters
    ----------
    number : int
        Which person of the cohort.
    seed : int
        Seed of the cohort.
    spread : PeopleSpread
        How different people are.
    """
    rng = np.random.default_rng([seed, number, 0])
    sex: Sex = "female" if rng.random() < 0.5 else "male"  # noqa: PLR2004 - even chance
    mean, sd = SEX_HEIGHT_M[sex]
    height = round(float(np.clip(rng.normal(mean, sd), 1.45, 2.05)), 3)
    difference = _difference(rng, spread)
    shank = difference * rng.uniform(0.2, 0.8)
    eversion = rng.normal(spread.eversion_mean_deg, spread.eversion_sd_deg)
    apart = rng.normal(0, spread.eversion_difference_sd_deg)
    share = 1 - min(0.5, abs(rng.normal(0, 0.06)))
    standing = StandingParameters(
        height_m=height,
        asis_width_m=height * float(np.clip(rng.normal(0.141, 0.007), 0.12, 0.165)),
        thigh_m=height * float(rng.normal(0.245, 0.005)),
        shank_m=height * float(rng.normal(0.246, 0.005)),
        thigh_difference_mm=round(difference - shank, 2),
        shank_difference_mm=round(shank, 2),
        pelvis_share=share,
        knee_flexion_deg=float(np.clip(rng.normal(4, 2), 1, 10)),
        eversion_left_deg=float(np.clip(eversion + apart / 2, -8, 14)),
        eversion_right_deg=float(np.clip(eversion - apart / 2, -8, 14)),
        pelvic_tilt_deg=float(np.clip(rng.normal(10, 3), 0, 20)),
        trunk_follows=_follows(number, seed, spread),
    )
    return VirtualPerson(
        number=number,
        sex=sex,
        standing=standing,
        walking=_walking(standing, rng),
        look=_look(rng, sex),
        colour=STICKER_COLOURS[int(rng.integers(len(STICKER_COLOURS)))],
    )


def take_stance(
    person: StandingParameters, *, seed: Sequence[int], spread: PeopleSpread
) -> StandingParameters:
    """Let a person step on the spot again: feet and weight are never quite the same.

    Parameters
    ----------
    person : StandingParameters
        Who stands.
    seed : sequence of int
        Seed of this stance.
    spread : PeopleSpread
        How far people turn.
    """
    rng = np.random.default_rng(list(seed))
    return replace(
        person,
        stance_width_m=float(np.clip(rng.normal(0.19, 0.02), 0.13, 0.28)),
        toe_out_left_deg=float(np.clip(rng.normal(8, 4), -3, 22)),
        toe_out_right_deg=float(np.clip(rng.normal(8, 4), -3, 22)),
        yaw_deg=float(np.clip(rng.normal(0, spread.yaw_sd_deg), -15, 15)),
        shift_left_mm=float(np.clip(rng.normal(0, 8), -25, 25)),
        pelvic_rotation_deg=float(np.clip(rng.normal(0, 1.5), -5, 5)),
        trunk_lateral_lean_deg=float(np.clip(rng.normal(0, 1), -4, 4)),
    )


def take_camera(view: View, *, seed: Sequence[int], spread: PeopleSpread) -> Camera:
    """Set up a phone once more, a little crooked.

    Parameters
    ----------
    view : {"posterior", "anterior", "sagittal_left", "sagittal_right"}
        Side that it looks at.
    seed : sequence of int
        Seed of this set-up.
    spread : PeopleSpread
        How crooked.
    """
    rng = np.random.default_rng(list(seed))
    distance = float(np.clip(rng.normal(2.6, spread.distance_sd_m), 2.2, 3.6))
    return replace(
        stance_camera(view, distance_m=distance),
        height_m=float(np.clip(rng.normal(1.0, 0.07), 0.8, 1.2)),
        roll_deg=float(np.clip(rng.normal(0, spread.roll_sd_deg), -4, 4)),
        tilt_deg=float(np.clip(rng.normal(0, spread.tilt_sd_deg), -3, 3)),
        pan_deg=float(np.clip(rng.normal(0, 0.6), -2, 2)),
        distortion=float(rng.uniform(-0.03, 0.01)),
    )


def take_setting(view: View, *, seed: Sequence[int]) -> Setting:
    """Return a room with its own colours, light and camera noise.

    Parameters
    ----------
    view : {"posterior", "anterior", "sagittal_left", "sagittal_right"}
        Side of the person that is looked at.
    seed : sequence of int
        Seed of the room and the noise.
    """
    rng = np.random.default_rng(list(seed))
    plain = stance_setting(view, noise_sd=float(rng.uniform(1, 5)))
    tone = rng.uniform(0.62, 0.92)
    wood = rng.uniform(0.35, 0.68)
    room = Room(
        half_length_m=plain.room.half_length_m + float(rng.uniform(-0.2, 0.8)),
        half_width_m=plain.room.half_width_m + float(rng.uniform(0, 1)),
        wall=_rgb(tone * rng.uniform(0.94, 1.0, 3)),
        floor=_rgb(wood * np.array([1.0, 0.9, 0.78])),
        skirting=_rgb(np.full(3, rng.uniform(0.85, 0.98))),
        grain=float(rng.uniform(0.5, 1.5)),
    )
    light = Light(
        from_above=float(rng.uniform(0.15, 0.35)),
        from_camera=float(rng.uniform(0.25, 0.45)),
        ambient=float(rng.uniform(0.40, 0.58)),
        far_shade_per_m=0.0,
    )
    return replace(
        plain,
        room=room,
        light=light,
        blur_px=float(rng.uniform(0.3, 0.9)),
        plumb_line=plain.plumb_line if rng.random() < 0.5 else None,  # noqa: PLR2004
        seed=int(rng.integers(2**31)),
    )


def careless(
    stickers: Sequence[Sticker], *, seed: Sequence[int], spread: PeopleSpread
) -> tuple[Sticker, ...]:
    """Put stickers a little beside their points, as hands do.

    Parameters
    ----------
    stickers : sequence of Sticker
        Where they should be.
    seed : sequence of int
        Seed of the hands.
    spread : PeopleSpread
        How far beside.
    """
    rng = np.random.default_rng(list(seed))
    placed = []
    for sticker in stickers:
        pelvis = sticker.role in {"asis", "psis"}
        size = spread.pelvis_placing_mm if pelvis else spread.rearfoot_placing_mm
        outward, up = np.clip(rng.normal(0, 1, 2), -3, 3) * size
        placed.append(replace(sticker, outward_mm=float(outward), up_mm=float(up)))
    return tuple(placed)


def _follows(number: int, seed: int, spread: PeopleSpread) -> float:
    """Draw from a stream of its own, so that everything else stays as it was."""
    drawn = np.random.default_rng([seed, number, 5]).uniform()
    return round(float(spread.trunk_follows_max * drawn), 3)


def _difference(rng: np.random.Generator, spread: PeopleSpread) -> float:
    while True:
        rare = rng.random() < spread.rare_share
        size = spread.rare_sd_mm if rare else spread.common_sd_mm
        difference = float(rng.normal(0, size))
        if abs(difference) <= GRAVEST_MM:
            return round(difference, 2)


def _walking(person: StandingParameters, rng: np.random.Generator) -> WalkerParameters:
    return WalkerParameters(
        height_m=person.height_m,
        stride_time_s=float(rng.uniform(1.0, 1.2)),
        stride_length_m=float(rng.uniform(0.70, 0.78)) * person.height_m,
        thigh_m=person.thigh_m,
        shank_m=person.shank_m,
        thigh_difference_mm=person.thigh_difference_mm,
        shank_difference_mm=person.shank_difference_mm,
        pelvis_share=person.pelvis_share,
        eversion_peak_left_deg=person.eversion_left_deg + 3,
        eversion_peak_right_deg=person.eversion_right_deg + 3,
        eversion_contact_deg=-2.0,
        stride_time_sd_s=0.01,
        step_length_sd_m=0.012,
    )


def _look(rng: np.random.Generator, sex: Sex) -> Look:
    skin = SKINS[int(rng.integers(len(SKINS)))]
    return Look(
        skin=skin,
        hair=_rgb(rng.uniform(0.05, 0.55) * np.array([1.0, 0.75, 0.55])),
        shirt=_rgb(rng.uniform(0.1, 0.9, 3)),
        shorts=_rgb(rng.uniform(0.08, 0.45) * rng.uniform(0.8, 1.0, 3)),
        girth=float(rng.uniform(0.95, 1.2)) * (0.98 if sex == "female" else 1.02),
        shorts_to=float(rng.uniform(0.45, 0.75)),
        barefoot=True,
        sex=sex,
        weight=float(rng.uniform(-0.6, 0.6)),
    )


def _rgb(values: np.ndarray) -> Colour:
    red, green, blue = (float(value) for value in values)
    return red, green, blue
