"""The demonstration, and opening a window from the command line."""

import csv
import json
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from fluoro_annotator import settings
from fluoro_annotator.anatomy import Side
from fluoro_annotator.dicom import scan
from fluoro_annotator.errors import NothingToOpenError
from fluoro_annotator.geometry import Point
from fluoro_annotator.marks import MarkSession, NoRecorder, Reading, Target
from fluoro_annotator.store import open_store
from napari_fluoro_annotator import demo, launch
from napari_fluoro_annotator.studies import study_record


@pytest.fixture(scope="module")
def truth():
    return json.loads((settings.sample_folder() / "truth.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def sample():
    return scan([settings.sample_folder() / demo.STUDY]).require()


@pytest.fixture
def session(sample):
    (study,) = sample.studies
    stacks = [SimpleNamespace(images=series.images) for series in study.series]
    record = study_record(study.uid, stacks)
    return MarkSession(Reading(study_uid=record.uid, reader="demo"), record, NoRecorder())


def dock_of(session):
    shown = []
    controller = SimpleNamespace(session=session, choose_mark=shown.append)
    return SimpleNamespace(controller=controller, shown=shown)


def stored_marks(path):
    with open_store(path) as store:
        (reading,) = store.readings()
        drafts = [revision.draft for revision in store.revisions(reading.reading_id)]
    return [draft.mark for draft in drafts]


# ---------------------------------------------------------------------- the marks


LABELS = [
    "L3 medial branch, at L4, right",
    "L4 medial branch, at L5, right",
    "L5 dorsal ramus, at S1, right",
    "L3",
    "L4",
    "L5",
    "L3 medial branch, at L4, right",
    "L4 medial branch, at L5, right",
    "L4 medial branch, at L5, right",
    "Needle, L4 medial branch, at L5, right",
]


def test_the_reading_begins_with_targets_levels_and_a_needle(session, truth):
    dock = dock_of(session)
    demo.begin_reading(dock, truth)
    labels = [session.label(mark) for mark in session.marks]
    assert labels == LABELS
    kinds = [mark.kind.value for mark in session.marks]
    assert {kind: kinds.count(kind) for kind in kinds} == {"target": 6, "level_label": 3, "needle": 1}
    (needle,) = [mark for mark in session.marks if mark.kind == "needle"]
    assert dock.shown == [needle.mark_id]


def test_marks_lie_within_a_pixel_of_the_truth(session, truth):
    demo.begin_reading(dock_of(session), truth)
    for mark in session.marks:
        image = truth["images"][mark.frame.sop_instance_uid]
        for name in mark.point_names:
            assert nearest(image, mark, name) <= 1


def nearest(image, mark, name):
    if mark.kind == "needle":
        places = [image["frames"][mark.frame.frame_number - 1]["needle"][name]]
    elif mark.kind == "level_label":
        places = [place for place in image["vertebrae"] if place["vertebra"] == mark.vertebra]
    else:
        wanted = (mark.site.nerve, mark.site.vertebra, mark.site.side)
        places = [
            place
            for place in image["targets"]
            if (place["nerve"], place["vertebra"], place["side"]) == wanted
        ]
    (place,) = places
    return getattr(mark, name).distance(Point(place["row"], place["column"]))


def test_a_reading_that_has_marks_goes_on_as_it_is(session, truth, anatomy):
    uid = next(iter(truth["images"]))
    site = anatomy.site("L3_MB", Side.LEFT)
    mark = session.add(Target(frame=demo.FrameRef(uid, 1), site=site, position=Point(1, 2)))
    demo.begin_reading(dock_of(session), truth)
    assert session.marks == (mark,)


# ---------------------------------------------------------------------- the whole of it


@pytest.mark.gui
def test_the_demonstration_runs_again_and_again(tmp_path, qapp, pump):
    from skimage.io import imread

    output = tmp_path / "made" / "demo"
    store = demo.run(output, headless=True)
    picture = imread(output / "annotate.png")
    height, width = picture.shape[:2]
    centre = picture[height // 4 : 3 * height // 4, width // 4 : width // 2, :3]
    assert centre.std() > 10
    assert len(np.unique(centre.reshape(-1, 3), axis=0)) > 50
    kept = stored_marks(store)
    assert len(kept) == len(LABELS)
    written = json.loads((output / "marks.json").read_text(encoding="utf-8"))["readings"][0]["marks"]
    assert [mark["mark_id"] for mark in written] == [mark.mark_id for mark in kept]
    with (output / "marks.csv").open(encoding="utf-8-sig", newline="") as file:
        assert [row["mark_id"] for row in csv.DictReader(file)] == [mark.mark_id for mark in kept]
    pump()
    assert demo.run(output, headless=True) == store
    assert stored_marks(store) == kept


@pytest.mark.gui
def test_the_demonstration_takes_nothing_of_the_users(tmp_path, qapp, monkeypatch):
    """Changes that wait for the user's own store must not end up in the demonstration's."""
    waiting = settings.rescue_folder() / "1-1-a.jsonl"
    waiting.parent.mkdir(parents=True)
    waiting.write_bytes(b"a change that waits\n")
    demo.run(tmp_path / "demo", headless=True)
    assert waiting.read_bytes() == b"a change that waits\n"
    assert not Path(settings.store_location()).exists()


# ---------------------------------------------------------------------- launch


@pytest.mark.parametrize("name", ["missing", "empty"])
def test_with_nothing_to_open_no_window_is_opened(tmp_path, monkeypatch, name):
    def never(**_options):
        raise AssertionError("a window was opened")

    (tmp_path / "empty").mkdir()
    monkeypatch.setattr(launch.napari, "Viewer", never)
    with pytest.raises(NothingToOpenError, match="holds no fluoroscopic image"):
        launch.open_window([tmp_path / name])


@pytest.mark.gui
def test_a_window_opens_and_stays_until_it_is_closed(study_folder, qapp, monkeypatch, close_window):
    reported, ran = [], []

    def run():
        import napari

        viewer = napari.current_viewer()
        ran.append([layer.name for layer in viewer.layers if layer.name[0].isdigit()])
        close_window(viewer)

    monkeypatch.setattr(launch.napari, "run", run)
    launch.open_window([study_folder], progress=lambda done, found: reported.append((done, found)))
    assert ran == [["1 AP", "2 Right oblique", "3 Needle advance"]]
    assert reported[-1] == (3, 3)
    assert Path(settings.store_location()).is_file()
