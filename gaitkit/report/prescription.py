"""The order of insoles as a sheet: what it says, and its drawings in true mm.

The front holds the order, the back both feet at 1:1: as a pair on A4 where they fit,
else one foot a page, else on A3. Every number comes from the one `Prescription`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gaitkit.model.wording import number, signed, with_unit
from gaitkit.report.prescription_drawings import (
    A3_MM,
    A4_MM,
    SECTION_WIDTH_MM,
    layout_of,
    section_mm,
    small_mm,
)
from gaitkit.report.words import words as words_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from gaitkit.model.prescription import FootOrder, Prescription, UnderShoe
    from gaitkit.model.reason import Reason
    from gaitkit.model.side import Side
    from gaitkit.model.text import Language
    from gaitkit.report.prescription_drawings import Layout
    from gaitkit.report.words import Words
    from gaitkit.rules.rule import RuleSet

LINE, SHORT_LINE = "…………", "……"


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetDrawing:
    """A drawing: its name, its size on the paper, what it shows."""

    name: str
    width_mm: float
    height_mm: float
    alt: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetField:
    """A label with its value."""

    label: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetDose:
    """A dose in bold and what else is known of it; empty when there is none."""

    dose: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetRow:
    """One line about both feet."""

    label: str
    left: SheetDose
    right: SheetDose


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetBox:
    """A heading with lines."""

    title: str
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PrescriptionSheet:
    """The sheet, worded; every field is text of one language."""

    language: str
    title: str
    order: str
    practice: tuple[str, ...]
    fields: tuple[SheetField, ...]
    left: str
    right: str
    foot_title: str
    foot: tuple[SheetRow, ...]
    elements_title: str
    elements: tuple[SheetRow, ...]
    places: str
    bench_title: str
    bench: SheetDrawing | None
    bench_left: str
    bench_right: str
    difference: SheetField
    drawing_title: str
    drawing: SheetDrawing | None
    no_drawing: str
    key: SheetBox
    raises: tuple[SheetField, ...]
    files: SheetField | None
    under: SheetBox
    finish: SheetBox
    ticked: tuple[bool, ...]
    refused: SheetBox | None
    mind: SheetBox | None
    remark: str
    codes: str
    sign: str
    decided: str
    care: SheetBox | None
    use: str
    draft: str
    backs: tuple[SheetDrawing, ...]


def sheet_of(
    order: Prescription, rules: RuleSet, *, language: Language
) -> PrescriptionSheet:
    """Return the sheet of an order, worded.

    Parameters
    ----------
    order : Prescription
        The order.
    rules : RuleSet
        What shoes and elements are called.
    language : {"nl", "en"}
        Of the sheet.
    """
    return _Writer(order, rules, language).sheet()


class _Writer:
    """Words one order in one language."""

    def __init__(self, order: Prescription, rules: RuleSet, language: Language) -> None:
        self.order, self.rules, self.language = order, rules, language
        self.words: Words = words_of(language)

    def sheet(self) -> PrescriptionSheet:
        """Return the whole sheet."""
        word, order = self._word, self.order
        drawn = all(foot.shape is not None for foot in order.feet)
        title = "elements_title_draft" if order.draft else "elements_title"
        layout = layout_of(order)
        return PrescriptionSheet(
            language=self.language,
            title=word("title"),
            order=word("order", number=order.number),
            practice=self._practice(),
            fields=tuple(self._fields()),
            left=word("left"),
            right=word("right"),
            foot_title=word("foot_title"),
            foot=tuple(self._foot_rows()),
            elements_title=word(title),
            elements=tuple(self._element_rows()),
            places=word("places"),
            bench_title=word("bench_title"),
            bench=self._bench() if drawn else None,
            bench_left=word("bench_left"),
            bench_right=word("bench_right"),
            difference=SheetField(
                label=word("bench_difference"), value=self._difference()
            ),
            drawing_title=word("drawing_title", where=word(f"where_{layout}")),
            drawing=SheetDrawing(
                name="front.svg",
                width_mm=small_mm(order)[0],
                height_mm=small_mm(order)[1],
                alt=word("drawing_alt"),
            )
            if drawn
            else None,
            no_drawing=word("no_drawing"),
            key=self._key(),
            raises=tuple(self._raises()),
            files=self._files(),
            under=self._under(),
            finish=SheetBox(
                title=word("finish"), lines=(word("full"), word("three_quarter"))
            ),
            ticked=(
                order.practice.length == "full",
                order.practice.length == "three_quarter",
            ),
            refused=self._reasons("refused", lambda foot: foot.refusals),
            mind=self._reasons("mind", lambda foot: foot.notes),
            remark=word("remark"),
            codes=" · ".join(order.practice.insole_codes),
            sign=word("sign"),
            decided=self._decided(),
            care=None if order.draft else self._care(),
            use=word("use"),
            draft=word("draft") if order.draft else "",
            backs=self._backs(layout) if drawn else (),
        )

    def _word(self, key: str, **values: object) -> str:
        return self.words(f"prescription.{key}", **values)

    def _number(self, value: float, digits: int | None = None) -> str:
        whole = float(value).is_integer() if digits is None else digits == 0
        return number(value, 0 if whole else digits or 1, self.language)

    def _mm(self, value: float, digits: int | None = None) -> str:
        return with_unit(self._number(value, digits), "mm")

    def _practice(self) -> tuple[str, ...]:
        house = self.order.practice
        first = house.name or self._word("practice_line")
        if house.place:
            first = f"{first} · {house.place}"
        if house.agb:
            first = f"{first} · {self._word('agb', agb=house.agb)}"
        who = house.therapist or self.order.decided_by or LINE
        second = self._word("therapist", name=who)
        if house.laboratory:
            second = f"{self._word('laboratory', name=house.laboratory)} · {second}"
        return first, second

    def _fields(self) -> Iterator[SheetField]:
        word, order, shoe = self._word, self.order, self.order.shoe
        weight = "" if order.mass_kg is None else f", {self._number(order.mass_kg)} kg"
        yield SheetField(label=word("patient"), value=f"{order.subject_id}{weight}")
        yield SheetField(label=word("name_line"), value=LINE + LINE)
        yield SheetField(label=word("date"), value=_day(order.ordered_on))
        yield SheetField(label=word("deliver"), value=_day(order.deliver_on))
        asked = {
            "new": order.kind == "new",
            "adaptation": order.kind == "adaptation",
            "second_pair": order.practice.second_pair,
        }
        ticks = (f"{_box(ticked)} {word(kind)}" for kind, ticked in asked.items())
        yield SheetField(label=word("kind"), value="  ".join(ticks))
        yield SheetField(label=word("print"), value=self._print())
        yield SheetField(label=word("shoe"), value=self._shoe())
        out = shoe.removable_footbed
        boxes = (f"{_box(out == each)} {word(each)}" for each in ("yes", "no"))
        yield SheetField(label=word("footbed"), value="  ".join(boxes))
        heel = LINE if shoe.heel_height_mm is None else self._mm(shoe.heel_height_mm)
        yield SheetField(label=word("heel_height"), value=heel)
        room = "" if shoe.room_mm is None else f"{self._mm(shoe.room_mm)}; "
        limit = word("raise_limit", mm=self._number(shoe.raise_limit_mm))
        yield SheetField(label=word("room"), value=room + limit)

    def _print(self) -> str:
        shapes = [foot.shape for foot in self.order.feet if foot.shape is not None]
        if not shapes:
            return self._word("print_none")
        if shapes[0].print_.origin == "shoe_size":
            return self._word("print_estimated")
        steps = {
            shape.side.value: self._word("print_mirrored")
            if shape.print_.origin == "mirrored"
            else str(shape.print_.steps)
            for shape in shapes
        }
        return self._word("print_plate", **steps)

    def _shoe(self) -> str:
        shoe = self.order.shoe
        kinds = (shoe.most_worn,) if shoe.most_worn else shoe.worn
        named = ", ".join(self.rules.answer(each).of(self.language) for each in kinds)
        if not kinds:  # to be ticked by hand
            usual = self.order.practice.shoes
            named = "  ".join(
                f"{_box(ticked=False)} {self.rules.answer(each).of(self.language)}"
                for each in usual
            )
        size = SHORT_LINE if shoe.size_eu is None else self._number(shoe.size_eu)
        return f"{named or LINE} · {self._word('size')} {size}"

    def _foot_rows(self) -> Iterator[SheetRow]:
        house = self.order.practice
        material = f"{house.material or LINE} · {self._shore(house.shore_a)}"
        cover = f"{house.cover or LINE} · {self._shore(house.cover_shore_a)}"
        made_of = SheetDose(detail=f"{material} / {cover}")
        yield self._row("print_size", self._print_size)
        yield self._row("insole_size", self._insole_size)
        yield self._row("thickness", self._thickness)
        yield self._row("material", lambda _: made_of)

    def _row(self, key: str, of: Callable[[FootOrder], SheetDose]) -> SheetRow:
        left, right = (of(foot) for foot in self.order.feet)
        return SheetRow(label=self._word(key), left=left, right=right)

    def _shore(self, value: float | None) -> str:
        return LINE if value is None else self._number(value)

    def _print_size(self, foot: FootOrder) -> SheetDose:
        if foot.shape is None or foot.shape.print_.origin != "plate":
            return SheetDose(detail=self._word("print_none"))
        return SheetDose(
            detail=self._size(
                foot.shape.print_.length_mm, foot.shape.print_.ball_width_mm
            )
        )

    def _insole_size(self, foot: FootOrder) -> SheetDose:
        if foot.shape is None:
            return SheetDose(detail=LINE)
        return SheetDose(detail=self._size(foot.shape.length_mm, foot.shape.width_mm))

    def _size(self, length: float, width: float) -> str:
        return f"{length:.0f} × {self._mm(width, 0)}"

    def _thickness(self, foot: FootOrder) -> SheetDose:
        if foot.shape is None:
            return SheetDose(detail=LINE)
        base = foot.shape.base
        text = f"{self._number(base.heel_mm)} → {self._mm(base.forefoot_mm)}"
        return SheetDose(detail=text)

    def _element_rows(self) -> Iterator[SheetRow]:
        """Yield a row for each element of either foot, then what is not there."""
        rows: tuple[tuple[str, Callable[[FootOrder], SheetDose]], ...] = (
            ("raise", self._raise),
            ("rearfoot", self._rearfoot),
            (
                "skive",
                lambda foot: self._plain(foot, "medial_heel_skive", "skive_place"),
            ),
            ("cup", lambda foot: self._plain(foot, "heel_cup")),
            ("cushion", lambda foot: self._plain(foot, "heel_cushion")),
            ("arch", self._arch),
            ("forefoot", self._forefoot),
            ("pad", self._pad),
            ("recess", lambda foot: self._plain(foot, "first_ray_cut_out")),
            ("hallux", lambda foot: self._plain(foot, "hallux_extension")),
        )
        absent = []
        for key, of in rows:
            row = self._row(key, of)
            if row.left.dose or row.right.dose:
                yield row
            else:
                absent.append(self._word(key).partition(" (")[0])
        if absent:
            names = ", ".join(absent)
            none = SheetDose()
            yield SheetRow(
                label=self._word("no_others", names=names), left=none, right=none
            )

    def _raise(self, foot: FootOrder) -> SheetDose:
        if not foot.doses.raise_mm:
            return SheetDose()
        dose = self._mm(foot.doses.raise_mm)
        if foot.shape is None:
            return SheetDose(dose=dose)
        place = self._word(
            "raise_place",
            full=f"{foot.shape.raise_full_mm:.0f}",
            end=f"{foot.shape.raise_end_mm:.0f}",
        )
        return SheetDose(dose=dose, detail=place)

    def _rearfoot(self, foot: FootOrder) -> SheetDose:
        dose, heights = self._wedge(foot, "rearfoot_post"), foot.heights
        if not dose or heights is None:
            return SheetDose(dose=dose)
        medial = signed(heights.wedge_medial, 1, self.language)
        lateral = signed(heights.wedge_lateral, 1, self.language)
        place = self._word("wedge_place", medial=medial, lateral=lateral)
        return SheetDose(dose=dose, detail=place)

    def _forefoot(self, foot: FootOrder) -> SheetDose:
        return SheetDose(dose=self._wedge(foot, "forefoot_post"))

    def _wedge(self, foot: FootOrder, ending: str) -> str:
        """Return what was ordered of a wedge, also where it contradicts itself."""
        return " + ".join(
            self._word(way, deg=f"{self._number(each.amount)}°")
            for way in ("medial", "lateral")
            for each in foot.elements
            if each.element == f"{way}_{ending}" and each.amount is not None
        )

    def _arch(self, foot: FootOrder) -> SheetDose:
        place = (
            ""
            if foot.shape is None
            else self._word("arch_place", at=f"{foot.shape.arch_at_mm:.0f}")
        )
        return self._plain(foot, "medial_arch_support", detail=place)

    def _pad(self, foot: FootOrder) -> SheetDose:
        place = (
            ""
            if foot.shape is None
            else self._word("pad_place", behind=self._number(foot.shape.pad_behind_mm))
        )
        return self._plain(foot, "metatarsal_pad", detail=place)

    def _plain(
        self, foot: FootOrder, element: str, key: str | None = None, *, detail: str = ""
    ) -> SheetDose:
        found = next((e for e in foot.elements if e.element == element), None)
        if found is None or found.amount is None:
            return SheetDose()
        said = [self._word(key) if key else detail]
        if not found.decided:
            said.append(self._word("usual"))
        return SheetDose(
            dose=self._mm(found.amount), detail="; ".join(each for each in said if each)
        )

    def _bench(self) -> SheetDrawing:
        left, right = (
            "–" if foot.heights is None else self._number(foot.heights.heel, 1)
            for foot in self.order.feet
        )
        return SheetDrawing(
            name="bench.svg",
            width_mm=SECTION_WIDTH_MM,
            height_mm=section_mm(self.order),
            alt=self._word("bench_alt", left=left, right=right),
        )

    def _difference(self) -> str:
        value = self.order.heel_difference_mm
        return (
            LINE if value is None else with_unit(signed(value, 1, self.language), "mm")
        )

    def _key(self) -> SheetBox:
        doses = [foot.doses for foot in self.order.feet]
        other = ("cup_mm", "skive_mm", "recess_mm", "hallux_mm", "cushion_mm")
        shown = {
            "pressure": True,
            "raise": any(each.raise_mm for each in doses),
            "wedge": any(each.rearfoot_deg or each.forefoot_deg for each in doses),
            "arch": any(each.arch_mm for each in doses),
            "pad": any(each.pad_mm for each in doses),
            "other": any(getattr(each, name) for each in doses for name in other),
            "cross": True,
        }
        lines = tuple(self._word(f"key_{key}") for key, is_ in shown.items() if is_)
        return SheetBox(title=self._word("key_title"), lines=lines)

    def _raises(self) -> Iterator[SheetField]:
        for foot in self.order.feet:
            if len(foot.steps_mm) > 1:
                steps = " → ".join(self._number(each) for each in foot.steps_mm)
                discs = " + ".join(self._number(each) for each in foot.discs_mm)
                side = self._word(f"side_{foot.side}")
                yield SheetField(
                    label=self._word("steps", side=side),
                    value=f"{steps} mm; {self._word('discs', discs=discs)}",
                )

    def _files(self) -> SheetField | None:
        if not self.order.makeable:
            return None
        names = ["insole_left.stl", "insole_right.stl", "insoles.3mf"]
        names += [
            f"raise_{foot.side}.stl"
            for foot in self.order.feet
            if foot.loose_raise is not None
        ]
        value = f"{', '.join(names)} (mm)"
        return SheetField(label=self._word("files"), value=value)

    def _under(self) -> SheetBox:
        lines = tuple(
            self._under_line(foot.side, foot.under_shoe)
            for foot in self.order.feet
            if foot.under_shoe is not None
        )
        return SheetBox(
            title=self._word("under_title"),
            lines=(
                *(lines or (self._word("under_none"),)),
                f"☐ {self._word('rocker')}",
            ),
        )

    def _under_line(self, side: Side, under: UnderShoe) -> str:
        heel, ball, toe = (
            self._number(each) for each in (under.heel_mm, under.ball_mm, under.toe_mm)
        )
        name = self._word(f"side_{side}")
        line = self._word("under", side=name, heel=heel, ball=ball, toe=toe)
        if under.after_mm is None:
            return line
        return f"{line}; {self._word('under_after', mm=self._mm(under.after_mm))}"

    def _reasons(
        self, key: str, of: Callable[[FootOrder], tuple[Reason, ...]]
    ) -> SheetBox | None:
        left, right = (of(foot) for foot in self.order.feet)
        lines = []
        for why in dict.fromkeys((*left, *right)):
            both = why in left and why in right
            side = "both" if both else f"side_{'left' if why in left else 'right'}"
            text = f"{why.text.of(self.language)} {why.advice.of(self.language)}"
            lines.append(self._word("refused_line", side=self._word(side), text=text))
        return SheetBox(title=self._word(key), lines=tuple(lines)) if lines else None

    def _decided(self) -> str:
        order = self.order
        if order.draft:
            return self._word("undecided")
        who, day = order.decided_by or LINE, _day(order.ordered_on)
        return self._word("decided", who=who, day=day)

    def _care(self) -> SheetBox:
        lines = tuple(self._word(f"care_{n}") for n in (1, 2, 3, 4))
        return SheetBox(title=self._word("care_title"), lines=lines)

    def _backs(self, layout: Layout) -> tuple[SheetDrawing, ...]:
        sides = [self._word(f"side_{foot.side}") for foot in self.order.feet]
        if layout == "single":
            return tuple(
                SheetDrawing(
                    name=f"back_{foot.side}.svg",
                    width_mm=A4_MM[0],
                    height_mm=A4_MM[1],
                    alt=self._word("true_alt", sides=side),
                )
                for foot, side in zip(self.order.feet, sides, strict=True)
            )
        width, height = A4_MM if layout == "pair" else A3_MM
        alt = self._word("true_alt", sides=", ".join(sides))
        return (
            SheetDrawing(name="back.svg", width_mm=width, height_mm=height, alt=alt),
        )


def _box(ticked: bool) -> str:
    return "☒" if ticked else "☐"


def _day(day: object) -> str:
    from datetime import date

    return day.strftime("%d-%m-%Y") if isinstance(day, date) else LINE
