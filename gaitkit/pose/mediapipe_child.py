"""The process in which the package mediapipe runs, shut off from network and terminal.

It is started by ``gaitkit.pose.mediapipe`` with its proxy variables set to a closed
port, reads pictures from stdin and writes bodies to stdout, and ends when stdin does,
which is also when the parent dies. Everything that native code prints goes to stderr,
which the parent sends to a file.

Messages, little-endian: a picture is height and width (uint32 each) and RGB bytes; an
answer is one byte, ``R`` for a result or ``E`` for an error, a length (uint32), and
that many bytes: float32 (body, 33, 8) or a sentence. The first answer, empty, says
that the process is ready.
"""

from __future__ import annotations

import os
import struct
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

SIZE = struct.Struct("<II")
ANSWER = struct.Struct("<cI")
RESULT, ERROR = b"R", b"E"
POINTS, VALUES = 33, 8
"""x, y as fractions of the picture, z, visibility, presence, and x, y, z in metres."""

MOST_BODIES = 3
"""More than one, so that mediapipe does not smooth (it does so for one body only)."""

STDOUT, STDERR = 1, 2


def main(arguments: list[str]) -> None:
    """Answer pictures until stdin ends.

    Parameters
    ----------
    arguments : list of str
        One ``.task`` bundle, or a detector and a landmark ``.tflite`` file.
    """
    answers = os.fdopen(os.dup(STDOUT), "wb")
    os.dup2(STDERR, STDOUT)
    try:
        find = open_landmarker([Path(argument) for argument in arguments])
    except Exception as error:  # noqa: BLE001 - the parent reports whatever it is
        _answer(answers, ERROR, f"{type(error).__name__}: {error}".encode())
        return
    _answer(answers, RESULT, b"")
    pictures = sys.stdin.buffer
    while len(header := pictures.read(SIZE.size)) == SIZE.size:
        height, width = SIZE.unpack(header)
        pixels = pictures.read(height * width * 3)
        picture = np.frombuffer(pixels, np.uint8).reshape(height, width, 3)
        _answer(answers, RESULT, find(picture).tobytes())


def open_landmarker(files: list[Path]) -> Callable[[np.ndarray], np.ndarray]:
    """Return a function from a picture to bodies (body, 33, 8), float32."""
    import mediapipe
    from mediapipe.tasks.python import BaseOptions, vision

    from gaitkit.pose.mediapipe_task import task_bundle

    contents = [file.read_bytes() for file in files]
    bundle = contents[0] if len(contents) == 1 else task_bundle(*contents)
    landmarker = vision.PoseLandmarker.create_from_options(
        vision.PoseLandmarkerOptions(
            base_options=BaseOptions(model_asset_buffer=bundle),
            running_mode=vision.RunningMode.IMAGE,
            num_poses=MOST_BODIES,
        )
    )

    def find(picture: np.ndarray) -> np.ndarray:
        # mediapipe reads the memory as it lies, whatever the strides say
        image = mediapipe.Image(
            image_format=mediapipe.ImageFormat.SRGB, data=np.ascontiguousarray(picture)
        )
        return _table(landmarker.detect(image))

    return find


def _table(result: Any) -> np.ndarray:  # noqa: ANN401 - mediapipe has no types
    bodies = zip(result.pose_landmarks, result.pose_world_landmarks, strict=True)
    rows = [
        [
            (p.x, p.y, p.z, p.visibility, p.presence, w.x, w.y, w.z)
            for p, w in zip(picture, world, strict=True)
        ]
        for picture, world in bodies
    ]
    return np.array(rows, dtype="<f4").reshape(-1, POINTS, VALUES)


def _answer(stream: BinaryIO, kind: bytes, content: bytes) -> None:
    stream.write(ANSWER.pack(kind, len(content)) + content)
    stream.flush()


if __name__ == "__main__":
    main(sys.argv[1:])
