"""The kinetic chain of both sides: drawing, links, signs, and where it may begin.

The drawing of both kinetic chains, and what may be said of each link.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gaitkit.measure.chain.links import chance_unusual
from gaitkit.model.catalogue import definition
from gaitkit.model.chance import reaches
from gaitkit.model.wording import number, percent, sentence, with_unit
from gaitkit.plots.chain import DrawnChain, DrawnLink, LinkState, plot_chain
from gaitkit.plots.labels import label
from gaitkit.plots.style import to_svg
from gaitkit.report.blocks import (
    Callout,
    Cell,
    Column,
    Drawing,
    Paragraph,
    Points,
    Row,
    RowGroup,
    Section,
    Table,
)
from gaitkit.report.sections.measures import NOTHING
from gaitkit.report.words import mark
from gaitkit.rules.wording import with_error

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gaitkit.model.chain import ChainLink, ChainSign, KineticChain
    from gaitkit.model.reason import Reason
    from gaitkit.report.blocks import Block, Tone
    from gaitkit.report.inputs import ReportInputs

TONES: dict[str, Tone] = {"beyond": "caution", "doubt": "plain", "normal": "plain"}
FOUND_TONES: dict[str, Tone] = {
    "present": "caution",
    "absent": "quiet",
    "uncertain": "plain",
}
NAME = "kinetic-chain"


def chain(material: ReportInputs) -> Section | None:
    """Return the chain, in one line why there is none, or None when nothing is said."""
    chains = material.assessment.chains
    if not chains:
        return None
    words = material.words
    return Section(
        anchor="chain",
        title=words("chain.title"),
        intro=words("chain.intro"),
        blocks=tuple(_blocks(material, chains)),
    )


def _blocks(
    material: ReportInputs, chains: tuple[KineticChain, ...]
) -> Iterator[Block]:
    language = material.language
    drawing = chain_drawing(material)
    signs = _signs(material, chains)
    if drawing is None and not signs.groups:
        yield from _missing(material, chains)
        return
    if drawing is not None:
        yield drawing
    for each in chains:
        yield Callout(
            title=origin_text(material, each),
            items=(each.text.of(language),),
            tone="plain",
        )
    links = _links(material, chains)
    if links.groups:
        yield links
    if signs.groups:
        yield signs
        yield from _sources(material, chains)
    yield from _missing(material, chains)
    yield from _unmeasured_signs(material, chains)


def origin_text(material: ReportInputs, each: KineticChain) -> str:
    """Return a side and where its chain may begin."""
    words = material.words
    side = words(f"measures.{each.side}")
    return words(
        "chain.origin_side", side=side, origin=words(f"chain.{each.origin}").lower()
    )


def _links(material: ReportInputs, chains: tuple[KineticChain, ...]) -> Table:
    words = material.words
    groups = []
    for each in chains:
        rows = tuple(
            _link(material, link)
            for link in each.links
            if link.measurement is not None and link.measurement.value is not None
        )
        if rows:
            title = words(f"measures.{each.side}")
            groups.append(RowGroup(title=title, rows=rows))
    return Table(
        caption=words("chain.links_caption"),
        columns=(
            Column(label=words("chain.link")),
            Column(label=words("chain.value"), numeric=True),
            Column(label=words("chain.healthy"), numeric=True),
            Column(label=words("chain.z"), numeric=True),
            Column(label=words("chain.peak"), numeric=True),
        ),
        groups=tuple(groups),
    )


def _link(material: ReportInputs, link: ChainLink) -> Row:
    words, language = material.words, material.language
    found = link.measurement
    if found is None:
        return Row(cells=())
    entry, state = definition(found.name), link_state(link)
    said = label(f"chain.{state}", language)
    healthy, z, peak = (Cell(text=NOTHING, tone="quiet") for _ in range(3))
    if link.norm_mean is not None and link.norm_sd is not None:
        parts = (
            number(x, entry.digits, language) for x in (link.norm_mean, link.norm_sd)
        )
        assumed = () if link.norm_confirmed else (words("chain.norm_unconfirmed"),)
        healthy = Cell(
            text=with_unit("{} ({})".format(*parts), found.unit),
            notes=assumed,
        )
    if link.z is not None:
        text = number(link.z, 1, language)
        if link.z_sd is not None:
            text = with_error(link.z, link.z_sd, digits=1, language=language)
        z = Cell(text=text, notes=(said,), tone=TONES.get(state, "plain"))
    if link.peak_time_pct is not None:
        peak = Cell(text=with_unit(number(link.peak_time_pct, 0, language), "%"))
    name = label(f"chain.{link.name}", language)
    marks = mark(words, unconfirmed=found.unconfirmed)
    return Row(
        cells=(
            Cell(text=name, notes=(entry.label.of(language),)),
            Cell(text=link_value(material, link), notes=marks),
            healthy,
            z,
            peak,
        )
    )


def _signs(material: ReportInputs, chains: tuple[KineticChain, ...]) -> Table:
    words = material.words
    groups = []
    for each in chains:
        rows = tuple(_sign(material, sign) for sign in _telling(each.signs))
        if rows:
            title = words(f"measures.{each.side}")
            groups.append(RowGroup(title=title, rows=rows))
    return Table(
        caption=words("chain.signs_caption"),
        columns=(
            Column(label=words("chain.sign")),
            Column(label=words("chain.speaks_for")),
            Column(label=words("chain.found")),
        ),
        groups=tuple(groups),
    )


def _telling(signs: tuple[ChainSign, ...]) -> Iterator[ChainSign]:
    """Yield the signs that were measured, each finding once.

    One finding may be looked at from two sides (a strong hip speaks for the foot, a
    weak one for the hip): the side from which it is a sign is shown then.
    """
    measured = [sign for sign in signs if sign.state != "not_measured"]
    shown = {sign.text for sign in measured if sign.state != "absent"}
    for sign in measured:
        if sign.state != "absent":
            yield sign
        elif sign.text not in shown:
            shown.add(sign.text)
            yield sign


def _sign(material: ReportInputs, sign: ChainSign) -> Row:
    words, language = material.words, material.language
    notes: tuple[str, ...] = ()
    if sign.probability is not None and 0.0 < sign.probability < 1.0:
        chance = percent(sign.probability, language)
        notes = (words("chain.chance", percent=chance),)
    return Row(
        cells=(
            Cell(text=sentence(sign.text.of(language))),
            Cell(text=words(f"chain.for_{sign.speaks_for}")),
            Cell(
                text=words(f"chain.{sign.state}"),
                notes=notes,
                tone=FOUND_TONES[sign.state],
            ),
        )
    )


def _sources(
    material: ReportInputs, chains: tuple[KineticChain, ...]
) -> Iterator[Block]:
    keys = dict.fromkeys(
        key
        for each in chains
        for sign in each.signs
        if sign.state != "not_measured"
        for key in sign.evidence
    )
    if keys:
        sources = "; ".join(material.citation(key) for key in keys)
        yield Paragraph(text=material.words("chain.sources", sources=sources))


def _missing(
    material: ReportInputs, chains: tuple[KineticChain, ...]
) -> Iterator[Block]:
    """Yield the links without a number, gathered by the reason that they share."""
    words, language = material.words, material.language
    gathered: dict[Reason, dict[str, list[str]]] = {}
    for each in chains:
        for link in each.links:
            if link.why_missing is not None:
                name = label(f"chain.{link.name}", language)
                sides = gathered.setdefault(link.why_missing, {}).setdefault(name, [])
                sides.append(words(f"side.{link.side}"))
    items = tuple(
        words(
            "chain.missing_item",
            links=", ".join(_named(name, sides) for name, sides in links.items()),
            why=reason.text.of(language),
            advice=reason.advice.of(language),
        )
        for reason, links in gathered.items()
    )
    if items:
        yield Points(title=words("chain.missing"), items=items, tone="quiet")


def _named(name: str, sides: list[str]) -> str:
    return name if len(sides) > 1 else f"{name} {sides[0]}"


def _unmeasured_signs(
    material: ReportInputs, chains: tuple[KineticChain, ...]
) -> Iterator[Block]:
    words, language = material.words, material.language
    found = dict.fromkeys(
        sign.text.of(language).removesuffix(".")
        for each in chains
        for sign in each.signs
        if sign.state == "not_measured"
    )
    if found:
        text = sentence(f"{'; '.join(found)}.")
        title = words("chain.signs_missing")
        yield Points(title=title, items=(text,), tone="quiet")


def link_state(link: ChainLink) -> LinkState:
    """Return what may be said of a link, its error taken into account.

    ``beyond`` when the true value lies outside the middle 95 % of healthy adults with
    a probability that is worded as probable, ``doubt`` while it is at least even;
    ``unjudged`` without a norm or an error.
    """
    if link.measurement is None or link.measurement.value is None:
        return "not_measured"
    beyond = chance_unusual(link)
    if beyond is None:
        return "unjudged"
    if reaches(beyond, "probable"):
        return "beyond"
    return "doubt" if reaches(beyond, "even") else "normal"


def link_value(material: ReportInputs, link: ChainLink) -> str:
    """Return the number of a link with its standard error, or nothing."""
    found = link.measurement
    if found is None or found.value is None:
        return ""
    digits, language = definition(found.name).digits, material.language
    if found.sd is None:
        text = with_error(found.value, 0.0, digits=digits, language=language)
        text = text.split(" ± ", maxsplit=1)[0]
    else:
        text = with_error(found.value, found.sd, digits=digits, language=language)
    return with_unit(text, found.unit)


def chain_drawing(material: ReportInputs) -> Drawing | None:
    """Return both chains on a body from behind; None when no link was measured."""
    chains = material.assessment.chains
    if not any(link.measurement for chain in chains for link in chain.links):
        return None
    words, language = material.words, material.language
    drawn = tuple(_drawn(material, chain) for chain in chains)
    said = " ".join(chain.text.of(language) for chain in chains)
    alt = words("chain.alt", said=said)
    ax = plot_chain(drawn, language=language)
    return Drawing(
        name=NAME,
        svg=to_svg(ax, name=NAME, title=alt),
        caption=words("chain.caption"),
        alt=alt,
    )


def _drawn(material: ReportInputs, chain: KineticChain) -> DrawnChain:
    words = material.words
    links = tuple(
        DrawnLink(
            name=link.name,
            side=link.side,
            state=link_state(link),
            value=link_value(material, link),
            note="".join(
                mark(
                    words,
                    unconfirmed=link.measurement is not None
                    and link.measurement.unconfirmed,
                )
            ),
        )
        for link in chain.links
    )
    return DrawnChain(
        side=chain.side,
        links=links,
        origin=chain.origin,
        origin_text=words(f"chain.{chain.origin}"),
    )
