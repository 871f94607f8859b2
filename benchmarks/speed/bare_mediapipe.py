"""The baseline: decode, convert and `detect_for_video`, and nothing else.

Usage: python bare_mediapipe.py VIDEO BUNDLE.task
"""

from __future__ import annotations

import sys

import cv2
import mediapipe as mp


def main(video: str, bundle: str) -> None:
    """Run mediapipe's VIDEO mode over every frame of a video."""
    options = mp.tasks.vision.PoseLandmarkerOptions(
        base_options=mp.tasks.BaseOptions(model_asset_path=bundle),
        running_mode=mp.tasks.vision.RunningMode.VIDEO,
        num_poses=1,
    )
    capture = cv2.VideoCapture(video)
    rate_hz = capture.get(cv2.CAP_PROP_FPS)
    found = total = 0
    with mp.tasks.vision.PoseLandmarker.create_from_options(options) as landmarker:
        while True:
            more, frame = capture.read()
            if not more:
                break
            rgb = cv2.cvtColor(frame, cv2.COLOR_BGR2RGB)
            image = mp.Image(image_format=mp.ImageFormat.SRGB, data=rgb)
            stamp_ms = round(1000 * total / rate_hz)
            found += bool(landmarker.detect_for_video(image, stamp_ms).pose_landmarks)
            total += 1
    print(f"{found} of {total} frames with a person")


if __name__ == "__main__":
    main(*sys.argv[1:])
