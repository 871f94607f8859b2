"""Pack bare pose networks into the ``.task`` bundle that mediapipe 1.x wants.

A bundle is an uncompressed zip with two networks. Each carries metadata that says how
the pixels of the picture become its input; the files of older packages have none, so
it is added here. Runs inside the child process of the mediapipe backend: it needs the
schemas that the package mediapipe brings.
"""

from __future__ import annotations

import io
import zipfile

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
