"""Messages for the store: what went wrong, without anything that the input said.

A message may quote a path, a label or a line of a header, and each of these may hold a
name or a birth date. What the store keeps is therefore built from gaitkit's own words:
paths and quotations are cut, dates and long numbers too, and of the rest only words
that stand in gaitkit's own messages stay, in the same case. The whole message is in the
register, which lies outside the store. A name that is also such a word ("mark"), and
that a message gives outside a path and without quotation marks, would stay.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

LONGEST = 300
"""Characters kept of a message."""

HIDDEN = "…"
DOCSTRING = re.compile(r'"""(?s:.*?)"""')
LITERAL = re.compile(r'"((?:[^"\\\n]|\\.)*)"')
WORD = re.compile(r"[^\W\d_]{2,}")
QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"|«[^»]*»")
DATE = re.compile(r"\b\d{1,4}([-/. ])\d{1,2}\1\d{1,4}\b|\b\d{6,}\b")
TOKEN = re.compile(r"[^\W\d_]+|\d+(?:\.\d+)?|\s+|.", re.DOTALL)
REPEATED = re.compile(rf"{HIDDEN}(?:[\W_]*{HIDDEN})+")


def scrubbed(message: str, *, paths: Iterable[str]) -> str:
    """Return a message with gaitkit's own words and plain numbers only.

    Parameters
    ----------
    message : str
        As raised.
    paths : iterable of str
        The files concerned: cut out as a whole, and by name.
    """
    text = " ".join(message.split())
    for path in sorted(_forms(paths), key=len, reverse=True):
        text = text.replace(path, HIDDEN)
    text = QUOTED.sub(HIDDEN, text)
    text = DATE.sub(HIDDEN, text)
    known = _words()
    kept = (
        token if not WORD.fullmatch(token) or token in known else HIDDEN
        for token in TOKEN.findall(text)
    )
    return REPEATED.sub(HIDDEN, "".join(kept))[:LONGEST]


def _forms(paths: Iterable[str]) -> set[str]:
    """Return the forms in which a message may give a path."""
    forms: set[str] = set()
    for path in paths:
        forms |= {path, Path(path).name, str(Path(path).parent)}
    return {form for form in forms if len(form) > 1}


@cache
def _words() -> frozenset[str]:
    """Return the words of the texts in gaitkit's own source, docstrings left out."""
    words: set[str] = set()
    for module in Path(__file__).parents[1].rglob("*.py"):
        source = DOCSTRING.sub("", module.read_text(encoding="utf-8"))
        for literal in LITERAL.findall(source):
            words.update(WORD.findall(literal))
    return frozenset(words)
