"""Leg length, stance, rearfoot and chain in the report: plain words, marks, order."""

from __future__ import annotations

import base64
import re
import unicodedata
from dataclasses import replace
from html import unescape
from typing import TYPE_CHECKING

import cv2
import numpy as np
import posture_example as example
import pytest
from posture_report import visit

from gaitkit.model.leg_length import NextReading
from gaitkit.model.side import Side
from gaitkit.model.text import Text
from gaitkit.report.blocks import (
    Callout,
    Drawing,
    Paragraph,
    Points,
    Table,
    Tiles,
)
from gaitkit.report.inputs import report_inputs
from gaitkit.report.pdf import to_pdf
from gaitkit.report.sections.chain import link_state
from gaitkit.report.sections.leg_length import frequency, headline
from gaitkit.report.settings import ReportSettings
from gaitkit.report.words import marked, words
from gaitkit.report.write import context_of, to_html
from gaitkit.rules.loader import load_rules

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gaitkit.model.analysis import Analysis
    from gaitkit.model.assessment import Assessment
    from gaitkit.model.leg_length import LegLengthEstimate
    from gaitkit.model.text import Language
    from gaitkit.report.blocks import Block, Context, Section

LARGEST_PAGE = 5_000_000
POSTURE = ("chain", "leg-length", "standing", "foot")
MARKS = {"nl": "onbevestigd bij echte mensen", "en": "unconfirmed on real people"}


def context(
    assessment: Assessment, analyses: Sequence[Analysis], language: Language
) -> Context:
    settings = ReportSettings(lang=language, overlay=False)
    return context_of(
        report_inputs(assessment, analyses, rules=load_rules(), settings=settings)
    )


@pytest.fixture(scope="module")
def contexts() -> dict[Language, Context]:
    assessment, analyses = visit()
    return {
        language: context(assessment, analyses, language) for language in ("nl", "en")
    }


def section(report: Context, anchor: str) -> Section:
    return next(s for s in report.sections if s.anchor == anchor)


def strings(blocks: Sequence[Block]) -> Iterator[str]:
    """Yield every sentence of some blocks, those on drawings included."""
    for block in blocks:
        if isinstance(block, Paragraph):
            yield block.text
        elif isinstance(block, Callout | Points):
            yield from (block.title, *block.items)
        elif isinstance(block, Drawing):
            yield from (block.caption, block.alt)
            yield from re.findall(r"<text[^>]*>([^<]*)</text>", block.svg)
        elif isinstance(block, Tiles):
            for tile in block.tiles:
                yield f"{tile.label}: {tile.value} {tile.unit} {tile.note}"
        elif isinstance(block, Table):
            yield from (
                " | ".join((cell.text, *cell.notes))
                for group in block.groups
                for row in group.rows
                for cell in row.cells
            )


def text_of(report: Context, anchor: str) -> str:
    joined = "\n".join(strings(section(report, anchor).blocks))
    return unicodedata.normalize("NFKC", joined)


def test_the_best_estimate_stands_first_and_in_plain_words(
    contexts: dict[Language, Context],
) -> None:
    dutch, english = (
        next(strings(section(contexts[key], "leg-length").blocks))
        for key in ("nl", "en")
    )
    assert unicodedata.normalize("NFKC", dutch) == (
        "Het linkerbeen is waarschijnlijk (kans meer dan 99 %) langer. "
        "Beste schatting 7,1 mm; 95 %-interval 2,6 tot 11,7 mm."
    )
    assert unicodedata.normalize("NFKC", english).startswith(
        "The left leg is probably (chance more than 99 %) longer. Best estimate 7.1 mm"
    )


def said(estimate: LegLengthEstimate) -> str:
    return unicodedata.normalize("NFKC", headline(estimate, words("nl")))


def test_a_right_leg_that_is_longer_is_told_with_the_same_numbers() -> None:
    left, right = said(example.estimate()), said(example.estimate(sign=-1.0))
    assert right == left.replace("linkerbeen", "rechterbeen")


def test_an_interval_across_zero_says_what_below_zero_means() -> None:
    text = said(
        replace(
            example.estimate(), mean_mm=6.6, low_mm=-0.5, high_mm=13.7,
            p_left_longer=0.966, curve_mm=(),
        )
    )  # fmt: skip
    assert text == (
        "Het linkerbeen is waarschijnlijk (kans 97 %) langer. Beste schatting 6,6 mm; "
        "95 %-interval −0,5 tot 13,7 mm. "
        "Onder nul betekent: dan is het rechterbeen langer."
    )


def test_no_leg_is_named_as_longer_when_that_is_not_known() -> None:
    text = said(
        replace(
            example.estimate(), mean_mm=-1.2, low_mm=-9.0, high_mm=6.5,
            p_left_longer=0.38, curve_mm=(),
        )
    )  # fmt: skip
    assert text.startswith("Welk been langer is, valt niet te zeggen. Beste schatting")
    assert "rechterbeen 1,2 mm langer; 95 %-interval −6,5 tot 9,0 mm" in text


def test_an_old_assessment_without_curves_keeps_its_probabilities() -> None:
    old = replace(example.estimate(), curve_mm=(), p_over_5=0.67, p_left_longer=0.9)
    assert old.chance_over(5.0).least == 0.67
    assert old.chance_over(0.0, way="right").least == pytest.approx(0.1)
    assert 0.0 < old.chance_over(7.0, way="left").least < 0.6


@pytest.mark.parametrize(
    ("probability", "dutch"),
    [(0.0, "minder dan 1"), (0.004, "minder dan 1"), (0.18, "18"), (0.67, "67"),
     (0.999, "meer dan 99"), (1.0, "meer dan 99")],
)  # fmt: skip
def test_a_probability_is_told_of_a_hundred_people_and_never_as_none_or_all(
    probability: float, dutch: str
) -> None:
    assert frequency(probability, words("nl")) == dutch


def test_probabilities_of_size_and_side_are_natural_frequencies(
    contexts: dict[Language, Context],
) -> None:
    estimate = example.estimate()
    text = text_of(contexts["nl"], "leg-length")
    over_5, over_10 = (
        round(100 * estimate.chance_over(limit).least) for limit in (5.0, 10.0)
    )
    assert f"ongeveer {over_5} een verschil van meer dan 5 mm, {over_10} van" in text
    assert "minder dan 1 van meer dan 20 mm" in text
    assert "Linkerbeen langer: > 99 van de 100" in text


def test_every_method_has_value_error_weight_and_what_it_alone_would_say(
    contexts: dict[Language, Context],
) -> None:
    text = text_of(contexts["nl"], "leg-length")
    for cell in ("10,0 ± 9,8 mm", "24 %", "6,3 ± 7,8 mm"):
        assert cell in text
    assert "metingen: 3, onderzoekers: 2" in text
    assert "Lichaamspunten tonen maar een deel van de scheefstand." in text


def test_contradictions_and_what_is_functional_are_said_with_what_to_do(
    contexts: dict[Language, Context],
) -> None:
    text = text_of(contexts["nl"], "leg-length")
    assert "spreken elkaar tegen. Herhaal met een tweede onderzoeker." in text
    assert "het linkerbeen 2,2 ± 0,9 mm korter lijken." in text
    assert "Herhaal eerst de methoden die elkaar tegenspreken" in text
    assert "Meet opnieuw met de voet in neutrale stand" in text


def test_a_sure_estimate_asks_for_nothing_more() -> None:
    assessment, analyses = visit()
    tape, block, *_ = example.methods()
    sure = replace(
        example.estimate(sd_mm=1.5), methods=(tape, block), disagreements=(),
        functional=(), unconfirmed=False, p_over_5=0.97,
    )  # fmt: skip
    report = context(replace(assessment, leg_length=sure), analyses, "nl")
    assert "De metingen zijn samen zeker genoeg" in text_of(report, "leg-length")


def test_one_method_alone_asks_for_another() -> None:
    assessment, analyses = visit()
    tape = example.methods()[0]
    second = NextReading(
        label=Text(nl="blokjes", en="blocks"), minutes=4.0, bits=0.4, decides=0.31
    )
    alone = replace(
        example.estimate(), methods=(tape,), kinds=("tape",), next_readings=(second,)
    )
    report = context(replace(assessment, leg_length=alone), analyses, "nl")
    text = text_of(report, "leg-length")
    assert "Er telt maar één methode mee." in text
    assert "blokjes: ongeveer 4 minuten (aangenomen), kans op een besluit 31" in text


def test_the_order_is_that_of_the_examination(
    contexts: dict[Language, Context],
) -> None:
    order = [s.anchor for s in contexts["nl"].sections]
    wanted = ["subject", "measures", *POSTURE, "findings", "plan", "quality"]
    assert [anchor for anchor in order if anchor in wanted] == wanted


@pytest.mark.parametrize("language", ["nl", "en"])
def test_what_is_unconfirmed_says_so_beside_its_number(
    contexts: dict[Language, Context], language: Language
) -> None:
    mark, report = MARKS[language], contexts[language]
    for anchor, numbers in (
        ("leg-length", ("7,4 ± 5,9 mm", "−2,0 ± 27,4 mm")),
        ("foot", ("10,5°", "7,1°")),
        ("chain", ("10,5 ± 1,8°",)),
        ("measures", ("10,5°", "4,6°")),
    ):
        cells = [
            text
            for text in strings(section(report, anchor).blocks)
            if " | " in text and mark in text
        ]
        shown = [n if language == "nl" else n.replace(",", ".") for n in numbers]
        texts = unicodedata.normalize("NFKC", "\n".join(cells))
        assert all(number in texts for number in shown), anchor
    standing = text_of(report, "standing")
    assert standing.count(mark) >= 6
    confirmed = [
        text
        for text in strings(section(report, "leg-length").blocks)
        if "8,6" in text or "8.6" in text
    ]
    assert not any(mark in text for text in confirmed)


def test_a_block_line_is_unconfirmed_where_its_method_is() -> None:
    assessment, analyses = visit()
    line = replace(example.block_line(), unconfirmed=False)
    first = replace(analyses[1], block_lines=(line,))
    method = replace(example.methods()[2], method="block_test_stickers")
    for unconfirmed in (True, False):
        estimate = replace(
            example.estimate(), methods=(replace(method, unconfirmed=unconfirmed),)
        )
        changed = replace(assessment, leg_length=estimate)
        text = text_of(context(changed, (first,), "nl"), "standing")
        said = f"uit stickers) ({MARKS['nl']})."
        assert (said in text) == unconfirmed


@pytest.mark.parametrize("language", ["nl", "en"])
def test_what_unconfirmed_means_is_explained_once(
    contexts: dict[Language, Context], language: Language
) -> None:
    explained = words(language)("unconfirmed.text")
    assert unescape(to_html(contexts[language])).count(explained) == 1


def test_nothing_is_marked_when_everything_is_confirmed() -> None:
    assessment, analyses = visit()
    tape, block, *_ = example.methods()
    report = context(
        replace(
            assessment,
            measurements=tuple(
                replace(m, unconfirmed=False) for m in assessment.measurements
            ),
            leg_length=replace(
                example.estimate(), methods=(tape, block), unconfirmed=False
            ),
            chains=(),
        ),
        tuple(
            replace(a, block_lines=(), measurements=())
            for a in analyses
            if a.recording.kind != "block_test"
        ),
        "nl",
    )
    assert MARKS["nl"] not in to_html(report)


def test_numbers_in_dutch_have_a_decimal_comma(
    contexts: dict[Language, Context],
) -> None:
    for anchor in POSTURE:
        for text in strings(section(contexts["nl"], anchor).blocks):
            if not text.startswith("Bronnen:"):
                assert not re.search(r"\d\.\d", text), text
    for anchor in POSTURE:
        for text in strings(section(contexts["en"], anchor).blocks):
            assert not re.search(r"\d,\d", text), text


def test_the_block_that_levels_the_pelvis_is_told_with_foot_and_interval(
    contexts: dict[Language, Context],
) -> None:
    text = text_of(contexts["nl"], "standing")
    assert (
        "Een blokje van 7,4 mm onder de rechtervoet zet het bekken recht (95 %: 4,6 "
        "tot 10,2 mm; uit stickers) (onbevestigd bij echte mensen)." in text
    )
    assert "Maak nog een foto met een blokje van 10 mm onder de rechtervoet." in text
    assert "stance_2: De camera staat 15° scheef. Zet de camera recht." in text


def test_a_block_line_whose_interval_holds_zero_says_that_it_cannot_tell_yet() -> None:
    assessment, analyses = visit()
    wide = replace(example.block_line(), levelling_mm=-3.0, low_mm=-9.0, high_mm=3.0)
    first = replace(analyses[1], block_lines=(wide,))
    text = text_of(context(assessment, (first,), "nl"), "standing")
    assert (
        "nog niet te zeggen: de beste schatting is 3,0 mm onder de linkervoet (95 %: "
        "−3,0 tot 9,0 mm; uit stickers) (onbevestigd bij echte mensen)." in text
    )


def test_lines_are_told_in_words_and_a_small_difference_as_none(
    contexts: dict[Language, Context],
) -> None:
    text = text_of(contexts["nl"], "standing")
    assert "Bekken (SIPS): links 8,0 ± 2,5 mm hoger," in text
    assert "Enkels: geen aantoonbaar verschil (0,0 ± 2,5 mm)," in text
    assert "Achtervoet links: 7,1 ± 0,8° eversie" in text


def test_links_signs_and_origin_of_the_chain_are_told_for_each_side(
    contexts: dict[Language, Context],
) -> None:
    text = text_of(contexts["nl"], "chain")
    assert "Links: kan beginnen bij de voet" in text
    assert "Rechts: begin niet te zeggen" in text
    assert "13,4 ± 4,7°" in text
    assert re.search(r"2,4 ± 1,\d \| twijfel", text)
    assert "ja | kans 94 %" in text
    assert "Onderbeen, Romp. Van achteren is deze maat niet te zien." in text


def test_a_finding_looked_at_from_two_sides_is_told_once() -> None:
    assessment, analyses = visit()
    left, right = example.chains()
    yes = replace(left.signs[0], probability=1.0)
    no = replace(yes, speaks_for="from_above", state="absent", probability=0.0)
    chains = (replace(left, signs=(no, yes)), replace(right, signs=(no,)))
    changed = replace(assessment, chains=chains)
    section_ = section(context(changed, analyses, "nl"), "chain")
    (signs,) = (
        block
        for block in section_.blocks
        if isinstance(block, Table) and len(block.columns) == 3
    )
    found = [[c.text for c in row.cells[1:]] for g in signs.groups for row in g.rows]
    assert found == [["voet", "ja"], ["heup, romp", "nee"]]
    assert not any(cell.notes for g in signs.groups for r in g.rows for cell in r.cells)


def test_the_mark_stands_in_the_first_sentence() -> None:
    said = marked("Links 6,6 mm. Onder nul ook.", words("nl"), unconfirmed=True)
    assert said == "Links 6,6 mm (onbevestigd bij echte mensen). Onder nul ook."
    assert marked("Een.", words("nl"), unconfirmed=False) == "Een."


@pytest.mark.parametrize(
    ("z", "sd", "state"),
    [(0.5, 0.4, "normal"), (2.2, 0.4, "doubt"), (3.5, 0.4, "beyond"),
     (-3.5, 0.4, "beyond"), (2.1, 0.0, "beyond"), (None, None, "unjudged")],
)  # fmt: skip
def test_a_link_is_beyond_what_is_usual_only_when_its_error_allows(
    z: float | None, sd: float | None, state: str
) -> None:
    link = next(x for x in example.chains()[0].links if x.name == "hip")
    assert link_state(replace(link, z=z, z_sd=sd)) == state


def test_without_leg_length_stance_rearfoot_and_chain_their_chapters_are_gone() -> None:
    assessment, analyses = visit()
    bare = replace(
        assessment, leg_length=None, chains=(), recordings=assessment.recordings[5:6],
        measurements=(),
    )  # fmt: skip
    walk = replace(analyses[-1], rearfoot=(), measurements=())
    report = context(bare, (walk,), "nl")
    assert not set(POSTURE) & {s.anchor for s in report.sections}


def test_the_foot_in_the_other_sources_says_what_the_rearfoot_needs() -> None:
    assessment, _ = visit()
    by_hand = tuple(
        m for m in assessment.measurements if m.name == "foot_posture_index"
    )
    arch = tuple(
        replace(
            by_hand[0], name="arch_index", unit="1", value=0.25, side=side, low=0.2,
            high=0.3, recording="plate",
        )
        for side in Side
    )  # fmt: skip
    report = context(replace(assessment, measurements=(*by_hand, *arch)), (), "nl")
    text = text_of(report, "foot")
    assert "stickers op kuit, achillespees en hiel nodig" in text


def test_the_pdf_is_set_and_the_page_stays_small(
    contexts: dict[Language, Context],
) -> None:
    assert len(to_html(contexts["nl"]).encode()) < LARGEST_PAGE
    pdf = to_pdf(contexts["en"])
    assert b"/StructTreeRoot" in pdf
    assert len(pdf) < LARGEST_PAGE


def pictures(report: Context) -> list[np.ndarray]:
    """Return every photograph in the drawings of the standing person."""
    found = []
    for block in section(report, "standing").blocks:
        if isinstance(block, Drawing):
            assert "image/png" not in block.svg
            for coded in re.findall(r"image/jpeg;base64,([A-Za-z0-9+/=]+)", block.svg):
                raw = np.frombuffer(base64.b64decode(coded), dtype=np.uint8)
                found.append(cv2.imdecode(raw, cv2.IMREAD_COLOR))
    return found


def test_no_head_reaches_the_page_and_pictures_are_small(
    contexts: dict[Language, Context],
) -> None:
    found = pictures(contexts["nl"])
    assert len(found) == 6
    for picture in found:
        assert picture.shape[0] <= 620
        fine = np.abs(np.diff(picture.astype(int), axis=1)).max(axis=2)
        assert (fine > 150).mean() < 0.002
    head = example.stance().picture[60:200, 300:420].astype(int)
    assert (np.abs(np.diff(head, axis=1)).max(axis=2) > 150).mean() > 0.05
