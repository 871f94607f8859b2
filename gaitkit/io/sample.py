"""The sample data that come with gaitkit, in the wheel and in the checkout alike."""

from __future__ import annotations

import difflib
from importlib import resources
from pathlib import Path

from gaitkit.errors import InputError
from gaitkit.io.visit import VISIT_FILE

SAMPLES = "sample_data"


def sample_path(name: str = "") -> Path:
    """Return where a file or folder of the sample data lies.

    Parameters
    ----------
    name : str
        As ``plate.txt.gz`` or ``patients/10-raise-and-insole``; empty is the folder of
        the sample visit itself. Its ``README.md`` says what there is and what is true
        of it.

    Returns
    -------
    Path
        To be read; write nothing there.

    Raises
    ------
    InputError
        If there is no such sample, or the samples were not installed.

    Examples
    --------
    >>> from gaitkit import sample_path
    >>> sample_path("plate.txt.gz").name
    'plate.txt.gz'
    """
    folder = _folder()
    path = folder / name
    inside = path.resolve().is_relative_to(folder.resolve())
    if inside and path.exists():
        return path
    known = sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*"))
    near = difflib.get_close_matches(name, known, n=1)
    hint = f"; did you mean {near[0]!r}?" if near else "; see README.md there"
    msg = f"there is no sample {name!r} in {folder}{hint}"
    raise InputError(msg)


def _folder() -> Path:
    package = Path(str(resources.files("gaitkit")))
    for folder in (package / SAMPLES, package.parent / SAMPLES):
        if (folder / VISIT_FILE).is_file():
            return folder
    msg = f"the sample data are not installed; expected {VISIT_FILE} in {SAMPLES}"
    raise InputError(msg)
