"""Steps of several films from behind are one sample; method errors do not shrink."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gaitkit.measure.pooled import pooled_row, with_pooled_walks
from gaitkit.model.analysis import Analysis
from gaitkit.model.measurement import STICKER_STEPS_OF_FILMS, Measurement
from gaitkit.model.reason import Quality, reason
from gaitkit.model.recording import Recording
from gaitkit.model.side import Side

NAME = "rearfoot_eversion_peak"


def row(recording: str, value: float | None, *, n: int = 3) -> Measurement:
    return Measurement(
        name=NAME,
        unit="deg",
        value=value,
        side=Side.LEFT,
        sd=None if value is None else 2.0,
        spread=None if value is None else 1.0,
        n=n,
        method="stickers, mean over steps",
        recording=recording,
        why_missing=reason("stickers_too_small") if value is None else None,
        unconfirmed=True,
    )


def film(number: int, value: float | None, *, codes: tuple[str, ...] = ()) -> Analysis:
    name = f"video_{number}"
    return Analysis(
        recording=Recording(
            id=name,
            kind="video",
            sha256="0" * 64,
            view="posterior",
            rate_hz=60.0,
            duration_s=4.0,
            time_source="pts",
            scale="px",
            condition="barefoot",
            quality=Quality(
                status="limited" if codes else "ok",
                reasons=tuple(reason(code, percent=40) for code in codes),
            ),
        ),
        measurements=(row(name, value),),
    )


def pooled(analyses: tuple[Analysis, ...]) -> list[Measurement]:
    return [m for a in analyses for m in a.measurements if m.recording is None]


def test_steps_add_up_and_the_mean_is_weighed_by_them() -> None:
    both = pooled_row([row("video_1", 8.0, n=3), row("video_2", 6.0, n=1)])
    assert both.n == 4
    assert both.value == pytest.approx(7.5)
    # within the first film 2, between the films 0.75 and 2.25, over 3
    assert both.spread == pytest.approx((5.0 / 3) ** 0.5)


def test_many_films_never_get_below_the_error_that_they_share() -> None:
    one = row("video_1", 8.0)
    many = pooled_row([replace(one, recording=f"video_{i}") for i in range(200)])
    assert many.sd is not None
    # 2^2 less (3 * 1.7^2 + 2 * 1) / 5 / 3 of chance
    assert many.sd == pytest.approx((4.0 - (3 * 1.7**2 + 2) / 15) ** 0.5, abs=0.02)
    assert many.sd < 2.0


def test_films_keep_their_rows_and_the_visit_gets_one_more() -> None:
    found = with_pooled_walks((film(1, 8.0), film(2, 6.0)))
    assert [m.recording for m in found[0].measurements] == ["video_1", None]
    assert [m.recording for m in found[1].measurements] == ["video_2"]
    together = pooled(found)[0]
    assert together.method == STICKER_STEPS_OF_FILMS
    assert together.value == pytest.approx(7.0)
    assert together.unconfirmed


def test_a_film_without_a_value_is_not_counted_together() -> None:
    assert pooled(with_pooled_walks((film(1, 8.0), film(2, None)))) == []


@pytest.mark.parametrize("code", ["legs_exchanged", "low_confidence"])
def test_a_film_that_rules_do_not_use_is_not_counted_together(code: str) -> None:
    unfit = film(2, 6.0, codes=(code,))
    assert pooled(with_pooled_walks((film(1, 8.0), unfit))) == []


def test_films_under_two_conditions_are_kept_apart() -> None:
    second = film(2, 6.0)
    shod = replace(second, recording=replace(second.recording, condition="shod"))
    assert pooled(with_pooled_walks((film(1, 8.0), shod))) == []
