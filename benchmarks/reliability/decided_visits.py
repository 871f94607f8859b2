"""Random visits with random decisions: every output says what was decided.

    python benchmarks/reliability/decided_visits.py [--count 500] [--seed 1] [--from N]

Each visit has legs and feet of its own and answers in which nothing keeps a suggestion
away; every suggestion is left open, accepted, changed or rejected by lot. Page one, the
order for the workshop, the letters, the workbook and FHIR are then read back and held
against the decision (`tests/support/decided_checks.py`). Each visit has a seed of its
own, so that a run that was cut off goes on (``--from N``). Prints as it goes; exit code
1 where any output says another thing.
"""

from __future__ import annotations

import argparse
import dataclasses
import sys
from collections import Counter
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

REPOSITORY = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(REPOSITORY / "tests" / "support"))

from decided_checks import DEVICES, contradictions, random_edits  # noqa: E402
from random_visits import plain_visit, random_foot, with_legs  # noqa: E402

from gaitkit.pipeline.assess import judge, with_decisions  # noqa: E402
from gaitkit.rules.loader import shipped_rules  # noqa: E402

if TYPE_CHECKING:
    from gaitkit.model.assessment import Assessment

MOST_TRIES = 200
LANGUAGES = ("nl", "en")


def main() -> None:
    """Decide the visits, print what came of them, and fail where one is at fault."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--from", dest="first", type=int, default=0)
    asked = parser.parse_args()
    rules, counted, faults = shipped_rules(), Counter[str](), 0
    for number in range(asked.first, asked.count):
        random = Random(f"{asked.seed}/{number}")
        decided = decided_visit(random)
        count(decided, counted)
        language = LANGUAGES[number % 2]
        for fault in contradictions(decided, rules, language=language):
            faults += 1
            print(f"visit {number} ({language}): {fault}", flush=True)
        if (number + 1) % 50 == 0:
            print(f"{number + 1}: {dict(counted)}", flush=True)
    print(f"{asked.count - asked.first} decided visits, {faults} faults")
    sys.exit(bool(faults))


def decided_visit(random: Random) -> Assessment:
    """Return an assessment that proposes a device, with decisions about it."""
    for _ in range(MOST_TRIES):
        visit = with_legs(plain_visit(random), random)
        feet = {side: random_foot(random) for side in ("left", "right")}
        examination = dataclasses.replace(visit.examination, **feet)
        visit = dataclasses.replace(visit, examination=examination)
        assessment = judge(visit, ())
        if any(s.kind in DEVICES for s in assessment.plan.suggestions):
            edits = random_edits(assessment.plan, random)
            return with_decisions(assessment, edits, visit)
    msg = f"no visit of {MOST_TRIES} proposes a device; the draw is wrong"
    raise AssertionError(msg)


def count(decided: Assessment, counted: Counter[str]) -> None:
    """Count what was decided, to show that the draw is wide."""
    for edit in decided.edits.edit if decided.edits else ():
        counted[edit.action] += 1
    for each in decided.plan.suggestions:
        if each.kind in DEVICES:
            counted[each.element or each.kind] += 1


if __name__ == "__main__":
    main()
