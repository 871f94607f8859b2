"""Which facts exist follows from the types; what is known follows from the answers."""

from __future__ import annotations

from dataclasses import fields

import pytest

from gaitkit.model.side import Side
from gaitkit.model.subject import Subject
from gaitkit.model.visit import (
    Examination,
    FootExamination,
    FootPosture,
    Intake,
    RedFlags,
)
from gaitkit.rules.facts import (
    FactSources,
    ProposalFacts,
    RecordingFacts,
    fact_paths,
    fact_spec,
    read_fact,
)


def sources(**parts: object) -> FactSources:
    known = {
        "subject": Subject(),
        "intake": Intake(),
        "examination": Examination(),
        "proposal": ProposalFacts(),
    }
    return FactSources(**{**known, **parts})


@pytest.mark.parametrize(
    ("path", "shape", "choices"),
    [
        ("intake.red_flags.trauma", "choice", ("yes", "no", "unsure", "not_asked")),
        ("intake.course", "choice", ("decreasing", "stable", "increasing")),
        ("intake.onset_date", "other", ()),
        ("intake.history", "choices", ()),
        ("subject.age_years", "number", ()),
        ("subject.shod", "flag", ()),
        ("examination.each.navicular_drop_mm", "number", ()),
        ("examination.left.foot_posture", "other", ()),
        ("examination.left.foot_posture.calcaneus", "number", ()),
        ("examination.block_tests", "other", ()),
        ("recording.status", "choice", ("ok", "limited", "refused")),
    ],
)  # fmt: skip
def test_a_fact_has_the_shape_of_its_type(
    path: str, shape: str, choices: tuple[str, ...]
) -> None:
    spec = fact_spec(path)
    assert spec is not None
    assert (spec.shape, spec.choices) == (shape, choices)


def test_every_alarm_question_is_a_fact() -> None:
    assert {f"intake.red_flags.{flag.name}" for flag in fields(RedFlags)} <= set(
        fact_paths()
    )


def test_what_does_not_exist_is_no_fact() -> None:
    assert fact_spec("intake.colour") is None


def test_the_reasons_of_a_recording_are_those_of_the_reasons_file() -> None:
    spec = fact_spec("recording.reasons")
    assert spec is not None
    assert "no_scale" in spec.choices


def test_not_asked_is_not_known() -> None:
    assert read_fact("intake.red_flags.trauma", sources(), side=None) is None
    told = sources(intake=Intake(red_flags=RedFlags(trauma="no")))
    assert read_fact("intake.red_flags.trauma", told, side=None) == "no"


def test_an_empty_answer_is_not_known_but_nothing_found_is() -> None:
    assert read_fact("intake.aggravating", sources(), side=None) is None
    assert read_fact("proposal.kinds", sources(), side=None) == ()
    good = RecordingFacts(kind="video", status="ok", time_source="pts")
    assert read_fact("recording.reasons", sources(recording=good), side=None) == ()
    assert read_fact("recording.reasons", sources(), side=None) is None


def test_each_side_reads_its_own_foot() -> None:
    posture = FootPosture(
        talar_head=1,
        malleolar_curves=1,
        calcaneus=2,
        talonavicular=1,
        medial_arch=1,
        forefoot=1,
    )
    examined = sources(
        examination=Examination(left=FootExamination(foot_posture=posture))
    )
    path = "examination.each.foot_posture.calcaneus"
    assert read_fact(path, examined, side=Side.LEFT) == 2
    assert read_fact(path, examined, side=Side.RIGHT) is None
    assert read_fact(path, examined, side=None) is None
