"""The command line: one function a command, the work done elsewhere.

Exit codes: 0 done (also when the plan is withheld), 2 the input or the call is wrong
(one line on stderr that begins with ``error:``), 3 a batch finished with failures,
1 a bug.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> None:
    """Run gaitkit; see `gaitkit.cli.entry.main`."""
    from gaitkit.cli.entry import main as run

    run(arguments)
