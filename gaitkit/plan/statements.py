"""Which sentences of the sources bear on this patient."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gaitkit.model.plan import Statement
from gaitkit.rules.evaluate import judge_condition
from gaitkit.rules.scene import Focus, Scene
from gaitkit.rules.wording import fill, limit_text

if TYPE_CHECKING:
    from gaitkit.model.text import Language
    from gaitkit.model.visit import Visit
    from gaitkit.rules.facts import ProposalFacts
    from gaitkit.rules.rule import RuleSet


def statements(
    visit: Visit, rule_set: RuleSet, *, proposal: ProposalFacts
) -> tuple[Statement, ...]:
    """Return what the sources say for whom this is, in the order of their file.

    Parameters
    ----------
    visit : Visit
        With the intake.
    rule_set : RuleSet
        Holds the sentences and when each is worth saying.
    proposal : ProposalFacts
        What the plan suggests.

    Returns
    -------
    tuple of Statement
        A sentence whose condition rests on something unknown is left out.
    """
    scene = Scene(measurements=(), visit=visit, recordings=(), proposal=proposal)
    question = scene.ask(rule_set, Focus())

    def look_up(_name: str, argument: str, language: Language) -> str:
        limit = limit_text(rule_set.limit(argument), rule_set.phrases)
        return limit.of(language)

    return tuple(
        Statement(
            key=said.key,
            topic=said.topic,
            text=fill(said.text, look_up),
            source=said.source,
        )
        for said in rule_set.statements
        if said.when is None or judge_condition(said.when, question).worst == 1.0
    )
