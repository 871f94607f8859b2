"""Checks that the settings of several parts share."""

from __future__ import annotations

import dataclasses
import math
from typing import TYPE_CHECKING

from gaitkit.errors import ConfigError

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


def require_within(
    name: str, value: float | None, limits: tuple[float, float], *, unit: str = ""
) -> None:
    """Refuse a number that lies outside its limits.

    Parameters
    ----------
    name : str
        Its key with the name of its TOML table, for the message.
    value : float or None
        The number; None is not set and passes.
    limits : (float, float)
        Lowest and highest value, both allowed.
    unit : str
        What the limits are in, for the message.

    Raises
    ------
    ConfigError
        Naming the key, its value and the limits.
    """
    low, high = limits
    if value is not None and not low <= value <= high:
        msg = f"{name} is {value:g}; expected {low:g} to {high:g} {unit}".rstrip()
        raise ConfigError(msg)


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
