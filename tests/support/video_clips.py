"""Small videos for the tests, with the true time of each frame burnt into it.

The time stands in the picture as two rows of black and white squares, so that a
test reads from decoded pixels when a frame was made, whatever the file claims. A
red square in the top right corner and a white one in the top left show that the
picture is upright, not mirrored, and that red is red.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING

import av
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

WIDTH, HEIGHT, SQUARE = 192, 112, 16
BITS = 2 * WIDTH // SQUARE
UNIT_S = 1e-4

PHONE_TICK = Fraction(1, 90_000)
SIGNS_OF_TURN = {
    0: (1, 0, 0, 1),
    90: (0, 1, -1, 0),
    180: (-1, 0, 0, -1),
    270: (0, -1, 1, 0),
}


@dataclass(frozen=True, kw_only=True)
class Clip:
    """How to write a clip.

    ``slowed`` is played over real time (8 for 240 Hz stored as 30 Hz); ``offset_s``
    moves every stamp, and with a negative one the edit list hides what lies before
    zero; ``turn_deg`` is the clockwise turn that the player has to make.
    """

    codec: str = "libx264"
    tick: Fraction = PHONE_TICK
    slowed: float = 1.0
    offset_s: float = 0.0
    turn_deg: int = 0
    mirrored: bool = False
    b_frames: int = 0
    key_every: int = 12
    pixel_aspect: Fraction | None = None
    tags: dict[str, str] = field(default_factory=dict)
    codec_options: dict[str, str] = field(default_factory=dict)
    file_options: dict[str, str] = field(default_factory=dict)


def picture(time_s: float) -> np.ndarray:
    """Draw the upright RGB picture of a moment."""
    image = np.full((HEIGHT, WIDTH, 3), 96, np.uint8)
    image[:SQUARE] = 0
    image[:SQUARE, :SQUARE] = 255
    image[:SQUARE, -SQUARE:] = (230, 20, 20)
    units = round(time_s / UNIT_S)
    bits = np.array([units >> k & 1 for k in range(BITS)], np.uint8) * 255
    code = bits.reshape(2, -1).repeat(SQUARE, 0).repeat(SQUARE, 1)
    image[SQUARE : 3 * SQUARE] = code[..., None]
    x = int(time_s * 60) % (WIDTH - 2 * SQUARE)
    image[4 * SQUARE : 6 * SQUARE, x : x + 2 * SQUARE] = 200
    return image


def burnt_time(image: np.ndarray) -> float:
    """Read the time that is burnt into a decoded picture, in seconds."""
    middle = SQUARE // 2
    assert image[middle, middle].min() > 180, "not upright: no white top left"
    red, green, blue = image[middle, -middle].astype(int)
    assert red > green + 80, "not upright or not RGB: no red top right"
    assert red > blue + 80, "not upright or not RGB: no red top right"
    rows = image[SQUARE + middle : 3 * SQUARE : SQUARE, middle::SQUARE].mean(axis=2)
    bits = (rows.reshape(-1) > 128).astype(int)
    return float(sum(int(bit) << k for k, bit in enumerate(bits)) * UNIT_S)


def has_encoder(codec: str) -> bool:
    """Return whether this build of libav writes that codec."""
    try:
        av.codec.Codec(codec, "w")
    except (av.FFmpegError, ValueError):
        return False
    return True


def write_clip(
    path: Path,
    times_s: Sequence[float],
    clip: Clip | None = None,
    *,
    stamps_s: Sequence[float] | None = None,
) -> Path:
    """Write one frame for each time; the picture shows the time, the stamp follows.

    ``stamps_s`` gives other stamps than the times, as a converter writes them that
    repeats pictures.
    """
    clip = clip or Clip()
    stamps_s = times_s if stamps_s is None else stamps_s
    with av.open(str(path), "w", options=clip.file_options) as container:
        container.metadata.update(clip.tags)
        stream = _stream(container, clip)
        moments = [
            _frame(shown, stamp - stamps_s[0], clip)
            for shown, stamp in zip(times_s, stamps_s, strict=True)
        ]
        for frame in [*moments, None]:
            for packet in stream.encode(frame):
                _shift(packet, clip)
                container.mux(packet)
    return path


def every(rate_hz: float, count: int) -> list[float]:
    """Return the times of a constant rate."""
    return [k / rate_hz for k in range(count)]


def _stream(container: av.container.OutputContainer, clip: Clip) -> av.VideoStream:
    quiet = {"x265-params": "log-level=none"} if clip.codec == "libx265" else {}
    stream = container.add_stream(
        clip.codec,
        rate=30,
        options={"g": str(clip.key_every), **quiet, **clip.codec_options},
    )
    sideways = clip.turn_deg in {90, 270}
    stream.width, stream.height = (HEIGHT, WIDTH) if sideways else (WIDTH, HEIGHT)
    stream.pix_fmt = "yuvj420p" if clip.codec == "mjpeg" else "yuv420p"
    stream.codec_context.time_base = clip.tick
    stream.codec_context.max_b_frames = clip.b_frames
    if clip.pixel_aspect is not None:
        stream.codec_context.sample_aspect_ratio = clip.pixel_aspect
    a, b, c, d = SIGNS_OF_TURN[clip.turn_deg]
    if clip.mirrored:
        a, b = -a, -b
    one = 1 << 16
    if (a, b, c, d) != SIGNS_OF_TURN[0]:
        stream.set_display_matrix(
            [a * one, b * one, 0, c * one, d * one, 0, 0, 0, 1 << 30]
        )
    return stream


def _frame(time_s: float, stamp_s: float, clip: Clip) -> av.VideoFrame:
    stored = np.rot90(picture(time_s), clip.turn_deg // 90)
    if clip.mirrored:
        stored = stored[:, ::-1]
    frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(stored), format="rgb24")
    frame.pts = round(stamp_s * clip.slowed / clip.tick)
    frame.time_base = clip.tick
    return frame


def _shift(packet: av.Packet, clip: Clip) -> None:
    ticks = round(clip.offset_s / packet.time_base)
    packet.pts += ticks
    packet.dts += ticks
