"""Show that a rebuilding of the house changed no value: dump, rebuild, dump, compare.

    python benchmarks/house/values.py dump FOLDER
    python benchmarks/house/values.py compare BEFORE AFTER

``dump`` assesses the demo, the worked patients and every file of ``../shared/data``
that gaitkit reads, each by itself, and keeps what comes out as one JSON file: the
assessment without the day and the versions, or the refusal. Prints as it goes; what
is there already is not done again. ``compare`` lists every value that differs, with
its path; exit code 1 when one does.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from gaitkit.errors import GaitkitError
from gaitkit.io.export.assessment import write_assessment_json
from gaitkit.io.identify import identify
from gaitkit.io.visit import read_visit
from gaitkit.model.subject import Subject
from gaitkit.model.visit import RecordingInput, Visit
from gaitkit.pipeline.assess import assess

if TYPE_CHECKING:
    from collections.abc import Iterator

REPOSITORY = Path(__file__).resolve().parents[2]
SAMPLES = REPOSITORY / "sample_data"
SHARED = REPOSITORY.parent / "shared" / "data"
HEIGHT_M = 1.75
"""Told for every file of the shared data, so that films have a scale."""

MOST_BYTES = 60_000_000
CHANGING = ("provenance",)
"""Tables that tell the day, the versions and the code, and no value of a person."""


def main(words: list[str]) -> int:
    """Dump or compare; return the exit code."""
    match words:
        case ["dump", folder]:
            return dump(Path(folder))
        case ["compare", before, after]:
            return compare(Path(before), Path(after))
    print(__doc__)
    return 2


def dump(folder: Path) -> int:
    """Assess everything that is not in the folder yet."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, visit in visits():
        kept = folder / f"{name}.json"
        if kept.exists():
            continue
        result = outcome(visit)
        kept.write_text(json.dumps(result, indent=1, sort_keys=True))
        print(f"{name}: {'refused' if 'refused' in result else 'assessed'}", flush=True)
    return 0


def visits() -> Iterator[tuple[str, Visit | Path]]:
    """Yield a name and a visit, or the folder of one."""
    yield "demo", SAMPLES
    for file in sorted((SAMPLES / "patients").glob("*/visit.toml")):
        yield f"patient-{file.parent.name}", file.parent
    for file in sorted(SHARED.rglob("*")):
        if not file.is_file() or file.stat().st_size > MOST_BYTES:
            continue
        name = "-".join(file.relative_to(SHARED).parts)
        yield (
            f"shared-{name}",
            Visit(
                subject=Subject(subject_id="shared", height_m=HEIGHT_M, mass_kg=70.0),
                recordings=(RecordingInput(file=file),),
            ),
        )


def outcome(visit: Visit | Path) -> dict[str, Any]:
    """Return the assessment as plain values, or how it was refused."""
    try:
        if isinstance(visit, Path):
            visit = read_visit(visit)
        elif identify(visit.recordings[0].file) is None:
            return {"refused": "no recording"}
        with TemporaryDirectory() as place:
            file = write_assessment_json(assess(visit), Path(place) / "values.json")
            whole: dict[str, Any] = json.loads(file.read_text())
    except GaitkitError as refusal:
        return {"refused": str(refusal).replace(str(REPOSITORY.parent), "..")}
    return {key: value for key, value in whole.items() if key not in CHANGING}


def compare(before: Path, after: Path) -> int:
    """Print every difference between two dumps; 1 when there is one."""
    names = sorted({file.name for each in (before, after) for file in each.iterdir()})
    differing = 0
    for name in names:
        pair = [each / name for each in (before, after)]
        if not all(file.exists() for file in pair):
            continue
        one, other = (json.loads(file.read_text()) for file in pair)
        for path, left, right in differences(one, other):
            differing += 1
            print(f"{name} {path}: {left!r} -> {right!r}")
    print(f"{len(names)} assessments, {differing} differing values")
    return 1 if differing else 0


def differences(
    one: object, other: object, path: str = ""
) -> Iterator[tuple[str, object, object]]:
    """Yield the path of each value that differs, with both values."""
    if isinstance(one, dict) and isinstance(other, dict):
        for key in sorted(set(one) | set(other)):
            yield from differences(one.get(key), other.get(key), f"{path}.{key}")
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        for number, (left, right) in enumerate(zip(one, other, strict=True)):
            yield from differences(left, right, f"{path}[{number}]")
    elif one != other:
        yield path.lstrip("."), one, other


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
