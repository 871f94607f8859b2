"""The version of gaitkit."""

__version__ = "0.2.0"
