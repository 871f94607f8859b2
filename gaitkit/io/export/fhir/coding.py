"""Codes and small pieces of FHIR resources.

A resource is a JSON table; that is what the format is, so here, and in this folder
only, tables are passed on as they are.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from gaitkit.doors import shipped_table

Json = dict[str, Any]
"""A FHIR resource, or an element of one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Codes:
    """The tables of ``codes.toml``.

    Attributes
    ----------
    systems : dict of str to str
        Address of each code system by its short name.
    known : dict of str to dict
        Entries by group (``measures``, ``questionnaires``, ``body``, ``sides``,
        ``report``) and name.
    """

    systems: dict[str, str]
    known: dict[str, dict[str, dict[str, str]]]


def system(name: str) -> str:
    """Return the address of a code system."""
    return _codes().systems[name]


def coding(group: str, name: str) -> list[Json]:
    """Return the standard coding of something, or nothing where there is none."""
    entry = _codes().known[group].get(name)
    if entry is None:
        return []
    return [
        {
            "system": system(entry["system"]),
            "code": entry["code"],
            "display": entry["display"],
        }
    ]


def local(name: str, code: str, *, text: str, also: list[Json] | None = None) -> Json:
    """Return a concept with standard codings first and gaitkit's own code last."""
    own = {"system": system(name), "code": slug(code), "display": text}
    return {"coding": [*(also or []), own], "text": text}


def source_code(system_name: str, code: str, label: str) -> Json:
    """Return a code of the profession verbatim, under a local system of its own."""
    address = f"{system('source_code')}:{slug(system_name).lower()}"
    return {"system": address, "code": code, "display": label}


def quantity(value: float, unit: str) -> Json:
    """Return a number with its UCUM unit."""
    return {"value": value, "unit": unit, "system": system("ucum"), "code": unit}


def reference(full_url: str, *, kind: str) -> Json:
    """Return a reference to a resource of the same bundle."""
    return {"reference": full_url, "type": kind}


def slug(text: str) -> str:
    """Return a text as a code: every other sign becomes a dash."""
    return re.sub(r"[^A-Za-z0-9_.-]+", "-", text).strip("-")


@cache
def _codes() -> Codes:
    table = shipped_table("gaitkit.io.export.fhir", "codes.toml")
    systems = table.pop("systems")
    return Codes(systems=systems, known=table)
