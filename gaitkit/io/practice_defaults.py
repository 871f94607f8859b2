"""The door to ``practice.toml``: what a practice orders unless it says otherwise.

Read strictly: an unknown key is refused with the nearest known one. The file that
``gaitkit kit read`` writes may have the same name and is told apart by its keys.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gaitkit.doors import build, toml_table, toml_text
from gaitkit.errors import ConfigError
from gaitkit.model.prescription import PracticeDefaults

if TYPE_CHECKING:
    from pathlib import Path

PRACTICE_FILE = "practice.toml"
"""Usual name of the file."""

OF_A_KIT = frozenset({"schema_version", "estimates"})
"""Keys of the file that ``gaitkit kit read`` writes."""


def read_practice_defaults(file: Path) -> PracticeDefaults:
    """Return the defaults of a practice.

    Raises
    ------
    ConfigError
        With file and key: an unknown key, a wrong value, or the file of a kit.
    """
    text = toml_text(file, error=ConfigError)
    table = toml_table(text, where=str(file), error=ConfigError)
    if OF_A_KIT & set(table):
        msg = (
            f"{file} is the file of a kit that gaitkit kit read wrote; expected the "
            "defaults of a practice (name, material, shore_a, ...); give the kit with "
            "--set practice.kit=FILE"
        )
        raise ConfigError(msg)
    return build(PracticeDefaults, table, where=str(file), error=ConfigError, text=text)
