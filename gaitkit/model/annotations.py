"""Reading the annotations of a dataclass."""

from __future__ import annotations

from types import UnionType
from typing import Any, Union, get_args, get_origin


def without_none(kind: Any) -> Any:  # noqa: ANN401 - a type, possibly ``X | None``
    """Return ``X`` for ``X | None``, and any other type as it is."""
    if get_origin(kind) in {Union, UnionType}:
        return next(part for part in get_args(kind) if part is not type(None))
    return kind
