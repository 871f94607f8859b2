"""The typer application and the options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

app = typer.Typer(
    name="gaitkit",
    help="Gait and leg-length analysis with an error on every number.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
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
