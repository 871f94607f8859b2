"""Equal suggestions of left and right are one line; others stay apart."""

from __future__ import annotations

from dataclasses import replace

from gaitkit.model.plan import Suggestion
from gaitkit.model.side import Side
from gaitkit.model.text import Text
from gaitkit.report.sections.plan import both_sides
from gaitkit.report.words import words

LEFT = Suggestion(
    kind="retest",
    rule="K03",
    side=Side.LEFT,
    text=Text(nl="Keten (links): meet de achtervoet", en="Chain (left): rearfoot"),
)
RIGHT = replace(
    LEFT,
    side=Side.RIGHT,
    text=Text(nl="Keten (rechts): meet de achtervoet", en="Chain (right): rearfoot"),
)
OTHER = Suggestion(kind="advice", rule="C02", text=Text(nl="Beweeg", en="Move"))


def test_equal_suggestions_name_both_sides_where_the_first_stood() -> None:
    dutch = both_sides((LEFT, OTHER, RIGHT), words("nl"))
    assert [each.text for each in dutch] == [
        "Keten (links en rechts): meet de achtervoet",
        "Beweeg",
    ]
    assert dutch[0].sides == (Side.LEFT, Side.RIGHT)
    english = both_sides((LEFT, RIGHT), words("en"))
    assert [each.text for each in english] == ["Chain (left and right): rearfoot"]


def test_another_dose_or_another_text_stays_apart() -> None:
    dosed = replace(RIGHT, amount=2.0, unit="deg")
    asked = replace(RIGHT, text=Text(nl="Keten (rechts): meet de heup", en="Hip"))
    for other in (dosed, asked, LEFT):
        assert len(both_sides((LEFT, other), words("nl"))) == 2


def test_a_text_that_names_both_sides_is_not_rewritten() -> None:
    left, right = (
        replace(each, text=Text(nl=f"{own}: meer dan {other}", en="-"))
        for each, own, other in ((LEFT, "links", "rechts"), (RIGHT, "rechts", "links"))
    )
    assert len(both_sides((left, right), words("nl"))) == 2
