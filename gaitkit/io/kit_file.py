"""The files of a practice's kit: what was done (kit.toml) and what came out of it.

``kit.toml`` lists the pictures of the protocol once and the people; the pictures of a
person lie in the folder of that name under the names of the list. What came out is
``practice.toml``, which the estimate of a leg-length difference takes when a
configuration names it. Both are read strictly.
"""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass, fields
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from gaitkit.doors import build, toml_table, toml_text, toml_value
from gaitkit.errors import InputError
from gaitkit.io.atomic import new_folder
from gaitkit.model.practice import KitEstimate, KitReading, PracticeKit
from gaitkit.model.side import Side

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gaitkit.model.text import Language

KIT_FILE, PRACTICE_FILE = "kit.toml", "practice.toml"
SCHEMA_VERSION = "1"
MOST_PEOPLE = 200
KitColour = Literal["red", "green", "blue", "yellow", "white_ring"]
SUFFIXES = (".jpg", ".jpeg", ".png")
_NOTE = {
    "nl": "# Wat deze praktijk aan de eigen metingen vond; geschreven door gaitkit kit",
    "en": "# What this practice found about its own readings; written by gaitkit kit",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class KitPicture:
    """One picture of the protocol, taken of everybody.

    Attributes
    ----------
    name : str
        File name without its ending, in the folder of each person.
    stance : str
        Pictures without a step between them share it.
    stickers : int
        1 for the first placing, 2 for the second.
    block_side, block_height_mm
        Block under a foot; none at height 0.
    posture : {"standing", "seated"}
        Seated: on a hard level seat, feet free of load.
    """

    name: str
    stance: str
    stickers: int = 1
    block_side: Side | None = None
    block_height_mm: float = 0.0
    posture: Literal["standing", "seated"] = "standing"

    def __post_init__(self) -> None:
        """Refuse blocks that no protocol has."""
        if not 0 <= self.block_height_mm <= 40:  # noqa: PLR2004 - blocks of a practice
            msg = (
                f"picture.block_height_mm is {self.block_height_mm:g}; expected 0 to "
                "40 mm"
            )
            raise InputError(msg)
        if self.block_height_mm and (self.block_side is None or self.seated):
            msg = (
                f"picture.block_side: picture {self.name!r} has a block of "
                f"{self.block_height_mm:g} mm; expected block_side left or right, and "
                "posture standing"
            )
            raise InputError(msg)

    @property
    def seated(self) -> bool:
        """True when the person sits."""
        return self.posture == "seated"

    @property
    def signed_mm(self) -> float:
        """Height under the right foot, negative under the left."""
        left = self.block_side is Side.LEFT
        return -self.block_height_mm if left else self.block_height_mm


@dataclass(frozen=True, slots=True, kw_only=True)
class KitPerson:
    """One person: every difference is left minus right, in mm.

    Attributes
    ----------
    id : str
        Pseudonym; the name of the folder with the pictures.
    height_m : float or None
        Body height; needed for the pictures.
    sticker_colour : str or None
        Where it is not that of the kit; a told colour is found five times as fast.
    tape_first_mm, tape_second_mm : tuple of float
        Differences with the tape by the first and by the second person who measures.
    blocks_first_mm, blocks_second_mm : tuple of float
        The same with blocks under the foot, by hand.
    imaging_mm : float or None
        Difference on an X-ray or CT that exists already.
    """

    id: str
    height_m: float | None = None
    sticker_colour: KitColour | None = None
    tape_first_mm: tuple[float, ...] = ()
    tape_second_mm: tuple[float, ...] = ()
    blocks_first_mm: tuple[float, ...] = ()
    blocks_second_mm: tuple[float, ...] = ()
    imaging_mm: float | None = None

    def __post_init__(self) -> None:
        """Refuse a height of nobody and a name that is no folder."""
        if not self.id or Path(self.id).name != self.id or self.id.startswith("."):
            msg = f"person.id is {self.id!r}; expected a plain name such as p01"
            raise InputError(msg)
        if self.height_m is not None and not 0.8 <= self.height_m <= 2.3:  # noqa: PLR2004
            msg = f"person.height_m is {self.height_m:g}; expected 0.8 to 2.3 m"
            raise InputError(msg)


@dataclass(frozen=True, slots=True, kw_only=True)
class KitFile:
    """What a practice did.

    Attributes
    ----------
    practice, taken : str
        Name or number of the practice, and the day; both may stay empty.
    view : {"anterior", "posterior"}
        Stickers on the front (ASIS) or on the back (PSIS).
    sticker_colour : str or None
        As in a visit.
    picture : tuple of KitPicture
        The protocol.
    person : tuple of KitPerson
        Who took part.
    """

    schema_version: Literal["1"] = "1"
    practice: str = ""
    taken: str = ""
    view: Literal["anterior", "posterior"] = "anterior"
    sticker_colour: KitColour | None = None
    picture: tuple[KitPicture, ...] = ()
    person: tuple[KitPerson, ...] = ()

    def readings(self) -> tuple[KitReading, ...]:
        """Return what was measured by hand and what imaging says."""
        return tuple(reading for person in self.person for reading in _of(person))


def _of(person: KitPerson) -> Iterator[KitReading]:
    for rater in ("first", "second"):
        for value in getattr(person, f"tape_{rater}_mm"):
            yield KitReading(
                person=person.id, method="tape", rater=rater, difference_mm=value
            )
        for value in getattr(person, f"blocks_{rater}_mm"):
            yield KitReading(
                person=person.id, method="block_test", rater=rater, difference_mm=value
            )
    if person.imaging_mm is not None:
        yield KitReading(
            person=person.id, method="x_ray", difference_mm=person.imaging_mm
        )


PROTOCOL: tuple[KitPicture, ...] = (
    KitPicture(name="first-1", stance="first"),
    KitPicture(name="first-2", stance="first"),
    *(
        KitPicture(
            name=f"{side}-{height}",
            stance=f"{side}-{height}",
            block_side=side,
            block_height_mm=float(height),
        )
        for side in (Side.RIGHT, Side.LEFT)
        for height in (6, 12)
    ),
    KitPicture(name="again", stance="again"),
    KitPicture(name="new", stance="new", stickers=2),
    KitPicture(name="seated-1", stance="seated-1", stickers=2, posture="seated"),
    KitPicture(name="seated-2", stance="seated-2", stickers=2, posture="seated"),
)
"""The pictures of everybody, in the order in which they are taken."""


def new_kit(folder: Path, *, language: Language, people: int) -> Path:
    """Write a folder with a kit to fill in: kit.toml and a folder for each person.

    Raises
    ------
    InputError
        If the number of people is none of a kit.
    OutputError
        If the folder holds something or cannot be written.
    """
    if not 1 <= people <= MOST_PEOPLE:
        msg = f"--people is {people}; expected 1 to {MOST_PEOPLE}, best 20"
        raise InputError(msg)
    names = [f"p{number:02d}" for number in range(1, people + 1)]
    with new_folder(folder) as part:
        for name in names:
            (part / name).mkdir()
        text = kit_text([KitPerson(id=name) for name in names], language=language)
        (part / KIT_FILE).write_text(text, encoding="utf-8")
    return folder / KIT_FILE


def kit_text(people: list[KitPerson], *, language: Language) -> str:
    """Return a kit.toml with the protocol of gaitkit."""
    source = resources.files("gaitkit.io") / "templates" / f"kit_{language}.toml"
    head = source.read_text(encoding="utf-8").rstrip()
    pictures = [
        _table("picture", picture, KitPicture(name="", stance=""))
        for picture in PROTOCOL
    ]
    blank = KitPerson(id="x")
    rows = [_person(person, blank) for person in people]
    return "\n\n".join([head, *pictures, *rows]) + "\n"


def _person(person: KitPerson, blank: KitPerson) -> str:
    text = _table("person", person, blank)
    missing = [
        f"#{item.name} ="
        for item in fields(KitPerson)
        if item.name != "sticker_colour"
        and getattr(person, item.name) == getattr(blank, item.name)
    ]
    return "\n".join([text, *missing])


def _table(name: str, value: object, blank: object) -> str:
    lines = [f"[[{name}]]"]
    for item in fields(value):  # type: ignore[arg-type]
        told = getattr(value, item.name)
        if told != getattr(blank, item.name):
            lines.append(f"{item.name} = {toml_value(told)}")
    return "\n".join(lines)


def read_kit(folder: Path) -> KitFile:
    """Read what a practice did.

    Raises
    ------
    InputError
        If the folder or its kit.toml is not there, or says what cannot be.
    """
    file = folder / KIT_FILE if folder.is_dir() else folder
    if not file.exists():
        msg = f"{folder}: expected a folder with {KIT_FILE}; write one: gaitkit kit new"
        raise InputError(msg)
    text = toml_text(file, error=InputError)
    table = toml_table(text, where=str(file), error=InputError)
    kit = build(KitFile, table, where=str(file), error=InputError, text=text)
    _check(kit, file)
    return kit


def _check(kit: KitFile, file: Path) -> None:
    for what, names in (
        ("person.id", [person.id for person in kit.person]),
        ("picture.name", [picture.name for picture in kit.picture]),
    ):
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice is not None:
            msg = f"{file}: {what} {twice!r} stands there twice; give each its own"
            raise InputError(msg)
    if not kit.person:
        msg = f"{file}: no [[person]]; list everybody who took part"
        raise InputError(msg)


def pictures_of(
    kit: KitFile, folder: Path, person: KitPerson
) -> Iterator[tuple[KitPicture, Path]]:
    """Yield the pictures of a person that are there."""
    for picture in kit.picture:
        for suffix in SUFFIXES:
            file = folder / person.id / f"{picture.name}{suffix}"
            if file.exists():
                yield picture, file
                break


def practice_text(kit: PracticeKit, *, language: Language = "en") -> str:
    """Return what came out of a kit, as the file that `read_practice` reads."""
    lines = [
        _NOTE[language],
        *(
            f"{name} = {toml_value(getattr(kit, name))}"
            for name in ("schema_version", "practice", "line", "people", "taken")
        ),
    ]
    for estimate in kit.estimates:
        lines += ["", "[[estimates]]", f"name = {toml_value(estimate.name)}"]
        lines += [
            f"{name} = {value:.4g}"
            for name in ("value", "low", "high")
            if (value := getattr(estimate, name)) is not None
        ]
        lines.append(f"people = {estimate.people}")
        if estimate.unknown is not None:
            lines.append(f"unknown = {toml_value(estimate.unknown)}")
    return "\n".join(lines) + "\n"


def read_practice(path: Path) -> tuple[PracticeKit, str]:
    """Read what came out of a kit, and the sha256 of the file.

    Raises
    ------
    InputError
        If the file is not there, is none of a kit, or says what cannot be.
    """
    text = toml_text(path, error=InputError)
    table: dict[str, Any] = toml_table(text, where=str(path), error=InputError)
    kit = build(PracticeKit, table, where=str(path), error=InputError, text=text)
    if kit.schema_version != SCHEMA_VERSION:
        msg = (
            f"{path}: schema_version is {kit.schema_version!r}; expected "
            f"{SCHEMA_VERSION!r}; run gaitkit kit read once more"
        )
        raise InputError(msg)
    for estimate in kit.estimates:
        problem = _problem(estimate)
        if problem:
            msg = f"{path}: estimate {estimate.name}: {problem}; run gaitkit kit read"
            raise InputError(msg)
    return kit, hashlib.sha256(path.read_bytes()).hexdigest()


ANSWERS = frozenset({"answer", "own_answer"})
"""Slopes: of few people their interval may reach below 0; the others are spreads."""


def _problem(estimate: KitEstimate) -> str:
    """Return what is wrong with an estimate, empty when nothing is."""
    numbers = (estimate.low, estimate.value, estimate.high)
    told = [number for number in numbers if number is not None]
    if estimate.known and len(told) < len(numbers):
        return "is known without an interval"
    least = -math.inf if estimate.name in ANSWERS else 0.0
    if any(not math.isfinite(number) or number < least for number in told):
        return "holds a number below 0 or none at all"
    if told != sorted(told):
        return "lies outside its own interval"
    return ""
