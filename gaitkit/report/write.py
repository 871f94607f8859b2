"""Writing the report: HTML, PDF, patient letter, figures and the overlay film.

The report as one HTML file that asks for nothing outside itself.

From an assessment to the one context that every layout shares.
"""

from __future__ import annotations

from datetime import datetime
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from gaitkit.insole.mesh import raise_of, solid_of, top_of
from gaitkit.io.atomic import new_file
from gaitkit.io.export.solids import stl_bytes, threemf_bytes
from gaitkit.io.export.video import Encoding, write_video
from gaitkit.report.blocks import Context, Drawing
from gaitkit.report.inputs import film_names, report_inputs, roll_off_names
from gaitkit.report.letter import letter_of
from gaitkit.report.letters_to_others import (
    letter_to_gp,
    letter_to_shoemaker,
    letter_to_therapist,
)
from gaitkit.report.overlay import write_overlay
from gaitkit.report.page_one.page import page_one
from gaitkit.report.pdf import (
    letter_to_pdf,
    prescription_to_pdf,
    result_to_pdf,
    to_pdf,
)
from gaitkit.report.plate_figures import roll_off_film
from gaitkit.report.prescription import sheet_of
from gaitkit.report.prescription_drawings import drawings_of
from gaitkit.report.sections.agreement import agreement
from gaitkit.report.sections.chain import chain
from gaitkit.report.sections.complaint import complaint
from gaitkit.report.sections.edits import edits
from gaitkit.report.sections.examination import examination
from gaitkit.report.sections.findings import findings
from gaitkit.report.sections.foot import foot
from gaitkit.report.sections.leg_length import leg_length
from gaitkit.report.sections.measures import measures
from gaitkit.report.sections.plan import plan
from gaitkit.report.sections.plate import plate
from gaitkit.report.sections.provenance import intended_use, provenance
from gaitkit.report.sections.quality import quality
from gaitkit.report.sections.standing import standing
from gaitkit.report.sections.subject import subject
from gaitkit.report.sections.summary import summary
from gaitkit.report.sections.walk import curves, stills, symmetry
from gaitkit.report.settings import ReportSettings
from gaitkit.report.words import glossary, words
from gaitkit.rules.loader import shipped_rules

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from gaitkit.model.analysis import Analysis
    from gaitkit.model.assessment import Assessment
    from gaitkit.model.prescription import Handover, Prescription
    from gaitkit.model.progress import Progress
    from gaitkit.report.inputs import ReportInputs
    from gaitkit.report.page_one.page import PageOne
    from gaitkit.rules.rule import RuleSet


CHAPTERS = (
    complaint,
    summary,
    subject,
    examination,
    stills,
    measures,
    curves,
    symmetry,
    chain,
    leg_length,
    standing,
    foot,
    plate,
    agreement,
    findings,
    plan,
    edits,
    quality,
    intended_use,
    provenance,
)
"""In the order in which a podotherapist examines (source S0): where it hurts, the
walk, the chain from foot to trunk; then leg length, foot, findings and proposal."""

AFTER_STOP = (plan, intended_use)
"""All that is left when the patient has to see a physician today: the referral."""


def context_of(material: ReportInputs) -> Context:
    """Return the whole report, worded and formatted."""
    words, account = material.words, material.assessment.provenance
    stopped = material.assessment.plan.triage.status == "stop"
    chosen = AFTER_STOP if stopped else CHAPTERS
    chapters = (chapter(material) for chapter in chosen)
    return Context(
        language=material.language,
        title=words("document.title"),
        subtitle=words("document.subtitle"),
        subject_label=words("document.subject"),
        subject=material.assessment.subject.subject_id,
        date_label=words("document.date"),
        date=_day(material.assessment.visited_on, account.created),
        version=f"{words('document.version')} {account.gaitkit}",
        notice=words("document.notice"),
        contents=words("document.contents"),
        skip=words("document.skip"),
        page_of=words("document.page_of"),
        sections=tuple(chapter for chapter in chapters if chapter is not None),
    )


def _day(visited_on: date | None, created: str) -> str:
    """Return the day of the visit, or else of the assessment."""
    day = visited_on or datetime.fromisoformat(created)
    return day.strftime("%d-%m-%Y")


HTML = "report.html"
PDF = "report.pdf"
RESULT = "result.pdf"
LETTER, LETTER_GP = "letter.pdf", "letter_gp.pdf"
LETTER_THERAPIST, LETTER_SHOEMAKER = "letter_therapist.pdf", "letter_shoemaker.pdf"
ORDER = "prescription.pdf"
PAIR = "insoles.3mf"
FIGURES = "figures"
SLOWER = 5.0
"""A roll-off of 0.7 s takes 3.5 s in its film: long enough to be followed."""

TEMPLATE = "report.html.j2"
STYLE = "report.css"


def write_report(
    assessment: Assessment,
    analyses: Sequence[Analysis],
    folder: Path | str,
    *,
    settings: ReportSettings | None = None,
    handover: Handover | None = None,
    progress: Progress | None = None,
) -> tuple[Path, ...]:
    """Write the report of an assessment into a folder.

    Parameters
    ----------
    assessment : Assessment
        The answer.
    analyses : sequence of Analysis
        The signals of each recording, for the pictures.
    folder : Path or str
        Where to write ``result.pdf`` (page one), ``report.html`` (page one and the
        annex), ``report.pdf`` (the annex), ``letter.pdf`` to the patient,
        ``letter_gp.pdf``, ``letter_therapist.pdf`` and ``letter_shoemaker.pdf`` where
        one of them is asked something,
        ``figures/*.svg`` and
        ``overlay.mp4`` (``overlay-<recording>.mp4`` when there are several videos);
        for a plate ``figures/roll-off-<recording>.mp4``.
    settings : ReportSettings or None
        What to write; None writes everything, in Dutch, blurred.
    handover : Handover or None
        Who the practice is, and its order of insoles; None leaves lines to write on.
    progress : Progress or None
        Told how far the film is.

    Returns
    -------
    tuple of Path
        The files written. Each appears whole or not at all.

    Raises
    ------
    InputError
        If a video can no longer be read.
    OutputError
        If a file cannot be written.
    """
    chosen, place = settings or ReportSettings(), Path(folder)
    written: list[Path] = []
    if chosen.html or chosen.pdf:
        material = report_inputs(
            assessment,
            analyses,
            rules=shipped_rules(),
            settings=chosen,
            handover=handover,
        )
        if chosen.letter:
            letters = {
                LETTER: letter_of(material, glossary()),
                LETTER_GP: letter_to_gp(material),
                LETTER_THERAPIST: letter_to_therapist(material),
                LETTER_SHOEMAKER: letter_to_shoemaker(material),
            }
            written += [
                _write(place / name, letter_to_pdf(letter))
                for name, letter in letters.items()
                if letter is not None
            ]
        context, page = context_of(material), page_one(material)
        written += _figures(context, place / FIGURES)
        if chosen.html:
            html = to_html(context, page=page).encode("utf-8")
            written.append(_write(place / HTML, html))
        if chosen.pdf:
            written.append(_write(place / RESULT, result_to_pdf(page)))
            written.append(_write(place / PDF, to_pdf(context)))
    if chosen.overlay:
        written += _films(analyses, place, settings=chosen, progress=progress)
        written += _roll_offs(analyses, place)
    return tuple(written)


def write_prescription(
    order: Prescription,
    folder: Path | str,
    *,
    settings: ReportSettings,
    rules: RuleSet | None = None,
) -> tuple[Path, ...]:
    """Write the order of insoles, and their solids once they may be made.

    Parameters
    ----------
    order : Prescription
        From `gaitkit.insole.order.prescription_of`.
    folder : Path or str
        Where to write ``prescription.pdf``, ``insole_left.stl``,
        ``insole_right.stl``, ``insoles.3mf`` and on request
        ``insole_left_top.stl`` and ``insole_right_top.stl``; where the practice makes
        raises loose, ``raise_left.stl`` or ``raise_right.stl``.
    settings : ReportSettings
        Language, and whether the top surfaces are asked for.
    rules : RuleSet or None
        What shoes and elements are called; None takes the set that comes along.

    Returns
    -------
    tuple of Path
        The files written. Each appears whole or not at all.

    Raises
    ------
    OutputError
        If a file cannot be written.
    """
    place, language = Path(folder), order.practice.language or settings.lang
    sheet = sheet_of(order, rules or shipped_rules(), language=language)
    drawings = drawings_of(order, language=language)
    written = [_write(place / ORDER, prescription_to_pdf(sheet, drawings))]
    if not order.makeable:
        return tuple(written)
    shapes = [foot.shape for foot in order.feet if foot.shape is not None]
    solids = [solid_of(shape.as_made) for shape in shapes]
    tops = [top_of(shape.as_made) for shape in shapes] if settings.insole_top else []
    raises = [
        raise_of(foot.loose_raise)
        for foot in order.feet
        if foot.loose_raise is not None
    ]
    written += [
        _write(place / f"{mesh.name}.stl", stl_bytes(mesh))
        for mesh in (*solids, *tops, *raises)
    ]
    written.append(_write(place / PAIR, threemf_bytes(solids)))
    return tuple(written)


def _figures(context: Context, folder: Path) -> list[Path]:
    drawings = (
        block
        for section in context.sections
        for block in section.blocks
        if isinstance(block, Drawing)
    )
    head = '<?xml version="1.0" encoding="utf-8"?>\n'
    return [
        _write(folder / f"{drawing.name}.svg", f"{head}{drawing.svg}\n".encode())
        for drawing in drawings
    ]


def _films(
    analyses: Sequence[Analysis],
    folder: Path,
    *,
    settings: ReportSettings,
    progress: Progress | None,
) -> list[Path]:
    names, written = film_names(analyses), []
    for analysis in analyses:
        name = names.get(analysis.recording.id)
        if name is None:
            continue
        with new_file(folder / name) as part:
            write_overlay(
                analysis,
                part,
                blurred=settings.blur,
                words=words(settings.lang),
                progress=progress,
            )
        written.append(folder / name)
    return written


def _roll_offs(analyses: Sequence[Analysis], folder: Path) -> list[Path]:
    """Write the roll-off on each plate, several times slower than life."""
    names, written = roll_off_names(analyses), []
    for analysis in analyses:
        name = names.get(analysis.recording.id)
        rate = analysis.recording.rate_hz
        if name is None or rate is None:
            continue
        file = folder / name
        file.parent.mkdir(exist_ok=True)
        feet = [foot for plate in analysis.plates for foot in plate.feet]
        write_video(
            file, roll_off_film(feet), rate_hz=rate / SLOWER, encoding=Encoding()
        )
        written.append(file)
    return written


def _write(file: Path, content: bytes) -> Path:
    with new_file(file) as part:
        part.write_bytes(content)
    return file


def to_html(context: Context, *, page: PageOne | None = None) -> str:
    """Return the report as a complete HTML document, page one before everything else.

    Styles, drawings and pictures are inside; the page forbids itself by a content
    security policy to load anything else.
    """
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("gaitkit.report", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    folder = resources.files("gaitkit.report") / "templates"
    css = (folder / STYLE).read_text(encoding="utf-8")
    template = environment.get_template(TEMPLATE)
    return template.render(report=context, page=page, css=css).lstrip()
