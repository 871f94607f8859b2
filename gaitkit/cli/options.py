"""The typer application and the options that several commands share.

Progress bars: shown on a terminal, silent everywhere else.
"""

from __future__ import annotations

import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gaitkit.model.progress import Progress

app = typer.Typer(
    name="gaitkit",
    help="Gait and leg-length analysis with an error on every number.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
EXIT_INTERRUPTED = 130
"""As a shell says it of a program that was interrupted."""

models_app = typer.Typer(help="Pose model files.", no_args_is_help=True)
rules_app = typer.Typer(help="The rule set in plain words.", no_args_is_help=True)
kit_app = typer.Typer(help="The practice's own reading errors.", no_args_is_help=True)
visit_app = typer.Typer(help="Visit files.", no_args_is_help=True)
app.add_typer(models_app, name="models")
app.add_typer(rules_app, name="rules")
app.add_typer(visit_app, name="visit")
app.add_typer(kit_app, name="kit")
Language = Annotated[
    Literal["nl", "en"] | None, typer.Option("--lang", help="Language of the report.")
]
Out = Annotated[Path | None, typer.Option("--out", "-o", help="Where to write.")]
ConfigFile = Annotated[
    Path | None, typer.Option("--config", help="Configuration as TOML.")
]
StoreFolder = Annotated[Path, typer.Option("--store", help="Folder of the results.")]
Store = Annotated[Path, typer.Argument(help="Folder of the results.", metavar="STORE")]
KeyFile = Annotated[
    Path | None,
    typer.Option("--key", help="Key of the pseudonyms; default: beside the store."),
]
Force = Annotated[bool, typer.Option("--force", help="Replace what is in DIR.")]
Assignments = Annotated[
    list[str] | None,
    typer.Option("--set", help="One setting, e.g. pose.model=heavy; may be repeated."),
]


@app.callback(invoke_without_command=True)
def _root(
    context: typer.Context,
    *,
    version: Annotated[bool, typer.Option("--version", help="Print version.")] = False,
) -> None:
    if version:
        from gaitkit.version import __version__

        print(__version__)
    elif context.invoked_subcommand is None:
        print(context.get_help())


@contextmanager
def progress_bars() -> Iterator[Progress | None]:
    """Give a progress callback that draws one bar a stage, or None off a terminal."""
    if not sys.stdout.isatty():
        yield None
        return
    from rich.progress import (
        BarColumn,
        Progress,
        TaskID,
        TextColumn,
        TimeRemainingColumn,
    )

    columns = (TextColumn("{task.description:<32}"), BarColumn(), TimeRemainingColumn())
    with Progress(*columns, transient=True) as bars:
        tasks: dict[str, TaskID] = {}

        def report(stage: str, done: float, total: float | None) -> None:
            if stage not in tasks:
                tasks[stage] = bars.add_task(stage, total=total)
            bars.update(tasks[stage], completed=done, total=total)

        yield report
