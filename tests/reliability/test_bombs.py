"""Small files that tell of something huge end in one line and take no memory."""

from __future__ import annotations

from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
SMALL = (
    "zebris_claim", "entities", "npz_claim", "hdf5_claim", "netcdf_claim", "c3d_claim",
    "deep_json", "gif_claim",
)  # fmt: skip
"""Those that are made at once; all of them: ``benchmarks/reliability/bombs.py``."""

PICTURES = ("jpeg_claim", "tiff_claim")


@pytest.mark.parametrize("name", [*SMALL, *PICTURES])
def test_a_file_that_tells_of_too_much_is_refused_in_one_line(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(REPOSITORY / "benchmarks" / "reliability")
    import bombs

    path = bombs.BOMBS[name](tmp_path)
    if name in PICTURES:  # inspect does not unpack a picture
        done = bombs.shot(name, "assess", path, "--out", tmp_path / "out", *bombs.QUIET)
    else:
        done = bombs.shot(name, "inspect", path)
    assert done.code == 2
    assert done.line.startswith("error: ")
    assert "\n" not in done.line
    assert len(done.line) <= bombs.LONGEST_LINE
    assert done.peak_mb < bombs.MOST_MB
