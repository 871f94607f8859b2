"""gaitkit: gait and leg-length analysis with an error on every number.

The main job in three lines::

    from gaitkit import analyse, judge, read_visit
    visit = read_visit("visit.toml")
    assessment = judge(visit, analyse(visit))

Everything else is imported from the module that owns it. Importing gaitkit loads no
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
    from gaitkit.io.visit import read_visit
    from gaitkit.measure.foot.summary import register_foot_measure
    from gaitkit.model.assessment import Assessment
    from gaitkit.model.catalogue import read_definitions
    from gaitkit.model.measurement import Measurement
    from gaitkit.model.side import Side
    from gaitkit.model.subject import Subject
    from gaitkit.model.visit import RecordingInput, Visit
    from gaitkit.norms.discrete import register_norms
    from gaitkit.pipeline import analyse, assess, judge
    from gaitkit.report.write import write_report

_HOME = {
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
    "judge": "gaitkit.pipeline",
    "load_config": "gaitkit.config",
    "read_definitions": "gaitkit.model.catalogue",
    "read_visit": "gaitkit.io.visit",
    "register_detector": "gaitkit.gait.events.settings",
    "register_foot_measure": "gaitkit.measure.foot.summary",
    "register_norms": "gaitkit.norms.discrete",
    "register_walk_measure": "gaitkit.gait.walk",
    "write_report": "gaitkit.report.write",
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
    "judge",
    "load_config",
    "read_definitions",
    "read_visit",
    "register_detector",
    "register_foot_measure",
    "register_norms",
    "register_walk_measure",
    "write_report",
]

__getattr__, __dir__ = lazy("gaitkit", _HOME)
