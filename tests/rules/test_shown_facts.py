"""A fact of the sources is carried when the output of a visit that fits shows it.

Each visit is assessed without a recording, as a therapist would type it, and its whole
output (report and letter, in Dutch) is searched for the words that carry the fact.
"""

from __future__ import annotations

import html
import re
from functools import cache
from random import Random

import pytest
from typed_visits import VISITS

from gaitkit.io.visit import check_text
from gaitkit.pipeline.assess import assess
from gaitkit.report.inputs import report_inputs
from gaitkit.report.letter import letter_of, letter_texts
from gaitkit.report.settings import ReportSettings
from gaitkit.report.words import glossary
from gaitkit.report.write import context_of, to_html
from gaitkit.rules.loader import shipped_rules
from gaitkit.rules.traceability import TracedFact, traced_facts

SEED = 20261201
LOT = 50

SHOWN = tuple(fact for fact in traced_facts() if fact.shown)


@cache
def output(name: str) -> str:
    """Return everything that the visit gives, as plain text of one line."""
    from pathlib import Path

    assessment = assess(check_text(VISITS[name], Path("visit.toml")))
    material = report_inputs(
        assessment,
        (),
        rules=shipped_rules(),
        settings=ReportSettings(lang="nl"),
    )
    page = to_html(context_of(material))
    letter = " ".join(letter_texts(letter_of(material, glossary())))
    text = html.unescape(re.sub(r"<[^>]+>", " ", page)) + " " + letter
    return re.sub(r"\s+", " ", text.replace("\N{NARROW NO-BREAK SPACE}", " "))


def lot() -> tuple[TracedFact, ...]:
    """Return fifty facts, picked by lot with a seed."""
    return tuple(Random(SEED).sample(traced_facts(), LOT))


@pytest.mark.parametrize("fact", SHOWN, ids=lambda fact: fact.id)
def test_a_carried_fact_stands_in_the_output_of_a_visit_that_fits(
    fact: TracedFact,
) -> None:
    visit, *pieces = fact.shown
    said = output(visit)
    assert [piece for piece in pieces if piece not in said] == []
    assert pieces


def test_fifty_facts_picked_by_lot_are_all_shown() -> None:
    """What nothing shows is not carried, and the page says so."""
    silent = [fact.id for fact in lot() if not fact.shown]
    assert silent == []


@pytest.mark.parametrize("fact", SHOWN, ids=lambda fact: fact.id)
def test_a_fact_is_recognised_by_a_phrase_a_code_or_a_long_word_never_by_a_bare_figure(
    fact: TracedFact,
) -> None:
    _, *pieces = fact.shown
    assert any(re.search(r" |[a-zA-Z]\d|\d{5}|[a-z.]{10}", p) for p in pieces)
    assert not any(re.fullmatch(r"[\d\s%,.-]{1,4}|\d\d-\d\d-\d{4}", p) for p in pieces)
