"""Do our networks answer as mediapipe's do? One picture at a time, both backends.

mediapipe's IMAGE mode is the reference: same weights, nothing smoothed. Pictures are
crops of a real walk and frames of rendered walks. Regenerate pose_parity.md with

    python benchmarks/accuracy/pose_parity.py [VIDEO FIRST LAST TOP]

where frames FIRST to LAST of VIDEO show one person below row TOP.
"""

from __future__ import annotations

import sys
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from gaitkit.io.video import read_video
from gaitkit.io.video_frames import frames
from gaitkit.pose.backend import Pose, PoseBackend, open_backend
from gaitkit.pose.region import Region
from gaitkit.pose.settings import PoseSettings
from gaitkit_virtual.camera import Camera
from gaitkit_virtual.film import Actor, Setting, film
from gaitkit_virtual.parameters import WalkerParameters
from gaitkit_virtual.walker import walk

if TYPE_CHECKING:
    from collections.abc import Iterator

PICTURES = 20
RESULT = Path(__file__).with_suffix(".md")
HEAD = """# Parity of the blazepose backend with mediapipe

Distance in pixels between the 33 keypoints of the two backends, model `full`, same
pictures, nothing smoothed. Written by `pose_parity.py`.

| pictures | both see a body | only one does | median px | 95th percentile px | \
largest px | world median mm | confidence 95th percentile |
| --- | --- | --- | --- | --- | --- | --- | --- |
"""


def real_pictures(video: Path, first: int, last: int, top: int) -> list[np.ndarray]:
    """Return pictures of a real walk, evenly spread, from a row downwards."""
    wanted = set(np.linspace(first, last, PICTURES).round().astype(int).tolist())
    return [
        np.ascontiguousarray(frame.image[top:])
        for frame in frames(read_video(video), start=first, stop=last + 1)
        if frame.index in wanted
    ]


def rendered_pictures(view: str) -> list[np.ndarray]:
    """Return pictures of a virtual walk, evenly spread over two seconds."""
    camera = Camera(
        view=view,  # type: ignore[arg-type]
        distance_m=4.0,
        height_m=1.0,
        width_px=1280,
        height_px=720,
        focal_px=1000,
        target_forward_m=1.2,
    )
    actor = Actor(
        walk=walk(WalkerParameters(height_m=1.7), duration_s=2.0, rate_hz=10.0)
    )
    return list(islice(film([actor], camera, setting=Setting()), PICTURES))


def own_pose(backend: PoseBackend, picture: np.ndarray) -> Pose | None:
    """Return the surest body, by our detector and our landmarks."""
    regions = backend.detect(picture)
    return backend.look(picture, regions[0]) if regions else None


def reference_pose(backend: PoseBackend, picture: np.ndarray) -> Pose | None:
    """Return the body that mediapipe finds in the whole picture."""
    height, width = picture.shape[:2]
    whole = Region(x=width / 2, y=height / 2, size=4.0 * max(width, height))
    return backend.look(picture, whole)


def row(
    name: str, pictures: list[np.ndarray], own: PoseBackend, package: PoseBackend
) -> str:
    """Return one line of the table."""
    answers = [(own_pose(own, p), reference_pose(package, p)) for p in pictures]
    both = [(a, b) for a, b in answers if a is not None and b is not None]
    apart = np.array([np.linalg.norm(a.points - b.points, axis=1) for a, b in both])
    world = np.array([np.linalg.norm(a.world - b.world, axis=1) for a, b in both])
    sure = np.array([np.abs(a.confidence - b.confidence) for a, b in both])
    alone = sum((a is None) != (b is None) for a, b in answers)
    return (
        f"| {name} | {len(both)} of {len(answers)} | {alone} | {np.median(apart):.3f} "
        f"| {np.percentile(apart, 95):.2f} | {apart.max():.1f} "
        f"| {1000 * np.median(world):.2f} | {np.percentile(sure, 95):.4f} |"
    )


def sets(arguments: list[str]) -> Iterator[tuple[str, list[np.ndarray]]]:
    """Give the sets of pictures by name."""
    if arguments:
        video, first, last, top = arguments
        name = f"real walk, {Path(video).name}, frames {first} to {last}"
        yield name, real_pictures(Path(video), int(first), int(last), int(top))
    for view in ("sagittal_left", "sagittal_right", "posterior", "anterior"):
        yield f"rendered, {view}", rendered_pictures(view)


def main(arguments: list[str]) -> None:
    """Write the table."""
    settings = (PoseSettings(), PoseSettings(backend="mediapipe"))
    with open_backend(settings[0]) as own, open_backend(settings[1]) as package:
        lines = [row(n, p, own, package) for n, p in sets(arguments)]
    RESULT.write_text(HEAD + "\n".join(lines) + "\n", encoding="utf-8")
    print(RESULT.read_text(encoding="utf-8"))


if __name__ == "__main__":
    main(sys.argv[1:])
