"""The walk finds what is there, and tells what it passed over."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest

from gaitkit.archive.item import Item, content_of, facts_of, from_json, to_json
from gaitkit.archive.place import at_hand, sha256
from gaitkit.archive.walk import Entities, PassedOver, entities_of, stem_of, walk
from gaitkit.errors import InputError


def write(path: Path, content: str = "x") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8")
    return path


def items(archive: Path | str) -> list[Item]:
    return [found for found in walk(str(archive)) if isinstance(found, Item)]


def content(item: Item) -> str:
    return content_of(item, [sha256(source.path) for source in item.sources])


def test_loose_files_are_a_visit_each_and_papers_are_passed_over(
    tmp_path: Path,
) -> None:
    for name in ("a/walk.c3d", "a/b/plate.txt", "a/README.md", "a/letter.pdf"):
        write(tmp_path / name)
    write(tmp_path / ".hidden.c3d")
    found = list(walk(str(tmp_path)))
    names = {Path(each.path).name for each in found if isinstance(each, Item)}
    papers = {Path(each.path).name for each in found if isinstance(each, PassedOver)}
    assert names == {"walk.c3d", "plate.txt"}
    assert papers == {"README.md", "letter.pdf"}


def test_a_visit_folder_is_one_visit_with_everything_below_it(tmp_path: Path) -> None:
    write(tmp_path / "anna" / "visit.toml")
    write(tmp_path / "anna" / "films" / "walk.mp4")
    write(tmp_path / "anna" / "plate.txt")
    (item,) = items(tmp_path)
    assert item.layout == "visit_folder"
    assert {source.name for source in item.sources} == {
        "visit.toml", "films/walk.mp4", "plate.txt",
    }  # fmt: skip
    with at_hand(item) as folder:
        assert folder == tmp_path / "anna"


def test_force_files_belong_to_the_markers_beside_them(tmp_path: Path) -> None:
    for name in ("walk.trc", "walk_grf.mot", "walk.forces", "other.trc"):
        write(tmp_path / name)
    by_name = {Path(item.path).name: item for item in items(tmp_path)}
    assert set(by_name) == {"walk.trc", "other.trc"}
    assert [s.name for s in by_name["walk.trc"].sources] == [
        "walk.trc", "walk.forces", "walk_grf.mot",
    ]  # fmt: skip


def test_a_folder_of_keypoints_is_one_recording(tmp_path: Path) -> None:
    for number in range(3):
        write(tmp_path / "pass" / f"f_{number}_keypoints.json")
    (item,) = items(tmp_path)
    assert item.layout == "keypoint_folder"
    assert item.recordings[0].file == Path("pass")
    with at_hand(item) as folder:
        assert (folder / "pass").is_dir()


def test_json_without_poses_is_no_recording(tmp_path: Path) -> None:
    write(tmp_path / "truth.json", '{"events": []}')
    write(tmp_path / "pose.json", '{"landmark_positions": []}')
    assert [Path(item.path).name for item in items(tmp_path)] == ["pose.json"]


def test_the_files_of_a_bids_session_are_one_visit_of_its_subject(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "sub-03" / "ses-2" / "motion"
    for run in (1, 2):
        write(folder / f"sub-03_ses-2_task-walk_run-{run}_motion.c3d", str(run))
    write(tmp_path / "sub-04" / "sub-04_task-walk.c3d")
    session, alone = sorted(items(tmp_path), key=lambda item: -len(item.sources))
    assert session.layout == alone.layout == "bids"
    assert (session.subject.subject_id, len(session.recordings)) == ("03", 2)
    assert (alone.subject.subject_id, len(alone.recordings)) == ("04", 1)


def test_entities_are_read_and_written_in_the_order_of_motion_bids() -> None:
    entities = entities_of("sub-03_ses-b_task-walk_acq-x_tracksys-omc_run-2_motion.tsv")
    assert entities == Entities(
        sub="03", ses="b", task="walk", tracksys="omc", acq="x", run="2"
    )
    assert stem_of(entities) == "sub-03_ses-b_task-walk_tracksys-omc_acq-x_run-2"
    assert entities_of("walk_sub-3.c3d") is None


def test_a_manifest_says_who_and_which_recordings_belong_together(
    tmp_path: Path,
) -> None:
    for name in ("x/a.c3d", "y/b.txt", "c.c3d"):
        write(tmp_path / name)
    write(
        tmp_path / "manifest.csv",
        "file;subject;visit;visited_on;height_m;view;norm\n"
        "x/a.c3d;anna;1;2026-03-31;1.65;;yes\n"
        "y/b.txt;anna;1;;;;\n"
        "c.c3d;;;;;posterior;\n",
    )
    together, alone = items(tmp_path)
    assert together.subject.height_m == 1.65
    assert together.subject.subject_id == "anna"
    assert together.visited_on == date(2026, 3, 31)
    assert together.norm
    assert [str(r.file) for r in together.recordings] == ["x/a.c3d", "y/b.txt"]
    with at_hand(together) as folder:
        assert all((folder / r.file).is_file() for r in together.recordings)
    assert alone.recordings[0].view == "posterior"
    assert items(tmp_path / "manifest.csv") == [together, alone]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("path\nwalk.c3d\n", "expected a column 'file'"),
        ("file,heigth_m\nwalk.c3d,1.7\n", "unknown key 'heigth_m'; did you mean"),
        ("file,height_m\nwalk.c3d,tall\n", "line 2: 'height_m'"),
        ("file\ngone.c3d\n", "gone.c3d: expected a recording, and it cannot be read"),
    ],
)
def test_a_wrong_manifest_is_refused_by_line_and_column(
    tmp_path: Path, text: str, message: str
) -> None:
    write(tmp_path / "walk.c3d")
    write(tmp_path / "manifest.csv", text)
    with pytest.raises(InputError, match=message):
        items(tmp_path)


def test_a_copy_has_the_same_content_and_a_told_fact_makes_it_another(
    tmp_path: Path,
) -> None:
    write(tmp_path / "a.c3d", "same")
    write(tmp_path / "b" / "c.c3d", "same")
    first, second = items(tmp_path)
    assert content(first) == content(second)
    assert facts_of(first) == facts_of(second)
    write(tmp_path / "manifest.csv", "file,height_m\na.c3d,1.7\n")
    (told,) = items(tmp_path)
    assert content(told) == content(first)
    assert facts_of(told) != facts_of(first)


def test_an_item_survives_the_register(tmp_path: Path) -> None:
    write(tmp_path / "walk.c3d")
    write(tmp_path / "manifest.csv", "file,visited_on,norm\nwalk.c3d,2026-01-02,1\n")
    (item,) = items(tmp_path)
    assert from_json(to_json(item)) == item


def test_a_url_is_walked_and_copied_for_the_decoder() -> None:
    fsspec = pytest.importorskip("fsspec")
    files = fsspec.filesystem("memory")
    files.pipe({"/clinic/a/walk.trc": b"one", "/clinic/a/walk_grf.mot": b"two"})
    (item,) = items("memory://clinic")
    assert item.path == "memory:///clinic/a/walk.trc"
    with at_hand(item) as folder:
        assert (folder / "walk.trc").read_bytes() == b"one"
        assert (folder / "walk_grf.mot").read_bytes() == b"two"
    assert not folder.exists()
    here = "memory:///clinic/a/walk.trc: expected more$"
    with pytest.raises(InputError, match=here), at_hand(item) as folder:
        raise InputError(f"{folder / 'walk.trc'}: expected more")


def test_a_server_that_tells_more_of_a_file_than_of_a_folder_is_no_change(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    memory = pytest.importorskip("fsspec.implementations.memory").MemoryFileSystem
    files = memory()
    files.pipe({"/bucket/walk.trc": b"one"})
    at = datetime(2026, 1, 2, tzinfo=UTC)

    def listed(self: object, path: str, **_: object) -> list[dict[str, object]]:
        zone = timezone(timedelta(hours=1))
        name = "/bucket/walk.trc"
        whole = {"name": name, "type": "file", "size": 3}
        return [whole | {"LastModified": at.astimezone(zone)}]

    def told(self: object, path: str, **_: object) -> dict[str, object]:
        kind = "file" if path.endswith("trc") else "directory"
        whole = {"name": path, "type": kind, "size": 3, "VersionId": None}
        return whole | {"LastModified": at}

    monkeypatch.setattr(memory, "ls", listed)
    monkeypatch.setattr(memory, "info", told)
    (item,) = items("memory://bucket")
    with at_hand(item) as folder:
        assert (folder / "walk.trc").read_bytes() == b"one"
    at += timedelta(seconds=1)
    with pytest.raises(InputError, match="changed after"), at_hand(item):
        pass


def test_a_file_that_changed_after_the_walk_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "walk.c3d", "old")
    (item,) = items(tmp_path)
    write(path, "newer")
    with (
        pytest.raises(InputError, match="the file changed after it was listed"),
        at_hand(item),
    ):
        pass


def test_results_of_gaitkit_in_the_archive_are_no_recordings(tmp_path: Path) -> None:
    write(tmp_path / "walk.c3d")
    write(tmp_path / "store" / "journal.sqlite")
    write(tmp_path / "store" / "series" / "ab" / "x.parquet")
    write(tmp_path / "store.key")
    write(tmp_path / "store.register")
    write(tmp_path / "walk-gaitkit" / "assessment.json")
    write(tmp_path / "walk-gaitkit" / "overlay.mp4")
    assert [Path(item.path).name for item in items(tmp_path)] == ["walk.c3d"]


def test_nothing_at_the_path_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="expected a folder of recordings"):
        list(walk(str(tmp_path / "nowhere")))


SPREADSHEETS = {
    "latin-1 of an old Excel": ("file,subject\nwalk.c3d,José\n", "cp1252"),
    "UTF-8 with a mark": ("file,subject\nwalk.c3d,José\n", "utf-8-sig"),
    "Unicode text of Excel": ("file\tsubject\r\nwalk.c3d\tJosé\r\n", "utf-16"),
    "empty cells and lines": ("file,subject,,\nwalk.c3d,José,,,,\n,,,\n\n", "utf-8"),
    "capitals and spaces": (" File ; SUBJECT\nwalk.c3d ; José \n", "utf-8"),
    "a quoted separator": ('"file";"subject"\r\n"walk.c3d";"José"\r\n', "utf-8"),
    "a line end of an old Mac": ("file,subject\rwalk.c3d,José\r", "utf-8"),
}


@pytest.mark.parametrize("kind", SPREADSHEETS)
def test_a_manifest_is_read_as_spreadsheets_write_it(tmp_path: Path, kind: str) -> None:
    text, encoding = SPREADSHEETS[kind]
    write(tmp_path / "walk.c3d")
    (tmp_path / "list.csv").write_bytes(text.encode(encoding))
    (item,) = items(tmp_path / "list.csv")
    assert item.subject.subject_id == "José"


def test_dutch_numbers_days_and_truths_are_read_between_semicolons(
    tmp_path: Path,
) -> None:
    write(tmp_path / "walk.c3d")
    write(
        tmp_path / "manifest.csv",
        "file;height_m;mass_kg;visited_on;norm;shod\n"
        "walk.c3d;1,80;71;31-3-2026;WAAR;Nee\n",
    )
    (item,) = items(tmp_path)
    assert (item.subject.height_m, item.subject.mass_kg) == (1.8, 71.0)
    assert item.visited_on == date(2026, 3, 31)
    assert item.norm
    assert item.subject.shod is False


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("file,height_m\nwalk.c3d,1,80\n", "line 2: expected 2 cells .* got 3; write "),
        ("file,file\nwalk.c3d,\n", "each column once, got 'file' twice"),
        ("file,visited_on\nwalk.c3d,3/4/2026\n", "line 2: 'visited_on'"),
        ("file,subject\nwalk.c3d,a\0b\n", "bytes in it that are no text"),
        ('file,subject\nwalk.c3d,"' + "a" * 200_000, "a table, and it is damaged"),
    ],
)
def test_a_manifest_that_can_mean_two_things_is_refused(
    tmp_path: Path, text: str, message: str
) -> None:
    write(tmp_path / "walk.c3d")
    write(tmp_path / "manifest.csv", text)
    with pytest.raises(InputError, match=message) as refusal:
        items(tmp_path)
    assert len(str(refusal.value)) < 500


def passed_over(archive: Path, *, follow_links: bool = False) -> dict[str, str]:
    found = walk(str(archive), follow_links=follow_links)
    return {
        str(Path(each.path).relative_to(archive)): each.why
        for each in found
        if isinstance(each, PassedOver)
    }


def test_a_circle_of_links_is_walked_once(tmp_path: Path) -> None:
    write(tmp_path / "a" / "b" / "walk.c3d")
    write(tmp_path / "anna" / "visit.toml")
    write(tmp_path / "anna" / "walk.mp4")
    (tmp_path / "a" / "b" / "up").symlink_to(tmp_path)
    (tmp_path / "0_first").symlink_to(tmp_path / "a")
    (tmp_path / "a" / "same.c3d").symlink_to(tmp_path / "a" / "b" / "walk.c3d")
    (tmp_path / "a" / "itself").symlink_to("itself")
    (tmp_path / "anna" / "again").symlink_to(tmp_path / "anna")
    for follow in (False, True):
        paths = [
            (str(Path(i.path).relative_to(tmp_path)), len(i.sources))
            for i in walk(str(tmp_path), follow_links=follow)
            if isinstance(i, Item)
        ]
        assert paths == [("a/b/walk.c3d", 1), ("anna", 2)]
    told = passed_over(tmp_path)
    assert set(told) == {"0_first", "a/same.c3d", "a/b/up"}
    assert set(told.values()) == {
        "a link to something in the archive, which is used where it lies"
    }


def test_links_out_of_an_archive_are_followed_when_asked(tmp_path: Path) -> None:
    archive = tmp_path / "archive"
    write(archive / "walk.c3d")
    write(tmp_path / "disk" / "films" / "walk.mp4")
    write(tmp_path / "plate.txt")
    (tmp_path / "disk" / "back").symlink_to(archive)
    (archive / "more").symlink_to(tmp_path / "disk")
    (archive / "more_again").symlink_to(tmp_path / "disk" / "films")
    (archive / "plate.txt").symlink_to(tmp_path / "plate.txt")
    names = {Path(item.path).name for item in items(archive)}
    assert names == {"walk.c3d"}
    told = passed_over(archive)
    assert set(told) == {"more", "more_again", "plate.txt"}
    assert set(told.values()) == {
        "a link that leads out of the archive; --follow-links follows it"
    }
    followed = [
        str(Path(each.path).relative_to(archive))
        for each in walk(str(archive), follow_links=True)
        if isinstance(each, Item)
    ]
    assert followed == ["plate.txt", "walk.c3d", "more/films/walk.mp4"]


def test_a_link_above_the_archive_does_not_walk_it_twice(tmp_path: Path) -> None:
    archive = tmp_path / "archive"
    write(archive / "walk.c3d")
    write(tmp_path / "other" / "run.c3d")
    (archive / "up").symlink_to(tmp_path)
    found = [
        str(Path(each.path).relative_to(archive))
        for each in walk(str(archive), follow_links=True)
        if isinstance(each, Item)
    ]
    assert found == ["walk.c3d", "up/other/run.c3d"]


def test_an_archive_that_is_itself_named_by_a_link_is_walked(tmp_path: Path) -> None:
    write(tmp_path / "archive" / "walk.c3d")
    (tmp_path / "link").symlink_to(tmp_path / "archive")
    assert [Path(item.path).name for item in items(tmp_path / "link")] == ["walk.c3d"]
