"""Commands about a practice's own truth: a kit to fill in, and what it tells."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from gaitkit.cli.options import Assignments, ConfigFile, Language, kit_app

PROTOCOL_FILE = "protocol.pdf"


@kit_app.command("new")
def kit_new(
    folder: Annotated[Path, typer.Argument(help="New folder.", metavar="DIR")],
    *,
    people: Annotated[int, typer.Option(help="How many people; best 20.")] = 20,
    lang: Language = None,
) -> None:
    """Write a one-page protocol, a file to fill in and a folder for each person."""
    from gaitkit.io.kit_file import PROTOCOL, new_kit
    from gaitkit.report.kit import kit_sheet
    from gaitkit.report.pdf import kit_sheet_to_pdf

    language = lang or "nl"
    sheet = kit_sheet_to_pdf(kit_sheet(PROTOCOL, language=language))
    print(new_kit(folder, language=language, people=people))
    protocol = folder / PROTOCOL_FILE
    protocol.write_bytes(sheet)
    print(protocol)


@kit_app.command("read")
def kit_read(
    folder: Annotated[Path, typer.Argument(help="Folder of a kit.", metavar="DIR")],
    *,
    config: ConfigFile = None,
    settings: Assignments = None,
    lang: Language = None,
) -> None:
    """Say what a kit tells, and write practice.toml for --set practice.kit=FILE."""
    from gaitkit.cli.options import progress_bars
    from gaitkit.config import load_config, parse_assignments
    from gaitkit.pipeline.kit import run_kit
    from gaitkit.report.kit import kit_lines
    from gaitkit.report.words import words

    language = lang or "nl"
    chosen = load_config(config, assignments=parse_assignments(settings or ()))
    with progress_bars() as progress:
        read = run_kit(folder, config=chosen, language=language, progress=progress)
    said = words(language)
    for line in kit_lines(read.kit, language=language):
        print(line)
    for gone in read.left_out:
        print(
            said("kit.left_out", person=gone.person, picture=gone.picture, why=gone.why)
        )
    if read.not_there:
        print(said("kit.not_there", n=read.not_there))
    print(read.file)
