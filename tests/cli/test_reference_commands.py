"""Commands that only show: config, version, models, rules, visit."""

from __future__ import annotations

import itertools
import json
import tomllib
from typing import TYPE_CHECKING

import pytest

from gaitkit import cli
from gaitkit.cli import main
from gaitkit.config import Config, load_config, parse_assignments, to_table, to_toml
from gaitkit.version import __version__

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """Return a function that runs a call which must end well, and what it printed."""

    def run(*words: object) -> str:
        with pytest.raises(SystemExit) as stop:
            main([str(word) for word in words])
        captured = capsys.readouterr()
        assert stop.value.code == 0, captured.err
        return captured.out

    return run


def test_the_version_is_printed(said: Callable[..., str]) -> None:
    assert said("--version").strip() == __version__


def test_the_program_can_be_called_again(capsys: pytest.CaptureFixture[str]) -> None:
    for _ in range(2):
        with pytest.raises(SystemExit):
            cli.main(["--version"])
    assert capsys.readouterr().out.split() == [__version__, __version__]


def test_no_command_prints_the_help(said: Callable[..., str]) -> None:
    assert "assess" in said()


def test_the_printed_configuration_is_the_default_one(
    said: Callable[..., str], tmp_path: Path
) -> None:
    file = tmp_path / "c.toml"
    file.write_text(said("config"), encoding="utf-8")
    assert load_config(file) == Config()


def test_every_key_of_the_contract_can_be_set() -> None:
    table = tomllib.loads(to_toml(Config()))
    for name in (
        "pose.backend", "pose.model", "events.method", "events.force_plates",
        "report.html", "report.pdf", "report.overlay", "report.lang",
    ):  # fmt: skip
        part, key = name.split(".")
        assert key in table[part], name
    assert "person" in to_table(Config())["pose"]  # type: ignore[operator]


def test_every_key_is_explained() -> None:
    lines = to_toml(Config()).splitlines()
    for before, line in itertools.pairwise(lines):
        if line and not line.startswith(("#", "[")):
            assert before.startswith("#") or before == "", line


def test_a_setting_wins_over_the_file(tmp_path: Path) -> None:
    file = tmp_path / "c.toml"
    file.write_text('[pose]\nmodel = "lite"\n[report]\npdf = false\n', "utf-8")
    chosen = load_config(file, assignments=parse_assignments(["pose.model=heavy"]))
    assert chosen.pose.model == "heavy"
    assert chosen.report.pdf is False


def test_the_provenance_names_a_model_file_without_its_folder() -> None:
    table = to_table(
        load_config(None, assignments={"pose": {"model": "/j/own.tflite"}})
    )
    assert table["pose"]["model"] == "own.tflite"  # type: ignore[index]
    assert to_table(Config())["pose"]["model"] == "full"  # type: ignore[index]


def test_the_schema_is_json_schema(said: Callable[..., str]) -> None:
    schema = json.loads(said("config", "--schema"))
    assert "measurements" in schema["properties"]
    assert schema["$schema"].startswith("https://json-schema.org/")


def test_a_new_visit_file_is_written_and_named(
    said: Callable[..., str], tmp_path: Path
) -> None:
    path = said("visit", "new", tmp_path / "anna", "--lang", "en").strip()
    assert path.endswith("visit.toml")
    assert (tmp_path / "anna" / "visit.toml").is_file()


def test_the_rules_are_listed_in_both_languages(said: Callable[..., str]) -> None:
    dutch, english = said("rules", "list", "--lang", "nl"), said("rules", "list")
    assert "Q02" in dutch
    assert dutch != english


def test_a_rule_is_shown_with_its_evidence(said: Callable[..., str]) -> None:
    text = said("rules", "show", "Q02", "--lang", "en")
    assert "Q02" in text
    assert "0.8" in text


def test_the_model_files_are_listed_with_their_hash(said: Callable[..., str]) -> None:
    text = said("models", "list")
    assert "e9a5c5cb17f7" in text
