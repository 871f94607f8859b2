"""The kinetic chain: links, signs of the table, and an origin only where they agree."""

from __future__ import annotations

import numpy as np
import pytest

from gaitkit.measure.chain.chain import kinetic_chains
from gaitkit.measure.chain.links import correlate, onset_pct, peak_pct
from gaitkit.measure.chain.origin import count, origin_of
from gaitkit.measure.chain.table import origin_limits, row_labels, sign_rows
from gaitkit.model.catalogue import definition
from gaitkit.model.chain import ChainSign, KineticChain, SignState
from gaitkit.model.leg_length import LegLengthEstimate, PriorPart
from gaitkit.model.measurement import Measurement
from gaitkit.model.side import Side
from gaitkit.model.strides import Waveform
from gaitkit.model.subject import Subject
from gaitkit.model.visit import Examination, FootExamination, PelvisFindings
from gaitkit.rules.loader import load_rules

LEFT, RIGHT = Side.LEFT, Side.RIGHT


def measured(
    name: str, value: float, *, sd: float = 1.0, side: Side = LEFT, by: str = "markers"
) -> Measurement:
    return Measurement(
        name=name,
        unit=definition(name).unit,
        value=value,
        sd=sd,
        side=side,
        n=12,
        method=f"{by}, mean over strides",
        recording=f"{by}_1",
        unconfirmed=by == "stickers",
    )


def left_chain(
    *rows: Measurement,
    waves: tuple[Waveform, ...] = (),
    foot: FootExamination | None = None,
    pelvis: PelvisFindings | None = None,
    legs: LegLengthEstimate | None = None,
    subject: Subject | None = None,
) -> KineticChain:
    examination = Examination(
        left=foot or FootExamination(), pelvis=pelvis or PelvisFindings()
    )
    chains = kinetic_chains(
        rows,
        waves,
        examination=examination,
        subject=subject or Subject(age_years=40),
        leg_counts_mm=5.0,
        leg_length=legs,
    )
    assert [chain.side for chain in chains] == [LEFT, RIGHT]
    return chains[0]


def state(chain: KineticChain, name: str) -> SignState:
    return next(sign.state for sign in chain.signs if sign.sign == name)


def wave(
    name: str, peak_at: float, *, rise: float = 12.0, side: Side = LEFT
) -> Waveform:
    percent = np.arange(101)
    curve = 10.0 * np.exp(-(((percent - peak_at) / rise) ** 2))
    return Waveform(
        name=name,
        side=side,
        recording="markers_1",
        mean=tuple(float(x) for x in curve),
        spread=(0.0,) * 101,
        n=10,
        foot_off_pct=62.0,
    )


def legs(mean_mm: float, *, over_5: float, left: float) -> LegLengthEstimate:
    return LegLengthEstimate(
        prior="clinic",
        prior_parts=(PriorPart(weight=1.0, sd_mm=6.5),),
        methods=(),
        mean_mm=mean_mm,
        sd_mm=2.0,
        low_mm=mean_mm - 4,
        high_mm=mean_mm + 4,
        p_over_5=over_5,
        p_over_10=0.2,
        p_over_20=0.0,
        p_left_longer=left,
    )


def test_without_measurements_every_link_says_why_and_nothing_is_concluded() -> None:
    chain = left_chain()
    assert [link.name for link in chain.links] == [
        "rearfoot", "tibia", "knee", "hip", "pelvis", "trunk",
    ]  # fmt: skip
    assert all(link.measurement is None and link.why_missing for link in chain.links)
    assert {sign.state for sign in chain.signs} == {"not_measured"}
    assert chain.origin == "undetermined"
    assert "0 van 8 kenmerken gemeten" in chain.text.nl
    assert "0 of 8 signs measured" in chain.text.en


def test_the_table_has_eight_rows_each_with_two_languages_and_known_evidence() -> None:
    rows = sign_rows()
    assert {row.row for row in rows} == set(row_labels())
    assert len(row_labels()) == 8
    assert len({row.sign for row in rows}) == len(rows)
    known = {reference.key for reference in load_rules().references}
    assert {key for row in rows for key in row.evidence} <= known
    assert origin_limits().least_rows == 3


def test_markers_count_before_stickers_and_stickers_before_keypoints() -> None:
    name = "contralateral_pelvic_drop_peak"
    video = measured(name, 8.0, by="video")
    stickers = measured(name, 6.0, sd=3.0, by="stickers")
    markers = measured(name, 5.0, sd=4.0)

    def source(*rows: Measurement) -> float | None:
        found = left_chain(*rows).links[4].measurement
        return None if found is None else found.value

    assert source(video) == 8.0
    assert source(video, stickers) == 6.0
    assert source(video, stickers, markers) == 5.0


def test_z_and_its_error_follow_from_the_norm_and_a_child_has_none() -> None:
    row = measured("contralateral_pelvic_drop_peak", 4.76 + 2 * 2.15, sd=2.15)
    link = left_chain(row).links[4]
    assert link.z == pytest.approx(2.0)
    assert link.z_sd == pytest.approx(1.0)
    child = left_chain(row, subject=Subject(age_years=9)).links[4]
    assert (child.z, child.z_sd) == (None, None)
    assert child.measurement == row


def test_a_norm_that_nobody_could_check_is_marked_and_a_checked_one_is_not() -> None:
    chain = left_chain(
        measured("rearfoot_eversion_peak", 8.0),
        measured("frontal_plane_projection_angle_peak", 4.0),
        measured("contralateral_pelvic_drop_peak", 3.0),
    )
    confirmed = {
        link.name: link.norm_confirmed
        for link in chain.links
        if link.norm_mean is not None
    }
    assert confirmed == {"rearfoot": True, "knee": False, "pelvis": True}


def test_who_walks_much_slower_than_the_norm_is_not_compared() -> None:
    row = measured("contralateral_pelvic_drop_peak", 9.0)
    slow = Measurement(
        name="walking_speed", unit="m/s", value=0.7, sd=0.02, recording="markers_1"
    )
    assert left_chain(row, slow).links[4].z is None


def test_large_late_eversion_with_an_effective_trial_and_good_hips_is_from_below() -> (
    None
):
    chain = left_chain(
        measured("rearfoot_eversion_peak", 18.0),
        measured("rearfoot_eversion_peak_time", 58.0, sd=5.0),
        foot=FootExamination(
            correction_effect="improves",
            single_leg_stance="steady",
            abductor_strength="strong",
        ),
    )
    assert state(chain, "eversion_large_late") == "present"
    assert chain.origin == "from_below"
    assert "van onder (voet)" in chain.text.nl
    assert "Nog te meten" in chain.text.nl


def test_an_early_or_uncertain_eversion_is_no_sign() -> None:
    early = left_chain(
        measured("rearfoot_eversion_peak", 18.0),
        measured("rearfoot_eversion_peak_time", 20.0, sd=5.0),
    )
    assert state(early, "eversion_large_late") == "absent"
    unsure = left_chain(
        measured("rearfoot_eversion_peak", 15.0, sd=6.0),
        measured("rearfoot_eversion_peak_time", 58.0, sd=5.0),
    )
    assert state(unsure, "eversion_large_late") == "uncertain"


def test_hip_pelvis_trunk_and_weak_abductors_are_from_above() -> None:
    chain = left_chain(
        measured("rearfoot_eversion_peak", 4.0),
        measured("contralateral_pelvic_drop_peak", 13.0),
        measured("hip_adduction_stance_peak", 15.0),
        measured("trunk_lateral_lean_peak", 9.0),
        foot=FootExamination(abductor_strength="weak", correction_effect="no_change"),
    )
    assert chain.origin == "from_above"
    assert count(chain.signs).present["from_above"] >= 3


def test_findings_from_below_and_above_together_are_mixed() -> None:
    chain = left_chain(
        measured("rearfoot_eversion_peak", 18.0),
        measured("rearfoot_eversion_peak_time", 58.0, sd=5.0),
        measured("contralateral_pelvic_drop_peak", 13.0),
        foot=FootExamination(correction_effect="improves", abductor_strength="weak"),
    )
    assert chain.origin == "mixed"


def test_normal_findings_alone_point_nowhere() -> None:
    chain = left_chain(
        measured("rearfoot_eversion_peak", 3.0),
        measured("contralateral_pelvic_drop_peak", 4.8),
        foot=FootExamination(
            correction_effect="no_change",
            single_leg_stance="steady",
            abductor_strength="strong",
        ),
    )
    assert chain.origin == "undetermined"


def test_a_block_that_levels_and_pronation_of_the_longer_leg_are_leg_length() -> None:
    chain = left_chain(
        measured("rearfoot_eversion_peak", 12.0),
        measured("rearfoot_eversion_peak", 1.0, side=RIGHT),
        foot=FootExamination(single_leg_stance="steady"),
        pelvis=PelvisFindings(with_block="level"),
        legs=legs(9.0, over_5=0.97, left=0.999),
    )
    assert state(chain, "block_levels") == "present"
    assert state(chain, "long_leg_pronated") == "present"
    assert chain.origin == "leg_length"


def test_pronation_of_the_shorter_leg_is_no_sign_of_leg_length() -> None:
    chain = left_chain(
        measured("rearfoot_eversion_peak", 12.0),
        measured("rearfoot_eversion_peak", 1.0, side=RIGHT),
        legs=legs(-9.0, over_5=0.97, left=0.001),
    )
    assert state(chain, "long_leg_pronated") == "absent"


def test_two_rows_measured_are_too_few_whatever_they_say() -> None:
    chain = left_chain(
        foot=FootExamination(correction_effect="improves", abductor_strength="weak")
    )
    assert count(chain.signs).rows_measured == 2
    assert chain.origin == "undetermined"


def test_curves_that_rise_together_are_in_phase_and_opposed_ones_are_not() -> None:
    foot = wave("rearfoot_eversion", 25.0)
    same = correlate(foot, wave("tibial_rotation", 25.0))
    assert same is not None
    assert same.r == pytest.approx(1.0)
    away = correlate(foot, wave("tibial_rotation", 60.0))
    assert away is not None
    assert away.probability_above(0.5) < 0.05
    rows = (measured("rearfoot_eversion_peak", 18.0),)
    waves = (foot, wave("tibial_rotation", 25.0))
    chain = left_chain(*rows, waves=waves)
    assert state(chain, "leg_in_phase") == "present"
    assert state(chain, "leg_follows_pelvis") == "absent"


def test_the_link_that_rises_first_sets_on_first() -> None:
    assert peak_pct(wave("rearfoot_eversion", 20.0)) == 20.0
    early, late = wave("rearfoot_eversion", 15.0), wave("pelvic_obliquity", 40.0)
    first, second = onset_pct(early), onset_pct(late)
    assert first is not None
    assert second is not None
    assert first < second
    rows = (measured("rearfoot_eversion_peak", 18.0),)
    chain = left_chain(*rows, waves=(early, late, wave("hip_adduction", 45.0)))
    assert state(chain, "foot_first") == "present"
    assert state(chain, "pelvis_first") == "absent"
    assert chain.links[0].peak_time_pct == 15.0


def test_a_chain_on_stickers_says_that_it_is_unconfirmed_on_real_people() -> None:
    chain = left_chain(measured("rearfoot_eversion_peak", 9.0, by="stickers"))
    assert "unconfirmed on real people" in chain.text.en
    assert "niet bij echte mensen" in chain.text.nl


def test_an_uncertain_sign_counts_as_measured_and_not_as_present() -> None:
    row = sign_rows()[0]
    sign = ChainSign(
        sign=row.sign,
        speaks_for=row.speaks_for,
        state="uncertain",
        text=row.label,
        probability=0.6,
    )
    assert count((sign,)).rows_measured == 1
    assert count((sign,)).present["from_below"] == 0
    assert origin_of((sign,)) == "undetermined"
