"""A visit as a FHIR R4 Bundle, for exchange with other systems."""

from gaitkit.io.export.fhir.bundle import write_fhir

__all__ = ["write_fhir"]
