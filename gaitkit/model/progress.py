"""How a long job tells how far it is."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Called now and then by jobs that take over a second."""

    def __call__(self, stage: str, done: float, total: float | None) -> None:
        """Report that ``done`` of ``total`` (None: unknown) of a stage is done."""
