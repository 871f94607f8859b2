"""Files in and out: readers that go by content, the visit file, and exports.

Videos come through ``video``, pressure exports through ``plates``, a visit through
``visit``; ``identify`` says what a file is; ``export`` writes results, and ``atomic``
sees to it that they appear whole or not at all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gaitkit.lazy import lazy

if TYPE_CHECKING:
    from gaitkit.io.edits import read_edits
    from gaitkit.io.export.assessment import (
        read_assessment_json,
        write_assessment_json,
    )
    from gaitkit.io.export.keypoints import write_keypoints
    from gaitkit.io.export.series import write_series_parquet
    from gaitkit.io.identify import inspect, recordings_in
    from gaitkit.io.motion.read import read_motion
    from gaitkit.io.plates.registry import read_plate
    from gaitkit.io.plates.saved import write_netcdf, write_npz
    from gaitkit.io.sample import sample_path
    from gaitkit.io.video import read_video
    from gaitkit.io.visit import read_visit

_HOME = {
    "inspect": "gaitkit.io.identify",
    "read_assessment_json": "gaitkit.io.export.assessment",
    "read_edits": "gaitkit.io.edits",
    "read_motion": "gaitkit.io.motion.read",
    "read_plate": "gaitkit.io.plates.registry",
    "read_video": "gaitkit.io.video",
    "read_visit": "gaitkit.io.visit",
    "recordings_in": "gaitkit.io.identify",
    "sample_path": "gaitkit.io.sample",
    "write_assessment_json": "gaitkit.io.export.assessment",
    "write_keypoints": "gaitkit.io.export.keypoints",
    "write_netcdf": "gaitkit.io.plates.saved",
    "write_npz": "gaitkit.io.plates.saved",
    "write_series_parquet": "gaitkit.io.export.series",
}

__all__ = [
    "inspect",
    "read_assessment_json",
    "read_edits",
    "read_motion",
    "read_plate",
    "read_video",
    "read_visit",
    "recordings_in",
    "sample_path",
    "write_assessment_json",
    "write_keypoints",
    "write_netcdf",
    "write_npz",
    "write_series_parquet",
]

__getattr__, __dir__ = lazy("gaitkit.io", _HOME)
