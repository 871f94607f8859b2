"""What public data of real people say about the numbers that gaitkit rests on.

    python benchmarks/accuracy/real_people.py [--people DIR]

reads the folders of data/people (default: ../shared/data/people beside the checkout)
and rewrites real_people.md. Each row names the number of gaitkit that it tests, by file
and key, the figure with its 95 % interval and n, and whether it confirms or refutes it.
Small samples bound; they do not prove. A number whose interval of the data holds the
stated one is "not refuted" when the interval is wider than half its value, else
"confirmed".
"""

from __future__ import annotations

import argparse
import csv
import math
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import xarray as xr
from scipy import stats
from scipy.io import loadmat

from gaitkit.io.motion.read import read_motion
from gaitkit.measure.leg_length.methods import shipped_errors
from gaitkit.measure.standing.settings import StandingSettings
from gaitkit.model.keypoints import BLAZEPOSE
from gaitkit.pose.swaps import repair_sides

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROOT = Path(__file__).resolve().parents[2]
PAGE = Path(__file__).with_name("real_people.md")
HIPS_MM = 174.0
"""Distance of the hip centres of an adult of 1.70 m, to which heights are brought."""
WIDE_SHARE = 0.5
ERRORS = "measure/leg_length/methods.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of the table."""

    data: str
    n: str
    figure: str
    product: str
    verdict: str


def sd_of(values: np.ndarray) -> tuple[float, float, float]:
    """Return a standard deviation and its 95 % interval by chi squared."""
    n, sd = len(values), float(np.std(values, ddof=1))
    high, low = stats.chi2.ppf([0.025, 0.975], n - 1)
    return sd, sd * math.sqrt((n - 1) / low), sd * math.sqrt((n - 1) / high)


def share_of(hits: np.ndarray) -> tuple[float, float, float]:
    """Return a share in % and its exact 95 % interval."""
    found = stats.binomtest(int(hits.sum()), len(hits))
    limits = found.proportion_ci(0.95, "exact")
    return 100 * float(hits.mean()), 100 * limits.low, 100 * limits.high


def told(figure: tuple[float, float, float], unit: str, digits: int = 1) -> str:
    """Return a figure with its interval."""
    value, low, high = figure
    return f"{value:.{digits}f} {unit} ({low:.{digits}f} to {high:.{digits}f})"


def verdict(figure: tuple[float, float, float], stated: float) -> str:
    """Say what a figure says about a stated number."""
    value, low, high = figure
    if not low <= stated <= high:
        return f"refutes {stated:g}"
    wide = (high - low) / 2 > WIDE_SHARE * value
    return f"{'does not refute' if wide else 'confirms'} {stated:g}"


def bones(folder: Path) -> Iterator[Row]:
    """Yield what skeletons say about the prior and about thigh and shank."""
    table = _table(folder / "bones_lr/dpaa_reference_femur_tibia_left_right.csv")
    thigh = table["femur_left_mm"] - table["femur_right_mm"]
    shank = table["tibia_left_mm"] - table["tibia_right_mm"]
    whole = thigh + shank
    prior = tomllib.loads(
        (ROOT / "gaitkit/measure/leg_length/prior.toml").read_text(encoding="utf-8")
    )["clinic"]["parts"]
    core = float(prior[0]["sd_mm"])
    found = sd_of(whole)
    yield Row(
        data="443 skeletons, femur + tibia, left less right",
        n=str(len(whole)),
        figure=(
            f"sd {told(found, 'mm', 2)}, excess kurtosis {stats.kurtosis(whole):.2f}"
        ),
        product=f"`measure/leg_length/prior.toml` clinic, core sd_mm = {core:g}",
        verdict=verdict(found, core),
    )
    cadavers = _rollet(folder / "bones_lr/rollet1888.csv")
    found = sd_of(cadavers)
    yield Row(
        data="cadavers of Lyon (Rollet 1888), the same",
        n=str(len(cadavers)),
        figure=f"sd {told(found, 'mm', 2)}",
        product="the same core",
        verdict=verdict(found, core),
    )
    for limit in (5, 10):
        found = share_of(np.abs(whole) > limit)
        usual = 100 * sum(
            part["weight"] * 2 * stats.norm.sf(limit / part["sd_mm"]) for part in prior
        )
        yield Row(
            data=f"443 skeletons, differences over {limit} mm",
            n=str(len(whole)),
            figure=told(found, "%"),
            product=f"the whole clinic prior: {usual:.1f} %",
            verdict="cannot tell: the tail of the prior is that of patients",
        )
    rng = np.random.default_rng(1)
    drawn = [rng.integers(len(whole), size=len(whole)) for _ in range(2000)]
    shares = [
        float(np.cov(thigh[i], whole[i])[0, 1] / whole[i].var(ddof=1)) for i in drawn
    ]
    share = float(np.cov(thigh, whole)[0, 1] / whole.var(ddof=1))
    low, high = np.quantile(shares, [0.025, 0.975])
    yield Row(
        data="443 skeletons, thigh's part of a difference (regression on the whole)",
        n=str(len(whole)),
        figure=told((share, float(low), float(high)), "", 2),
        product="`simulate/standing/people.py` WIDE_WORLD.thigh_share = 0.58",
        verdict=verdict((share, float(low), float(high)), 0.58),
    )
    hips = _table(folder / "bones_lr/dpaa_reference_with_os_coxa.csv")
    apart = hips["os_coxa_height_left_mm"] - hips["os_coxa_height_right_mm"]
    apart = apart[np.isfinite(apart)]
    found = sd_of(apart)
    yield Row(
        data="height of the hip bone, left less right",
        n=str(len(apart)),
        figure=f"sd {told(found, 'mm', 2)}",
        product="`simulate/standing/people.py` WIDE_WORLD.innominate_sd_mm = 2.3",
        verdict=verdict(found, 2.3),
    )


def pelvises(folder: Path) -> Iterator[Row]:
    """Yield how far lines of the pelvis differ from that of the hip centres."""
    lines: dict[str, list[float]] = {"ASIS": [], "PSIS": []}
    for file in sorted((folder / "orthoload_pelvis").glob("*Pelvis*.fcsv")):
        point = _fiducials(file)
        across = point["HJC_L"] - point["HJC_R"]
        front = (point["ASIS_L"] + point["ASIS_R"]) / 2
        back = (point["PSIS_L"] + point["PSIS_R"]) / 2
        left = across / np.linalg.norm(across)
        ahead = front - back
        ahead = ahead - (ahead @ left) * left
        up = np.cross(ahead / np.linalg.norm(ahead), left)
        up = up if up[2] > 0 else -up
        for name, angles in lines.items():
            line = point[f"{name}_L"] - point[f"{name}_R"]
            angles.append(float(np.degrees(np.arctan2(line @ up, line @ left))))
    zero = shipped_errors().pictures.lines
    for name, key in (("ASIS", "asis"), ("PSIS", "psis")):
        angle = np.array(lines[name])
        height = HIPS_MM * np.tan(np.radians(angle))
        found = sd_of(height)
        yield Row(
            data=f"{name} line against hip centres, CT of hip patients",
            n=str(len(angle)),
            figure=(
                f"sd {told(sd_of(angle), 'deg')}, {told(found, 'mm')} at the hips; "
                "upper bound: arthritic hips, marking included"
            ),
            product=f"`{ERRORS}` pictures.lines.{key} zero_mm = {zero[key].zero_mm:g}",
            verdict=verdict(found, zero[key].zero_mm),
        )
    yield Row(
        data="seat bones against hip centres, the same CT",
        n="0",
        figure="only one side is marked",
        product=f"`{ERRORS}` pictures seat_mm = {shipped_errors().pictures.seat_mm:g}",
        verdict="cannot tell",
    )


def raters(folder: Path) -> Iterator[Row]:
    """Yield how far five raters, four times each, mark a spine apart on bare bone."""
    marks: dict[str, list[np.ndarray]] = {"ASIS": [], "PSIS": []}
    wide: dict[str, list[float]] = {"ASIS": [], "PSIS": []}
    files = sorted((folder / "vsd_landmarks").glob("Pelvis*.mat"))
    tables = [loadmat(file, squeeze_me=True)["Results"] for file in files]
    for subject in range(tables[0].shape[0]):
        sets = [
            {str(row[0]): np.asarray(row[1], float) for row in cell}
            for table in tables
            for cell in table[subject]
            if np.ndim(cell) > 1
        ]
        up = _up(sets)
        for name, own in marks.items():
            one = np.array([_line(points, name) for points in sets])
            one = one[np.isfinite(one).all(axis=1)]
            own.append((one - one.mean(axis=0)) @ up)
            wide[name].append(float(np.linalg.norm(one.mean(axis=0))))
    for name, own in marks.items():
        spread = np.concatenate(own)
        free = len(spread) - len(own)
        sd = math.sqrt(float((spread**2).sum()) / free / 2)
        by_subject = [math.sqrt(float((m**2).mean()) / 2) for m in own]
        rng = np.random.default_rng(2)
        again = [
            math.sqrt(
                float(np.mean(np.square(rng.choice(by_subject, len(by_subject)))))
            )
            for _ in range(2000)
        ]
        low, high = (
            np.quantile(again, [0.025, 0.975])
            * sd
            / math.sqrt(float(np.mean(np.square(by_subject))))
        )
        found = (sd, float(low), float(high))
        at_hips = math.sqrt(2) * sd * HIPS_MM / float(np.mean(wide[name]))
        stated = StandingSettings().placement_mm
        yield Row(
            data=f"marking one {name} on bare bone, up and down, 5 raters x 4",
            n=f"{len(own)} pelvises",
            figure=f"sd {told(found, 'mm')}; of the line {at_hips:.1f} mm at the hips",
            product=(
                f"`measure/standing/settings.py` placement_mm = {stated:g} (with skin)"
            ),
            verdict="a lower bound: "
            + ("does not refute" if low <= stated else "refutes")
            + f" {stated:g}",
        )


def fronts_and_backs(folder: Path) -> Iterator[Row]:
    """Yield how far the front line of markers differs from the back line."""
    found = []
    for name in ("static", "static_lower_body"):
        file = folder / f"biobuddy_static/{name}.c3d"
        recording = read_motion(file)
        position = recording.markers["position"]
        mean = position.mean("time", skipna=True)
        slopes = []
        for left, right in (("LASIS", "RASIS"), ("LPSIS", "RPSIS")):
            names = {str(k).upper(): k for k in mean["keypoint"].to_numpy()}
            points = [
                mean.sel(keypoint=names[each]).to_numpy() for each in (left, right)
            ]
            line = points[0] - points[1]
            slopes.append(float(np.degrees(np.arcsin(line[2] / np.linalg.norm(line)))))
        found.append(slopes[0] - slopes[1])
    zero = shipped_errors().pictures.lines
    stated = math.degrees(
        math.hypot(zero["asis"].zero_mm, zero["psis"].zero_mm) / HIPS_MM
    )
    size = math.sqrt(float(np.mean(np.square(found))))
    yield Row(
        data="front line less back line of markers, quiet standing (biobuddy)",
        n=f"{len(found)} recordings",
        figure=", ".join(f"{each:.1f} deg" for each in found),
        product=f"`{ERRORS}` lines.asis and psis together: sd {stated:.1f} deg",
        verdict=(
            "does not refute"
            if size < 2.24 * stated  # 97.5 % of the rms of two normal values
            else "refutes"
        )
        + "; two recordings bound nothing",
    )


def loads(folder: Path) -> Iterator[Row]:
    """Yield what one person's pelvis and load say about each other."""
    markers = _columns(folder / "pds13_stander/pds13static.txt")
    force = _columns(folder / "pds13_stander/pds13OR1grf.txt")
    height = 1000 * np.nanmean(markers["L.ASIS_Y"] - markers["R.ASIS_Y"])
    across = 1000 * np.nanmean(np.abs(markers["L.ASIS_Z"] - markers["R.ASIS_Z"]))
    if across < 5:  # metres were millimetres already
        height, across = height / 1000, across / 1000
    back = np.nanmean(markers["L.PSIS_Y"] - markers["R.PSIS_Y"])
    left, right = np.nanmean(force["LGRF_Y"]), np.nanmean(force["RGRF_Y"])
    share = 100 * left / (left + right)
    yield Row(
        data="one stander with two plates (PDS 13)",
        n="1",
        figure=(
            f"ASIS left {height:+.1f} mm, PSIS left {_mm(back, height):+.1f} mm, "
            f"left foot {share:.0f} % of the load"
        ),
        product="`measure/chain`: load as a sign of the longer leg",
        verdict="cannot tell: one person, true legs unknown",
    )


def exchanges(folder: Path) -> Iterator[Row]:
    """Yield what `repair_sides` does with a real camera that exchanges the body."""
    home = folder / "pose2sim_demo"
    points = np.load(home / "mediapipe_full_keypoints_SinglePerson.npz")["c2"]
    wrong = np.load(home / "cam02_exchanged_frames.npy").astype(bool)
    time = np.arange(len(points)) / 60.0
    keypoints = xr.Dataset(
        {
            "position": (
                ("time", "space", "keypoint"),
                points[:, :, :2].transpose(0, 2, 1).astype(float),
            ),
            "confidence": (("time", "keypoint"), points[:, :, 3].astype(float)),
        },
        coords={"time": time, "space": ["x", "y"], "keypoint": list(BLAZEPOSE)},
        attrs={"space_unit": "px"},
    )
    repaired = repair_sides(keypoints, keypoints).keypoints
    before = keypoints["position"].sel(keypoint="left_knee").to_numpy()
    after = repaired["position"].sel(keypoint="left_knee").to_numpy()
    gone = ~np.isfinite(after).all(axis=1)
    turned = ~gone & (np.abs(after - before).max(axis=1) > 1e-9)
    yield Row(
        data="oblique front camera that exchanges the whole body (pose2sim, camera 2)",
        n=f"{len(wrong)} frames, {int(wrong.sum())} exchanged",
        figure=(
            f"put right {int((turned & wrong).sum())}, wrongly turned "
            f"{int((turned & ~wrong).sum())}, left out {int((gone & wrong).sum())}, "
            f"passed {int((wrong & ~turned & ~gone).sum())}"
        ),
        product="`pose/swaps.py` repair_sides: legs, and the trunk with them",
        verdict=(
            "refutes that exchanges are found"
            if (wrong & ~turned & ~gone).sum() > 0.1 * wrong.sum()
            else "confirms"
        ),
    )


def rear_views(folder: Path) -> Iterator[Row]:
    """Yield what keypoints from behind show of the pelvis while somebody walks."""
    product = (
        "`pelvic_obliquity_mean`, `contralateral_pelvic_drop_peak` from video "
        "(`model/catalogue.toml`): withheld without markers"
    )
    data = "hips of keypoints from behind against ASIS markers, walking (kam_kfm)"
    try:
        import h5py
    except ImportError:
        yield Row(
            data=data,
            n="-",
            figure="not read: needs h5py (pip install h5py)",
            product=product,
            verdict="cannot tell",
        )
        return
    shown, true = _rear_tilts(folder / "kam_kfm_example/example_data.h5", h5py)
    r = float(np.corrcoef(shown, true)[0, 1])
    left = sd_of(shown - true)[0]
    yield Row(
        data=data,
        n=f"1 person, {len(shown)} frames",
        figure=(
            f"r {r:.2f}, sd of the error {left:.1f} deg where the pelvis itself moves "
            f"by sd {np.std(true):.1f} deg"
        ),
        product=product,
        verdict=(
            "confirms that it must be withheld"
            if left > np.std(true)
            else "refutes that it must be withheld"
        ),
    )


SOURCES: tuple[Callable[[Path], Iterator[Row]], ...] = (
    bones,
    pelvises,
    raters,
    fronts_and_backs,
    loads,
    exchanges,
    rear_views,
)


def main() -> None:
    """Read everything and write the page."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument(
        "--people", type=Path, default=ROOT.parent / "shared/data/people"
    )
    folder = arguments.parse_args().people
    if not folder.is_dir():
        arguments.error(f"{folder} is not there; expected the folders of data/people")
    rows = [row for source in SOURCES for row in source(folder)]
    lines = [
        f"| {row.data} | {row.n} | {row.figure} | {row.product} | {row.verdict} |"
        for row in rows
    ]
    for line in lines:
        print(line)
    table = "\n".join(lines)
    PAGE.write_text(
        f"""# What real people say about the numbers

`python benchmarks/accuracy/real_people.py` reads small public data of real people and
rewrites this page. 95 % intervals in brackets: of a standard deviation by chi squared,
of a share exact, else by bootstrap over people. Heights are brought to hip centres
{HIPS_MM:g} mm apart. A number is confirmed when its interval is narrower than half the
figure and holds the stated number; wide intervals that hold it do not refute it.

| data | n | figure | number of gaitkit | verdict |
| --- | --- | --- | --- | --- |
{table}

Not to be had: pictures of real people with a block of known height under a foot, and
plates with known legs. `gaitkit kit new` is the way for a practice to make its own.
Bones are those of collections without deformities; hip patients are an upper bound for
the asymmetry of healthy pelvises.
""",
        encoding="utf-8",
    )


def _table(file: Path) -> dict[str, np.ndarray]:
    with file.open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(line for line in stream if not line.startswith("#")))
    return {name: np.array([_number(row[name]) for row in rows]) for name in rows[0]}


def _number(text: str) -> float:
    return float(text) if re.fullmatch(r"-?\d+(\.\d+)?", text.strip()) else math.nan


def _rollet(file: Path) -> np.ndarray:
    table = _table(file)
    whole = sum(
        table[f"{bone}.left"] - table[f"{bone}.right"] for bone in ("Femur", "Tibia")
    )
    array = np.asarray(whole)
    return array[np.isfinite(array)]


def _fiducials(file: Path) -> dict[str, np.ndarray]:
    points = {}
    for line in file.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#") and line.strip():
            parts = line.split(",")
            points[parts[11]] = np.array([float(value) for value in parts[1:4]])
    return points


def _line(points: dict[str, np.ndarray], name: str) -> np.ndarray:
    return points[f"Left {name}"] - points[f"Right {name}"]


def _up(sets: list[dict[str, np.ndarray]]) -> np.ndarray:
    """Return up along the pelvis: across the line of the ASIS, in their plane."""
    mean = {
        key: np.nanmean([points[key] for points in sets if key in points], axis=0)
        for key in sets[0]
    }
    left = _line(mean, "ASIS")
    left = left / np.linalg.norm(left)
    tubercle = (
        mean["Left Pubic Tubercle (PT)"] + mean["Right Pubic Tubercle (PT)"]
    ) / 2
    above = (mean["Left ASIS"] + mean["Right ASIS"]) / 2 - tubercle
    above = above - (above @ left) * left
    return np.asarray(above / np.linalg.norm(above))


def _columns(file: Path) -> dict[str, np.ndarray]:
    with file.open(encoding="utf-8") as stream:
        names = stream.readline().split()
        values = np.loadtxt(stream, ndmin=2)
    return dict(zip(names, values.T, strict=True))


def _mm(metres: float, like_mm: float) -> float:
    return metres if abs(metres) > 1 or abs(like_mm) < 1e-3 else 1000 * metres


def _rear_tilts(file: Path, h5py: object) -> tuple[np.ndarray, np.ndarray]:
    """Return tilts (deg) of the hips in the rear view and of the ASIS markers."""
    shown, true = [], []
    with h5py.File(file) as store:  # type: ignore[attr-defined]
        for name, subject in store.items():
            columns = [str(each) for each in _names(store, name)]
            for step in np.asarray(subject).reshape(-1, *np.shape(subject)[-2:]):
                at = {each: step[:, i] for i, each in enumerate(columns)}
                used = at["RHip_x_180"] != 0
                used &= (at["LHip_x_180"] != 0) & (at["LIAS_Z"] != 0)
                used &= at["RIAS_Z"] != 0
                flat = np.abs(at["LHip_x_180"] - at["RHip_x_180"])[used]
                tilt = -(at["LHip_y_180"] - at["RHip_y_180"])[used]
                shown.append(np.degrees(np.arctan2(tilt, flat)))
                line = [(at[f"LIAS_{c}"] - at[f"RIAS_{c}"])[used] for c in "XYZ"]
                level = np.hypot(line[0], line[1])
                true.append(np.degrees(np.arctan2(line[2], level)))
    return np.concatenate(shown), np.concatenate(true)


def _names(store: object, name: str) -> list[str]:
    """Return the names of the columns, which the file keeps as an attribute."""
    import json

    attributes = store.attrs  # type: ignore[attr-defined]
    listed = attributes["columns"]
    return list(json.loads(listed)) if isinstance(listed, (str, bytes)) else [*listed]


if __name__ == "__main__":
    main()
