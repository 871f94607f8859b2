"""A batch without processes: what enters the store, what does not, what comes out."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import pytest
from archive_world import (
    NAME,
    PLATE,
    counts,
    journal_rows,
    run_here,
    values,
    write_archive,
    write_walk,
)

from gaitkit.archive.batch import Request
from gaitkit.archive.estimate import Stratum, estimate
from gaitkit.archive.export import export_bids
from gaitkit.archive.feeder import scrubbed
from gaitkit.archive.forget import forget_subject
from gaitkit.archive.page import page_of, write_page
from gaitkit.archive.query import ask, courses_of, failures, outcome_lines
from gaitkit.archive.register import Register
from gaitkit.archive.store import open_store
from gaitkit.archive.tables import KEYS, TABLES
from gaitkit.archive.ticks import tick
from gaitkit.archive.work import Job, Outcome, do
from gaitkit.config import load_config
from gaitkit.errors import ConfigError, InputError, OutputError

if TYPE_CHECKING:
    from collections.abc import Callable

    from gaitkit.archive.tally import Tally

WALKS = 4
PSEUDONYM_LETTERS = 17


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an archive of loose files and a visit with a name in it."""
    folder = write_archive(tmp_path_factory.mktemp("archive"), walks=WALKS)
    visit = folder / f"{NAME} Piet 1950-03-12"
    visit.mkdir()
    shutil.copy(PLATE, visit / f"{NAME}_plate.txt.gz")
    (visit / "visit.toml").write_text(
        f"""
        visited_on = 2026-01-05
        [subject]
        subject_id = "Piet {NAME} 12-03-1950"
        height_m = 1.8
        [intake]
        history = ["mevrouw {NAME} valt vaak"]
        [[proms]]
        instrument = "NPRS"
        score = 6
        taken_on = 2026-01-05
        [[proms]]
        instrument = "NPRS"
        score = 2
        taken_on = 2026-03-01
        [[therapy]]
        given = "hielverhoging voor {NAME}"
        kind = "heel_raise"
        start = 2026-01-05
        definitive = true
        """,
        encoding="utf-8",
    )
    return folder


@pytest.fixture(scope="module")
def done(archive: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the store of that archive."""
    store = tmp_path_factory.mktemp("done") / "store"
    with pytest.MonkeyPatch.context() as patch:
        run_here(patch, archive, store)
    return store


@pytest.fixture
def store(done: Path, tmp_path: Path) -> Path:
    """Return a copy of the store, with its key and register."""
    for path in (done, done.with_name("store.key"), done.with_name("store.register")):
        copy = shutil.copytree if path.is_dir() else shutil.copy
        copy(path, tmp_path / path.name)
    return tmp_path / "store"


def test_everything_is_accounted_for(
    monkeypatch: pytest.MonkeyPatch, archive: Path, store: Path
) -> None:
    tally = run_here(monkeypatch, archive, store)
    assert tally.counts["done"] == WALKS + 1
    assert tally.counts["refused"] == 1
    assert sum(tally.counts.values()) == WALKS + 2
    assert (tally.duplicates, tally.passed_over, tally.undone) == (1, 1, 1)
    assert tally.line() == (
        "0 queued, 0 running, 5 done, 1 refused, 0 failed, 0 crashed "
        "(1 duplicates, 1 files passed over)"
    )


def test_what_is_done_is_never_done_again(
    monkeypatch: pytest.MonkeyPatch, archive: Path, store: Path
) -> None:
    def forbidden(job: Job) -> Outcome:
        raise AssertionError(job.item.path)

    before = journal_rows(store, "work, state, attempts, finished")
    run_here(monkeypatch, archive, store, work=forbidden)
    assert journal_rows(store, "work, state, attempts, finished") == before


def test_only_what_is_new_is_done(
    monkeypatch: pytest.MonkeyPatch, archive: Path, store: Path, tmp_path: Path
) -> None:
    larger = tmp_path / "larger"
    shutil.copytree(archive, larger)
    write_walk(larger / "new.trc", seed=77)
    seen: list[str] = []

    def noting(job: Job) -> Outcome:
        seen.append(Path(job.item.path).name)
        return do(job)

    run_here(monkeypatch, larger, store, work=noting)
    assert seen == ["new.trc"]


def test_other_settings_replace_the_results_and_threads_do_not(
    monkeypatch: pytest.MonkeyPatch, archive: Path, store: Path
) -> None:
    before = values(store)
    threads = load_config(
        assignments={"pose": {"threads": 4}, "report": {"pdf": False}}
    )
    run_here(monkeypatch, archive, store, config=threads)
    assert values(store) == before
    other = load_config(assignments={"strides": {"min_stride_s": 0.41}})
    run_here(monkeypatch, archive, store, config=other)
    after = values(store)
    assert len(after["visits"]) == len(before["visits"])
    assert not {row[0] for row in after["visits"]} & {r[0] for r in before["visits"]}
    assert counts(store) == {"done": WALKS + 1, "refused": 1}


def test_a_corrected_fact_or_file_replaces_the_results_and_a_lost_file_does_not(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    folder, store = tmp_path / "clinic", tmp_path / "own"
    for number in range(3):
        write_walk(folder / f"walk_{number}.trc", seed=number)
    listed = folder / "manifest.csv"
    heights = {number: 1.7 for number in range(3)}

    def batch() -> set[str]:
        rows = [f"walk_{n}.trc,s{n},{height}" for n, height in heights.items()]
        listed.write_text("\n".join(["file,subject,height_m", *rows]))
        run_here(monkeypatch, folder, store)
        return {row[0] for row in journal_rows(store, "work")}

    first = batch()
    assert len(first) == 3
    heights[0] = 1.8
    second = batch()
    assert len(second) == 3
    assert len(first & second) == 2
    write_walk(folder / "walk_1.trc", height_m=1.6)
    third = batch()
    assert len(third) == 3
    assert len(second & third) == 2
    del heights[2]
    assert batch() == third
    assert {row[0] for row in values(store)["visits"]} == third
    heights[0] = 1.7
    fourth = batch()
    assert len(first & fourth) == 2
    assert {row[0] for row in values(store)["visits"]} == fourth


def test_a_visit_that_changed_while_its_batch_was_stopped_leaves_nothing_behind(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    class Stopped(BaseException):
        pass

    def stopping(job: Job) -> Outcome:
        raise Stopped(job.item.path)

    folder, store = tmp_path / "clinic", tmp_path / "own"
    write_walk(folder / "walk.trc", height_m=1.6)
    run_here(monkeypatch, folder, store)
    write_walk(folder / "walk.trc", height_m=1.7)
    with pytest.raises(Stopped):
        run_here(monkeypatch, folder, store, work=stopping)
    assert counts(store) == {"done": 1, "queued": 1}
    write_walk(folder / "walk.trc", height_m=1.8)
    run_here(monkeypatch, folder, store)
    assert counts(store)["done"] == 1
    assert len(values(store)["visits"]) == 1


def test_retry_does_failed_work_again_and_leaves_refusals(
    monkeypatch: pytest.MonkeyPatch, archive: Path, tmp_path: Path
) -> None:
    def failing(job: Job) -> Outcome:
        del job
        msg = "disk on fire"
        raise RuntimeError(msg)

    store = tmp_path / "store"
    tally = run_here(monkeypatch, archive, store, work=failing)
    assert tally.errors == {"RuntimeError": WALKS + 2}
    assert run_here(monkeypatch, archive, store).counts["failed"] == WALKS + 2
    again = run_here(monkeypatch, archive, store, retry=True)
    assert (again.counts["done"], again.counts["refused"]) == (WALKS + 1, 1)
    assert again.errors == {"FormatError": 1}


def test_no_name_no_birth_date_and_no_path_reaches_the_store(done: Path) -> None:
    for path in done.rglob("*"):
        if path.is_file():
            text = path.read_bytes().lower()
            for secret in (NAME.lower(), "piet", "1950", "walk_1", "group_0"):
                assert secret.encode() not in text, (path, secret)
    rows = values(done)
    flat = str(rows).lower()
    assert NAME.lower() not in flat
    assert "hielverhoging" not in flat


def test_names_in_headers_do_not_reach_the_store(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    archive = tmp_path / "archive"
    good = write_walk(archive / "good.c3d")
    import ezc3d

    file = ezc3d.c3d(str(good))
    file.add_parameter("SUBJECTS", "NAMES", [f"Piet {NAME}"])
    file.add_parameter("SUBJECTS", "BIRTHDATE", ["12-03-1950"])
    labels = file["parameters"]["POINT"]["LABELS"]["value"]
    file["parameters"]["POINT"]["LABELS"]["value"] = [f"{NAME}:{x}" for x in labels]
    file.write(str(good))
    trc = write_walk(archive / "strange.trc").read_text(encoding="utf-8").splitlines()
    names = trc[3].split("\t")
    trc[3] = "\t".join(f"{NAME}{i}" if n and i > 1 else n for i, n in enumerate(names))
    (archive / "strange.trc").write_text("\n".join(trc) + "\n", encoding="utf-8")
    store = tmp_path / "store"
    run_here(monkeypatch, archive, store)
    assert counts(store) == {"done": 1, "refused": 1}
    for path in store.rglob("*"):
        if path.is_file():
            assert NAME.lower().encode() not in path.read_bytes().lower()
    assert NAME not in str(values(store))
    assert any(NAME in line for line in failures(store))


@pytest.mark.parametrize(
    "message",
    [
        f"/data/{NAME}/walk.c3d: expected a whole file",
        f"expected markers of knees, got {NAME}1, {NAME}2: no lower limb",
        f"subject 'Piet {NAME}' is unknown",
        f"header says {NAME} 12-03-1950 and 1950/03/12 and 19500312",
    ],
)
def test_a_message_keeps_gaitkit_s_own_words_only(message: str) -> None:
    kept = scrubbed(message, paths=[f"/data/{NAME}/walk.c3d"])
    assert NAME not in kept
    assert "1950" not in kept
    assert any(word in kept for word in ("expected", "unknown", "header"))


def test_a_person_is_the_same_pseudonym_everywhere_and_not_without_the_key(
    store: Path,
) -> None:
    (row,) = ask(store, "SELECT DISTINCT subject FROM visits WHERE subject > ''").values
    assert len(row[0]) == PSEUDONYM_LETTERS
    key = store.with_name("store.key")
    assert key.stat().st_mode & 0o077 == 0
    assert key.read_text(encoding="ascii").strip() not in str(values(store))


def test_a_key_in_the_store_is_refused(
    monkeypatch: pytest.MonkeyPatch, archive: Path, tmp_path: Path
) -> None:
    with pytest.raises(ConfigError, match="lies in the store"):
        run_here(monkeypatch, archive, tmp_path / "s", key=tmp_path / "s" / "my.key")


def test_a_store_whose_key_is_gone_takes_nothing_new(
    monkeypatch: pytest.MonkeyPatch, archive: Path, store: Path
) -> None:
    store.with_name("store.key").unlink()
    with pytest.raises(InputError, match="the key of the store"):
        run_here(monkeypatch, archive, store)


def test_a_second_batch_on_the_same_store_is_refused(
    monkeypatch: pytest.MonkeyPatch, archive: Path, store: Path
) -> None:
    with (
        open_store(store),
        pytest.raises(OutputError, match="another batch is at work on this store"),
    ):
        run_here(monkeypatch, archive, store)
    assert run_here(monkeypatch, archive, store).counts["done"] == WALKS + 1


def test_a_folder_with_other_things_is_no_store(
    monkeypatch: pytest.MonkeyPatch, archive: Path
) -> None:
    with pytest.raises(OutputError, match="expected a store or an empty folder"):
        run_here(monkeypatch, archive, archive)


def test_half_written_files_are_gone_after_a_stop(store: Path) -> None:
    before = values(store)
    (store / "measurements" / "000099.parquet").write_bytes(b"half")
    (store / "visits" / ".000002.abc.part.parquet").write_bytes(b"half")
    series = next(store.glob("series/*"))
    (series / ".x.part.parquet").write_bytes(b"half")
    with open_store(store) as opened:
        assert values(opened.folder) == before


def test_pandas_and_duckdb_read_the_store_without_gaitkit(store: Path) -> None:
    frame = duckdb.sql(f"SELECT * FROM '{store}/measurements/*.parquet'").df()
    assert {"visit", "subject", "name", "value", "unit", "why_missing"} <= {*frame}
    assert frame["value"].notna().sum() > WALKS
    assert ((frame["value"].isna()) == (frame["why_missing"].notna())).all()
    text = (store / "README.md").read_text(encoding="utf-8")
    for table in TABLES:
        for name, kind in (*KEYS, *table.columns):
            assert f"| `{name}` | {kind} |" in text


def test_a_question_sees_every_view(store: Path) -> None:
    for view in ("recordings", "measurements", "findings", "plans", "visits"):
        assert ask(store, f"SELECT count(*) FROM {view}").iloc[0, 0] > 0
    states = ask(store, "SELECT state, count(*) AS n FROM journal GROUP BY ALL")
    assert dict(states.values.tolist()) == {"done": WALKS + 1, "refused": 1}
    kinds = ask(store, "SELECT DISTINCT series FROM series")
    assert set(kinds["series"]) == {"keypoints_walking", "angles"}


@pytest.mark.parametrize(
    "question",
    [
        "COPY (SELECT 1) TO 'out.csv'",
        "DROP VIEW visits",
        "SELECT 1; SELECT 2",
        "INSTALL httpfs",
        "SET enable_external_access = true",
        "EXPLAIN ANALYZE COPY (SELECT 1) TO 'out.csv'",
        "ATTACH 'x.db'",
        "",
    ],
)
def test_a_question_can_only_read(store: Path, question: str) -> None:
    with pytest.raises(InputError, match="expected one SELECT"):
        ask(store, question)


def test_a_question_cannot_leave_the_store(store: Path) -> None:
    key = store.with_name("store.key")
    for question in (
        f"SELECT * FROM read_text('{key}')",
        f"SELECT * FROM read_text('{store}/../store.key')",
        "SELECT * FROM glob('/*')",
        "SELECT * FROM frame",
    ):
        with pytest.raises(InputError, match="the question cannot be answered"):
            ask(store, question)


def test_a_question_to_no_store_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="make one with: gaitkit batch"):
        ask(tmp_path, "SELECT 1")


def test_results_that_wait_are_seen_before_they_are_parquet(
    monkeypatch: pytest.MonkeyPatch, archive: Path, tmp_path: Path
) -> None:
    seen: list[int] = []
    store = tmp_path / "store"

    def looking(tally: Tally) -> None:
        if tally.counts["done"] < WALKS or seen:
            return
        found = ask(store, "SELECT count(*) FROM visits").iloc[0, 0]
        seen.append(int(found))
        assert not any((store / "visits").glob("*.parquet"))

    monkeypatch.setattr("gaitkit.archive.tally.REPORT_EVERY_S", 0.0)
    run_here(monkeypatch, archive, store, watch=looking)
    assert max(seen) >= WALKS


def test_a_forgotten_person_leaves_no_trace(
    monkeypatch: pytest.MonkeyPatch, archive: Path, store: Path
) -> None:
    who = f"Piet {NAME} 12-03-1950"
    (visit,) = ask(store, "SELECT visit FROM visits WHERE subject > ''")["visit"]
    (pseudonym,) = ask(store, "SELECT subject FROM visits WHERE subject > ''")[
        "subject"
    ]
    tick(store, [visit], take_away=False)
    gone = forget_subject(who, store=store)
    assert gone.visits == 1
    assert [Path(path).name for path in gone.paths] == [f"{NAME} Piet 1950-03-12"]
    traces = [visit.encode(), pseudonym.encode(), NAME.encode()]
    places = [*store.rglob("*"), *store.parent.glob("store.register*")]
    for path in places:
        if path.is_file():
            assert not [t for t in traces if t in path.read_bytes()], path
    assert counts(store) == {"done": WALKS, "refused": 1}
    assert visit not in str(values(store))
    with pytest.raises(InputError, match="nobody of that name"):
        forget_subject(who, store=store)


def test_forgetting_knows_who_was_only_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    archive = tmp_path / "archive"
    archive.mkdir()
    (archive / "bad.c3d").write_bytes(b"\x02\x50nothing")
    (archive / "manifest.csv").write_text("file,subject\nbad.c3d,anna\n")
    run_here(monkeypatch, archive, tmp_path / "store")
    assert forget_subject("Anna ", store=tmp_path / "store").visits == 1
    assert counts(tmp_path / "store") == {}


def test_a_refused_recording_does_not_cost_the_others_of_its_visit(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    visit = tmp_path / "archive" / "visit"
    write_walk(visit / "good.trc")
    (visit / "bad.trc").write_bytes((visit / "good.trc").read_bytes()[:700])
    (visit / "visit.toml").write_text(
        '[[recording]]\nfile = "good.trc"\n[[recording]]\nfile = "bad.trc"\n',
        encoding="utf-8",
    )
    store = tmp_path / "store"
    run_here(monkeypatch, tmp_path / "archive", store)
    rows = ask(store, "SELECT recording, quality FROM recordings ORDER BY recording")
    assert list(rows["recording"]) == ["markers_1", "refused_1"]
    assert rows["quality"].iloc[1] == "refused"
    assert counts(store) == {"done": 1}


def test_failures_name_file_and_whole_message(archive: Path, store: Path) -> None:
    (line,) = failures(store)
    assert line.startswith(f"refused: {archive / 'broken.trc'}: ")
    assert str(archive) not in str(journal_rows(store, "message"))


def test_the_page_shows_every_measure_and_asks_for_nothing_outside(
    store: Path, tmp_path: Path
) -> None:
    page = page_of(store, language="en")
    assert dict(page.states) == {"done": WALKS + 1, "refused": 1}
    assert page.refusals[0].state == "refused"
    cadence = next(row for row in page.measures if row.label == "Cadence")
    assert cadence.n == WALKS + 1  # the plate shows it too
    text = write_page(store, tmp_path / "page.html", language="nl").read_text("utf-8")
    assert "Herhaalbaarheid" in text
    assert "default-src 'none'" in text
    assert "http://" not in text
    assert "https://" not in text
    assert NAME not in text


def test_the_export_is_motion_bids_under_pseudonyms(
    archive: Path, tmp_path: Path
) -> None:
    (tmp_path / "archive").mkdir()
    shutil.copy(archive / "group_0" / "walk_0.trc", tmp_path / "archive" / "w.trc")
    (tmp_path / "archive" / "manifest.csv").write_text("file,subject\nw.trc,anna\n")
    with pytest.MonkeyPatch.context() as patch:
        run_here(patch, tmp_path / "archive", tmp_path / "store")
    (written,) = export_bids(tmp_path / "store", tmp_path / "out")
    folder = tmp_path / "out" / written.folder
    assert written.entities.sub.startswith("s")
    (motion,) = folder.glob("*_acq-keypoints_run-1_motion.tsv")
    channels = motion.with_name(motion.name.replace("_motion.", "_channels."))
    meaning = json.loads(motion.with_suffix(".json").read_text("utf-8"))
    names = channels.read_text("utf-8").splitlines()[1:]
    first = motion.read_text("utf-8").splitlines()[0].split("\t")
    assert len(names) == len(first) == meaning["MotionChannelCount"]
    assert meaning["SamplingFrequency"] == pytest.approx(50.0, rel=0.01)
    people = (tmp_path / "out" / "participants.tsv").read_text("utf-8")
    assert f"sub-{written.entities.sub}" in people
    assert "anna" not in people


def test_the_course_of_a_person_is_joined_from_the_store(store: Path) -> None:
    (course,) = courses_of(store)
    assert [prom.score for prom in sorted(course.proms, key=lambda p: p.taken_on)] == [
        6.0, 2.0,
    ]  # fmt: skip
    assert course.leg_length_difference is True
    lines = outcome_lines(store, language="en")
    assert lines[0].startswith("1 courses")
    assert len(lines) > 4


def test_a_plan_samples_the_archive_and_touches_no_store(
    archive: Path, tmp_path: Path
) -> None:
    found = estimate(Request(archive=str(archive), store=tmp_path / "store"))
    by_ending = {each.ending: each for each in found.strata}
    assert by_ending[".trc"].visits == WALKS + 2
    assert by_ending["visit folder"].visits == 1
    assert all(second > 0 for each in found.strata for second in each.seconds)
    assert not (tmp_path / "store").exists()
    assert any("hours on" in line for line in found.lines())


def test_an_estimate_is_the_ratio_to_size_and_exact_where_all_was_sampled() -> None:
    stratum = Stratum(
        ending=".x", visits=4, bytes=100, seconds=(1.0, 3.0), stored=(0.0, 0.0),
        sampled_bytes=(10, 30),
    )  # fmt: skip
    assert stratum.total(stratum.seconds) == pytest.approx((10.0, 0.0))
    uneven = Stratum(
        ending=".x", visits=2, bytes=40, seconds=(2.0, 3.0), stored=(0.0, 0.0),
        sampled_bytes=(10, 30),
    )  # fmt: skip
    assert uneven.total(uneven.seconds) == pytest.approx((5.0, 0.0))


def test_files_seen_before_are_not_read_again(
    monkeypatch: pytest.MonkeyPatch, archive: Path, store: Path
) -> None:
    def forbidden(path: str) -> str:
        raise AssertionError(path)

    monkeypatch.setattr("gaitkit.archive.register.sha256", forbidden)
    assert run_here(monkeypatch, archive, store).counts["done"] == WALKS + 1


def test_a_damaged_manifest_stops_the_batch_and_leaves_the_store_in_order(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "manifest.csv").write_text("file,heigth\nx,1\n")
    with pytest.raises(InputError, match="unknown key 'heigth'"):
        run_here(monkeypatch, tmp_path / "manifest.csv", tmp_path / "store")
    assert counts(tmp_path / "store") == {}


def test_small_parquet_files_are_put_together(
    monkeypatch: pytest.MonkeyPatch, archive: Path, tmp_path: Path, done: Path
) -> None:
    from gaitkit.archive.settings import BatchSettings

    monkeypatch.setattr("gaitkit.archive.compact.MOST_PARTS", 2)
    shutil.copy(done.with_name("store.key"), tmp_path / "store.key")
    run_here(
        monkeypatch, archive, tmp_path / "store",
        settings=BatchSettings(compact_after=1),
    )  # fmt: skip
    assert len(list((tmp_path / "store" / "visits").glob("*.parquet"))) <= 3
    assert values(tmp_path / "store") == values(done)


def test_a_stop_in_the_middle_is_gone_on_with(
    monkeypatch: pytest.MonkeyPatch, archive: Path, tmp_path: Path, done: Path
) -> None:
    shutil.copy(done.with_name("store.key"), tmp_path / "store.key")
    store = tmp_path / "store"
    stop_after(monkeypatch, archive, store, lambda number: number == 3)
    state = counts(store)
    assert state["done"] >= 1
    assert "running" not in state
    run_here(monkeypatch, archive, store)
    assert values(store) == values(done)


def stop_after(
    monkeypatch: pytest.MonkeyPatch,
    archive: Path,
    store: Path,
    is_time: Callable[[int], bool],
) -> None:
    """Press Ctrl-C when a certain piece of work begins."""
    begun: list[Any] = []

    def stopping(job: Job) -> Outcome:
        begun.append(job)
        if is_time(len(begun)):
            raise KeyboardInterrupt
        return do(job)

    with pytest.raises(KeyboardInterrupt):
        run_here(monkeypatch, archive, store, work=stopping)


def test_the_register_forgets_what_left_the_archive(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    archive = tmp_path / "archive"
    write_walk(archive / "a.trc")
    gone = write_walk(archive / "b.trc", seed=3)
    run_here(monkeypatch, archive, tmp_path / "store")
    gone.unlink()
    assert run_here(monkeypatch, archive, tmp_path / "store").counts["done"] == 1
    with Register(tmp_path / "store.register") as register:
        assert register.next_walk() == 3
