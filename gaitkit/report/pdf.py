"""The report as a tagged PDF on A4, from the same blocks as the HTML."""

from __future__ import annotations

import base64
import tempfile
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from pydantic import TypeAdapter

from gaitkit.errors import OutputError
from gaitkit.report.blocks import Context, Drawing, Gallery

if TYPE_CHECKING:
    from collections.abc import Iterator

TEMPLATE = "report.typ"
DATA = "report.json"
STANDARD: Literal["ua-1"] = "ua-1"
"""PDF/UA-1: tagged, titled, with its language, an alternative text for each picture."""


def to_pdf(context: Context) -> bytes:
    """Return the report as PDF.

    The typesetter sees a folder of its own with the template, the words and the
    pictures; fonts come with it and with matplotlib, so nothing is fetched and the
    result does not depend on what is installed.

    Raises
    ------
    OutputError
        If the document cannot be set: a bug, with what the typesetter says.
    """
    import matplotlib as mpl
    import typst

    fonts = Path(mpl.get_data_path()) / "fonts" / "ttf"
    with tempfile.TemporaryDirectory(prefix="gaitkit-") as name:
        folder = Path(name)
        template = resources.files("gaitkit.report") / "templates" / TEMPLATE
        (folder / TEMPLATE).write_text(template.read_text("utf-8"), "utf-8")
        (folder / DATA).write_bytes(TypeAdapter(Context).dump_json(context))
        for file, content in _pictures(context):
            (folder / file).parent.mkdir(exist_ok=True)
            (folder / file).write_bytes(content)
        try:
            return bytes(
                typst.compile(
                    folder / TEMPLATE,
                    root=folder,
                    font_paths=[fonts],
                    ignore_system_fonts=True,
                    pdf_standards=STANDARD,
                )
            )
        except typst.TypstError as cause:
            msg = f"report.pdf: the document could not be set ({cause.message})"
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
