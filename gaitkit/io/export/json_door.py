"""The door between gaitkit's dataclasses and JSON, with its JSON Schema.

Every key is always there, null where unknown; unknown keys are refused. A field that
ends in an underscore because Python keeps the word for itself (``from_``) has none in
JSON.
"""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any

from pydantic import ConfigDict, create_model

from gaitkit.io.atomic import new_file

if TYPE_CHECKING:
    from pathlib import Path

    from pydantic import BaseModel

SCHEMA_DIALECT = "https://json-schema.org/draft/2020-12/schema"
"""The dialect of JSON Schema that pydantic writes."""


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
