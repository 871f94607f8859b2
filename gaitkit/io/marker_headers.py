"""The headers of marker files, C3D and TRC: rate, length, unit and names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gaitkit.errors import FormatError
from gaitkit.model.recording import Timing

if TYPE_CHECKING:
    from pathlib import Path

TRC_KEYS = ("DataRate", "NumFrames", "Units")
"""Keys of the second line of a TRC that are needed; the third line has the values."""

TRC_HEADER_LINES = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkerHeader:
    """What a marker file says of itself.

    Attributes
    ----------
    rate_hz : float
        Frames per second.
    frames : int
        Number of frames.
    unit : str
        Unit of the coordinates.
    names : tuple of str
        Names of the markers, in the order of the file.
    maker : str or None
        Program that wrote it.
    """

    rate_hz: float
    frames: int
    unit: str
    names: tuple[str, ...]
    maker: str | None = None

    @property
    def timing(self) -> Timing:
        """The clock that follows from rate and frames."""
        return Timing(
            source="header",
            rate_hz=self.rate_hz,
            duration_s=(self.frames - 1) / self.rate_hz,
            frames=self.frames,
        )


def c3d_header(path: Path) -> MarkerHeader:
    """Return the header of a C3D file.

    Raises
    ------
    FormatError
        If it is damaged or has no rate.
    """
    import ezc3d

    try:
        content = ezc3d.c3d(str(path))
        point = content["parameters"]["POINT"]
        rate_hz = float(point["RATE"]["value"][0])
        unit = point["UNITS"]["value"]
        maker = content["parameters"].get("MANUFACTURER", {}).get("COMPANY", {})
        names = tuple(str(name) for name in point["LABELS"]["value"])
        frames = int(content["data"]["points"].shape[-1])
    except (OSError, RuntimeError, ValueError, KeyError, IndexError) as cause:
        msg = f"{path}: expected a whole C3D file, and it is damaged ({cause}); copy it"
        raise FormatError(f"{msg} again") from None
    if not rate_hz > 0:
        msg = f"{path}: expected POINT:RATE above 0, got {rate_hz:g}; export it again"
        raise FormatError(msg)
    return MarkerHeader(
        rate_hz=rate_hz,
        frames=frames,
        unit=str(unit[0]) if unit else "unknown",
        names=names,
        maker=next((str(name) for name in maker.get("value", ())), None),
    )


def trc_header(path: Path) -> MarkerHeader:
    """Return the header of a TRC file.

    Raises
    ------
    FormatError
        If its keys or values are not there.
    """
    with path.open(encoding="utf-8", errors="replace") as stream:
        lines = [stream.readline().rstrip("\r\n") for _ in range(TRC_HEADER_LINES)]
    values = dict(zip(lines[1].split("\t"), lines[2].split("\t"), strict=False))
    try:
        rate, frames, unit = (values[key].strip() for key in TRC_KEYS)
        header = MarkerHeader(
            rate_hz=float(rate),
            frames=int(frames),
            unit=unit,
            names=tuple(name for name in lines[3].split("\t")[2:] if name.strip()),
        )
    except (KeyError, ValueError):
        header = None
    if header is None or not header.rate_hz > 0:
        msg = (
            f"{path}: expected a TRC header with {', '.join(TRC_KEYS)} in its second "
            "and third line, and it is not whole; export it again"
        )
        raise FormatError(msg)
    return header
