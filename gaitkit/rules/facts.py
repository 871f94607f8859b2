"""Facts that rules may test: what was told, found, recorded and, last, proposed.

A fact is a path over typed data, ``intake.red_flags.trauma``; which facts exist and
which answers they allow is read from the types, so a rule that asks for anything else
is refused when it is loaded. ``examination.each.…`` follows the side of the rule.

What rules may ask of the kinetic chain and of the sources about a foot.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field, replace
from functools import cache
from typing import TYPE_CHECKING, Any, Literal, get_args, get_origin, get_type_hints

from gaitkit.measure.chain.origin import count
from gaitkit.measure.chain.table import RowName
from gaitkit.measure.rearfoot.agreement import Agreement, foot_agreement
from gaitkit.measure.rearfoot.sources import Posture
from gaitkit.model.chain import Origin
from gaitkit.model.plan import SuggestionKind
from gaitkit.model.reason import QualityStatus, reason_codes
from gaitkit.model.recording import Condition, RecordingKind, TimeSource, View
from gaitkit.model.side import Side
from gaitkit.model.subject import Subject
from gaitkit.model.text import without_none
from gaitkit.model.visit import Examination, FollowUpAnswers, Intake
from gaitkit.rules.derived import (
    AlarmFacts,
    CauseFacts,
    ComplaintFacts,
    CourseFacts,
    LegFacts,
    OutcomeFacts,
    PulseFacts,
    TherapyFacts,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from gaitkit.model.chain import KineticChain
    from gaitkit.model.finding import Finding
    from gaitkit.model.leg_length import LegLengthEstimate
    from gaitkit.model.measurement import Measurement

    ChainsOf = Callable[[Sequence[Measurement]], Sequence[KineticChain]]
    """How chains are made from the measurements that a rule may use."""

Shape = Literal["choice", "choices", "number", "flag", "other"]
NOT_ASKED = "not_asked"
UNSURE = "unsure"
"""Asked, and the patient does not know: answered, but neither yes nor no."""

REASONS = "recording.reasons"
KNOWN_WHEN_EMPTY = (
    "recording.",
    "proposal.",
    "alarm.",
    "cause.",
    "pulses.",
    "therapy.",
    "leg.causes",
    "chain.",
    "findings.",
)
"""Facts that gaitkit finds itself: none of them is an answer, not a gap."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingFacts:
    """What rules may ask of one recording.

    Attributes
    ----------
    kind, view, condition, time_source, status
        As in the recording; ``status`` is its quality.
    rate_hz : float or None
        Pictures or samples per second.
    tilt_deg : float or None
        Size of the camera's roll, degrees.
    confidence : float or None
        Median confidence of the keypoints, 0 to 1.
    fewest_strides : int or None
        Strides used on the side that has fewest; None when nothing was measured.
    by_stickers : bool
        True when what it gave about a walk was read from stickers, from behind.
    reasons : tuple of str
        Codes of what its quality gates found (``reasons.toml``).
    """

    kind: RecordingKind
    status: QualityStatus
    time_source: TimeSource
    view: View | None = None
    condition: Condition | None = None
    rate_hz: float | None = None
    tilt_deg: float | None = None
    confidence: float | None = None
    fewest_strides: int | None = None
    by_stickers: bool = False
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalFacts:
    """What the other rules suggest; rules that ask for it are judged last."""

    kinds: tuple[SuggestionKind, ...] = ()
    elements: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class EstimateFacts:
    """What rules may ask of the best estimate of the leg length.

    Attributes
    ----------
    kinds : int
        Independent kinds of reading behind it; 0 when there is none.
    imaging : bool
        True when pictures of the bones count.
    contradicting : bool
        True when two kinds lie further apart than their errors allow.
    """

    kinds: int = 0
    imaging: bool = False
    contradicting: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PlateFacts:
    """Contacts of all plates together, on the side with fewest; None without any."""

    fewest_contacts: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundOnSide:
    """Rules that are met for a side, or for the whole visit."""

    met: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingFacts:
    """What the rules judged before found; rules that ask for it come after them."""

    left: FoundOnSide = field(default_factory=FoundOnSide)
    right: FoundOnSide = field(default_factory=FoundOnSide)


def finding_facts(findings: Iterable[Finding]) -> FindingFacts:
    """Return what rules may ask of the findings of others."""
    met = tuple(each for each in findings if each.verdict == "met")
    left, right = (
        FoundOnSide(met=tuple(f.rule for f in met if f.side in {None, side}))
        for side in Side
    )
    return FindingFacts(left=left, right=right)


def estimate_facts(legs: LegLengthEstimate | None) -> EstimateFacts:
    """Return what rules may ask of an estimate."""
    if legs is None:
        return EstimateFacts()
    return EstimateFacts(
        kinds=len(legs.kinds), imaging=legs.imaged, contradicting=legs.contradicting
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainOfSide:
    """One chain; all None where no characteristic of it was measured.

    Attributes
    ----------
    origin : str or None
        As concluded from the signs.
    measured : int or None
        Characteristics of the table that were measured.
    from_below, from_above, leg_length : int or None
        Signs present for each origin.
    missing : tuple of str
        Characteristics not measured.
    """

    origin: Origin | None = None
    measured: int | None = None
    from_below: int | None = None
    from_above: int | None = None
    leg_length: int | None = None
    missing: tuple[RowName, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainFacts:
    """The chains of both sides."""

    left: ChainOfSide = field(default_factory=ChainOfSide)
    right: ChainOfSide = field(default_factory=ChainOfSide)


@dataclass(frozen=True, slots=True, kw_only=True)
class FootOfSide:
    """Whether the sources about a foot agree, and on what; None when none speaks."""

    agreement: Agreement | None = None
    posture: Posture | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FootFacts:
    """What the sources say about both feet."""

    left: FootOfSide = field(default_factory=FootOfSide)
    right: FootOfSide = field(default_factory=FootOfSide)


@dataclass(frozen=True, slots=True, kw_only=True)
class FactSources:
    """Where the facts of one question come from."""

    subject: Subject
    intake: Intake
    examination: Examination
    recording: RecordingFacts | None = None
    proposal: ProposalFacts
    follow_up: FollowUpAnswers = field(default_factory=FollowUpAnswers)
    course: CourseFacts = field(default_factory=CourseFacts)
    alarm: AlarmFacts = field(default_factory=AlarmFacts)
    cause: CauseFacts = field(default_factory=CauseFacts)
    pulses: PulseFacts = field(default_factory=PulseFacts)
    leg: LegFacts = field(default_factory=LegFacts)
    outcome: OutcomeFacts = field(default_factory=OutcomeFacts)
    therapy: TherapyFacts = field(default_factory=TherapyFacts)
    chain: ChainFacts = field(default_factory=ChainFacts)
    foot: FootFacts = field(default_factory=FootFacts)
    estimate: EstimateFacts = field(default_factory=EstimateFacts)
    complaint: ComplaintFacts = field(default_factory=ComplaintFacts)
    findings: FindingFacts = field(default_factory=FindingFacts)
    plates: PlateFacts = field(default_factory=PlateFacts)


@dataclass(frozen=True, slots=True, kw_only=True)
class FactSpec:
    """A fact that exists.

    Attributes
    ----------
    path : str
        As rules write it.
    shape : str
        One choice, several choices, a number, yes or no, or something that can only
        be ``answered``.
    choices : tuple of str
        Answers that exist; empty when any text goes.
    """

    path: str
    shape: Shape
    choices: tuple[str, ...] = ()


def fact_spec(path: str) -> FactSpec | None:
    """Return what a fact can be, or None when there is no such fact."""
    return _specs().get(path.replace(".each.", f".{Side.LEFT}."))


def fact_paths() -> tuple[str, ...]:
    """Return every fact that rules may test."""
    return tuple(_specs())


def read_fact(path: str, sources: FactSources, *, side: Side | None) -> object:
    """Return the value of a fact: a text, number, tuple, ...; None when not known.

    An unanswered question (``not_asked``, nothing filled in) is None. That there is
    no reason against a recording, or that nothing is proposed, is known.
    """
    value: Any = sources
    for name in path.split("."):
        step = side if name == "each" else name
        value = None if value is None or step is None else getattr(value, step)
    if path.startswith(KNOWN_WHEN_EMPTY):
        return value
    return None if value in (None, NOT_ASKED, ()) else value


@cache
def _specs() -> dict[str, FactSpec]:
    found: dict[str, FactSpec] = {}
    for name, kind in get_type_hints(FactSources).items():
        _walk(without_none(kind), name, found)
    found[REASONS] = replace(found[REASONS], choices=reason_codes())
    return found


def _walk(kind: Any, path: str, found: dict[str, FactSpec]) -> None:  # noqa: ANN401
    if dataclasses.is_dataclass(kind):
        if "." in path:
            found[path] = FactSpec(path=path, shape="other")
        for name, part in get_type_hints(kind).items():
            _walk(without_none(part), f"{path}.{name}", found)
        return
    shape, choices = _shape(kind)
    found[path] = FactSpec(path=path, shape=shape, choices=choices)


def _shape(kind: Any) -> tuple[Shape, tuple[str, ...]]:  # noqa: ANN401
    if get_origin(kind) is Literal:
        return "choice", get_args(kind)
    if get_origin(kind) is tuple:
        inner = get_args(kind)[0]
        if get_origin(inner) is Literal:
            return "choices", get_args(inner)
        return ("choices", ()) if inner is str else ("other", ())
    if kind is bool:
        return "flag", ()
    return ("number", ()) if kind in {int, float} else ("other", ())


def chain_facts(chains: Iterable[KineticChain]) -> ChainFacts:
    """Return what rules may ask of the chains."""
    by_side = {chain.side: _chain(chain) for chain in chains}
    return ChainFacts(
        left=by_side.get(Side.LEFT, ChainOfSide()),
        right=by_side.get(Side.RIGHT, ChainOfSide()),
    )


def foot_facts(measurements: Sequence[Measurement]) -> FootFacts:
    """Return what the sources about both feet say."""
    left, right = (_foot(measurements, side) for side in Side)
    return FootFacts(left=left, right=right)


def _chain(chain: KineticChain) -> ChainOfSide:
    found = count(chain.signs)
    if not found.rows_measured:
        return ChainOfSide()
    return ChainOfSide(
        origin=chain.origin,
        measured=found.rows_measured,
        from_below=found.present["from_below"],
        from_above=found.present["from_above"],
        leg_length=found.present["leg_length"],
        missing=found.missing,
    )


def _foot(measurements: Sequence[Measurement], side: Side) -> FootOfSide:
    found = foot_agreement(measurements, side)
    if found.state == "not_measured":
        return FootOfSide()
    return FootOfSide(agreement=found.state, posture=found.posture)
