"""Leg length, block test, stance, rearfoot and chain as one visit would give them.

The numbers belong together: a left leg that is 8 mm longer, measured with tape, a block
by hand and pictures with stickers, in a virtual person.
"""

from __future__ import annotations

import cv2
import numpy as np
from scipy.stats import norm

from gaitkit.model.chain import ChainLink, ChainSign, KineticChain, LinkName
from gaitkit.model.leg_length import (
    FunctionalPart,
    LegLengthEstimate,
    MethodEvidence,
    PriorPart,
)
from gaitkit.model.measurement import Measurement
from gaitkit.model.reason import Reason
from gaitkit.model.side import Side
from gaitkit.model.standing import (
    BlockLine,
    BlockPoint,
    HeightLine,
    PicturePoint,
    PointRole,
    RearfootCurve,
    RearfootStanding,
    StancePicture,
)
from gaitkit.model.text import Text

LEFT, RIGHT = Side.LEFT, Side.RIGHT
PRIOR = (PriorPart(weight=0.9, sd_mm=6.5), PriorPart(weight=0.1, sd_mm=15.0))
WIDTH_PX, HEIGHT_PX = 720, 1280
FLOOR_PX, PX_PER_MM = 1220.0, 0.68


def says(code: str, nl: str, en: str) -> Reason:
    """Return a reason with advice."""
    advice = Text(nl="Herhaal met een tweede onderzoeker.", en="Repeat with another.")
    return Reason(code=code, text=Text(nl=nl, en=en), advice=advice)


def methods() -> tuple[MethodEvidence, ...]:
    """Return evidence of every kind: sure, unsure, unconfirmed, left out."""
    return (
        MethodEvidence(
            method="tape", label=Text(nl="meetlint", en="tape"), value_mm=8.0,
            sd_mm=8.6, n=3, raters=1, weight=0.08, alone_mm=2.9, alone_sd_mm=5.2,
        ),
        MethodEvidence(
            method="block_test",
            label=Text(nl="blokjes met de hand", en="blocks by hand"),
            value_mm=10.0, sd_mm=5.0, n=3, raters=2, weight=0.24, alone_mm=6.3,
            alone_sd_mm=4.0,
        ),
        MethodEvidence(
            method="block_test_sticker",
            label=Text(nl="blokjes, foto's", en="blocks, pictures"), value_mm=7.4,
            sd_mm=3.0, n=3, weight=0.68, alone_mm=6.1, alone_sd_mm=2.7,
            unconfirmed=True,
        ),
        MethodEvidence(
            method="stance_landmark",
            label=Text(nl="foto, lichaamspunten", en="picture, landmarks"),
            value_mm=-2.0, sd_mm=14.0, unconfirmed=True,
            why_not_used=says(
                "landmarks_alone",
                "Lichaamspunten tonen maar een deel van de scheefstand.",
                "Body landmarks show only part of the tilt.",
            ),
        ),
    )  # fmt: skip


def estimate(*, sign: float = 1.0, sd_mm: float = 2.48) -> LegLengthEstimate:
    """Return a posterior whose numbers follow from its curve."""
    at = np.linspace(-60.0, 60.0, 481)
    prior = sum(p.weight * norm.pdf(at, 0.0, p.sd_mm) for p in PRIOR)
    after = prior * norm.pdf(at, sign * 8.1, sd_mm)
    step = at[1] - at[0]
    after /= after.sum() * step
    below = (np.cumsum(after) - after / 2) * step
    mean = float((at * after).sum() * step)

    def chance(limit: float) -> float:
        return float(after[np.abs(at) > limit].sum() * step)

    return LegLengthEstimate(
        prior="clinic",
        prior_parts=PRIOR,
        methods=methods(),
        mean_mm=mean,
        sd_mm=float(np.sqrt(((at - mean) ** 2 * after).sum() * step)),
        low_mm=float(np.interp(0.025, below, at)),
        high_mm=float(np.interp(0.975, below, at)),
        p_over_5=chance(5.0),
        p_over_10=chance(10.0),
        p_over_20=chance(20.0),
        p_left_longer=float(after[at > 0].sum() * step),
        curve_mm=tuple(at.tolist()),
        prior_density=tuple(np.asarray(prior).tolist()),
        posterior_density=tuple(after.tolist()),
        disagreements=(
            says(
                "methods_disagree",
                "De blokjestest (10,0 mm) en de foto met lichaamspunten (−2,0 mm) "
                "spreken elkaar tegen.",
                "The block test (10.0 mm) and the picture with landmarks (−2.0 mm) "
                "contradict each other.",
            ),
        ),
        functional=(
            FunctionalPart(
                cause="pronation_difference",
                text=Text(
                    nl="De achtervoet staat links 5,0° verder in eversie: dat laat "
                    "het linkerbeen 2,2 ± 0,9 mm korter lijken.",
                    en="The left rearfoot stands 5.0° further in eversion: the left "
                    "leg seems 2.2 ± 0.9 mm shorter by that.",
                ),
                value_mm=-2.2,
                sd_mm=0.9,
            ),
        ),
        unconfirmed=True,
    )


def block_line(*, levelled: bool = True) -> BlockLine:
    """Return a block test with stickers, or with landmarks that cannot tell yet."""
    blocks = ((-5.0, 12.6), (0.0, 7.9), (5.0, 2.1), (10.0, -2.4))
    points = tuple(
        BlockPoint(recording=f"block_{i}", block_mm=b, tilt_mm=t, sd_mm=1.3)
        for i, (b, t) in enumerate(blocks, start=1)
    )
    if levelled:
        return BlockLine(
            source="sticker", points=points, slope=-1.02, slope_sd=0.11,
            zero_mm=7.6, zero_sd_mm=0.7, levelling_mm=7.4, low_mm=4.6, high_mm=10.2,
            sd_mm=1.4, unconfirmed=True,
        )  # fmt: skip
    return BlockLine(
        source="landmark",
        points=tuple(
            BlockPoint(
                recording=p.recording, block_mm=p.block_mm,
                tilt_mm=0.3 * p.tilt_mm, sd_mm=1.5,
            )
            for p in points[1:3]
        ),
        slope=-0.31,
        slope_sd=0.3,
        zero_mm=2.2,
        zero_sd_mm=1.6,
        reason=Reason(
            code="block_needed",
            text=Text(
                nl="Met deze blokjes is niet te zeggen wanneer het bekken recht staat.",
                en="With these blocks it cannot be told when the pelvis is level.",
            ),
            advice=Text(
                nl="Maak nog een foto met een blokje van 10 mm onder de rechtervoet.",
                en="Take another picture with a block of 10 mm under the right foot.",
            ),
        ),
        unconfirmed=True,
    )  # fmt: skip


def point(role: PointRole, side: Side, x_mm: float, up_mm: float) -> PicturePoint:
    """Return a sticker at a place on the person: x from the midline, left negative."""
    return PicturePoint(
        role=role, side=side, x_px=WIDTH_PX / 2 + PX_PER_MM * x_mm,
        y_px=FLOOR_PX - PX_PER_MM * up_mm, sd_px=0.2, source="sticker",
    )  # fmt: skip


HEELS: tuple[tuple[PointRole, float, float], ...] = (
    ("calf_upper", 95.0, 190.0),
    ("calf_lower", 92.0, 110.0),
    ("heel_upper", 91.0, 62.0),
    ("heel_lower", 95.0, 18.0),
)
HEIGHTS: tuple[tuple[PointRole, float, float, float], ...] = (
    ("psis", 50.0, 1018.0, 1010.0),
    ("knee", 92.0, 492.0, 487.0),
    ("ankle", 92.0, 82.0, 82.0),
)


def stance(*, block_mm: float | None = None) -> StancePicture:
    """Return a person from behind with stickers, the head a fine chequer board."""
    lines = tuple(
        HeightLine(
            role=role,
            left=point(role, LEFT, -x, left),
            right=point(role, RIGHT, x, right),
            angle_deg=float(np.degrees(np.arctan2(left - right, 2 * x))),
            angle_sd_deg=0.4,
            difference_mm=left - right,
            sd_mm=1.3,
        )
        for role, x, left, right in HEIGHTS
    )
    heels = {
        side: tuple(
            point(role, side, x if side is RIGHT else -x, up) for role, x, up in HEELS
        )
        for side in Side
    }
    points = [p for line in lines for p in (line.left, line.right)]
    return StancePicture(
        picture=person(),
        frames=24,
        points=(*points, *heels[LEFT], *heels[RIGHT]),
        lines=lines,
        rearfeet=(
            RearfootStanding(
                side=LEFT, angle_deg=7.1, sd_deg=0.4, points=heels[LEFT]
            ),
            RearfootStanding(
                side=RIGHT, angle_deg=2.1, sd_deg=0.4, points=heels[RIGHT]
            ),
        ),
        roll_deg=0.6,
        roll_sd_deg=0.2,
        roll_source="floor_line",
        yaw_deg=3.0,
        yaw_sd_deg=1.5,
        distance_m=2.4,
        block_side=None if block_mm is None else (RIGHT if block_mm > 0 else LEFT),
        block_height_mm=None if block_mm is None else abs(block_mm),
    )  # fmt: skip


def person() -> np.ndarray:
    """Return a picture of a body from behind before a noisy wall."""
    rng = np.random.default_rng(4)
    picture = rng.integers(150, 190, size=(HEIGHT_PX, WIDTH_PX, 3), dtype=np.uint8)
    picture = cv2.GaussianBlur(picture, (0, 0), 3.0)
    picture[int(FLOOR_PX) :] = (120, 105, 90)

    def at(x_mm: float, up_mm: float) -> tuple[int, int]:
        x, y = WIDTH_PX / 2 + PX_PER_MM * x_mm, FLOOR_PX - PX_PER_MM * up_mm
        return round(x), round(y)

    skin, cloth = (205, 165, 140), (60, 66, 80)
    for sign in (-1, 1):
        cv2.line(picture, at(sign * 75, 900), at(sign * 92, 490), skin, 84)
        cv2.line(picture, at(sign * 92, 490), at(sign * 92, 80), skin, 56)
        cv2.ellipse(picture, at(sign * 95, 30), (26, 24), 0, 0, 360, skin, -1)
        cv2.line(picture, at(sign * 190, 1400), at(sign * 260, 950), skin, 38)
    corners = [at(-165, 820), at(165, 820), at(150, 1080), at(-150, 1080)]
    cv2.fillPoly(picture, [np.array(corners)], cloth)
    corners = [at(-150, 1080), at(150, 1080), at(200, 1440), at(-200, 1440)]
    cv2.fillPoly(picture, [np.array(corners)], skin)
    left, top = at(-85, 1700)
    rows, columns = np.mgrid[0:120, 0:116] // 3
    board = ((rows + columns) % 2 * 255).astype(np.uint8)[..., None]
    picture[top : top + 120, left : left + 116] = board
    return picture


def rearfoot_curves() -> tuple[RearfootCurve, ...]:
    """Return eversion over stance: left more and later, void after heel-off."""
    percent = np.linspace(0.0, 100.0, 51)
    found = []
    for side, peak, late in ((LEFT, 10.5, 46.0), (RIGHT, 6.0, 34.0)):
        shape = np.exp(-(((percent - late) / 26.0) ** 2))
        mean = -2.0 + (peak + 2.0) * shape + 9.0 * np.clip(percent - 70, 0, None) / 30
        mean[percent > 92] = np.nan
        found.append(
            RearfootCurve(
                side=side, percent=tuple(percent.tolist()),
                mean_deg=tuple(mean.tolist()), spread_deg=(1.1,) * len(percent),
                sd_deg=0.8, n=9,
                valid_to_pct=64.0 if side is LEFT else 61.0,
            )
        )  # fmt: skip
    return tuple(found)


MEASURES: dict[LinkName, tuple[str, float, float]] = {
    "rearfoot": ("rearfoot_eversion_peak", 5.0, 2.5),
    "knee": ("frontal_plane_projection_angle_peak", 0.0, 5.0),
    "hip": ("hip_adduction_stance_peak", 6.8, 2.7),
    "pelvis": ("contralateral_pelvic_drop_peak", 4.8, 2.2),
    "trunk": ("trunk_lateral_lean_peak", 2.5, 1.5),
}
VALUES: dict[Side, dict[LinkName, tuple[float, float, float]]] = {
    LEFT: {
        "rearfoot": (10.5, 0.9, 46.0),
        "knee": (7.0, 3.0, 24.0),
        "hip": (13.4, 2.4, 27.0),
        "pelvis": (6.1, 2.0, 15.0),
    },
    RIGHT: {
        "rearfoot": (6.0, 0.9, 34.0),
        "knee": (2.0, 3.0, 22.0),
        "hip": (7.1, 2.4, 25.0),
        "pelvis": (5.2, 2.0, 14.0),
    },
}


def chains() -> tuple[KineticChain, ...]:
    """Return both chains: the left from below, the right undetermined."""
    return (
        KineticChain(
            side=LEFT,
            links=_links(LEFT),
            signs=_signs(LEFT),
            origin="from_below",
            text=Text(
                nl="Links wijzen 3 van 4 gemeten kenmerken op een begin bij de voet.",
                en="On the left 3 of 4 signs measured point to a start at the foot.",
            ),
        ),
        KineticChain(
            side=RIGHT,
            links=_links(RIGHT),
            signs=_signs(RIGHT),
            origin="undetermined",
            text=Text(
                nl="Rechts is het begin onbepaald: 2 van 8 kenmerken gemeten.",
                en="On the right the origin is undetermined: 2 of 8 signs measured.",
            ),
        ),
    )


def _links(side: Side) -> tuple[ChainLink, ...]:
    names: tuple[LinkName, ...] = (
        "rearfoot", "tibia", "knee", "hip", "pelvis", "trunk",
    )  # fmt: skip
    return tuple(_link(name, side) for name in names)


def _link(name: LinkName, side: Side) -> ChainLink:
    if name not in VALUES[side]:
        why = says(
            "view_cannot_show",
            "Van achteren is deze maat niet te zien.",
            "This measure cannot be seen from behind.",
        )
        return ChainLink(name=name, side=side, why_missing=why)
    value, sd, time = VALUES[side][name]
    measure, mean, spread = MEASURES[name]
    return ChainLink(
        name=name,
        side=side,
        measurement=Measurement(
            name=measure, unit="deg", value=value, side=side, sd=sd,
            low=value - 1.96 * sd, high=value + 1.96 * sd, n=9, recording="walk",
            unconfirmed=name == "rearfoot",
        ),
        norm_mean=mean,
        norm_sd=spread,
        z=(value - mean) / spread,
        z_sd=sd / spread,
        peak_time_pct=time,
    )  # fmt: skip


def _signs(side: Side) -> tuple[ChainSign, ...]:
    left = side is LEFT
    return (
        ChainSign(
            sign="rearfoot_eversion_late", speaks_for="from_below",
            state="present" if left else "absent", probability=0.94 if left else 0.12,
            text=Text(
                nl="De achtervoet gaat verder in eversie dan gebruikelijk en laat.",
                en="The rearfoot everts more than usual, and late.",
            ),
            evidence=("pinto2008",),
        ),
        ChainSign(
            sign="foot_first", speaks_for="from_below",
            state="present" if left else "uncertain",
            probability=0.86 if left else 0.55,
            text=Text(
                nl="De piek van de voet komt voor die van knie, heup en bekken.",
                en="The peak of the foot precedes knee, hip and pelvis.",
            ),
            evidence=("hornestam2021",),
        ),
        ChainSign(
            sign="pelvis_first", speaks_for="from_above", state="absent",
            probability=0.08,
            text=Text(
                nl="Bekkendaling en heupadductie komen voor de voet.",
                en="Pelvic drop and hip adduction precede the foot.",
            ),
            evidence=("smith2014",),
        ),
        ChainSign(
            sign="block_levels", speaks_for="leg_length", state="not_measured",
            text=Text(
                nl="Een blokje onder het korte been zet het bekken recht.",
                en="A block under the short leg levels the pelvis.",
            ),
            evidence=(),
        ),
    )  # fmt: skip
