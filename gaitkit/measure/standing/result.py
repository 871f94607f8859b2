"""Measurements of stance pictures and block tests, each with its error or reason."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from gaitkit.measure.leg_length.methods import shipped_errors
from gaitkit.measure.row import Origin, absent, measured
from gaitkit.measure.standing.landmarks import landmark_posterior
from gaitkit.measure.uncertainty import Uncertainty
from gaitkit.model.reason import Reason, reason
from gaitkit.model.standing import BlockPoint

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gaitkit.measure.standing.landmarks import LandmarkSlope
    from gaitkit.measure.standing.settings import StandingSettings
    from gaitkit.model.measurement import Measurement
    from gaitkit.model.side import Side
    from gaitkit.model.standing import BlockLine, HeightLine, RearfootStanding

OBLIQUITY = "pelvic_obliquity_standing"
DIFFERENCE = "structural_leg_length_difference"
LEVELLING = "levelling_block_height"
REARFOOT = "rearfoot_angle_stance"

STICKERS, LANDMARKS = "stance_stickers", "stance_landmarks"
BLOCK_METHODS = {"sticker": "block_test_stickers", "landmark": "block_test_landmarks"}

HIP_WIDTH_PER_HEIGHT, HIP_WIDTH_RELATIVE_SD = 0.102, 0.10
"""Distance of the hip joint centres over stature: 0.66 of the ASIS distance plus 15 mm
(Harrington et al. 2007, doi:10.1016/j.jbiomech.2006.02.003), ASIS 0.141 of stature.
Its spread is a judgement."""


def hip_width_m(height_m: float) -> float:
    """Return the usual distance of the hip joint centres of a person, metres."""
    return HIP_WIDTH_PER_HEIGHT * height_m


def missing(
    names: Sequence[str], why: Reason, *, recording: str, method: str = STICKERS
) -> tuple[Measurement, ...]:
    """Return measurements without value, all for one reason."""
    return tuple(
        absent(why, Origin(name=name, method=method, recording=recording))
        for name in names
    )


def sticker_pelvis(
    line: HeightLine,
    *,
    width_mm: float | None,
    settings: StandingSettings,
    height_m: float | None,
    recording: str,
    frames: int,
) -> tuple[Measurement, ...]:
    """Return obliquity and leg-length difference from a pair of stickers.

    Parameters
    ----------
    line : HeightLine
        Of PSIS or ASIS.
    width_mm : float or None
        Distance of the two stickers; None without a scale.
    settings : StandingSettings
        How well stickers lie on their bones.
    height_m : float or None
        Stature, for the distance of the hips.
    recording : str
        Id.
    frames : int
        Pictures averaged.

    Notes
    -----
    The hips differ in height by ``hip distance * tan(angle)``. Of a difference of the
    legs a pelvis shows a part (0.65 of a block), and beside it its own asymmetry, the
    placing of the stickers and the stance of the moment: the difference is that height
    over the part, and its error that of the picture model of ``methods.toml``. Wrong
    where a knee bends or a foot everts on one side. The numbers are unconfirmed on real
    people.
    """
    placed = 0.0
    if width_mm is not None:
        placed = math.degrees(math.sqrt(2) * settings.placement_mm / width_mm)
    sd = math.hypot(line.angle_sd_deg, placed)
    origin = Origin(name=DIFFERENCE, method=STICKERS, recording=recording, n=frames)
    rows = [
        measured(line.angle_deg, Uncertainty(sd=sd), replace(origin, name=OBLIQUITY))
        if width_mm is not None or settings.placement_mm == 0
        else absent(reason("no_scale"), replace(origin, name=OBLIQUITY))
    ]
    if height_m is None or width_mm is None:
        rows.append(absent(reason("no_scale"), origin))
    else:
        hips_mm = 1000 * hip_width_m(height_m)
        rows.append(_legs_of(line, hips_mm=hips_mm, origin=origin))
    return tuple(replace(row, unconfirmed=row.value is not None) for row in rows)


def _legs_of(line: HeightLine, *, hips_mm: float, origin: Origin) -> Measurement:
    """Return the difference of the legs that one picture alone tells."""
    errors = shipped_errors().pictures
    shown = hips_mm * math.tan(math.radians(line.angle_deg))
    value = shown / errors.answer
    beside = math.hypot(
        hips_mm * math.radians(line.angle_sd_deg),
        errors.lines["psis" if line.role == "psis" else "asis"].zero_mm,
        errors.stance_mm,
        errors.stays_mm,
    )
    follows = math.hypot(
        errors.answer_sd / errors.answer, errors.own_sd, HIP_WIDTH_RELATIVE_SD
    )
    sd = math.hypot(beside / errors.answer, value * follows)
    return measured(value, Uncertainty(sd=sd), origin)


def landmark_pelvis(
    line: HeightLine,
    *,
    width_mm: float | None,
    slope: LandmarkSlope | None,
    recording: str,
    frames: int,
) -> tuple[Measurement, ...]:
    """Return obliquity and leg-length difference from the hips of the pose model.

    Parameters
    ----------
    line : HeightLine
        Of the hips as shown, the lean of the trunk taken out (`LandmarkSlope.upright`).
    width_mm : float or None
        Distance of the two hips as shown; None without a scale.
    slope : LandmarkSlope or None
        What the model shows of a true difference; None: nobody measured it.
    recording : str
        Id.
    frames : int
        Pictures averaged.

    Notes
    -----
    The value is the evidence of the picture (`landmark_posterior`); without a number
    where the picture leaves the difference about as unsure as it was.
    """
    names = (OBLIQUITY, DIFFERENCE)
    if slope is None:
        why = reason("landmark_slope_unknown")
        return missing(names, why, recording=recording, method=LANDMARKS)
    if line.difference_mm is None or line.sd_mm is None or width_mm is None:
        why = reason("no_scale")
        return missing(names, why, recording=recording, method=LANDMARKS)
    point = BlockPoint(
        recording=recording, block_mm=0.0, tilt_mm=line.difference_mm, sd_mm=line.sd_mm
    )
    posterior = landmark_posterior([point], model=slope.line_model())
    true, sd = posterior.evidence_mm, posterior.evidence_sd_mm
    if true is None or sd is None or not posterior.is_informative:
        why = reason("landmarks_say_little")
        return missing(names, why, recording=recording, method=LANDMARKS)
    angle = math.degrees(math.atan2(true, width_mm))
    origin = Origin(
        name=DIFFERENCE,
        method=LANDMARKS,
        recording=recording,
        n=frames,
        unconfirmed=slope.unconfirmed,
        quality="limited",
    )
    return (
        measured(
            angle,
            Uncertainty(sd=math.degrees(sd / width_mm)),
            replace(origin, name=OBLIQUITY),
        ),
        measured(true, Uncertainty(sd=sd), origin),
    )


def rearfoot_row(
    found: RearfootStanding | Reason, *, side: Side, recording: str, frames: int
) -> Measurement:
    """Return the rearfoot angle of a standing foot as a measurement."""
    origin = Origin(name=REARFOOT, side=side, method=STICKERS, recording=recording)
    if isinstance(found, Reason):
        return absent(found, origin)
    known = Uncertainty(sd=found.sd_deg)
    return measured(found.angle_deg, known, replace(origin, n=frames, unconfirmed=True))


def block_rows(line: BlockLine) -> tuple[Measurement, ...]:
    """Return the levelling height and the leg-length difference of a block test.

    Of landmarks the height holds what is usual among people, and the difference does
    not: it is weighed with other methods, and with the prior, later.
    """
    origin = Origin(
        name=LEVELLING, method=BLOCK_METHODS[line.source], n=len(line.points)
    )
    if line.levelling_mm is None or line.sd_mm is None:
        return tuple(
            absent(line.reason or reason("not_measured"), replace(origin, name=name))
            for name in (LEVELLING, DIFFERENCE)
        )
    origin = replace(
        origin,
        unconfirmed=line.unconfirmed,
        quality="ok" if line.reason is None else "limited",
    )
    level, known = line.levelling_mm, Uncertainty(sd=line.sd_mm)
    interval = None
    if line.low_mm is not None and line.high_mm is not None:
        interval = (line.low_mm, line.high_mm)
    apart = replace(origin, name=DIFFERENCE)
    told = measured(level, known, origin, interval=interval)
    if line.evidence_mm is None or line.evidence_sd_mm is None:
        return told, measured(level, known, apart, interval=interval)
    weighed = Uncertainty(sd=line.evidence_sd_mm)
    return told, measured(line.evidence_mm, weighed, apart)
