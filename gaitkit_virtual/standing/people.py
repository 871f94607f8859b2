"""Different people: bodies, clothes, stances, cameras and careless hands, by seed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from gaitkit.errors import ConfigError
from gaitkit_virtual.body import Colour, Look, Sex
from gaitkit_virtual.painter import Light
from gaitkit_virtual.parameters import WalkerParameters
from gaitkit_virtual.scene import Room
from gaitkit_virtual.standing.parameters import StandingParameters
from gaitkit_virtual.standing.pictures import stance_camera, stance_setting
from gaitkit_virtual.stickers import Sticker, StickerColour

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gaitkit.model.recording import View
    from gaitkit_virtual.camera import Camera
    from gaitkit_virtual.film import Setting

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
    thigh_share : float or None
        Part of a difference that lies in the thigh, on average: 0.58 of the variance
        in 443 skeletons. None draws a share of 0.2 to 0.8 evenly.
    innominate_sd_mm, asis_own_sd_mm, psis_own_sd_mm : float
        Asymmetry of the pelvis: what the size of the hip bones does to ASIS, PSIS and
        seat bone alike (sd 2.3 mm in 366 skeletons), and the shape of each point by
        itself. ASIS together 3.5 mm, between the 2.3 and the 4.9 of ten hip patients.
    seat_sd_mm : float
        Asymmetry of the seat bones beyond that; assumed.
    hip_width_per_height, hip_width_sd : float or None, float
        Distance of the hip centres over the height; with 0.109 and 0.009 most people
        lie between 0.16 and 0.22 m. None follows from the ASIS.
    segment_sd : float
        Spread of thigh and shank over the height, each; 0.005, or wider.
    answer, answer_sd : float or None, float
        How far a pelvis follows a block and how that differs between people: 0.65 and
        0.14 (Fann 2003). None follows it by ``pelvis_share``.
    own_answer_low, own_answer_high : float
        How far a pelvis follows an own difference over how far it follows a block,
        drawn evenly; nobody has measured it.
    stance_sd_mm, stays_sd_mm, seated_sd_mm : float
        How much higher a hip stands only because the person stands so: each time anew,
        with the person and the block, and each time somebody sits. 4 mm between two
        stances (Fann 2003) are 2 and 2.
    skin_sd_mm, seated_skin_sd_mm : float
        Skin over the spines of the pelvis, each way, from stance to stance and from
        standing to sitting. Markers of the pelvis travel 3 mm over the bone in the
        quietest of movements seen by fluoroscopy, 54 in the largest (Fiorentino 2017,
        doi:10.1016/j.gaitpost.2017.03.033), those of the back 10 +- 6 mm between bent
        and straight (Zemp 2014, doi:10.1371/journal.pone.0095426): a range of 3 mm is
        an sd near 1; sitting is taken to move both sides alike but for 3 mm.
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
    thigh_share: float | None = None
    innominate_sd_mm: float = 0.0
    asis_own_sd_mm: float = 0.0
    psis_own_sd_mm: float = 0.0
    seat_sd_mm: float = 0.0
    hip_width_per_height: float | None = None
    hip_width_sd: float = 0.0
    segment_sd: float = 0.005
    answer: float | None = None
    answer_sd: float = 0.0
    own_answer_low: float = 1.0
    own_answer_high: float = 1.0
    stance_sd_mm: float = 0.0
    stays_sd_mm: float = 0.0
    seated_sd_mm: float = 0.0
    skin_sd_mm: float = 0.0
    seated_skin_sd_mm: float = 0.0
    trunk_follows_max: float = 0.5

    def __post_init__(self) -> None:
        """Refuse negative spreads."""
        for name in self.__dataclass_fields__:
            if (getattr(self, name) or 0.0) < 0:
                msg = f"simulate.spread.{name} is {getattr(self, name):g}; expected 0+"
                raise ConfigError(msg)


NARROW_WORLD = PeopleSpread()
"""The first virtual people: symmetric pelvises, no skin over bone, every block answered
in full but for a bent knee."""

WIDE_WORLD = PeopleSpread(
    common_sd_mm=4.9,
    rare_sd_mm=14.0,
    rare_share=0.3,
    thigh_share=0.58,
    innominate_sd_mm=2.3,
    asis_own_sd_mm=2.6,
    psis_own_sd_mm=4.0,
    seat_sd_mm=2.0,
    hip_width_per_height=0.109,
    hip_width_sd=0.009,
    segment_sd=0.009,
    answer=0.65,
    answer_sd=0.14,
    own_answer_low=0.8,
    own_answer_high=1.3,
    stance_sd_mm=2.0,
    stays_sd_mm=2.0,
    seated_sd_mm=2.0,
    skin_sd_mm=1.0,
    seated_skin_sd_mm=2.0,
)
"""People as bones, X-ray and fluoroscopy show them, wider than any method assumes."""

THIGH_GIVEN_SD_MM = 2.4
"""Spread of the thigh's part of a given difference: two nearly independent bones of 3.5
and 2.95 mm (443 skeletons) leave it."""


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
    if spread.thigh_share is not None:
        shank = _shank(difference, number, seed, spread)
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
    standing = _of_bones(standing, np.random.default_rng([seed, number, 6]), spread)
    return VirtualPerson(
        number=number,
        sex=sex,
        standing=standing,
        walking=_walking(standing, rng),
        look=_look(rng, sex),
        colour=STICKER_COLOURS[int(rng.integers(len(STICKER_COLOURS)))],
    )


def _shank(difference: float, number: int, seed: int, spread: PeopleSpread) -> float:
    """Draw how much of a difference lies in the shank."""
    drawn = np.random.default_rng([seed, number, 7]).normal(0, THIGH_GIVEN_SD_MM)
    return float(
        np.clip((1 - (spread.thigh_share or 0.0)) * difference + drawn, -45, 45)
    )


def _of_bones(
    person: StandingParameters, rng: np.random.Generator, spread: PeopleSpread
) -> StandingParameters:
    """Give a person a pelvis of their own and a way to answer what stands under them.

    The size of a hip bone lies two thirds above the hip centre and one third below.
    """
    size, asis, psis, seat = rng.normal(0, 1, 4)
    above = spread.innominate_sd_mm * size
    width, thigh, shank, answer = rng.normal(0, 1, 4)
    again = rng.uniform(spread.own_answer_low, spread.own_answer_high)
    own = replace(
        person,
        asis_difference_mm=round(float(above + spread.asis_own_sd_mm * asis), 2),
        psis_difference_mm=round(float(above + spread.psis_own_sd_mm * psis), 2),
        seat_difference_mm=round(float(above / 3 + spread.seat_sd_mm * seat), 2),
    )
    if spread.hip_width_per_height is not None:
        share = spread.hip_width_per_height + spread.hip_width_sd * width
        apart = float(np.clip(person.height_m * share, 0.155, 0.225))
        # bone lengths were drawn with 0.005 before; the rest is added here
        more = float(np.sqrt(max(spread.segment_sd**2 - 0.005**2, 0.0)))
        own = replace(
            own,
            hip_width_m=round(apart, 4),
            thigh_m=(person.thigh_m or 0.0) + person.height_m * more * float(thigh),
            shank_m=(person.shank_m or 0.0) + person.height_m * more * float(shank),
        )
    if spread.answer is None:
        return own
    block = float(np.clip(spread.answer + spread.answer_sd * answer, 0.2, 1.05))
    share = float(np.clip(block * again, 0.1, 1.0))
    return replace(own, block_share=round(block, 3), pelvis_share=round(share, 3))


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
    anew = np.random.default_rng([*seed, 1]).normal(0, spread.stance_sd_mm)
    return replace(
        person,
        stands_mm=round(float(anew), 3),
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


def skin_moved(
    stickers: Sequence[Sticker], *, seed: Sequence[int], sd_mm: float
) -> tuple[Sticker, ...]:
    """Let the skin slide over the spines of the pelvis, each sticker for itself.

    Parameters
    ----------
    stickers : sequence of Sticker
        As they were put on.
    seed : sequence of int
        Seed of this stance.
    sd_mm : float
        How far, each way.
    """
    rng = np.random.default_rng(list(seed))
    moved = []
    for sticker in stickers:
        outward, up = np.clip(rng.normal(0, 1, 2), -3, 3) * sd_mm
        on_pelvis = sticker.role in {"asis", "psis"}
        moved.append(
            replace(sticker, skin_outward_mm=float(outward), skin_up_mm=float(up))
            if on_pelvis
            else sticker
        )
    return tuple(moved)


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
