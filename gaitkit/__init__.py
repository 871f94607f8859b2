"""gaitkit: gait and leg-length analysis with an error on every number.

The main job::

    from gaitkit import analyse, judge, read_visit, write_results
    visit = read_visit("visit.toml")
    analyses = analyse(visit)
    assessment = judge(visit, analyses)
    write_results(assessment, analyses, "results")

What else a researcher needs stands one level below (``from gaitkit.io import
read_motion``; ``help(gaitkit.io)`` lists it), the rest in the module that owns it.
Importing gaitkit loads no
heavy library; each loads at first use.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gaitkit.lazy import lazy
from gaitkit.version import __version__

if TYPE_CHECKING:
    from gaitkit.config import Config, load_config
    from gaitkit.errors import GaitkitError
    from gaitkit.gait.events.settings import register_detector
    from gaitkit.gait.walk import register_walk_measure
    from gaitkit.io.sample import sample_path
    from gaitkit.io.visit import read_visit
    from gaitkit.measure.foot.summary import register_foot_measure
    from gaitkit.model.assessment import Assessment
    from gaitkit.model.catalogue import read_definitions
    from gaitkit.model.measurement import Measurement
    from gaitkit.model.side import Side
    from gaitkit.model.subject import Subject
    from gaitkit.model.visit import RecordingInput, Visit
    from gaitkit.norms.discrete import register_norms
    from gaitkit.pipeline import analyse, assess, judge, write_results
    from gaitkit.pipeline.compare import compare
    from gaitkit.report.write import write_report

_HOME = {
    "__version__": "gaitkit.version",
    "Assessment": "gaitkit.model.assessment",
    "Config": "gaitkit.config",
    "GaitkitError": "gaitkit.errors",
    "Measurement": "gaitkit.model.measurement",
    "RecordingInput": "gaitkit.model.visit",
    "Side": "gaitkit.model.side",
    "Subject": "gaitkit.model.subject",
    "Visit": "gaitkit.model.visit",
    "analyse": "gaitkit.pipeline",
    "assess": "gaitkit.pipeline",
    "compare": "gaitkit.pipeline.compare",
    "judge": "gaitkit.pipeline",
    "load_config": "gaitkit.config",
    "read_definitions": "gaitkit.model.catalogue",
    "read_visit": "gaitkit.io.visit",
    "register_detector": "gaitkit.gait.events.settings",
    "register_foot_measure": "gaitkit.measure.foot.summary",
    "register_norms": "gaitkit.norms.discrete",
    "register_walk_measure": "gaitkit.gait.walk",
    "sample_path": "gaitkit.io.sample",
    "write_report": "gaitkit.report.write",
    "write_results": "gaitkit.pipeline",
}

__all__ = [
    "Assessment",
    "Config",
    "GaitkitError",
    "Measurement",
    "RecordingInput",
    "Side",
    "Subject",
    "Visit",
    "__version__",
    "analyse",
    "assess",
    "compare",
    "judge",
    "load_config",
    "read_definitions",
    "read_visit",
    "register_detector",
    "register_foot_measure",
    "register_norms",
    "register_walk_measure",
    "sample_path",
    "write_report",
    "write_results",
]

__getattr__, __dir__ = lazy("gaitkit", _HOME)
