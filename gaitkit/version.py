"""The version of gaitkit."""

__version__ = "0.1.0"
