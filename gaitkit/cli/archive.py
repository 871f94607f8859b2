"""Commands over the store of an archive: report, check, forget, tick, export."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from gaitkit.cli.options import KeyFile, Language, Out, Store, StoreFolder, app

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
