"""Copies between stores: numbers and hashes stay, what is there already is not touched, conflicts are named."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from fluoro_annotator.anatomy import Region
from fluoro_annotator.errors import StoreError, StorePermissionError, StoreUnavailableError
from fluoro_annotator.marks import Purpose, Reading, Role, StudyFacts, StudyRecord, chain
from fluoro_annotator.store import Identity, MemoryStore, PostgresStore, SqliteStore, Store, copy

FACTS = StudyFacts(
    pseudonym="0" * 32, study_date=date(2026, 1, 31), region=Region.LUMBAR, equipment="Simulated C-arm"
)


@pytest.fixture
def make_store(tmp_path) -> Iterator[Callable[[str], Store]]:
    with ExitStack() as stack:

        def make(name: str, kind: str = "sqlite") -> Store:
            opened = MemoryStore() if kind == "memory" else SqliteStore(tmp_path / f"{name}.sqlite")
            return stack.enter_context(opened)

        yield make


@pytest.fixture
def source(make_store, study, make_draft) -> Store:
    """Two studies, three readings (the last without a change) and a tombstone."""
    store = make_store("source")
    other = replace(study, uid="1.3", facts=FACTS)
    for record in (replace(study, facts=FACTS), other):
        store.save_study(record)
    for name, uid, changes in (("one", "1.2", 3), ("two", "1.3", 2), ("three", "1.3", 0), ("gone", "1.3", 1)):
        reading = Reading(study_uid=uid, reader=f"Reader {name}", reading_id=name, purpose=Purpose.REFERENCE)
        store.add_reading(reading)
        store.append(name, [make_draft(float(row)) for row in range(changes)], after=0)
    store.purge_reading("gone", reason="made by mistake", by="Reader A")
    return store


@pytest.fixture(params=["memory", "sqlite", "postgres"])
def destination(request, make_store) -> Iterator[Store]:
    if request.param == "postgres":
        with PostgresStore(request.getfixturevalue("server_store").url()) as store:
            yield store
    else:
        yield make_store("destination", request.param)


def content(store: Store) -> dict:
    return {
        "studies": [store.study(uid) for uid in store.studies()],
        "readings": {reading.reading_id: reading for reading in store.readings()},
        "revisions": {each.reading_id: store.revisions(each.reading_id) for each in store.readings()},
        "heads": {each.reading_id: store.head(each.reading_id) for each in store.readings()},
        "records": {each.reading_id: store.records(each.reading_id) for each in store.readings()},
        "tombstones": store.tombstones(),
    }


def counts(report) -> tuple[int, ...]:
    return report.studies, report.readings, report.revisions, report.already, report.tombstones


def test_a_copy_holds_what_its_source_holds(source, destination):
    report = copy(source, destination)
    assert content(destination) == content(source)
    assert counts(report) == (2, 3, 5, 0, 1)
    assert report.conflicts == []
    assert destination.verify() == ()


def test_there_and_back_is_the_same(source, destination, make_store):
    back = make_store("back")
    copy(source, destination)
    copy(destination, back)
    assert content(back) == content(source)


def test_a_copy_that_is_repeated_adds_nothing(source, destination):
    copy(source, destination)
    before = content(destination)
    assert counts(copy(source, destination)) == (0, 0, 0, 3, 0)
    assert content(destination) == before


def test_a_copy_that_is_repeated_adds_what_is_missing(source, destination, make_draft, study):
    copy(source, destination)
    source.append("one", [make_draft(9.0)], after=3)
    source.save_study(replace(study, uid="1.4"))
    assert counts(copy(source, destination)) == (1, 1, 1, 2, 0)
    assert content(destination) == content(source)


def test_what_the_destination_has_more_of_stays(source, destination, make_draft):
    copy(source, destination)
    destination.append("one", [make_draft(9.0)], after=3)
    before = content(destination)
    assert counts(copy(source, destination)) == (0, 0, 0, 3, 0)
    assert content(destination) == before


def test_a_copy_that_was_interrupted_is_completed(source, destination):
    destination.save_study(source.study("1.2"))
    destination.add_reading(source.reading("one"))
    destination.append_chained("one", source.revisions("one")[:1])
    assert counts(copy(source, destination)) == (1, 3, 4, 0, 1)
    assert content(destination) == content(source)


def test_facts_of_the_destination_win_and_images_are_added(source, destination, study, image):
    known = replace(image, view="lateral")
    more = replace(image, sop_instance_uid="1.2.3.5")
    destination.save_study(StudyRecord("1.2", (known, more), StudyFacts(equipment="Another C-arm")))
    copy(source, destination)
    held = destination.study("1.2")
    assert {each.sop_instance_uid: each.view for each in held.images} == {
        "1.2.3.4": "lateral",
        "1.2.3.5": "AP",
    }
    assert (held.facts.equipment, held.facts.region) == ("Another C-arm", Region.LUMBAR)


class TestConflicts:
    def said(self, report) -> list[str]:
        return [str(conflict) for conflict in report.conflicts]

    def test_another_chain_is_named_and_left_alone(self, source, destination, make_draft):
        destination.save_study(source.study("1.2"))
        destination.add_reading(source.reading("one"))
        mine = destination.append("one", [make_draft(50.0)], after=0)
        report = copy(source, destination)
        assert self.said(report) == ["reading one: holds other changes in the destination"]
        assert destination.revisions("one") == mine
        assert counts(report) == (1, 2, 2, 0, 1)

    def test_a_longer_chain_of_another_kind_is_a_conflict_too(self, source, destination, make_draft):
        destination.save_study(source.study("1.2"))
        destination.add_reading(source.reading("one"))
        destination.append("one", [make_draft(float(row)) for row in range(50, 60)], after=0)
        assert self.said(copy(source, destination)) == ["reading one: holds other changes in the destination"]

    def test_another_reading_with_this_identifier(self, source, destination):
        destination.save_study(source.study("1.2"))
        destination.add_reading(replace(source.reading("one"), reader="Reader B"))
        (said,) = self.said(copy(source, destination))
        assert said.startswith("reading one: is kept already, with another")

    def test_what_was_purged_in_the_destination_does_not_come_back(self, source, destination):
        copy(source, destination)
        destination.purge_reading("two", reason="withdrawn", by="Reader A")
        (said,) = self.said(copy(source, destination))
        assert said == "reading two: was purged from the store, and is not taken in again"

    def test_a_study_that_was_purged_in_the_destination_does_not_come_back(self, source, destination):
        copy(source, destination)
        destination.purge_study("1.3", reason="withdrawn", by="Reader A")
        assert self.said(copy(source, destination)) == ["study 1.3: was purged from the destination"]
        assert destination.studies() == ("1.2",)

    def test_what_was_purged_in_the_source_is_not_purged_in_the_destination(self, source, destination):
        copy(source, destination)
        source.purge_reading("two", reason="withdrawn", by="Reader A")
        (said,) = self.said(copy(source, destination))
        assert said == "reading two: was purged from the other store and is held by this one"
        assert len(destination.revisions("two")) == 2

    @pytest.mark.parametrize(
        ("change", "reason"),
        [
            (
                "UPDATE revision SET author = 'Somebody' WHERE reading_id = 'one' AND sequence = 2",
                "was changed",
            ),
            ("UPDATE revision SET content = '{' WHERE reading_id = 'one' AND sequence = 2", "is damaged"),
            ("UPDATE revision SET kind = 'paint' WHERE reading_id = 'one' AND sequence = 2", "does not know"),
        ],
    )
    def test_a_damaged_reading_is_left_alone_and_the_rest_is_copied(
        self, source, destination, tmp_path, change, reason
    ):
        import sqlite3
        from contextlib import closing

        with closing(sqlite3.connect(tmp_path / "source.sqlite")) as raw, raw:
            raw.execute("DROP TRIGGER revision_update")
            raw.execute(change)
        report = copy(source, destination)
        (said,) = self.said(report)
        assert said.startswith("reading one: ")
        assert reason in said
        assert "revision 2 of reading one" in said
        assert {each.reading_id for each in destination.readings()} == {"two", "three"}
        assert destination.verify() == ()


class TestRefused:
    def test_a_store_cannot_be_copied_into_itself(self, source, tmp_path):
        with (
            SqliteStore(tmp_path / "source.sqlite") as again,
            pytest.raises(StoreError, match="copied into itself"),
        ):
            copy(source, again)

    def test_not_by_another_name_either(self, source, tmp_path):
        (tmp_path / "link.sqlite").symlink_to(tmp_path / "source.sqlite")
        with (
            SqliteStore(tmp_path / "link.sqlite") as again,
            pytest.raises(StoreError, match="copied into itself"),
        ):
            copy(source, again)

    def test_nor_a_store_in_memory(self):
        with MemoryStore() as store, pytest.raises(StoreError, match="copied into itself"):
            copy(store, store)

    def test_whoever_sees_a_part_makes_no_copy(self, source, destination, monkeypatch):
        monkeypatch.setattr(source, "identity", lambda: Identity("Reader T", Role.TRAINEE))
        with pytest.raises(StorePermissionError, match="shows Reader T only a part") as caught:
            copy(source, destination)
        assert "marks export" in caught.value.remedy
        assert destination.studies() == ()

    def test_whoever_may_not_write_for_others_is_told_who_can(self, source, destination, monkeypatch):
        def refuses(_reading):
            raise StorePermissionError("store server", "does not allow this to the present login", "Ask.")

        monkeypatch.setattr(destination, "add_reading", refuses)
        with pytest.raises(StorePermissionError, match="readings of others") as caught:
            copy(source, destination)
        assert "its owner" in caught.value.remedy

    def test_a_destination_that_goes_away_is_said(self, source, destination, monkeypatch):
        def fails(*_):
            raise StoreUnavailableError("store", "has no room left", "Free some space.")

        monkeypatch.setattr(destination, "append_chained", fails)
        with pytest.raises(StoreUnavailableError, match="no room left"):
            copy(source, destination)

    def test_a_destination_that_does_not_keep_what_it_was_given_is_found(
        self, source, destination, monkeypatch
    ):
        monkeypatch.setattr(destination, "append_chained", lambda *_: None)
        with pytest.raises(StoreError, match="does not hold reading one as it was copied"):
            copy(source, destination)


def test_what_is_added_to_the_source_meanwhile_is_no_fault(source, destination, make_draft, monkeypatch):
    head = type(source).head

    def busy(store, reading_id):
        found = head(store, reading_id)
        if reading_id == "one" and found.sequence == 3:
            source.append("one", [make_draft(77.0)], after=3)
        return found

    monkeypatch.setattr(source, "head", lambda reading_id: busy(source, reading_id))
    copy(source, destination)
    assert destination.verify() == ()
    assert len(destination.revisions("one")) == 4


def test_a_reading_that_is_reopened_and_submitted_again_is_copied_with_all_that(source, destination):
    from fluoro_annotator.store import open_session

    session, recorder = open_session(source, source.study("1.2"), reader="Reader S")
    session.submit("first look")
    session.reopen()
    session.submit("second look")
    recorder.close()
    copy(source, destination)
    assert content(destination) == content(source)


def test_progress_is_said_study_by_study(source, destination):
    said: list[tuple[int, int]] = []
    copy(source, destination, progress=lambda done, total: said.append((done, total)))
    assert said == [(1, 2), (2, 2)]


def test_times_and_hashes_are_those_of_the_source(source, destination, make_draft):
    old = datetime(2020, 1, 1, tzinfo=UTC)
    stream = chain("old", [make_draft(1.0, recorded_at=old)])
    source.add_reading(Reading(study_uid="1.2", reader="Reader O", reading_id="old", started_at=old))
    source.append_chained("old", stream)
    copy(source, destination)
    assert destination.revisions("old") == stream
    assert destination.head("old").changed_at == old
