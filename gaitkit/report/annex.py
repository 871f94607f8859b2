"""The printed annex: the report without what page one or another product says.

What is left out, and why, stands in ``annex.toml``.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING

from gaitkit.doors import build, shipped_table
from gaitkit.errors import ConfigError
from gaitkit.report.words import words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gaitkit.report.blocks import Block, Cards, Context, Section
    from gaitkit.report.words import Words


BARE_CALLOUT = "bare callout"
"""A callout that only has a title."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """One entry of ``annex.toml``; its keys are told there."""

    section: str
    why: str
    kinds: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()
    drawings: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()

    @property
    def whole(self) -> bool:
        """Whether the chapter goes as a whole."""
        return not (self.kinds or self.titles or self.drawings or self.facts)

    def holds(self, block: Block, say: Words) -> bool:
        """Return whether a block of the chapter is left out."""
        title = getattr(block, "title", "")
        name = block.name if block.kind == "drawing" else ""
        bare = block.kind == "callout" and not block.items
        return (
            block.kind in self.kinds
            or (bare and BARE_CALLOUT in self.kinds)
            or (bool(title) and title in {say(key) for key in self.titles})
            or (bool(name) and name.startswith(self.drawings))
        )


@cache
def left_out() -> tuple[LeftOut, ...]:
    """Return what the annex leaves out."""
    rows = shipped_table("gaitkit.report", "annex.toml")["left_out"]
    return tuple(
        build(LeftOut, row, where="annex.toml", error=ConfigError) for row in rows
    )


def annex_of(context: Context) -> Context:
    """Return what is printed behind page one.

    Parameters
    ----------
    context : Context
        The whole report.

    Returns
    -------
    Context
        Without what ``annex.toml`` names; a chapter of which nothing is left goes, and
        so it does after a stop, when the report is the referral alone.
    """
    say = words(context.language)
    kept = (_printed(section, say) for section in context.sections)
    return replace(context, sections=tuple(s for s in kept if s is not None))


def _printed(section: Section, say: Words) -> Section | None:
    entries = [each for each in left_out() if each.section == section.anchor]
    if any(each.whole for each in entries):
        return None
    blocks = tuple(_kept(section, entries, say))
    return replace(section, blocks=blocks) if blocks else None


def _kept(section: Section, entries: list[LeftOut], say: Words) -> Iterator[Block]:
    for block in section.blocks:
        if any(each.holds(block, say) for each in entries):
            continue
        gone = {say(key) for each in entries for key in each.facts}
        yield _without(block, gone) if block.kind == "cards" and gone else block


def _without(cards: Cards, labels: set[str]) -> Cards:
    """Return cards without the facts of some labels."""
    return replace(
        cards,
        cards=tuple(
            replace(card, facts=tuple(f for f in card.facts if f.label not in labels))
            for card in cards.cards
        ),
    )
