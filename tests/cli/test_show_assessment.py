"""What the terminal says of an assessment."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from gaitkit import analyse, judge, read_visit
from gaitkit.cli.show import show_assessment

if TYPE_CHECKING:
    from gaitkit.model.text import Language

PATIENTS = Path(__file__).parents[2] / "sample_data" / "patients"


def said(patient: str, language: Language, capsys: pytest.CaptureFixture[str]) -> str:
    visit = read_visit(PATIENTS / patient)
    assessment = judge(visit, analyse(visit))
    show_assessment(assessment, PATIENTS / patient, language=language)
    return capsys.readouterr().out


@pytest.mark.parametrize(
    ("language", "first", "cadence"),
    [("nl", "plan: aangehouden: ", "Cadans"), ("en", "plan: withheld: ", "Cadence")],
)
def test_after_a_stop_the_terminal_says_what_to_do_and_sells_no_number(
    language: Language,
    first: str,
    cadence: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    lines = said("01-stop", language, capsys).splitlines()
    assert lines[0].startswith(first)
    assert len(lines) == 1
    usual = said("10-raise-and-insole", language, capsys)
    assert cadence in usual
    assert cadence not in "".join(lines)
