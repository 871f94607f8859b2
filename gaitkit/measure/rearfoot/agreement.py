"""Whether the sources about a foot agree, and what that says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from gaitkit.measure.rearfoot.sources import FootOpinion, Posture, opinions
from gaitkit.model.side import Side
from gaitkit.model.text import Text
from gaitkit.model.wording import SIDE_WORDS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gaitkit.model.measurement import Measurement
    from gaitkit.model.text import Language

Agreement = Literal["agree", "disagree", "one_source", "unclear", "not_measured"]

POSTURE_WORDS: dict[Posture, Text] = {
    "pronated": Text(nl="geproneerd", en="pronated"),
    "supinated": Text(nl="gesupineerd", en="supinated"),
    "neutral": Text(nl="binnen de grenzen", en="within the limits"),
    "unclear": Text(nl="niet duidelijk", en="not clear"),
}
SENTENCES: dict[Agreement, Text] = {
    "agree": Text(
        nl="Voet {side}: de bronnen zijn het eens, {posture} ({sources}).",
        en="Foot, {side}: the sources agree, {posture} ({sources}).",
    ),
    "disagree": Text(
        nl="Voet {side}: de bronnen spreken elkaar tegen ({sources}). Lopen telt "
        "zwaarder dan stand; meet de functie opnieuw voordat een correctie wordt "
        "overwogen.",
        en="Foot, {side}: the sources contradict each other ({sources}). Walking "
        "counts for more than standing; measure function again before a correction is "
        "considered.",
    ),
    "one_source": Text(
        nl="Voet {side}: één bron zegt iets, {posture} ({sources}); een tweede bron "
        "kan dat bevestigen.",
        en="Foot, {side}: one source says something, {posture} ({sources}); a second "
        "source can confirm it.",
    ),
    "unclear": Text(
        nl="Voet {side}: geen bron is zeker genoeg ({sources}).",
        en="Foot, {side}: no source is sure enough ({sources}).",
    ),
    "not_measured": Text(
        nl="Voet {side}: niet gemeten. Met stickers, drukplaat of FPI-6 is er iets "
        "over te zeggen; met lichaamspunten uit een video alleen niet.",
        en="Foot, {side}: not measured. Stickers, a pressure plate or the FPI-6 can "
        "tell; body points of a video alone cannot.",
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class FootAgreement:
    """What all sources together say about one foot.

    Attributes
    ----------
    side : Side
        Which foot.
    state : str
        ``agree`` when at least two sources are sure and say the same, ``disagree``
        when two say different things, ``one_source`` when only one is sure.
    posture : str
        What they agree on, or the one source says; else ``unclear``.
    opinions : tuple of FootOpinion
        Every source that was measured.
    text : Text
        In words.
    unconfirmed : bool
        True when a source that counts is unconfirmed on real people, or its cut-off
        could not be checked.
    """

    side: Side
    state: Agreement
    posture: Posture
    opinions: tuple[FootOpinion, ...]
    text: Text
    unconfirmed: bool = False


def foot_agreement(measurements: Sequence[Measurement], side: Side) -> FootAgreement:
    """Return whether the sources about a foot agree.

    Parameters
    ----------
    measurements : sequence of Measurement
        All of the visit.
    side : Side
        Which foot.

    Notes
    -----
    Standing and walking are different things: static calcaneal angle and largest
    eversion correlate with r 0.46 only (PubMed 11676785), so a disagreement between
    them is common and no error of either.
    """
    found = opinions(measurements, side)
    sure = tuple(each for each in found if each.posture != "unclear")
    said = {each.posture for each in sure}
    state = _state(len(found), len(sure), len(said))
    posture: Posture = said.pop() if len(said) == 1 else "unclear"
    text = SENTENCES[state].filled(
        side=SIDE_WORDS[side], posture=POSTURE_WORDS[posture], sources=_listed(found)
    )
    return FootAgreement(
        side=side,
        state=state,
        posture=posture,
        opinions=found,
        text=text,
        unconfirmed=any(
            each.measurement.unconfirmed or not each.source.confirmed for each in sure
        ),
    )


def pronation(measurements: Sequence[Measurement], side: Side) -> float | None:
    """Return the probability that a foot is pronated, from its best source, or None.

    Walking comes before standing.
    """
    found = opinions(measurements, side)
    return found[0].pronated if found else None


def _state(found: int, sure: int, answers: int) -> Agreement:
    if not found:
        return "not_measured"
    if not sure:
        return "unclear"
    if answers > 1:
        return "disagree"
    return "agree" if sure > 1 else "one_source"


def _listed(found: Sequence[FootOpinion]) -> Text:
    def words(language: Language) -> str:
        return "; ".join(
            f"{each.source.label.of(language)}: "
            f"{POSTURE_WORDS[each.posture].of(language)}"
            for each in found
        )

    return Text(nl=words("nl") or "–", en=words("en") or "–")
