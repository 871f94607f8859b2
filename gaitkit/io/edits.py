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

A file of decisions to fill in: every suggestion of an assessment, commented out.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from gaitkit.doors import build, place, toml_table, toml_text, toml_value
from gaitkit.errors import InputError, OutputError
from gaitkit.io.atomic import new_file
from gaitkit.io.export.assessment import ASSESSMENT_FILE, read_assessment_json
from gaitkit.model.decisions import PlanEdits, is_about
from gaitkit.model.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from gaitkit.model.assessment import Assessment
    from gaitkit.model.decisions import PlanEdit
    from gaitkit.model.plan import Plan, Suggestion
    from gaitkit.model.text import Language

EDITS_FILE = "edits.toml"
"""Name of the file beside the proposal."""

HIGHEST = 60.0
"""No insole or raise has a dose above this, in mm or degrees: a slip of the pen."""

HEAD = (
    Text(
        nl="Besluit van de podotherapeut over het voorstel voor {subject}.",
        en="Decision of the podotherapist about the proposal for {subject}.",
    ),
    Text(
        nl="Haal het # weg voor de regels van een voorstel waarover u besluit.",
        en="Take away the # before the lines of a suggestion that you decide about.",
    ),
    Text(
        nl="action: accept (aannemen), change (wijzigen) of reject (afwijzen).",
        en="action: accept, change or reject.",
    ),
    Text(
        nl="Een wijziging of afwijzing heeft een reden (reason) nodig.",
        en="A change or rejection needs a reason.",
    ),
    Text(
        nl="Waar ## staat, haalt u beide weg: bij change of reject, en bij een rol.",
        en="Where ## stands, take away both: for change or reject, and for a role.",
    ),
    Text(
        nl="U mag boven de grens van gaitkit kiezen; elk verslag zegt dat er dan bij.",
        en="You may choose beyond the limit of gaitkit; every report then says so.",
    ),
    Text(
        nl="Dit bestand blijft staan als het bezoek opnieuw wordt beoordeeld:",
        en="This file stays when the visit is assessed again:",
    ),
)
ASSESS = "gaitkit assess ... --out {folder} --force"
WHO = Text(nl="pseudoniem, geen naam", en="a pseudonym, no name")
LIMIT = Text(nl="grens van gaitkit: {most}", en="limit of gaitkit: {most}")
OPTIONAL = Text(
    nl="alleen aangeboden: telt pas na accept of change",
    en="only offered: counts after accept or change",
)
START = Text(
    nl="waarmee u begint; gelijk aan amount: in één keer",
    en="what you begin with; equal to amount: at once",
)
REASON = Text(nl="waarom", en="why")
NONE = Text(
    nl="In deze beoordeling staat geen voorstel.",
    en="There is no suggestion in this assessment.",
)
ROLE = Text(
    nl="Wat een bevinding met de klacht doet: causes (veroorzaakt), amplifies "
    "(versterkt) of maintains (onderhoudt).",
    en="What a finding does to the complaint: causes, amplifies or maintains.",
)


def read_edits(folder: Path | str) -> PlanEdits | None:
    """Return the decisions that lie in the folder of an assessment.

    Parameters
    ----------
    folder : Path or str
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
    file = Path(folder) / EDITS_FILE
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


def new_edits(folder: Path, *, language: Language) -> Path:
    """Write a commented file of decisions beside an assessment.

    Parameters
    ----------
    folder : Path
        Folder that ``gaitkit assess`` wrote.
    language : {"nl", "en"}
        Language of the comments; the keys are the same in both.

    Returns
    -------
    Path
        The file. It loads as it is, as decisions about nothing.

    Raises
    ------
    InputError
        If there is no assessment in the folder.
    OutputError
        If there is a file of decisions already, or the folder cannot be written.
    """
    where = folder.parent if folder.name == ASSESSMENT_FILE else folder
    assessment = read_assessment_json(where)
    file = where / EDITS_FILE
    if file.exists():
        msg = f"{file}: decisions are there already; change that file, or remove it"
        raise OutputError(msg)
    text = edits_text(assessment, folder=str(where), language=language)
    with new_file(file) as part:
        part.write_text(text, encoding="utf-8")
    return file


def edits_text(assessment: Assessment, *, folder: str, language: Language) -> str:
    """Return the text of such a file.

    Parameters
    ----------
    assessment : Assessment
        With the proposal.
    folder : str
        Its folder, for the command in the comments.
    language : {"nl", "en"}
        Language of the comments.
    """
    head = [text.of(language) for text in HEAD]
    head[0] = head[0].format(subject=assessment.subject.subject_id)
    lines = [f"# {line}" for line in head]
    lines.append(f"#   {ASSESS.format(folder=folder)}")
    who = WHO.of(language)
    lines += ["", f'#decided_by = "..."  # {who}', "#decided_on = 2026-03-20", ""]
    for suggestion in _decided_apart(assessment.plan.suggestions):
        lines += [*_entry(suggestion, language), ""]
    if not assessment.plan.suggestions:
        lines += [f"# {NONE.of(language)}", ""]
    lines += _roles(assessment, language)
    return "\n".join(lines).rstrip() + "\n"


def _decided_apart(suggestions: Iterable[Suggestion]) -> Iterable[Suggestion]:
    """Return the suggestions without those that the decision on another one covers."""
    apart: dict[tuple[object, ...], Suggestion] = {}
    for each in suggestions:
        apart.setdefault((each.rule, each.element, each.side), each)
    return apart.values()


def _roles(assessment: Assessment, language: Language) -> Iterator[str]:
    """Yield a role to fill in for each finding of a side that is met, never a choice.

    What was not found has no role, and what role a finding plays is the therapist's:
    so a role stays a comment until both signs before its lines are taken away.
    """
    met = [f for f in assessment.findings if f.verdict == "met" and f.side is not None]
    if met:
        yield f"# {ROLE.of(language)}"
    for finding in {(f.rule, f.side): f for f in met}.values():
        yield f"# {' '.join(finding.text.of(language).splitlines())}"
        yield from (
            "##[[role]]",
            f'##rule = "{finding.rule}"',
            f'##side = "{finding.side}"',
            '##role = "..."',
            "",
        )


def _entry(suggestion: Suggestion, language: Language) -> Iterator[str]:
    """Yield the lines of one suggestion."""
    yield f"# {' '.join(suggestion.text.of(language).splitlines())}"
    if suggestion.optional:
        yield f"# {OPTIONAL.of(language)}"
    yield "#[[edit]]"
    yield f'#rule = "{suggestion.rule}"'
    if suggestion.element is not None:
        yield f"#element = {toml_value(suggestion.element)}"
    if suggestion.side is not None:
        yield f'#side = "{suggestion.side}"'
    yield '#action = "accept"'
    if suggestion.amount is not None and suggestion.unit is not None:
        limit = ""
        if suggestion.most is not None:
            most = f"{suggestion.most:g} {suggestion.unit}"
            limit = f"  # {LIMIT.of(language).format(most=most)}"
        led_to = suggestion.target or suggestion.amount
        yield f"##amount = {led_to:g}{limit}"
        yield f'##unit = "{suggestion.unit}"'
        if suggestion.target is not None:
            yield f"##start = {suggestion.amount:g}  # {START.of(language)}"
    yield f'##reason = "{REASON.of(language)}"'
