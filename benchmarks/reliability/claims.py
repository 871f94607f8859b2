"""Walk the findings of thousands of random visits: words, chance and interval agree.

    python benchmarks/reliability/claims.py [VISITS] [--from FIRST]

Judges as many random visits (standard 10,000; each with a seed of its own) with
readings of the legs by the whole rule set and makes their plans; prints as it goes and
ends with a line of counts. ``--from`` begins at a later visit, so that 10,000 of them
can be walked in pieces.
Exit code 1 when any finding contradicts itself, or when something is suggested beside
an open or answered alarm. The checks are those of ``tests/support/claim_checks.py``.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from dataclasses import fields
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tests" / "support"))

from claim_checks import contradictions
from random_visits import random_visit, with_legs
from rule_cases import with_estimate

from gaitkit.plan.make import make_plan
from gaitkit.rules.judge import judge
from gaitkit.rules.loader import shipped_rules

SEED = 20261201
EVERY = 500


def main(visits: int, first: int) -> int:
    """Judge the visits; return the exit code."""
    rules = shipped_rules()
    counted: Counter[str] = Counter()
    bad = 0
    for number in range(first, first + visits):
        random = Random(f"{SEED} {number}")
        visit = with_legs(random_visit(random), random)
        rows, legs = with_estimate((), visit)
        findings = judge(rules, rows, visit, (), leg_length=legs)
        plan = make_plan(findings, visit, rules)
        problems = list(contradictions(findings, legs))
        flags = visit.intake.red_flags
        alarm = any(getattr(flags, f.name) != "no" for f in fields(flags))
        if plan.suggestions and alarm:
            problems.append("a suggestion beside an open alarm")
        bad += len(problems)
        for problem in problems[:3]:
            print(f"visit {number}: {problem}", flush=True)
        counted.update(f.rule for f in findings if f.verdict == "met")
        counted["findings"] += len(findings)
        if number % EVERY == 0:
            print(
                f"{number} visits, {counted['findings']} findings, {bad} bad",
                flush=True,
            )
    answers = {
        rule: counted[rule] for rule in ("L01", "L02", "L03", "L04", "L05", "L10")
    }
    print(
        f"done: visits {first} to {first + visits - 1}, {counted['findings']} "
        f"findings, {bad} bad; {answers}"
    )
    return 1 if bad else 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("visits", nargs="?", type=int, default=10_000)
    parser.add_argument("--from", dest="first", type=int, default=1)
    asked = parser.parse_args()
    sys.exit(main(asked.visits, asked.first))
