"""A file of decisions to fill in: every suggestion of an assessment, commented out."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from gaitkit.errors import OutputError
from gaitkit.io.atomic import new_file
from gaitkit.io.edits import EDITS_FILE
from gaitkit.io.export.assessment import ASSESSMENT_FILE, read_assessment_json
from gaitkit.model.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from gaitkit.model.assessment import Assessment
    from gaitkit.model.plan import Suggestion
    from gaitkit.model.text import Language

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
        nl="Waar ## staat, haalt u er bij change of reject nog een # bij weg.",
        en="Where ## stands, take away one # more for change or reject.",
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
    for suggestion in dict.fromkeys(assessment.plan.suggestions):
        lines += [*_entry(suggestion, language), ""]
    if not assessment.plan.suggestions:
        lines += [f"# {NONE.of(language)}", ""]
    lines += _roles(assessment, language)
    return "\n".join(lines).rstrip() + "\n"


def _roles(assessment: Assessment, language: Language) -> Iterator[str]:
    """Yield a role to fill in for each finding of a side that is met, never a choice.

    What was not found has no role, and what role a finding plays is the therapist's.
    """
    met = [f for f in assessment.findings if f.verdict == "met" and f.side is not None]
    if met:
        yield f"# {ROLE.of(language)}"
    for finding in met:
        yield f"# {' '.join(finding.text.of(language).splitlines())}"
        yield from (
            "#[[role]]",
            f'#rule = "{finding.rule}"',
            f'#side = "{finding.side}"',
        )
        yield from ('##role = "..."', "")


def _entry(suggestion: Suggestion, language: Language) -> Iterator[str]:
    """Yield the lines of one suggestion."""
    yield f"# {' '.join(suggestion.text.of(language).splitlines())}"
    if suggestion.optional:
        yield f"# {OPTIONAL.of(language)}"
    yield "#[[edit]]"
    yield f'#rule = "{suggestion.rule}"'
    if suggestion.element is not None:
        yield f"#element = {json.dumps(suggestion.element, ensure_ascii=False)}"
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
