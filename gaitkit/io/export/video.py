"""Write pictures as an H.264 film with exact presentation times."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import av

from gaitkit.errors import ConfigError, OutputError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    import numpy as np

CODEC = "libx264"
TIME_BASE = Fraction(1, 90000)
"""Unit of the presentation times in seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Encoding:
    """How a film is compressed.

    Attributes
    ----------
    quality : int
        Constant rate factor: 18 looks perfect, 28 is small.
    preset : str
        Effort of the encoder, ``ultrafast`` to ``veryslow``.
    key_every_s : float
        Seconds between key frames.
    """

    quality: int = 20
    preset: str = "veryfast"
    key_every_s: float = 2.0


def write_video(
    path: Path, pictures: Iterable[np.ndarray], *, rate_hz: float, encoding: Encoding
) -> int:
    """Write pictures to an mp4 file and return their number.

    Parameters
    ----------
    path : Path
        The file; it appears only when it is complete.
    pictures : iterable of array (height, width, 3) of uint8
        Red, green, blue; even height and width.
    rate_hz : float
        Frames a second.
    encoding : Encoding
        Compression.

    Raises
    ------
    ConfigError
        If there is no picture, or its size is odd.
    OutputError
        If the file cannot be written.
    """
    unfinished = path.with_name(f".{path.name}.unfinished")
    try:
        with av.open(str(unfinished), "w", format="mp4") as container:
            count = _encode(container, pictures, rate_hz=rate_hz, encoding=encoding)
        unfinished.replace(path)
    except OSError as error:
        msg = f"cannot write {path}: {error.strerror or error}"
        raise OutputError(msg) from error
    finally:
        unfinished.unlink(missing_ok=True)
    return count


def _encode(
    container: av.container.OutputContainer,
    pictures: Iterable[np.ndarray],
    *,
    rate_hz: float,
    encoding: Encoding,
) -> int:
    rate = Fraction(rate_hz).limit_denominator(1001)
    stream = container.add_stream(CODEC, rate=rate)
    stream.pix_fmt = "yuv420p"
    stream.options = {
        "crf": str(encoding.quality),
        "preset": encoding.preset,
        "g": str(max(1, round(encoding.key_every_s * rate_hz))),
        # one thread, so that the same pictures give the same bytes on any machine
        "threads": "1",
    }
    stream.codec_context.time_base = TIME_BASE
    count = 0
    for count, picture in enumerate(pictures, start=1):
        if count == 1:
            _set_size(stream, picture)
        frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
        frame.pts = round((count - 1) / rate / TIME_BASE)
        frame.time_base = TIME_BASE
        container.mux(stream.encode(frame))
    if not count:
        msg = "simulate: a film needs at least one picture, got none"
        raise ConfigError(msg)
    container.mux(stream.encode())
    return count


def _set_size(stream: av.VideoStream, picture: np.ndarray) -> None:
    height, width = picture.shape[:2]
    if height % 2 or width % 2:
        msg = f"simulate: a film needs an even size, got {width} x {height} pixels"
        raise ConfigError(msg)
    stream.width, stream.height = width, height
