"""The list of teaching sets and their editor, without a window: what is shown, refused and kept."""

import sys
import time
from datetime import date
from unittest.mock import MagicMock

import pytest
from mocked_desk import MockedDesk, mocked, stacks_of

from fluoro_annotator import settings
from fluoro_annotator.anatomy import Side
from fluoro_annotator.errors import StoreUnavailableError
from fluoro_annotator.geometry import Point
from fluoro_annotator.marks import Adequacy, Change, Purpose, ViewJudgement
from fluoro_annotator.protocols import ProtocolLibrary, load_protocols
from fluoro_annotator.store import MemoryStore, open_session
from fluoro_annotator.training import Difficulty, ExerciseKind, keys_of, load_sets
from napari_fluoro_annotator import texts
from napari_fluoro_annotator.controllers.errands import Errands
from napari_fluoro_annotator.controllers.set_draft import key_of_verdict, verdict_of
from napari_fluoro_annotator.controllers.set_editor import SetEditorController
from napari_fluoro_annotator.controllers.set_list import SetListController
from napari_fluoro_annotator.controllers.set_rows import AboutForm
from napari_fluoro_annotator.draft_file import DraftFile
from napari_fluoro_annotator.set_work import SetWork
from napari_fluoro_annotator.studies import study_record
from napari_fluoro_annotator.views.set_editor import SetEditorView
from napari_fluoro_annotator.views.set_list import SetListView
from napari_fluoro_annotator.views.ticker import Ticker

AUTHOR, OTHER, TRAINEE = "Reader A", "Reader B", "Trainee A"
LIST_SIGNALS = {
    "open_requested": (),
    "chosen": (str,),
    "new_requested": (),
    "edit_requested": (str,),
    "withdraw_requested": (str,),
    "withdraw_confirmed": (str,),
    "assign_requested": (str,),
    "assigned": (str, str, object),
    "unassigned": (str, str),
    "export_requested": (str, str),
    "install_requested": (str,),
    "refresh_requested": (),
}
EDITOR_SIGNALS = {
    "about_changed": (object,),
    "readings_chosen": (tuple,),
    "kinds_chosen": (tuple,),
    "take_requested": (),
    "exercise_chosen": (str,),
    "moved": (tuple,),
    "remove_requested": (str,),
    "show_requested": (str,),
    "difficulty_chosen": (str, str),
    "verdict_chosen": (str, str),
    "points_changed": (str, tuple),
    "renew_requested": (),
    "check_requested": (),
    "publish_requested": (),
    "discard_requested": (),
}
PLACES = {("L3_MB", Side.RIGHT): (50, 60), ("L4_MB", Side.RIGHT): (90, 60)}


def refer(store, stacks, reader=AUTHOR, places=PLACES, *, needle=False, submit=True):
    """Mark targets, and what else is wanted, on the first view, and submit; return session and recorder."""
    record = study_record(stacks[0].study_uid, stacks)
    session, recorder = open_session(store, record, reader=reader, purpose=Purpose.REFERENCE)
    frame = frame_of(stacks)
    for (nerve, side), place in places.items():
        session.add_target(frame, session.anatomy.site(nerve, side), Point(*place))
    if needle:
        session.add_needle(frame, session.anatomy.site("L4_MB", Side.RIGHT), Point(91, 61), Point(150, 120))
        judgement = ViewJudgement(frame=frame, view="AP_TRUE", adequate=Adequacy.YES)
        session.edit([Change(None, judgement)])
    if submit:
        session.submit("")
    return session, recorder


def frame_of(stacks):
    from fluoro_annotator.marks import FrameRef

    return FrameRef(*stacks[0].frame_ref(0))


OPENED = []


class Bench:
    """List and editor of one attending on a store, their views mocked."""

    def __init__(self, stacks, store, reader=AUTHOR, library=None, drafts=None):
        OPENED.append(self)
        self.room = MockedDesk(stacks, store, reader=reader)
        self.store = store
        library = library or (lambda: load_protocols(folders=()))
        self.work = SetWork(lambda: self.store, lambda: reader, library=library)
        self.list_view = mocked(SetListView, LIST_SIGNALS)
        self.view = mocked(SetEditorView, EDITOR_SIGNALS)
        self.tickers = mocked(Ticker, {"ticked": ()}), mocked(Ticker, {"ticked": ()})
        file = DraftFile(drafts or settings.drafts_folder())
        self.editor = SetEditorController(self.work, self.room.desk, self.view, self.tickers[0], file)
        self.list = SetListController(self.work, self.list_view, self.tickers[1], self.editor)
        self.published = MagicMock()
        self.editor.published.connect(self.published)

    def settle(self):
        """Let everything that was begun come to its end."""
        end = time.monotonic() + 30
        while (self.editor._errands.busy or self.list._errands.busy) and time.monotonic() < end:
            for ticker in self.tickers:
                ticker.ticked.emit()
            time.sleep(0.002)
        assert not self.editor._errands.busy
        assert not self.list._errands.busy

    def do(self, signal, *values):
        signal.emit(*values)
        self.settle()

    def last(self, name, view=None):
        call = getattr(view or self.view, name).call_args
        return call.args[0] if len(call.args) == 1 else call.args

    @property
    def said(self):
        return self.view.set_message.call_args.args[0]

    @property
    def list_said(self):
        return self.list_view.set_message.call_args.args[0]

    @property
    def rows(self):
        return self.last("set_rows", self.list_view)

    @property
    def told(self):
        return list(self.last("set_told", self.list_view))

    @property
    def offer(self):
        return self.view.set_offer.call_args.args[0]

    @property
    def exercises(self):
        return self.last("set_exercises")[0]

    @property
    def findings(self):
        return self.view.set_findings.call_args.args[0]

    @property
    def publishable(self):
        return self.view.set_findings.call_args.kwargs["publishable"]

    def about(self, **changes):
        values = {
            "title": "Lumbar",
            "set_id": "lumbar",
            "description": "",
            "protocol": "lumbar_mbb",
            "mixed": False,
            "new": True,
        }
        self.do(self.view.about_changed, AboutForm(**(values | changes)))

    def begin(self, set_id=""):
        self.editor.begin(set_id)
        self.settle()

    def tick_all(self):
        rows = self.last("set_readings")[0]
        self.do(self.view.readings_chosen, tuple(one.reading_id for row in rows for one in row.readings))

    def make(self, **about):
        """Put everything that is offered into a new set."""
        self.begin()
        self.about(**about)
        self.tick_all()
        self.do(self.view.take_requested)

    def publish(self):
        self.do(self.view.check_requested)
        self.do(self.view.publish_requested)

    def look(self, set_id="lumbar"):
        self.do(self.list_view.open_requested)
        self.do(self.list_view.chosen, set_id)


@pytest.fixture(autouse=True)
def benches_are_left():
    yield
    while OPENED:
        bench = OPENED.pop()
        bench.editor.close()
        bench.list.close()


@pytest.fixture
def stacks(study_folder):
    return stacks_of(study_folder)


@pytest.fixture
def store():
    with MemoryStore() as opened:
        yield opened


@pytest.fixture
def bench(stacks, store):
    refer(store, stacks, needle=True)
    return Bench(stacks, store)


@pytest.fixture
def published(bench):
    bench.make()
    bench.publish()
    assert bench.published.call_args.args[0].version == 1
    return bench


class TestReferences:
    def test_submitted_references_are_offered_by_study(self, bench, store, stacks):
        refer(store, stacks, OTHER)
        refer(store, stacks, "Reader C", submit=False)
        bench.begin()
        (row,) = bench.last("set_readings")[0]
        assert [reading.cells[0] for reading in row.readings] == [AUTHOR, OTHER]
        assert row.cells[0] == "2026-01-02"

    def test_a_reading_of_a_procedure_is_none(self, stacks, store, right_l3):
        record = study_record(stacks[0].study_uid, stacks)
        session, _ = open_session(store, record, reader=AUTHOR)
        session.add_target(frame_of(stacks), right_l3, Point(50, 60))
        session.submit("")
        bench = Bench(stacks, store)
        bench.begin()
        assert bench.last("set_readings")[0] == ()

    def test_nothing_is_offered_before_protocol_and_references_are_chosen(self, bench):
        bench.begin()
        bench.tick_all()
        assert bench.offer == texts.SET_OFFER_ASK
        bench.about()
        assert bench.offer == texts.SET_OFFER.format(count=10)
        bench.do(bench.view.readings_chosen, ())
        assert bench.offer == texts.SET_OFFER_ASK

    def test_only_kinds_that_are_wanted(self, bench):
        bench.begin()
        bench.about()
        bench.tick_all()
        bench.do(bench.view.kinds_chosen, ("judge_needle", "judge_view"))
        assert bench.offer == texts.SET_OFFER.format(count=2)
        bench.do(bench.view.take_requested)
        kinds = {one.question.kind for one in bench.editor._edited.exercises}
        assert kinds == {ExerciseKind.JUDGE_NEEDLE, ExerciseKind.JUDGE_VIEW}

    def test_nothing_is_taken_twice(self, bench):
        bench.make()
        assert len(bench.exercises) == 10
        assert bench.offer == texts.SET_OFFER_NONE
        bench.do(bench.view.take_requested)
        assert len(bench.exercises) == 10

    def test_a_study_that_is_not_open_is_said(self, bench):
        bench.begin()
        bench.about()
        bench.room.open([])
        bench.tick_all()
        assert bench.offer.endswith(texts.SET_UNOPENED_ONE)

    def test_several_experts_are_taken_together(self, bench, store, stacks):
        refer(store, stacks, OTHER)
        bench.make()
        readers = {len(one.key.references) for one in bench.editor._edited.exercises}
        assert readers == {2}

    def test_an_expert_who_is_not_ticked_does_not_count(self, bench, store, stacks):
        refer(store, stacks, OTHER)
        bench.begin()
        bench.about()
        (row,) = bench.last("set_readings")[0]
        bench.do(bench.view.readings_chosen, (row.readings[0].reading_id,))
        bench.do(bench.view.take_requested)
        assert {len(one.key.references) for one in bench.editor._edited.exercises} == {1}


class TestExercises:
    def test_order(self, bench):
        bench.make()
        keys = [row.exercise_id for row in bench.exercises]
        bench.do(bench.view.moved, tuple(reversed(keys)))
        assert [row.exercise_id for row in bench.exercises] == keys[::-1]
        bench.publish()
        questions = bench.published.call_args.args[0].questions
        assert [question.exercise_id for question in questions] == keys[::-1]

    def test_an_order_that_lacks_an_exercise_is_not_taken(self, bench):
        bench.make()
        keys = [row.exercise_id for row in bench.exercises]
        bench.do(bench.view.moved, tuple(keys[1:]))
        assert [row.exercise_id for row in bench.exercises] == keys

    def test_leaving_one_out_chooses_the_next(self, bench):
        bench.make()
        keys = [row.exercise_id for row in bench.exercises]
        bench.do(bench.view.remove_requested, keys[-1])
        assert bench.last("set_exercises")[1] == keys[-2]
        bench.do(bench.view.remove_requested, keys[0])
        assert bench.last("set_exercises")[1] == keys[1]
        assert bench.offer == texts.SET_OFFER.format(count=2)

    def test_difficulty_and_learning_points(self, bench):
        bench.make()
        first = bench.exercises[0].exercise_id
        bench.do(bench.view.difficulty_chosen, first, "hard")
        bench.do(bench.view.points_changed, first, (("Look for the eye", "SIS 2020"), ("And twice", "")))
        bench.do(bench.view.exercise_chosen, first)
        form = bench.last("set_exercise")
        assert (form.difficulty, form.points[0]) == ("hard", ("Look for the eye", "SIS 2020"))
        assert bench.exercises[0].cells[3:] == (texts.SET_DIFFICULTIES["hard"], "2")
        bench.publish()
        taught = bench.published.call_args.args[0]
        assert taught.question(first).difficulty is Difficulty.HARD
        key = keys_of(bench.store.practice, taught, reader=AUTHOR)[first]
        assert [point.source for point in key.learning_points] == ["SIS 2020", ""]

    def test_what_is_said_of_a_needle(self, bench):
        bench.make()
        needle = next(
            one for one in bench.editor._edited.exercises if one.question.kind is ExerciseKind.JUDGE_NEEDLE
        )
        bench.do(bench.view.exercise_chosen, needle.exercise_id)
        offered = [choice.key for choice in bench.last("set_exercise").verdicts]
        assert offered[:3] == ["", "good", "bad"]
        bench.do(bench.view.verdict_chosen, needle.exercise_id, offered[3])
        verdict = bench.editor._edited.draft.exercise(needle.exercise_id).key.verdict
        assert (verdict.acceptable, verdict.faults) == (False, (offered[3],))

    @pytest.mark.parametrize("key", ["", "good", "bad", "too_high"])
    def test_a_choice_and_its_verdict_are_inverse(self, key):
        assert key_of_verdict(verdict_of(key)) == key

    def test_the_image_is_shown_with_the_mark(self, bench):
        bench.make()
        bench.room.show(bench.room.binding.stacks[1])
        bench.room.desk.change_purpose(Purpose.REFERENCE)
        bench.do(bench.view.show_requested, bench.exercises[0].exercise_id)
        assert bench.room.binding.current is bench.room.binding.stacks[0]
        assert bench.room.session.selected in {mark.mark_id for mark in bench.room.session.marks}

    def test_an_image_that_is_not_open_is_said(self, bench):
        bench.make()
        bench.room.open([])
        bench.do(bench.view.show_requested, bench.exercises[0].exercise_id)
        assert bench.said == texts.SET_NOT_OPEN

    @pytest.mark.parametrize("name", ["remove_requested", "show_requested"])
    def test_without_a_choice_one_is_asked_for(self, bench, name):
        bench.begin()
        bench.do(getattr(bench.view, name), "")
        assert bench.said == texts.SET_NEED_EXERCISE


class TestChecking:
    def test_what_holds_of_several_exercises_is_said_once(self, bench):
        bench.make()
        bench.do(bench.view.check_requested)
        assert bench.publishable
        about_view = [row for row in bench.findings if "which view it shows" in row.text]
        assert len(about_view) == 1
        assert about_view[0].text.startswith("Each of the exercises 1, 2, 4, 5, 7 and 8 is on an image")
        assert about_view[0].exercise_id == bench.exercises[0].exercise_id

    def test_experts_who_disagree_about_the_level_keep_it_from_being_published(self, bench, store, stacks):
        crossed = {("L3_MB", Side.RIGHT): (90, 60), ("L4_MB", Side.RIGHT): (50, 60)}
        refer(store, stacks, OTHER, crossed)
        bench.make()
        bench.do(bench.view.check_requested)
        errors = [row.text for row in bench.findings if row.error]
        assert errors
        assert all(text.startswith("Error: ") for text in errors)
        assert any(OTHER in text for text in errors)
        assert not bench.publishable

    def test_without_a_title_or_an_exercise(self, bench):
        bench.begin()
        bench.about(title=" ")
        bench.do(bench.view.check_requested)
        assert [row.text for row in bench.findings if row.error] == [
            "Error: The set has no title. Type one that tells no answer.",
            "Error: The set has no exercise. Add some from a reference reading.",
        ]
        assert bench.view.set_findings.call_args.args[1] == texts.SET_ERRORS.format(count=2)

    def test_without_a_protocol_it_is_asked_for(self, bench):
        bench.begin()
        bench.do(bench.view.check_requested)
        assert bench.view.set_findings.call_args.args[1] == texts.SET_NEED_PROTOCOL

    def test_a_reference_that_is_reopened_meanwhile_stands_against_it(self, bench, store, stacks):
        bench.make()
        session, _ = refer(store, stacks, places={}, submit=False)
        session.reopen()
        bench.do(bench.view.check_requested)
        assert not bench.publishable
        assert "not submitted" in bench.findings[0].text

    def test_references_are_taken_anew(self, bench, store, stacks):
        bench.make()
        session, _ = refer(store, stacks, places={}, submit=False)
        session.reopen()
        session.add_target(frame_of(stacks), session.anatomy.site("L2_MB", Side.RIGHT), Point(20, 60))
        session.submit("")
        bench.do(bench.view.check_requested)
        assert not bench.publishable
        bench.do(bench.view.renew_requested)
        assert bench.publishable
        assert bench.said.startswith("The references were taken as they are in the store now.")


class TestPublishing:
    def test_an_identifier_is_made_from_the_title(self, bench):
        bench.make(set_id="", title="Lumbar, first steps")
        bench.publish()
        assert bench.published.call_args.args[0].set_id.startswith("lumbar-first-steps-")

    def test_an_identifier_that_cannot_be_used_is_said_and_nothing_is_lost(self, bench):
        bench.make(set_id="Lumbar Steps!")
        bench.publish()
        assert "identifier that cannot be used" in bench.said
        assert len(bench.exercises) == 10
        bench.published.assert_not_called()

    def test_two_who_publish_the_same_version(self, published, stacks, store):
        other = Bench(stacks, store)
        for one in (published, other):
            one.begin("lumbar")
            one.about(new=False, title="Changed")
        published.publish()
        other.publish()
        assert "has a version 2" in other.said
        assert len(other.exercises) == 10
        assert [one.version for one in load_sets(store.practice).sets] == [1, 2]

    def test_a_store_that_is_away_loses_nothing(self, bench, monkeypatch):
        bench.make()
        bench.do(bench.view.check_requested)
        away = StoreUnavailableError("store", "cannot be reached", "Try again.")
        monkeypatch.setattr(type(bench.store.practice), "publish", MagicMock(side_effect=away))
        bench.do(bench.view.publish_requested)
        assert bench.said == "store: cannot be reached. Try again."
        assert len(bench.exercises) == 10
        monkeypatch.undo()
        bench.do(bench.view.publish_requested)
        bench.published.assert_called_once()

    def test_what_is_not_published_is_not_put_away_for_another_set(self, published):
        published.make(title="Second", set_id="second")
        published.begin("lumbar")
        assert published.said == texts.SETS_DRAFT_WAITS
        assert len(published.exercises) == 10
        published.do(published.view.discard_requested)
        assert published.exercises == ()
        published.begin("lumbar")
        assert published.last("set_about").title == "Lumbar"

    def test_the_next_version_goes_on_from_the_last_one(self, published):
        published.begin("lumbar")
        form = published.last("set_about")
        assert (form.title, form.set_id, form.new) == ("Lumbar", "lumbar", False)
        assert published.said == ""
        assert published.last("set_heading") == texts.SET_EDITOR_NEXT.format(title="Lumbar", version=2)

    def test_a_protocol_that_was_edited_is_said(self, bench, stacks, store):
        bench.make()
        bench.publish()
        edited = Bench(stacks, store, library=edited_library)
        edited.begin("lumbar")
        assert "is not installed as it was" in edited.said
        edited.look()
        assert any(
            "is not installed as it was when the teaching set was published" in line for line in edited.told
        )


def edited_library():
    """Return the protocols, one of them edited."""
    from dataclasses import replace

    library = load_protocols(folders=())
    changed = tuple(
        replace(one, protocol=replace(one.protocol, title="Edited"))
        if one.protocol.id == "lumbar_mbb"
        else one
        for one in library.installed
    )
    return ProtocolLibrary(changed, library.refused)


class TestList:
    def test_an_empty_store(self, stacks, store):
        bench = Bench(stacks, store)
        bench.do(bench.list_view.open_requested)
        assert bench.rows == []
        assert bench.list_said == texts.SETS_NONE

    def test_a_set(self, published):
        published.look()
        (row,) = published.rows
        assert row.cells == ("Lumbar", "1", AUTHOR, "10", "0", "0", "")
        assert published.told[0] == texts.SETS_FINE

    def test_somebody_else_is_not_told_that_references_are_as_they_were(self, published, stacks, store):
        other = Bench(stacks, store, reader=OTHER)
        other.look()
        assert other.told[0] == texts.SETS_FINE_BUT.format(author=AUTHOR)

    def test_a_reference_that_was_reopened(self, published, stacks, store):
        session, _ = refer(store, stacks, places={}, submit=False)
        session.reopen()
        published.look()
        assert published.rows[0].careful
        assert "was reopened and is not submitted" in published.told[0]

    def test_withdrawing_and_coming_back(self, published, store):
        published.look()
        published.do(published.list_view.withdraw_requested, "lumbar")
        assert "Lumbar" in published.last("set_question", published.list_view)
        published.do(published.list_view.withdraw_confirmed, "lumbar")
        assert published.list_said == texts.SETS_WITHDREW.format(title="Lumbar")
        assert (published.rows[0].withdrawn, published.rows[0].cells[-1]) == (True, texts.SETS_WITHDRAWN)
        assert published.told[0] == texts.SETS_WITHDRAWN_LINE
        published.begin("lumbar")
        published.publish()
        assert [one.version for one in load_sets(store.practice).current] == [3]

    def test_assigning_and_taking_it_back(self, published, store):
        published.look()
        published.do(published.list_view.assign_requested, "lumbar")
        published.do(published.list_view.assigned, "lumbar", f" {TRAINEE} ", date(2030, 1, 2))
        (kept,) = store.practice.assignments(TRAINEE)
        assert (kept.due, kept.assigned_by) == (date(2030, 1, 2), AUTHOR)
        assert published.told[-1] == f"Assigned to {TRAINEE}, due 2030-01-02."
        published.do(published.list_view.assign_requested, "lumbar")
        _, trainees, assigned = published.list_view.set_assigning.call_args.args
        assert (trainees, [choice.key for choice in assigned]) == ((TRAINEE,), [TRAINEE])
        published.do(published.list_view.unassigned, "lumbar", TRAINEE)
        assert store.practice.assignments(TRAINEE) == ()

    def test_a_name_is_needed(self, published):
        published.look()
        published.do(published.list_view.assigned, "lumbar", "  ", None)
        assert published.list_said == texts.SETS_NEED_TRAINEE
        published.do(published.list_view.unassigned, "lumbar", "")
        assert published.list_said == texts.SETS_NEED_ASSIGNED

    @pytest.mark.parametrize("name", ["edit_requested", "withdraw_requested", "assign_requested"])
    def test_without_a_choice_one_is_asked_for(self, published, name):
        published.do(published.list_view.open_requested)
        published.do(getattr(published.list_view, name), "")
        assert published.list_said == texts.SETS_NEED_ONE

    def test_a_set_goes_to_another_store_which_lacks_its_study(self, published, tmp_path):
        path = str(tmp_path / "lumbar.json")
        published.look()
        published.do(published.list_view.export_requested, "lumbar", path)
        assert path in published.list_said
        with MemoryStore() as elsewhere:
            other = Bench([], elsewhere, reader=OTHER)
            other.do(other.list_view.install_requested, path)
            assert other.list_said == texts.SETS_INSTALLED.format(title="Lumbar", version=1)
            other.do(other.list_view.chosen, "lumbar")
            assert (other.rows[0].careful, other.rows[0].cells[-1]) == (True, texts.SETS_LOOK_ONE)
            assert "were not found" in other.told[0]
            assert any("is not in this store" in line for line in other.told)

    def test_sets_that_come_with_the_samples_lack_nothing(self, stacks, store):
        bench = Bench(stacks, store)
        path = next(iter(sorted(settings.sample_folder().rglob("*.set.json"))))
        bench.do(bench.list_view.install_requested, str(path))
        bench.do(bench.list_view.chosen, bench.rows[0].set_id)
        assert (bench.rows[0].careful, bench.rows[0].cells[-1]) == (False, "")
        assert sum("is not in this store" in line for line in bench.told) == 1

    def test_a_file_that_was_edited_is_refused(self, published, tmp_path):
        path = tmp_path / "lumbar.json"
        published.look()
        published.do(published.list_view.export_requested, "lumbar", str(path))
        path.write_text(path.read_text(encoding="utf-8").replace("medium", "easy"), encoding="utf-8")
        published.do(published.list_view.install_requested, str(path))
        assert "is not as it was written" in published.list_said
        assert published.list_view.set_busy.call_args.args == (False,)


class TestDraftsOnTheDisk:
    def test_what_is_not_published_comes_back(self, bench, stacks, store):
        bench.make(description="First line\nsecond line")
        first = bench.exercises[0].exercise_id
        bench.do(bench.view.points_changed, first, (("Look for the eye", "SIS"),))
        before = bench.editor._edited.draft
        bench.editor.close()
        again = Bench(stacks, store)
        again.begin("some other set")
        assert again.said == texts.SET_LEFT_BEHIND
        assert again.editor._edited.draft == before
        assert again.last("set_about").description == "First line second line"
        again.publish()
        assert again.published.call_args.args[0].set_id == "lumbar"
        assert list(settings.drafts_folder().iterdir()) == []

    def test_a_draft_that_somebody_is_at_work_on_is_left_alone(self, bench, stacks, store):
        bench.make()
        other = Bench(stacks, store)
        other.begin()
        assert (other.said, other.exercises) == ("", ())
        other.make(set_id="other")
        assert len(list(settings.drafts_folder().glob("*.draft.json"))) == 2

    @pytest.mark.skipif(sys.platform == "win32", reason="Windows has other rights")
    def test_others_cannot_look_into_the_folder(self, bench):
        bench.make()
        assert settings.drafts_folder().stat().st_mode & 0o077 == 0

    def test_a_discarded_draft_is_gone(self, bench):
        bench.make()
        bench.do(bench.view.discard_requested)
        assert list(settings.drafts_folder().iterdir()) == []

    def test_the_next_version_comes_back_as_one(self, published, stacks, store):
        published.begin("lumbar")
        published.do(published.view.remove_requested, published.exercises[0].exercise_id)
        published.editor.close()
        again = Bench(stacks, store)
        again.begin()
        assert again.last("set_about").new is False
        again.publish()
        assert again.published.call_args.args[0].version == 2

    def test_a_damaged_draft_is_said_and_stays(self, bench, stacks, store):
        bench.make()
        bench.editor.close()
        (path,) = settings.drafts_folder().glob("*.draft.json")
        path.write_text(path.read_text(encoding="utf-8")[:500], encoding="utf-8")
        again = Bench(stacks, store)
        again.begin()
        assert "draft" in again.said
        assert again.exercises == ()
        again.make()
        assert path.exists()

    def test_a_folder_that_cannot_be_written_is_said(self, stacks, store, tmp_path):
        refer(store, stacks)
        (tmp_path / "taken").write_text("in the way")
        bench = Bench(stacks, store, drafts=tmp_path / "taken")
        bench.make()
        assert "cannot be kept on the disk" in bench.said
        assert len(bench.exercises) == 6
        bench.publish()
        bench.published.assert_called_once()

    def test_nothing_is_kept_of_an_editor_that_was_only_looked_at(self, bench):
        bench.begin()
        bench.editor.close()
        assert not settings.drafts_folder().exists()


class TestErrands:
    def test_one_at_a_time(self):
        ticker = mocked(Ticker, {"ticked": ()})
        errands = Errands(ticker)
        errands.send(lambda: 1, MagicMock(), MagicMock())
        with pytest.raises(RuntimeError, match="another errand"):
            errands.send(lambda: 2, MagicMock(), MagicMock())
        errands.close()

    def test_closing_waits_and_takes_nothing(self):
        done, take = [], MagicMock()
        ticker = mocked(Ticker, {"ticked": ()})
        errands = Errands(ticker)

        def work():
            time.sleep(0.1)
            done.append(1)

        errands.send(work, take, MagicMock())
        errands.close()
        ticker.ticked.emit()
        assert done == [1]
        take.assert_not_called()
