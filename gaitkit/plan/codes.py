"""Which codes of the profession follow from the intake and from what is proposed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gaitkit.model.plan import Code
from gaitkit.rules.evaluate import judge_condition
from gaitkit.rules.scene import Focus, Scene

if TYPE_CHECKING:
    from gaitkit.model.visit import Visit
    from gaitkit.rules.facts import ProposalFacts
    from gaitkit.rules.rule import RuleSet


def codes(
    visit: Visit, rule_set: RuleSet, *, proposal: ProposalFacts
) -> tuple[Code, ...]:
    """Return the codes that follow, verbatim and in the order of ``codes.toml``.

    Parameters
    ----------
    visit : Visit
        With the intake.
    rule_set : RuleSet
        Holds the table of codes and when each follows.
    proposal : ProposalFacts
        What the plan suggests.

    Returns
    -------
    tuple of Code
        Text, leading zeros included. A code whose condition rests on something that
        is not known is left out; so is one that only the therapist can choose.
    """
    scene = Scene(measurements=(), visit=visit, recordings=(), proposal=proposal)
    question = scene.ask(rule_set, Focus())
    return tuple(
        Code(
            system=code.system,
            code=code.code,
            label=code.label,
            check=code.check,
            other_form=code.other_form,
        )
        for code in rule_set.codes
        if code.when is not None and judge_condition(code.when, question).worst == 1.0
    )
