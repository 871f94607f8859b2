"""Runs a TensorFlow Lite network on the CPU, without a word on the terminal."""

from __future__ import annotations

import os
import struct
import sys
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

from gaitkit.errors import MissingExtraError, ModelFileError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import numpy as np
    from flatbuffers.table import Table

STDERR_FILENO = 2
# Positions of fields in the tables of the TensorFlow Lite schema (version 3),
# https://github.com/google-ai-edge/LiteRT, tflite/converter/schema/schema.fbs
MODEL_SUBGRAPHS = 2
SUBGRAPH_OUTPUTS, SUBGRAPH_OPERATORS = 2, 3
OPERATOR_INPUTS, OPERATOR_OUTPUTS = 1, 2
OFFSET_BYTES = 4


class Network:
    """One loaded network with one picture as input.

    Parameters
    ----------
    path : Path
        The ``.tflite`` file.
    threads : int
        Threads of the network.
    without_output : int or None
        Number of an output that is not wanted: it and the operators that only
        feed it are cut before loading.

    Raises
    ------
    ModelFileError
        If the file cannot be loaded as a network.
    MissingExtraError
        If the runtime has no build for this machine.
    """

    def __init__(
        self, path: Path, *, threads: int, without_output: int | None = None
    ) -> None:
        try:
            from ai_edge_litert.interpreter import Interpreter
        except ImportError as error:
            msg = (
                "the blazepose backend needs ai-edge-litert, which is not installed "
                "or has no build for this machine; use pose.backend = 'mediapipe' "
                "(pip install 'gaitkit-clinic[mediapipe]')"
            )
            raise MissingExtraError(msg) from error
        content = path.read_bytes()
        try:
            if without_output is not None:
                content = cut_output(content, without_output)
            with quiet_stderr():
                self._interpreter = Interpreter(
                    model_content=content, num_threads=threads
                )
                self._interpreter.allocate_tensors()
        except (ValueError, RuntimeError, struct.error, IndexError) as error:
            msg = f"{path.name} is not a network that can be loaded: {error}"
            raise ModelFileError(msg) from error
        self._input = self._interpreter.get_input_details()[0]["index"]
        outputs = self._interpreter.get_output_details()
        self._outputs = [detail["index"] for detail in outputs]
        self.output_shapes = tuple(tuple(detail["shape"]) for detail in outputs)

    def run(self, picture: np.ndarray) -> list[np.ndarray]:
        """Return every output for a picture (side, side, 3), float32."""
        self._interpreter.set_tensor(self._input, picture[None])
        self._interpreter.invoke()
        return [self._interpreter.get_tensor(index)[0] for index in self._outputs]


KEPT = 2
"""Loaded networks that a thread keeps: those of one backend."""


class _Loaded(threading.local):
    """The networks that this thread has loaded, the last used last."""

    def __init__(self) -> None:
        self.networks: dict[tuple[object, ...], Network] = {}


_LOADED = _Loaded()


def network(path: Path, *, threads: int, without_output: int | None = None) -> Network:
    """Return a loaded network, the same as before where nothing has changed.

    Loading takes as long as eight pictures, and a network remembers none of them: who
    reads film after film loads once. Each thread has its own, because two may not run
    one network at the same time.

    Parameters
    ----------
    path, threads, without_output
        As for `Network`.

    Raises
    ------
    ModelFileError, MissingExtraError
        As for `Network`.
    """
    file = path.stat()
    key = (path, file.st_size, file.st_mtime_ns, threads, without_output)
    known = _LOADED.networks
    found = known.pop(key, None) or Network(
        path, threads=threads, without_output=without_output
    )
    known[key] = found
    while len(known) > KEPT:
        del known[next(iter(known))]
    return found


@contextmanager
def quiet_stderr() -> Iterator[None]:
    """Send what native code writes to stderr to nowhere, for a moment.

    The runtime announces its accelerator on the file descriptor itself, where
    neither Python's ``sys.stderr`` nor an option can stop it.
    """
    if sys.stderr is not None:
        sys.stderr.flush()
    try:
        kept = os.dup(STDERR_FILENO)
    except OSError:  # a program without a terminal has nothing to keep quiet
        yield
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, STDERR_FILENO)
        yield
    finally:
        os.dup2(kept, STDERR_FILENO)
        os.close(kept)
        os.close(nowhere)


def cut_output(model: bytes, output: int) -> bytes:
    """Return the model without one output and what only feeds it.

    The lists of operators and of outputs are shortened in place; everything else
    stays where it is, so the remaining outputs are bit-identical.

    Parameters
    ----------
    model : bytes
        Content of a ``.tflite`` file with one subgraph.
    output : int
        Number of the output, from 0.

    Raises
    ------
    IndexError
        If the model has no such output.
    """
    from flatbuffers.table import Table

    data = bytearray(model)
    root = Table(data, struct.unpack_from("<I", data)[0])
    graph = _tables(root, MODEL_SUBGRAPHS)[0]
    outputs = _integers(graph, SUBGRAPH_OUTPUTS)
    if output >= len(outputs):
        msg = f"it has {len(outputs)} outputs, expected more than {output}"
        raise IndexError(msg)
    unwanted = outputs.pop(output)
    needed = set(outputs) - {unwanted}
    kept: list[int] = []
    for operator in reversed(_tables(graph, SUBGRAPH_OPERATORS)):
        if needed.intersection(_integers(operator, OPERATOR_OUTPUTS)):
            needed.update(_integers(operator, OPERATOR_INPUTS))
            kept.append(operator.Pos)
    kept.reverse()
    start = _vector(graph, SUBGRAPH_OPERATORS)[0]
    offsets = [position - (start + OFFSET_BYTES * i) for i, position in enumerate(kept)]
    struct.pack_into(f"<I{len(kept)}I", data, start - OFFSET_BYTES, len(kept), *offsets)
    start = _vector(graph, SUBGRAPH_OUTPUTS)[0]
    struct.pack_into(
        f"<I{len(outputs)}i", data, start - OFFSET_BYTES, len(outputs), *outputs
    )
    return bytes(data)


def _vector(table: Table, field: int) -> tuple[int, int]:
    """Return where a vector begins and how long it is (0, 0 when absent)."""
    offset = table.Offset(4 + 2 * field)
    return (table.Vector(offset), table.VectorLen(offset)) if offset else (0, 0)


def _integers(table: Table, field: int) -> list[int]:
    start, length = _vector(table, field)
    return list(struct.unpack_from(f"<{length}i", table.Bytes, start))


def _tables(table: Table, field: int) -> list[Table]:
    from flatbuffers.table import Table

    start, length = _vector(table, field)
    places = (start + OFFSET_BYTES * i for i in range(length))
    return [Table(table.Bytes, table.Indirect(place)) for place in places]
