"""The pictures of a block test, pooled over a visit: where the pelvis is level.

The errors that the estimate of a visit takes: as shipped, or of a practice's kit.
"""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from gaitkit.errors import ConfigError, InputError
from gaitkit.io.kit_file import read_practice
from gaitkit.measure.leg_length.methods import ErrorTable, shipped_errors
from gaitkit.measure.practice.own import STICKER_METHOD, errors_of
from gaitkit.measure.standing.block_test import LineModel, block_line
from gaitkit.measure.standing.landmark_line import landmark_line
from gaitkit.measure.standing.landmarks import landmark_slope
from gaitkit.measure.standing.result import (
    BLOCK_METHODS,
    DIFFERENCE,
    HIP_WIDTH_RELATIVE_SD,
    LEVELLING,
    block_rows,
    hip_width_m,
    missing,
)
from gaitkit.model.reason import Reason, reason
from gaitkit.model.side import Side
from gaitkit.model.standing import BlockPoint, PelvisTilt

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gaitkit.config import Config
    from gaitkit.measure.standing.landmarks import LandmarkSlope
    from gaitkit.model.analysis import Analysis
    from gaitkit.model.measurement import Measurement
    from gaitkit.model.standing import BlockLine, HeightLine, PointRole, StancePicture
    from gaitkit.model.visit import Visit

STICKER_ROLES: tuple[PointRole, ...] = ("asis", "psis")


def with_block_tests(
    analyses: Sequence[Analysis], visit: Visit, config: Config
) -> tuple[Analysis, ...]:
    """Return the analyses with the block test of the visit on its first picture.

    Parameters
    ----------
    analyses : sequence of Analysis
        One for each recording of the visit, in order.
    visit : Visit
        Which blocks lay under which foot, and the height of the person.
    config : Config
        Settings; the size of the pose model.

    Returns
    -------
    tuple of Analysis
        ``block_lines``, levelling height and leg-length difference on the first
        picture of kind ``block_test`` that was not refused; as they are without any.
    """
    first = next(
        (n for n, a in enumerate(analyses) if a.recording.kind == "block_test"), None
    )
    if first is None:
        return tuple(analyses)
    lines = _lines(analyses, visit, config)
    if lines:
        rows = tuple(row for line in lines for row in block_rows(line))
    else:
        rows = _nothing(analyses)
    result = list(analyses)
    old = result[first]
    result[first] = replace(
        old, block_lines=lines, measurements=(*old.measurements, *rows)
    )
    return tuple(result)


def pelvis_tilts(analyses: Sequence[Analysis], visit: Visit) -> tuple[PelvisTilt, ...]:
    """Return what every usable picture with stickers shows of the pelvis.

    Parameters
    ----------
    analyses : sequence of Analysis
        One for each recording of the visit.
    visit : Visit
        The height of the person gives the distance of the hips.

    Returns
    -------
    tuple of PelvisTilt
        In mm between the hip joints, ``hip distance * tan(angle)``: no scale of the
        picture is needed. Empty without a height; a picture of a block test whose
        block is not known is left out.
    """
    height_m = visit.subject.height_m
    if height_m is None:
        return ()
    hips_mm = 1000.0 * hip_width_m(height_m)
    return tuple(
        _tilt(analysis.recording.id, analysis.standing, line, hips_mm)
        for analysis in analyses
        if analysis.standing is not None
        and (
            analysis.recording.kind == "stance"
            or signed_block_mm(analysis.standing) is not None
        )
        for line in analysis.standing.lines
        if line.role in STICKER_ROLES
    )


def _tilt(
    recording: str, picture: StancePicture, line: HeightLine, hips_mm: float
) -> PelvisTilt:
    rolled = picture.roll_sd_deg if picture.roll_source == "none" else 0.0
    return PelvisTilt(
        recording=recording,
        line="asis" if line.role == "asis" else "psis",
        tilt_mm=hips_mm * math.tan(math.radians(line.angle_deg)),
        sd_mm=hips_mm * math.radians(line.angle_sd_deg),
        block_mm=signed_block_mm(picture) or 0.0,
        seated=picture.posture == "seated",
        roll_mm=hips_mm * math.radians(rolled),
    )


def _lines(
    analyses: Sequence[Analysis], visit: Visit, config: Config
) -> tuple[BlockLine, ...]:
    """Return the line of the stickers and that of the landmarks, where there are any.

    Of stickers on PSIS and on ASIS the surer line counts.
    """
    pictures = [
        (a.recording.id, a.standing)
        for a in analyses
        if a.recording.kind == "block_test" and a.standing is not None
    ]
    known = [(i, p) for i, p in pictures if signed_block_mm(p) is not None]
    found = []
    stickers = [
        line
        for role in STICKER_ROLES
        if (line := _sticker_line(known, role, visit, config)) is not None
    ]
    if stickers:
        found.append(min(stickers, key=_width))
    landmarks = _landmark_line(known, config)
    if landmarks is not None:
        found.append(landmarks)
    return tuple(found)


def signed_block_mm(picture: StancePicture) -> float | None:
    """Return the height under the right foot, negative under the left; None unknown."""
    height = picture.block_height_mm
    if height is None or (height != 0 and picture.block_side is None):
        return None
    return -height if picture.block_side is Side.LEFT else height


def _width(line: BlockLine) -> float:
    if line.low_mm is None or line.high_mm is None:
        return math.inf
    return line.high_mm - line.low_mm


def _sticker_line(
    pictures: Sequence[tuple[str, StancePicture]],
    role: PointRole,
    visit: Visit,
    config: Config,
) -> BlockLine | None:
    used = _with_role(pictures, role)
    height_m = visit.subject.height_m
    if not used or height_m is None:
        return None
    widths = [_width_mm(line) for _, _, line in used]
    width = sum(widths) / len(widths)
    share = width / (1000 * hip_width_m(height_m))
    table, _ = practice_errors(config)
    errors, method = table.pictures, table.named(STICKER_METHOD)
    answer = share * errors.answer
    model = LineModel(
        slope=-answer,
        slope_sd=share
        * math.hypot(errors.answer * HIP_WIDTH_RELATIVE_SD, errors.answer_sd),
        zero_sd_mm=math.hypot(
            share * errors.lines[role].zero_mm, _shared_roll_mm(used, width)
        ),
        zero_mm=0.0,
        chance_mm=share * math.hypot(errors.stance_mm, errors.stays_mm),
        half_width_max_mm=config.standing.level_half_width_max_mm,
        unconfirmed=method is None
        or method.unconfirmed
        or errors.lines[role].unconfirmed,
    )
    return block_line(_points(used), source="sticker", model=model)


def _landmark_line(
    pictures: Sequence[tuple[str, StancePicture]], config: Config
) -> BlockLine | None:
    used = _with_role(pictures, "hip")
    if not used:
        return None
    first = used[0][2]
    view: Literal["posterior", "anterior"] = (
        "posterior" if first.left.x_px < first.right.x_px else "anterior"
    )
    slope = landmark_slope(config.pose.model, view)
    if slope is None:
        return None
    used = [
        (name, picture, _upright(slope, picture, line)) for name, picture, line in used
    ]
    widths = [_width_mm(line) for _, _, line in used]
    width = sum(widths) / len(widths)
    model = slope.line_model(shared_mm=_shared_roll_mm(used, width))
    return landmark_line(_points(used), model=model)


def _upright(
    slope: LandmarkSlope, picture: StancePicture, line: HeightLine
) -> HeightLine:
    """Return the hips without the part of the trunk; an unknown roll is shared."""
    roll_sd = 0.0 if picture.roll_source == "none" else picture.roll_sd_deg
    return slope.upright(line, picture.trunk_lean_deg, roll_sd_deg=roll_sd)


Used = list[tuple[str, "StancePicture", "HeightLine"]]


def _with_role(pictures: Sequence[tuple[str, StancePicture]], role: PointRole) -> Used:
    return [
        (name, picture, line)
        for name, picture in pictures
        for line in picture.lines
        if line.role == role and line.difference_mm is not None
    ]


def _points(used: Used) -> tuple[BlockPoint, ...]:
    return tuple(
        BlockPoint(
            recording=name,
            block_mm=signed_block_mm(picture) or 0.0,
            tilt_mm=line.difference_mm or 0.0,
            sd_mm=_own_sd_mm(picture, line),
        )
        for name, picture, line in used
    )


def _own_sd_mm(picture: StancePicture, line: HeightLine) -> float:
    """Return the error of a tilt without an unknown roll, which all pictures share."""
    sd = line.sd_mm or 0.0
    if picture.roll_source != "none":
        return sd
    rolled = _width_mm(line) * math.radians(picture.roll_sd_deg)
    return math.sqrt(max(sd**2 - rolled**2, 0.0))


def _shared_roll_mm(used: Used, width_mm: float) -> float:
    """Return what an unknown roll of one camera does to all its pictures."""
    unknown = [p.roll_sd_deg for _, p, _ in used if p.roll_source == "none"]
    share = len(unknown) / len(used)
    return share * width_mm * math.radians(max(unknown, default=0.0))


def _width_mm(line: HeightLine) -> float:
    """Return the distance of the two points in millimetres."""
    across = math.hypot(
        line.left.x_px - line.right.x_px, line.left.y_px - line.right.y_px
    )
    return across * (line.mm_per_px or 0.0)


def _nothing(analyses: Sequence[Analysis]) -> tuple[Measurement, ...]:
    """Return the rows of a block test that gave no line, with the first reason."""
    why = _why_nothing(analyses)
    rows: list[Measurement] = []
    for method in BLOCK_METHODS.values():
        rows += missing((LEVELLING, DIFFERENCE), why, recording="", method=method)
    return tuple(replace(row, recording=None) for row in rows)


def _why_nothing(analyses: Sequence[Analysis]) -> Reason:
    tests = [a.recording for a in analyses if a.recording.kind == "block_test"]
    for recording in tests:
        for why in recording.quality.reasons:
            if recording.quality.status == "refused" or why.code in DECISIVE:
                return why
    return reason("not_measured")


DECISIVE = ("block_height_missing", "no_scale")
"""Reasons of a usable picture for which a block test has no line."""


def practice_errors(config: Config) -> tuple[ErrorTable, str | None]:
    """Return the errors that the estimate takes, and the sha256 of a practice's own.

    Raises
    ------
    ConfigError
        If ``practice.kit`` names no file that ``gaitkit kit read`` wrote.
    """
    if config.practice.kit is None:
        return shipped_errors(), None
    try:
        kit, sha256 = read_practice(Path(config.practice.kit))
    except InputError as cause:
        msg = f"practice.kit: {cause}"
        raise ConfigError(msg) from None
    return errors_of(kit, shipped_errors()), sha256
