"""The drawings of the report, each as one SVG element with words beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gaitkit.model.catalogue import definition
from gaitkit.model.side import Side
from gaitkit.model.wording import signed, with_unit
from gaitkit.norms.curves import curve
from gaitkit.norms.discrete import why_not_comparable
from gaitkit.plots.confidence import plot_confidence
from gaitkit.plots.foot_path import plot_foot_path
from gaitkit.plots.labels import known, label
from gaitkit.plots.stick_figures import plot_stick_figures
from gaitkit.plots.style import FULL_WIDTH_IN, new_figure, to_svg
from gaitkit.plots.symmetry import plot_symmetry
from gaitkit.plots.timeline import plot_timeline
from gaitkit.plots.waveforms import plot_waveform
from gaitkit.report.blocks import Drawing
from gaitkit.report.stills import typical_stride

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gaitkit.measure.symmetry import SideDifference
    from gaitkit.model.analysis import Analysis
    from gaitkit.report.inputs import ReportInputs

PANEL_HEIGHT_IN = 2.35
PANELS_ACROSS = 2
PANELS_A_PAGE = 6
"""More would not fit on a page with heading and caption."""

ROWS_A_PAGE = 32
"""Side differences that fit on a page with heading and caption."""

STICK_FIGURES = 9
DIFFERENCES = "side-differences"
WINDOW_S = 15.0
"""Longest stretch of a recording that a figure over time shows, so that steps can be
told apart in print."""


def waveform_drawings(
    material: ReportInputs, analysis: Analysis
) -> tuple[Drawing, ...]:
    """Return every joint angle over the stride, two panels beside each other.

    One drawing holds what fits on a page; there is none without curves.
    """
    names = tuple(dict.fromkeys(w.name for w in analysis.waveforms))
    return tuple(
        _waveforms(material, analysis, names[first : first + PANELS_A_PAGE], first)
        for first in range(0, len(names), PANELS_A_PAGE)
    )


def _waveforms(
    material: ReportInputs, analysis: Analysis, names: tuple[str, ...], first: int
) -> Drawing:
    rows = -(-len(names) // PANELS_ACROSS)
    figure = new_figure(FULL_WIDTH_IN, PANEL_HEIGHT_IN * rows)
    panels = figure.subplots(rows, PANELS_ACROSS, squeeze=False).ravel()
    why = why_quiet(material, analysis)
    for panel, name in zip(panels, names, strict=False):
        plot_waveform(
            [w for w in analysis.waveforms if w.name == name],
            panel,
            band=curve(name),
            comparable=why is None,
            language=material.language,
        )
    for panel in panels[len(names) :]:
        panel.set_axis_off()
    words = material.words
    caption = words("curves.band")
    if why is not None:
        caption = words("curves.band_quiet", why=why)
    shown = [
        label(f"angle.{name}", material.language) if known(f"angle.{name}") else name
        for name in names
    ]
    alt = words("curves.alt", angles=", ".join(shown).lower())
    more = f"-{first // PANELS_A_PAGE + 1}" if first else ""
    name = f"waveforms-{analysis.recording.id}{more}"
    return Drawing(
        name=name, svg=to_svg(panels[0], name=name, title=alt), caption=caption, alt=alt
    )


def why_quiet(material: ReportInputs, analysis: Analysis) -> str | None:
    """Return why this walk may not be compared with the bands, or None."""
    bands = [curve(w.name) for w in analysis.waveforms]
    source = next((band.reference for band in bands if band is not None), None)
    if source is None:
        return None
    reason = why_not_comparable(
        source,
        speed_m_s=material.speed_m_s(analysis.recording.id),
        age_years=material.assessment.subject.age_years,
    )
    return None if reason is None else reason.text.of(material.language)


def symmetry_drawings(material: ReportInputs) -> tuple[Drawing, ...]:
    """Return every side difference in multiples of its limit, what fits on a page.

    Of a measure that several recordings gave, the one with the smallest error.
    """
    best: dict[str, SideDifference] = {}
    for each in material.differences:
        if each.region is None and each.limit > 0:
            known = best.get(each.measure)
            if known is None or each.sd < known.sd:
                best[each.measure] = each
    differences = list(best.values())
    return tuple(
        _symmetry(material, differences[first : first + ROWS_A_PAGE], first)
        for first in range(0, len(differences), ROWS_A_PAGE)
    )


def _symmetry(
    material: ReportInputs, differences: Sequence[SideDifference], first: int
) -> Drawing:
    words, language = material.words, material.language
    texts = [
        with_unit(signed(d.value, definition(d.measure).digits, language), d.unit)
        for d in differences
    ]
    alt = words(
        "symmetry.alt",
        k=sum(d.demonstrable for d in differences),
        n=len(differences),
    )
    name = f"{DIFFERENCES}-{first // ROWS_A_PAGE + 1}" if first else DIFFERENCES
    ax = plot_symmetry(differences, texts=texts, language=language)
    return Drawing(
        name=name,
        svg=to_svg(ax, name=name, title=alt),
        caption=words("symmetry.caption"),
        alt=alt,
    )


def timeline_drawing(material: ReportInputs, analysis: Analysis) -> Drawing | None:
    """Return when each foot stands."""
    if not analysis.strides:
        return None
    words, language = material.words, material.language
    left, right = (material.used_strides(analysis.recording, side) for side in Side)
    alt = words("timeline.alt", left=left, right=right)
    start, end = _window(analysis)
    ax = plot_timeline(
        [s for s in analysis.strides if start <= s.start_s < end],
        events=[e for e in analysis.events if start <= e.time_s < end],
        language=language,
    )
    name = f"timeline-{analysis.recording.id}"
    return Drawing(
        name=name,
        svg=to_svg(ax, name=name, title=alt),
        caption=words("timeline.caption"),
        alt=alt,
    )


def stick_drawing(material: ReportInputs, analysis: Analysis) -> Drawing | None:
    """Return stick figures of one stride of the left, or else the right foot."""
    strides = [typical_stride(analysis.strides, side) for side in Side]
    stride = next((s for s in strides if s is not None), None)
    points = analysis.walking if analysis.walking is not None else analysis.raw
    if stride is None or points is None:
        return None
    words, language = material.words, material.language
    times = np.linspace(stride.start_s, stride.end_s, STICK_FIGURES)
    ax = plot_stick_figures(points, times_s=times.tolist(), language=language)
    name = f"sticks-{analysis.recording.id}"
    alt = words("stills.sticks_alt")
    return Drawing(
        name=name,
        svg=to_svg(ax, name=name, title=alt),
        caption=words("stills.sticks"),
        alt=alt,
    )


def feet_drawing(material: ReportInputs, analysis: Analysis) -> Drawing | None:
    """Return the height of heel and toe of both feet with the events."""
    walking = analysis.walking
    if walking is None or "up" not in walking["space"].to_numpy():
        return None
    words, language = material.words, material.language
    start, end = _window(analysis)
    shown = walking.sel(time=slice(start, end))
    events = [e for e in analysis.events if start <= e.time_s <= end]
    figure = new_figure(FULL_WIDTH_IN, 3.2)
    panels = figure.subplots(2, 1, sharex=True, sharey=True)
    for panel, side in zip(panels, Side, strict=True):
        plot_foot_path(shown, panel, side=side, events=events, language=language)
    panels[0].set_xlabel("")
    name = f"feet-{analysis.recording.id}"
    alt = words("quality.feet_alt")
    return Drawing(
        name=name,
        svg=to_svg(panels[0], name=name, title=alt),
        caption=words("quality.feet_caption"),
        alt=alt,
    )


def confidence_drawing(material: ReportInputs, analysis: Analysis) -> Drawing | None:
    """Return the confidence of each point over the whole recording."""
    if analysis.raw is None or analysis.raw.sizes["time"] == 0:
        return None
    words = material.words
    ax = plot_confidence(analysis.raw, language=material.language)
    name = f"confidence-{analysis.recording.id}"
    alt = words("quality.confidence_alt")
    return Drawing(
        name=name,
        svg=to_svg(ax, name=name, title=alt),
        caption=words("quality.confidence_caption"),
        alt=alt,
    )


def _window(analysis: Analysis) -> tuple[float, float]:
    """Return the stretch that figures over time show, from the first event on."""
    first = min((event.time_s for event in analysis.events), default=0.0)
    last = max((event.time_s for event in analysis.events), default=WINDOW_S)
    return first - 0.2, min(last, first + WINDOW_S) + 0.2
