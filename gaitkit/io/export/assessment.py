"""``assessment.json``: the whole assessment, its JSON Schema, and the way back.

Every key is always there, null where unknown. ``schema_version`` changes when a key
changes its meaning or goes away; older files stay readable.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from gaitkit.errors import FormatError, InputError
from gaitkit.io.export.json_door import door, schema_of, write_json
from gaitkit.io.old_answers import moved_answers
from gaitkit.io.text import require_file
from gaitkit.model.assessment import SCHEMA_VERSION, Assessment

if TYPE_CHECKING:
    from pathlib import Path

ASSESSMENT_FILE = "assessment.json"
"""Name of the file in the folder of an assessment."""


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
    return write_json(assessment, path)


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


def _table(file: Path) -> dict[str, Any]:
    if file.exists():
        require_file(file)
    try:
        table = json.loads(file.read_text(encoding="utf-8"), parse_constant=_endless)
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
