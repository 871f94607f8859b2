"""The solid insole: closed, exact to its formulas, refused where it cannot be made."""

from __future__ import annotations

import dataclasses
import io
import math
import struct
import zipfile
from typing import TYPE_CHECKING
from xml.etree import ElementTree

import insole_feet as feet
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gaitkit.insole.footprint import print_of_shoe
from gaitkit.insole.heights import height, pad_radius
from gaitkit.insole.mesh import open_edges, raise_of, solid_of, top_of, volume_cm3
from gaitkit.insole.outline import borders_at, inside
from gaitkit.insole.parameters import parameters
from gaitkit.insole.shape import refusals, run_out_deg, shape_of
from gaitkit.io.export.solids import CORE, stl_bytes, threemf_bytes
from gaitkit.model.insole import Doses, InsoleShape, Mesh, PlantarPrint
from gaitkit.model.side import Side
from gaitkit.plan.hard_limits import hard_limits

if TYPE_CHECKING:
    from pathlib import Path

SAMPLE = Doses(raise_mm=7.0, rearfoot_deg=2.0, arch_mm=8.0, pad_mm=5.0)
ALL_AT_ONCE = Doses(
    raise_mm=5.0, rearfoot_deg=3.0, forefoot_deg=3.0, skive_mm=3.0, cup_mm=12.0,
    arch_mm=8.0, pad_mm=6.0, hallux_mm=2.5,
)  # fmt: skip
THICK = dataclasses.replace(feet.SHELL, heel_mm=5.0, forefoot_mm=4.0)


def made(doses: Doses, print_: PlantarPrint | None = None) -> InsoleShape:
    """Return a shape that nothing speaks against."""
    shape = shape_of(print_ or feet.size_42(), doses, feet.SHELL)
    assert refusals(shape) == ()
    return shape


def edge_counts(mesh: Mesh) -> np.ndarray:
    """Return how many triangles meet at each edge, whichever way they run along it."""
    sides = np.sort(mesh.triangles[:, [[0, 1], [1, 2], [2, 0]]].reshape(-1, 2), axis=1)
    return np.asarray(np.unique(sides, axis=0, return_counts=True)[1])


def euler(mesh: Mesh) -> int:
    """Return vertices minus edges plus faces: 2 for a ball without holes."""
    used = np.unique(mesh.triangles).size
    assert used == len(mesh.vertices_mm)
    return used - len(edge_counts(mesh)) + len(mesh.triangles)


def is_closed(mesh: Mesh) -> bool:
    """Tell whether every edge has two triangles that run along it opposite ways."""
    return bool((edge_counts(mesh) == 2).all()) and len(open_edges(mesh.triangles)) == 0


def raster_cm3(shape: InsoleShape, step: float = 0.5) -> float:
    """Return the volume under the formulas, summed over a grid, cm3."""
    low, high = shape.outline_mm.min(axis=0), shape.outline_mm.max(axis=0)
    u, v = np.meshgrid(
        *(np.arange(a + step / 2, b, step) for a, b in zip(low, high, strict=True))
    )
    kept = inside(shape.outline_mm, u, v)
    return float(height(shape, u[kept], v[kept]).sum()) * step**2 / 1000


@pytest.mark.shared
def test_every_real_foot_gives_a_closed_solid_of_the_volume_of_its_formulas(
    shared_data: Path,
) -> None:
    refused = {}
    for name, print_ in feet.real_prints(shared_data).items():
        shape = shape_of(print_, SAMPLE, feet.SHELL)
        reasons = refusals(shape)
        if reasons:
            refused[name] = {each.code for each in reasons}
            continue
        mesh = solid_of(shape)
        assert is_closed(mesh), name
        assert euler(mesh) == 2, name
        assert volume_cm3(mesh) == pytest.approx(raster_cm3(shape), rel=2e-3), name
        assert np.ptp(mesh.vertices_mm[:, 1]) == pytest.approx(
            print_.length_mm + 14.0, abs=0.7
        ), name
    assert len(feet.real_prints(shared_data)) - len(refused) >= 27
    # a runner of whom the plate saw 6 cm of each foot
    assert all("run 7" in name for name in refused), refused
    assert all("insole_print_length" in codes for codes in refused.values())


def test_a_wedge_of_so_many_degrees_slopes_so_many_degrees() -> None:
    for degrees in (2.0, 4.0, -3.0, 6.0):
        shape = made(Doses(raise_mm=5.0, rearfoot_deg=degrees))
        u = np.linspace(-22, 22, 45)
        z = height(shape, u, np.full(45, 0.16 * shape.print_.length_mm))
        slope = np.polyfit(u, z, 1)[0]
        assert math.degrees(math.atan(-slope)) == pytest.approx(degrees, abs=1e-6)


def test_the_heel_is_as_high_as_ordered_in_the_mesh_too() -> None:
    for doses in (SAMPLE, Doses(raise_mm=7.0), Doses(raise_mm=10.0, rearfoot_deg=4.0)):
        shape = made(doses)
        u, v = shape.print_.heel_middle_mm
        ordered = feet.SHELL.heel_mm + doses.raise_mm + shape.pivot_adds_mm
        assert height(shape, np.array([u]), np.array([v])) == pytest.approx(ordered)
        top = solid_of(shape).vertices_mm
        near = top[np.hypot(top[:, 0] - u, top[:, 1] - v) < 1.6]
        lean = math.tan(math.radians(doses.rearfoot_deg))
        high = near[:, 2] + lean * near[:, 0]
        assert high[near[:, 2] > 0] == pytest.approx(ordered, abs=0.1)


def test_a_wedge_on_a_thin_base_moves_its_pivot_and_says_what_it_adds() -> None:
    assert made(Doses(rearfoot_deg=2.0)).pivot_adds_mm == 0.0
    shape = made(Doses(rearfoot_deg=6.0))
    assert shape.pivot_mm > 0
    assert shape.pivot_adds_mm == pytest.approx(
        math.tan(math.radians(6)) * shape.pivot_mm
    )
    lowest = solid_of(shape).vertices_mm[:, 2]
    assert lowest[lowest > 0].min() == pytest.approx(1.5, abs=1e-9)


def test_a_raise_runs_out_at_the_slope_of_its_formula_and_nowhere_steeper() -> None:
    for raised in (3.0, 7.0, 10.0):
        shape = made(Doses(raise_mm=raised))
        level = made(Doses())
        v = np.arange(-3.0, shape.print_.length_mm, 0.25)
        alone = height(shape, 0 * v, v) - height(level, 0 * v, v)
        full, end = shape.raise_full_mm, shape.raise_end_mm
        steepest = raised / (end - 8.0 - full)
        assert np.diff(alone).min() / 0.25 == pytest.approx(-steepest, rel=1e-6)
        assert math.degrees(math.atan(steepest)) == pytest.approx(run_out_deg(shape))
        assert alone[v >= end] == pytest.approx(0.0, abs=1e-9)
        assert alone[v <= full - 8] == pytest.approx(raised)
        assert end == pytest.approx(shape.print_.heads_mm[1][1] - 25.0)


def test_a_skive_is_a_plane_of_15_degrees_cut_off_at_its_height() -> None:
    shape = made(Doses(skive_mm=3.0))
    medial, lateral = shape.print_.heel_mm
    edge = medial + (lateral - medial) / 3
    at = np.full(2, 0.15 * shape.print_.length_mm)
    z = height(shape, np.array([edge - 2.0, edge - 8.0]), at) - 3.0
    assert math.degrees(math.atan(np.diff(z)[0] / 6)) == pytest.approx(15.0, abs=1e-6)
    assert height(shape, np.array([medial]), at[:1]) == pytest.approx(3.0 + 3.0)
    assert height(shape, np.array([edge + 2.0]), at[:1]) == pytest.approx(3.0)


def test_the_front_of_a_pad_lies_seven_mm_behind_the_heads() -> None:
    shape = made(Doses(pad_mm=5.0))
    heads = np.array(shape.print_.heads_mm[1:4])
    middle = (heads[0, 0] + heads[2, 0]) / 2
    v = np.arange(80.0, 230.0, 0.01)
    within = pad_radius(shape, np.full(v.size, middle), v) < 1
    assert v[within].max() == pytest.approx(heads[:, 1].mean() - 7.0, abs=0.02)
    assert np.ptp(v[within]) == pytest.approx(42.0, abs=0.05)
    u, along = np.meshgrid(np.arange(-40, 60, 0.5), np.arange(100, 220, 0.5))
    added = height(shape, u, along) - height(made(Doses()), u, along)
    assert added.max() == pytest.approx(5.0, abs=0.01)


def test_an_arch_support_is_highest_at_the_medial_border_under_the_navicular() -> None:
    shape = made(Doses(arch_mm=8.0))
    v = np.array([0.42 * shape.print_.length_mm])
    medial, _ = borders_at(shape.outline_mm, v)
    level = made(Doses())
    assert height(shape, medial, v) - height(level, medial, v) == pytest.approx(8.0)
    assert height(shape, np.array([7.0]), v) == pytest.approx(
        height(level, np.array([7.0]), v)
    )


def test_a_forefoot_wedge_ends_in_nothing_at_its_thin_border() -> None:
    for degrees in (3.0, -3.0):
        shape = made(Doses(forefoot_deg=degrees))
        level = made(Doses())
        v = np.full(61, shape.print_.heads_mm[1][1])
        u = np.linspace(-30, 30, 61)
        added = height(shape, u, v) - height(level, u, v)
        slope = np.polyfit(u, added, 1)[0]
        assert math.degrees(math.atan(-slope)) == pytest.approx(degrees, abs=1e-6)
        ring = shape.outline_mm
        thin = height(shape, *ring.T) - height(level, *ring.T)
        assert thin.min() == pytest.approx(0.0, abs=1e-9)


def test_a_mirrored_pair_is_equal_to_the_last_bit() -> None:
    left, right = (solid_of(made(SAMPLE, print_of_shoe(side, 42.0))) for side in Side)
    assert np.array_equal(left.vertices_mm * [-1, 1, 1], right.vertices_mm)
    assert np.array_equal(left.triangles[:, ::-1], right.triangles)
    assert volume_cm3(left) == pytest.approx(volume_cm3(right))


def test_the_arch_of_a_left_insole_lies_on_its_right() -> None:
    for side, sign in ((Side.LEFT, 1), (Side.RIGHT, -1)):
        top = solid_of(made(Doses(arch_mm=8.0), print_of_shoe(side, 42.0))).vertices_mm
        highest = top[top[:, 2].argmax()]
        assert highest[0] * sign > 20


def test_nothing_overhangs() -> None:
    for doses in (SAMPLE, ALL_AT_ONCE, Doses(cup_mm=18.0), Doses(cushion_mm=0.0)):
        mesh = solid_of(shape_of(feet.size_42(), doses, feet.SHELL))
        a, b, c = (mesh.vertices_mm[mesh.triangles[:, k]] for k in range(3))
        normal = np.cross(b - a, c - a)
        down = normal[:, 2] < -1e-9
        assert (a[down, 2] == 0).all()
        assert (b[down, 2] == 0).all()
        assert (c[down, 2] == 0).all()


def test_the_mesh_lies_within_a_tenth_of_a_mm_of_the_formulas_save_in_a_cup() -> None:
    from matplotlib.tri import LinearTriInterpolator, Triangulation

    for doses in (SAMPLE, ALL_AT_ONCE, Doses(pad_mm=8.0), Doses(rearfoot_deg=-4.0)):
        shape = made(doses)
        most = 0.2 if doses.cup_mm else 0.1
        top = top_of(shape)
        x, y, z = top.vertices_mm.T
        between = LinearTriInterpolator(Triangulation(x, y, top.triangles), z)
        points = np.random.default_rng(7).uniform(
            shape.outline_mm.min(axis=0), shape.outline_mm.max(axis=0), (4000, 2)
        )
        got = between(*points.T)
        kept = ~np.ma.getmaskarray(got)
        off = got[kept] - height(shape, *points[kept].T)
        assert np.abs(off).max() < most
        assert np.sqrt((off**2).mean()) < 0.02


def test_the_top_alone_has_one_border_and_few_enough_facets_to_be_milled() -> None:
    mesh = top_of(made(ALL_AT_ONCE, print_of_shoe(Side.LEFT, 48.0)))
    assert not mesh.closed
    assert len(mesh.triangles) < 20_000
    border = open_edges(mesh.triangles)
    following = dict(border.tolist())
    at, steps = border[0, 0], 0
    while True:
        at, steps = following[int(at)], steps + 1
        if at == border[0, 0]:
            break
    assert steps == len(border)


DEGREES = st.one_of(st.just(0.0), st.floats(1.0, 4.0), st.floats(-4.0, -1.0))


@settings(max_examples=12, deadline=None)
@given(
    size=st.floats(34.0, 48.0),
    raised=st.one_of(st.just(0.0), st.floats(1.0, 8.0)),
    rear=DEGREES,
    fore=DEGREES,
    arch=st.one_of(st.just(0.0), st.floats(3.0, 12.0)),
    pad=st.one_of(st.just(0.0), st.floats(3.0, 7.0)),
    cup=st.one_of(st.just(0.0), st.floats(10.0, 18.0)),
)
def test_any_doses_within_the_bounds_give_one_closed_piece(
    *,
    size: float,
    raised: float,
    rear: float,
    fore: float,
    arch: float,
    pad: float,
    cup: float,
) -> None:
    doses = Doses(
        raise_mm=raised, rearfoot_deg=rear, forefoot_deg=fore, arch_mm=arch,
        pad_mm=pad, cup_mm=cup,
    )  # fmt: skip
    shape = shape_of(print_of_shoe(Side.RIGHT, size), doses, feet.SHELL)
    if refusals(shape):
        return
    mesh = solid_of(shape)
    assert is_closed(mesh)
    assert euler(mesh) == 2
    z = mesh.vertices_mm[:, 2]
    assert z[z > 0].min() >= 1.5 - 1e-9
    heel = feet.SHELL.heel_mm + raised + shape.pivot_adds_mm
    middle = (np.array([each]) for each in shape.print_.heel_middle_mm)
    assert height(shape, *middle) == pytest.approx(heel, abs=0.05)


REFUSED = {
    "insole_dose": Doses(pad_mm=9.0),
    "insole_recess_hallux": Doses(recess_mm=1.5, hallux_mm=2.0),
    "insole_recess_wedge": Doses(recess_mm=1.5, forefoot_deg=2.0),
    "insole_skive_wedge": Doses(skive_mm=2.0, rearfoot_deg=-2.0),
    "insole_thin": Doses(cushion_mm=3.0),
}


@pytest.mark.parametrize("code", REFUSED)
def test_what_cannot_be_made_is_refused_with_its_reason(code: str) -> None:
    reasons = refusals(shape_of(feet.size_42(), REFUSED[code], feet.SHELL))
    assert [each.code for each in reasons] == [code]


def test_a_refusal_names_element_dose_and_bound_in_both_languages() -> None:
    (why,) = refusals(shape_of(feet.size_42(), Doses(rearfoot_deg=-6.5), feet.SHELL))
    assert why.text.nl == "achtervoetwig: 6,5 graden valt buiten 1 tot 6 graden."
    assert why.text.en == "rearfoot wedge: 6.5 degrees is outside 1 to 6 degrees."


def test_a_raise_that_is_too_steep_for_a_short_foot_is_refused() -> None:
    shape = shape_of(print_of_shoe(Side.RIGHT, 30.0), Doses(raise_mm=12.0), THICK)
    assert [each.code for each in refusals(shape)] == ["insole_run_out"]


def test_a_print_that_is_no_whole_foot_is_refused() -> None:
    narrow = dataclasses.replace(feet.size_42(), ball_mm=(-30.0, 30.0))
    (why,) = refusals(shape_of(narrow, SAMPLE, feet.SHELL))
    assert why.code == "insole_ball_width"
    assert why.text.en == (
        "The print is unusual: the ball is 0.23 times the length wide; 0.265 to 0.42 "
        "is usual."
    )
    slim = dataclasses.replace(feet.size_42(), heel_mm=(-20.0, 20.0))
    (why,) = refusals(shape_of(slim, SAMPLE, feet.SHELL))
    assert why.code == "insole_heel_width"
    sticking_out = np.column_stack([np.full(50, 80.0), np.linspace(20, 200, 50)])
    wide = dataclasses.replace(feet.size_42(), cells_mm=sticking_out)
    (why,) = refusals(shape_of(wide, SAMPLE, feet.SHELL))
    assert why.code == "insole_cells_outside"


def test_a_three_quarter_insole_is_closed_and_ends_behind_every_head() -> None:
    doses = Doses(raise_mm=7.0, rearfoot_deg=2.0, arch_mm=8.0, pad_mm=5.0)
    print_ = feet.size_42()
    shape = shape_of(print_, doses, feet.SHELL, three_quarter=True)
    assert refusals(shape) == ()
    mesh = solid_of(shape)
    assert is_closed(mesh)
    assert euler(mesh) == 2
    (u1, v1), (u5, v5) = print_.heads_mm[0], print_.heads_mm[4]
    u, v, _ = mesh.vertices_mm.T
    edge = v1 + (v5 - v1) * (u - u1) / (u5 - u1)
    assert float((v - edge).max()) == pytest.approx(-6.0, abs=1e-6)
    whole = shape_of(print_, doses, feet.SHELL)
    back = whole.outline_mm[:, 1] < 100.0
    same = shape.outline_mm[shape.outline_mm[:, 1] < 100.0]
    assert np.allclose(whole.outline_mm[back], same)
    assert volume_cm3(mesh) == pytest.approx(raster_cm3(shape), rel=1e-3)


@pytest.mark.parametrize(
    "doses", [Doses(forefoot_deg=2.0), Doses(recess_mm=1.0), Doses(hallux_mm=2.0)]
)
def test_a_three_quarter_insole_has_no_elements_ahead_of_the_heads(
    doses: Doses,
) -> None:
    base = dataclasses.replace(THICK, forefoot_mm=4.0)
    shape = shape_of(feet.size_42(), doses, base, three_quarter=True)
    assert [each.code for each in refusals(shape)] == ["insole_three_quarter"]


def test_a_loose_raise_is_a_closed_part_that_ends_in_a_printable_edge() -> None:
    shape = made(Doses(raise_mm=7.0), print_of_shoe(Side.LEFT, 42.0))
    part = raise_of(shape)
    assert part.name == "raise_left"
    assert is_closed(part)
    assert euler(part) == 2
    top = part.vertices_mm[: len(part.vertices_mm) // 2]
    assert float(top[:, 2].max()) == pytest.approx(7.0, abs=0.01)
    assert float(top[:, 2].min()) == pytest.approx(1.0, abs=0.01)
    front = top[top[:, 1] > top[:, 1].max() - 0.01]
    assert np.allclose(front[:, 2], 1.0, atol=0.01)
    assert float(front[0, 1]) < shape.raise_end_mm
    left_medial = part.vertices_mm[:, 0].max() > -part.vertices_mm[:, 0].min()
    right = raise_of(made(Doses(raise_mm=7.0), print_of_shoe(Side.RIGHT, 42.0)))
    assert left_medial != (
        right.vertices_mm[:, 0].max() > -right.vertices_mm[:, 0].min()
    )


def test_places_guessed_from_a_shoe_give_no_pad_and_no_cut_out_in_the_solid() -> None:
    shape = made(Doses(raise_mm=5.0, pad_mm=5.0), print_of_shoe(Side.RIGHT, 42.0))
    plain = made(Doses(raise_mm=5.0), print_of_shoe(Side.RIGHT, 42.0))
    assert np.array_equal(
        solid_of(shape.as_made).vertices_mm, solid_of(plain).vertices_mm
    )
    measured = dataclasses.replace(feet.size_42(), origin="plate")
    assert made(Doses(pad_mm=5.0), measured).as_made.doses.pad_mm == 5.0


def test_no_bound_goes_beyond_the_hard_limits_of_the_plan() -> None:
    same = {
        "heel_raise": "heel_raise",
        "rearfoot_wedge": "total_rearfoot_posting",
        "forefoot_wedge": "medial_forefoot_post",
        "skive": "medial_heel_skive",
        "heel_cup": "heel_cup",
        "pad": "metatarsal_pad",
        "cushion": "heel_cushion",
    }
    for ours, theirs in same.items():
        assert parameters()[ours].high <= hard_limits()[theirs].most, ours
    for each in parameters().values():
        assert each.low <= each.high
        assert each.source


def test_stl_is_binary_in_mm_and_names_no_one() -> None:
    mesh = solid_of(made(SAMPLE))
    content = stl_bytes(mesh)
    assert content[:80].decode("ascii").strip() == "gaitkit insole_right unit mm"
    (count,) = struct.unpack_from("<I", content, 80)
    assert count == len(mesh.triangles)
    assert len(content) == 84 + 50 * count
    first = struct.unpack_from("<12f", content, 84)
    a, b, c = (np.array(first[3 * k : 3 * k + 3]) for k in (1, 2, 3))
    outwards = np.cross(b - a, c - a)
    assert np.dot(outwards, first[:3]) == pytest.approx(np.linalg.norm(outwards), 1e-5)
    assert stl_bytes(mesh) == content


def test_3mf_holds_two_named_insoles_in_mm_in_the_positive_octant() -> None:
    pair = [solid_of(made(SAMPLE, print_of_shoe(side, 42.0))) for side in Side]
    content = threemf_bytes(pair)
    assert threemf_bytes(pair) == content
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        assert package.namelist() == [
            "[Content_Types].xml",
            "_rels/.rels",
            "3D/3dmodel.model",
        ]
        root = ElementTree.fromstring(package.read("3D/3dmodel.model"))
        relations = package.read("_rels/.rels").decode()
    assert "/3D/3dmodel.model" in relations
    assert root.tag == f"{{{CORE}}}model"
    assert root.get("unit") == "millimeter"
    name = {"core": CORE}
    objects = root.findall(".//core:object", name)
    assert [each.get("name") for each in objects] == ["insole_left", "insole_right"]
    items = [each.get("objectid") for each in root.findall(".//core:item", name)]
    assert items == [each.get("id") for each in objects]
    spans = []
    for each, mesh in zip(objects, pair, strict=True):
        points = np.array(
            [
                [float(p.get(axis) or "nan") for axis in "xyz"]
                for p in each.iterfind(".//core:vertex", name)
            ]
        )
        assert points.min() >= 0
        assert np.ptp(points, axis=0) == pytest.approx(
            np.ptp(mesh.vertices_mm, axis=0), abs=2e-4
        )
        spans.append((points[:, 0].min(), points[:, 0].max()))
        assert len(each.findall(".//core:triangle", name)) == len(mesh.triangles)
    assert spans[0][1] < spans[1][0]
