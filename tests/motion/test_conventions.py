"""Marker conventions are data; each is told apart by its labels."""

from __future__ import annotations

import pytest

from gaitkit.io.motion.conventions import conventions, plain, recognise
from gaitkit.model.markers import ROLES

FILES = {
    "plug_in_gait": "LASI RASI LPSI RPSI LTHI LKNE LTIB LANK LHEE LTOE RTHI RKNE RTIB "
    "RANK RHEE RTOE C7 T10 CLAV STRN",
    "cgm2": "LASI RASI LPSI RPSI LTHAP LTHAD LTHI LKNE LKNM LTIAP LTIAD LTIB LANK LMED "
    "LHEE LSMH LFMH LVMH RKNE RKNM RANK RMED RHEE RSMH",
    "rajagopal": "RACR LACR C7 CLAV LASI RASI LPSI RPSI LHJC RHJC RTH1 RTH2 RLFC RMFC "
    "RKJC RTB1 RLMAL RMMAL RAJC RCAL RTOE RMT5 LLFC LMFC LKJC LLMAL LMMAL LAJC LCAL",
    "gait2392": "R.ASIS L.ASIS V.Sacral R.Thigh.Upper R.Knee.Lat R.Knee.Med "
    "R.Shank.Upper R.Ankle.Lat R.Ankle.Med R.Heel R.Toe.Tip L.Knee.Lat L.Ankle.Lat",
    "qualisys": "L_IAS R_IAS L_IPS R_IPS L_FTC L_FLE L_FME L_FAL L_TAM L_FCC L_FM1 "
    "L_FM2 L_FM5 R_FLE R_FME R_FAL R_TAM R_FCC R_FM2 CV7 SJN",
    "fukuchi": "R.ASIS L.ASIS R.PSIS L.PSIS R.Iliac.Crest L.Iliac.Crest R.GTR R.Knee "
    "R.Knee.Medial R.HF R.TT R.Ankle R.Ankle.Medial R.Heel R.MT1 R.MT5 L.GTR L.Knee "
    "L.Ankle L.Heel",
    "opencap": "C7_study r_shoulder_study L_shoulder_study r.ASIS_study L.ASIS_study "
    "r.PSIS_study L.PSIS_study r_knee_study L_knee_study r_mknee_study r_ankle_study "
    "L_ankle_study r_calc_study L_calc_study r_toe_study L_toe_study r_5meta_study",
    "halpe": "Nose LHip RHip LKnee RKnee LAnkle RAnkle LBigToe RBigToe LHeel RHeel "
    "Neck",
    "blazepose": "NOSE LEFT_SHOULDER LEFT_HIP RIGHT_HIP LEFT_KNEE RIGHT_KNEE "
    "LEFT_ANKLE RIGHT_ANKLE LEFT_HEEL RIGHT_HEEL LEFT_FOOT_INDEX RIGHT_FOOT_INDEX",
    "gaitkit": "left_asis right_asis left_knee_lateral left_ankle_lateral left_heel "
    "left_toe left_metatarsal_5",
}  # fmt: skip


@pytest.mark.parametrize("key", FILES)
def test_each_convention_is_told_apart(key: str) -> None:
    found = recognise(FILES[key].split())
    assert found is not None
    assert found.convention.key == key


def test_every_convention_has_a_file_here() -> None:
    assert {each.key for each in conventions()} == set(FILES)


def test_conventions_name_known_roles_and_no_label_twice() -> None:
    for convention in conventions():
        roles = [role for role, _ in convention.labels]
        labels = [label for _, spelled in convention.labels for label in spelled]
        assert set(roles) <= set(ROLES)
        assert len(roles) == len(set(roles)), convention.key
        assert len(labels) == len(set(labels)), convention.key
        assert all(label == plain(label) for label in labels), convention.key


def test_the_first_label_of_a_list_wins() -> None:
    found = recognise(["LKNE", "RKNE", "LANK", "RANK", "SACR", "VSAC"])
    assert found is not None
    roles = {each.role: each.label for each in found.roles}
    assert roles["sacrum"] == "SACR"


def test_an_upper_body_is_no_convention() -> None:
    assert recognise(["C7", "LSHO", "RSHO", "LELB", "RELB"]) is None


def test_labels_are_compared_without_signs_and_names() -> None:
    assert plain("Jansen:L. Knee_Medial-1") == "lkneemedial1"
