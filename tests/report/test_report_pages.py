"""HTML and PDF hold the same sentences, ask for nothing, and read without eyes."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from html.parser import HTMLParser
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from gaitkit.report.inputs import report_inputs
from gaitkit.report.pdf import to_pdf
from gaitkit.report.settings import ReportSettings
from gaitkit.report.write import context_of, to_html
from gaitkit.rules.loader import load_rules

if TYPE_CHECKING:
    from gaitkit.model.analysis import Analysis
    from gaitkit.model.assessment import Assessment
    from gaitkit.model.text import Language
    from gaitkit.report.blocks import Context

LARGEST_PAGE = 3_000_000
VOID = {"meta", "img", "br", "link", "input"}


class Page(HTMLParser):
    """Collects what a page is made of."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.words: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, f"</{tag}> closes something else"

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.words.append(data)

    @property
    def text(self) -> str:
        """All words of the page."""
        return " ".join(" ".join(self.words).split())

    def all(self, name: str) -> list[str]:
        """Return the values of an attribute, wherever it stands."""
        return [values[name] for _, values in self.tags if name in values]


def context(assessment: Assessment, analysis: Analysis, language: Language) -> Context:
    settings = ReportSettings(lang=language)
    rules = load_rules()
    return context_of(
        report_inputs(assessment, [analysis], rules=rules, settings=settings)
    )


@pytest.fixture(scope="module")
def contexts(assessment: Assessment, analysis: Analysis) -> dict[Language, Context]:
    return {
        language: context(assessment, analysis, language) for language in ("nl", "en")
    }


@pytest.fixture(scope="module")
def pages(contexts: dict[Language, Context]) -> dict[Language, Page]:
    return {language: Page(to_html(c)) for language, c in contexts.items()}


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_page_is_well_formed_and_in_its_language(
    pages: dict[Language, Page], language: Language
) -> None:
    page = pages[language]
    assert page.open == []
    assert ("html", {"lang": language}) in page.tags
    assert page.text.startswith(("Ganganalyse", "Gait analysis"))


def test_the_page_asks_for_nothing_outside_itself(
    contexts: dict[Language, Context], pages: dict[Language, Page]
) -> None:
    page, text = pages["nl"], to_html(contexts["nl"])
    loaded = page.all("src") + page.all("xlink:href") + page.all("srcset")
    assert loaded
    assert all(value.startswith(("data:", "#")) for value in loaded)
    assert not re.search(r"@import|url\(\s*['\"]?(?!#)", text)
    names = {tag for tag, _ in page.tags}
    assert names.isdisjoint({"script", "link", "iframe", "object", "video", "audio"})
    policy = next(v for v in page.all("content") if "default-src" in v)
    assert policy.startswith("default-src 'none'")
    assert set(page.all("href")) - {h for h in page.all("href") if h[0] == "#"} == {
        "overlay.mp4"
    }


def test_the_page_is_small(contexts: dict[Language, Context]) -> None:
    assert len(to_html(contexts["nl"]).encode()) < LARGEST_PAGE


def test_ids_are_unique_and_every_link_in_the_page_leads_somewhere(
    pages: dict[Language, Page],
) -> None:
    page = pages["nl"]
    doubles = [name for name, n in Counter(page.all("id")).items() if n > 1]
    assert doubles == []
    targets = {h[1:] for h in page.all("href") + page.all("xlink:href") if h[0] == "#"}
    labels = {name for value in page.all("aria-labelledby") for name in value.split()}
    assert targets | labels <= set(page.all("id"))


def test_everything_seen_has_words_for_who_cannot_see(
    pages: dict[Language, Page],
) -> None:
    page = pages["nl"]
    pictures = [values for tag, values in page.tags if tag == "img"]
    assert len(pictures) == 10
    assert all(picture["alt"] for picture in pictures)
    drawings = [values for tag, values in page.tags if tag == "svg"]
    assert len(drawings) == 5
    assert all(drawing["role"] == "img" for drawing in drawings)
    headings = [int(tag[1]) for tag, _ in page.tags if re.fullmatch("h[1-6]", tag)]
    assert headings[0] == 1
    assert all(b - a <= 1 for a, b in pairwise(headings))
    first = next(values for tag, values in page.tags if tag == "a")
    assert first["href"] == "#content"


def test_the_pdf_is_tagged_and_holds_the_language(
    contexts: dict[Language, Context],
) -> None:
    pdf = to_pdf(contexts["nl"])
    assert pdf.startswith(b"%PDF-1.7")
    assert b"pdfuaid:part" in pdf
    assert b"/StructTreeRoot" in pdf
    assert re.search(rb"/Lang ?\(nl\)", pdf)
    assert len(pdf) < LARGEST_PAGE


DIAGNOSES = (
    "scoliose", "hernia", "artrose", "hielspoor", "fasciitis", "overpronatie",
    "platvoet", "holvoet", "hallux valgus", "parkinson", "neuropathie", "syndroom",
    "afwijkend", "pathologisch", "scoliosis", "arthritis", "osteoarthritis",
    "overpronation", "flat foot", "neuropathy", "syndrome", "abnormal", "pathological",
)  # fmt: skip


@pytest.mark.parametrize("language", ["nl", "en"])
def test_there_is_no_diagnosis_in_it(
    pages: dict[Language, Page], language: Language
) -> None:
    text = pages[language].text.lower()
    assert [word for word in DIAGNOSES if word in text] == []


def test_a_side_view_gives_no_number_of_the_frontal_plane(
    contexts: dict[Language, Context], pages: dict[Language, Page]
) -> None:
    rows = [
        row.cells[0].text
        for section in contexts["nl"].sections
        for block in section.blocks
        if block.kind == "table"
        for group in block.groups
        for row in group.rows
    ]
    assert "Knieflexiepiek in zwaai" in rows
    assert not {"Stapbreedte", "Contralaterale bekkendaling"} & set(rows)
    assert pages["nl"].text.count("Van opzij is deze maat niet te zien.") == 1 + 1


def test_a_difference_within_its_limit_is_said_not_to_be_demonstrable(
    pages: dict[Language, Page],
) -> None:
    assert pages["nl"].text.count("geen aantoonbaar verschil") >= 7
    assert pages["en"].text.count("no demonstrable difference") >= 7


def test_the_page_says_who_decides_and_what_it_is_not(
    pages: dict[Language, Page],
) -> None:
    assert pages["nl"].text.count("De podotherapeut beslist.") >= 3
    assert "niet CE-gemarkeerd" in pages["nl"].text
    assert "The podotherapist decides." in pages["en"].text
    assert "is not CE-marked" in pages["en"].text


def test_the_quality_page_names_clock_scale_strides_person_and_versions(
    pages: dict[Language, Page],
) -> None:
    text = unicodedata.normalize("NFKC", pages["nl"].text)
    for said in (
        "tijdstempel van elk beeld",
        "30,00 per seconde, constant",
        "1 overgeslagen, 0 dubbel",
        "uit de lichaamslengte",
        "1 × De schrede is niet compleet.",
        "Persoon 1, gevolgd",
        "hersteld in 4 beelden",
        "Model pose_landmark_full",
        'pose.model = "full"',
    ):
        assert said in text


def test_no_file_name_reaches_the_page(
    contexts: dict[Language, Context], analysis: Analysis
) -> None:
    assert analysis.source is not None
    assert str(analysis.source.parent) not in to_html(contexts["nl"])


def test_a_suggestion_shows_with_what_speaks_against_it(
    suggested: Assessment, analysis: Analysis
) -> None:
    page = Page(to_html(context(suggested, analysis, "en")))
    assert "Measure again" in page.text
    assert "Consider measuring again. The podotherapist decides." in page.text
    assert "Pain in walking" in page.text
