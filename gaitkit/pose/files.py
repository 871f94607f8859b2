"""The pose model files: which there are, where they lie, whether they are intact.

The weights are not part of gaitkit. They are looked for in this order: an explicit
path, the folder that ``GAITKIT_MODELS`` names, the user's cache. What is found is
checked against its sha256 before it is used.

Where gaitkit keeps files that were fetched once: in the user's cache.
"""

from __future__ import annotations

import hashlib
import os
import sys
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

from gaitkit.errors import ModelFileError
from gaitkit.model.assessment import FileHash


def cache_folder() -> Path:
    """Return the folder in the user's cache where model files are kept."""
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA")
        root = Path(base) if base else Path.home() / "AppData" / "Local"
    elif sys.platform == "darwin":
        root = Path.home() / "Library" / "Caches"
    else:
        base = os.environ.get("XDG_CACHE_HOME")
        root = Path(base) if base else Path.home() / ".cache"
    return root / "gaitkit" / "models"


ENVIRONMENT_VARIABLE = "GAITKIT_MODELS"
DETECTOR = "detector"
"""Name of the network that finds bodies; every landmark model needs it."""

PackageKind = Literal["wheel", "npm"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelFile:
    """One file of weights that gaitkit knows.

    Attributes
    ----------
    name : str
        What ``pose.model`` and ``gaitkit models`` call it.
    file_name : str
        Name on disk.
    sha256 : str
        Hash of its content.
    size : int
        Bytes.
    package : {"wheel", "npm"}
        The public package that carries it.
    """

    name: str
    file_name: str
    sha256: str
    size: int
    package: PackageKind


MODEL_FILES = (
    ModelFile(
        name=DETECTOR,
        file_name="pose_detection.tflite",
        sha256="9ba9dd3d42efaaba86b4ff0122b06f29c4122e756b329d89dca1e297fd8f866c",
        size=2_959_046,
        package="wheel",
    ),
    ModelFile(
        name="full",
        file_name="pose_landmark_full.tflite",
        sha256="e9a5c5cb17f736fafd4c2ec1da3b3d331d6edbe8a0d32395855aeb2cdfd64b9f",
        size=6_440_512,
        package="wheel",
    ),
    ModelFile(
        name="lite",
        file_name="pose_landmark_lite.tflite",
        sha256="f17bfbecadb61c3be1baa8b8d851cc6619c870a87167b32848ad20db306b9d61",
        size=2_819_824,
        package="npm",
    ),
    ModelFile(
        name="heavy",
        file_name="pose_landmark_heavy.tflite",
        sha256="59e42d71bcd44cbdbabc419f0ff76686595fd265419566bd4009ef703ea8e1fe",
        size=27_709_200,
        package="npm",
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelStatus:
    """Where a model file lies, and whether its content is what it should be.

    Attributes
    ----------
    file : ModelFile
        The file in question.
    path : Path or None
        Where it was found; None when it is nowhere.
    intact : bool
        True when it was found and its sha256 is right.
    """

    file: ModelFile
    path: Path | None
    intact: bool


def model_file(name: str) -> ModelFile:
    """Return a known model file by name.

    Raises
    ------
    ModelFileError
        If there is none of that name.
    """
    for file in MODEL_FILES:
        if file.name == name:
            return file
    known = ", ".join(file.name for file in MODEL_FILES)
    msg = f"pose model {name!r} is not known; expected one of {known}, or a path"
    raise ModelFileError(msg)


def search_folders() -> tuple[Path, ...]:
    """Return the folders that are searched, in order."""
    named = os.environ.get(ENVIRONMENT_VARIABLE)
    return (*((Path(named),) if named else ()), cache_folder())


def locate(name: str) -> Path | None:
    """Return where a known model file lies, or None; its content is not checked."""
    file = model_file(name)
    places = (folder / file.file_name for folder in search_folders())
    return next((place for place in places if place.is_file()), None)


def model_path(model: str) -> Path:
    """Return the path of a model file that is there and intact.

    Parameters
    ----------
    model : str
        Name of a known file, or a path.

    Raises
    ------
    ModelFileError
        If it is nowhere, or if its content is not what it should be.
    """
    if model not in {file.name for file in MODEL_FILES}:
        return _explicit(model)
    path = locate(model)
    file = model_file(model)
    if path is None:
        where = " or ".join(str(folder) for folder in search_folders())
        msg = (
            f"pose model file {file.file_name} was not found in {where}; "
            f"get it with 'gaitkit models fetch {model}', or on a machine without "
            f"network with 'gaitkit models fetch --from FILE'"
        )
        raise ModelFileError(msg)
    found = model_sha256(path)
    if found != file.sha256:
        msg = (
            f"{path} is not the expected pose model file: sha256 should begin with "
            f"{file.sha256[:12]}, got {found[:12]}; delete it and run "
            f"'gaitkit models fetch {model}'"
        )
        raise ModelFileError(msg)
    return path


def model_statuses() -> tuple[ModelStatus, ...]:
    """Return the state of every known model file; reads each file that is there."""
    statuses = []
    for file in MODEL_FILES:
        path = locate(file.name)
        intact = path is not None and sha256_of(path) == file.sha256
        statuses.append(ModelStatus(file=file, path=path, intact=intact))
    return tuple(statuses)


def file_hash(path: Path) -> FileHash:
    """Return name and sha256 of a model file, as the assessment records them."""
    return FileHash(name=path.name, sha256=model_sha256(path))


def model_sha256(path: Path) -> str:
    """Return the sha256 of a model file, read again only when it has changed."""
    file = path.stat()
    return _sha256_of_version(path, file.st_size, file.st_mtime_ns)


@lru_cache(maxsize=16)
def _sha256_of_version(path: Path, size: int, changed_ns: int) -> str:
    del size, changed_ns  # they tell the versions of a file apart
    return sha256_of(path)


def sha256_of(path: Path) -> str:
    """Return the sha256 of a file's content, in hexadecimal."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _explicit(model: str) -> Path:
    path = Path(model).expanduser()
    if not path.is_file():
        known = ", ".join(f.name for f in MODEL_FILES if f.name != DETECTOR)
        msg = (
            f"pose.model is {model!r}, which is neither one of {known} nor a file; "
            f"correct it, or give the path of a model file"
        )
        raise ModelFileError(msg)
    return path
