"""The sentences of the report are complete, the same in both languages, and used."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from string import Formatter
from typing import TYPE_CHECKING

import pytest

import gaitkit.report
from gaitkit.report.words import words

if TYPE_CHECKING:
    from gaitkit.model.text import Language

PACKAGE = Path(gaitkit.report.__file__).parent


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_both_languages_have_the_same_keys() -> None:
    assert words("nl").sentences.keys() == words("en").sentences.keys()


@pytest.mark.parametrize("key", sorted(words("nl").sentences))
def test_a_sentence_has_the_same_placeholders_in_both_languages(key: str) -> None:
    dutch, english = words("nl").sentences[key], words("en").sentences[key]
    assert placeholders(dutch) == placeholders(english)


def test_every_sentence_that_the_code_names_exists() -> None:
    named = {
        key
        for module in PACKAGE.rglob("*.py")
        for key in re.findall(
            r'words\(\s*"([a-z_.]+)"', module.read_text(encoding="utf-8")
        )
    }
    counted = {
        f"{key}.{form}"
        for module in PACKAGE.rglob("*.py")
        for key in re.findall(
            r'words\.count\(\s*"([a-z_.]+)"', module.read_text(encoding="utf-8")
        )
        for form in ("one", "many")
    }
    assert len(named) > 80
    assert named | counted <= words("nl").sentences.keys()


def test_one_and_many_are_told_apart() -> None:
    assert words("nl").count("summary.rejected", 1).startswith("1 schrede is")
    assert words("nl").count("summary.rejected", 3).startswith("3 schreden zijn")


def test_an_unknown_key_is_a_bug_that_shows() -> None:
    with pytest.raises(KeyError, match=r"no\.such"):
        words("nl")("no.such")


def test_the_dutch_intended_use_is_the_agreed_wording() -> None:
    text = words("nl")("intended_use.text")
    assert text.startswith("gaitkit is software voor onderzoek en onderwijs.")
    assert "MDR 2017/745, is niet CE-gemarkeerd en mag niet zelfstandig" in text
    assert text.endswith("literatuur; de podotherapeut beslist.")


@pytest.mark.parametrize("language", ["nl", "en"])
def test_no_sentence_holds_a_word_that_readers_misread(language: Language) -> None:
    file = PACKAGE / "avoided.toml"
    avoided = tomllib.loads(file.read_text(encoding="utf-8"))[language]
    assert avoided
    assert [
        f"{key}: {each['word']}; say {each['instead']}"
        for key, sentence in words(language).sentences.items()
        for each in avoided
        if each["word"] in sentence.lower()
    ] == []
