"""Who of several people in one recording is the patient: the one who walks.

One rule for films, keypoint files and marker files: each person is scored over the
whole recording for how far, how long, how upright, how large and how completely it is
in view. Who stands and watches, however large, has no path. A wish of the user wins.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from gaitkit.errors import InputError
from gaitkit.model.recording import PersonCandidate, PersonChoice

PATH_WEIGHT = 0.6
DURATION_WEIGHT = SIZE_WEIGHT = UPRIGHT_WEIGHT = COMPLETENESS_WEIGHT = 0.1
"""Walking is most of the score, so that nobody who stands outscores a walker. Set by
reason, and tried on the two recordings with several people."""

SEEN_MIN_S = 0.5
"""Somebody seen for a shorter time is a mistake of whatever looked for people."""

REJOIN_S = 20.0
"""Seconds after which somebody who comes back counts as somebody else."""

REJOIN_DISTANCE = 0.75
"""Body lengths between the places of leaving and of coming back."""

CANDIDATES_MAX = 8
"""People that are listed and shown; in a street there are more."""

PATH_FULL = 4.0
"""Path in body heights that earns the full share: five to six steps."""

DURATION_FULL_S = 5.0
"""Time in view that earns the full share."""

SIZE_FULL = 0.4
"""Body height as a fraction of the picture's that earns the full share."""

CLOSE_SCORE = 0.1
"""Two candidates whose scores differ by less are too close to be sure."""

UPRIGHT_MAX_DEG = 35.0
"""Lean of the trunk from the picture's vertical that still is upright."""

SCORE_DIGITS = 6
"""Decimals of a score that are more than arithmetic: a tie keeps the file's order."""

Hits = Callable[[float, float], Sequence[int]]
"""In how many frames a place lies on each candidate, in their order."""


def scored(candidate: PersonCandidate) -> PersonCandidate:
    """Return a candidate with its score.

    What a recording cannot show (None) earns the full share: it tells nobody apart.
    """
    size = SIZE_FULL if candidate.size is None else candidate.size
    upright = 1.0 if candidate.upright is None else candidate.upright
    score = (
        PATH_WEIGHT * min(candidate.path_heights / PATH_FULL, 1)
        + DURATION_WEIGHT * min(candidate.duration_s / DURATION_FULL_S, 1)
        + SIZE_WEIGHT * min(size / SIZE_FULL, 1)
        + UPRIGHT_WEIGHT * upright
        + COMPLETENESS_WEIGHT * candidate.completeness
    )
    return replace(candidate, score=round(score, SCORE_DIGITS))


def ranking(candidates: Sequence[PersonCandidate]) -> tuple[int, ...]:
    """Return the places of the candidates that are listed, the best first.

    Of two with one score, who walks farther comes first.
    """

    def behind(place: int) -> tuple[float, float]:
        return -candidates[place].score, -candidates[place].path_heights

    order = sorted(range(len(candidates)), key=behind)
    return tuple(order[:CANDIDATES_MAX])


def choose_patient(
    candidates: Sequence[PersonCandidate],
    *,
    wish: str | None,
    hits: Hits | None = None,
    seen: int | None = None,
) -> PersonChoice:
    """Choose among scored candidates, the best first.

    Parameters
    ----------
    candidates : sequence of PersonCandidate
        At least one, the best first; they get their numbers here.
    wish : str or None
        ``"2"`` for the second candidate, ``"x,y"`` for a pixel on the person, None
        for the best score.
    hits : callable or None
        Says on whom a pixel lies; None where a recording has no picture.
    seen : int or None
        People in the recording, where more were seen than are listed.

    Raises
    ------
    InputError
        If the wish names nobody.
    """
    numbered = tuple(replace(c, number=n) for n, c in enumerate(candidates, start=1))
    chosen = numbered[0] if wish is None else _wished(wish, numbered, hits)
    several = (seen or len(numbered)) > 1
    return PersonChoice(
        chosen=chosen.number,
        method="user" if wish is not None else "scored" if several else "only",
        ambiguous=wish is None and _close(numbered),
        candidates=numbered,
    )


def _close(candidates: tuple[PersonCandidate, ...]) -> bool:
    return (
        len(candidates) > 1 and candidates[0].score - candidates[1].score < CLOSE_SCORE
    )


def _wished(
    wish: str, candidates: tuple[PersonCandidate, ...], hits: Hits | None
) -> PersonCandidate:
    """Return the candidate that the user means, by number or by a pixel."""
    found: PersonCandidate | None = None
    if wish.strip().isdecimal():
        found = next((c for c in candidates if c.number == int(wish)), None)
    elif hits is not None:
        point = _point(wish)
        frames = list(hits(*point)) if point else []
        found = candidates[frames.index(max(frames))] if any(frames) else None
    if found is None:
        how = "a number" if hits is None else "a number, or 'x,y' in pixels on one of"
        msg = (
            f"person is {wish!r}, and nobody is there; expected {how}: "
            f"{'; '.join(_described(c) for c in candidates)}"
        )
        raise InputError(msg)
    return found


def _described(candidate: PersonCandidate) -> str:
    """Return who a number is: where in the picture, or when and how far it walks."""
    if candidate.box is None:
        return (
            f"{candidate.number} from {candidate.start_s:.1f} to "
            f"{candidate.end_s:.1f} s, walks {candidate.path_heights:.1f} body heights"
        )
    left, top, width, height = candidate.box
    return (
        f"{candidate.number} at x {left:.0f} to {left + width:.0f}, "
        f"y {top:.0f} to {top + height:.0f} in frame {candidate.frame}"
    )


def _point(wish: str) -> tuple[float, float] | None:
    """Return the pixel of a wish like ``"640,360"``, or None."""
    x, comma, y = wish.partition(",")
    try:
        return (float(x), float(y)) if comma else None
    except ValueError:
        return None
