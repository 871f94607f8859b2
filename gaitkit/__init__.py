"""gaitkit: gait and leg-length analysis with an error on every number."""

from gaitkit.version import __version__

__all__ = ["__version__"]
