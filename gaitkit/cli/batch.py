"""Commands of the clinic archive: batch, query, outcomes.

What a batch shows: a live display on a terminal, plain lines elsewhere.

Commands over the store of an archive: report, check, forget, tick, export.
"""

from __future__ import annotations

import shlex
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gaitkit.cli.options import (
    EXIT_INTERRUPTED,
    Assignments,
    ConfigFile,
    KeyFile,
    Language,
    Out,
    Store,
    StoreFolder,
    app,
)

if TYPE_CHECKING:
    import pandas as pd
    from rich.table import Table

    from gaitkit.archive.batch import Request
    from gaitkit.archive.journal import Ending
    from gaitkit.archive.tally import Tally


EXIT_SOME_FAILED = 3

LINE_EVERY_S = 10.0
"""How often a plain line is printed where there is no terminal."""

WIDEST = 200
"""Characters of a cell of a table on the screen."""

SOME = 20
"""Failures that are named on the screen one by one; the rest is in the register."""


def run_on_screen(request: Request, *, quiet: bool) -> int:
    """Run a batch, show how far it is and return the exit code."""
    from gaitkit.archive.batch import run_batch

    screen = _Screen(quiet=quiet)
    try:
        with screen:
            tally = run_batch(request, watch=screen.watch, told=screen.told)
    except KeyboardInterrupt:
        print(_how_to_go_on(), file=sys.stderr)
        return EXIT_INTERRUPTED
    if screen.untold:
        print(
            f"{screen.untold} more; all of them: gaitkit archive failures "
            f"{shlex.quote(str(request.store))}",
            file=sys.stderr,
        )
    print(tally.line())
    return EXIT_SOME_FAILED if tally.undone else 0


def plan_on_screen(request: Request) -> None:
    """Print what a batch would take."""
    from gaitkit.archive.estimate import estimate
    from gaitkit.cli.options import progress_bars

    with progress_bars() as progress:
        found = estimate(request, progress=progress)
    for line in found.lines():
        print(line)


def print_table(frame: pd.DataFrame, *, csv: bool) -> None:
    """Print the answer to a question."""
    if csv:
        print(frame.to_csv(index=False), end="")
    elif frame.empty:
        print("no rows")
    else:
        print(frame.to_string(index=False, max_colwidth=WIDEST, na_rep=""))


def _how_to_go_on() -> str:
    command = " ".join(shlex.quote(word) for word in ["gaitkit", *sys.argv[1:]])
    return f"stopped; nothing is lost. Go on with: {command}"


class _Screen:
    """The display of a batch."""

    def __init__(self, *, quiet: bool) -> None:
        from rich.live import Live

        self.untold = 0
        self._told = 0
        self._quiet = quiet
        self._live = None
        self._next_line = time.monotonic() + LINE_EVERY_S
        if sys.stdout.isatty() and not quiet:
            self._live = Live(transient=True, redirect_stderr=True)

    def __enter__(self) -> None:
        if self._live is not None:
            self._live.start()

    def __exit__(self, *error: object) -> None:
        if self._live is not None:
            self._live.stop()

    def watch(self, tally: Tally) -> None:
        """Show how far the batch is."""
        if self._live is not None:
            self._live.update(_picture(tally))
        elif not self._quiet and time.monotonic() >= self._next_line:
            self._next_line = time.monotonic() + LINE_EVERY_S
            print(_plain(tally), flush=True)

    def told(self, line: str, ending: Ending) -> None:
        """Name what could not be done."""
        if self._quiet:
            return
        if self._told >= SOME:
            self.untold += 1
            return
        self._told += 1
        print(f"{ending.state}: {' '.join(line.split())}", file=sys.stderr, flush=True)


def _plain(tally: Tally) -> str:
    rate = f", {tally.per_s:.1f} a second" if tally.per_s else ""
    left = f", {_span(tally.left_s)} left" if tally.left_s else ""
    return f"{tally.line()}{rate}{left}"


def _picture(tally: Tally) -> Table:
    import psutil
    from rich.table import Table

    table = Table.grid(padding=(0, 2))
    over = sum(tally.counts.values()) - tally.counts["queued"] - tally.counts["running"]
    total = sum(tally.counts.values())
    walking = "" if tally.walked else " (still walking)"
    table.add_row("visits", f"{over} of {total}{walking}")
    table.add_row("states", tally.line())
    rate = f"{tally.per_s:.1f} a second" if tally.per_s else "-"
    table.add_row("rate", f"{rate}, {_span(tally.left_s)} left")
    for error, number in sorted(tally.errors.items(), key=lambda each: -each[1]):
        table.add_row("", f"{number} x {error}")
    memory = psutil.virtual_memory()
    own = psutil.Process().memory_info().rss
    table.add_row(
        "memory", f"{own / 1e6:.0f} MB here, {memory.percent:.0f} % of the machine"
    )
    return table


def _span(seconds: float | None) -> str:
    if seconds is None:
        return "-"
    minutes, hours = seconds / 60.0, seconds / 3600.0
    if hours >= 1.0:
        return f"{hours:.1f} h"
    return f"{minutes:.0f} min" if minutes >= 1.0 else f"{seconds:.0f} s"


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

    print_table(ask(store, sql), csv=csv)


@app.command()
def outcomes(store: Store, *, lang: Language = None) -> None:
    """Set the outcome of the archive beside the profession's figures."""
    from gaitkit.archive.query import outcome_lines

    for line in outcome_lines(store, language=lang or "en"):
        print(line)


archive_app = typer.Typer(
    help="The store of a clinic archive: report, check, forget, export.",
    no_args_is_help=True,
)
app.add_typer(archive_app, name="archive")


@archive_app.command("report")
def archive_report(store: Store, *, out: Out = None, lang: Language = None) -> None:
    """Write an HTML page: throughput, refusals, distributions, repeatability, norms."""
    from gaitkit.archive.page import write_page

    target = out or store.with_name(f"{store.name}-report.html")
    print(write_page(store, target, language=lang or "nl"))


@archive_app.command("failures")
def archive_failures(store: Store, *, key: KeyFile = None) -> None:
    """List every file without a result and its whole message; needs the register."""
    from gaitkit.archive.query import failures

    for line in failures(store, key=key):
        print(line)


@archive_app.command("check")
def archive_check(
    store: Store,
    *,
    mend: Annotated[
        bool, typer.Option("--mend", help="Put right what can be put right.")
    ] = False,
    key: KeyFile = None,
) -> None:
    """Read everything in the store, say what is damaged, and mend it when asked."""
    from gaitkit.archive.health import check
    from gaitkit.errors import InputError

    found = check(store, key=key, mend=mend)
    for line in found.damage:
        print(line)
    if found.damage and not mend:
        msg = f"{store}: {len(found.damage)} things are damaged; mend with --mend"
        raise InputError(msg)
    todo = f"; {found.again} to be done again by a batch" if found.again else ""
    print(f"{store}: {found.visits} visits whole{todo}")


@archive_app.command("forget")
def archive_forget(
    subject: Annotated[
        str, typer.Argument(help="The clinic's own id, or a pseudonym.")
    ],
    *,
    store: StoreFolder,
    key: KeyFile = None,
) -> None:
    """Remove every trace of a person from the store and the register."""
    from gaitkit.archive.forget import forget_subject

    done = forget_subject(subject, store=store, key=key)
    print(f"{done.visits} visits removed from {store}")
    if done.paths:
        print("in the archive they remain, and a batch finds them again:")
        for path in done.paths:
            print(f"  {path}")


@archive_app.command("tick")
def archive_tick(
    store: Store,
    visits: Annotated[
        list[str], typer.Argument(help="Keys of visits.", metavar="VISIT...")
    ],
    *,
    take_away: Annotated[
        bool, typer.Option("--remove", help="Take the tick away.")
    ] = False,
) -> None:
    """Tick visits of healthy people, for norm bands of the clinic's own."""
    from gaitkit.archive.ticks import tick

    print(f"{len(tick(store, visits, take_away=take_away))} visits are ticked")


@archive_app.command("export")
def archive_export(
    store: Store,
    *,
    out: Annotated[Path, typer.Option("--out", "-o", help="New or empty folder.")],
    films: Annotated[
        bool, typer.Option("--films", help="With films in which all are blurred.")
    ] = False,
    key: KeyFile = None,
    lang: Language = None,
) -> None:
    """Write the store as a Motion-BIDS dataset under pseudonyms."""
    from gaitkit.archive.export import export_bids
    from gaitkit.archive.films import export_films
    from gaitkit.cli.options import progress_bars

    print(f"{len(export_bids(store, out))} recordings in {out}")
    if films:
        with progress_bars() as progress:
            made = export_films(
                store, out, key=key, language=lang or "en", progress=progress
            )
        print(f"{len(made)} films")
