"""Plans of random visits: nothing beside an alarm, a known cause, a wish to stop.

``python benchmarks/reliability/safe_plans.py --count 10000 --seed 7`` judges whole
random visits with every rule and checks each plan against conditions that are written
apart from the rules (`tests/rules/test_properties.py`), each finding against the words,
chance and interval of its own claim (`tests/support/claim_checks.py`), and every tenth
visit in a mirror too. Each visit has a seed of its own, so that a run that was cut off
goes on where it stopped (``--from N``). It prints counts and faults as it goes.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

REPOSITORY = Path(__file__).resolve().parents[2]
sys.path[:0] = [
    str(REPOSITORY / "tests" / "support"),
    str(REPOSITORY / "tests" / "rules"),
]

from claim_checks import contradictions  # noqa: E402
from random_visits import mirrored, random_rows, random_visit, told  # noqa: E402
from rule_cases import legs_of  # noqa: E402
from test_properties import check_safe, forbids, holds_devices, judged  # noqa: E402

from gaitkit.plan.make import make_plan  # noqa: E402
from gaitkit.rules.loader import load_rules  # noqa: E402

if TYPE_CHECKING:
    from gaitkit.rules.rule import RuleSet

MIRRORED_EVERY = 10
TOLD_EVERY = 500
DEVICES = {"heel_raise", "insole_element"}


def main() -> None:
    """Judge the visits, print what came of them, and fail where one is at fault."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--from", dest="first", type=int, default=0)
    asked = parser.parse_args()
    rules, counted, faults = load_rules(), Counter[str](), 0
    began = time.process_time()
    for number in range(asked.first, asked.count):
        random = Random(f"{asked.seed}/{number}")
        for fault in judge_one(number, random, rules, counted):
            faults += 1
            say(f"visit {number}: {fault}")
        if (number + 1) % TOLD_EVERY == 0:
            spent = time.process_time() - began
            say(f"{number + 1} ({spent:.0f} s of processor) {dict(counted)}")
    judged_visits = asked.count - asked.first
    say(f"{judged_visits} visits, {faults} faults: {dict(counted)}")
    sys.exit(bool(faults))


def say(line: str) -> None:
    """Write a line at once, so that a run that is cut off shows where."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def judge_one(
    number: int, random: Random, rules: RuleSet, counted: Counter[str]
) -> list[str]:
    """Judge one random visit, count what came of it, and return its faults."""
    visit, rows = random_visit(random), random_rows(random)
    found = judged(rules, rows, visit)
    plan = make_plan(found, visit, rules)
    faults = list(contradictions(found, legs_of(rows)))
    try:
        check_safe(visit, plan)
    except AssertionError as fault:
        faults.append(f"suggests what it may not: {str(fault)[:200]}")
    counted[plan.status] += 1
    counted["nothing allowed"] += forbids(visit)
    counted["devices held"] += holds_devices(visit)
    counted["device proposed"] += any(s.kind in DEVICES for s in plan.suggestions)
    counted["findings"] += len(found)
    if number % MIRRORED_EVERY == 0:
        seen = mirrored(visit)
        other = make_plan(judged(rules, mirrored(rows), seen), seen, rules)
        here = {mirrored(told(s)) for s in plan.suggestions}
        if here != {told(s) for s in other.suggestions}:
            faults.append("another plan in the mirror")
        counted["mirrored"] += 1
    return faults


if __name__ == "__main__":
    main()
