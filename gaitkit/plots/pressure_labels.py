"""Words in the pictures of pressure, in both languages."""

from __future__ import annotations

from typing import Final

from gaitkit.model.contact import ContactFlag, Region
from gaitkit.model.text import Text

REGION_WORDS: Final[dict[Region, Text]] = {
    Region.HALLUX: Text(nl="grote teen", en="hallux"),
    Region.TOES: Text(nl="tenen 2-5", en="toes 2-5"),
    Region.METATARSAL_1: Text(nl="M1", en="M1"),
    Region.METATARSAL_2: Text(nl="M2", en="M2"),
    Region.METATARSAL_3: Text(nl="M3", en="M3"),
    Region.METATARSAL_4: Text(nl="M4", en="M4"),
    Region.METATARSAL_5: Text(nl="M5", en="M5"),
    Region.MIDFOOT: Text(nl="middenvoet", en="midfoot"),
    Region.HEEL_MEDIAL: Text(nl="hiel mediaal", en="medial heel"),
    Region.HEEL_LATERAL: Text(nl="hiel lateraal", en="lateral heel"),
}

FLAG_WORDS: Final[dict[ContactFlag, Text]] = {
    ContactFlag.EDGE: Text(nl="op de rand", en="on the edge"),
    ContactFlag.CUT_AT_START: Text(nl="begin mist", en="start missing"),
    ContactFlag.CUT_AT_END: Text(nl="einde mist", en="end missing"),
    ContactFlag.PARTIAL: Text(nl="deel van de voet", en="part of the foot"),
    ContactFlag.OVERLAP: Text(nl="raakt andere voet", en="touches other foot"),
    ContactFlag.DRAG: Text(nl="sleept", en="drags"),
    ContactFlag.OUTLIER: Text(nl="wijkt af", en="differs"),
    ContactFlag.AXIS_UNSURE: Text(nl="as onzeker", en="axis unsure"),
    ContactFlag.SIDE_UNSURE: Text(nl="kant onzeker", en="side unsure"),
    ContactFlag.EXCLUDED: Text(nl="uitgesloten", en="left out"),
}

LEFT: Final = Text(nl="links", en="left")
RIGHT: Final = Text(nl="rechts", en="right")
FORCE: Final = Text(nl="kracht (N)", en="force (N)")
TIME: Final = Text(nl="tijd (s)", en="time (s)")
STANCE: Final = Text(nl="standfase (%)", en="stance (%)")
PRESSURE: Final = Text(nl="grootste druk (kPa)", en="peak pressure (kPa)")
WALKING: Final = Text(nl="looprichting", en="direction of walking")
MAP_TITLE: Final = Text(nl="Grootste druk per contact", en="Peak pressure by contact")
FORCE_TITLE: Final = Text(nl="Kracht over de tijd", en="Force over time")
REGION_TITLE: Final = Text(nl="Belasting per gebied", en="Load by region")
BALANCE_TITLE: Final = Text(
    nl="Balans tijdens de afwikkeling", en="Balance of the roll-off"
)
BALANCE: Final = Text(
    nl="balans (%), mediaal positief", en="balance (%), medial positive"
)
