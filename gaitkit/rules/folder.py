"""The folder of a rule set: where the one of gaitkit stands, and its hash.

Kept apart from reading the rules, which takes much longer than hashing them.
"""

from __future__ import annotations

import hashlib
from importlib import resources
from pathlib import Path


def default_folder() -> Path:
    """Return the folder of the rule set that comes with gaitkit."""
    return Path(str(resources.files("gaitkit.rules") / "data"))


def rules_sha256(folder: Path) -> str:
    """Return one hash over the names and contents of all rule files of a folder.

    Line ends do not count, so that a checkout on Windows has the same hash.
    """
    total = hashlib.sha256()
    for file in sorted(folder.glob("*.toml")):
        content = file.read_bytes().replace(b"\r\n", b"\n")
        digest = hashlib.sha256(content).hexdigest()
        total.update(f"{file.name} {digest}\n".encode())
    return total.hexdigest()
