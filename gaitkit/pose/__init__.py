"""Placeholder line, to be written by the part itself."""
