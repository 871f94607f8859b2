"""The second backend: the package mediapipe, in a process whose network is closed.

mediapipe 1.x reports usage to its maker whenever a task runs and has no switch for it.
So it runs in a child process whose proxy variables point to a closed port of this
machine before the package is imported; it then reaches nothing. It is asked for one
picture at a time, several bodies, so that it smooths nothing. Slower than
``blazepose``; for machines on which that cannot run, and as the reference for parity.

The package gives keypoints of a whole picture only. A region is therefore cut out
upright, with some room, and the body whose hips are nearest to its centre is taken.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from gaitkit.errors import ConfigError, GaitkitError, MissingExtraError
from gaitkit.model.keypoints import BLAZEPOSE
from gaitkit.pose import mediapipe_child as child
from gaitkit.pose.backend import Pose
from gaitkit.pose.files import DETECTOR, file_hash, model_path
from gaitkit.pose.region import Region, Window, region_around, window_around

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self

    from gaitkit.model.assessment import FileHash
    from gaitkit.pose.settings import PoseSettings

VERSION_MIN = (1, 2)
INSTALL = "pip install 'gaitkit-clinic[mediapipe]'"
CLOSED_PROXY = "http://127.0.0.1:9"
"""Port 9 (discard) of this machine, where nothing listens."""

PROXY_VARIABLES = ("http_proxy", "https_proxy", "all_proxy")
EXCEPTION_VARIABLES = ("no_proxy", "NO_PROXY")
BUNDLE_SUFFIX = ".task"
WINDOW = 1.1
"""Side of the piece that is searched, as a multiple of the region."""

NEAREST_MAX = 0.3
"""Distance of the hips from the centre of the region, in regions, that is the body."""

REGION_SCALE = 1.25
"""The package's own region; it cannot be changed."""

RADIUS_MARGIN = 1.05
"""Radius of the circle around a body over the distance from its hips to the keypoint
farthest from them; the keypoints end at the nose."""

CLOSE_TIMEOUT_S = 5.0
X, Y, VISIBILITY, PRESENCE = 0, 1, 3, 4
WORLD = slice(5, 8)

_HIPS = [BLAZEPOSE.index(f"{side}_hip") for side in ("left", "right")]
_SHOULDERS = [BLAZEPOSE.index(f"{side}_shoulder") for side in ("left", "right")]


class MediaPipe:
    """Bodies by the package mediapipe.

    Parameters
    ----------
    settings : PoseSettings
        Model; the package offers no region scale, mirrored average or threads.

    Raises
    ------
    MissingExtraError
        If mediapipe is not installed or too old, or lacks a system library.
    ModelFileError
        If a model file is missing or is not the right one.
    ConfigError
        If an option is asked for that the package does not offer.
    """

    name = "mediapipe"

    def __init__(self, settings: PoseSettings) -> None:
        _require_mediapipe()
        _require_plain(settings)
        bundle = settings.model.endswith(BUNDLE_SUFFIX)
        names = (settings.model,) if bundle else (DETECTOR, settings.model)
        files = [model_path(name) for name in names]
        self.model_files: tuple[FileHash, ...] = tuple(file_hash(f) for f in files)
        self._said = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the child
        self._process = _start(files, stderr=self._said.fileno())
        self._receive()

    def detect(self, image: np.ndarray) -> tuple[Region, ...]:
        """Return the region of each body in the picture, most probable first."""
        height, width = image.shape[:2]
        whole = Window(left=0, top=0, right=width, bottom=height)
        poses = self._poses(image, whole)
        return tuple(pose.region for pose in sorted(poses, key=lambda p: -p.score))

    def look(self, image: np.ndarray, region: Region) -> Pose | None:
        """Return the body in the region, or None when nobody is there."""
        window = window_around(region, factor=WINDOW, image=image)
        near = [
            (float(np.hypot(p.region.x - region.x, p.region.y - region.y)), p)
            for p in self._poses(image, window)
        ]
        distance, pose = min(near, key=lambda pair: pair[0], default=(np.inf, None))
        return pose if distance <= NEAREST_MAX * region.size else None

    def close(self) -> None:
        """End the child process."""
        if self._process.stdin is not None and not self._process.stdin.closed:
            self._process.stdin.close()
        try:
            self._process.wait(CLOSE_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        if self._process.stdout is not None:
            self._process.stdout.close()
        self._said.close()

    def __enter__(self) -> Self:
        """Return the backend itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End the child process."""
        self.close()

    def _poses(self, image: np.ndarray, window: Window) -> list[Pose]:
        part = image[window.top : window.bottom, window.left : window.right]
        height, width = part.shape[:2]
        self._send(child.SIZE.pack(height, width) + part.tobytes())
        table = np.frombuffer(self._receive(), "<f4")
        bodies = table.reshape(-1, child.POINTS, child.VALUES)
        offset = np.array([window.left, window.top])
        return [
            _pose(body, body[:, [X, Y]] * [width, height] + offset, image)
            for body in bodies
        ]

    def _send(self, message: bytes) -> None:
        stream = self._process.stdin
        try:
            if stream is None:
                raise BrokenPipeError
            stream.write(message)
            stream.flush()
        except (OSError, ValueError) as error:
            raise self._crash() from error

    def _receive(self) -> bytes:
        kind, length = child.ANSWER.unpack(self._read(child.ANSWER.size))
        content = self._read(length)
        if kind == child.ERROR:
            msg = (
                f"mediapipe is installed but cannot start "
                f"({content.decode(errors='replace').splitlines()[0]}); install the "
                f"system libraries it needs (EGL and GLES), or use "
                f"pose.backend = 'blazepose'"
            )
            self.close()
            raise MissingExtraError(msg)
        return content

    def _read(self, length: int) -> bytes:
        stream = self._process.stdout
        content = stream.read(length) if stream is not None else b""
        if len(content) < length:
            raise self._crash()
        return content

    def _crash(self) -> GaitkitError:
        """End what is left of the child, and return an error with its last words."""
        self._process.kill()
        code = self._process.wait()
        self._said.seek(0)
        lines = self._said.read().decode(errors="replace").split("\n")
        said = [line.strip() for line in lines if line.strip()]
        msg = (
            f"the mediapipe process ended unexpectedly (exit code {code}, last "
            f"words: {said[-1] if said else 'none'}); try again, or use "
            f"pose.backend = 'blazepose'"
        )
        return GaitkitError(msg)


def _require_mediapipe() -> None:
    needed = ".".join(str(part) for part in VERSION_MIN)
    try:
        version = metadata.version("mediapipe")
    except metadata.PackageNotFoundError as error:
        msg = f"pose.backend 'mediapipe' needs mediapipe >= {needed}; run {INSTALL}"
        raise MissingExtraError(msg) from error
    if tuple(int(part) for part in version.split(".")[:2]) < VERSION_MIN:
        msg = (
            f"pose.backend 'mediapipe' needs mediapipe >= {needed}, got {version}; "
            f"run {INSTALL}"
        )
        raise MissingExtraError(msg)


def _require_plain(settings: PoseSettings) -> None:
    if settings.mirrored or settings.region_scale != REGION_SCALE:
        msg = (
            f"pose.backend 'mediapipe' offers neither pose.mirrored nor a "
            f"pose.region_scale other than {REGION_SCALE:g}; leave them out, or use "
            f"pose.backend = 'blazepose'"
        )
        raise ConfigError(msg)


def _start(files: list[Path], *, stderr: int) -> subprocess.Popen[bytes]:
    """Start the child with a closed network and without the terminal."""
    surroundings = {k: v for k, v in os.environ.items() if k not in EXCEPTION_VARIABLES}
    for name in PROXY_VARIABLES:
        surroundings[name] = surroundings[name.upper()] = CLOSED_PROXY
    package = Path(__file__).resolve().parents[2]
    known = surroundings.get("PYTHONPATH")
    surroundings["PYTHONPATH"] = os.pathsep.join(
        [str(package), *([known] if known else [])]
    )
    return subprocess.Popen(
        [sys.executable, "-P", "-m", child.__name__, *(str(f) for f in files)],
        env=surroundings,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=stderr,
    )


def _pose(body: np.ndarray, points: np.ndarray, image: np.ndarray) -> Pose:
    hips = points[_HIPS].mean(axis=0)
    up = points[_SHOULDERS].mean(axis=0) - hips
    radius = RADIUS_MARGIN * float(np.linalg.norm(points - hips, axis=1).max())
    edge = hips + up * (radius / max(float(np.linalg.norm(up)), 1.0))
    inside = np.all((points >= 0) & (points < image.shape[1::-1]), axis=1)
    confidence = body[:, [VISIBILITY, PRESENCE]].min(axis=1)
    return Pose(
        points=points.astype(np.float32),
        confidence=np.where(inside, confidence, 0).astype(np.float32),
        world=body[:, WORLD].astype(np.float32),
        score=float(body[:, PRESENCE].mean()),
        region=region_around(hips, edge, scale=REGION_SCALE),
    )
