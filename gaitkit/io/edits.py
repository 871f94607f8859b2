"""The therapist's decisions, ``edits.toml``, beside the proposal and read strictly.

The file stays when a visit is assessed again. It looks like this::

    decided_by = "t3"
    decided_on = 2026-03-20

    [[edit]]
    rule = "L04"
    element = "heel_raise"
    side = "right"
    action = "change"     # accept, change or reject
    amount = 6            # of a raise: the height that the steps lead to
    unit = "mm"
    start = 3             # of a raise, may be left out: the height to begin with
    reason = "smalle schoen"

    [[role]]
    rule = "K01"
    side = "left"
    role = "maintains"    # causes, amplifies or maintains
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gaitkit.errors import InputError
from gaitkit.io.toml_door import build, toml_table, toml_text
from gaitkit.io.toml_lines import place
from gaitkit.model.decisions import is_about
from gaitkit.model.edits import PlanEdits

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from gaitkit.model.edits import PlanEdit
    from gaitkit.model.plan import Plan

EDITS_FILE = "edits.toml"
"""Name of the file beside the proposal."""
HIGHEST = 60.0
"""No insole or raise has a dose above this, in mm or degrees: a slip of the pen."""


def read_edits(folder: Path) -> PlanEdits | None:
    """Return the decisions that lie in the folder of an assessment.

    Parameters
    ----------
    folder : Path
        Folder of the assessment.

    Returns
    -------
    PlanEdits or None
        None when there is no such file.

    Raises
    ------
    InputError
        With file and line: an unknown key, a wrong value, a change or rejection
        without reason, a dose without unit, the same suggestion decided twice.
    """
    file = folder / EDITS_FILE
    if not file.exists():
        return None
    text = toml_text(file, error=InputError)
    table = toml_table(text, where=str(file), error=InputError)
    edits = build(PlanEdits, table, where=str(file), error=InputError, text=text)
    for key, problem in _problems(edits):
        msg = f"{place(str(file), key, text)}: '{key}'{problem}"
        raise InputError(msg)
    return edits


def check_edits(edits: PlanEdits, plan: Plan, folder: Path) -> None:
    """Refuse a chosen dose that is in another unit than the suggestion it is about.

    Parameters
    ----------
    edits : PlanEdits
        From `read_edits`.
    plan : Plan
        The proposal.
    folder : Path
        Where the file of decisions lies, for the message.

    Raises
    ------
    InputError
        With file and line.
    """
    file = folder / EDITS_FILE
    for number, edit in enumerate(edits.edit):
        units = {s.unit for s in plan.suggestions if is_about(edit, s) and s.unit}
        if edit.unit is not None and units and edit.unit not in units:
            key = f"edit.{number}.unit"
            where = place(str(file), key, toml_text(file, error=InputError))
            msg = (
                f"{where}: '{key}' is {edit.unit!r}; expected {min(units)!r} as in the "
                f"suggestion of {edit.rule}; give the dose in that unit"
            )
            raise InputError(msg)


def _problems(edits: PlanEdits) -> Iterator[tuple[str, str]]:
    seen: dict[tuple[object, ...], int] = {}
    for number, edit in enumerate(edits.edit):
        key = f"edit.{number}"
        if edit.action != "accept" and not (edit.reason or "").strip():
            yield key, f': {edit.action} needs a reason; add reason = "..."'
        yield from _dose(edit, key)
        which = (edit.rule, edit.element, edit.side)
        if which in seen:
            yield key, f": edit.{seen[which]} decides about the same; keep one of them"
        seen[which] = number


def _dose(edit: PlanEdit, key: str) -> Iterator[tuple[str, str]]:
    if (edit.amount is None) != (edit.unit is None):
        yield key, ": expected amount and unit together, got one of them"
    if edit.amount is not None and edit.action != "change":
        yield f"{key}.amount", f": an amount goes with change, not with {edit.action}"
    if edit.amount is not None and not 0 < edit.amount <= HIGHEST:
        yield f"{key}.amount", f" is {edit.amount:g}; expected more than 0, up to 60"
    if edit.start is not None and not 0 < edit.start <= (edit.amount or 0.0):
        most = "amount" if edit.amount is None else f"the amount, {edit.amount:g}"
        yield f"{key}.start", f" is {edit.start:g}; expected more than 0, up to {most}"
