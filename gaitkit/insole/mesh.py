"""From a shape to triangles: a closed solid, or its top surface alone.

Notes
-----
The ring of the outline and a hexagonal grid inside it are joined by a Delaunay
triangulation; triangles with their middle outside the outline are dropped. The bottom
is the same net at height 0 turned over, the wall two triangles for each edge of the
ring. Over a flat underside with upright walls a height map cannot have an undercut.
Where the top bends the grid is twice as fine, so that between its points the mesh
lies within 0.1 mm of the formulas, in a heel cup within 0.2 mm.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from gaitkit.errors import GaitkitError
from gaitkit.insole.heights import heel_raise, height, raw_height
from gaitkit.insole.outline import behind, inside
from gaitkit.insole.parameters import parameter
from gaitkit.model.insole import Mesh
from gaitkit.model.side import Side

if TYPE_CHECKING:
    from collections.abc import Callable

    from gaitkit.model.insole import InsoleShape

    Height = Callable[[np.ndarray, np.ndarray], np.ndarray]

GRID_MM = 2.6
FINE_MM = GRID_MM / 2
BEND_MM = 0.06
"""Between points inside the outline, and where the top bends by more than this over the
finer distance."""

EDGE_STEP_MM = 0.1
"""Between places where the end of a loose raise is sought."""

CLEAR_MM = 1.6
"""No point of the grid lies nearer to the ring: thin triangles there help nobody."""


def solid_of(shape: InsoleShape) -> Mesh:
    """Return the insole as a closed solid standing on z = 0.

    Parameters
    ----------
    shape : InsoleShape
        One that `gaitkit.insole.shape.refusals` has nothing against.

    Raises
    ------
    GaitkitError
        If the net has a hole or another border than the outline: a bug.
    """
    return _solid(shape, f"insole_{shape.side}", partial(height, shape))


def _solid(shape: InsoleShape, name: str, high: Height) -> Mesh:
    """Return the closed solid over an outline whose top is as high as told."""
    places, net, ring = _net(shape)
    count = len(places)
    top = np.column_stack([places, high(*places.T)])
    bottom = np.column_stack([places, np.zeros(count)])
    after = np.roll(ring, -1)
    wall = np.vstack(
        [
            np.column_stack([ring + count, after + count, after]),
            np.column_stack([ring + count, after, ring]),
        ]
    )
    triangles = np.vstack([net, net[:, ::-1] + count, wall])
    return _mesh(shape, name, np.vstack([top, bottom]), triangles)


def top_of(shape: InsoleShape) -> Mesh:
    """Return the top surface alone, as milling software wants it."""
    places, net, _ = _net(shape)
    top = np.column_stack([places, height(shape, *places.T)])
    return _mesh(shape, f"insole_{shape.side}_top", top, net, closed=False)


def raise_of(shape: InsoleShape) -> Mesh:
    """Return the heel raise alone, as a part that lies under the insole.

    Parameters
    ----------
    shape : InsoleShape
        With the raise as its dose; it ends where the raise is as thin as
        ``loose_raise_edge`` of ``insole.toml``, with an upright edge.
    """
    edge = parameter("loose_raise_edge").default
    along = np.arange(shape.raise_full_mm, shape.raise_end_mm, EDGE_STEP_MM)
    high = heel_raise(shape, np.zeros_like(along), along)
    last = float(along[high >= edge][-1])
    part = replace(
        shape, outline_mm=behind(shape.outline_mm, (-1.0, last), (1.0, last))
    )

    def top(u: np.ndarray, v: np.ndarray) -> np.ndarray:
        return np.asarray(np.maximum(heel_raise(part, u, v), edge))

    return _solid(part, f"raise_{shape.side}", top)


def open_edges(triangles: np.ndarray) -> np.ndarray:
    """Return the directed edges that no triangle runs along the other way."""
    edges = np.vstack([triangles[:, [a, b]] for a, b in ((0, 1), (1, 2), (2, 0))])
    size = int(edges.max()) + 1
    ahead = edges[:, 0] * size + edges[:, 1]
    back = edges[:, 1] * size + edges[:, 0]
    return np.asarray(edges[~np.isin(ahead, back)])


def volume_cm3(mesh: Mesh) -> float:
    """Return the volume of a closed mesh, cm3, positive when it is turned outwards."""
    a, b, c = (mesh.vertices_mm[mesh.triangles[:, k]] for k in range(3))
    return float(np.einsum("ij,ij->i", a, np.cross(b, c)).sum()) / 6 / 1000


def _mesh(
    shape: InsoleShape,
    name: str,
    vertices: np.ndarray,
    triangles: np.ndarray,
    *,
    closed: bool = True,
) -> Mesh:
    """Turn a right foot into the foot it is; a mirrored net is turned inside out."""
    if shape.side is Side.LEFT:
        vertices = vertices * np.array([-1.0, 1.0, 1.0])
        triangles = triangles[:, ::-1]
    return Mesh(name=name, vertices_mm=vertices, triangles=triangles, closed=closed)


def _net(shape: InsoleShape) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return points, triangles (counter-clockwise) and the numbers of the ring."""
    from scipy.spatial import Delaunay, cKDTree

    ring = shape.outline_mm
    fine = _hexagons(ring, FINE_MM)
    fine = fine[_bends(shape, *fine.T)]
    grid = _hexagons(ring, GRID_MM)
    near, _ = cKDTree(np.vstack([fine, ring])).query(grid)
    grid = np.vstack([fine, grid[near >= FINE_MM / 2]])
    far, _ = cKDTree(ring).query(grid)
    places = np.vstack([ring, grid[far >= CLEAR_MM]])
    net = Delaunay(places).simplices
    net = net[inside(ring, *places[net].mean(axis=1).T)]
    a, b, c = (places[net[:, k]] for k in range(3))
    turn = (b - a)[:, 0] * (c - a)[:, 1] - (b - a)[:, 1] * (c - a)[:, 0]
    net = np.where((turn > 0)[:, None], net, net[:, ::-1])
    numbers = np.arange(len(ring))
    wanted = {(k, (k + 1) % len(ring)) for k in numbers.tolist()}
    if {(int(a), int(b)) for a, b in open_edges(net)} != wanted:
        msg = f"insole_{shape.side}: the border of the net is not the outline"
        raise GaitkitError(msg)
    return places, net, numbers


def _bends(shape: InsoleShape, u: np.ndarray, v: np.ndarray) -> np.ndarray:
    """Tell where the top bends too much for the coarse grid."""
    middle, step = raw_height(shape, u, v), FINE_MM
    bend = np.zeros(u.shape)
    for du, dv in ((step, 0.0), (0.0, step)):
        around = raw_height(shape, u + du, v + dv) + raw_height(shape, u - du, v - dv)
        bend = np.maximum(bend, np.abs(around - 2 * middle))
    return np.asarray(bend > BEND_MM)


def _hexagons(ring: np.ndarray, step_mm: float) -> np.ndarray:
    """Return the points of a hexagonal grid inside a ring."""
    (u0, v0), (u1, v1) = ring.min(axis=0), ring.max(axis=0)
    rows = np.arange(v0, v1, step_mm * np.sqrt(0.75))
    columns = np.arange(u0, u1, step_mm)
    u, v = np.meshgrid(columns, rows)
    u = u + (np.arange(len(rows)) % 2)[:, None] * step_mm / 2
    kept = inside(ring, u, v)
    return np.column_stack([u[kept], v[kept]])
