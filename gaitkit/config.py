"""The configuration: the settings of every part, as TOML in and out.

Each part of gaitkit has its own settings dataclass; this module only puts them
together, reads them strictly and prints them with their explanations.
"""

from __future__ import annotations

import dataclasses
import inspect
import re
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gaitkit.doors import build, read_toml, toml_value
from gaitkit.errors import ConfigError
from gaitkit.gait.contacts.settings import ContactSettings
from gaitkit.gait.events.settings import EventSettings
from gaitkit.gait.force_plates import ForceSettings
from gaitkit.gait.quality import QualityLimits
from gaitkit.gait.stickers.settings import StickerWalkSettings
from gaitkit.gait.strides import StrideSettings
from gaitkit.gait.walk import WalkSettings
from gaitkit.measure.leg_length.two_directions import LegLengthSettings
from gaitkit.measure.practice.settings import PracticeSettings
from gaitkit.measure.standing.settings import StandingSettings
from gaitkit.pose.settings import PoseSettings
from gaitkit.pose.stickers.sticker import StickerSettings
from gaitkit.report.settings import ReportSettings
from gaitkit.signal.passes import PassSettings
from gaitkit.signal.settings import SignalSettings

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """Everything that can be set, one table for each part of the line."""

    pose: PoseSettings = field(default_factory=PoseSettings)
    signal: SignalSettings = field(default_factory=SignalSettings)
    passes: PassSettings = field(default_factory=PassSettings)
    events: EventSettings = field(default_factory=EventSettings)
    force_plates: ForceSettings = field(default_factory=ForceSettings)
    strides: StrideSettings = field(default_factory=StrideSettings)
    quality: QualityLimits = field(default_factory=QualityLimits)
    contacts: ContactSettings = field(default_factory=ContactSettings)
    leg_length: LegLengthSettings = field(default_factory=LegLengthSettings)
    stickers: StickerSettings = field(default_factory=StickerSettings)
    standing: StandingSettings = field(default_factory=StandingSettings)
    sticker_walk: StickerWalkSettings = field(default_factory=StickerWalkSettings)
    practice: PracticeSettings = field(default_factory=PracticeSettings)
    report: ReportSettings = field(default_factory=ReportSettings)

    @property
    def walk(self) -> WalkSettings:
        """The settings of the analysis of a walk, put together."""
        return WalkSettings(
            signal=self.signal,
            passes=self.passes,
            events=self.events,
            force_plates=self.force_plates,
            strides=self.strides,
            quality=self.quality,
        )


def load_config(
    file: Path | str | None = None, *, assignments: dict[str, Any] | None = None
) -> Config:
    """Return the configuration of a file, with single values set over it.

    Parameters
    ----------
    file : Path, str or None
        A TOML file; keys it leaves out keep their default.
    assignments : dict or None
        Nested table of values that win over the file (see `parse_assignments`).

    Raises
    ------
    ConfigError
        On an unknown key, a wrong type or a value out of range, by full path.
    """
    table = read_toml(Path(file), error=ConfigError) if file else {}
    where = str(file) if file else "configuration"
    return build(
        Config, _merged(table, assignments or {}), where=where, error=ConfigError
    )


def parse_assignments(texts: Iterable[str]) -> dict[str, Any]:
    """Return ``["pose.model=heavy"]`` as ``{"pose": {"model": "heavy"}}``.

    A value is read as TOML; what is not TOML is taken as text.

    Raises
    ------
    ConfigError
        When a text is not of the form ``table.key=value``.
    """
    table: dict[str, Any] = {}
    for text in texts:
        name, sign, value = text.partition("=")
        path = [part.strip() for part in name.split(".")]
        if not sign or len(path) < 2 or not all(path):  # noqa: PLR2004 - table.key
            msg = f"--set {text!r}: expected table.key=value, e.g. pose.model=heavy"
            raise ConfigError(msg)
        nested: Any = _literal(value)
        for part in reversed(path):
            nested = {part: nested}
        table = _merged(table, nested)
    return table


def to_toml(config: Config) -> str:
    """Return the configuration as TOML, each key with its explanation."""
    return "\n".join(_lines(config)).strip() + "\n"


def to_table(config: Config) -> dict[str, object]:
    """Return the configuration as a plain nested table, for the provenance.

    Of a model file or a kit of the user's own only the name is told: its folder may
    hold the name of a person, and says nothing about the result.
    """
    model = Path(config.pose.model).name
    pose = dataclasses.replace(config.pose, model=model)
    practice = config.practice
    kit, defaults = (
        None if each is None else Path(each).name
        for each in (practice.kit, practice.defaults)
    )
    practice = dataclasses.replace(practice, kit=kit, defaults=defaults)
    told = dataclasses.replace(config, pose=pose, practice=practice)
    return dataclasses.asdict(told)


def _literal(text: str) -> Any:  # noqa: ANN401 - any TOML value
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except (ValueError, RecursionError):  # no TOML, endless digits, too deep
        return text.strip()


def _merged(base: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    """Return ``base`` with ``over`` on top, table by table."""
    result = dict(base)
    for key, value in over.items():
        old = result.get(key)
        both = isinstance(old, dict) and isinstance(value, dict)
        result[key] = _merged(old, value) if both else value  # type: ignore[arg-type]
    return result


def _lines(config: Config) -> Iterator[str]:
    for part in dataclasses.fields(config):
        settings = getattr(config, part.name)
        yield f"\n[{part.name}]"
        comments = _attribute_comments(type(settings))
        for item in dataclasses.fields(settings):
            for line in comments.get(item.name, ()):
                yield f"# {line}"
            value = getattr(settings, item.name)
            if value is None:
                yield f"# {item.name} ="
            else:
                yield f"{item.name} = {toml_value(value)}"


def _attribute_comments(kind: type) -> dict[str, list[str]]:
    """Return the explanations in the Attributes section of a class docstring."""
    comments: dict[str, list[str]] = {}
    names: list[str] = []
    _, _, section = inspect.cleandoc(kind.__doc__ or "").partition("Attributes\n---")
    for line in section.splitlines()[1:]:
        if re.match(r"^-{3,}$", line):
            break
        header = re.match(r"^([\w, ]+?)\s*:", line)
        if header and not line.startswith(" "):
            names = [name.strip() for name in header.group(1).split(",")]
            comments |= {name: [f"See {names[0]}."] for name in names[1:]}
        elif line.startswith("    ") and names:
            comments.setdefault(names[0], []).append(line.strip())
    return comments
