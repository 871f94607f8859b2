"""``assessment.json``: the whole assessment, its JSON Schema, and the way back.

Every key is always there, null where unknown. ``schema_version`` changes when a key
changes its meaning or goes away; older files stay readable.

The comparison of two visits: ``compare.json``, its JSON Schema, and a table.

The door between gaitkit's dataclasses and JSON, with its JSON Schema.

Every key is always there, null where unknown; unknown keys are refused. A field that
ends in an underscore because Python keeps the word for itself (``from_``) has none in
JSON.
"""

from __future__ import annotations

import csv
import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ConfigDict, ValidationError, create_model

from gaitkit.errors import FormatError, InputError
from gaitkit.io.atomic import new_file
from gaitkit.io.text import require_file
from gaitkit.io.visit import moved_answers
from gaitkit.model.assessment import SCHEMA_VERSION, Assessment
from gaitkit.model.comparison import COMPARISON_SCHEMA_VERSION, Comparison

if TYPE_CHECKING:
    from pydantic import BaseModel

ASSESSMENT_FILE = "assessment.json"
"""Name of the file in the folder of an assessment."""

MOST_DIGITS = 16
"""Digits of the longest whole number; a float holds 15 of them exactly."""

COLUMNS = (
    "name", "side", "region", "unit", "before", "after", "change", "sd", "low", "high",
    "detectable_change", "verdict", "why_no_claim", "n_before", "n_after", "method",
    "recording_before", "recording_after",
)  # fmt: skip
"""``why_no_claim`` holds the code of the reason, which is stable."""

SCHEMA_DIALECT = "https://json-schema.org/draft/2020-12/schema"
"""The dialect of JSON Schema that pydantic writes."""


def write_assessment_json(assessment: Assessment, path: Path | str) -> Path:
    """Write an assessment as JSON.

    Parameters
    ----------
    assessment : Assessment
        The result.
    path : Path or str
        File to write.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    OutputError
        If it cannot be written.
    ValueError
        If a number is not finite, which is a bug: unknown is null.
    """
    return write_json(assessment, Path(path))


def read_assessment_json(path: Path | str) -> Assessment:
    """Read an assessment back.

    Parameters
    ----------
    path : Path or str
        The file, or the folder of an assessment.

    Returns
    -------
    Assessment
        Equal to what was written.

    Raises
    ------
    InputError
        If there is no such file.
    FormatError
        If it is no assessment, or one of another ``schema_version``.
    """
    path = Path(path)
    file = path / ASSESSMENT_FILE if path.is_dir() else path
    table = _table(file)
    version = table.get("schema_version")
    if version != SCHEMA_VERSION:
        msg = (
            f"{file}: expected an assessment with schema_version {SCHEMA_VERSION!r}, "
            f"got {version!r}; read it with the gaitkit that wrote it, or assess again"
        )
        raise FormatError(msg)
    told = table.get("intake")
    if isinstance(told, dict):
        table = {**table, "intake": moved_answers(told)}
    try:
        read = door(Assessment).model_validate({"value": table})
    except ValidationError as refusal:
        first = refusal.errors()[0]
        where = ".".join(str(step) for step in first["loc"][1:])
        msg = f"{file}: {where!r}: {first['msg']}; assess the visit again"
        raise FormatError(msg) from None
    assessment: Assessment = read.value  # type: ignore[attr-defined]
    return assessment


def is_assessment(path: Path) -> bool:
    """Return True for ``assessment.json``, and for a folder that holds it."""
    if path.is_dir():
        return (path / ASSESSMENT_FILE).is_file()
    return path.name == ASSESSMENT_FILE and path.is_file()


def assessment_schema() -> dict[str, Any]:
    """Return the JSON Schema of ``assessment.json``.

    Returns
    -------
    dict
        A JSON Schema document (draft 2020-12). Every key is required; keys that are
        not listed are refused.
    """
    return schema_of(Assessment, title="gaitkit assessment", version=SCHEMA_VERSION)


def _endless(name: str) -> float:
    """Refuse NaN and Infinity, which are no JSON; unknown is null."""
    msg = f"it holds {name}, which is no number"
    raise ValueError(msg)


def _whole(digits: str) -> int:
    """Return a whole number, refusing one that no count of ours reaches."""
    if len(digits) > MOST_DIGITS:
        msg = f"it holds a number of {len(digits)} digits"
        raise ValueError(msg)
    return int(digits)


def _table(file: Path) -> dict[str, Any]:
    if file.exists():
        require_file(file)
    try:
        text = file.read_text(encoding="utf-8")
        table = json.loads(text, parse_constant=_endless, parse_int=_whole)
    except FileNotFoundError:
        msg = f"{file}: expected an assessment, and there is no such file"
        raise InputError(f"{msg}; give the folder that gaitkit assess wrote") from None
    except OSError as cause:
        msg = f"{file}: the file cannot be read ({cause.strerror}); check permissions"
        raise InputError(msg) from None
    except (ValueError, RecursionError) as cause:
        msg = f"{file}: expected JSON, and it is none ({str(cause)[:120]})"
        raise FormatError(f"{msg}; assess the visit again") from None
    if not isinstance(table, dict):
        msg = f"{file}: expected an assessment, got a JSON {type(table).__name__}"
        raise FormatError(f"{msg}; give {ASSESSMENT_FILE}")
    return table


def write_comparison_json(comparison: Comparison, path: Path) -> Path:
    """Write a comparison as JSON and return the path.

    Raises
    ------
    OutputError
        If the file cannot be written.
    """
    return write_json(comparison, path)


def comparison_schema() -> dict[str, Any]:
    """Return the JSON Schema of ``compare.json``."""
    return schema_of(
        Comparison, title="gaitkit comparison", version=COMPARISON_SCHEMA_VERSION
    )


def write_changes_csv(comparison: Comparison, path: Path) -> Path:
    """Write the changes as CSV, one a row, with every digit; return the path.

    Raises
    ------
    OutputError
        If the file cannot be written.
    """
    with new_file(path) as part, part.open("w", encoding="utf-8", newline="") as stream:
        table = csv.writer(stream)
        table.writerow(COLUMNS)
        for c in comparison.changes:
            old, new = c.before, c.after
            table.writerow(
                (
                    old.name, old.side, old.region, old.unit, old.value, new.value,
                    c.value, c.sd, c.low, c.high, c.detectable_change, c.verdict,
                    c.why_no_claim.code if c.why_no_claim else None, old.n, new.n,
                    old.method, old.recording, new.recording,
                )
            )  # fmt: skip
    return path


@cache
def door(kind: type) -> type[BaseModel]:
    """Return the model with one field, ``value``, of that kind."""
    config = ConfigDict(extra="forbid", alias_generator=_key)
    return create_model("Door", __config__=config, value=(kind, ...))


def write_json(value: object, path: Path) -> Path:
    """Write a dataclass as JSON and return the path.

    Raises
    ------
    OutputError
        If the file cannot be written.
    ValueError
        If a number is not finite, which is a bug: unknown is null.
    """
    kind: type = type(value)
    table = door(kind)(value=value).model_dump(mode="json", by_alias=True)
    text = json.dumps(table["value"], indent=1, ensure_ascii=False, allow_nan=False)
    with new_file(path) as part:
        part.write_text(text + "\n", encoding="utf-8")
    return path


def schema_of(kind: type, *, title: str, version: str) -> dict[str, Any]:
    """Return the JSON Schema of a dataclass that has a ``schema_version``.

    Parameters
    ----------
    kind : type
        The dataclass.
    title, version : str
        Title of the document, and the only ``schema_version`` it allows.

    Returns
    -------
    dict
        A JSON Schema document (draft 2020-12). Every key is required; keys that are
        not listed are refused.
    """
    schema = door(kind).model_json_schema(by_alias=True, mode="serialization")
    definitions = {name: _strict(part) for name, part in schema["$defs"].items()}
    top = definitions.pop(kind.__name__)
    top["properties"]["schema_version"]["const"] = version
    return {"$schema": SCHEMA_DIALECT, **top, "title": title, "$defs": definitions}


def _strict(definition: dict[str, Any]) -> dict[str, Any]:
    """Return a definition with every key required, described in one line."""
    if "properties" not in definition:
        return definition
    described = definition.get("description", "").partition("\n")[0]
    keys = {
        name: {k: v for k, v in key.items() if k != "default"}
        for name, key in definition["properties"].items()
    }
    return {
        **definition,
        "description": described,
        "properties": keys,
        "required": list(keys),
    }


def _key(name: str) -> str:
    """Return a field as it stands in JSON: ``from_`` is ``from``."""
    return name.removesuffix("_")
