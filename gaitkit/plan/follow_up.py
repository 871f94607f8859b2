"""When to evaluate: 6 to 10 weeks after the start of the definitive therapy."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from gaitkit.model.plan import FollowUp

if TYPE_CHECKING:
    from gaitkit.model.visit import Visit
    from gaitkit.rules.rule import RuleSet


def follow_up(visit: Visit, rule_set: RuleSet) -> FollowUp | None:
    """Return the window for the evaluation, or None when no therapy has started.

    Parameters
    ----------
    visit : Visit
        With what was given and when.
    rule_set : RuleSet
        Holds the limits ``follow_up_from`` and ``follow_up_to`` in days.

    Returns
    -------
    FollowUp or None
        Both days included. It counts from the last definitive therapy, as the care
        module says; without one, from the last therapy of any kind.
    """
    definitive = [therapy.start for therapy in visit.therapy if therapy.definitive]
    starts = definitive or [therapy.start for therapy in visit.therapy]
    if not starts:
        return None
    first, last = (
        timedelta(days=rule_set.limit(name).value)
        for name in ("follow_up_from", "follow_up_to")
    )
    return FollowUp(from_=max(starts) + first, to=max(starts) + last)
