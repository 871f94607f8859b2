"""Text exports of Vicon Nexus and Qualisys: the same walk as in a TRC file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pytest
from virtual_markers import as_recording, virtual

from gaitkit.errors import FormatError
from gaitkit.io.identify import identify, inspect
from gaitkit.io.motion.read import read_motion
from gaitkit.model.side import Side

if TYPE_CHECKING:
    from pathlib import Path

    from gaitkit.model.motion import Floats

LABELS = ("LASI", "RASI", "SACR", "LKNE", "RKNE", "LANK", "RANK", "LHEE", "RHEE",
          "LTOE", "RTOE")  # fmt: skip
RATE_HZ = 100.0
GAP = (40, 3)
"""Frame and marker that are not seen."""


def walk_mm() -> Floats:
    """Return markers (frame, marker, 3) of a virtual walk, with one gap."""
    markers = as_recording(virtual()).markers.sel(keypoint=list(LABELS))["position"]
    values = 1000 * markers.transpose("time", "keypoint", "space").to_numpy()[:200]
    values[GAP] = np.nan
    return values


@dataclass(frozen=True, kw_only=True)
class Style:
    """How an export is written."""

    separator: str = ","
    comma: bool = False
    encoding: str = "utf-8"
    lead: tuple[str, ...] = ()
    titled: bool = False
    gap: str = ""
    first: int = 1

    def number(self, value: float, digits: int = 3) -> str:
        text = self.gap if np.isnan(value) else f"{value:.{digits}f}"
        return text.replace(".", ",") if self.comma else text


def vicon(path: Path, style: Style, *, devices: bool = True) -> Path:
    """Write an export of Nexus: events, devices, angles, trajectories."""
    join, values = style.separator.join, walk_mm()
    lines = []
    if devices:
        lines += ["Devices", "1000", join(
            ["", "", "AMTI 1 - Force", "", "", "AMTI 1 - Moment", "", "",
             "AMTI 1 - CoP", "", ""])]  # fmt: skip
        lines += [
            join(
                [
                    "Frame",
                    "Sub Frame",
                    "Fx",
                    "Fy",
                    "Fz",
                    "Mx",
                    "My",
                    "Mz",
                    "Cx",
                    "Cy",
                    "Cz",
                ]
            )
        ]
        lines += [join(["", "", *3 * ["N"], *3 * ["N.mm"], *3 * ["mm"]])]
        for n in range(2000):
            cells = [10.0, -5.0, -700.0, 0.0, 0.0, 0.0, 250.0, 120.0, 0.0]
            where = [str(style.first + n // 10), str(n % 10)]
            lines.append(join([*where, *(style.number(v) for v in cells)]))
        lines += ["", "Model Outputs", "100"]
        lines += [join(["", "", "Anna:LKneeAngles", "", "", "Anna:LKneePower", "", ""])]
        lines += [join(["Frame", "Sub Frame", "X", "Y", "Z", "X", "Y", "Z"])]
        lines += [join(["", "", *3 * ["deg"], *3 * ["W/kg"]])]
        for n in range(200):
            cells = [n / 10, 1.0, 2.0, 0.0, 0.0, 0.0]
            where = [str(style.first + n), "0"]
            lines.append(join([*where, *(style.number(v) for v in cells)]))
        lines += [""]
    heads = [cell for label in LABELS for cell in (f"Anna:{label}", "", "")]
    lines += ["Trajectories", "100", join(["", "", *heads])]
    lines += [join(["Frame", "Sub Frame", *len(LABELS) * ["X", "Y", "Z"]])]
    lines += [join(["", "", *3 * len(LABELS) * ["mm"]])]
    for n, row in enumerate(values):
        cells = [str(style.first + n), "0", *(style.number(v) for v in row.ravel())]
        lines.append(join(cells))
    path.write_bytes("\r\n".join([*lines, "", ""]).encode(style.encoding))
    return path


def qualisys(path: Path, style: Style, *, events: bool = True) -> Path:
    """Write an export of Track Manager."""
    values, tab = walk_mm(), "\t".join
    lines = [
        f"NO_OF_FRAMES\t{len(values)}",
        "NO_OF_CAMERAS\t8",
        f"NO_OF_MARKERS\t{len(LABELS)}",
        "FREQUENCY\t100",
        "NO_OF_ANALOG\t0",
        "DESCRIPTION\t--",
        "TIME_STAMP\t2026-01-01, 10:00:00.000\t12.5",
        "DATA_INCLUDED\t3D",
    ]
    if events:
        lines += [f"EVENT\tLeft Foot Strike\t{style.first + 50}\t{style.number(0.5)}"]
        lines += [f"EVENT\tcough\t{style.first + 60}\t{style.number(0.6)}"]
    lines += [tab(["MARKER_NAMES", *LABELS])]
    lines += [tab(["TRAJECTORY_TYPES", *len(LABELS) * ["Measured"]])]
    if style.titled:
        axes = [f"{label} {axis}" for label in LABELS for axis in "XYZ"]
        lines += [tab([*style.lead, *axes])]
    for n, row in enumerate(values):
        own = {"Frame": str(style.first + n), "Time": style.number(n / 100, 5)}
        cells = [own[word] for word in style.lead]
        lines.append(tab([*cells, *(style.number(v) for v in row.ravel())]))
    path.write_bytes("\r\n".join([*lines, ""]).encode(style.encoding))
    return path


VICON_STYLES = {
    "plain": Style(),
    "later first frame": Style(first=317),
    "semicolons and commas": Style(separator=";", comma=True),
    "tabs": Style(separator="\t"),
    "marked": Style(encoding="utf-8-sig"),
    "utf-16": Style(encoding="utf-16"),
}
QUALISYS_STYLES = {
    "plain": Style(gap="0.000"),
    "empty gaps": Style(),
    "null gaps": Style(gap="NULL"),
    "time": Style(lead=("Time",), titled=True),
    "frame": Style(lead=("Frame",)),
    "frame and time": Style(lead=("Frame", "Time"), titled=True, first=120),
    "frame and time without titles": Style(lead=("Frame", "Time"), first=120),
    "commas": Style(comma=True),
    "marked": Style(encoding="utf-8-sig"),
    "utf-16": Style(encoding="utf-16"),
}


def assert_same(path: Path) -> None:
    found = read_motion(path)
    names = [str(name) for name in found.markers["keypoint"].to_numpy()]
    assert names == list(LABELS)
    values = found.markers["position"].transpose("time", "keypoint", "space")
    expected = walk_mm() / 1000
    np.testing.assert_allclose(values.to_numpy(), expected, atol=1e-6)
    assert found.timing.rate_hz == pytest.approx(RATE_HZ)
    assert found.timing.duration_s == pytest.approx(1.99)
    assert found.convention == "Plug-in Gait"
    assert identify(path) == "markers"


@pytest.mark.parametrize("style", VICON_STYLES.values(), ids=VICON_STYLES)
def test_vicon_s_export_is_read(style: Style, tmp_path: Path) -> None:
    path = vicon(tmp_path / "walk.csv", style)
    assert_same(path)
    found = read_motion(path)
    assert found.first_frame == style.first
    (plate,) = found.plates
    assert plate.name == "AMTI 1"
    assert plate.rate_hz == pytest.approx(1000)
    assert plate.time_s[0] == pytest.approx(0)
    np.testing.assert_allclose(plate.force_n[0], [-10, 5, 700])
    np.testing.assert_allclose(plate.center_of_pressure_m[0], [0.25, 0.12, 0])
    assert found.angles is not None
    assert list(found.angles["label"].to_numpy()) == ["LKneeAngles"]
    knee = found.angles["angle"].sel(component="x", label="LKneeAngles")
    assert float(knee[30]) == pytest.approx(3.0)
    assert inspect(path).format == "Vicon Nexus CSV"


@pytest.mark.parametrize("style", QUALISYS_STYLES.values(), ids=QUALISYS_STYLES)
def test_qualisys_export_is_read(style: Style, tmp_path: Path) -> None:
    path = qualisys(tmp_path / "walk.tsv", style)
    assert_same(path)
    found = read_motion(path)
    (event,) = found.events
    assert event.side is Side.LEFT
    assert event.kind == "initial_contact"
    numbered = "Frame" in style.lead or style.first == 1
    assert event.time_s == pytest.approx(0.5 if numbered else np.nan)
    assert "motion_events_unread" in {why.code for why in found.reasons}
    assert inspect(path).format == "Qualisys TSV"


def test_vicon_s_events_are_read(tmp_path: Path) -> None:
    path = vicon(tmp_path / "walk.csv", Style(first=101), devices=False)
    block = (
        "Events\n100\nSubject,Context,Name,Time (s),Description\n"
        "Anna,Left,Foot Strike,1.5,The instant the heel strikes the ground\n"
        "Anna,General,Event,1.6,\n\n"
    )
    path.write_text(block + path.read_text())
    found = read_motion(path)
    (event,) = found.events
    assert event.time_s == pytest.approx(0.5)
    assert event.frame == 50
    assert "motion_events_unread" in {why.code for why in found.reasons}


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("DATA_INCLUDED\t3D", "DATA_INCLUDED\t2D", "got '2D'"),
        ("FREQUENCY\t100", "FREQUENCY\tEXT", "FREQUENCY above 0, got 'EXT'"),
        ("FREQUENCY\t100", "FREQUENCY\tnan", "FREQUENCY above 0, got 'nan'"),
        ("\tRTOE", "", "expected 30 columns for 10 markers"),
        ("MARKER_NAMES", "MARKERS", "expected MARKER_NAMES"),
    ],
)
def test_a_qualisys_file_that_is_not_whole_is_refused(
    old: str, new: str, told: str, tmp_path: Path
) -> None:
    path = qualisys(tmp_path / "walk.tsv", Style(gap="0.000"))
    path.write_text(path.read_text().replace(old, new, 1))
    with pytest.raises(FormatError, match=told):
        read_motion(path)


def test_a_vicon_file_that_is_not_whole_is_refused(tmp_path: Path) -> None:
    whole = vicon(tmp_path / "walk.csv", Style()).read_text()
    path = tmp_path / "part.csv"
    path.write_text(whole[: whole.index("Trajectories")])
    with pytest.raises(FormatError, match="expected a block Trajectories, got Devices"):
        read_motion(path)
    path.write_text(whole.replace("Trajectories\n100", "Trajectories\nfast"))
    with pytest.raises(FormatError, match="a rate in Hz under Trajectories above 0"):
        read_motion(path)
