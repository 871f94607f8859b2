"""What the signs of one side are judged from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gaitkit.measure.chain.links import Gait, link_rows
from gaitkit.model.chain import ChainLink, LinkName
from gaitkit.model.leg_length import LegLengthEstimate
from gaitkit.model.side import Side
from gaitkit.model.visit import Examination, FootExamination

if TYPE_CHECKING:
    from gaitkit.model.waveform import Waveform


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainEvidence:
    """Links, curves, findings by hand and leg length, seen from one side.

    Attributes
    ----------
    side : Side
        Of which leg.
    links : tuple of ChainLink
        Of that side.
    gait : Gait
        What the recordings gave.
    examination : Examination
        Findings by hand.
    leg_length : LegLengthEstimate or None
        None when nothing measured it.
    """

    side: Side
    links: tuple[ChainLink, ...]
    gait: Gait
    examination: Examination
    leg_length: LegLengthEstimate | None = None

    @property
    def foot(self) -> FootExamination:
        """What was found by hand on this leg."""
        left = self.side is Side.LEFT
        return self.examination.left if left else self.examination.right

    def link(self, name: LinkName) -> ChainLink:
        """Return a link of this side."""
        return next(link for link in self.links if link.name == name)

    def curves(self) -> dict[LinkName, Waveform]:
        """Return the curves of the links in the recording that gave the foot.

        Empty where that has no curve of the rearfoot: only with it can links be
        compared in time.
        """
        foot = self.link("rearfoot").measurement
        if foot is None:
            return {}
        angles = {row.angle: name for name, row in link_rows().items()}
        found = {
            angles[wave.name]: wave
            for wave in self.gait.waveforms
            if wave.side is self.side
            and wave.name in angles
            and wave.recording == foot.recording
        }
        return found if "rearfoot" in found else {}
