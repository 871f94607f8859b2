"""One pressure recording: from the file to contacts, feet, events and measurements."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from gaitkit.errors import InputError
from gaitkit.io.clock import real_time
from gaitkit.io.plates.plate_file import PlateOptions
from gaitkit.io.plates.plausible import doubts as doubts_of_file
from gaitkit.io.plates.registry import read_plate
from gaitkit.measure.foot.plate import analyse_plate
from gaitkit.measure.foot.plausible import person_doubts
from gaitkit.measure.foot.settings import FootSettings
from gaitkit.measure.foot.summary import foot_measurements, foot_measures
from gaitkit.model.analysis import Analysis
from gaitkit.model.pressure import pitch_of, source_of
from gaitkit.model.reason import Quality
from gaitkit.model.recording import Calibration, Recording
from gaitkit.pipeline.contradictions import refused_for
from gaitkit.pose.files import sha256_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    import xarray as xr

    from gaitkit.config import Config
    from gaitkit.model.contact import Contact, ContactCorrection
    from gaitkit.model.measurement import Measurement
    from gaitkit.model.plate import PlateResult
    from gaitkit.model.progress import Progress
    from gaitkit.model.subject import Subject
    from gaitkit.model.visit import RecordingInput

STAGE = "plate"


def analyse_plate_file(
    source: RecordingInput,
    subject: Subject,
    *,
    recording_id: str,
    config: Config,
    progress: Progress | None = None,
) -> Analysis:
    """Analyse the walk, or the standing, on a pressure plate or in insoles.

    Parameters
    ----------
    source : RecordingInput
        The file and what the user corrected about its contacts. Where a file holds
        several mats, contacts are numbered on from mat to mat.
    subject : Subject
        The person; the mass sharpens the check of the total force.
    recording_id : str
        Id that events and measurements carry; never a file name, which may hold the
        name of a patient.
    config : Config
        All settings.
    progress : Progress or None
        Told when the plate begins and is done.

    Raises
    ------
    InputError
        If the file cannot be used, nobody stood on the plate, or a correction names a
        contact that does not exist.
    """
    content = read_plate(source.file, options=PlateOptions(mass_kg=subject.mass_kg))
    if not content.mats:
        msg = (
            f"{source.file}: expected pressures over time, got numbers of the plate's "
            "own program; export the recording itself"
        )
        raise InputError(msg)
    if progress is not None:
        progress(STAGE, 0, 1)
    results = _results(content.mats, source.contacts, config, recording_id)
    doubts = [
        why
        for result, mat in zip(results, content.mats, strict=True)
        for why in person_doubts(result, mat, subject=subject)
    ]
    if progress is not None:
        progress(STAGE, 1, 1)
    events = [event for result in results for event in result.events]
    analysis = Analysis(
        recording=_recording(source, recording_id, content.mats, results),
        source=source.file,
        plates=results,
        events=tuple(sorted(events, key=lambda event: event.time_s)),
        measurements=_measurements(results, recording_id),
    )
    return refused_for(analysis, doubts)


def _results(
    mats: Sequence[xr.Dataset],
    corrections: Sequence[ContactCorrection],
    config: Config,
    recording_id: str,
) -> tuple[PlateResult, ...]:
    """Analyse every mat; several mats count their contacts on from each other."""
    settings = FootSettings(contacts=config.contacts)

    def analysed(mat: xr.Dataset, own: Sequence[ContactCorrection] = ()) -> PlateResult:
        return analyse_plate(
            mat, recording=recording_id, settings=settings, corrections=own
        )

    if len(mats) == 1:
        return (analysed(mats[0], corrections),)
    results, before = [], 0
    for mat in mats:
        result = analysed(mat)
        after = before + len(result.feet) + len(result.small)
        own = [
            replace(correction, number=correction.number - before)
            for correction in corrections
            if before < correction.number <= after
        ]
        results.append(_numbered_on(analysed(mat, own) if own else result, before))
        before = after
    _check_numbers(corrections, last=before)
    return tuple(results)


def _check_numbers(corrections: Sequence[ContactCorrection], *, last: int) -> None:
    unknown = next((c.number for c in corrections if not 1 <= c.number <= last), None)
    if unknown is not None:
        msg = (
            f"a correction names contact {unknown}; this recording has the contacts "
            f"1 to {last}. Correct the number in the visit file."
        )
        raise InputError(msg)


def _numbered_on(result: PlateResult, before: int) -> PlateResult:
    """Return a result whose contacts count on from those of the mats before."""
    feet = tuple(
        replace(foot, contact=_renumbered(foot.contact, before)) for foot in result.feet
    )
    return replace(
        result,
        feet=feet,
        small=tuple(_renumbered(contact, before) for contact in result.small),
        rejected=tuple((number + before, why) for number, why in result.rejected),
    )


def _renumbered(contact: Contact, before: int) -> Contact:
    return replace(contact, number=contact.number + before)


def _recording(
    source: RecordingInput,
    recording_id: str,
    mats: Sequence[xr.Dataset],
    results: Sequence[PlateResult],
) -> Recording:
    first = mats[0]
    time_source = source_of(first).time_source
    timing = None
    if first.sizes["time"] > 1:
        _, timing = real_time(first["time"].to_numpy(), source=time_source)
    reasons = {why.code: why for result in results for why in result.quality.reasons}
    reasons |= {why.code: why for mat in mats for why in doubts_of_file(mat)}
    return Recording(
        id=recording_id,
        kind="plate",
        sha256=sha256_of(source.file),
        rate_hz=None if timing is None else timing.rate_hz,
        duration_s=None if timing is None else timing.duration_s,
        time_source=time_source,
        scale="m",
        quality=Quality(
            status="limited" if reasons else "ok", reasons=tuple(reasons.values())
        ),
        condition=source.condition,
        timing=timing,
        calibration=Calibration(method="file", pitch_mm=_known_pitch(first)),
    )


def _measurements(
    results: Sequence[PlateResult], recording_id: str
) -> tuple[Measurement, ...]:
    """Return the measurements; feet of several mats (insoles) are averaged together."""
    if len(results) == 1:
        return results[0].measurements
    feet = [foot for result in results for foot in result.feet]
    of_feet = foot_measures()
    others = (
        measurement
        for result in results
        for measurement in result.measurements
        if measurement.name not in of_feet and measurement.value is not None
    )
    return (*foot_measurements(feet, recording=recording_id), *others)


def _known_pitch(mat: xr.Dataset) -> tuple[float, float] | None:
    pitch = pitch_of(mat)
    return None if any(map(math.isnan, pitch)) else pitch
