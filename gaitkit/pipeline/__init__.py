"""The straight line: recordings in, assessment out.

``assess`` is ``judge`` after ``analyse``: every recording is analysed by itself
(``analyse``), then the visit is judged as a whole (``judge``). The signals stay in
the analyses, for pictures and tables; the assessment holds what is worth keeping.
"""

from gaitkit.pipeline.assess import analyse, assess, judge, with_decisions
from gaitkit.pipeline.folder import assess_to_folder, write_results
from gaitkit.pipeline.video import keypoints_of

__all__ = [
    "analyse",
    "assess",
    "assess_to_folder",
    "judge",
    "keypoints_of",
    "with_decisions",
    "write_results",
]
