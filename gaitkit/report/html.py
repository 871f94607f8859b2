"""The report as one HTML file that asks for nothing outside itself."""

from __future__ import annotations

from importlib import resources
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gaitkit.report.blocks import Context

TEMPLATE = "report.html.j2"
STYLE = "report.css"


def to_html(context: Context) -> str:
    """Return the report as a complete HTML document.

    Styles, drawings and pictures are inside; the page forbids itself by a content
    security policy to load anything else.
    """
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("gaitkit.report", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    folder = resources.files("gaitkit.report") / "templates"
    css = (folder / STYLE).read_text(encoding="utf-8")
    return environment.get_template(TEMPLATE).render(report=context, css=css).lstrip()
