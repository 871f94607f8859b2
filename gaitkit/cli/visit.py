"""Commands about one visit file: what is missing in it, and an interview to fill it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gaitkit.cli.options import Language, visit_app

if TYPE_CHECKING:
    from gaitkit.io.visit_text import Question
    from gaitkit.model.finding import Finding
    from gaitkit.model.text import Language as Spoken

Target = Annotated[
    Path, typer.Argument(help="Visit file, or its folder.", metavar="PATH")
]
STOP = "."
"""What one types to leave the interview; everything before it is kept."""


@visit_app.command("check")
def visit_check(path: Target, *, lang: Language = None) -> None:
    """Check a visit file and say what is missing for which decision."""
    from gaitkit.io.visit import read_visit
    from gaitkit.pipeline import judge

    language = lang or "en"
    found = judge(read_visit(path), ())
    lines = {
        "nl": ("Het bestand klopt.", "Er ontbreekt niets voor een besluit."),
        "en": ("The file is sound.", "Nothing is missing for a decision."),
    }
    sound, complete = lines[language]
    print(sound)
    open_ = [finding for finding in found.findings if _is_open(finding)]
    for finding in open_:
        advice = finding.advice
        print(f"{finding.rule}  {finding.text.of(language)}")
        if advice is not None:
            print(f"     {advice.of(language)}")
    if not open_:
        print(complete)


@visit_app.command("ask")
def visit_ask(
    folder: Annotated[Path, typer.Argument(help="Folder of the visit.", metavar="DIR")],
    *,
    lang: Language = None,
) -> None:
    """Fill in a visit by questions; stop with a dot and go on another time."""
    from gaitkit.io.visit import (
        VISIT_FILE,
        check_text,
        new_visit,
        read_text,
        write_text,
    )
    from gaitkit.io.visit_text import answered, questions, with_answer

    language = lang or "nl"
    file = folder / VISIT_FILE
    if not file.exists():
        new_visit(folder, language=language)
    text = read_text(file)
    check_text(text, file)
    known = answered(text)
    asked = [q for q in questions(language) if q.path not in known]
    for number, question in enumerate(asked, start=1):
        value = _answer(question, f"{number}/{len(asked)}", text, file)
        if value == STOP:
            break
        if value:
            text = with_answer(text, question, value)
            write_text(file, text)
    else:
        _readings(file, text, language)
    print(file)


@visit_app.command("edits")
def visit_edits(
    folder: Annotated[
        Path, typer.Argument(help="Folder that assess wrote.", metavar="DIR")
    ],
    *,
    lang: Language = None,
) -> None:
    """Write edits.toml: every suggestion, for the therapist to decide about."""
    from gaitkit.io.edits import new_edits

    print(new_edits(folder, language=lang or "nl"))


def _readings(file: Path, text: str, language: Spoken) -> None:
    """Ask for readings of each list, one after the other, until nothing is typed."""
    from gaitkit.errors import InputError
    from gaitkit.io.visit import check_text, write_text
    from gaitkit.io.visit_text import READINGS, question_of, with_reading

    for reading in READINGS:
        prompt = question_of(reading, language)
        while typed := typer.prompt(prompt, default="", show_default=False).strip():
            if typed == STOP:
                return
            try:
                added = with_reading(text, reading, typed)
                check_text(added, file)
            except InputError as wrong:
                print(wrong)
            else:
                text = added
                write_text(file, text)


def _answer(question: Question, where: str, text: str, file: Path) -> str:
    """Ask one question until its answer can be used; empty: no answer."""
    from gaitkit.errors import InputError
    from gaitkit.io.visit import check_text
    from gaitkit.io.visit_text import toml_value, with_answer

    hint = f" [{', '.join(question.choices)}]" if question.choices else ""
    while True:
        prompt = f"{where} {question.text}{hint}"
        typed = typer.prompt(prompt, default="", show_default=False).strip()
        if typed in {"", STOP}:
            return str(typed)
        try:
            value = toml_value(question, typed)
            check_text(with_answer(text, question, value), file)
        except InputError as wrong:
            print(wrong)
        else:
            return value


def _is_open(finding: Finding) -> bool:
    """Tell whether a finding waits for something; T06 and T11 say so by being met."""
    waiting = finding.rule in {"T06", "T11"} and finding.verdict == "met"
    return waiting or finding.verdict == "not_assessable"
