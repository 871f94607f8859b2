"""When to evaluate: 6 to 10 weeks after the start of the definitive therapy."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from gaitkit.model.plan import FollowUp
from gaitkit.rules.derived import therapy_start

if TYPE_CHECKING:
    from gaitkit.model.visit import Visit
    from gaitkit.rules.rule import RuleSet


def follow_up(
    visit: Visit, rule_set: RuleSet, *, made: bool = False
) -> FollowUp | None:
    """Return the window for the evaluation, or None when nothing is to be evaluated.

    Parameters
    ----------
    visit : Visit
        With what was given and when.
    rule_set : RuleSet
        Holds the limits ``follow_up_from``, ``follow_up_to``, ``prom_day`` and
        ``prom_day_margin`` in days.
    made : bool
        True when the plan has something that is made.

    Returns
    -------
    FollowUp or None
        Both days included. It counts from the last definitive therapy, as the care
        module (S1) says; without one, from the last therapy of any kind (S0). Before
        any therapy it counts from the day of the visit, as a proposal, where something
        is made.
    """
    start = therapy_start(visit)
    proposed = start is None
    if start is None:
        start = visit.visited_on if made else None
    if start is None:
        return None
    first, last, day, margin = (
        timedelta(days=rule_set.limit(name).value)
        for name in ("follow_up_from", "follow_up_to", "prom_day", "prom_day_margin")
    )
    end, today = start + last, visit.visited_on
    return FollowUp(
        from_=start + first,
        to=end,
        counted_from=start,
        definitive=any(each.definitive for each in visit.therapy),
        questionnaire_from=start + day - margin,
        questionnaire_to=start + day + margin,
        overdue=None if today is None else today > end,
        proposed=proposed,
    )
