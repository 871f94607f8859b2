"""Report and patient letter as tagged PDF on A4, in the words of the HTML."""

from __future__ import annotations

import base64
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from pydantic import TypeAdapter

from gaitkit.errors import OutputError
from gaitkit.report.annex import annex_of
from gaitkit.report.blocks import Context, Drawing, Gallery
from gaitkit.report.kit import KitSheet
from gaitkit.report.letter import Letter
from gaitkit.report.page_one.page import PageOne
from gaitkit.report.prescription import PrescriptionSheet
from gaitkit.scratch import temporary_folder

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

REPORT, LETTER, KIT_SHEET = "report", "letter", "kit"
RESULT, ORDER = "result", "prescription"
"""Names of the templates, ``.typ``, and of the words they read, ``.json``."""

STANDARD: Literal["ua-1"] = "ua-1"
"""PDF/UA-1: tagged, titled, with its language, an alternative text for each picture."""


def to_pdf(context: Context) -> bytes:
    """Return the printed annex of a report as PDF (`gaitkit.report.annex`).

    Raises
    ------
    OutputError
        If the document cannot be set: a bug, with what the typesetter says.
    """
    annex = annex_of(context)
    words = TypeAdapter(Context).dump_json(annex)
    return _set(REPORT, words, _pictures(annex))


def result_to_pdf(page: PageOne) -> bytes:
    """Return page one as PDF, one A4.

    Raises
    ------
    OutputError
        If the document cannot be set: a bug, with what the typesetter says.
    """
    drawings = (*page.pictures, *((page.place,) if page.place else ()))
    pictures = ((f"drawings/{d.name}.svg", d.svg.encode("utf-8")) for d in drawings)
    return _set(RESULT, TypeAdapter(PageOne).dump_json(page), pictures)


def letter_to_pdf(letter: Letter) -> bytes:
    """Return the letter to the patient as PDF.

    Raises
    ------
    OutputError
        If the document cannot be set: a bug, with what the typesetter says.
    """
    return _set(LETTER, TypeAdapter(Letter).dump_json(letter), ())


def kit_sheet_to_pdf(sheet: KitSheet) -> bytes:
    """Return the protocol of a kit as PDF.

    Raises
    ------
    OutputError
        If the document cannot be set: a bug, with what the typesetter says.
    """
    return _set(KIT_SHEET, TypeAdapter(KitSheet).dump_json(sheet), ())


def prescription_to_pdf(
    sheet: PrescriptionSheet, drawings: Iterable[tuple[str, bytes]]
) -> bytes:
    """Return the order of insoles as PDF, its backs at 1:1.

    Raises
    ------
    OutputError
        If the document cannot be set: a bug, with what the typesetter says.
    """
    return _set(ORDER, TypeAdapter(PrescriptionSheet).dump_json(sheet), drawings)


def _set(name: str, words: bytes, pictures: Iterable[tuple[str, bytes]]) -> bytes:
    """Set a template with its words.

    The typesetter sees a folder of its own with the template, the words and the
    pictures; fonts come with it and with matplotlib, so nothing is fetched and the
    result does not depend on what is installed.
    """
    import matplotlib as mpl
    import typst

    fonts = Path(mpl.get_data_path()) / "fonts" / "ttf"
    with temporary_folder() as folder:
        template = resources.files("gaitkit.report") / "templates" / f"{name}.typ"
        main = folder / f"{name}.typ"
        main.write_text(template.read_text("utf-8"), "utf-8")
        (folder / f"{name}.json").write_bytes(words)
        for file, content in pictures:
            (folder / file).parent.mkdir(exist_ok=True)
            (folder / file).write_bytes(content)
        try:
            return bytes(
                typst.compile(
                    main,
                    root=folder,
                    font_paths=[fonts],
                    ignore_system_fonts=True,
                    pdf_standards=STANDARD,
                )
            )
        except typst.TypstError as cause:
            msg = f"{name}.pdf: the document could not be set ({cause.message})"
            raise OutputError(msg) from cause


def _pictures(context: Context) -> Iterator[tuple[str, bytes]]:
    blocks = (block for section in context.sections for block in section.blocks)
    for block in blocks:
        if isinstance(block, Drawing):
            yield f"drawings/{block.name}.svg", block.svg.encode("utf-8")
        elif isinstance(block, Gallery):
            for strip in block.strips:
                for picture in strip.pictures:
                    jpeg = base64.b64decode(picture.jpeg)
                    yield f"pictures/{picture.name}.jpg", jpeg
