"""Reading a rule set from its folder, and refusing one that is wrong.

A folder holds ``rule_set.toml`` (revision, priority, opposites), ``limits.toml``,
``references.toml``, ``facts.toml``, ``answers.toml``, ``phrases.toml``,
``codes.toml`` and ``statements.toml``; every other ``.toml`` file is one rule. The set
that comes with gaitkit is a folder like any other: copy it, change it and check the
copy with ``gaitkit rules check FOLDER``.

The folder of a rule set: where the one of gaitkit stands, and its hash.

Kept apart from reading the rules, which takes much longer than hashing them.

The door from the files of a rule set to their types: strict, and it names it all.

Every unknown key, missing key and wrong type becomes one line with the file and the
path of the key; reading goes on, so that one look shows everything there is to mend.
"""

from __future__ import annotations

import dataclasses
import difflib
import hashlib
import json
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, TypeVar, get_args, get_type_hints

from pydantic import BaseModel, ConfigDict, ValidationError, create_model

from gaitkit.errors import RuleError, shortened
from gaitkit.rules.check_set import RuleFile, check_set
from gaitkit.rules.condition import KINDS, Condition
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
    from pydantic_core import ErrorDetails

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
COMBINED = ("all", "any", "among")
"""Keys whose items are conditions."""

ALTERNATIVES = ("float", "str", "bool", "tuple[str, ...]")
"""Names that pydantic adds to the path for each type that a value may have."""

MESSAGES = {
    "missing": "is needed and is not there",
    "union_tag_not_found": (
        "a condition needs one of all, any, at_least, fact, measured or measure"
    ),
}


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


def load_rules(folder: Path | str | None = None) -> RuleSet:
    """Return the rule set of a folder.

    Parameters
    ----------
    folder : Path, str or None
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
    rule_set, problems = _read(Path(folder or default_folder()))
    if rule_set is None or problems:
        raise RuleError("\n".join(problems))
    return rule_set


@cache
def shipped_rules() -> RuleSet:
    """Return the rule set that comes with gaitkit, read once for each process."""
    return load_rules()


def find_problems(folder: Path | str | None = None) -> tuple[str, ...]:
    """Return every problem of a rule set, one line each; none when it is sound."""
    return tuple(map(shortened, _read(Path(folder or default_folder()))[1]))


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


def default_folder() -> Path:
    """Return the folder of the rule set that comes with gaitkit."""
    return Path(str(resources.files("gaitkit.rules") / "data"))


def rules_sha256(folder: Path | str) -> str:
    """Return one hash over the names and contents of all rule files of a folder.

    Line ends do not count, so that a checkout on Windows has the same hash.
    """
    total = hashlib.sha256()
    for file in sorted(Path(folder).glob("*.toml")):
        content = file.read_bytes().replace(b"\r\n", b"\n")
        digest = hashlib.sha256(content).hexdigest()
        total.update(f"{file.name} {digest}\n".encode())
    return total.hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Read(Generic[T]):
    """A value, or the problems that kept it from being read."""

    value: T | None
    problems: tuple[str, ...] = ()


def read_table(file: Path) -> Read[dict[str, Any]]:
    """Return the table of a TOML file, or why it cannot be read."""
    try:
        return Read(value=tomllib.loads(file.read_text(encoding="utf-8")))
    except FileNotFoundError:
        why = "is missing; a rule set needs this file"
    except (OSError, UnicodeDecodeError) as cause:
        why = f"cannot be read: {cause}"
    except RecursionError:
        why = "is no rule file: its tables or lists are too deep"
    except ValueError as cause:  # no TOML, or a number of thousands of digits
        why = f"is not valid TOML: {cause}"
    return Read(value=None, problems=(f"{file.name}: {why}",))


def build(kind: type[T], table: object, *, where: str) -> Read[T]:
    """Build a dataclass from what stood in a file.

    Parameters
    ----------
    kind : type
        A dataclass.
    table : object
        As read from TOML.
    where : str
        File, and the entry in it, for the messages.

    Returns
    -------
    Read
        The dataclass, or one line for each problem.
    """
    try:
        text = json.dumps({"value": table}, default=str)
    except RecursionError:
        problem = f"{where}: its tables or lists are too deep"
        return Read(value=None, problems=(problem,))
    try:
        hashable: Any = kind
        made: Any = _door(hashable).model_validate_json(text)
    except ValidationError as refusal:
        lines = (_line(error, kind, where) for error in refusal.errors())
        return Read(value=None, problems=tuple(dict.fromkeys(lines)))
    return Read(value=made.value)


@cache
def _door(kind: Any) -> type[BaseModel]:  # noqa: ANN401 - a type
    config = ConfigDict(extra="forbid", strict=True)
    return create_model("Door", __config__=config, value=(kind, ...))


def _line(error: ErrorDetails, kind: type, where: str) -> str:
    tagged = error["loc"][1:]
    several = bool(tagged) and tagged[-1] in ALTERNATIVES
    tagged = tagged[:-1] if several else tagged
    path = ".".join(str(part) for part in _without_tags(tagged))
    place = f"{where}: {path}" if path else where
    if error["type"] in {"unexpected_keyword_argument", "extra_forbidden"}:
        known = _known_keys(kind, tagged[:-1])
        near = difflib.get_close_matches(str(tagged[-1]), known, n=1)
        hint = f"did you mean {near[0]!r}?" if near else f"known are {', '.join(known)}"
        return f"{place}: unknown key; {hint}"
    if error["type"] in MESSAGES:
        return f"{place}: {MESSAGES[error['type']]}"
    expected = error["msg"].removeprefix("Value error, ")
    came = error["input"]
    shown = "" if isinstance(came, dict | list) else f"; got {came!r}"
    if several:
        return f"{place}: has the wrong type{shown}"
    return f"{place}: {expected}{shown}"


def _without_tags(loc: tuple[int | str, ...]) -> list[int | str]:
    """Return a path without the names that pydantic adds for kinds of condition."""
    path: list[int | str] = []
    tag_next = False
    for part in loc:
        if tag_next and part in KINDS:
            tag_next = False
            continue
        in_list = isinstance(part, int) and bool(path) and path[-1] in COMBINED
        tag_next = part in {"condition", "when"} or in_list
        path.append(part)
    return path


def _known_keys(kind: Any, loc: tuple[int | str, ...]) -> list[str]:  # noqa: ANN401
    """Return the keys of the dataclass to which a path leads."""
    for part in (name for name in loc if isinstance(name, str)):
        if kind is Condition:
            kind = _condition_kind(part)
        elif dataclasses.is_dataclass(kind):
            hints = get_type_hints(kind, include_extras=True)
            kind = _inner(hints.get(part))
    return [f.name for f in dataclasses.fields(kind)] if _is_class(kind) else []


def _condition_kind(tag: str) -> Any:  # noqa: ANN401
    """Return the dataclass behind a kind of condition, ``measure`` for example."""
    tagged = get_args(get_args(Condition)[0])
    return next(get_args(t)[0] for t in tagged if get_args(t)[1].tag == tag)


def _inner(kind: Any) -> Any:  # noqa: ANN401
    """Return the dataclass or condition inside ``tuple[X, ...]`` or ``X | None``."""
    if kind is Condition or _is_class(kind):
        return kind
    inside = (_inner(argument) for argument in get_args(kind))
    return next((found for found in inside if found is not None), None)


def _is_class(kind: Any) -> bool:  # noqa: ANN401
    return isinstance(kind, type) and dataclasses.is_dataclass(kind)
