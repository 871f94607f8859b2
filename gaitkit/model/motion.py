"""What a marker, force-plate or pose file holds, before anything is computed from it.

Axes are those of the file; `gaitkit.signal.laboratory` turns them. Everything is in
SI units on one clock, in seconds since the first frame of the markers; keypoints of a
film keep the clock of the film.

The names of marker roles: where on the body a marker sits, whatever its label.

Laboratories label the same place in many ways (``LASI``, ``L.ASIS``, ``LIAS``). A
marker convention maps labels to the roles below, and everything after reading knows
roles only. Roles of a body side begin with ``left_`` or ``right_``. Joint centres and
the points that cameras see keep the names of `gaitkit.model.keypoints.GAIT`:
``left_hip``, ``left_knee`` and ``left_ankle`` are joint centres, never skin markers.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from gaitkit.errors import ConfigError
from gaitkit.model.events import Event
from gaitkit.model.keypoints import keypoints
from gaitkit.model.labelled import described, mean_rate_hz
from gaitkit.model.reason import Reason
from gaitkit.model.recording import PersonChoice, Timing

if TYPE_CHECKING:
    from collections.abc import Collection

Floats = NDArray[np.float64]
JOINT_CENTRES = frozenset(
    f"{side}_{joint}"
    for side in ("left", "right")
    for joint in ("hip", "knee", "ankle")
)
COMPUTED = re.compile(r"(?i)[lr]_?(hip|knee|ankle)?_?[hkaesw]jc(_?\w+)?")
"""Names of joint centres: hip, knee, ankle, elbow, shoulder, wrist."""

MotionKind = Literal["markers", "pose"]
SIDED_PARTS = (
    # joint centres and points of a body as cameras see it
    "shoulder",
    "elbow",
    "wrist",
    "hip",
    "knee",
    "ankle",
    "heel",
    "foot_index",
    # pelvis
    "asis",
    "psis",
    "iliac_crest",
    # thigh
    "greater_trochanter",
    "thigh_wand",
    "knee_lateral",
    "knee_medial",
    # shank
    "fibula_head",
    "tibial_tuberosity",
    "shank_wand",
    "shin",
    "ankle_lateral",
    "ankle_medial",
    # hindfoot (Oxford foot model: HEE PCA CPG LCA STL)
    "calcaneus_proximal",
    "calcaneus_wand",
    "calcaneus_lateral",
    "sustentaculum",
    # forefoot (Oxford foot model: NAV P1M D1M P5M D5M TOE HLX)
    "navicular",
    "metatarsal_1_base",
    "metatarsal_1",
    "metatarsal_5_base",
    "metatarsal_5",
    "toe",
    "hallux",
    # head
    "head_front",
    "head_back",
)
"""Parts that exist on both sides. ``toe`` is the head of the second metatarsal,
``metatarsal_1`` and ``metatarsal_5`` are the heads of theirs; ``foot_index`` is the tip
of the foot. ``heel`` is the back of the calcaneus. ``thigh_wand``, ``shank_wand``: one
lateral marker that orients the segment (THI, TIB of Plug-in Gait). ``shoulder`` is the
acromion where markers are used."""

MIDLINE = (
    "sacrum",
    "c7",
    "t10",
    "clavicle",
    "sternum",
    "head",
    "neck",
    "nose",
)
"""Parts in the middle: ``sacrum`` between the PSIS, ``clavicle`` the jugular notch,
``sternum`` the xiphoid."""

LEG_NEEDS = (
    ("hip", "asis", "greater_trochanter"),
    ("knee", "knee_lateral"),
    ("ankle", "ankle_lateral"),
    ("heel",),
    ("toe", "foot_index", "hallux", "metatarsal_1", "metatarsal_5"),
)
"""Parts of a leg of which each side needs one of every group, or the leg cannot be
built."""

MarkerSide = Literal["left", "right"]
ROLES = (
    *(f"{side}_{part}" for part in SIDED_PARTS for side in ("left", "right")),
    *MIDLINE,
)
"""Every role that a marker can have."""

LengthUnit = Literal["mm", "cm", "m"]
SHOWN_ROLES = 12
PICTURE_MIN_PX = 16
"""Smaller than any picture of a person: a mistake."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkerRole:
    """A role and the label that plays it in one file.

    Attributes
    ----------
    role : str
        One of `gaitkit.model.motion.ROLES`.
    label : str
        Label in the dataset of the recording.
    """

    role: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ForcePlate:
    """One force plate: what the floor does to the foot.

    Attributes
    ----------
    name : str
        Name or number in the file.
    time_s : array (sample,)
        Clock, which may be faster than that of the markers.
    force_n : array (sample, 3)
        Force on the person in the axes of the file: its vertical part points up.
    center_of_pressure_m : array (sample, 3)
        NaN where too little force stands on the plate to know it.
    free_moment_nm : array (sample,)
        Moment about the vertical through the centre of pressure; NaN where unknown.
    corners_m : array (4, 3) or None
        Corners in order round the plate; None where the file has no geometry.
    """

    name: str
    time_s: Floats
    force_n: Floats
    center_of_pressure_m: Floats
    free_moment_nm: Floats
    corners_m: Floats | None = None

    @property
    def rate_hz(self) -> float:
        """Samples per second."""
        return mean_rate_hz(self.time_s)


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyMeasures:
    """What the laboratory measured on the person and wrote into the file.

    Attributes
    ----------
    height_m, mass_kg : float or None
        Body height and mass.
    left_leg_m, right_leg_m : float or None
        Leg lengths by tape.
    left_knee_width_m, right_knee_width_m : float or None
        Distance between the epicondyles.
    left_ankle_width_m, right_ankle_width_m : float or None
        Distance between the malleoli.
    marker_diameter_m : float or None
        Diameter of the marker balls.
    """

    height_m: float | None = None
    mass_kg: float | None = None
    left_leg_m: float | None = None
    right_leg_m: float | None = None
    left_knee_width_m: float | None = None
    right_knee_width_m: float | None = None
    left_ankle_width_m: float | None = None
    right_ankle_width_m: float | None = None
    marker_diameter_m: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MotionRecording:
    """Markers or keypoints, force plates, events and angles of one file.

    Attributes
    ----------
    path : Path
        The file or folder.
    kind : {"markers", "pose"}
        Markers on the skin, or points that a pose model saw.
    format : str
        Name of the format for people.
    markers : xarray.Dataset
        Dims ``time, space, keypoint``; ``keypoint`` holds the labels of the file,
        made unique; ``position`` in metres (pixels for points of a picture, as
        ``attrs["space_unit"]`` says), NaN where unseen; ``confidence`` 0 to 1.
    timing : Timing
        The clock.
    first_frame : int
        Number of the first frame in the file's own counting.
    unit : str
        Unit of lengths in the file.
    roles : tuple of MarkerRole
        Which label plays which role.
    convention : str or None
        Name of the marker convention that was recognised.
    plates : tuple of ForcePlate
        Force plates.
    events : tuple of Event
        Events that stand in the file, ``method`` is ``file``.
    angles : xarray.Dataset or None
        The laboratory's own joint angles: ``angle`` in degrees with dims ``time,
        component, label``, signs as in the file.
    body : BodyMeasures
        Measures of the person in the file.
    outputs : tuple of str
        Names of other results of the laboratory's model in the file (forces, powers,
        bone axes); they are no markers and are left out.
    maker : str or None
        Program or company that wrote the file.
    companions : tuple of Path
        Files beside it that were read with it.
    person : PersonChoice or None
        Who of the people in the file this is and who else there was; None where the
        format holds one by itself.
    picture_px : tuple of float or None
        Width and height of the picture, where they are known.
    reasons : tuple of Reason
        What is doubtful.
    """

    path: Path
    kind: MotionKind
    format: str
    markers: xr.Dataset
    timing: Timing
    first_frame: int = 1
    unit: str = "m"
    roles: tuple[MarkerRole, ...] = ()
    convention: str | None = None
    plates: tuple[ForcePlate, ...] = ()
    events: tuple[Event, ...] = ()
    angles: xr.Dataset | None = None
    body: BodyMeasures = field(default_factory=BodyMeasures)
    outputs: tuple[str, ...] = ()
    maker: str | None = None
    companions: tuple[Path, ...] = ()
    person: PersonChoice | None = None
    picture_px: tuple[float, float] | None = None
    reasons: tuple[Reason, ...] = ()

    def __post_init__(self) -> None:
        """Let every signal say what it is and in which unit."""
        described(self.markers)
        if self.angles is not None:
            described(self.angles)

    def by_role(self) -> xr.Dataset:
        """Return the markers that play a role, named by it, axes as in the file."""
        chosen = self.markers.sel(keypoint=[each.label for each in self.roles])
        named = chosen.assign_coords(keypoint=[each.role for each in self.roles])
        return described(named)

    def computed_points(self) -> tuple[str, ...]:
        """Return the labels of points that a model computed, such as joint centres.

        A file keeps them among its markers. They are known by the names that
        laboratories give them (``LHJC``, ``R_KJC``) and by their role; keypoints of a
        film are all seen.
        """
        if self.kind == "pose":
            return ()
        centres = {each.label for each in self.roles if each.role in JOINT_CENTRES}
        labels = [str(label) for label in self.markers["keypoint"].to_numpy()]
        return tuple(
            label for label in labels if label in centres or COMPUTED.fullmatch(label)
        )

    def without(self, labels: Collection[str]) -> MotionRecording:
        """Return the recording without some of its markers."""
        kept = [
            label
            for label in self.markers["keypoint"].to_numpy()
            if str(label) not in labels
        ]
        roles = tuple(each for each in self.roles if each.label not in labels)
        return replace(self, markers=self.markers.sel(keypoint=kept), roles=roles)

    def has(self, *roles: str) -> bool:
        """Return True when every one of the roles is played."""
        return set(roles) <= {each.role for each in self.roles}


def marker_dataset(
    position_m: Floats, *, time_s: Floats, labels: tuple[str, ...]
) -> xr.Dataset:
    """Return markers as a dataset; confidence is 1 where a marker is seen, else 0.

    Parameters
    ----------
    position_m : array (time, space, keypoint)
        Coordinates in metres, NaN where unseen.
    time_s : array (time,)
        Seconds since the first frame.
    labels : tuple of str
        Unique labels.
    """
    seen = np.isfinite(position_m).all(axis=1)
    return keypoints(
        position_m,
        seen.astype(np.float64),
        time_s=time_s,
        names=labels,
        space=("x", "y", "z"),
        space_unit="m",
    )


def angle_dataset(
    angle_deg: Floats, *, time_s: Floats, labels: tuple[str, ...]
) -> xr.Dataset:
    """Return the laboratory's angles (``time, component, label``), degrees.

    Components are those of the file: for Plug-in Gait ``x`` is flexion, ``y``
    adduction and ``z`` rotation.
    """
    names = ["x", "y", "z"][: angle_deg.shape[1]]
    return described(
        xr.Dataset(
            {"angle": (("time", "component", "label"), angle_deg)},
            coords={"time": time_s, "component": names, "label": list(labels)},
            attrs={"unit": "deg"},
        )
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapping:
    """What the user says about a motion file: the content of a map file.

    Attributes
    ----------
    rate_hz : float or None
        Frames per second, for files that hold no times.
    unit : {"mm", "cm", "m"} or None
        Unit of lengths; wins over the file.
    picture_px : tuple of float or None
        Width and height of the picture, for keypoints that are shares of it.
    person : str or None
        Who is meant where a file holds several: ``"2"`` for the second candidate, or
        ``"x,y"`` pixels on the person.
    markers : dict of str to str
        Role to label; wins over the convention. An empty label takes a role away.

    Raises
    ------
    ConfigError
        If a value is out of range or a role is unknown.
    """

    rate_hz: float | None = None
    unit: LengthUnit | None = None
    picture_px: tuple[float, float] | None = None
    person: str | None = None
    markers: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse an impossible rate or picture, and roles that do not exist."""
        rate = self.rate_hz
        if rate is not None and not (math.isfinite(rate) and rate > 0):
            msg = f"rate_hz is {rate:g}; expected frames per second, above 0"
            raise ConfigError(msg)
        picture = self.picture_px
        if picture is not None and not all(
            math.isfinite(side) and side >= PICTURE_MIN_PX for side in picture
        ):
            msg = (
                f"picture_px is {picture[0]:g}, {picture[1]:g}; expected width and "
                f"height in pixels, at least {PICTURE_MIN_PX}"
            )
            raise ConfigError(msg)
        unknown = sorted(set(self.markers) - set(ROLES))
        if unknown:
            msg = (
                f"markers.{unknown[0]} is no role; expected one of "
                f"{', '.join(ROLES[:SHOWN_ROLES])}, ..."
            )
            raise ConfigError(msg)
