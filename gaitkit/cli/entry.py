"""The one door of the command line: runs a command, turns errors into exit codes.

What a command writes is for its user alone, and a signal that asks it to end, or the
end of its terminal, is answered like Ctrl-C: nothing half-written is left.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import traceback
from contextlib import contextmanager, suppress
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from gaitkit.cli import (
    batch,
    kit,
    recordings,
    reference,
    visit,
)
from gaitkit.cli.options import EXIT_INTERRUPTED, app
from gaitkit.errors import GaitkitError, shortened
from gaitkit.scratch import PRIVATE_UMASK

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from typer.models import CommandInfo

EXIT_BUG = 1
EXIT_WRONG_CALL = 2

COMMANDS = (recordings, batch, reference, visit, kit)
"""The modules whose import puts their commands into the application."""

INSTALLED = "gaitkit_clinic-*.dist-info/entry_points.txt"
"""What gaitkit tells Python of itself; the bare name is another project's."""

ENTRY_POINTS = "gaitkit.commands"
"""Groups of commands of other packages, each a `typer.Typer` under its name."""

ENDING = tuple(
    getattr(signal, name)
    for name in ("SIGTERM", "SIGHUP", "SIGBREAK")  # the last two not everywhere
    if hasattr(signal, name)
)
"""Signals that ask a process to end, beside Ctrl-C."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run gaitkit and leave with the exit code that CONTRACT promises."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    debug = "--debug" in words
    words = [word for word in words if word != "--debug"]
    with _private(), _ended_like_interrupted():
        code = _run(words, debug=debug)
    sys.exit(code)


def _add_commands_of_others(words: list[str]) -> None:
    """Add the commands of other packages, looked up only where they may matter.

    What comes with gaitkit itself stands in one file, which is read as text: to load
    `importlib.metadata` takes a tenth of a short command, and so does to ask it what
    every installed package offers. So the list of commands shows those of that file,
    and a command that is not among them is looked for everywhere.
    """
    names = {each.name for each in app.registered_groups}
    names |= {each.name or _name_of(each) for each in app.registered_commands}
    word = next((word for word in words if not word.startswith("-")), None)
    if word in names:
        return
    own = _own_commands()
    for name, place in own.items():
        if name not in names:
            module, _, attribute = place.partition(":")
            app.add_typer(getattr(import_module(module), attribute), name=name)
    if word is not None and word not in own:
        from importlib.metadata import entry_points

        for found in entry_points(group=ENTRY_POINTS):
            if found.name not in names | own.keys():
                app.add_typer(found.load(), name=found.name)


def _own_commands() -> dict[str, str]:
    """Return the place of each command that gaitkit's own other packages add."""
    folders = (Path(folder) for folder in sys.path)
    file = next((file for each in folders for file in each.glob(INSTALLED)), None)
    if file is None:  # a checkout that is not installed
        return {}
    found, section = {}, ""
    for line in file.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            section = line.strip().strip("[]")
        elif section == ENTRY_POINTS and "=" in line:
            name, place = line.split("=", 1)
            found[name.strip()] = place.strip()
    return found


def _name_of(command: CommandInfo) -> str:
    """Return the name that a command has by its function."""
    return getattr(command.callback, "__name__", "").replace("_", "-")


def _run(words: list[str], *, debug: bool) -> int:
    _add_commands_of_others(words)
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
        _say(line)
        code = EXIT_BUG
    return int(code or 0)


def _refuse(message: str, *, debug: bool) -> int:
    if debug:
        traceback.print_exc()
    _say(f"error: {shortened(message)}")
    return EXIT_WRONG_CALL


def _say(message: str) -> None:
    with suppress(OSError):  # the terminal may be gone
        print(" ".join(message.split()), file=sys.stderr)


@contextmanager
def _private() -> Iterator[None]:
    """Let everything that is made, also by child processes, be the user's alone."""
    before = os.umask(PRIVATE_UMASK)
    try:
        yield
    finally:
        os.umask(before)


@contextmanager
def _ended_like_interrupted() -> Iterator[None]:
    """Let a request to end be a Ctrl-C, where signals can be set.

    A signal that is ignored stays so (``nohup``); a second one does not disturb the
    clearing up that the first began.
    """

    def interrupt(number: int, frame: object) -> None:
        for each in before:
            signal.signal(each, signal.SIG_IGN)
        raise KeyboardInterrupt

    before = {}
    if threading.current_thread() is threading.main_thread():
        before = {
            each: handler or signal.SIG_DFL
            for each in ENDING
            if (handler := signal.getsignal(each)) is not signal.SIG_IGN
        }
    for each in before:
        signal.signal(each, interrupt)
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)
