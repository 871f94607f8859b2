"""Figures: one a module, ``(data, ax=None) -> Axes``; they draw and compute nothing.

Left is red and solid, right is blue and dashed, everywhere, so that a figure reads in
grey print and for colour-blind readers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gaitkit.lazy import lazy

if TYPE_CHECKING:
    from gaitkit.plots.block_test import plot_block_test
    from gaitkit.plots.chain import plot_chain
    from gaitkit.plots.changes import plot_changes
    from gaitkit.plots.confidence import plot_confidence
    from gaitkit.plots.contact_sheet import plot_contact_sheet
    from gaitkit.plots.foot_path import plot_foot_path
    from gaitkit.plots.leg_length import (
        plot_leg_length,
        plot_leg_length_curve,
    )
    from gaitkit.plots.pain_place import plot_pain_place
    from gaitkit.plots.pressure_curves import (
        plot_balance,
        plot_force,
        plot_regions,
    )
    from gaitkit.plots.pressure_map import plot_pressure_map
    from gaitkit.plots.pressure_sides import plot_pressure_sides
    from gaitkit.plots.rearfoot import plot_rearfoot
    from gaitkit.plots.stance_picture import plot_stance_picture
    from gaitkit.plots.stick_figures import plot_stick_figures
    from gaitkit.plots.style import to_svg
    from gaitkit.plots.symmetry import plot_symmetry
    from gaitkit.plots.timeline import plot_timeline
    from gaitkit.plots.waveforms import plot_waveform

_HOME = {
    "plot_balance": "gaitkit.plots.pressure_curves",
    "plot_block_test": "gaitkit.plots.block_test",
    "plot_chain": "gaitkit.plots.chain",
    "plot_changes": "gaitkit.plots.changes",
    "plot_confidence": "gaitkit.plots.confidence",
    "plot_contact_sheet": "gaitkit.plots.contact_sheet",
    "plot_foot_path": "gaitkit.plots.foot_path",
    "plot_force": "gaitkit.plots.pressure_curves",
    "plot_leg_length": "gaitkit.plots.leg_length",
    "plot_leg_length_curve": "gaitkit.plots.leg_length",
    "plot_pain_place": "gaitkit.plots.pain_place",
    "plot_pressure_map": "gaitkit.plots.pressure_map",
    "plot_pressure_sides": "gaitkit.plots.pressure_sides",
    "plot_rearfoot": "gaitkit.plots.rearfoot",
    "plot_regions": "gaitkit.plots.pressure_curves",
    "plot_stance_picture": "gaitkit.plots.stance_picture",
    "plot_stick_figures": "gaitkit.plots.stick_figures",
    "plot_symmetry": "gaitkit.plots.symmetry",
    "plot_timeline": "gaitkit.plots.timeline",
    "plot_waveform": "gaitkit.plots.waveforms",
    "to_svg": "gaitkit.plots.style",
}

__all__ = [
    "plot_balance",
    "plot_block_test",
    "plot_chain",
    "plot_changes",
    "plot_confidence",
    "plot_contact_sheet",
    "plot_foot_path",
    "plot_force",
    "plot_leg_length",
    "plot_leg_length_curve",
    "plot_pain_place",
    "plot_pressure_map",
    "plot_pressure_sides",
    "plot_rearfoot",
    "plot_regions",
    "plot_stance_picture",
    "plot_stick_figures",
    "plot_symmetry",
    "plot_timeline",
    "plot_waveform",
    "to_svg",
]

__getattr__, __dir__ = lazy("gaitkit.plots", _HOME)
