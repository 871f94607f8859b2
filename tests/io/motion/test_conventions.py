"""Marker conventions are data; each is told apart by its labels."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from virtual_markers import analysed, as_recording, virtual

from gaitkit.errors import InputError
from gaitkit.io.export.motion import write_motion_trc
from gaitkit.io.identify import inspect
from gaitkit.io.motion.conventions import conventions, plain, recognise
from gaitkit.io.motion.read import read_motion
from gaitkit.model.motion import LEG_NEEDS, ROLES

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

FILES = {
    "plug_in_gait": "LASI RASI LPSI RPSI LTHI LKNE LTIB LANK LHEE LTOE RTHI RKNE RTIB "
    "RANK RHEE RTOE C7 T10 CLAV STRN",
    "cgm2": "LASI RASI LPSI RPSI LTHAP LTHAD LTHI LKNE LKNM LTIAP LTIAD LTIB LANK LMED "
    "LHEE LSMH LFMH LVMH RKNE RKNM RANK RMED RHEE RSMH",
    "rajagopal": "RACR LACR C7 CLAV LASI RASI LPSI RPSI LHJC RHJC RTH1 RTH2 RLFC RMFC "
    "RKJC RTB1 RLMAL RMMAL RAJC RCAL RTOE RMT5 LLFC LMFC LKJC LLMAL LMMAL LAJC LCAL",
    "human_body_model": "LASIS RASIS LPSIS RPSIS LGTRO RGTRO FLTHI LLEK RLEK LATI RATI "
    "LLM RLM LHEE RHEE LTOE RTOE LMT5 RMT5 T10 SACR NAVE XYPH STRN BBAC C7 LSHO RSHO",
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


def test_the_lower_body_set_of_hbm2_is_known() -> None:
    parts = ("ASIS", "PSIS", "LTHI", "LEK", "MEK", "LSHA", "LM", "MM", "HEE", "MT2")
    labels = [f"{side}{part}" for side in "LR" for part in parts]
    found = recognise([*labels, "XYPH", "STRN", "SACR"])
    assert found is not None
    assert found.convention.key == "human_body_model"
    roles = {each.role: each.label for each in found.roles}
    assert roles["left_toe"] == "LMT2"
    assert roles["right_ankle_lateral"] == "RLM"
    assert roles["clavicle"] == "STRN"


SAME_PLACE = {
    "thigh_wand": "knee_lateral", "greater_trochanter": "hip", "iliac_crest": "asis",
    "shank_wand": "ankle_lateral", "fibula_head": "knee_lateral", "hallux": "toe",
    "tibial_tuberosity": "knee_medial", "metatarsal_1": "toe", "metatarsal_5": "toe",
    "foot_index": "toe", "calcaneus_proximal": "heel", "calcaneus_wand": "heel",
    "calcaneus_lateral": "heel", "sustentaculum": "heel", "navicular": "toe",
    "metatarsal_1_base": "toe", "metatarsal_5_base": "toe", "shin": "ankle_lateral",
    "shoulder": "asis", "elbow": "asis", "wrist": "asis",
}  # fmt: skip
"""Where the virtual person has no marker of its own: another one that moves alike."""


def place_of(role: str, known: dict[str, str]) -> str:
    """Return the virtual marker that stands for a role."""
    if role in known:
        return known[role]
    side, _, part = role.partition("_")
    return known.get(f"{side}_{SAME_PLACE.get(part, '')}", known["left_asis"])


KEYS = [each.key for each in conventions()]


def written(path: Path, labels: Sequence[str]) -> Path:
    """Write a virtual walk with these labels, as a TRC file."""
    walked = virtual()
    own = recognise([str(name) for name in walked.markers["keypoint"].to_numpy()])
    assert own is not None
    known = {each.role: each.label for each in own.roles}
    known |= {f"{s}_{j}": f"{s[0].upper()}{j[0].upper()}JC" for s in ("left", "right")
              for j in ("hip", "knee", "ankle")}  # fmt: skip
    found = recognise(labels)
    assert found is not None
    places = [place_of(each.role, known) for each in found.roles]
    names = [each.label for each in found.roles]
    markers = walked.markers.sel(keypoint=places).assign_coords(keypoint=names)
    walk = replace(as_recording(walked), markers=markers, roles=())
    return write_motion_trc(walk, path)


@pytest.mark.parametrize("key", KEYS)
def test_a_set_that_inspect_names_is_analysed(key: str, tmp_path: Path) -> None:
    (convention,) = (each for each in conventions() if each.key == key)
    labels = [spelled[-1] for _, spelled in convention.labels]
    labels += sorted(convention.only)
    path = written(tmp_path / "walk.trc", list(dict.fromkeys(labels)))
    assert inspect(path).convention == convention.title
    assert len(analysed(read_motion(path)).walk.strides) >= 4


@pytest.mark.parametrize("need", LEG_NEEDS, ids=lambda need: need[0])
def test_a_set_that_cannot_be_analysed_is_not_named(
    need: tuple[str, ...], tmp_path: Path
) -> None:
    names = FILES["plug_in_gait"].split()
    found = recognise(names)
    assert found is not None
    lost = {f"right_{part}" for part in need}
    kept = [each.label for each in found.roles if each.role not in lost]
    path = written(tmp_path / "walk.trc", kept)
    seen = inspect(path)
    assert seen.convention is None
    (why,) = (why for why in seen.warnings if why.code == "motion_legs_lack")
    assert why.text.en.endswith(f": right_{need[0]}.")
    with pytest.raises(InputError, match="right leg needs markers"):
        analysed(read_motion(path))


def test_the_first_label_of_a_list_wins() -> None:
    found = recognise(["LKNE", "RKNE", "LANK", "RANK", "SACR", "VSAC"])
    assert found is not None
    roles = {each.role: each.label for each in found.roles}
    assert roles["sacrum"] == "SACR"


def test_an_upper_body_is_no_convention() -> None:
    assert recognise(["C7", "LSHO", "RSHO", "LELB", "RELB"]) is None


def test_labels_are_compared_without_signs_and_names() -> None:
    assert plain("Jansen:L. Knee_Medial-1") == "lkneemedial1"
