"""The report: one localised context, laid out as HTML and as PDF, and the overlay.

Order of the work: `stills` takes pictures from the recording, `sections` words what
the assessment holds, `html` and `pdf` lay the same blocks out, `overlay` films the
walk with the skeleton drawn in, `write` puts it all in a folder.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gaitkit.lazy import lazy

if TYPE_CHECKING:
    from gaitkit.report.settings import ReportSettings
    from gaitkit.report.write import write_prescription, write_report

_HOME = {
    "ReportSettings": "gaitkit.report.settings",
    "write_prescription": "gaitkit.report.write",
    "write_report": "gaitkit.report.write",
}

__all__ = [
    "ReportSettings",
    "write_prescription",
    "write_report",
]

__getattr__, __dir__ = lazy("gaitkit.report", _HOME)
