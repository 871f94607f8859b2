"""Rules as data: judged on measurements, intake and recordings, in plain words.

The rules stand in ``data/*.toml``; `gaitkit.rules.loader` reads and checks them,
`gaitkit.rules.judge` judges them, `gaitkit.rules.explain` says what they mean.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gaitkit.lazy import lazy

if TYPE_CHECKING:
    from gaitkit.rules.explain import Explanation, explanation, rule_lines
    from gaitkit.rules.loader import (
        find_problems,
        load_rules,
        rules_sha256,
        shipped_rules,
    )
    from gaitkit.rules.rule import Rule, RuleSet
    from gaitkit.rules.shared import Limit

_HOME = {
    "Explanation": "gaitkit.rules.explain",
    "Limit": "gaitkit.rules.shared",
    "Rule": "gaitkit.rules.rule",
    "RuleSet": "gaitkit.rules.rule",
    "explanation": "gaitkit.rules.explain",
    "find_problems": "gaitkit.rules.loader",
    "load_rules": "gaitkit.rules.loader",
    "rule_lines": "gaitkit.rules.explain",
    "rules_sha256": "gaitkit.rules.loader",
    "shipped_rules": "gaitkit.rules.loader",
}

__all__ = [
    "Explanation",
    "Limit",
    "Rule",
    "RuleSet",
    "explanation",
    "find_problems",
    "load_rules",
    "rule_lines",
    "rules_sha256",
    "shipped_rules",
]

__getattr__, __dir__ = lazy("gaitkit.rules", _HOME)
