"""A report is the files that were asked for, whole or not at all."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import pytest

from gaitkit.errors import ConfigError, OutputError
from gaitkit.model.plan import Plan
from gaitkit.model.reason import Quality, reason
from gaitkit.report import write
from gaitkit.report.settings import ReportSettings
from gaitkit.report.write import write_report

if TYPE_CHECKING:
    from pathlib import Path

    from gaitkit.model.analysis import Analysis
    from gaitkit.model.assessment import Assessment


def names(folder: Path) -> set[str]:
    return {str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file()}


def test_everything_is_written_when_nothing_is_said(
    assessment: Assessment, analysis: Analysis, tmp_path: Path
) -> None:
    written = write_report(assessment, [analysis], str(tmp_path / "out"))
    found = names(tmp_path / "out")
    assert found == {
        "report.html",
        "report.pdf",
        "result.pdf",
        "letter.pdf",
        "overlay.mp4",
        "figures/waveforms-walk.svg",
        "figures/timeline-walk.svg",
        "figures/side-differences.svg",
        "figures/feet-walk.svg",
        "figures/confidence-walk.svg",
    }
    assert {str(p.relative_to(tmp_path / "out")) for p in written} == found


def test_only_what_is_asked_for_is_written(
    assessment: Assessment, analysis: Analysis, tmp_path: Path
) -> None:
    settings = ReportSettings(html=False, pdf=False, letter=False, overlay=False)
    assert write_report(assessment, [analysis], tmp_path, settings=settings) == ()
    assert names(tmp_path) == set()


def test_a_page_without_film_does_not_link_to_one(
    assessment: Assessment, analysis: Analysis, tmp_path: Path
) -> None:
    settings = ReportSettings(pdf=False, overlay=False)
    write_report(assessment, [analysis], tmp_path, settings=settings)
    assert "overlay.mp4" not in (tmp_path / "report.html").read_text(encoding="utf-8")


def test_a_failing_film_leaves_nothing_half(
    assessment: Assessment,
    analysis: Analysis,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def full_disk(*args: object, **kwargs: object) -> None:
        part = args[1]
        part.write_bytes(b"half")  # type: ignore[attr-defined]
        msg = "No space left on device"
        raise OSError(28, msg)

    monkeypatch.setattr(write, "write_overlay", full_disk)
    settings = ReportSettings(html=False, pdf=False, letter=False)
    with pytest.raises(OutputError, match=r"overlay\.mp4: cannot be written"):
        write_report(assessment, [analysis], tmp_path, settings=settings)
    assert names(tmp_path) == set()


def test_a_refused_recording_still_gets_a_report_that_says_why(
    assessment: Assessment, analysis: Analysis, tmp_path: Path
) -> None:
    why = reason("no_scale")
    refused = dataclasses.replace(
        analysis.recording, quality=Quality(status="refused", reasons=(why,))
    )
    empty = dataclasses.replace(
        analysis,
        recording=refused,
        raw=None,
        walking=None,
        angles=None,
        events=(),
        strides=(),
        waveforms=(),
        measurements=(),
    )
    answer = dataclasses.replace(
        assessment,
        recordings=(refused,),
        events=(),
        strides=(),
        measurements=(),
        waveforms=(),
        findings=(),
        plan=Plan(status="none"),
    )
    write_report(answer, [empty], tmp_path)
    text = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert names(tmp_path) == {
        "report.html", "report.pdf", "result.pdf", "letter.pdf",
    }  # fmt: skip
    assert "Niet bruikbaar" in text
    assert why.text.nl in text
    assert why.advice.nl in text
    assert "Over de persoon valt niets te zeggen" in text
    assert "Geen enkele maat heeft een waarde." in text


def test_a_wrong_language_is_refused_by_its_key() -> None:
    with pytest.raises(ConfigError, match=r"report\.lang is 'fr'; expected"):
        ReportSettings(lang="fr")  # type: ignore[arg-type]
