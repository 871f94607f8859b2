"""The shape of normal walking that the generator leans on, as short Fourier series.

Coefficients in degrees, least squares on the mean curves of 42 healthy adults walking
at comfortable speed, gait cycle from initial contact: Fukuchi, Fukuchi & Duarte 2018,
PeerJ 6:e4640, doi:10.7717/peerj.4640 (data CC BY 4.0). The series reproduce those
curves to 0.3 degrees root mean square. Pelvic obliquity and rotation keep only odd
harmonics and tilt only even ones, so that both sides share one pelvis.

This is the generator's own idea of normal; the reference for patients stands in
``gaitkit.norms`` and may change without changing the virtual walkers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from gaitkit_virtual.rotations import Array

Series = tuple[tuple[int, float, float], ...]
"""Harmonic number, cosine and sine coefficient in degrees."""

KNEE_OFFSET_DEG = 4.0
KNEE_OFFSET_SWING_DEG = (0.375, 1.965)
"""Added to the constant and the first harmonic of the knee: the mean curve goes to -3
degrees before contact, which is a matter of marker placement; a hinge that is straight
at 0 needs 4 to 5 degrees there, and only 2 at the peak of 61 degrees."""

HIP_FLEXION: Series = (
    (0, 13.269, 0.0),
    (1, 19.340, -4.962),
    (2, -3.222, -1.247),
    (3, -0.027, 1.933),
    (4, -0.005, -0.050),
    (5, -0.159, 0.357),
)
KNEE_FLEXION: Series = (
    (0, 18.972 + KNEE_OFFSET_DEG, 0.0),
    (1, -3.541 + KNEE_OFFSET_SWING_DEG[0], -21.725 + KNEE_OFFSET_SWING_DEG[1]),
    (2, -14.466, 8.443),
    (3, 0.075, 5.500),
    (4, -0.617, 1.016),
    (5, -0.132, 1.279),
    (6, 0.333, 0.296),
    (7, 0.098, 0.102),
)
ANKLE_DORSIFLEXION: Series = (
    (0, 2.474, 0.0),
    (1, -2.018, 4.654),
    (2, -0.281, -6.414),
    (3, -3.852, 1.373),
    (4, 1.750, -0.229),
    (5, -0.476, -1.019),
    (6, 0.499, 0.215),
    (7, 0.409, -0.667),
)
PELVIC_OBLIQUITY: Series = ((1, 1.379, 2.499), (3, -1.449, 0.543), (5, -0.215, -0.099))
PELVIC_ROTATION: Series = ((1, 5.289, 2.119), (3, 0.172, -0.453), (5, 0.336, 0.068))
PELVIC_TILT: Series = ((2, 0.537, -0.287), (4, 0.084, -0.109))


def radians_at(series: Series, phase: Array) -> Array:
    """Return a normal curve in radians.

    Parameters
    ----------
    series : tuple
        Harmonics in degrees.
    phase : array
        Stride phase: 0 at initial contact of the side, 1 at its next.
    """
    turn = 2 * np.pi * np.asarray(phase, dtype=float)
    total = np.zeros_like(turn)
    for harmonic, cosine, sine in series:
        total += cosine * np.cos(harmonic * turn) + sine * np.sin(harmonic * turn)
    return np.radians(total)


def shape_at(series: Series, phase: Array) -> Array:
    """Return a normal curve scaled to a peak of 1 about its mean."""
    wave = tuple(term for term in series if term[0] > 0)
    grid = radians_at(wave, np.linspace(0, 1, 201))
    return np.asarray(radians_at(wave, phase) / np.abs(grid).max())
