"""Plans of random visits: nothing beside an alarm, a known cause, a wish to stop.

``python benchmarks/reliability/safe_plans.py --count 10000 --seed 7`` judges whole
random visits with every rule and checks each plan against conditions that are written
apart from the rules (`tests/rules/test_properties.py`); every tenth visit is judged in
a mirror too. It prints as it goes, and ends with the counts or with the first fault.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from pathlib import Path
from random import Random

REPOSITORY = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(REPOSITORY / "tests"), str(REPOSITORY / "tests" / "rules")]

from random_visits import mirrored, random_rows, random_visit, told  # noqa: E402
from test_properties import check_safe, forbids, holds_devices  # noqa: E402

from gaitkit.plan.make import make_plan  # noqa: E402
from gaitkit.rules.judge import judge  # noqa: E402
from gaitkit.rules.loader import load_rules  # noqa: E402

MIRRORED_EVERY = 10
TOLD_EVERY = 1000


def main() -> None:
    """Judge the visits and print what came of them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=7)
    asked = parser.parse_args()
    random, rules = Random(asked.seed), load_rules()
    counted: Counter[str] = Counter()
    for number in range(asked.count):
        visit, rows = random_visit(random), random_rows(random)
        plan = make_plan(judge(rules, rows, visit, ()), visit, rules)
        check_safe(visit, plan)
        counted[plan.status] += 1
        counted["nothing allowed"] += forbids(visit)
        counted["devices held"] += holds_devices(visit)
        counted["device proposed"] += any(
            s.kind in {"heel_raise", "insole_element"} for s in plan.suggestions
        )
        if number % MIRRORED_EVERY == 0:
            seen = mirrored(visit)
            other = make_plan(judge(rules, mirrored(rows), seen, ()), seen, rules)
            here = {mirrored(told(s)) for s in plan.suggestions}
            assert here == {told(s) for s in other.suggestions}, visit
            counted["mirrored"] += 1
        if (number + 1) % TOLD_EVERY == 0:
            sys.stdout.write(f"{number + 1} {dict(counted)}\n")
            sys.stdout.flush()
    sys.stdout.write(f"{asked.count} visits, no fault: {dict(counted)}\n")


if __name__ == "__main__":
    main()
