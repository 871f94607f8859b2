"""Reading a rule set from its folder, and refusing one that is wrong.

A folder holds ``rule_set.toml`` (revision, priority, opposites), ``limits.toml``,
``references.toml``, ``facts.toml``, ``answers.toml``, ``phrases.toml``,
``codes.toml`` and ``statements.toml``; every other ``.toml`` file is one rule. The set
that comes with gaitkit is a folder like any other: copy it, change it and check the
copy with ``gaitkit rules check FOLDER``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, TypeVar

from gaitkit.errors import RuleError, shortened
from gaitkit.rules.check_set import check_set
from gaitkit.rules.check_together import RuleFile
from gaitkit.rules.door import Read, build, read_table
from gaitkit.rules.folder import default_folder, rules_sha256
from gaitkit.rules.rule import Rule, RuleSet
from gaitkit.rules.shared import (
    AnswerLabel,
    CodeRule,
    FactLabel,
    Limit,
    Phrases,
    Reference,
    StatementRule,
)

if TYPE_CHECKING:
    from pathlib import Path

T = TypeVar("T")

HEAD = "rule_set.toml"
LIMITS = "limits.toml"
REFERENCES = "references.toml"
FACTS = "facts.toml"
ANSWERS = "answers.toml"
PHRASES = "phrases.toml"
CODES = "codes.toml"
STATEMENTS = "statements.toml"
SHARED = (HEAD, LIMITS, REFERENCES, FACTS, ANSWERS, PHRASES, CODES, STATEMENTS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What ``rule_set.toml`` says."""

    revision: str
    priority: tuple[str, ...]
    opposites: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeFile:
    """What ``codes.toml`` says."""

    codes: tuple[CodeRule, ...]


def load_rules(folder: Path | None = None) -> RuleSet:
    """Return the rule set of a folder.

    Parameters
    ----------
    folder : Path or None
        None: the set that comes with gaitkit.

    Returns
    -------
    RuleSet
        Rules in order of priority, with revision and sha256 over the files.

    Raises
    ------
    RuleError
        If anything is wrong; the message has one line for each problem, with file
        and path, all of them.
    """
    rule_set, problems = _read(folder or default_folder())
    if rule_set is None or problems:
        raise RuleError("\n".join(map(shortened, problems)))
    return rule_set


@cache
def shipped_rules() -> RuleSet:
    """Return the rule set that comes with gaitkit, read once for each process."""
    return load_rules()


def find_problems(folder: Path | None = None) -> tuple[str, ...]:
    """Return every problem of a rule set, one line each; none when it is sound."""
    return tuple(map(shortened, _read(folder or default_folder())[1]))


def _read(folder: Path) -> tuple[RuleSet | None, tuple[str, ...]]:
    """Return what could be read of a folder, and every problem in it."""
    if not folder.is_dir():
        return None, (f"{folder}: expected a folder with a rule set, found none",)
    problems: list[str] = []
    head = _gathered(_one(folder, HEAD, Head), problems)
    phrases = _gathered(_phrases(folder), problems)
    codes = _gathered(_one(folder, CODES, CodeFile), problems)
    limits = _several(folder, LIMITS, Limit, key="name", problems=problems)
    references = _several(folder, REFERENCES, Reference, key="key", problems=problems)
    facts = _several(folder, FACTS, FactLabel, key="fact", problems=problems)
    answers = _several(folder, ANSWERS, AnswerLabel, key="answer", problems=problems)
    said = _several(folder, STATEMENTS, StatementRule, key="key", problems=problems)
    shared_sound = not problems
    files = _rule_files(folder, problems)
    if head is None or phrases is None or codes is None:
        return None, tuple(problems)
    rule_set = RuleSet(
        revision=head.revision,
        sha256=rules_sha256(folder),
        priority=head.priority,
        opposites=head.opposites,
        rules=_by_priority((each.rule for each in files), head.priority),
        limits=limits,
        references=references,
        facts=facts,
        answers=answers,
        codes=codes.codes,
        phrases=phrases,
        statements=said,
    )
    if shared_sound:
        problems += check_set(rule_set, files, complete=not problems)
    return rule_set, tuple(problems)


def _one(folder: Path, file: str, kind: type[T]) -> Read[T]:
    table = read_table(folder / file)
    if table.value is None:
        return Read(value=None, problems=table.problems)
    return build(kind, table.value, where=file)


def _phrases(folder: Path) -> Read[Phrases]:
    """Return the sentences of a folder; one that it lacks is the one of gaitkit.

    So a copy of the rules goes on when gaitkit learns a new sentence.
    """
    table = read_table(folder / PHRASES)
    if table.value is None:
        return Read(value=None, problems=table.problems)
    shipped = read_table(default_folder() / PHRASES).value or {}
    return build(Phrases, {**shipped, **table.value}, where=PHRASES)


def _several(
    folder: Path, file: str, kind: type[T], *, key: str, problems: list[str]
) -> tuple[T, ...]:
    """Return the entries of a file in which each table is one, named by its key."""
    table = _gathered(read_table(folder / file), problems) or {}
    entries = (
        _gathered(
            build(kind, _named(name, raw, key), where=f"{file}: {name}"), problems
        )
        for name, raw in table.items()
    )
    return tuple(entry for entry in entries if entry is not None)


def _named(name: str, raw: object, key: str) -> object:
    return {**raw, key: name} if isinstance(raw, Mapping) else raw


def _rule_files(folder: Path, problems: list[str]) -> tuple[RuleFile, ...]:
    names = sorted(f.name for f in folder.glob("*.toml") if f.name not in SHARED)
    if not names:
        problems.append(f"{folder}: holds no rule; expected files such as Q02.toml")
    rules = ((name, _gathered(_one(folder, name, Rule), problems)) for name in names)
    return tuple(RuleFile(file=name, rule=rule) for name, rule in rules if rule)


def _gathered(read: Read[T], problems: list[str]) -> T | None:
    problems += read.problems
    return read.value


def _by_priority(rules: Iterable[Rule], priority: tuple[str, ...]) -> tuple[Rule, ...]:
    def rank(rule: Rule) -> tuple[int, str]:
        letter = rule.id[:1]
        place = priority.index(letter) if letter in priority else len(priority)
        return place, rule.id

    return tuple(sorted(rules, key=rank))
