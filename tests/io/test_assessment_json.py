"""``assessment.json`` against its own schema, the promised keys, and back."""

from __future__ import annotations

import dataclasses
import errno
import json
import os
from pathlib import Path
from typing import Any

import assessment_example
import jsonschema
import pytest

from gaitkit.errors import FormatError, InputError, OutputError
from gaitkit.io.export.assessment import (
    assessment_schema,
    read_assessment_json,
    write_assessment_json,
)

PROMISED = {
    "": "schema_version subject recordings events measurements findings plan "
    "provenance",
    "subject": "subject_id height_m mass_kg age_years sex shod",
    "recordings": "id kind view sha256 rate_hz duration_s time_source scale quality",
    "events": "recording side kind time_s frame confidence method",
    "measurements": "name side region value unit sd low high n method recording "
    "quality why_missing",
    "findings": "rule revision verdict probability text measurements evidence",
    "plan": "status triage suggestions cautions referrals follow_up codes",
    "provenance": "gaitkit config rule_set_revision rule_set_sha256 model_files "
    "created schema",
}
"""Keys that CONTRACT names, by the place in which they stand."""

SUGGESTION = (
    "kind side element amount unit location steps rule text evidence contraindications"
)


@pytest.fixture
def written(tmp_path: Path) -> Path:
    """Return the example as a file."""
    return write_assessment_json(
        assessment_example.assessment(), tmp_path / "assessment.json"
    )


def table_of(path: Path) -> dict[str, Any]:
    """Return the JSON in a file."""
    table: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return table


def test_what_is_written_is_read_back_equal(written: Path) -> None:
    assert read_assessment_json(written) == assessment_example.assessment()
    assert read_assessment_json(written.parent) == assessment_example.assessment()


def test_what_is_written_fits_the_schema(written: Path) -> None:
    schema = assessment_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(
        table_of(written), schema, format_checker=jsonschema.FormatChecker()
    )


def test_every_promised_key_is_there_also_when_it_is_null(written: Path) -> None:
    table = table_of(written)
    for place, keys in PROMISED.items():
        found = table[place] if place else table
        for entry in found if isinstance(found, list) else [found]:
            assert set(keys.split()) <= set(entry), place
    assert set(SUGGESTION.split()) <= set(table["plan"]["suggestions"][0])
    assert table["recordings"][0]["quality"]["reasons"][0]["code"] == "no_scale"
    assert table["subject"]["mass_kg"] is None
    assert table["measurements"][1]["value"] is None
    assert table["measurements"][1]["why_missing"]["text"]["nl"]


def test_the_follow_up_has_the_keys_from_and_to(written: Path) -> None:
    follow_up = table_of(written)["plan"]["follow_up"]
    window = {key: follow_up[key] for key in ("from", "to")}
    assert window == {"from": "2026-04-01", "to": "2026-05-01"}
    definition = assessment_schema()["$defs"]["FollowUp"]
    assert {"from", "to"} <= set(definition["required"])


def test_the_schema_refuses_what_is_missing_or_not_known(written: Path) -> None:
    schema = assessment_schema()
    table = table_of(written)
    del table["measurements"][0]["sd"]
    with pytest.raises(jsonschema.ValidationError, match="'sd' is a required property"):
        jsonschema.validate(table, schema)
    table = table_of(written)
    table["subject"]["name"] = "x"
    with pytest.raises(jsonschema.ValidationError, match="'name' was unexpected"):
        jsonschema.validate(table, schema)


def test_text_stands_in_the_file_as_it_is_read(written: Path) -> None:
    changed = dataclasses.replace(
        assessment_example.assessment(),
        subject=dataclasses.replace(
            assessment_example.assessment().subject, subject_id="één"
        ),
    )
    assert "één" in write_assessment_json(changed, written).read_text(encoding="utf-8")


def test_a_number_that_is_not_finite_is_never_written(tmp_path: Path) -> None:
    event = dataclasses.replace(
        assessment_example.assessment().events[0], time_s=float("nan")
    )
    broken = dataclasses.replace(assessment_example.assessment(), events=(event,))
    with pytest.raises(ValueError, match="Out of range float values"):
        write_assessment_json(broken, tmp_path / "assessment.json")
    assert list(tmp_path.iterdir()) == []


BROKEN = {
    "not JSON": (lambda text: text[:200], FormatError, "expected JSON, and it is none"),
    "a list": (lambda _: "[]", FormatError, "expected an assessment, got a JSON list"),
    "another version": (
        lambda text: text.replace('"schema_version": "1"', '"schema_version": "9"'),
        FormatError,
        "expected an assessment with schema_version '1', got '9'",
    ),
    "another key": (
        lambda text: text.replace('"height_m"', '"length_m"'),
        FormatError,
        "'subject.length_m'",
    ),
    "a word for a number": (
        lambda text: text.replace('"value": 97.25', '"value": "fast"'),
        FormatError,
        "'measurements.0.value'",
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_is_refused_by_its_path(name: str, written: Path) -> None:
    change, error, message = BROKEN[name]
    text = written.read_text(encoding="utf-8")
    assert change(text) != text
    written.write_text(change(text), encoding="utf-8")
    with pytest.raises(error, match=message) as caught:
        read_assessment_json(written)
    assert "\n" not in str(caught.value)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="give the folder that gaitkit assess wrote"):
        read_assessment_json(tmp_path)


def test_a_full_disk_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(Path, "write_text", full)
    with pytest.raises(OutputError, match="No space left on device"):
        write_assessment_json(
            assessment_example.assessment(), tmp_path / "assessment.json"
        )
    assert list(tmp_path.iterdir()) == []
