"""What ``gaitkit inspect`` tells of a file, as a value and in words."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from gaitkit.model.reason import Reason
from gaitkit.model.recording import PersonChoice, RecordingKind, Timing
from gaitkit.model.side import Side
from gaitkit.model.text import Text
from gaitkit.model.wording import SIDE_WORDS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gaitkit.model.text import Language

KINDS = {
    "video": Text(nl="video", en="video"),
    "plate": Text(nl="drukplaat", en="pressure plate"),
    "markers": Text(nl="markers", en="markers"),
    "pose": Text(nl="houdingspunten", en="keypoints"),
    "stance": Text(nl="standfoto", en="stance picture"),
    "block_test": Text(nl="blokjestest", en="block test"),
}
TIME_SOURCES = {
    "pts": Text(nl="tijdstempel van elk beeld", en="time stamp of each frame"),
    "header": Text(nl="vaste snelheid in de kop", en="fixed rate in the header"),
    "user": Text(nl="door de gebruiker opgegeven", en="given by the user"),
    "assumed": Text(nl="aangenomen", en="assumed"),
}
STEADINESS = {
    True: Text(nl="wisselend", en="variable"),
    False: Text(nl="vast", en="constant"),
}
LABELS = {
    "file": Text(nl="bestand", en="file"),
    "kind": Text(nl="soort", en="kind"),
    "format": Text(nl="formaat", en="format"),
    "maker": Text(nl="maker", en="maker"),
    "rate": Text(nl="snelheid", en="rate"),
    "clock": Text(nl="klok", en="clock"),
    "duration": Text(nl="duur", en="duration"),
    "speed": Text(nl="tempo", en="speed"),
    "size": Text(nl="afmeting", en="size"),
    "units": Text(nl="eenheid", en="unit"),
    "sides": Text(nl="zijden", en="sides"),
    "points": Text(nl="punten", en="points"),
    "convention": Text(nl="markerset", en="marker set"),
    "force_plates": Text(nl="krachtplaten", en="force plates"),
    "events": Text(nl="gebeurtenissen", en="events"),
    "person": Text(nl="persoon", en="person"),
    "warning": Text(nl="let op", en="mind"),
}
CLOCK = Text(
    nl="{frames} beelden, {steady}, spreiding {jitter:.1f} ms, {dropped} gemist, "
    "{duplicated} dubbel",
    en="{frames} frames, {steady}, jitter {jitter:.1f} ms, {dropped} dropped, "
    "{duplicated} duplicated",
)
SPEED = Text(
    nl="gefilmd met {capture} per seconde, {factor:.3g} echte seconde per afgespeelde",
    en="filmed at {capture} per second, {factor:.3g} real seconds per played second",
)
TURNED = Text(nl=", {angle} graden gedraaid", en=", turned by {angle} degrees")
PARTS = Text(nl="{parts} platen of zolen", en="{parts} mats or insoles")

ROLES_FOUND = Text(
    nl="{name}, {number} plaatsen op het lichaam herkend",
    en="{name}, {number} places on the body recognised",
)
PERSON_FOUND = Text(
    nl="{number}: van {start:.1f} tot {end:.1f} s, loopt {path:.1f} lichaamslengten",
    en="{number}: from {start:.1f} to {end:.1f} s, walks {path:.1f} body heights",
)
PERSON_CHOSEN = Text(
    nl=" (deze wordt gebruikt; kies een ander met --person)",
    en=" (this one is used; choose another with --person)",
)
EVENTS_FOUND = Text(nl="{number} in het bestand", en="{number} in the file")

SHOWN_POINTS = 8
"""Names of markers that are listed; the rest is counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspection:
    """What is in a file.

    Attributes
    ----------
    path : Path
        The file.
    kind : RecordingKind
        What it records.
    format : str
        Its format, for example ``MP4 or MOV video, h264``.
    maker : str or None
        Maker of the camera or the plate, when the file says so.
    timing : Timing or None
        Its clock and how that is known; None when the format has none.
    width, height : int or None
        Size of the upright picture in pixels, or of a mat in sensors.
    rotation_deg : int or None
        Clockwise turn that makes the stored picture upright.
    units : str or None
        Unit of the numbers in the file.
    sides : tuple of Side
        Feet that the file names.
    points : tuple of str
        Names of its markers or keypoints.
    parts : int
        Mats or insoles in it.
    convention : str or None
        Marker set that was recognised.
    roles : tuple of str
        Places on the body that its markers or keypoints show.
    force_plates, events : int
        Force plates, and events that stand in the file.
    person : PersonChoice or None
        Who is in it and who of them would be used; None where that is not looked for.
    warnings : tuple of Reason
        What is doubtful.
    """

    path: Path
    kind: RecordingKind
    format: str
    maker: str | None = None
    timing: Timing | None = None
    width: int | None = None
    height: int | None = None
    rotation_deg: int | None = None
    units: str | None = None
    sides: tuple[Side, ...] = ()
    points: tuple[str, ...] = ()
    parts: int = 1
    convention: str | None = None
    roles: tuple[str, ...] = ()
    force_plates: int = 0
    events: int = 0
    person: PersonChoice | None = None
    warnings: tuple[Reason, ...] = ()

    def lines(self, language: Language) -> Iterator[tuple[str, str]]:
        """Yield label and value of each thing that is known, in words."""
        for key, value in self._known(language):
            yield LABELS[key].of(language), value

    def _known(self, language: Language) -> Iterator[tuple[str, str]]:
        yield "file", str(self.path)
        yield "kind", KINDS[self.kind].of(language)
        yield "format", self.format
        if self.maker:
            yield "maker", self.maker
        if self.timing is not None:
            yield from _clock_lines(self.timing, language)
        if self.width is not None:
            yield "size", self._size(language)
        if self.units:
            yield "units", self.units
        if self.sides:
            yield (
                "sides",
                ", ".join(SIDE_WORDS[side].of(language) for side in self.sides),
            )
        yield from self._motion(language)
        for warning in self.warnings:
            told = (warning.text.of(language), warning.advice.of(language))
            yield "warning", " ".join(told)

    def _motion(self, language: Language) -> Iterator[tuple[str, str]]:
        if self.points:
            yield "points", self._points()
        if self.convention:
            told = ROLES_FOUND.of(language)
            yield (
                "convention",
                told.format(name=self.convention, number=len(self.roles)),
            )
        if self.force_plates:
            yield "force_plates", str(self.force_plates)
        if self.events:
            yield "events", EVENTS_FOUND.of(language).format(number=self.events)
        if self.person is not None and len(self.person.candidates) > 1:
            for each in self.person.candidates:
                told = PERSON_FOUND.of(language).format(
                    number=each.number,
                    start=each.start_s,
                    end=each.end_s,
                    path=each.path_heights,
                )
                if each.number == self.person.chosen:
                    told += PERSON_CHOSEN.of(language)
                yield "person", told

    def _size(self, language: Language) -> str:
        size = f"{self.width} x {self.height}"
        if self.rotation_deg:
            size += TURNED.of(language).format(angle=self.rotation_deg)
        if self.parts > 1:
            size += ", " + PARTS.of(language).format(parts=self.parts)
        return size

    def _points(self) -> str:
        shown = ", ".join(self.points[:SHOWN_POINTS])
        more = ", ..." if len(self.points) > SHOWN_POINTS else ""
        return f"{len(self.points)}: {shown}{more}"


def _clock_lines(timing: Timing, language: Language) -> Iterator[tuple[str, str]]:
    if timing.rate_hz is not None:
        source = TIME_SOURCES[timing.source].of(language)
        yield "rate", f"{timing.rate_hz:.4g} Hz ({source})"
    yield (
        "clock",
        CLOCK.of(language).format(
            frames=timing.frames,
            steady=STEADINESS[timing.variable].of(language),
            jitter=timing.jitter_ms or 0.0,
            dropped=timing.dropped,
            duplicated=timing.duplicated,
        ),
    )
    if timing.duration_s is not None:
        yield "duration", f"{timing.duration_s:.2f} s"
    if timing.capture_rate_hz is not None:
        yield (
            "speed",
            SPEED.of(language).format(
                capture=f"{timing.capture_rate_hz:g}", factor=timing.speed_factor
            ),
        )
