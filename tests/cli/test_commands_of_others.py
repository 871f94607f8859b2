"""Commands of other packages: listed when they are near, found when they are asked."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from installed import install

from gaitkit.cli import main

REPOSITORY = Path(__file__).parents[2]
OTHER = """
import typer

app = typer.Typer()


@app.callback()
def group() -> None:
    "Things of others."


@app.command()
def hello() -> None:
    print("hello from outside")
"""


def test_the_list_of_commands_shows_the_virtual_patients(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit) as end:
        main(["--help"])
    assert end.value.code == 0
    assert "simulate" in capsys.readouterr().out


def test_a_command_of_another_package_is_found_when_it_is_asked_for(
    tmp_path: Path,
) -> None:
    (tmp_path / "other.py").write_text(OTHER)
    entry = "other = other:app"
    install(tmp_path, "other", "1.0", group="gaitkit.commands", entry=entry)
    path = os.pathsep.join((str(REPOSITORY), str(tmp_path)))
    done = subprocess.run(
        [sys.executable, "-m", "gaitkit", "other", "hello"],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"PYTHONPATH": path},
    )
    assert (done.returncode, done.stdout) == (0, "hello from outside\n"), done.stderr
