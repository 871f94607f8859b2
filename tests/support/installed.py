"""A package as an installer leaves it, found by whoever has its folder on the path."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def install(folder: Path, name: str, version: str, *, group: str, entry: str) -> None:
    """Write what an installer says of a package: its name, version and entry point."""
    told = folder / f"{name}-{version}.dist-info"
    told.mkdir()
    (told / "METADATA").write_text(
        f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
    )
    (told / "entry_points.txt").write_text(f"[{group}]\n{entry}\n")
