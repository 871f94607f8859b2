"""Answers that moved: files of before are read as they would be written now."""

from __future__ import annotations

from typing import Any

WITHOUT_USE = ("only_walking_or_standing", "gone_on_sitting", "unchanged_three_months")
"""Were asked about signs in both legs and changed nothing: those stay a reason to phone
at once, whatever the answer, until a clinician confirms a milder one."""

STIFFNESS = "morning_stiffness"
"""Was an alarm question; alone it is none, and it belongs to the signs of inflammation
since rule set 2026.5."""


def moved_answers(told: dict[str, Any]) -> dict[str, Any]:
    """Return the table of an intake with every answer at its place of now.

    Answers to questions that are no longer asked are left out.

    Parameters
    ----------
    told : dict
        ``intake`` of a visit file or of an assessment, of any time.

    Returns
    -------
    dict
        An answer that stands at both places is left as it is, to be refused.
    """
    legs = told.get("legs")
    if isinstance(legs, dict):
        kept = {
            name: answer for name, answer in legs.items() if name not in WITHOUT_USE
        }
        told = {**told, "legs": kept}
    alarm, signs = told.get("red_flags"), told.get("inflammatory", {})
    if not isinstance(alarm, dict) or not isinstance(signs, dict):
        return told
    if STIFFNESS not in alarm or STIFFNESS in signs:
        return told
    strong = {name: answer for name, answer in alarm.items() if name != STIFFNESS}
    moved = {**signs, STIFFNESS: alarm[STIFFNESS]}
    return {**told, "red_flags": strong, "inflammatory": moved}
