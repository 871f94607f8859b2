"""Figures draw what they are given, in one style, and can be read without colour."""

from __future__ import annotations

import dataclasses
import re
import tomllib
from importlib import resources
from string import Formatter
from typing import TYPE_CHECKING

import matplotlib.pyplot
import numpy as np
import pytest
from matplotlib.colors import to_hex
from matplotlib.figure import Figure

from gaitkit.measure.symmetry import side_difference
from gaitkit.model.catalogue import definition
from gaitkit.model.events import Event
from gaitkit.model.keypoints import GAIT, keypoints
from gaitkit.model.measurement import Measurement
from gaitkit.model.reason import reason
from gaitkit.model.recording import PersonCandidate, PersonChoice
from gaitkit.model.side import Side
from gaitkit.model.strides import CYCLE_POINTS, Stride, Waveform
from gaitkit.norms.curves import curve
from gaitkit.plots.confidence import plot_confidence
from gaitkit.plots.contact_sheet import plot_contact_sheet
from gaitkit.plots.foot_path import plot_foot_path
from gaitkit.plots.labels import known, label
from gaitkit.plots.stick_figures import plot_stick_figures
from gaitkit.plots.style import look, to_svg
from gaitkit.plots.symmetry import plot_symmetry
from gaitkit.plots.timeline import plot_timeline
from gaitkit.plots.waveforms import LEAST_RANGE_DEG, plot_waveform

if TYPE_CHECKING:
    import xarray as xr

    from gaitkit.model.recording import SpaceUnit

LEFT, RIGHT = Side.LEFT, Side.RIGHT


def waveform(side: Side, *, n: int = 4, level: float = 10.0) -> Waveform:
    cycle = np.linspace(0, 2 * np.pi, CYCLE_POINTS)
    return Waveform(
        name="knee_flexion",
        side=side,
        recording="r",
        mean=tuple(level + 30 * np.sin(cycle)),
        spread=(2.0 if n > 1 else 0.0,) * CYCLE_POINTS,
        n=n,
        foot_off_pct=61.0,
    )


def stride(side: Side, start_s: float) -> Stride:
    return Stride(
        recording="r",
        side=side,
        start_s=start_s,
        end_s=start_s + 1.1,
        foot_off_s=start_s + 0.68,
        opposite_foot_off_s=start_s + 0.13,
        opposite_initial_contact_s=start_s + 0.55,
    )


def measured(side: Side, value: float) -> Measurement:
    name = "knee_flexion_swing_peak"
    return Measurement(
        name=name,
        unit=definition(name).unit,
        value=value,
        side=side,
        sd=1.0,
        low=value - 2,
        high=value + 2,
        n=8,
        recording="r",
    )


def walking(
    *, space: tuple[str, ...] = ("forward", "up"), unit: SpaceUnit = "m"
) -> xr.Dataset:
    rng = np.random.default_rng(3)
    time = np.arange(60) / 30
    return keypoints(
        rng.uniform(0, 1, (60, len(space), len(GAIT))),
        np.full((60, len(GAIT)), 0.8),
        time_s=time,
        names=GAIT,
        space=space,
        space_unit=unit,
    )


def test_left_is_red_and_solid_right_is_blue_and_dashed() -> None:
    ax = plot_waveform([waveform(LEFT), waveform(RIGHT)])
    left, right = (line for line in ax.lines if len(line.get_xdata()) == CYCLE_POINTS)
    red, blue = (to_hex(line.get_color()) for line in (left, right))
    assert red[1:3] > red[5:7]
    assert blue[5:7] > blue[1:3]
    assert (left.get_linestyle(), right.get_linestyle()) == ("-", "--")


def test_a_figure_is_drawn_on_the_axes_that_are_given() -> None:
    ax = Figure().add_subplot()
    assert plot_waveform([waveform(LEFT)], ax) is ax
    assert plot_timeline([stride(LEFT, 0.0)], ax) is ax


def test_a_figure_and_its_axes_show_themselves_in_a_notebook_on_white_paper() -> None:
    ax = plot_waveform([waveform(LEFT)])
    for shown in (ax, ax.figure):
        svg = shown._repr_svg_()  # type: ignore[union-attr]
        assert svg is not None
        assert svg.count("</svg>") == 1
        assert "fill: #ffffff" in svg
    assert "fill: none" in to_svg(ax, name="n", title="t"), "reports lie on their page"
    assert matplotlib.pyplot.get_fignums() == [], "nothing is left to be drawn twice"


def test_the_curve_says_its_side_and_number_of_strides() -> None:
    ax = plot_waveform([waveform(LEFT, n=4)], language="nl")
    assert [t.get_text() for t in ax.get_legend().get_texts()] == ["links, n = 4"]
    assert ax.get_title(loc="left") == "Knie"


def test_a_single_stride_has_no_spread_around_it() -> None:
    assert len(plot_waveform([waveform(LEFT, n=1)]).collections) == 0
    assert len(plot_waveform([waveform(LEFT, n=2)]).collections) == 1


def test_the_band_is_the_middle_95_percent_and_hatched_when_not_comparable() -> None:
    band = curve("knee_flexion")
    assert band is not None
    drawn = plot_waveform([waveform(LEFT, n=1)], band=band).collections[0]
    heights = drawn.get_paths()[0].vertices[:, 1]
    assert heights.min() == pytest.approx(min(band.low))
    assert heights.max() == pytest.approx(max(band.high))
    assert drawn.get_hatch() is None
    quiet = plot_waveform([waveform(LEFT, n=1)], band=band, comparable=False)
    assert quiet.collections[0].get_hatch()


def test_a_flat_curve_is_not_blown_up() -> None:
    flat = dataclasses.replace(waveform(LEFT, n=1), mean=(3.0,) * CYCLE_POINTS)
    low, high = plot_waveform([flat]).get_ylim()
    assert high - low >= LEAST_RANGE_DEG


def test_a_bar_lasts_as_long_as_the_foot_stands() -> None:
    ax = plot_timeline([stride(LEFT, 1.0), stride(RIGHT, 1.55)])
    bars = [p for p in ax.patches if p.get_height() < 1]
    starts_and_lengths = [(b.get_x(), b.get_width()) for b in bars]
    assert starts_and_lengths == [
        pytest.approx((1.0, 0.68)),
        pytest.approx((1.55, 0.68)),
    ]
    assert bars[0].get_y() > bars[1].get_y()


def test_a_rejected_stride_is_hollow_and_named() -> None:
    rejected = dataclasses.replace(stride(LEFT, 1.0), rejected=reason("no_scale"))
    ax = plot_timeline([rejected], language="en")
    bar = next(p for p in ax.patches if p.get_height() < 1)
    assert bar.get_hatch()
    assert "not counted" in [t.get_text() for t in ax.get_legend().get_texts()]


def test_a_stride_without_foot_off_has_no_bar() -> None:
    ax = plot_timeline([dataclasses.replace(stride(LEFT, 1.0), foot_off_s=None)])
    assert [p for p in ax.patches if p.get_height() < 0.5] == []


def test_a_difference_beyond_its_limit_is_filled_with_the_colour_of_that_side() -> None:
    small = side_difference(measured(LEFT, 60.0), measured(RIGHT, 60.5))
    large = side_difference(measured(LEFT, 30.0), measured(RIGHT, 62.0))
    assert small is not None
    assert large is not None
    ax = plot_symmetry([small, large], texts=["a", "b"])
    points = [line for line in ax.lines if len(line.get_xdata()) == 1]
    assert points[0].get_xdata()[0] == pytest.approx(small.value / small.limit)
    assert to_hex(points[0].get_markerfacecolor()) == "#ffffff"
    assert to_hex(points[1].get_markerfacecolor()) == look(RIGHT).colour
    zone = ax.patches[0]
    assert (zone.get_x(), zone.get_width()) == (-1.0, 2.0)


def test_only_the_events_of_the_foot_are_marked_on_its_path() -> None:
    events = [
        Event(recording="r", side=s, kind="initial_contact", time_s=1.0, method="m")
        for s in (LEFT, RIGHT, RIGHT)
    ]
    ax = plot_foot_path(walking(), side=RIGHT, events=events)
    markers = [line for line in ax.lines if line.get_marker() == "v"]
    assert len(markers) == 2


def test_stick_figures_stand_upright_in_picture_space() -> None:
    picture = walking(space=("x", "y"), unit="px")
    assert plot_stick_figures(picture, times_s=[0.5, 1.0]).yaxis_inverted()
    assert not plot_stick_figures(walking(), times_s=[0.5]).yaxis_inverted()


def test_a_missing_point_is_white_whatever_its_confidence() -> None:
    points = walking(space=("x", "y"), unit="px")
    values = points["position"].to_numpy()
    values[5, :, 3] = np.nan
    shown = plot_confidence(points).images[0].get_array()
    assert shown.mask[3, 5]
    assert shown.mask.sum() == 1


def test_the_followed_person_is_framed() -> None:
    people = tuple(
        PersonCandidate(
            number=n, score=0.5, start_s=0, end_s=1, path_heights=1, duration_s=1,
            upright=1, size=0.5, completeness=1, frame=0, box=(0, 0, 1, 1),
        )
        for n in (1, 2)
    )  # fmt: skip
    choice = PersonChoice(chosen=2, method="user", ambiguous=False, candidates=people)
    ax = plot_contact_sheet([np.zeros((40, 20, 3), np.uint8)] * 2, choice=choice)
    widths = [patch.get_linewidth() for patch in ax.patches]
    assert widths[1] > widths[0]
    texts = [text.get_text() for text in ax.texts]
    assert texts == ["persoon 1", "persoon 2: gevolgd"]


def test_numbers_on_the_axes_follow_the_language() -> None:
    ax = plot_foot_path(walking(), side=LEFT, language="nl")
    ax.set_yticks([0.25])
    assert ax.yaxis.get_major_formatter()(0.25, 0) == "0,25"
    english = plot_foot_path(walking(), side=LEFT, language="en")
    assert english.yaxis.get_major_formatter()(-0.25, 0) == "−0.25"


def test_svg_is_the_same_every_time_and_keeps_its_text() -> None:
    svgs = [
        to_svg(plot_timeline([stride(LEFT, 0.0)]), name="steps", title="A & B")
        for _ in range(2)
    ]
    assert svgs[0] == svgs[1]
    assert svgs[0].startswith("<svg ")
    assert ">links</text>" in svgs[0]
    assert '<title id="steps-title">A &amp; B</title>' in svgs[0]
    assert 'role="img"' in svgs[0]


def test_svg_ids_carry_the_name_and_references_follow_them() -> None:
    svg = to_svg(plot_waveform([waveform(LEFT)]), name="knee", title="t")
    ids = set(re.findall(r'\bid="([^"]*)"', svg))
    used = set(re.findall(r'(?:href="|url\()#([^")]*)', svg))
    assert ids
    assert all(name.startswith("knee-") for name in ids)
    assert used <= ids


def test_svg_text_has_fonts_that_any_machine_has() -> None:
    svg = to_svg(plot_timeline([stride(LEFT, 0.0)]), name="s", title="t")
    texts = re.findall(r"<text [^>]*>", svg)
    assert len(texts) > 5
    assert all("DejaVu Sans, Verdana" in text for text in texts)
    assert all("sans-serif" in text for text in texts)


def test_labels_have_the_same_placeholders_in_both_languages() -> None:
    source = resources.files("gaitkit.plots") / "labels.toml"
    table = tomllib.loads(source.read_text(encoding="utf-8"))
    for group in table.values():
        for words in group.values():
            dutch, english = (
                {name for _, name, _, _ in Formatter().parse(text) if name}
                for text in (words["nl"], words["en"])
            )
            assert dutch == english


def test_a_label_is_found_by_its_key() -> None:
    assert label("side.left", "nl") == "links"
    assert known("angle.hip_flexion")
    assert not known("angle.tail_flexion")
