"""The errors that the estimate of a visit takes: as shipped, or of a practice's kit."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from gaitkit.errors import ConfigError, InputError
from gaitkit.io.kit_file import read_practice
from gaitkit.measure.leg_length.methods import ErrorTable, shipped_errors
from gaitkit.measure.practice.own import errors_of

if TYPE_CHECKING:
    from gaitkit.config import Config


def practice_errors(config: Config) -> tuple[ErrorTable, str | None]:
    """Return the errors that the estimate takes, and the sha256 of a practice's own.

    Raises
    ------
    ConfigError
        If ``practice.kit`` names no file that ``gaitkit kit read`` wrote.
    """
    if config.practice.kit is None:
        return shipped_errors(), None
    try:
        kit, sha256 = read_practice(Path(config.practice.kit))
    except InputError as cause:
        msg = f"practice.kit: {cause}"
        raise ConfigError(msg) from None
    return errors_of(kit, shipped_errors()), sha256
