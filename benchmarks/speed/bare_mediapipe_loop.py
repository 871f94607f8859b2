"""One process, one film after the other: decode, convert and `detect_for_video`.

Usage: python bare_mediapipe_loop.py BUNDLE.task VIDEO...
"""

from __future__ import annotations

import sys

from bare_mediapipe import main

if __name__ == "__main__":
    for video in sys.argv[2:]:
        main(video, sys.argv[1])
