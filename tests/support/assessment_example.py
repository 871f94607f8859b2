"""An assessment in which every kind of value occurs, for tests of writers."""

from __future__ import annotations

from datetime import date

from gaitkit.model.assessment import Assessment, FileHash, Provenance
from gaitkit.model.events import Event
from gaitkit.model.finding import Finding
from gaitkit.model.measurement import Measurement
from gaitkit.model.plan import Code, FollowUp, Plan, Suggestion, Triage
from gaitkit.model.reason import Quality, reason
from gaitkit.model.recording import (
    Calibration,
    PersonCandidate,
    PersonChoice,
    Recording,
    Timing,
)
from gaitkit.model.side import Side
from gaitkit.model.strides import CYCLE_POINTS, Stride, Waveform
from gaitkit.model.subject import Subject
from gaitkit.model.text import Text

HASH = "0f" * 32

CADENCE = Measurement(
    name="cadence", unit="/min", value=97.25, sd=1.5, low=94.3, high=100.2, spread=2.0,
    n=6, method="zeni", recording="video_1",
)  # fmt: skip
STEP_LENGTH = Measurement(
    name="step_length", unit="m", value=None, side=Side.LEFT, recording="video_1",
    quality="limited", why_missing=reason("no_scale"),
)  # fmt: skip


def recording() -> Recording:
    """Return a recording with everything known."""
    candidate = PersonCandidate(
        number=1, score=0.9, start_s=1.5, end_s=6.5, path_heights=3.2, duration_s=5.0,
        upright=1.0, size=0.4, completeness=0.95, frame=120,
        box=(10.0, 20.0, 200.0, 600.0),
    )  # fmt: skip
    return Recording(
        id="video_1",
        kind="video",
        sha256=HASH,
        view="sagittal_left",
        rate_hz=30.0,
        duration_s=7.6,
        time_source="pts",
        quality=Quality(status="limited", reasons=(reason("no_scale"),)),
        condition="shod",
        timing=Timing(source="pts", rate_hz=30.0, duration_s=7.6, frames=229),
        calibration=Calibration(),
        person=PersonChoice(
            chosen=1, method="scored", ambiguous=False, candidates=(candidate,)
        ),
    )


def suggestion() -> Suggestion:
    """Return a suggestion with every field filled."""
    return Suggestion(
        kind="heel_raise",
        text=Text(nl="3 mm; u beslist", en="3 mm; you decide"),
        rule="L01",
        side=Side.LEFT,
        element="heel",
        amount=3.0,
        unit="mm",
        location="in_insole",
        steps=(3.0, 5.0),
        evidence=("defrin2005",),
        contraindications=(Text(nl="groeiend kind", en="growing child"),),
    )


def assessment() -> Assessment:
    """Return the assessment."""
    curve = tuple(float(k) for k in range(CYCLE_POINTS))
    plan = Plan(
        status="suggestions",
        triage=Triage(status="clear", rules=("T01",)),
        suggestions=(suggestion(),),
        cautions=(Text(nl="let op", en="mind"),),
        referrals=(Text(nl="huisarts", en="general practitioner"),),
        follow_up=FollowUp(from_=date(2026, 4, 1), to=date(2026, 5, 1)),
        codes=(Code(system="NVvP", code="010026", label=Text(nl="zorg", en="care")),),
    )
    return Assessment(
        subject=Subject(subject_id="p1", height_m=1.65),
        recordings=(recording(),),
        events=(
            Event(
                recording="video_1", side=Side.LEFT, kind="initial_contact",
                time_s=2.5, frame=75, confidence=0.8, sd_s=0.02, method="zeni",
            ),
            Event(
                recording="video_1", side=Side.RIGHT, kind="foot_off", time_s=2.625,
                method="zeni",
            ),
        ),
        strides=(
            Stride(
                recording="video_1", side=Side.LEFT, start_s=2.5, end_s=3.7,
                rejected=reason("no_scale"),
            ),
        ),
        measurements=(CADENCE, STEP_LENGTH),
        waveforms=(
            Waveform(
                name="knee_flexion", side=Side.LEFT, recording="video_1", mean=curve,
                spread=curve, n=3, foot_off_pct=62.0,
            ),
        ),
        findings=(
            Finding(
                rule="Q01", revision=1, verdict="uncertain", probability=0.6,
                text=Text(nl="misschien", en="perhaps"), side=Side.RIGHT,
                measurements=(CADENCE,), evidence=("fukuchi2018",),
            ),
        ),
        plan=plan,
        provenance=Provenance(
            gaitkit="0.1.0",
            config={"pose": {"model": "full", "scales": [1.25]}},
            rule_set_revision="1",
            rule_set_sha256=HASH,
            model_files=(FileHash(name="pose_landmark_full.tflite", sha256=HASH),),
            created="2026-03-20T10:00:00+01:00",
        ),
    )  # fmt: skip
