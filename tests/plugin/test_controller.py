"""What the dock does, without a window: the view and the layer binding are mocked."""

import pytest
from mocked_desk import MockedDesk, mocked, stacks_of

from fluoro_annotator.anatomy import Side
from fluoro_annotator.errors import StoreUnavailableError, StoreVersionError
from fluoro_annotator.geometry import Point
from fluoro_annotator.marks import FrameRef, MarkKind
from fluoro_annotator.store import MemoryStore
from napari_fluoro_annotator import texts
from napari_fluoro_annotator.controllers.annotate import AnnotateController
from napari_fluoro_annotator.controllers.placing import NotReady, Placing, Tool
from napari_fluoro_annotator.controllers.protocols import AnnotateViewProtocol, BindingProtocol
from napari_fluoro_annotator.drawing import Handle
from napari_fluoro_annotator.layer_binding import LayerBinding
from napari_fluoro_annotator.views.annotate import AnnotateView
from napari_fluoro_annotator.views.marks_table import MarksModel

FRAME = FrameRef("2.25.700.1.1", 1)
VIEW_SIGNALS = {
    **dict.fromkeys(("nerve_chosen", "side_chosen", "vertebra_chosen", "tool_chosen", "mark_chosen"), (str,)),
    **dict.fromkeys(("reader_entered",), (str,)),
    "view_chosen": (int,),
    **dict.fromkeys(("relabel_requested", "delete_requested", "undo_requested", "redo_requested"), ()),
    **dict.fromkeys(("retry_requested", "retry_due", "hidden"), ()),
}
DISK_FULL = StoreUnavailableError("store", "has no room left: the disk is full", "Free some space.")
NEWER = StoreVersionError("store", "was written by a newer version of the program", "Update it.")


class FaultyStore(MemoryStore):
    """A store that raises ``fault`` while there is one."""

    fault = None

    def _held(self):
        if self.fault is not None:
            raise self.fault
        return super()._held()


class Bench(MockedDesk):
    """A controller between a mocked view and a mocked binding."""

    def __init__(self, stacks, store=None, *, reader="tester", open_reading=None):
        super().__init__(stacks, store or FaultyStore(), reader=reader, open_reading=open_reading)
        self.view = mocked(AnnotateView, VIEW_SIGNALS)
        self.model = MarksModel()
        self.view.set_marks.side_effect = self.model.set_rows
        self.view.put_mark.side_effect = self.model.put
        self.view.remove_mark.side_effect = self.model.remove
        self.controller = AnnotateController(self.desk, self.pointer, self.view)

    def close(self):
        for part in (self.controller, self.pointer, self.desk):
            part.close()

    def choose(self, nerve="L3_MB", side=Side.RIGHT):
        self.view.nerve_chosen.emit(nerve)
        self.view.side_chosen.emit(side)

    def target(self, row=60, column=70):
        self.choose()
        self.controller.arm_target()
        self.pointer.press(Point(row, column), None)
        return self.marks[-1]

    @property
    def marks(self):
        return self.controller.session.marks

    @property
    def stored(self):
        (reading,) = self.store.readings(reader="tester")
        return [revision.draft.kind for revision in self.store.revisions(reading.reading_id)]

    @property
    def hint(self):
        return self.view.set_hint.call_args.args[0]

    @property
    def warned(self):
        return self.view.set_hint.call_args.kwargs.get("warning", False)

    @property
    def tool(self):
        return self.view.set_tool.call_args.args[0]

    @property
    def save_state(self):
        return self.view.set_save_state.call_args.args[0]

    @property
    def saved(self):
        return self.view.set_save_state.call_args.kwargs["saved"]

    @property
    def marking(self):
        return self.view.set_marking_enabled.call_args.args[0]

    @property
    def rows(self):
        return list(self.model.rows)

    @property
    def drawn(self):
        return [drawn.mark for drawn in self.binding.draw.call_args.args[0]]


def handle_of(mark, name="position"):
    return Handle(mark.mark_id, name, getattr(mark, name), "disc", "", selected=False)


@pytest.fixture
def stacks(study_folder):
    return stacks_of(study_folder)


@pytest.fixture
def other_stacks(tmp_path, write_xa):
    write_xa(tmp_path / "other" / "IM1", number=1, study="2.25.999", description="Other AP")
    return stacks_of(tmp_path / "other")


@pytest.fixture
def bench(stacks):
    return Bench(stacks)


# ---------------------------------------------------------------------- what is offered


@pytest.mark.parametrize(
    ("protocol", "real"), [(AnnotateViewProtocol, AnnotateView), (BindingProtocol, LayerBinding)]
)
def test_the_mocks_stand_for_what_the_controller_asks_of_a_view_and_a_binding(protocol, real):
    wanted = {name for name in (*vars(protocol), *protocol.__annotations__) if not name.startswith("_")}
    assert wanted <= set(dir(real))


def test_all_nerves_and_vertebrae_are_offered_and_disputed_ones_say_so(bench, anatomy):
    choices = bench.view.set_nerves.call_args.args[0]
    assert [choice.key for choice in choices] == list(anatomy.nerves)
    notes = {choice.key: choice.note for choice in choices}
    assert (notes["L3_MB"], notes["T5_MB"]) == ("", texts.DISPUTED)
    vertebrae = bench.view.set_vertebrae.call_args.args[0]
    assert [choice.key for choice in vertebrae] == list(anatomy.vertebrae)


def test_study_views_and_frame_are_shown(bench):
    bench.view.set_study.assert_called_with("Lumbar test study, 2026-01-02")
    rows = ["1 AP (1 frame)", "2 Right oblique (1 frame)", "3 Needle advance (8 frames)"]
    bench.view.set_views.assert_called_with(rows, 0)
    bench.view.view_chosen.emit(2)
    bench.view.set_views.assert_called_with(rows, 2)
    bench.view.set_frame.assert_called_with("frame 1 of 8")


def test_a_view_that_is_not_in_the_list_is_not_shown(bench):
    bench.view.view_chosen.emit(3)
    bench.view.view_chosen.emit(-1)
    bench.binding.show.assert_not_called()


def test_without_a_study_there_is_nothing_to_do(stacks):
    bench = Bench([])
    assert bench.hint == texts.NO_STUDY
    assert not bench.marking
    assert bench.save_state == ""
    bench.desk.retry()
    for act in ("undo", "redo", "disarm"):
        getattr(bench.controller, act)()
    assert not bench.pointer.press(Point(1, 1), None)
    bench.controller.arm_target()
    assert (bench.hint, bench.warned, bench.tool) == (texts.NEED_VIEW, True, None)
    bench.open(stacks)
    bench.binding.views_changed.emit()
    assert bench.marking
    assert bench.hint == texts.HINT_IDLE


# ---------------------------------------------------------------------- arming


@pytest.mark.parametrize(
    ("chosen", "tool", "refusal"),
    [
        (("", "", "L4"), "target", texts.NEED_NERVE),
        (("", "left", "L4"), "needle", texts.NEED_NERVE),
        (("L3_MB", "", "L4"), "target", texts.NEED_SIDE),
        (("L3_MB", "", "L4"), "needle", texts.NEED_SIDE),
        (("L3_MB", "left", ""), "level", texts.NEED_VERTEBRA),
    ],
)
def test_what_is_not_chosen_is_asked_for(bench, chosen, tool, refusal):
    view = bench.view
    for signal, key in zip((view.nerve_chosen, view.side_chosen, view.vertebra_chosen), chosen, strict=True):
        signal.emit(key)
    bench.view.tool_chosen.emit(tool)
    assert (bench.hint, bench.warned, bench.tool) == (refusal, True, None)
    bench.pointer.press(Point(10, 10), None)
    assert bench.marks == ()


def test_a_nerve_that_does_not_exist_is_refused_with_the_reason(bench):
    bench.choose(nerve="L9_MB")
    bench.controller.arm_target()
    assert "L9_MB" in bench.hint
    assert (bench.warned, bench.tool) == (True, None)


@pytest.mark.parametrize(
    ("arm", "hint"),
    [
        ("arm_target", texts.HINT_TARGET.format(label="L3 medial branch, at L4, right")),
        ("arm_needle", texts.HINT_TIP.format(label="L3 medial branch, at L4, right")),
        ("arm_level", texts.HINT_LEVEL.format(label="L4")),
    ],
)
def test_the_hint_says_what_the_next_press_does(bench, arm, hint, anatomy):
    bench.choose()
    bench.view.vertebra_chosen.emit("L4")
    getattr(bench.controller, arm)()
    wanted = hint if arm != "arm_level" else texts.HINT_LEVEL.format(label=anatomy.vertebra("L4").name)
    assert (bench.hint, bench.warned) == (wanted, False)
    assert bench.tool == arm.removeprefix("arm_")


def test_the_same_button_puts_the_tool_away(bench):
    bench.choose()
    bench.view.tool_chosen.emit("target")
    bench.view.tool_chosen.emit("target")
    assert (bench.tool, bench.hint) == (None, texts.HINT_IDLE)


def test_a_key_pressed_twice_keeps_the_tool(bench):
    bench.choose()
    bench.controller.arm_target()
    bench.controller.arm_target()
    assert bench.tool == "target"


def test_another_nerve_goes_into_the_hint_and_none_puts_the_tool_away(bench):
    bench.choose()
    bench.controller.arm_target()
    bench.view.nerve_chosen.emit("L4_MB")
    assert "L4 medial branch" in bench.hint
    bench.view.nerve_chosen.emit("")
    assert (bench.tool, bench.hint) == (None, texts.HINT_IDLE)


def test_a_hidden_dock_puts_its_tool_away(bench):
    bench.choose()
    bench.controller.arm_needle()
    bench.pointer.press(Point(10, 10), None)
    bench.view.hidden.emit()
    assert bench.tool is None
    assert not bench.pointer.press(Point(20, 20), None)


# ---------------------------------------------------------------------- placing


def test_a_target_is_placed_stored_selected_and_said(bench):
    mark = bench.target()
    assert mark.kind is MarkKind.TARGET
    assert (mark.frame, mark.position) == (FRAME, (60, 70))
    assert bench.stored == ["add"]
    assert bench.controller.session.selected == mark.mark_id
    assert bench.hint == texts.MARKED.format(label="L3 medial branch, at L4, right")
    assert bench.tool is None
    assert bench.drawn == [mark]
    (row,) = bench.rows
    assert (row.kind, row.label, row.view, row.frame) == ("target", "L3 medial branch, at L4, right", "1", 1)


def test_a_needle_asks_for_the_hub_after_the_tip(bench):
    bench.choose()
    bench.controller.arm_needle()
    assert bench.pointer.press(Point(10, 20), None)
    assert (bench.hint, bench.marks) == (texts.HINT_HUB.format(label="L3 medial branch, at L4, right"), ())
    assert bench.binding.draw.call_args.args[1] == ((10, 20),)
    bench.pointer.press(Point(30, 40), None)
    (needle,) = bench.marks
    assert (needle.tip, needle.hub) == ((10, 20), (30, 40))
    assert bench.binding.draw.call_args.args[1] == ()


@pytest.mark.parametrize("arm", ["arm_target", "arm_needle", "arm_level"])
@pytest.mark.parametrize("place", [Point(-1, 5), Point(200, 5), Point(5, -0.6), Point(5, 240)])
def test_a_press_beside_the_image_is_refused_at_once(bench, arm, place):
    bench.choose()
    bench.view.vertebra_chosen.emit("L4")
    getattr(bench.controller, arm)()
    assert bench.pointer.press(place, None)
    assert "lies outside the image of 200 rows and 240 columns" in bench.hint
    assert bench.warned
    assert bench.tool == arm.removeprefix("arm_")
    bench.pointer.press(Point(5, 5), None)
    if arm == "arm_needle":
        bench.pointer.press(Point(50, 50), None)
    assert len(bench.marks) == 1


def test_a_hub_on_its_tip_is_refused_and_can_be_marked_elsewhere(bench):
    bench.choose()
    bench.controller.arm_needle()
    bench.pointer.press(Point(10, 20), None)
    bench.pointer.press(Point(10, 20), None)
    assert bench.warned
    assert bench.marks == ()
    bench.pointer.press(Point(30, 40), None)
    assert len(bench.marks) == 1


def test_a_tip_waits_on_its_own_frame_only(bench):
    bench.binding.show(bench.binding.stacks[2], 0)
    bench.choose()
    bench.controller.arm_needle()
    bench.pointer.press(Point(10, 20), None)
    bench.binding.show(bench.binding.stacks[2], 1)
    assert "TIP" in bench.hint
    bench.pointer.press(Point(30, 40), None)
    assert (bench.marks, bench.hint) == ((), texts.HINT_HUB.format(label="L3 medial branch, at L4, right"))


def test_a_side_chosen_between_tip_and_hub_is_in_the_hint(bench):
    bench.choose()
    bench.controller.arm_needle()
    bench.pointer.press(Point(10, 20), None)
    bench.controller.choose_side("left")
    assert bench.hint == texts.HINT_HUB.format(label="L3 medial branch, at L4, left")


def test_nothing_is_marked_on_a_frame_that_cannot_be_seen(bench):
    bench.choose()
    bench.controller.arm_target()
    bench.binding.problem = "This frame cannot be shown."
    bench.pointer.press(Point(10, 20), None)
    assert (bench.marks, bench.hint, bench.warned) == ((), "This frame cannot be shown.", True)


# ---------------------------------------------------------------------- selecting and moving


def test_a_press_on_a_mark_selects_it_and_beside_it_selects_nothing(bench):
    mark = bench.target()
    bench.controller.session.select(None)
    assert bench.pointer.press(Point(61, 71), handle_of(mark))
    bench.view.set_selected.assert_called_with(mark.mark_id)
    assert not bench.pointer.press(Point(5, 5), None)
    bench.view.set_selected.assert_called_with(None)


def test_a_handle_of_a_mark_that_is_gone_is_not_taken(bench):
    mark = bench.target()
    bench.controller.delete_selected()
    assert not bench.pointer.press(Point(60, 70), handle_of(mark))


def test_a_drag_keeps_the_grip_shows_the_way_and_is_one_change(bench):
    mark = bench.target()
    bench.pointer.press(Point(62, 71), handle_of(mark))
    bench.pointer.drag(Point(70, 80))
    bench.pointer.drag(Point(92, 101))
    assert bench.drawn[0].position == (90, 100)
    assert bench.marks == (mark,)
    bench.pointer.release(Point(92, 101))
    assert bench.marks[0].position == (90, 100)
    assert bench.stored == ["add", "move"]
    assert bench.hint.startswith("Moved: L3 medial branch")


def test_a_drag_stops_at_the_edge(bench):
    mark = bench.target()
    bench.pointer.press(mark.position, handle_of(mark))
    bench.pointer.drag(Point(-500, 5000))
    bench.pointer.release(Point(-500, 5000))
    assert bench.marks[0].position == (0, 239)


def test_tip_and_hub_are_not_dragged_together(bench, right_l3):
    needle = bench.controller.session.add_needle(FRAME, right_l3, Point(10, 20), Point(30, 40))
    bench.pointer.press(needle.hub, handle_of(needle, "hub"))
    bench.pointer.drag(Point(20, 30))
    bench.pointer.drag(needle.tip)
    bench.pointer.release(needle.tip)
    assert bench.marks == (needle,)
    assert bench.stored == ["add"]


@pytest.mark.parametrize("act", ["delete_selected", "undo"])
def test_a_mark_that_goes_away_is_dragged_no_further(bench, act):
    mark = bench.target()
    bench.pointer.press(mark.position, handle_of(mark))
    bench.pointer.drag(Point(90, 100))
    getattr(bench.controller, act)()
    bench.pointer.drag(Point(95, 105))
    bench.pointer.release(Point(95, 105))
    assert bench.marks == ()
    assert not bench.warned
    assert bench.drawn == []


def test_another_frame_ends_a_drag(bench):
    mark = bench.target()
    bench.pointer.press(mark.position, handle_of(mark))
    bench.pointer.drag(Point(90, 100))
    bench.binding.show(bench.binding.stacks[1])
    bench.pointer.release(Point(95, 105))
    assert bench.marks == (mark,)


def test_a_release_without_a_drag_changes_nothing(bench):
    mark = bench.target()
    bench.pointer.press(mark.position, handle_of(mark))
    bench.pointer.release(mark.position)
    bench.pointer.release(mark.position)
    assert bench.stored == ["add"]


def test_choosing_a_row_goes_to_its_frame(bench, right_l3):
    cine = bench.binding.stacks[2]
    mark = bench.controller.session.add_target(FrameRef(*cine.frame_ref(6)), right_l3, Point(1, 2))
    bench.view.mark_chosen.emit(mark.mark_id)
    bench.binding.show.assert_called_with(cine, 6)
    bench.view.set_selected.assert_called_with(mark.mark_id)
    bench.binding.show.reset_mock()
    bench.view.mark_chosen.emit("no such mark")
    bench.binding.show.assert_not_called()


def test_a_mark_on_an_image_that_is_not_open_says_so(bench):
    mark = bench.target()
    bench.open(bench.binding.stacks[1:])
    bench.binding.views_changed.emit()
    assert [row.view for row in bench.rows] == [texts.NOT_OPEN]
    bench.view.mark_chosen.emit(mark.mark_id)
    assert (bench.hint, bench.warned) == (texts.NOT_LOADED, True)


# ---------------------------------------------------------------------- editing


@pytest.mark.parametrize("act", ["relabel_requested", "delete_requested"])
def test_without_a_selection_there_is_nothing_to_edit(bench, act):
    bench.target()
    bench.controller.session.select(None)
    getattr(bench.view, act).emit()
    assert (bench.hint, bench.warned) == (texts.NEED_SELECTION, True)
    assert bench.stored == ["add"]


def test_relabel(bench):
    mark = bench.target()
    bench.choose("L4_MB", Side.LEFT)
    bench.view.relabel_requested.emit()
    assert bench.controller.session.label(bench.marks[0]) == "L4 medial branch, at L5, left"
    assert bench.marks[0].mark_id == mark.mark_id
    assert bench.hint.startswith("Relabelled: ")
    assert "L4 medial branch, at L5, left" in bench.hint


@pytest.mark.parametrize(
    ("nerve", "refusal"), [("", texts.NEED_NERVE), ("L9_MB", "L9_MB")], ids=["none", "unknown"]
)
def test_relabel_refuses_what_is_no_name(bench, nerve, refusal):
    mark = bench.target()
    bench.view.nerve_chosen.emit(nerve)
    bench.view.relabel_requested.emit()
    assert refusal in bench.hint
    assert bench.warned
    assert bench.marks == (mark,)


def test_relabel_a_level_with_the_vertebra(bench):
    bench.view.vertebra_chosen.emit("L4")
    bench.controller.arm_level()
    bench.pointer.press(Point(10, 10), None)
    bench.view.vertebra_chosen.emit("")
    bench.view.relabel_requested.emit()
    assert (bench.hint, bench.warned) == (texts.NEED_VERTEBRA, True)
    bench.view.vertebra_chosen.emit("L5")
    bench.view.relabel_requested.emit()
    assert bench.marks[0].vertebra == "L5"


def test_delete_undo_and_redo_say_what_they_did(bench):
    mark = bench.target()
    bench.view.delete_requested.emit()
    label = "L3 medial branch, at L4, right"
    assert bench.hint == texts.DELETED.format(label=label)
    bench.view.set_undo.assert_called_with(f"delete {label}")
    bench.view.undo_requested.emit()
    assert (bench.marks, bench.hint) == ((mark,), texts.UNDONE.format(what=f"delete {label}"))
    bench.view.set_redo.assert_called_with(f"delete {label}")
    bench.view.redo_requested.emit()
    assert (bench.marks, bench.hint) == ((), texts.REDONE.format(what=f"delete {label}"))


def test_undo_shows_the_frame_of_the_change(bench, right_l3):
    cine = bench.binding.stacks[2]
    bench.controller.session.add_target(FrameRef(*cine.frame_ref(5)), right_l3, Point(1, 2))
    bench.view.undo_requested.emit()
    bench.binding.show.assert_called_with(cine, 5)


def test_with_nothing_to_undo_or_redo_nothing_happens(bench):
    bench.view.set_hint.reset_mock()
    bench.view.undo_requested.emit()
    bench.view.redo_requested.emit()
    bench.view.set_hint.assert_not_called()


# ---------------------------------------------------------------------- readers and studies


def test_every_reader_has_marks_of_their_own(bench):
    mark = bench.target()
    bench.view.reader_entered.emit("  second ")
    assert bench.marks == ()
    bench.view.set_reader.assert_called_with("second")
    assert bench.controller.session.reading.reader == "second"
    bench.view.reader_entered.emit("tester")
    assert bench.marks == (mark,)


@pytest.mark.parametrize("name", ["", "   ", "x" * 1000], ids=["none", "blanks", "endless"])
def test_a_name_that_is_none_is_refused(bench, name):
    bench.view.reader_entered.emit(name)
    assert bench.warned
    bench.view.set_reader.assert_called_with("tester")
    assert bench.controller.session.reading.reader == "tester"


def test_the_same_name_again_changes_nothing(bench):
    bench.choose()
    bench.controller.arm_target()
    bench.view.reader_entered.emit("tester")
    assert bench.pointer.press(Point(10, 10), None)
    assert len(bench.marks) == 1


def test_another_reader_puts_the_tool_away(bench):
    bench.choose()
    bench.controller.arm_needle()
    bench.pointer.press(Point(10, 10), None)
    bench.view.reader_entered.emit("second")
    assert bench.tool is None
    assert not bench.pointer.press(Point(20, 20), None)


def test_two_studies_have_two_readings(bench, stacks, other_stacks):
    mark = bench.target()
    bench.open([*stacks, *other_stacks])
    bench.binding.views_changed.emit()
    bench.binding.show(other_stacks[0])
    assert bench.controller.session.study.uid == "2.25.999"
    assert (bench.marks, bench.rows, bench.drawn) == ((), [], [])
    other = bench.target(20, 30)
    assert other.frame.sop_instance_uid == "2.25.999.1.1"
    counts = [row.endswith(", 1 marked)") for row in bench.view.set_views.call_args.args[0]]
    assert counts == [False, False, False, True]
    bench.binding.show(stacks[0])
    assert bench.marks == (mark,)
    bench.view.undo_requested.emit()
    bench.binding.show(other_stacks[0])
    assert bench.marks == (other,)


def test_changes_in_the_other_study_do_not_reach_this_one(bench, stacks, other_stacks):
    bench.open([*stacks, *other_stacks])
    left_behind = bench.controller.session
    bench.binding.show(other_stacks[0])
    bench.view.set_marks.reset_mock()
    left_behind.merge(())
    left_behind.select(None)
    left_behind.changed.emit(())
    bench.view.set_marks.assert_not_called()


def test_images_opened_later_join_the_reading(bench, stacks, right_l3):
    later = Bench(stacks[:1])
    later.open(stacks)
    later.binding.views_changed.emit()
    later.binding.show(stacks[2])
    late = later.controller.session.add_target(FrameRef(*stacks[2].frame_ref(3)), right_l3, Point(1, 2))
    assert later.marks == (late,)
    assert late.frame.sop_instance_uid in later.store.study("2.25.700")


def test_when_the_study_is_closed_the_dock_is_empty(bench):
    bench.target()
    bench.open([])
    bench.binding.views_changed.emit()
    assert (bench.rows, bench.hint, bench.save_state, bench.marking) == ([], texts.NO_STUDY, "", False)
    bench.view.set_undo.assert_called_with("")


# ---------------------------------------------------------------------- saving


def test_the_save_line_counts_what_is_stored(bench, stacks):
    assert (bench.save_state, bench.saved) == (texts.SAVED_NOTHING, True)
    bench.target()
    assert bench.save_state.startswith("Saved ")
    assert bench.save_state.endswith(", 1 mark")
    bench.target(1, 2)
    assert bench.save_state.endswith(", 2 marks")
    again = Bench(stacks, bench.store)
    assert (again.save_state, again.saved) == ("Saved, 2 marks", True)


def test_what_is_not_stored_is_said_kept_and_stored_later(bench):
    bench.store.fault = DISK_FULL
    bench.target()
    mark = bench.target(1, 2)
    assert bench.save_state.startswith("NOT SAVED: 2 changes. store: has no room left: the disk is full.")
    assert "Free some space." in bench.save_state
    rescue = bench.desk.recorder.state.rescue_file
    assert str(rescue) in bench.save_state
    assert rescue.is_file()
    assert not bench.saved
    assert mark in bench.drawn
    bench.store.fault = None
    bench.view.retry_requested.emit()
    assert bench.save_state.startswith("Saved ")
    assert bench.saved
    assert bench.stored == ["add", "add"]
    assert not rescue.exists()


def test_trying_again_in_vain_changes_nothing(bench):
    bench.store.fault = DISK_FULL
    mark = bench.target()
    for _ in range(3):
        bench.view.retry_requested.emit()
    assert bench.save_state.startswith("NOT SAVED: 1 change.")
    assert bench.marks == (mark,)


def test_a_reading_begun_without_the_store_finds_its_earlier_marks_later(stacks):
    first = Bench(stacks)
    earlier = first.target()
    first.store.fault = DISK_FULL
    bench = Bench(stacks, first.store)
    assert bench.marks == ()
    assert bench.save_state.startswith("The marks stored earlier cannot be shown now.")
    assert (bench.saved, bench.marking) == (False, True)
    bench.view.retry_requested.emit()
    assert bench.save_state.startswith("The marks stored earlier cannot be shown now.")
    bench.store.fault = None
    bench.view.retry_requested.emit()
    assert bench.marks == (earlier,)
    assert [row.mark_id for row in bench.rows] == [earlier.mark_id]
    assert (bench.save_state.startswith("Saved"), bench.saved) == (True, True)


def test_marks_made_without_the_store_join_the_earlier_ones(stacks):
    first = Bench(stacks)
    earlier = first.target()
    first.store.fault = DISK_FULL
    bench = Bench(stacks, first.store)
    made = bench.target(1, 2)
    assert bench.save_state.startswith("NOT SAVED: 1 change.")
    bench.store.fault = None
    bench.view.retry_requested.emit()
    assert set(bench.marks) == {earlier, made}
    assert bench.stored == ["add", "add"]
    assert bench.save_state.endswith(", 2 marks")


def test_a_store_of_another_version_switches_marking_off_and_says_why(stacks):
    store = FaultyStore()
    store.fault = NEWER
    bench = Bench(stacks, store)
    reason = texts.STORE_CLOSED.format(problem=NEWER)
    assert (bench.save_state, bench.saved, bench.marking) == (reason, False, False)
    bench.choose()
    bench.controller.arm_target()
    assert (bench.hint, bench.warned, bench.tool) == (reason, True, None)
    assert not bench.pointer.press(Point(10, 10), None)
    assert bench.rows == []
    bench.view.view_chosen.emit(2)
    assert bench.binding.current is stacks[2]
    assert bench.save_state == reason


def test_marking_goes_on_when_the_store_can_be_used_after_all(stacks):
    store = FaultyStore()
    store.fault = NEWER
    bench = Bench(stacks, store)
    bench.view.retry_requested.emit()
    assert not bench.marking
    store.fault = None
    bench.view.retry_requested.emit()
    assert bench.marking
    assert (bench.save_state, bench.hint) == (texts.SAVED_NOTHING, texts.HINT_IDLE)
    assert bench.target() in bench.marks


def test_a_refusal_is_forgotten_with_its_study(stacks):
    store = FaultyStore()
    store.fault = NEWER
    bench = Bench(stacks, store)
    bench.open([])
    bench.binding.views_changed.emit()
    assert (bench.save_state, bench.saved, bench.hint) == ("", True, texts.NO_STUDY)


def test_changes_of_another_study_that_wait_stay_in_sight_and_are_stored(bench, stacks, other_stacks):
    bench.open([*stacks, *other_stacks])
    bench.target()
    bench.binding.show(other_stacks[0])
    bench.binding.show(stacks[0])
    bench.store.fault = DISK_FULL
    bench.target(1, 2)
    bench.binding.show(other_stacks[0])
    assert bench.save_state.startswith("NOT SAVED: 1 change.")
    assert not bench.saved
    bench.store.fault = None
    bench.view.retry_requested.emit()
    assert (bench.save_state, bench.saved) == (texts.SAVED_NOTHING, True)
    (reading,) = bench.store.readings(study_uid="2.25.700")
    assert len(bench.store.revisions(reading.reading_id)) == 2


def test_waiting_changes_stay_in_sight_when_their_study_is_closed(bench):
    bench.store.fault = DISK_FULL
    bench.target()
    bench.open([])
    bench.binding.views_changed.emit()
    assert bench.save_state.startswith("NOT SAVED: 1 change.")
    bench.store.fault = None
    bench.view.retry_requested.emit()
    assert (bench.save_state, bench.saved) == ("", True)
    assert bench.stored == ["add"]


# ---------------------------------------------------------------------- closing


def test_closing_stores_what_can_be_stored_and_never_speaks_to_the_view(bench):
    bench.store.fault = DISK_FULL
    bench.target()
    rescue = bench.desk.recorder.state.rescue_file
    bench.store.fault = None
    for mock in (bench.view, bench.binding):
        mock.reset_mock()
    bench.close()
    assert bench.view.method_calls == []
    bench.binding.set_mouse_handler.assert_called_with(None)
    assert bench.stored == ["add"]
    assert not rescue.exists()


def test_closing_leaves_what_cannot_be_stored_to_the_next_sitting(bench, stacks):
    bench.store.fault = DISK_FULL
    mark = bench.target()
    bench.close()
    bench.store.fault = None
    again = Bench(stacks, bench.store)
    assert again.marks == (mark,)
    assert again.save_state == "Saved, 1 mark"


def test_after_closing_nobody_is_listened_to(bench):
    session = bench.controller.session
    mark = bench.target()
    bench.close()
    bench.close()
    for mock in (bench.view, bench.binding):
        mock.reset_mock()
    for name, types in VIEW_SIGNALS.items():
        signal = getattr(bench.view, name)
        assert len(signal) == 0
        signal.emit(*(kind() for kind in types))
    bench.binding.views_changed.emit()
    bench.binding.frame_changed.emit()
    session.delete(mark.mark_id)
    assert bench.view.method_calls == bench.binding.method_calls == []


# ---------------------------------------------------------------------- placing on its own


@pytest.fixture
def placing(anatomy):
    return Placing(anatomy, nerve="L3_MB", side=Side.LEFT, vertebra="L4")


def test_without_a_tool_a_press_places_nothing(placing):
    assert placing.press(FRAME, Point(1, 2)) is None
    assert placing.hint() == texts.HINT_IDLE


def test_a_hub_on_another_frame_starts_over(placing):
    placing.prepare(Tool.NEEDLE)
    assert placing.press(FRAME, Point(1, 2)) is None
    assert placing.waiting_on(FRAME) == ((1, 2),)
    other = FrameRef(FRAME.sop_instance_uid, 2)
    assert placing.waiting_on(other) == ()
    with pytest.raises(NotReady, match="another frame"):
        placing.press(other, Point(3, 4))
    assert placing.waiting_on(FRAME) == ()
    assert placing.tool is Tool.NEEDLE


def test_arming_again_forgets_the_tip(placing):
    placing.prepare(Tool.NEEDLE)
    placing.press(FRAME, Point(1, 2))
    placing.prepare(Tool.NEEDLE)
    assert placing.waiting_on(FRAME) == ()


def test_arming_in_vain_puts_the_other_tool_away(placing):
    placing.prepare(Tool.TARGET)
    placing.vertebra = None
    with pytest.raises(NotReady, match="vertebra"):
        placing.prepare(Tool.LEVEL)
    assert placing.tool is None


def test_the_nerve_may_change_between_tip_and_hub(placing, anatomy):
    placing.prepare(Tool.NEEDLE)
    placing.press(FRAME, Point(1, 2))
    placing.nerve = "L4_MB"
    needle = placing.press(FRAME, Point(3, 4))
    assert needle.site == anatomy.site("L4_MB", Side.LEFT)


def test_a_disarmed_placing_asks_for_nothing(anatomy):
    placing = Placing(anatomy)
    placing.clear()
    assert (placing.tool, placing.waiting_on(FRAME), placing.hint()) == (None, (), texts.HINT_IDLE)
    assert placing.finish() is None
