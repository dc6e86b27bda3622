"""Sets in a file and on a server: published by one of several who do it at once, and by nobody who must not."""

import threading
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace

import pytest

from fluoro_annotator.anatomy import Side, load_anatomy
from fluoro_annotator.errors import (
    KeyWithheldError,
    StoreConflictError,
    StorePermissionError,
    TeachingSetError,
)
from fluoro_annotator.geometry import Calibration, CalibrationSource, Point
from fluoro_annotator.marks import FrameRef, ImageRecord, Purpose, StudyRecord, Target
from fluoro_annotator.protocols import load_protocols
from fluoro_annotator.store import open_session, open_store
from fluoro_annotator.training import (
    SetDraft,
    draft_from,
    install,
    keys_of,
    load_sets,
    offered_exercises,
    publish,
    set_file_of,
    withdraw,
)
from fluoro_annotator.training.assigning import assign_set, unassign_set

LIBRARY = load_protocols(folders=())
ATTENDING, OTHER, TRAINEE = "Attending A", "Attending B", "Trainee A"
SCALE = Calibration(CalibrationSource.KNOWN_LENGTH, 0.2, 0.2, 0.02)
STUDY = StudyRecord(
    "1.2.3",
    (
        ImageRecord(
            sop_instance_uid="1.2.3.4",
            series_uid="1.2.3.1",
            rows=512,
            columns=512,
            frames=1,
            calibration=SCALE,
        ),
    ),
)


@dataclass
class Place:
    """A store that several people open, each under a name or login of his own."""

    addresses: dict

    @contextmanager
    def opened(self, who=ATTENDING):
        with closing(open_store(self.addresses[who])) as store:
            yield store


@pytest.fixture(params=["file", "server"])
def place(request, tmp_path):
    if request.param == "file":
        return Place(dict.fromkeys((ATTENDING, OTHER, TRAINEE), tmp_path / "practice.sqlite"))
    database = request.getfixturevalue("server_store")
    for login, role in ((ATTENDING, "attending"), (OTHER, "attending"), (TRAINEE, "trainee")):
        database.add_login(login, role)
    return Place({login: database.url(login) for login in (ATTENDING, OTHER, TRAINEE)})


@pytest.fixture
def draft(place, tmp_path):
    """A draft of three exercises from a reference that an attending has submitted."""
    block, anatomy = LIBRARY.get("lumbar_mbb"), load_anatomy()
    with place.opened() as store:
        store.save_study(STUDY)
        session, recorder = open_session(
            store, STUDY, reader=ATTENDING, purpose=Purpose.REFERENCE, rescue_folder=tmp_path / "rescue"
        )
        for nerve, row in (("L3_MB", 200.0), ("L4_MB", 330.0)):
            site = anatomy.site(nerve, Side.RIGHT)
            session.add(Target(frame=FrameRef("1.2.3.4", 1), site=site, position=Point(row, 300.0)))
        session.submit()
        recorder.close()
        found = offered_exercises(store, STUDY.uid, block)
        return SetDraft(set_id="first", title="First", protocol=block).added(found[:3])


def test_a_set_goes_from_a_reference_to_a_trainee(place, draft):
    with place.opened() as store:
        published = publish(draft, store, ATTENDING, LIBRARY)
        keys = keys_of(store.practice, published, reader=ATTENDING)
        assign_set(store, "first", TRAINEE, by=ATTENDING)
    assert published.author == ATTENDING
    with place.opened(TRAINEE) as store:
        assert load_sets(store.practice).current == (published,)
        assert [one.set_id for one in store.practice.assignments(TRAINEE)] == ["first"]
        with pytest.raises(KeyWithheldError):
            keys_of(store.practice, published, reader=TRAINEE)
        with pytest.raises(KeyWithheldError):
            draft_from(store, "first", LIBRARY, reader=TRAINEE)
    with place.opened() as store:
        again = draft_from(store, "first", LIBRARY, reader=ATTENDING)
        assert {one.exercise_id: one.key for one in again.exercises} == keys
        unassign_set(store, "first", TRAINEE, by=ATTENDING)
        assert store.practice.assignments() == ()
        withdraw(store, "first", by=ATTENDING)
        with pytest.raises(TeachingSetError, match="withdrawn"):
            load_sets(store.practice).get("first")


def test_of_two_who_publish_at_once_one_is_told(place, draft):
    """Each looks before the other writes: the store decides, and nothing of the loser is kept."""
    ready, outcomes = threading.Barrier(2), {}

    def publishes(who):
        with place.opened(who) as store:
            ready.wait(timeout=60)
            try:
                outcomes[who] = publish(replace(draft, title=f"By {who}"), store, who, LIBRARY)
            except StoreConflictError as error:
                outcomes[who] = error

    threads = [threading.Thread(target=publishes, args=(who,)) for who in (ATTENDING, OTHER)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    lost = [one for one in outcomes.values() if isinstance(one, StoreConflictError)]
    won = [one for one in outcomes.values() if not isinstance(one, StoreConflictError)]
    assert (len(won), len(lost)) == (1, 1)
    assert "published by" in str(lost[0])
    with place.opened() as store:
        shelf = load_sets(store.practice)
        assert shelf.current == (won[0],)
        assert len(shelf.kept) == 1
    with place.opened(won[0].author) as store:
        assert len(keys_of(store.practice, won[0], reader=won[0].author)) == 3


@pytest.mark.parametrize("place", ["server"], indirect=True)
def test_on_a_server_a_trainee_publishes_installs_and_withdraws_nothing(place, draft):
    with place.opened() as store:
        published = publish(draft, store, ATTENDING, LIBRARY)
        content = set_file_of(store, published, reader="whoever")
    moved = replace(content, teaching_set=replace(content.teaching_set, set_id="second"))
    with place.opened(TRAINEE) as store:
        for act in (
            lambda: install(moved, store, by=ATTENDING),
            lambda: withdraw(store, "first", by=ATTENDING),
            lambda: assign_set(store, "first", TRAINEE, by=ATTENDING),
        ):
            with pytest.raises(StorePermissionError):
                act()
    with place.opened(OTHER) as store:
        kept = install(moved, store, by="whoever")
        assert (kept.author, load_sets(store.practice).get("second").author) == (OTHER, ATTENDING)
        assert len(keys_of(store.practice, published, reader="whoever")) == 3
        assert [one.set_id for one in load_sets(store.practice).current] == ["first", "second"]
