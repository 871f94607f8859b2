"""Checks that the settings of several parts share."""

from __future__ import annotations

import dataclasses
import math
from typing import TYPE_CHECKING

from gaitkit.errors import ConfigError

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


def require_positive(settings: DataclassInstance, *, table: str) -> None:
    """Refuse settings of which a number is not finite and above 0.

    Parameters
    ----------
    settings : dataclass instance
        All of whose fields are numbers.
    table : str
        Name of the TOML table, for the message.

    Raises
    ------
    ConfigError
        Naming the key and its value.
    """
    for field in dataclasses.fields(settings):
        value = getattr(settings, field.name)
        if not (math.isfinite(value) and value > 0):
            msg = f"{table}.{field.name} must be above 0, got {value!r}"
            raise ConfigError(msg)
