"""Commands of the clinic archive: batch, query, outcomes."""

from __future__ import annotations

from typing import Annotated

import typer

from gaitkit.cli.options import (
    Assignments,
    ConfigFile,
    KeyFile,
    Language,
    Store,
    StoreFolder,
    app,
)


@app.command()
def batch(
    archive: Annotated[
        str, typer.Argument(help="Folder, manifest CSV or URL.", metavar="ARCHIVE")
    ],
    *,
    store: StoreFolder,
    scheduler: Annotated[
        str | None, typer.Option(help="Address of a running dask scheduler.")
    ] = None,
    workers: Annotated[
        int | None, typer.Option(help="Worker processes; default one a processor.")
    ] = None,
    retry_failed: Annotated[
        bool, typer.Option("--retry-failed", help="Do failed and crashed work again.")
    ] = False,
    plan: Annotated[
        bool, typer.Option("--plan", help="Estimate hours and disk from a sample.")
    ] = False,
    quiet: Annotated[
        bool, typer.Option("--quiet", help="Print the last line only.")
    ] = False,
    key: KeyFile = None,
    time_limit: Annotated[
        float, typer.Option(help="Seconds that one recording may take.")
    ] = 900.0,
    memory_limit: Annotated[
        str, typer.Option(help="Memory of one worker, e.g. 2GB.")
    ] = "auto",
    follow_links: Annotated[
        bool, typer.Option("--follow-links", help="Also links out of the archive.")
    ] = False,
    config: ConfigFile = None,
    settings: Assignments = None,
) -> None:
    """Assess a whole archive; what is done is never done again."""
    from gaitkit.archive.batch import Request
    from gaitkit.archive.settings import BatchSettings
    from gaitkit.cli.batch_screen import plan_on_screen, run_on_screen
    from gaitkit.cli.requests import Request as Words

    words = Words(paths=(), config=config, settings=tuple(settings or ()))
    limits = BatchSettings(
        workers=workers, scheduler=scheduler, time_limit_s=time_limit,
        memory_limit=memory_limit, follow_links=follow_links,
    )  # fmt: skip
    request = Request(
        archive=archive, store=store, key=key, config=words.configuration(),
        retry=retry_failed, settings=limits,
    )  # fmt: skip
    if plan:
        plan_on_screen(request)
    else:
        raise typer.Exit(run_on_screen(request, quiet=quiet))


@app.command()
def query(
    store: Store,
    sql: Annotated[str, typer.Argument(help="One SELECT.", metavar="SQL")],
    *,
    csv: Annotated[bool, typer.Option("--csv", help="Print as CSV.")] = False,
) -> None:
    """Ask the store in SQL: recordings measurements findings plans journal."""
    from gaitkit.archive.query import ask
    from gaitkit.cli.batch_screen import print_table

    print_table(ask(store, sql), csv=csv)


@app.command()
def outcomes(store: Store, *, lang: Language = None) -> None:
    """Set the outcome of the archive beside the profession's figures."""
    from gaitkit.archive.query import outcome_lines

    for line in outcome_lines(store, language=lang or "en"):
        print(line)
