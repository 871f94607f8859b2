"""The drawing of both kinetic chains, and what may be said of each link."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from gaitkit.model.catalogue import definition
from gaitkit.model.chance import reaches
from gaitkit.plots.chain import DrawnChain, DrawnLink, LinkState, plot_chain
from gaitkit.plots.style import to_svg
from gaitkit.report.blocks import Drawing
from gaitkit.report.unconfirmed import mark
from gaitkit.rules.wording import with_error, with_unit

if TYPE_CHECKING:
    from gaitkit.model.chain import ChainLink, KineticChain
    from gaitkit.report.material import Material

NAME = "kinetic-chain"

USUAL_Z = 1.96
"""Beyond this lies 5 % of healthy adults."""


def link_state(link: ChainLink) -> LinkState:
    """Return what may be said of a link, its error taken into account.

    ``beyond`` when the true value lies outside the middle 95 % of healthy adults with
    a probability that is worded as probable, ``doubt`` while it is at least even;
    ``unjudged`` without a norm.
    """
    if link.measurement is None or link.measurement.value is None:
        return "not_measured"
    if link.z is None:
        return "unjudged"
    beyond = _p_beyond(link.z, link.z_sd or 0.0)
    if reaches(beyond, "probable"):
        return "beyond"
    return "doubt" if reaches(beyond, "even") else "normal"


def _p_beyond(z: float, sd: float) -> float:
    """Return the probability that a true z-score lies beyond `USUAL_Z` on its side."""
    if sd <= 0.0:
        return 1.0 if abs(z) > USUAL_Z else 0.0
    return 0.5 * (1.0 + math.erf((abs(z) - USUAL_Z) / (sd * math.sqrt(2.0))))


def link_value(material: Material, link: ChainLink) -> str:
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


def chain_drawing(material: Material) -> Drawing | None:
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


def _drawn(material: Material, chain: KineticChain) -> DrawnChain:
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
