"""Zebris XML raw export (newer FDM): cropped boxes of cells, y upwards.

``measurement/movements/movement/clips/clip`` holds the pressure (quanta with
``cells``) and, on a treadmill, the belt speed (quanta with one number). The file is
read as a stream, element by element.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast
from xml.etree import ElementTree

import numpy as np

from gaitkit.io.plates.plate_file import KPA_PER, PlateFile, PlateOptions, unit_key
from gaitkit.io.plates.rows import check_size
from gaitkit.io.text import MAX_LINE_BYTES, number
from gaitkit.model.pressure import PressureSource, pressure

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gaitkit.io.text import TextSource

NAME = "Zebris XML"
MAKER = "Zebris"
CHUNK_BYTES = 1 << 18
MOST_ELEMENTS = 750_000
"""Each frame has eight: thirteen minutes at 120 Hz."""

M_PER_S = {"m/s": 1.0, "km/h": 1 / 3.6, "cm/s": 0.01, "mm/s": 0.001}


@dataclass(slots=True)
class _Clip:
    """One signal of the measurement."""

    keys: dict[str, str] = field(default_factory=dict)
    boxes: list[tuple[int, int, np.ndarray]] = field(default_factory=list)
    values: list[float] = field(default_factory=list)


def recognises(source: TextSource) -> bool:
    """Tell whether the root is a measurement with cells."""
    return b"<measurement" in source.head and b"cell_count" in source.head


def read(source: TextSource, options: PlateOptions) -> PlateFile:
    """Read the pressure clip and, where there is one, the belt.

    Raises
    ------
    FormatError
        If the XML is broken, a box leaves the plate or counts disagree.
    """
    del options
    size, clips = _clips(source)
    plate = next((clip for clip in clips if clip.boxes), None)
    if plate is None:
        raise source.error(
            "no clip holds pressure cells; this may be a step file. Export the raw "
            "data as XML."
        )
    frames = len(plate.boxes)
    stated = plate.keys.get("count", str(frames))
    if number(stated) != frames:
        raise source.error(f"expected {stated} frames, found {frames}: it is cut off.")
    scale = KPA_PER.get(unit_key(plate.keys.get("units", "")))
    if scale is None:
        raise source.error(f"units is {plate.keys.get('units', 'missing')!r}.")
    rate = _positive(source, plate.keys, "frequency")
    cells = _cells(source, plate, size) * np.float32(scale)
    belt = _belt(clips, frames, rate)
    data = pressure(
        cells,
        time_s=np.arange(frames) / rate,
        pitch_mm=(
            _positive(source, plate.keys, "cell_size/y"),
            _positive(source, plate.keys, "cell_size/x"),
        ),
        belt_m=belt,
        source=PressureSource(
            maker=MAKER,
            format=NAME,
            raw_unit=plate.keys["units"],
            unit_evidence="stated",
            pitch_evidence="stated",
            time_source="header",
            surface="plate" if belt is None else "treadmill",
            floor_kpa=None,
        ),
    )
    return PlateFile(mats=(data,))


def _clips(source: TextSource) -> tuple[dict[str, str], list[_Clip]]:
    size: dict[str, str] = {}
    clips: list[_Clip] = []
    path: list[str] = []
    for event, node in _events(source):
        if event == "end":
            path.pop()
            _close(source, node, path, size, clips)
            continue
        path.append(node.tag)
        if node.tag == "clip":
            clips.append(_Clip())
    return size, clips


def _events(source: TextSource) -> Iterator[tuple[str, ElementTree.Element]]:
    """Yield the beginning and the end of each element.

    Raises
    ------
    FormatError
        If the XML is broken, or holds more than any recording.
    """
    parser: ElementTree.XMLPullParser[Any] = ElementTree.XMLPullParser(("start", "end"))
    elements = without_tag = 0
    try:
        with source.open() as stream:
            while chunk := stream.read(CHUNK_BYTES):
                without_tag = 0 if b"<" in chunk else without_tag + len(chunk)
                parser.feed(chunk)
                for event in parser.read_events():
                    elements += event[0] == "start"
                    yield cast("tuple[str, ElementTree.Element]", event)
                if elements > MOST_ELEMENTS or without_tag > MAX_LINE_BYTES:
                    raise source.error(
                        "it holds more XML than any recording. It is damaged, or "
                        "export a shorter recording."
                    )
        parser.close()
        for event in parser.read_events():
            yield cast("tuple[str, ElementTree.Element]", event)
    except ElementTree.ParseError as error:
        raise source.error(
            f"the XML is broken ({error}). Export the file again."
        ) from error


def _close(
    source: TextSource,
    node: ElementTree.Element,
    path: list[str],
    size: dict[str, str],
    clips: list[_Clip],
) -> None:
    text = (node.text or "").strip()
    if "quant" in path:
        return
    if node.tag == "quant" and clips:
        _quant(source, node, clips[-1])
        node.clear()
    elif "clip" in path and clips:
        parent = path[-1]
        key = node.tag if parent == "clip" else f"{parent}/{node.tag}"
        clips[-1].keys[key] = text
    elif path[-1:] == ["cell_count"]:
        size[node.tag] = text


def _quant(source: TextSource, node: ElementTree.Element, clip: _Clip) -> None:
    cells = node.find("cells")
    if cells is None:
        value = number(node.text or "")
        if value is not None:
            clip.values.append(value)
        return
    words = (cells.text or "").split()
    if not words:
        clip.boxes.append((0, 0, np.zeros((0, 0), dtype=np.float32)))
        return
    found = [
        number(node.findtext(key, ""))
        for key in ("cell_begin/x", "cell_begin/y", "cell_count/x", "cell_count/y")
    ]
    try:
        values = np.array([float(word) for word in words], dtype=np.float32)
    except ValueError:
        raise source.error("a cell is not a number. Export it again.") from None
    sound = [value is not None and 0 <= value < np.inf for value in found]
    if not all(sound) or values.size != (found[2] or 0) * (found[3] or 0):
        raise source.error(
            f"frame {len(clip.boxes) + 1} holds {values.size} cells, its box says "
            f"{found[2]} x {found[3]}. The file is damaged; export it again."
        )
    x, y, width, height = (int(value or 0) for value in found)
    clip.boxes.append((x, y, values.reshape(height, width)))


def _cells(source: TextSource, clip: _Clip, size: dict[str, str]) -> np.ndarray:
    columns = int(_positive(source, size, "x"))
    rows = int(_positive(source, size, "y"))
    check_size(source, frames=len(clip.boxes), rows=rows, columns=columns)
    out = np.zeros((len(clip.boxes), rows, columns), dtype=np.float32)
    for index, (x, y, box) in enumerate(clip.boxes):
        height, width = box.shape
        outside = x < 0 or y < 0 or x + width > columns or y + height > rows
        if outside or not (np.isfinite(box).all() and (box >= 0).all()):
            raise source.error(
                f"frame {index + 1} leaves the plate of {columns} x {rows} cells or "
                f"holds a negative pressure. Export the file again."
            )
        # y counts upwards in the file, rows count downwards here
        out[index, rows - y - height : rows - y, x : x + width] = box[::-1]
    return out


def _belt(clips: list[_Clip], frames: int, rate: float) -> np.ndarray | None:
    for clip in clips:
        scale = M_PER_S.get(clip.keys.get("units", "").replace(" ", ""))
        if scale is not None and len(clip.values) == frames:
            speed = np.asarray(clip.values) * scale
            return np.concatenate([[0.0], np.cumsum(speed[:-1])]) / rate
    return None


def _positive(source: TextSource, keys: dict[str, str], key: str) -> float:
    value = number(keys.get(key, ""))
    if value is None or not 0 < value < np.inf:
        raise source.error(
            f"expected a positive number in {key}, found {keys.get(key, 'nothing')!r}."
        )
    return value
