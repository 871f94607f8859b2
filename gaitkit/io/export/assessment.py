"""``assessment.json``: the whole assessment, its JSON Schema, and the way back.

Every key is always there, null where unknown. ``schema_version`` changes when a key
changes its meaning or goes away; older files stay readable.
"""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any

from pydantic import ConfigDict, ValidationError, create_model

from gaitkit.errors import FormatError, InputError
from gaitkit.io.atomic import new_file
from gaitkit.model.assessment import SCHEMA_VERSION, Assessment

if TYPE_CHECKING:
    from pathlib import Path

    from pydantic import BaseModel

ASSESSMENT_FILE = "assessment.json"
"""Name of the file in the folder of an assessment."""

SCHEMA_DIALECT = "https://json-schema.org/draft/2020-12/schema"
"""The dialect of JSON Schema that pydantic writes."""


def write_assessment_json(assessment: Assessment, path: Path) -> Path:
    """Write an assessment as JSON.

    Parameters
    ----------
    assessment : Assessment
        The result.
    path : Path
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
    door = _door()(assessment=assessment)
    table = door.model_dump(mode="json", by_alias=True)["assessment"]
    text = json.dumps(table, indent=1, ensure_ascii=False, allow_nan=False)
    with new_file(path) as part:
        part.write_text(text + "\n", encoding="utf-8")
    return path


def read_assessment_json(path: Path) -> Assessment:
    """Read an assessment back.

    Parameters
    ----------
    path : Path
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
    file = path / ASSESSMENT_FILE if path.is_dir() else path
    table = _table(file)
    version = table.get("schema_version")
    if version != SCHEMA_VERSION:
        msg = (
            f"{file}: expected an assessment with schema_version {SCHEMA_VERSION!r}, "
            f"got {version!r}; read it with the gaitkit that wrote it, or assess again"
        )
        raise FormatError(msg)
    try:
        door = _door().model_validate({"assessment": table})
    except ValidationError as refusal:
        first = refusal.errors()[0]
        where = ".".join(str(step) for step in first["loc"][1:])
        msg = f"{file}: {where!r}: {first['msg']}; assess the visit again"
        raise FormatError(msg) from None
    assessment: Assessment = door.assessment  # type: ignore[attr-defined]
    return assessment


def assessment_schema() -> dict[str, Any]:
    """Return the JSON Schema of ``assessment.json``.

    Returns
    -------
    dict
        A JSON Schema document (draft 2020-12). Every key is required; keys that are
        not listed are refused.
    """
    schema = _door().model_json_schema(by_alias=True, mode="serialization")
    definitions = {name: _strict(part) for name, part in schema["$defs"].items()}
    top = definitions.pop("Assessment")
    top["properties"]["schema_version"]["const"] = SCHEMA_VERSION
    return {
        "$schema": SCHEMA_DIALECT,
        **top,
        "title": "gaitkit assessment",
        "$defs": definitions,
    }


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


def _table(file: Path) -> dict[str, Any]:
    try:
        table = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        msg = f"{file}: expected an assessment, and there is no such file"
        raise InputError(f"{msg}; give the folder that gaitkit assess wrote") from None
    except OSError as cause:
        msg = f"{file}: the file cannot be read ({cause.strerror}); check permissions"
        raise InputError(msg) from None
    except ValueError as cause:
        msg = f"{file}: expected JSON, and it is none ({cause}); assess the visit again"
        raise FormatError(msg) from None
    if not isinstance(table, dict):
        msg = f"{file}: expected an assessment, got a JSON {type(table).__name__}"
        raise FormatError(f"{msg}; give {ASSESSMENT_FILE}")
    return table


def _key(name: str) -> str:
    """Return a field as it stands in JSON: ``from_`` is ``from``."""
    return name.removesuffix("_")


@cache
def _door() -> type[BaseModel]:
    config = ConfigDict(extra="forbid", alias_generator=_key)
    return create_model("Door", __config__=config, assessment=(Assessment, ...))
