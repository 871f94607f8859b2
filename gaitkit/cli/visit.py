"""Commands about one visit file: what is missing in it, and an interview to fill it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gaitkit.cli.options import Language, visit_app

if TYPE_CHECKING:
    from gaitkit.model.finding import Finding

Target = Annotated[
    Path, typer.Argument(help="Visit file, or its folder.", metavar="PATH")
]


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
    from gaitkit.cli.interview import Interview

    file = Interview.opened_in(folder, lang or "nl").held()
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


def _is_open(finding: Finding) -> bool:
    """Tell whether a finding waits for something; some rules say so by being met."""
    from gaitkit.rules.loader import shipped_rules

    rule = shipped_rules().rule(finding.rule)
    waiting = rule.role == "tells_what_is_open" and finding.verdict == "met"
    return waiting or finding.verdict == "not_assessable"
