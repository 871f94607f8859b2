"""Of several people in a marker file one is taken, and never a mixture."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from motion_files import PLACES_MM, TRC_HEAD, Trial, write_trial

from gaitkit.errors import InputError
from gaitkit.io.identify import inspect
from gaitkit.io.motion.read import read_motion

if TYPE_CHECKING:
    from pathlib import Path

FRAMES, RATE_HZ = 500, 100.0
Body = dict[str, np.ndarray]


def body(
    *, speed: float = 0.0, at: tuple[float, float] = (0, 0), scale: float = 1.0
) -> Body:
    """Return a standing body, (3, frame) a label in mm, that glides along x."""
    along = at[0] + 1000 * speed * np.arange(FRAMES) / RATE_HZ
    dice = np.random.default_rng(2)
    return {
        label: np.stack((along + scale * x, np.full(FRAMES, at[1] + scale * y),
                         np.full(FRAMES, scale * z)))
        + dice.normal(0, 0.3, (3, FRAMES))
        for label, (x, y, z) in PLACES_MM.items()
    }  # fmt: skip


def named(name: str, markers: Body, *, only: tuple[str, ...] = ()) -> Body:
    return {f"{name}{k}": v for k, v in markers.items() if not only or k in only}


def c3d(path: Path, *bodies: Body) -> Path:
    labels = [label for each in bodies for label in each]
    places = np.stack([v for each in bodies for v in each.values()], axis=1)
    return write_trial(path, Trial(labels=labels, position_mm=places))


def trc(path: Path, *bodies: Body) -> Path:
    labels = [label for each in bodies for label in each]
    places = np.stack([v for each in bodies for v in each.values()], axis=1)
    head = TRC_HEAD.format(rate=100, frames=FRAMES, count=len(labels), unit="mm")
    names = "Frame#\tTime\t" + "\t\t\t".join(labels) + "\n\t\tX1\tY1\tZ1\n\n"
    rows = (
        f"{n + 1}\t{n / 100:.3f}\t"
        + "\t".join(f"{v:.3f}" for v in places[:, :, n].T.ravel()) + "\n"
        for n in range(FRAMES)
    )  # fmt: skip
    path.write_text(head + names + "".join(rows))
    return path


def is_body(path: Path, markers: Body, *, person: str | None = None) -> bool:
    found = read_motion(path, person=person).markers
    assert set(found["keypoint"].to_numpy().tolist()) == set(markers)
    return all(
        np.allclose(1000 * found["position"].sel(keypoint=k).to_numpy().T, v, atol=0.01)
        for k, v in markers.items()
    )


WALKER, HELPER = body(speed=1.1), body(at=(500, 900))
PELVIS = ("LASI", "RASI", "LPSI", "RPSI")
FILES = {
    "names": (named("Helper:", HELPER), named("Anna:", WALKER)),
    "names with a line": (named("Helper_", HELPER), named("Anna_", WALKER)),
    "one nameless": (HELPER, named("Anna:", WALKER)),
    "the same labels twice": (HELPER, WALKER),
    "a helper with a pelvis alone": (
        named("T:", body(speed=1.1, at=(0, 900)), only=PELVIS), named("Anna:", WALKER)
    ),
    "a wand": ({"Wand:A": HELPER["LASI"], "Wand:B": HELPER["RASI"]},
               named("Anna:", WALKER)),
    "a child": (named("Child:", body(at=(300, 700), scale=0.6)), named("A:", WALKER)),
}  # fmt: skip


@pytest.mark.parametrize("writer", [c3d, trc])
@pytest.mark.parametrize("kind", FILES)
def test_the_walker_is_taken_alone(kind: str, writer: object, tmp_path: Path) -> None:
    assert callable(writer)
    path = writer(tmp_path / "a.c3d", *FILES[kind])
    assert is_body(path, WALKER)
    found = read_motion(path)
    others = [r for r in found.reasons if r.code == "motion_markers_of_others"]
    assert len(others) == 1
    assert str(len(FILES[kind][0])) in others[0].text.nl
    assert "Anna" not in repr(found.markers)


def test_a_wish_takes_the_other_and_inspect_tells_both(tmp_path: Path) -> None:
    path = c3d(tmp_path / "a.c3d", *FILES["names"])
    assert is_body(path, HELPER, person="2")
    lines = [v for k, v in inspect(path).lines("nl") if k == "persoon"]
    assert len(lines) == 2
    assert "kies een ander met --person" in lines[0]
    with pytest.raises(InputError, match=r"a\.c3d: person is '3', and nobody is there"):
        read_motion(path, person="3")


def test_two_patients_in_opposite_directions_are_two_and_not_sure(
    tmp_path: Path,
) -> None:
    back = body(speed=-1.0, at=(4000, 800))
    path = c3d(tmp_path / "a.c3d", named("A:", WALKER), named("B:", back))
    found = read_motion(path)
    assert found.person is not None
    assert found.person.ambiguous
    assert is_body(path, WALKER, person="1")
    assert is_body(path, back, person="2")


def test_parts_of_one_body_with_names_of_their_own_stay_together(
    tmp_path: Path,
) -> None:
    legs = tuple(label for label in PLACES_MM if label not in PELVIS)
    parts = named("Upper:", WALKER, only=PELVIS), named("Lower:", WALKER, only=legs)
    path = c3d(tmp_path / "a.c3d", *parts)
    assert is_body(path, WALKER)
    assert read_motion(path).person is None


def test_one_person_with_a_name_is_read_as_before(tmp_path: Path) -> None:
    path = c3d(tmp_path / "a.c3d", named("Anna:", WALKER))
    assert is_body(path, WALKER)
    found = read_motion(path)
    assert (found.person, found.reasons) == (None, ())
