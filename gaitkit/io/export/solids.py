"""Meshes as files that workshops open: binary STL, and 3MF for printing.

STL holds no unit: millimetres are a custom, and the header says so. 3MF declares its
unit, holds both insoles as named objects, and lies in the positive octant. Both are
written byte for byte the same on every system: no date, no name of a person.
"""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gaitkit.model.insole import Mesh

STL_HEADER_BYTES = 80
STL_TRIANGLE = np.dtype(
    [("normal", "<f4", 3), ("corners", "<f4", (3, 3)), ("attribute", "<u2")]
)
GAP_MM = 10.0
"""Between two insoles on the plate of a printer."""

NO_DATE = (1980, 1, 1, 0, 0, 0)
"""The earliest that a zip file can say."""

CORE = "http://schemas.microsoft.com/3dmanufacturing/core/2015/02"
CONTENT_TYPES = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" '
    'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="model" '
    'ContentType="application/vnd.ms-package.3dmanufacturing-3dmodel+xml"/></Types>'
)
RELATIONS = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    "<Relationships "
    'xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Target="/3D/3dmodel.model" Id="rel0" '
    'Type="http://schemas.microsoft.com/3dmanufacturing/2013/01/3dmodel"/>'
    "</Relationships>"
)


def stl_bytes(mesh: Mesh) -> bytes:
    """Return a mesh as binary STL, in mm."""
    corners = mesh.vertices_mm[mesh.triangles]
    normal = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    length = np.linalg.norm(normal, axis=1, keepdims=True)
    records = np.zeros(len(mesh.triangles), dtype=STL_TRIANGLE)
    records["normal"] = normal / np.where(length > 0, length, 1.0)
    records["corners"] = corners
    header = f"gaitkit {mesh.name} unit mm".encode("ascii").ljust(STL_HEADER_BYTES)
    count = np.uint32(len(records)).astype("<u4").tobytes()
    return b"".join((header, count, records.tobytes()))


def threemf_bytes(meshes: Sequence[Mesh]) -> bytes:
    """Return closed meshes as one 3MF package, side by side, in mm."""
    package = io.BytesIO()
    parts = (
        ("[Content_Types].xml", CONTENT_TYPES),
        ("_rels/.rels", RELATIONS),
        ("3D/3dmodel.model", "".join(_model(meshes))),
    )
    with zipfile.ZipFile(package, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts:
            entry = zipfile.ZipInfo(name, date_time=NO_DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3  # the same on every system
            archive.writestr(entry, text.encode("utf-8"))
    return package.getvalue()


def _model(meshes: Sequence[Mesh]) -> Iterator[str]:
    yield '<?xml version="1.0" encoding="UTF-8"?>\n'
    yield f'<model unit="millimeter" xml:lang="en-US" xmlns="{CORE}"><resources>'
    at = 0.0
    for number, mesh in enumerate(meshes, start=1):
        low, high = mesh.vertices_mm.min(axis=0), mesh.vertices_mm.max(axis=0)
        yield f'<object id="{number}" name="{mesh.name}" type="model"><mesh><vertices>'
        moved = mesh.vertices_mm - low + np.array([at, 0.0, 0.0])
        for x, y, z in moved.tolist():
            yield f'<vertex x="{x:.4f}" y="{y:.4f}" z="{z:.4f}"/>'
        yield "</vertices><triangles>"
        for a, b, c in mesh.triangles.tolist():
            yield f'<triangle v1="{a}" v2="{b}" v3="{c}"/>'
        yield "</triangles></mesh></object>"
        at += float(high[0] - low[0]) + GAP_MM
    yield "</resources><build>"
    for number in range(1, len(meshes) + 1):
        yield f'<item objectid="{number}"/>'
    yield "</build></model>"
