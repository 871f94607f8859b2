"""Whole interviews at a terminal: an intake in Dutch, an evaluation in English."""

from __future__ import annotations

import io
import os
import re
import sys
from datetime import date
from typing import TYPE_CHECKING

import pytest

from gaitkit.cli import main
from gaitkit.io.visit import read_visit
from gaitkit.pipeline import assess

if TYPE_CHECKING:
    from pathlib import Path

    from gaitkit.model.visit import Visit

INTAKE = """\
intake
30-11-2026
p-0412
nee
N
ja
weet niet
alles nee
nee
nee / nee
alles nee
3 / 3
geen/geen
ja/ja
46 jaar
vrouw
alles nee
nee
4
6/10
1,72
72,5 kg
blootsvoets
dtp
been links
diep
avond, bij belasten
ja
geleidelijk
overbelasting
1 mei 2026
gelijk
staan en lopen
zitten; liggen
bil links
3 weken geleden
nee
nee
ja

"""
EVALUATION = """\
follow-up
heel lift right 5 mm 12/10/2026

30 Nov 2026
p-0412
all no
no
all no
3/3
none/none
y/y
46
male
all no
7
3 / 10
most of the day
yes
no
5 mm
.
"""


def hold(
    monkeypatch: pytest.MonkeyPatch, folder: Path, script: str, language: str = "nl"
) -> Visit:
    """Hold an interview with everything typed at once; return the visit."""
    monkeypatch.setattr("sys.stdin", io.StringIO(script))
    with pytest.raises(SystemExit) as left:
        main(["visit", "ask", str(folder), "--lang", language])
    assert left.value.code == 0
    return read_visit(folder)


def test_an_intake_in_dutch_words_is_judged_without_a_recording(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    visit = hold(monkeypatch, tmp_path, INTAKE)
    out = capsys.readouterr().out
    assert visit.visited_on == date(2026, 11, 30)
    assert visit.subject.sex == "female"
    assert visit.subject.height_m == pytest.approx(1.72)
    told, flags = visit.intake, visit.intake.red_flags
    assert (told.pain_site, told.pain_side) == ("leg", "left")
    assert (told.radiation, told.radiation_side) == ("buttock", "left")
    assert told.aggravating == ("standing", "walking")
    assert (flags.saddle_numbness, flags.urine_retention) == ("no", "yes")
    assert flags.bilateral_leg_signs == "unsure"
    assert flags.clinician_doubt == "no"
    assert visit.examination.right.alarm.monofilament_sites == 3
    assert [(p.instrument, p.score) for p in visit.proms] == [("PSFS", 4), ("NPRS", 6)]
    assert "  = been; links" in out
    assert "nee op: Nieuwe stoornis van de seksuele functie" in out
    judged = assess(visit)
    assert judged.plan.triage.status == "stop"  # of an alarm sign that was told


def test_an_evaluation_in_english_knows_what_is_worn_after_three_questions(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    visit = hold(monkeypatch, tmp_path, EVALUATION, "en")
    (given,) = visit.therapy
    assert (given.kind, given.side, given.amount_mm) == ("heel_raise", "right", 5)
    assert given.start == date(2026, 10, 12)
    assert [(p.instrument, p.score) for p in visit.proms] == [("PSFS", 7), ("NPRS", 3)]
    assert {p.taken_on for p in visit.proms} == {date(2026, 11, 30)}
    assert (visit.follow_up.worn, visit.follow_up.fits) == ("often", "yes")
    assert (visit.follow_up.new_pain, visit.follow_up.raise_mm) == ("no", 5)


def test_an_interview_is_left_and_taken_up_again_where_it_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    hold(monkeypatch, tmp_path, "\n30-11-2026\np17\nnee\n.\n")
    capsys.readouterr()
    visit = hold(monkeypatch, tmp_path, "\nnee\n")  # the end of what is typed stops it
    out = capsys.readouterr().out
    assert "Doof gevoel" not in out
    assert "Verlies van urine of ontlasting [ja, nee, weet niet]: " in out
    assert visit.intake.red_flags.urine_or_stool_loss == "no"
    assert visit.subject.subject_id == "p17"


def test_a_refused_answer_is_told_in_one_line_and_asked_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    visit = hold(monkeypatch, tmp_path, "\n11/30/2026\n30-11-2026\np17\nsoms\nnee\n.\n")
    out = capsys.readouterr().out
    assert "  '11/30/2026' bestaat niet; de dag staat voor de maand" in out
    assert "  'soms' is niet herkend; mogelijk: ja, nee, weet niet.\n" in out
    assert visit.intake.red_flags.saddle_numbness == "no"


def test_a_step_back_puts_the_last_question_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    visit = hold(monkeypatch, tmp_path, "\n\n\nnee\n<\nja\n<\n<\n\nweet niet\n.\n")
    assert visit.intake.red_flags.saddle_numbness == "unsure"


def test_part_of_the_fpi_is_kept_and_what_lacks_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    at = _questions_before(tmp_path / "two", monkeypatch, capsys, "FPI-6: het totaal")
    script = "\n" + "\n" * at + "1 1 0\n" + "totaal 5\n" + "\n.\n"
    visit = hold(monkeypatch, tmp_path / "three", script)
    out = capsys.readouterr().out
    assert (
        "FPI-6 links: bewaard, er ontbreekt nog: talonaviculaire bolling, mediale "
        "gewelf, voorvoet ad- of abductie"
    ) in out
    posture = visit.examination.left.foot_posture
    assert posture is not None
    assert (posture.talar_head, posture.score) == (1, None)
    assert visit.examination.right.foot_posture is not None
    assert visit.examination.right.foot_posture.score == 5
    rows = {
        row.side: row
        for row in assess(visit).measurements
        if row.name == "foot_posture_index"
    }
    assert rows["right"].value == 5
    assert rows["left"].value is None
    assert rows["left"].why_missing is not None
    assert "3 van 6 items ingevuld" in rows["left"].why_missing.text.nl
    # taken up again, the rest is asked item by item
    rest = "\n" * (at + 1) + "2\n1\n0\n.\n"
    left = hold(monkeypatch, tmp_path / "three", rest)
    assert left.examination.left.foot_posture is not None
    assert left.examination.left.foot_posture.score == 5


def _questions_before(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    words: str,
) -> int:
    """Return how many questions of a first visit stand before one."""
    hold(monkeypatch, folder, "\n" * 230)
    out = capsys.readouterr().out
    return int(re.findall(r"(\d+)/\d+ ", out[: out.index(words)])[-1]) - 1


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pty")
def test_it_runs_at_a_real_terminal(tmp_path: Path) -> None:
    import pty

    child, terminal = pty.fork()
    if child == 0:  # pragma: no cover - the other process
        command = [sys.executable, "-m", "gaitkit", "visit", "ask", str(tmp_path)]
        os.execv(sys.executable, command)
    os.write(terminal, b"intake\n30 nov 2026\np-0412\nnee\n.\n")
    said = b""
    while True:
        try:
            part = os.read(terminal, 4096)
        except OSError:  # the end of a terminal on Linux
            break
        if not part:
            break
        said += part
    _, status = os.waitpid(child, 0)
    os.close(terminal)
    assert os.waitstatus_to_exitcode(status) == 0
    assert "= 30-11-2026" in said.decode()
    assert read_visit(tmp_path).intake.red_flags.saddle_numbness == "no"
