"""Left or right, from shape, place beside the line of walking, and alternation.

Notes
-----
A chain of two states: each contact brings the log odds of its shape and of its place
beside the line of walking; steps alternate with probability 0.95 (a person may drag a
foot or leave the plate). The forward-backward pass gives each contact's probability.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

ALTERNATES = 0.95
"""Chance that the next contact is the other foot, when nothing else is known."""

MM_PER_LOGIT = 15.0
"""A foot 45 mm beside the line (half a step width of 90 mm) has odds of 20 to 1."""

LARGEST_PLACE_LOGIT = 3.0
FEWEST_FOR_LINE = 3


def place_logits(across_mm: np.ndarray, forward_mm: np.ndarray) -> np.ndarray:
    """Return the log odds for left from the places beside the line of walking.

    Parameters
    ----------
    across_mm, forward_mm : ndarray (contact,)
        Middles of the contacts in the order of time; across grows to the right.

    Returns
    -------
    ndarray (contact,)
        Zeros for fewer than two contacts. With two, the line is the plate's own.
    """
    count = across_mm.size
    if count < FEWEST_FOR_LINE - 1:
        return np.zeros(count)
    middle_x = (across_mm[1:] + across_mm[:-1]) / 2
    middle_y = (forward_mm[1:] + forward_mm[:-1]) / 2
    slope = 0.0
    if count >= FEWEST_FOR_LINE:
        run = middle_y - middle_y.mean()
        spread = float((run * run).sum())
        slope = float((run * middle_x).sum()) / spread if spread > 0 else 0.0
    line = middle_x.mean() + slope * (forward_mm - middle_y.mean())
    logits: np.ndarray = np.clip(
        (line - across_mm) / MM_PER_LOGIT, -LARGEST_PLACE_LOGIT, LARGEST_PLACE_LOGIT
    )
    return logits


def left_probabilities(logits: Sequence[float]) -> np.ndarray:
    """Return the probability that each contact is a left foot.

    Parameters
    ----------
    logits : sequence of float
        Log odds for left of each contact alone, in the order of time.

    Returns
    -------
    ndarray (contact,)
        Probability given all contacts and alternation.
    """
    own = np.column_stack([_sigmoid(np.asarray(logits)), _sigmoid(-np.asarray(logits))])
    move = np.array([[1 - ALTERNATES, ALTERNATES], [ALTERNATES, 1 - ALTERNATES]])
    forward, backward = own.copy(), np.ones_like(own)
    for i in range(1, len(own)):
        forward[i] *= forward[i - 1] @ move
        forward[i] /= forward[i].sum()
    for i in range(len(own) - 2, -1, -1):
        backward[i] = move @ (own[i + 1] * backward[i + 1])
        backward[i] /= backward[i].sum()
    both = forward * backward
    result: np.ndarray = both[:, 0] / both.sum(axis=1)
    return result


def _sigmoid(x: np.ndarray) -> np.ndarray:
    return np.asarray(1 / (1 + np.exp(-x)))
