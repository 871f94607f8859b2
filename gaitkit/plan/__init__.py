"""From findings to a plan that the podotherapist checks, changes or drops."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gaitkit.lazy import lazy

if TYPE_CHECKING:
    from gaitkit.plan.decide import decide_plan
    from gaitkit.plan.make import make_plan

_HOME = {
    "decide_plan": "gaitkit.plan.decide",
    "make_plan": "gaitkit.plan.make",
}

__all__ = [
    "decide_plan",
    "make_plan",
]

__getattr__, __dir__ = lazy("gaitkit.plan", _HOME)
