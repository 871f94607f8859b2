"""The words with which rules are explained (``explain.toml``)."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources

from gaitkit.model.text import Text


def word(key: str, **values: object) -> Text:
    """Return a word or sentence with its placeholders filled in.

    Parameters
    ----------
    key : str
        A key of ``explain.toml``.
    **values
        What its placeholders stand for; a `Text` is filled in by language.

    Raises
    ------
    KeyError
        If there is no such word or a placeholder has no value: both are bugs.
    """
    return Text(**_words()[key]).filled(**values)


@cache
def _words() -> dict[str, dict[str, str]]:
    file = resources.files("gaitkit.rules") / "explain.toml"
    return tomllib.loads(file.read_text(encoding="utf-8"))
