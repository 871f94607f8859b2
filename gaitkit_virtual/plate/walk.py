"""A walk, or standing, on a plate with exact truth for every contact."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import xarray as xr

from gaitkit.errors import ConfigError
from gaitkit.model.contact import Heading
from gaitkit.model.pressure import PressureSource, pressure
from gaitkit.model.side import Side
from gaitkit_virtual.plate.foot import SoleShape

SUBSAMPLE_S = 1e-4
CONTACT_FORCE_N = 20.0
"""A foot stands while its force is at least this."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlateSpec:
    """A plate and how somebody walks over it.

    Attributes
    ----------
    rows, cols : int
        Sensors.
    pitch_mm : tuple of float
        Distance between rows and between columns.
    rate_hz : float
        Frames per second.
    duration_s : float
        Length of the record.
    floor_kpa : float
        The plate reports nothing below this.
    step_kpa : float
        Resolution; 0 keeps exact values.
    """

    rows: int = 256
    cols: int = 64
    pitch_mm: tuple[float, float] = (7.62, 5.08)
    rate_hz: float = 126.0
    duration_s: float = 2.0
    floor_kpa: float = 0.0
    step_kpa: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class WalkSpec:
    """How somebody walks.

    Attributes
    ----------
    left, right : SoleShape
        The soles.
    steps : int
        Contacts.
    first_side : Side
        Foot of the first contact.
    first_heel_mm : float
        Where the first heel stands along the walk, from the plate's first row.
    step_length_mm, step_width_mm : float
        Between heels, along and across the line of walking.
    toe_out_deg : tuple of float
        Left and right.
    line_deg : float
        Direction of the line of walking against the plate, positive to the right.
    step_time_s, stance_s : float
        Between initial contacts; length of a contact.
    start_s : float
        When the first foot lands (negative: before the record).
    heading : Heading
        Direction on the mat.
    belt_m_s : float
        Speed of a treadmill belt; 0 for a plate.
    """

    left: SoleShape = field(default_factory=SoleShape)
    right: SoleShape = field(default_factory=SoleShape)
    steps: int = 3
    first_side: Side = Side.LEFT
    first_heel_mm: float = 120.0
    step_length_mm: float = 620.0
    step_width_mm: float = 100.0
    toe_out_deg: tuple[float, float] = (7.0, 7.0)
    line_deg: float = 0.0
    step_time_s: float = 0.52
    stance_s: float = 0.66
    start_s: float = 0.1
    heading: Heading = "rows_down"
    belt_m_s: float = 0.0

    def __post_init__(self) -> None:
        """Refuse a walk that no plate could record."""
        if self.steps < 1 or self.stance_s <= 0 or self.step_time_s <= 0:
            msg = "simulate.plate: steps, stance_s and step_time_s must be above 0."
            raise ConfigError(msg)


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactTruth:
    """What is true of one contact.

    Attributes
    ----------
    side : Side
        The foot.
    start_s, stop_s : float
        When its force crosses 20 N.
    heel_mm : tuple of float
        Heel end on its axis (right, forward), from the first row's rim.
    toe_out_deg : float
        Against the line of walking.
    arch_index, area_cm2, peak_force_n, length_mm : float
        Of the sole.
    """

    side: Side
    start_s: float
    stop_s: float
    heel_mm: tuple[float, float]
    toe_out_deg: float
    arch_index: float
    area_cm2: float
    peak_force_n: float
    length_mm: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SimulatedPlate:
    """A recording and its truth."""

    data: xr.Dataset
    contacts: tuple[ContactTruth, ...]
    threshold_kpa: float


def simulate_walk(
    walk: WalkSpec, plate: PlateSpec, *, threshold_kpa: float = 5.0
) -> SimulatedPlate:
    """Let somebody walk over a plate.

    Parameters
    ----------
    walk : WalkSpec
        The person.
    plate : PlateSpec
        The device.
    threshold_kpa : float
        Pressure from which truth counts contact area.

    Notes
    -----
    Sensors read the pressure at their middle. (Real sensors average over their area,
    which enlarges the contact area by a fraction of a sensor all round.)
    """
    frames = round(plate.duration_s * plate.rate_hz)
    time = np.arange(frames) / plate.rate_hz
    ahead, right, shape = _sensors(walk, plate)
    cells = np.zeros((frames, *shape))
    contacts = []
    for number in range(walk.steps):
        side = walk.first_side if number % 2 == 0 else walk.first_side.other
        landing = walk.start_s + number * walk.step_time_s
        heel = _heel(walk, plate, number, side)
        _load(cells, walk, side, heel, landing, (time, ahead, right))
        contacts.append(_truth(walk, side, heel, landing, threshold_kpa))
    cells[cells < plate.floor_kpa] = 0.0
    if plate.step_kpa > 0:
        cells = np.rint(cells / plate.step_kpa) * plate.step_kpa
    belt = walk.belt_m_s * time if walk.belt_m_s else None
    data = pressure(
        _on_mat(cells, walk.heading),
        time_s=time,
        pitch_mm=plate.pitch_mm,
        belt_m=belt,
        source=PressureSource(
            maker="gaitkit",
            format="simulated",
            raw_unit="kPa",
            unit_evidence="stated",
            pitch_evidence="stated",
            time_source="header",
            surface="treadmill" if walk.belt_m_s else "plate",
            floor_kpa=plate.floor_kpa or None,
        ),
    )
    return SimulatedPlate(
        data=data, contacts=tuple(contacts), threshold_kpa=threshold_kpa
    )


def simulate_standing(
    walk: WalkSpec,
    plate: PlateSpec,
    *,
    left_share: float = 0.5,
    sway_mm: float = 0.0,
    seed: int = 0,
) -> xr.Dataset:
    """Let somebody stand with both feet side by side.

    Parameters
    ----------
    walk : WalkSpec
        Soles, step width (between the heels) and toe-out.
    plate : PlateSpec
        The device.
    left_share : float
        Part of the weight on the left foot.
    sway_mm : float
        Standard deviation of the load between heels and forefeet, as mm of the
        centre of pressure (slow noise).
    seed : int
        Of the noise.
    """
    frames = round(plate.duration_s * plate.rate_hz)
    time = np.arange(frames) / plate.rate_hz
    ahead, right, shape = _sensors(walk, plate)
    rng = np.random.default_rng(seed)
    noise = np.cumsum(rng.normal(size=frames))
    noise = (noise - noise.mean()) / (noise.std() or 1.0)
    cells = np.zeros((frames, *shape))
    for side, share in ((Side.LEFT, left_share), (Side.RIGHT, 1 - left_share)):
        sole = walk.left if side is Side.LEFT else walk.right
        heel = _heel(walk, plate, 0, side)
        u, v = _foot_places(walk, side, heel, ahead, right, sole.length_mm)
        front = np.clip(0.5 + noise * sway_mm / (0.5 * sole.length_mm), 0.05, 0.95)
        for pad in sole.pads:
            weight = front if pad.along > 0.5 else 1 - front  # noqa: PLR2004 - middle
            height = pad.height * sole.kpa_per_height * share
            cells += (height * weight)[:, None, None] * pad.shape(u, v)
    cells[cells < plate.floor_kpa] = 0.0
    return pressure(
        _on_mat(cells, walk.heading),
        time_s=time,
        pitch_mm=plate.pitch_mm,
        source=PressureSource(
            maker="gaitkit",
            format="simulated",
            raw_unit="kPa",
            unit_evidence="stated",
            pitch_evidence="stated",
            time_source="header",
        ),
    )


def _sensors(
    walk: WalkSpec, plate: PlateSpec
) -> tuple[np.ndarray, np.ndarray, tuple[int, int]]:
    """Return the middles of the sensors ahead and to the right of the walk, in mm."""
    rows, cols, (dy, dx) = plate.rows, plate.cols, plate.pitch_mm
    if walk.heading.startswith("cols"):
        rows, cols, dy, dx = cols, rows, dx, dy
    ahead = (np.arange(rows) + 0.5) * dy
    right = (np.arange(cols) - (cols - 1) / 2) * dx
    return ahead[:, None], right[None, :], (rows, cols)


def _on_mat(cells: np.ndarray, heading: Heading) -> np.ndarray:
    """Turn frames of the walking frame into the picture of the mat."""
    if heading == "rows_up":  # down the picture: the walker's right is its left
        return cells[:, :, ::-1]
    if heading == "rows_down":
        return cells[:, ::-1, :]
    turned = cells.transpose(0, 2, 1)
    return turned if heading == "cols_up" else turned[:, ::-1, ::-1]


def _heel(
    walk: WalkSpec, plate: PlateSpec, number: int, side: Side
) -> tuple[float, float]:
    del plate
    sign = 1.0 if side is Side.RIGHT else -1.0
    along = number * walk.step_length_mm
    beside = sign * walk.step_width_mm / 2
    turn = np.radians(walk.line_deg)
    right = along * np.sin(turn) + beside * np.cos(turn)
    ahead = walk.first_heel_mm + along * np.cos(turn) - beside * np.sin(turn)
    return float(right), float(ahead)


def _foot_places(
    walk: WalkSpec,
    side: Side,
    heel: tuple[float, float],
    ahead: np.ndarray,
    right: np.ndarray,
    length: float,
) -> tuple[np.ndarray, np.ndarray]:
    """Return places along and across a foot, fractions of its length."""
    toe_out = walk.toe_out_deg[0 if side is Side.LEFT else 1]
    sign = 1.0 if side is Side.RIGHT else -1.0
    turn = np.radians(walk.line_deg + sign * toe_out)
    x, y = right - heel[0], ahead - heel[1]
    along = y * np.cos(turn) + x * np.sin(turn)
    across = sign * (x * np.cos(turn) - y * np.sin(turn))
    return along / length, across / length


def _load(
    cells: np.ndarray,
    walk: WalkSpec,
    side: Side,
    heel: tuple[float, float],
    landing: float,
    axes: tuple[np.ndarray, np.ndarray, np.ndarray],
) -> None:
    time, ahead, right = axes
    sole = walk.left if side is Side.LEFT else walk.right
    stance = (time - landing) / walk.stance_s
    frames = np.flatnonzero((stance > 0) & (stance < 1))
    if frames.size == 0:
        return
    for frame_set in ([f] for f in frames) if walk.belt_m_s else (frames,):
        # the belt carries the foot back while the sensors stay
        moved = walk.belt_m_s * 1000 * float(time[frame_set[0]])
        place = heel[0], heel[1] - moved
        near = _near(ahead.ravel(), right.ravel(), place, sole.length_mm)
        u, v = _foot_places(
            walk, side, place, ahead[near[0]], right[:, near[1]], sole.length_mm
        )
        for pad in sole.pads:
            load = pad.height * sole.kpa_per_height * pad.envelope(stance[frame_set])
            shape = pad.shape(u, v)
            cells[np.ix_(frame_set, *near)] += load[:, None, None] * shape


def _near(
    ahead: np.ndarray, right: np.ndarray, heel: tuple[float, float], length: float
) -> tuple[np.ndarray, np.ndarray]:
    """Return the rows and columns within reach of a foot."""
    reach = 1.1 * length
    return (
        np.flatnonzero(np.abs(ahead - heel[1]) < reach),
        np.flatnonzero(np.abs(right - heel[0]) < reach),
    )


def _truth(
    walk: WalkSpec,
    side: Side,
    heel: tuple[float, float],
    landing: float,
    threshold: float,
) -> ContactTruth:
    sole = walk.left if side is Side.LEFT else walk.right
    stance = np.arange(0, walk.stance_s, SUBSAMPLE_S) / walk.stance_s
    force = sole.force_n(stance)
    standing = stance[force >= CONTACT_FORCE_N] * walk.stance_s
    return ContactTruth(
        side=side,
        start_s=landing + float(standing[0]),
        stop_s=landing + float(standing[-1]),
        heel_mm=heel,
        toe_out_deg=walk.toe_out_deg[0 if side is Side.LEFT else 1],
        arch_index=sole.arch_index(threshold),
        area_cm2=sole.area_cm2(threshold),
        peak_force_n=float(force.max()),
        length_mm=sole.length_mm,
    )
