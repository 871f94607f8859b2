"""What the report contains and how it is written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import get_args

from gaitkit.errors import ConfigError
from gaitkit.model.text import Language


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportSettings:
    """Which files a report consists of.

    Attributes
    ----------
    html : bool
        Write report.html.
    pdf : bool
        Write report.pdf.
    letter : bool
        Write letter.pdf, one page in plain words for the patient, beside the report;
        without html and pdf there is no letter either.
    prescription : bool
        Write prescription.pdf where something is to be made, and the solids of the
        insoles once it was decided; without pdf there is none.
    insole_top : bool
        Write the top surface of each insole too, as milling software wants it.
    overlay : bool
        Write overlay.mp4 for a video.
    fhir : bool
        Write assessment.fhir.json, a FHIR R4 Bundle for exchange.
    lang : {"nl", "en"}
        Language of the report.
    blur : bool
        Blur the head of the person and everything around the person in every picture.

    Raises
    ------
    ConfigError
        If the language is not one of the two.
    """

    html: bool = True
    pdf: bool = True
    letter: bool = True
    prescription: bool = True
    insole_top: bool = False
    overlay: bool = True
    fhir: bool = False
    lang: Language = "nl"
    blur: bool = True

    def __post_init__(self) -> None:
        """Check the language."""
        if self.lang not in get_args(Language):
            msg = f'report.lang is {self.lang!r}; expected "nl" or "en"'
            raise ConfigError(msg)
