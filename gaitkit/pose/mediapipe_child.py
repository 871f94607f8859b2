"""The process in which the package mediapipe runs, shut off from network and terminal.

It is started by ``gaitkit.pose.mediapipe`` with its proxy variables set to a closed
port, reads pictures from stdin and writes bodies to stdout, and ends when stdin does,
which is also when the parent dies. Everything that native code prints goes to stderr,
which the parent sends to a file.

Messages, little-endian: a picture is height and width (uint32 each) and RGB bytes; an
answer is one byte, ``R`` for a result or ``E`` for an error, a length (uint32), and
that many bytes: float32 (body, 33, 8) or a sentence. The first answer, empty, says
that the process is ready.

Pack bare pose networks into the ``.task`` bundle that mediapipe 1.x wants.

A bundle is an uncompressed zip with two networks. Each carries metadata that says how
the pixels of the picture become its input; the files of older packages have none, so
it is added here. Runs inside the child process of the mediapipe backend: it needs the
schemas that the package mediapipe brings.
"""

from __future__ import annotations

import io
import os
import struct
import sys
import zipfile
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
METADATA_NAME = "TFLITE_METADATA"
MODEL_IDENTIFIER, METADATA_IDENTIFIER = b"TFL3", b"M001"
FIXED_DATE = (1980, 1, 1, 0, 0, 0)
"""The earliest date of a zip entry: the same input gives the same bytes."""

DETECTOR_ENTRY, DETECTOR_MEAN, DETECTOR_STD = "pose_detector.tflite", 127.5, 127.5
LANDMARK_ENTRY, LANDMARK_MEAN, LANDMARK_STD = (
    "pose_landmarks_detector.tflite",
    0.0,
    255.0,
)
"""Input = (pixel - mean) / std: -1 to 1 for the detector, 0 to 1 for landmarks."""


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


def task_bundle(detector: bytes, landmarks: bytes) -> bytes:
    """Return the ``.task`` bundle of a detector and a landmark network.

    Parameters
    ----------
    detector, landmarks : bytes
        Content of the two ``.tflite`` files.
    """
    entries = {
        DETECTOR_ENTRY: with_normalization(detector, DETECTOR_MEAN, DETECTOR_STD),
        LANDMARK_ENTRY: with_normalization(landmarks, LANDMARK_MEAN, LANDMARK_STD),
    }
    bundle = io.BytesIO()
    with zipfile.ZipFile(bundle, "w", zipfile.ZIP_STORED) as archive:
        for name, content in entries.items():
            archive.writestr(zipfile.ZipInfo(name, FIXED_DATE), content)
    return bundle.getvalue()


def with_normalization(model: bytes, mean: float, std: float) -> bytes:
    """Return the network with metadata that describes its one RGB input."""
    import flatbuffers
    from mediapipe.tasks.metadata import schema_py_generated as schema

    tree = schema.ModelT.InitFromPackedBuf(bytearray(model), 0)
    content = schema.BufferT()
    content.data = list(_metadata(mean, std))
    tree.buffers.append(content)
    entry = schema.MetadataT()
    entry.name = METADATA_NAME
    entry.buffer = len(tree.buffers) - 1
    tree.metadata = [
        known for known in tree.metadata or [] if known.name != METADATA_NAME.encode()
    ] + [entry]
    builder = flatbuffers.Builder(len(model))
    builder.Finish(tree.Pack(builder), file_identifier=MODEL_IDENTIFIER)
    return bytes(builder.Output())


def _metadata(mean: float, std: float) -> bytes:
    import flatbuffers
    from mediapipe.tasks.metadata import metadata_schema_py_generated as schema

    options = schema.NormalizationOptionsT()
    options.mean, options.std = [mean], [std]
    unit = schema.ProcessUnitT()
    unit.optionsType = schema.ProcessUnitOptions.NormalizationOptions
    unit.options = options
    image = schema.ImagePropertiesT()
    image.colorSpace = schema.ColorSpaceType.RGB
    content = schema.ContentT()
    content.contentPropertiesType = schema.ContentProperties.ImageProperties
    content.contentProperties = image
    tensor = schema.TensorMetadataT()
    tensor.name, tensor.content, tensor.processUnits = "image", content, [unit]
    tensor.stats = schema.StatsT()
    tensor.stats.max, tensor.stats.min = [1.0], [0.0]
    graph = schema.SubGraphMetadataT()
    graph.inputTensorMetadata = [tensor]
    root = schema.ModelMetadataT()
    root.name, root.subgraphMetadata = "pose", [graph]
    builder = flatbuffers.Builder(0)
    builder.Finish(root.Pack(builder), file_identifier=METADATA_IDENTIFIER)
    return bytes(builder.Output())


if __name__ == "__main__":
    main(sys.argv[1:])
