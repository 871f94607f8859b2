"""The leg in the air: normal joint curves, bent to meet both contacts smoothly."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from gaitkit_virtual.leg import ANKLE, HIP, KNEE
from gaitkit_virtual.normal_curves import (
    ANKLE_DORSIFLEXION,
    HIP_FLEXION,
    KNEE_FLEXION,
    radians_at,
)
from gaitkit_virtual.rotations import Array

NORMAL_FOOT_OFF = 0.62
"""Stride phase of foot off in the normal curves."""

LANDING_S = 0.06
"""Time before contact in which the foot is brought to rest, in seconds. Until then it
moves as in the normal curves, so that detectors meet a foot that lands briskly."""

RELEASE_S = 0.15
"""Time after foot off in which the joints find the speed of the normal curves."""

JOINTS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class JointState:
    """Joint angles (8,) with first and second time derivative, rad, rad/s, rad/s2."""

    value: Array
    rate: Array
    acceleration: Array


@dataclass(frozen=True, slots=True, kw_only=True)
class Swing:
    """The flight of one foot from foot off to the next contact.

    Attributes
    ----------
    off_s, contact_s : float
        Its ends in seconds.
    leaving, landing : JointState
        Joints at its ends, as the two contacts demand.
    knee_change_rad : float
        Change of the peak knee flexion against normal.
    dorsiflexion_rad : float
        Extra lift of the foot, for a knee too stiff to clear the floor.
    lifts : tuple of Lift
        What the foot is raised by, to clear the floor.
    """

    off_s: float
    contact_s: float
    leaving: JointState
    landing: JointState
    knee_change_rad: float = 0.0
    dorsiflexion_rad: float = 0.0
    lifts: tuple[Lift, ...] = ()

    def joints(self, time_s: Array) -> Array:
        """Return the joint angles (n, 8) in radians at times in seconds, (n,).

        Two times continuously differentiable, also across both ends.
        """
        length = self.contact_s - self.off_s
        tau = np.asarray(time_s, dtype=float) - self.off_s
        normal = _normal(tau, length)
        step = 1e-4 * length
        ends = _state_of_normal(length, step)
        miss = _minus(self.leaving, ends[0])
        home = _minus(self.landing, ends[1])
        smooth = _hermite(tau, length, _resting(miss.value), _resting(home.value))
        first = _hermite(tau, min(RELEASE_S, length / 2), _moving(miss), _NOTHING)
        span = min(LANDING_S, length / 2)
        last = _hermite(tau - (length - span), span, _NOTHING, _moving(home))
        return normal + smooth + first + last + self._bend(tau / length)

    def raised(self, time_s: Array) -> Array:
        """Return by how much the foot is raised (n,) in metres."""
        share = (time_s - self.off_s) / (self.contact_s - self.off_s)
        return sum((lift.at(share) for lift in self.lifts), np.zeros(len(share)))

    def _bend(self, share: Array) -> Array:
        bend = np.zeros((len(share), JOINTS))
        bend[:, KNEE] = self.knee_change_rad * _bump(share / PEAK_SPAN)
        bend[:, ANKLE.start] = -self.dorsiflexion_rad * _bump(share / PEAK_SPAN)
        return bend


@dataclass(frozen=True, slots=True, kw_only=True)
class Lift:
    """A smooth bump between two shares of a swing, with its height in metres."""

    start: float
    end: float
    height_m: float

    def at(self, share: Array) -> Array:
        """Return the height (n,) in metres at shares of the swing."""
        return self.height_m * _bump((share - self.start) / (self.end - self.start))


def _bump(share: Array) -> Array:
    """Rise from 0 to 1 and back, two derivatives 0 at both ends."""
    inside = np.clip(share, 0, 1)
    return np.asarray(64 * (inside * (1 - inside)) ** 3)


_NOTHING = JointState(
    value=np.zeros(JOINTS), rate=np.zeros(JOINTS), acceleration=np.zeros(JOINTS)
)
PEAK_SPAN = 0.75
"""Share of swing over which a changed knee peak fades; its middle is the peak."""


def _normal(tau: Array, length: float) -> Array:
    phase = NORMAL_FOOT_OFF + (1 - NORMAL_FOOT_OFF) * tau / length
    out = np.zeros((len(tau), JOINTS))
    out[:, HIP.start] = -radians_at(HIP_FLEXION, phase)
    out[:, KNEE] = radians_at(KNEE_FLEXION, phase)
    out[:, ANKLE.start] = -radians_at(ANKLE_DORSIFLEXION, phase)
    return out


def _state_of_normal(length: float, step: float) -> tuple[JointState, JointState]:
    return tuple(  # type: ignore[return-value]
        state_from(_normal(end + step * np.array([-1.0, 0.0, 1.0]), length), step)
        for end in (0.0, length)
    )


def state_from(samples: Array, step_s: float) -> JointState:
    """Return value and derivatives from joints (3, 8) at -step, 0 and +step."""
    before, here, after = samples
    return JointState(
        value=here,
        rate=(after - before) / (2 * step_s),
        acceleration=(after - 2 * here + before) / step_s**2,
    )


def _minus(a: JointState, b: JointState) -> JointState:
    return JointState(
        value=a.value - b.value,
        rate=a.rate - b.rate,
        acceleration=a.acceleration - b.acceleration,
    )


def _resting(value: Array) -> JointState:
    zero = np.zeros_like(value)
    return JointState(value=value, rate=zero, acceleration=zero)


def _moving(state: JointState) -> JointState:
    return replace(state, value=np.zeros_like(state.value))


def _hermite(tau: Array, length: float, start: JointState, end: JointState) -> Array:
    """Return the quintic (n, 8) with given states at 0 and ``length`` seconds."""
    u = np.clip(tau / length, 0, 1)[:, None]
    h = length
    return (
        start.value * (1 - 10 * u**3 + 15 * u**4 - 6 * u**5)
        + start.rate * h * (u - 6 * u**3 + 8 * u**4 - 3 * u**5)
        + start.acceleration * h**2 * (u**2 - 3 * u**3 + 3 * u**4 - u**5) / 2
        + end.value * (10 * u**3 - 15 * u**4 + 6 * u**5)
        + end.rate * h * (-4 * u**3 + 7 * u**4 - 3 * u**5)
        + end.acceleration * h**2 * (u**3 - 2 * u**4 + u**5) / 2
    )
