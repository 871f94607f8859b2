"""A visit to report on in which leg length, stance, rearfoot and chain all occur."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import posture_example as example
from assessment_example import HASH, assessment

from gaitkit.model.analysis import Analysis
from gaitkit.model.measurement import Measurement
from gaitkit.model.reason import Quality, Reason
from gaitkit.model.recording import Recording
from gaitkit.model.side import Side
from gaitkit.model.text import Text

if TYPE_CHECKING:
    from gaitkit.model.assessment import Assessment

STANCE = "stance_1"


def visit() -> tuple[Assessment, tuple[Analysis, ...]]:
    """Return the assessment and what each recording gave."""
    analyses = (_stance(), *_blocks(), _walk())
    given = [m for analysis in analyses for m in analysis.measurements]
    return (
        replace(
            assessment(),
            recordings=(*(a.recording for a in analyses), _refused()),
            events=(),
            strides=(),
            waveforms=(),
            measurements=(*given, *_by_hand()),
            leg_length=example.estimate(),
            chains=example.chains(),
        ),
        analyses,
    )


def _recording(name: str, kind: str) -> Recording:
    return Recording(id=name, kind=kind, sha256=HASH, view="posterior")  # type: ignore[arg-type]


def _refused() -> Recording:
    why = Reason(
        code="camera_tilted",
        text=Text(nl="De camera staat 15° scheef.", en="The camera is tilted by 15°."),
        advice=Text(nl="Zet de camera recht.", en="Level the camera."),
    )
    quality = Quality(status="refused", reasons=(why,))
    return replace(_recording("stance_2", "stance"), quality=quality)


def _angle(
    name: str, side: Side | None, value: float, *, sd: float, recording: str
) -> Measurement:
    return Measurement(
        name=name, unit="deg", value=value, side=side, sd=sd, low=value - 1.96 * sd,
        high=value + 1.96 * sd, n=9, recording=recording, unconfirmed=True,
    )  # fmt: skip


def _stance() -> Analysis:
    return Analysis(
        recording=_recording(STANCE, "stance"),
        standing=example.stance(),
        measurements=(
            _angle("pelvic_obliquity_standing", None, 4.6, sd=0.6, recording=STANCE),
            *(
                _angle("rearfoot_angle_stance", side, value, sd=0.4, recording=STANCE)
                for side, value in ((Side.LEFT, 7.1), (Side.RIGHT, 2.1))
            ),
        ),
    )  # fmt: skip


def _blocks() -> tuple[Analysis, ...]:
    names = [point.recording for point in example.block_line().points]
    blocks = [point.block_mm for point in example.block_line().points]
    found = []
    for place, (name, block) in enumerate(zip(names, blocks, strict=True)):
        stance = example.stance(block_mm=block or None)
        lines = (example.block_line(), example.block_line(levelled=False))
        found.append(
            Analysis(
                recording=_recording(name, "block_test"),
                standing=stance,
                block_lines=() if place else lines,
            )
        )
    return tuple(found)


def _walk() -> Analysis:
    return Analysis(
        recording=_recording("walk", "video"),
        rearfoot=example.rearfoot_curves(),
        measurements=tuple(
            m
            for side, peak, time in ((Side.LEFT, 10.5, 46.0), (Side.RIGHT, 6.0, 34.0))
            for m in (
                _angle("rearfoot_eversion_peak", side, peak, sd=0.9, recording="walk"),
                Measurement(
                    name="rearfoot_eversion_peak_time", unit="%", value=time, side=side,
                    sd=3.0, low=time - 6, high=time + 6, n=9, recording="walk",
                ),
            )
        ),
    )  # fmt: skip


def _by_hand() -> tuple[Measurement, ...]:
    return tuple(
        Measurement(
            name="foot_posture_index", unit="{score}", value=value, side=side, sd=1.0,
            low=value - 2, high=value + 2, n=1, method="examination",
        )
        for side, value in ((Side.LEFT, 7.0), (Side.RIGHT, 3.0))
    )  # fmt: skip
