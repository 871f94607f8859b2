"""Sizes of a virtual body that do not change while it walks."""

from __future__ import annotations

from dataclasses import dataclass

Point = tuple[float, float, float]

# Fractions of height, Drillis & Contini 1966 (see parameters.py) unless noted.
ANKLE_HEIGHT_PER_HEIGHT = 0.039
FOOT_LENGTH_PER_HEIGHT = 0.152
SHOULDER_WIDTH_PER_HEIGHT = 0.215
"""Between the shoulder joint centres; smaller than the 0.259 between acromia."""

UPPER_ARM_PER_HEIGHT = 0.172
FOREARM_PER_HEIGHT = 0.157
TRUNK_PER_HEIGHT = 0.285
"""Middle of the hip centres to the middle of the shoulder joints."""

NECK_PER_HEIGHT = 0.045
"""Middle of the shoulder joints up to the base of the skull."""

HEAD_PER_HEIGHT = 0.130
"""Chin to top of the head."""

# Fractions of foot length: proportions of the generator, near those of adult feet.
HEEL_BEHIND_ANKLE = 0.25
BALL_AHEAD_OF_HEEL = 0.70

# Pelvis of an adult of 1.70 m: breadth and depth between the marked points, in m.
ASIS_WIDTH_PER_HEIGHT = 0.240 / 1.70
PELVIS_DEPTH_PER_HEIGHT = 0.150 / 1.70
PSIS_WIDTH_PER_HEIGHT = 0.096 / 1.70


@dataclass(frozen=True, slots=True, kw_only=True)
class Foot:
    """One foot; points in metres from the ankle joint centre, sole level.

    Attributes
    ----------
    ankle_height_m : float
        Ankle joint centre above the floor when the foot is flat.
    heel_m, ball_m, toe_m : float
        Heel contact point behind, ball (MTP joint) and tip of the toes ahead of the
        ankle joint centre.
    ball_height_m : float
        Height of the MTP joint above the sole.
    """

    ankle_height_m: float
    heel_m: float
    ball_m: float
    toe_m: float
    ball_height_m: float

    @property
    def heel_contact(self) -> Point:
        """Where the heel meets the floor."""
        return (-self.heel_m, 0.0, -self.ankle_height_m)

    @property
    def ball(self) -> Point:
        """The MTP joint, about which the forefoot rocker turns."""
        return (self.ball_m, 0.0, self.ball_height_m - self.ankle_height_m)

    @property
    def ball_sole(self) -> Point:
        """The sole under the MTP joint."""
        return (self.ball_m, 0.0, -self.ankle_height_m)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pelvis:
    """The pelvis; points in metres from the middle between the hip centres.

    The axes are those of Plug-in Gait: left along the line of the two ASIS, forward
    in the plane of ASIS and PSIS. The hip centres stand to the ASIS as in the
    regression of Harrington et al. 2007, doi:10.1016/j.jbiomech.2006.02.003.
    ``asis_difference_m`` and ``psis_difference_m``: by how much the left point lies
    higher on its bone than the right one; real pelvises are not symmetric.
    """

    hip_width_m: float
    asis_forward_m: float
    asis_up_m: float
    asis_width_m: float
    psis_width_m: float
    depth_m: float
    asis_difference_m: float = 0.0
    psis_difference_m: float = 0.0


def foot_of(height_m: float) -> Foot:
    """Return the foot of a person of that height."""
    length = FOOT_LENGTH_PER_HEIGHT * height_m
    heel = HEEL_BEHIND_ANKLE * length
    return Foot(
        ankle_height_m=ANKLE_HEIGHT_PER_HEIGHT * height_m,
        heel_m=heel,
        ball_m=BALL_AHEAD_OF_HEEL * length - heel,
        toe_m=length - heel,
        ball_height_m=0.012 * height_m,
    )


def pelvis_of(height_m: float) -> Pelvis:
    """Return the pelvis of a person of that height."""
    width = ASIS_WIDTH_PER_HEIGHT * height_m
    depth = PELVIS_DEPTH_PER_HEIGHT * height_m
    return Pelvis(
        hip_width_m=2 * (0.33 * width + 0.0073),
        asis_forward_m=0.24 * depth + 0.0099,
        asis_up_m=0.30 * width + 0.0109,
        asis_width_m=width,
        psis_width_m=PSIS_WIDTH_PER_HEIGHT * height_m,
        depth_m=depth,
    )
