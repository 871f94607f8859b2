"""The letter to the patient: plain words, the numbers of the report, one page."""

from __future__ import annotations

import dataclasses
import math
import re
import shutil
import subprocess
import tomllib
from datetime import date
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any, get_args

import assessment_example
import pytest

from gaitkit.model.catalogue import definition
from gaitkit.model.decisions import PlanEdit, PlanEdits
from gaitkit.model.leg_length import LegLengthEstimate, MethodEvidence, PriorPart
from gaitkit.model.measurement import Measurement
from gaitkit.model.plan import FollowUp, Plan, Suggestion, SuggestionKind, Triage
from gaitkit.model.side import Side
from gaitkit.model.text import Text
from gaitkit.report.inputs import report_inputs
from gaitkit.report.letter import Letter, letter_of, letter_texts
from gaitkit.report.pdf import letter_to_pdf, to_pdf
from gaitkit.report.settings import ReportSettings
from gaitkit.report.words import glossary
from gaitkit.report.write import context_of, to_html
from gaitkit.rules.loader import load_rules

if TYPE_CHECKING:
    from pathlib import Path

    from gaitkit.model.assessment import Assessment
    from gaitkit.model.text import Language
    from gaitkit.report.inputs import ReportInputs
    from gaitkit.rules.rule import RuleSet

LONGEST_SENTENCE = 22
MEAN_SENTENCE = 12
"""Words; B1 asks for about fifteen at most in a usual sentence."""

NOTHING = Text(nl="x", en="x")


def measured(name: str, value: float, side: Side | None = None) -> Measurement:
    """Return a value by video with the error of the catalogue."""
    entry = definition(name)
    error = entry.error("video")
    sd = error.sd if error is not None else 1.0
    return Measurement(
        name=name, unit=entry.unit, value=value, side=side, sd=sd, low=value - 2 * sd,
        high=value + 2 * sd, n=12, method="video", recording="video_1",
    )  # fmt: skip


def suggested(kind: str, element: str | None = None, **more: Any) -> Suggestion:
    """Return a suggestion; its own text is for the therapist."""
    return Suggestion(kind=kind, element=element, text=NOTHING, rule="L03", **more)  # type: ignore[arg-type]


RAISE = suggested(
    "heel_raise", "heel_raise", side=Side.RIGHT, amount=3.0, unit="mm",
    location="in_insole", steps=(3.0, 5.0, 7.5),
)  # fmt: skip
FULL = Plan(
    status="suggestions",
    triage=Triage(status="clear"),
    suggestions=(
        RAISE,
        suggested("insole_element", "medial_rearfoot_post", side=Side.LEFT, amount=2.0,
                  unit="deg"),
        suggested("insole_element", "heel_cup", side=Side.LEFT, amount=15.0, unit="mm"),
        suggested("shoe_advice", "shoe_checklist"),
        suggested("collaboration", "muscle_or_joint"),
        suggested("collaboration", "yellow_flags"),
        suggested("retest"),
        suggested("advice", "keep_moving"),
        suggested("advice", "risk_factors"),
        suggested("advice", "all_shoes"),
    ),
    follow_up=FollowUp(from_=date(2026, 5, 1), to=date(2026, 5, 29)),
)  # fmt: skip


def withheld(status: str) -> Plan:
    """Return a plan that the triage withholds."""
    return Plan(status="withheld", triage=Triage(status=status), reason=NOTHING)  # type: ignore[arg-type]


def legs(mean_mm: float, p_left_longer: float) -> LegLengthEstimate:
    """Return an estimate of the difference from one method."""
    grid = tuple(float(x) for x in range(-30, 31))
    density = tuple(math.exp(-0.5 * ((x - mean_mm) / 3.0) ** 2) / 7.5 for x in grid)
    blocks = MethodEvidence(
        method="block_test", label=Text(nl="Blokjestest", en="Block test"),
        value_mm=mean_mm, sd_mm=5.0, weight=1.0, alone_mm=mean_mm, alone_sd_mm=3.0,
    )  # fmt: skip
    return LegLengthEstimate(
        prior="clinic", prior_parts=(PriorPart(weight=1.0, sd_mm=6.5),),
        methods=(blocks,), mean_mm=mean_mm, sd_mm=3.0, low_mm=mean_mm - 6,
        high_mm=mean_mm + 6, p_over_5=0.8, p_over_10=0.3, p_over_20=0.0,
        p_left_longer=p_left_longer, curve_mm=grid, prior_density=density,
        posterior_density=density,
    )  # fmt: skip


@pytest.fixture(scope="module")
def visit() -> Assessment:
    """Return a visit with a full plan, a stiff left knee and a longer left leg."""
    plain = assessment_example.assessment()
    both = {
        "step_length": (0.62, 0.66),
        "stance": (63.4, 60.1),
        "knee_flexion_swing_peak": (41.2, 62.5),
    }
    sided = (
        measured(name, value, side)
        for name, values in both.items()
        for side, value in zip(Side, values, strict=True)
    )
    return dataclasses.replace(
        plain,
        measurements=(
            measured("walking_speed", 1.17), measured("cadence", 110.4), *sided,
        ),
        plan=FULL,
        findings=(),
        leg_length=legs(8.37, 0.99),
        visited_on=date(2026, 3, 19),
    )  # fmt: skip


@cache
def rules() -> RuleSet:
    """Return the rules, read once."""
    return load_rules()


def material(assessment: Assessment, language: Language = "nl") -> ReportInputs:
    """Return what the report and the letter are made of, without pictures."""
    settings = ReportSettings(lang=language)
    return report_inputs(assessment, (), rules=rules(), settings=settings)


def letter(assessment: Assessment, language: Language = "nl") -> Letter:
    """Return the letter."""
    return letter_of(material(assessment, language), glossary())


def told(assessment: Assessment, language: Language = "nl") -> str:
    """Return the letter as running text."""
    return "\n".join(letter_texts(letter(assessment, language)))


def with_plan(assessment: Assessment, plan: Plan) -> Assessment:
    """Return a visit with another plan."""
    return dataclasses.replace(assessment, plan=plan)


def numbers(text: str) -> set[str]:
    """Return every number in a text as it is written."""
    return set(re.findall(r"\d+(?:[.,]\d+)?", text))


def pdf_text(pdf: bytes, folder: Path) -> str:
    """Return the text of a PDF, or skip where no program can read it."""
    program = shutil.which("pdftotext")
    if program is None:
        pytest.skip("pdftotext (poppler-utils) is not installed")
    file = folder / "document.pdf"
    file.write_bytes(pdf)
    found = subprocess.run(
        [program, "-layout", str(file), "-"], capture_output=True, check=True
    )
    return found.stdout.decode("utf-8")


def test_the_letter_tells_what_was_measured_seen_and_proposed(
    visit: Assessment,
) -> None:
    text = told(visit)
    for sentence in (
        "We hebben u gefilmd terwijl u liep.",
        "U liep ongeveer 4 kilometer per uur.",
        "U zette 110 stappen per minuut.",
        "Een stap met links was 0,62 meter, met rechts 0,66 meter. Dat verschil",
        "Uw linkerknie boog 41,2 graden bij het naar voren zwaaien, uw rechterknie",
        "Uw linkerbeen is waarschijnlijk langer dan het andere been: ongeveer 8 "
        "millimeter. Precies weten we dat niet (tussen 2 en 14).",
        "Een verhoging onder uw rechterhiel, in de zool. We beginnen met 3 millimeter.",
        "stapjes omhoog: 5 millimeter en 7,5 millimeter.",
        "onder de binnenkant van uw linkerhiel: 2 graden.",
        "Wandelen, zwemmen en fietsen",
        "We zien u graag terug tussen 01-05-2026 en 29-05-2026.",
        "Uw podotherapeut beslist.",
    ):
        assert sentence in text


def test_a_difference_that_cannot_be_shown_is_left_out(visit: Assessment) -> None:
    stance = (measured("stance", 61.0, Side.LEFT), measured("stance", 60.8, Side.RIGHT))
    others = tuple(m for m in visit.measurements if m.name != "stance")
    alike = dataclasses.replace(visit, measurements=(*others, *stance))
    assert "procent van de tijd op de grond" not in told(alike)


@pytest.mark.parametrize("language", ["nl", "en"])
def test_report_page_report_pdf_and_letter_carry_the_same_numbers(
    visit: Assessment, language: Language, tmp_path: Path
) -> None:
    source = material(visit, language)
    context = context_of(source)
    page = re.sub(r"<style.*?</style>|<[^>]+>", " ", to_html(context), flags=re.DOTALL)
    document = pdf_text(to_pdf(context), tmp_path)
    own = letter_of(source, glossary())
    # speed and leg length are told in whole everyday units, below
    told_round = ("kilomet", "linkerbeen", "left leg")
    items = [i for part in own.parts if part.items for i in part.items]
    exact = [i for i in items if not any(word in i for word in told_round)]
    assert len(items) - len(exact) == 2
    stated = numbers(" ".join(exact))
    assert len(stated) >= 9
    assert stated <= numbers(page)
    assert stated <= numbers(document)
    printed = pdf_text(letter_to_pdf(own), tmp_path)
    assert stated <= numbers(printed)


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("status", ["clear", "incomplete", "refer", "stop"])
def test_a_letter_is_one_tagged_page_of_a4(
    visit: Assessment, status: str, language: Language, tmp_path: Path
) -> None:
    plan = FULL if status == "clear" else withheld(status)
    pdf = letter_to_pdf(letter(with_plan(visit, plan), language))
    assert b"/MarkInfo" in pdf
    assert b"/StructTreeRoot" in pdf
    assert re.search(rb"/Lang\s*\(" + language.encode(), pdf)
    assert re.search(rb"/MediaBox\s*\[0 0 595\.27\d+ 841\.8\d+\]", pdf)
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) == 1


@pytest.mark.parametrize(
    ("status", "needed"),
    [
        ("incomplete", "nog een paar vragen stellen"),
        ("refer", "Ga eerst naar uw huisarts"),
        ("stop", "Bel nu uw huisarts"),
    ],
)
def test_a_withheld_plan_says_what_is_needed_and_proposes_nothing(
    visit: Assessment, status: str, needed: str
) -> None:
    text = told(with_plan(visit, withheld(status)))
    assert needed in text
    assert "Wat is nu nodig?" in text
    assert "verhoging onder" not in text
    assert "Wat stellen we voor?" not in text


def test_after_a_stop_the_letter_says_nothing_else(visit: Assessment) -> None:
    own = letter(with_plan(visit, withheld("stop")))
    assert [part.title for part in own.parts] == [
        "Wat is nu nodig?", "Tot de huisarts u heeft gezien", "Hoe gaat het verder?",
    ]  # fmt: skip
    assert numbers(" ".join(t for p in own.parts for t in p.text)) == set()


@pytest.mark.parametrize("status", ["incomplete", "refer", "stop"])
@pytest.mark.parametrize("language", ["nl", "en"])
def test_no_word_frightens(visit: Assessment, status: str, language: Language) -> None:
    text = told(with_plan(visit, withheld(status)), language).lower()
    for word in (
        "alarm", "ernstig", "gevaar", "spoed", "ziekte", "kanker", "verlamming",
        "serious", "danger", "emergency", "disease", "cancer", "paralysis", "urgent",
    ):  # fmt: skip
        assert word not in text


@pytest.mark.parametrize("language", ["nl", "en"])
def test_no_letter_names_a_disease_or_a_chance(
    visit: Assessment, language: Language
) -> None:
    never = tomllib.loads(
        (resources.files("gaitkit.rules") / "never.toml").read_text(encoding="utf-8")
    )
    words = [word for group in never.values() for word in group]
    assert len(words) > 30
    plans = (FULL, *(withheld(status) for status in ("incomplete", "refer", "stop")))
    for plan in plans:
        text = told(with_plan(visit, plan), language).lower()
        assert [w for w in words if re.search(rf"\b{re.escape(w)}", text)] == []
        assert "kans" not in text
        assert "chance" not in text


@pytest.mark.parametrize("language", ["nl", "en"])
def test_no_term_of_the_report_stands_in_a_letter(
    visit: Assessment, language: Language
) -> None:
    text = told(visit, language).lower()
    terms = [each.term.of(language) for each in glossary().terms.values()]
    assert [term for term in terms if term in text] == []


@pytest.mark.parametrize("language", ["nl", "en"])
def test_sentences_are_short(visit: Assessment, language: Language) -> None:
    parts = letter(visit, language).parts
    texts = [t for p in parts for t in (*p.text, *p.items, *p.after)]
    sentences = re.split(r"(?<=[.?!])\s+", " ".join(texts))
    lengths = [len(sentence.split()) for sentence in sentences]
    assert max(lengths) <= LONGEST_SENTENCE
    assert sum(lengths) / len(lengths) <= MEAN_SENTENCE


@pytest.mark.parametrize(
    ("mean_mm", "p_left", "kind", "words"),
    [
        (8.4, 0.99, "imaging", "Uw linkerbeen is langer"),
        (-8.4, 0.01, "imaging", "Uw rechterbeen is langer"),
        (8.4, 0.99, "palpation", "Uw linkerbeen is waarschijnlijk langer"),
        (4.0, 0.85, "palpation", "Uw linkerbeen is waarschijnlijk langer"),
        (1.0, 0.6, "palpation", "We weten nog niet of uw benen even lang zijn."),
    ],
)
def test_a_leg_is_called_longer_only_as_surely_as_it_is(
    visit: Assessment, mean_mm: float, p_left: float, kind: str, words: str
) -> None:
    measured = dataclasses.replace(legs(mean_mm, p_left), kinds=(kind,))
    assert words in told(dataclasses.replace(visit, leg_length=measured))


def test_without_any_value_the_letter_says_so_kindly(visit: Assessment) -> None:
    empty = dataclasses.replace(visit, measurements=(), leg_length=None)
    assert "Dat ligt niet aan u." in told(empty)


def test_every_kind_of_suggestion_and_every_element_of_the_rules_has_plain_words() -> (
    None
):
    plain = glossary()
    assert set(get_args(SuggestionKind)) - {"advice"} <= set(plain.suggestions) | {
        "insole_element"
    }
    for rule in rules().rules:
        for template in rule.suggestions:
            known = plain.advice if template.kind == "advice" else plain.suggestions
            element = template.element or template.kind
            general = template.kind in {"shoe_advice", "retest", "advice"}
            assert element in known or general, f"{rule.id}: {element}"


def test_an_element_without_plain_words_is_still_told(visit: Assessment) -> None:
    odd = suggested("insole_element", "something_new", side=Side.LEFT)
    plan = dataclasses.replace(FULL, suggestions=(odd,))
    assert "Een aanpassing in de zool voor uw linkervoet." in told(
        with_plan(visit, plan)
    )


def test_the_letter_follows_what_the_therapist_decided(visit: Assessment) -> None:
    trial = suggested("heel_raise", "test_raise", side=Side.LEFT, amount=3.0, unit="mm",
                      optional=True)  # fmt: skip
    plan = dataclasses.replace(FULL, suggestions=(*FULL.suggestions, trial))
    undecided = with_plan(visit, plan)
    assert "een losse verhoging" not in told(undecided), "it is only offered"
    decisions = PlanEdits(
        edit=(
            PlanEdit(rule="L03", element="heel_cup", side=Side.LEFT, action="reject"),
            PlanEdit(rule="L03", element="heel_raise", side=Side.RIGHT,
                     action="change", amount=4.0, unit="mm"),
            PlanEdit(rule="L03", element="test_raise", side=Side.LEFT, action="accept"),
        )
    )  # fmt: skip
    text = told(dataclasses.replace(undecided, edits=decisions))
    assert "dieper kommetje" not in text
    assert "We beginnen met 4 millimeter." in text
    assert "stapjes omhoog" not in text
    assert "een losse verhoging van 3 millimeter onder uw linkerhiel" in text
