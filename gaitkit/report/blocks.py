"""What a report is made of: sections of blocks, worded and formatted already.

The two layouts, HTML and PDF, only place these blocks; no word, number or decision
stands in a template. Everything is a string in the language of the report.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Tone = Literal["plain", "good", "caution", "stop", "quiet"]
Accent = Literal["left", "right", "none"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """A sentence or a few."""

    text: str
    kind: Literal["paragraph"] = "paragraph"


@dataclass(frozen=True, slots=True, kw_only=True)
class Points:
    """A titled list of sentences."""

    items: tuple[str, ...]
    title: str = ""
    tone: Tone = "plain"
    kind: Literal["points"] = "points"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """One number that stands out: value with unit, and its error beneath."""

    label: str
    value: str
    unit: str
    note: str
    accent: Accent = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tiles:
    """A row of numbers that stand out."""

    tiles: tuple[Tile, ...]
    kind: Literal["tiles"] = "tiles"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A name and its value."""

    label: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """A titled list of names and values."""

    facts: tuple[Fact, ...]
    title: str = ""
    kind: Literal["facts"] = "facts"


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """Lists side by side."""

    lists: tuple[Points | Facts, ...]
    kind: Literal["columns"] = "columns"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One cell of a table: its text, and smaller beneath it notes, one a line."""

    text: str
    notes: tuple[str, ...] = ()
    tone: Tone = "plain"


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of a table."""

    label: str
    numeric: bool = False
    accent: Accent = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row: its first cell is its header."""

    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RowGroup:
    """Rows under one heading."""

    title: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table with a caption that says how to read it."""

    caption: str
    columns: tuple[Column, ...]
    groups: tuple[RowGroup, ...]
    kind: Literal["table"] = "table"


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """A figure as one SVG element; ``alt`` says what it shows."""

    name: str
    svg: str
    caption: str
    alt: str
    kind: Literal["drawing"] = "drawing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A small photograph; ``jpeg`` is the file as base64 text."""

    name: str
    jpeg: str
    caption: str
    alt: str
    note: str = ""
    framed: bool = False
    accent: Accent = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Strip:
    """Photographs in a row, with a title."""

    title: str
    pictures: tuple[Picture, ...]
    accent: Accent = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Gallery:
    """Rows of photographs."""

    strips: tuple[Strip, ...]
    caption: str = ""
    kind: Literal["gallery"] = "gallery"


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One finding or suggestion with what carries it."""

    title: str
    badge: str
    text: str
    facts: tuple[Fact, ...] = ()
    tone: Tone = "plain"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cards:
    """A list of cards."""

    cards: tuple[Card, ...]
    title: str = ""
    kind: Literal["cards"] = "cards"


@dataclass(frozen=True, slots=True, kw_only=True)
class Callout:
    """Something that must not be overlooked."""

    title: str
    items: tuple[str, ...]
    tone: Tone = "caution"
    kind: Literal["callout"] = "callout"


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """Text in fixed width, such as a configuration."""

    title: str
    text: str
    kind: Literal["listing"] = "listing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A file that lies beside the report."""

    text: str
    target: str
    kind: Literal["link"] = "link"


Block = (
    Paragraph
    | Link
    | Points
    | Columns
    | Tiles
    | Facts
    | Table
    | Drawing
    | Gallery
    | Cards
    | Callout
    | Listing
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A chapter of the report; ``anchor`` is its address in the page."""

    anchor: str
    title: str
    blocks: tuple[Block, ...]
    intro: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """The whole report, ready to be laid out.

    Attributes
    ----------
    language : str
        ``nl`` or ``en``.
    title, subtitle : str
        Head of the report.
    subject_label, subject, date_label, date, version : str
        Repeated on every page.
    notice : str
        What the report is not, in one line.
    contents, skip, page_of : str
        Words of the layout: heading of the contents, link past it, "page of".
    sections : tuple of Section
        The chapters in order.
    """

    language: str
    title: str
    subtitle: str
    subject_label: str
    subject: str
    date_label: str
    date: str
    version: str
    notice: str
    contents: str
    skip: str
    page_of: str
    sections: tuple[Section, ...]
