"""The printed annex: nothing twice, short, and what it leaves out is told why."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from gaitkit import analyse, judge, read_visit
from gaitkit.report.annex import annex_of, left_out
from gaitkit.report.inputs import report_inputs
from gaitkit.report.pdf import to_pdf
from gaitkit.report.settings import ReportSettings
from gaitkit.report.words import words
from gaitkit.report.write import context_of
from gaitkit.rules.loader import shipped_rules

if TYPE_CHECKING:
    from gaitkit.model.text import Language
    from gaitkit.report.blocks import Context

PATIENTS = Path(__file__).parents[2] / "sample_data" / "patients"
MOST_PAGES = 12
LANGUAGES: tuple[Language, ...] = ("nl", "en")


@pytest.fixture(scope="module")
def reports() -> dict[str, Context]:
    visit = read_visit(PATIENTS / "10-raise-and-insole")
    analyses = analyse(visit)
    assessment = judge(visit, analyses)
    return {
        language: context_of(
            report_inputs(
                assessment,
                analyses,
                rules=shipped_rules(),
                settings=ReportSettings(lang=language, overlay=False),
            )
        )
        for language in LANGUAGES
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_annex_of_the_fullest_patient_is_short(
    reports: dict[str, Context], language: Language
) -> None:
    pages = re.findall(rb"/Type ?/Page\b", to_pdf(reports[language]))
    assert 5 < len(pages) <= MOST_PAGES


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_entry_leaves_something_out_of_the_fullest_report(
    reports: dict[str, Context], language: Language
) -> None:
    report = reports[language]
    anchors = {section.anchor: section for section in report.sections}
    say = words(language)
    for entry in left_out():
        assert entry.why
        section = anchors[entry.section]
        if entry.whole:
            continue
        held = [block for block in section.blocks if entry.holds(block, say)]
        facts = {say(key) for key in entry.facts} & {
            fact.label
            for block in section.blocks
            if block.kind == "cards"
            for card in block.cards
            for fact in card.facts
        }
        assert held or facts, entry


def test_what_is_printed_is_a_part_of_the_report(reports: dict[str, Context]) -> None:
    report, annex = reports["nl"], annex_of(reports["nl"])
    whole = {section.anchor: section for section in report.sections}
    for section in annex.sections:
        kept = [b for b in section.blocks if b.kind != "cards"]
        assert all(block in whole[section.anchor].blocks for block in kept)
    anchors = [section.anchor for section in annex.sections]
    assert "summary" not in anchors
    assert {"measures", "leg-length", "plate", "findings", "plan"} <= set(anchors)
