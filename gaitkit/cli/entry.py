"""The one door of the command line: runs a command, turns errors into exit codes."""

from __future__ import annotations

import sys
import traceback
from typing import TYPE_CHECKING

import typer

from gaitkit.cli import archive, batch, compare, recordings, reference, simulate, visit
from gaitkit.cli.options import app
from gaitkit.errors import GaitkitError

if TYPE_CHECKING:
    from collections.abc import Sequence

EXIT_BUG = 1
EXIT_WRONG_CALL = 2
EXIT_INTERRUPTED = 130

COMMANDS = (recordings, batch, archive, compare, reference, simulate, visit)
"""The modules whose import puts their commands into the application."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run gaitkit and leave with the exit code that CONTRACT promises."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    debug = "--debug" in words
    words = [word for word in words if word != "--debug"]
    try:
        code = typer.main.get_command(app).main(
            words, prog_name="gaitkit", standalone_mode=False
        )
    except typer.exceptions.TyperException as wrong:
        message = getattr(wrong, "format_message", wrong.__str__)()
        code = _refuse(message, debug=debug) if message.strip() else 0
    except GaitkitError as wrong:
        code = _refuse(str(wrong), debug=debug)
    except KeyboardInterrupt:
        code = EXIT_INTERRUPTED
    except BrokenPipeError:
        sys.stderr.close()
        code = 0
    except Exception as bug:  # noqa: BLE001 - the last door: say that it is a bug
        if debug:
            traceback.print_exc()
        line = f"bug: {type(bug).__name__}: {bug}; run again with --debug and report it"
        print(" ".join(line.split()), file=sys.stderr)
        code = EXIT_BUG
    sys.exit(code or 0)


def _refuse(message: str, *, debug: bool) -> int:
    if debug:
        traceback.print_exc()
    print("error: " + " ".join(message.split()), file=sys.stderr)
    return EXIT_WRONG_CALL
