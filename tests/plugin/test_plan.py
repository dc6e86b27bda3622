"""The Plan panel without a window: choosing a plan, going from slot to slot, views of images, changed protocols."""

from dataclasses import replace

import pytest
from mocked_desk import MockedDesk, mocked, stacks_of

from fluoro_annotator.anatomy import Side
from fluoro_annotator.dicom import scan, views
from fluoro_annotator.geometry import Point
from fluoro_annotator.marks import (
    ImageRecord,
    MarkConfidence,
    MarkKind,
    Numbering,
    PlanChoice,
    SlotMissing,
    SlotState,
    StudyRecord,
    ViewAssignment,
)
from fluoro_annotator.protocols import load_protocols, plan
from fluoro_annotator.protocols.reading import DATA
from napari_fluoro_annotator import texts
from napari_fluoro_annotator.controllers.image_views import (
    from_key,
    header_view,
    image_at,
    view_choices,
    view_key,
)
from napari_fluoro_annotator.controllers.plan import PlanController
from napari_fluoro_annotator.controllers.plan_protocols import PlanViewProtocol

SIGNALS = {
    **dict.fromkeys(
        ("protocol_chosen", "request_entered", "slot_chosen", "view_assigned", "mode_chosen"), (str,)
    ),
    **dict.fromkeys(("joints_chosen", "sides_chosen"), (tuple,)),
    **dict.fromkeys(("optional_toggled", "bands_toggled"), (bool,)),
    **dict.fromkeys(("begin_requested", "back_requested", "start_requested", "previous_requested"), ()),
    **dict.fromkeys(("not_visible_requested", "not_applicable_requested", "unsure_requested"), ()),
    **dict.fromkeys(("change_requested", "go_on_requested", "shown"), ()),
}
AP, OBLIQUE, LATERAL, CINE = range(4)
LEVELS = ["L5:level", "L4:level"]
NEXT_AP = ["L4_MB:R:AP_TRUE:target", "L4_MB:R:AP_TRUE:needle"]
RIGHT_OBLIQUE = "IPSI_OBLIQUE:right"


class Guided(MockedDesk):
    """The Plan panel between a mocked page and a mocked binding."""

    def __init__(self, stacks, store=None, reader="tester"):
        super().__init__(stacks, store, reader=reader)
        self.view = mocked(PlanViewProtocol, SIGNALS)
        self.panel = PlanController(self.desk, self.pointer, self.view)

    def begin(self, protocol="lumbar_mbb", words="L4-5, right"):
        self.view.shown.emit()
        self.view.protocol_chosen.emit(protocol)
        self.view.request_entered.emit(words)
        self.view.begin_requested.emit()
        return self

    def press(self, row=50, column=60):
        self.pointer.press(Point(row, column), None)
        self.pointer.release(Point(row, column))

    def turn(self, place, index=0):
        self.show(self.binding.stacks[place], index)

    def show_reading_again(self):
        """Change the reader to and fro: the reading is opened anew."""
        self.desk.change_reader("somebody else")
        self.desk.change_reader("tester")

    def close(self):
        for part in (self.panel, self.pointer, self.desk):
            part.close()

    @property
    def hint(self):
        return self.said[-1][0]

    @property
    def warned(self):
        return self.said[-1][1]

    @property
    def current(self):
        return self.view.set_current.call_args.args[0]

    @property
    def rows(self):
        return {row.slot_id: row for row in self.view.set_slots.call_args.args[0]}

    @property
    def views(self):
        return [row.text for row in self.view.set_views.call_args.args[0]]

    @property
    def progress_format(self):
        return self.view.set_views.call_args.args[1]

    @property
    def progress(self):
        return self.view.set_progress.call_args.args

    @property
    def confirmation(self):
        call = self.view.set_confirmation.call_args
        return call.args[0], call.kwargs["ready"]

    @property
    def choosing(self):
        return self.view.set_setup_open.call_args.args[0]

    @property
    def lines(self):
        return list(self.panel.lines(self.binding.frame))


@pytest.fixture
def stacks(tmp_path, write_xa):
    folder = tmp_path / "guided"
    write_xa(folder / "IM1", number=1, description="AP", ViewPosition="AP")
    write_xa(folder / "IM2", number=2, description="Right oblique")
    write_xa(folder / "IM3", number=3, description="Lateral", ViewPosition="LL")
    write_xa(folder / "IM4", number=4, description="Needle advance", frames=4)
    return stacks_of(folder)


@pytest.fixture
def guided(stacks):
    return Guided(stacks)


@pytest.fixture
def site_folder(tmp_path, monkeypatch):
    folder = tmp_path / "site protocols"
    folder.mkdir()
    monkeypatch.setenv("FLUORO_ANNOTATOR_PROTOCOLS", str(folder))
    return folder


def site_protocol(folder, version, changes=()):
    text = (
        (DATA / "lumbar_mbb.yaml")
        .read_text(encoding="utf-8")
        .replace('version: "1.1"', f'version: "{version}"')
    )
    for before, after in changes:
        assert before in text
        text = text.replace(before, after)
    path = folder / f"mbb-{version}.yaml"
    path.write_text(text, encoding="utf-8")
    return path


# ---------------------------------------------------------------------- choosing a plan


def test_protocols_are_read_when_somebody_looks_and_disputed_ones_say_so(guided):
    guided.view.set_protocols.assert_not_called()
    guided.view.shown.emit()
    guided.view.shown.emit()
    guided.view.set_protocols.assert_called_once()
    choices, current = guided.view.set_protocols.call_args.args
    titles = {choice.key: choice.text for choice in choices}
    assert titles["lumbar_mbb"] == "Lumbar medial branch block"
    assert titles["thoracic_mbb"].endswith("(disputed)")
    assert current == ""
    assert guided.confirmation == (texts.PLAN_CHOOSE, False)


def test_a_file_that_cannot_be_used_is_listed_with_line_and_reason(guided, site_folder):
    path = site_protocol(site_folder, "1.1", [("region: lumbar", "region: tail")])
    guided.view.shown.emit()
    (problem,) = guided.view.set_refused.call_args.args[0]
    line = path.read_text(encoding="utf-8").split("region: tail")[0].count("\n") + 1
    assert f"{path}, line {line}" in problem
    assert "tail" in problem


def test_words_become_joints_and_sides_and_nerves_to_be_confirmed(guided):
    guided.view.shown.emit()
    guided.view.request_entered.emit("L4/5, L5-S1 bilaterally")
    assert guided.confirmation[0].startswith("Understood: L4-L5 and L5-S1, left and right.")
    guided.view.protocol_chosen.emit("lumbar_mbb")
    joints, chosen = guided.view.set_joints.call_args.args
    assert (joints[0], chosen) == ("L1-L2", ("L4-L5", "L5-S1"))
    guided.view.set_sides.assert_called_with((Side.LEFT, Side.RIGHT))
    text, ready = guided.confirmation
    assert ready
    assert text.splitlines()[0] == "To be marked, left and right:"
    assert "L3 medial branch, at L4 (for L4-L5)" in text


@pytest.mark.parametrize(
    ("words", "missing"),
    [
        ("L4-5", "No side is named"),
        ("right", "No joint is named"),
        ("L4-5 R", "write left or right in full"),
        ("L4 right", "name a joint with both of its vertebrae"),
        ("C3-4 right", "is not for C3-C4"),
    ],
)
def test_what_is_not_understood_is_said_and_nothing_is_guessed(guided, words, missing):
    guided.view.shown.emit()
    guided.view.protocol_chosen.emit("lumbar_mbb")
    guided.view.request_entered.emit(words)
    text, ready = guided.confirmation
    assert missing in text
    assert not ready
    guided.view.begin_requested.emit()
    assert guided.session.records_of(MarkKind.PLAN_CHOICE) == ()


def test_ticked_joints_and_sides_do_as_well(guided):
    guided.view.shown.emit()
    guided.view.protocol_chosen.emit("lumbar_mbb")
    assert guided.confirmation == (texts.PLAN_CHOOSE_JOINT, False)
    guided.view.joints_chosen.emit(("L5-S1",))
    assert guided.confirmation == (texts.PLAN_CHOOSE_SIDE, False)
    guided.view.sides_chosen.emit((Side.LEFT,))
    assert guided.confirmation[1]
    guided.view.begin_requested.emit()
    (choice,) = guided.session.records_of(MarkKind.PLAN_CHOICE)
    assert (choice.joints, choice.sides) == (("L5-S1",), (Side.LEFT,))


def test_disputed_anatomy_carries_its_badge(guided):
    guided.view.shown.emit()
    guided.view.protocol_chosen.emit("thoracic_mbb")
    guided.view.request_entered.emit("T5-6 left")
    text, ready = guided.confirmation
    assert ready
    assert "disputed" in text
    guided.view.begin_requested.emit()
    assert any("disputed" in row.heading for row in guided.rows.values())


def test_a_followed_plan_is_kept_and_listed_by_nerve_side_and_view(guided):
    guided.begin()
    choice = guided.session.find("plan:lumbar_mbb")
    assert choice.content_hash == load_protocols().get("lumbar_mbb").content_hash
    assert not guided.choosing
    assert list(guided.rows)[:2] == LEVELS
    row = guided.rows["L4_MB:R:IPSI_OBLIQUE:target"]
    assert row.heading == "L4 medial branch, at L5, right"
    assert row.text == "\u25cb Target, Ipsilateral oblique, right"
    assert guided.progress == (0, 2 + 2 * 5)
    assert guided.current == "L5:level"
    assert guided.hint.startswith("0 of 12 done. G goes on with: Level L5.")


def test_undo_of_the_choice_leads_back_to_choosing(guided):
    guided.begin()
    guided.session.undo()
    assert guided.choosing
    guided.session.redo()
    assert not guided.choosing
    assert list(guided.rows)[:2] == LEVELS


def test_another_plan_can_be_chosen_and_marks_stay(guided):
    guided.begin()
    guided.panel.next_slot()
    guided.press()
    guided.view.change_requested.emit()
    assert guided.choosing
    assert guided.view.set_joints.call_args.args[1] == ("L4-L5",)
    guided.view.back_requested.emit()
    assert not guided.choosing
    guided.view.change_requested.emit()
    guided.view.request_entered.emit("L5-S1, right")
    guided.view.begin_requested.emit()
    assert len(guided.session.marks) == 1
    assert "L5_DR:R:AP_TRUE:target" in guided.rows
    assert guided.rows["L5:level"].done


def test_without_a_plan_or_a_study_the_keys_say_what_is_missing(stacks):
    guided = Guided(stacks)
    for key in ("next_slot", "previous_slot", "slot_not_visible", "slot_not_applicable", "slot_unsure"):
        getattr(guided.panel, key)()
        assert (guided.hint, guided.warned) == (texts.PLAN_NONE, True)
    empty = Guided([])
    empty.panel.next_slot()
    assert empty.hint == texts.PLAN_NONE
    empty.view.set_enabled.assert_called_with(False)
    empty.panel.follow(
        PlanChoice(protocol_id="a", version="1", content_hash="b", joints=["L4-L5"], sides=["left"])
    )
    assert empty.hint == texts.PLAN_NO_STUDY


# ---------------------------------------------------------------------- from slot to slot


def test_one_key_starts_one_press_places_and_the_next_slot_comes_by_itself(guided):
    guided.begin()
    guided.panel.next_slot()
    assert guided.hint == "0 of 12. Press on the L5. Esc cancels."
    guided.press(40, 50)
    assert guided.current == "L4:level"
    assert guided.hint == "Marked: L5. 1 of 12. Press on the L4. Esc cancels."
    guided.press(30, 50)
    assert [mark.vertebra for mark in guided.session.marks] == ["L5", "L4"]
    assert guided.progress == (2, 12)
    assert guided.rows["L4:level"].text == "\u25cf L4: marked"


def test_a_needle_costs_two_presses_and_the_window_turns_to_a_suitable_view(guided):
    guided.begin()
    guided.turn(OBLIQUE)
    guided.panel.choose_slot(NEXT_AP[0])
    assert guided.binding.current is guided.binding.stacks[AP]
    guided.press(60, 70)
    assert guided.current == NEXT_AP[1]
    guided.press(62, 71)
    assert "HUB" in guided.hint
    guided.press(90, 100)
    target, needle = guided.session.marks
    assert (target.kind, target.site.nerve, target.site.side) == (MarkKind.TARGET, "L4_MB", Side.RIGHT)
    assert (needle.tip, needle.hub) == ((62, 71), (90, 100))
    assert guided.current == "L4_MB:R:LATERAL_TRUE:needle"
    assert guided.binding.current is guided.binding.stacks[LATERAL]


def test_slots_that_are_dealt_with_are_passed_over(guided):
    guided.begin()
    frame = guided.binding.frame
    guided.session.add_level_label(frame, "L4", Point(1, 1))
    guided.session.put(SlotState(slot_id="L4_MB:R:IPSI_OBLIQUE:target", state=SlotMissing.NOT_VISIBLE))
    guided.panel.next_slot()
    assert guided.current == "L5:level"
    guided.press()
    assert guided.current == NEXT_AP[0]


def test_the_key_goes_on_where_a_tool_waits_already_and_begins_again_at_the_end(guided):
    guided.begin()
    guided.panel.next_slot()
    guided.panel.next_slot()
    assert guided.current == "L4:level"
    last = list(guided.rows)[-1]
    guided.panel.choose_slot(last)
    guided.panel.next_slot()
    assert guided.current == "L5:level"
    assert guided.session.marks == ()


def test_at_the_end_it_says_what_is_still_empty_or_that_all_is_done(guided):
    guided.begin()
    last = list(guided.rows)[-1]
    guided.panel.choose_slot(last)
    guided.panel.slot_not_applicable()
    assert guided.hint == "L3 medial branch, at L4, right: not applicable. " + texts.PLAN_NONE_AFTER.format(
        count=11, key="G"
    )
    assert guided.pointer.tool is None
    for _ in range(11):
        guided.panel.next_slot()
        guided.panel.slot_not_visible()
    assert guided.progress == (12, 12)
    missing = "Required views are missing: Localizer; Ipsilateral oblique, right; Live contrast run."
    text = f"All 12 slots are dealt with, but the reading is not complete. {missing}"
    assert guided.hint.endswith(text)
    assert guided.warned
    guided.panel.next_slot()
    assert (guided.hint, guided.warned) == (text, True)
    assert guided.pointer.tool is None


# ---------------------------------------------------------------------- required views


def all_not_visible(guided):
    for _ in guided.rows:
        guided.panel.next_slot()
        guided.panel.slot_not_visible()


def test_views_are_listed_with_their_images(guided):
    assert guided.views == []
    guided.begin()
    assert guided.views == [
        "\u25cb Localizer: missing",
        "\u25cb Ipsilateral oblique, right: missing",
        "\u25cf True AP: 1 AP",
        "\u25cf True lateral: 3 Lateral",
        "\u25cb Live contrast run: missing",
    ]
    assert guided.progress_format == "%v/%m, views 2/5"


def test_the_last_missing_view_is_named_and_then_all_is_done(guided):
    guided.begin()
    all_not_visible(guided)
    for place, key in ((OBLIQUE, RIGHT_OBLIQUE), (CINE, "CONTRAST_LIVE")):
        guided.turn(place)
        guided.view.view_assigned.emit(key)
    guided.panel.next_slot()
    assert guided.hint.endswith("A required view is missing: Localizer.")
    guided.turn(AP)
    guided.view.view_assigned.emit("LOCALIZER")
    guided.panel.next_slot()
    assert guided.hint.endswith("A required view is missing: True AP.")
    guided.view.view_assigned.emit("")
    guided.turn(LATERAL)
    guided.view.view_assigned.emit("LOCALIZER")
    assert "\u25cf Localizer: 3 Lateral" in guided.views


def test_an_oblique_of_the_other_side_is_another_view(guided):
    guided.begin(words="L4-5, both")
    guided.turn(OBLIQUE)
    guided.view.view_assigned.emit("IPSI_OBLIQUE:left")
    assert "\u25cf Ipsilateral oblique, left: 2 Right oblique" in guided.views
    assert "\u25cb Ipsilateral oblique, right: missing" in guided.views


def test_several_images_of_a_view_are_named_and_counted(guided):
    guided.begin()
    for place in (OBLIQUE, LATERAL, CINE):
        guided.turn(place)
        guided.view.view_assigned.emit("AP_TRUE")
    assert "\u25cf True AP: 1 AP; 2 Right oblique and 2 more" in guided.views


def test_an_image_that_is_not_open_counts_and_cannot_be_shown(guided):
    guided.begin()
    image = ImageRecord(sop_instance_uid="2.25.9", series_uid="2.25.8", rows=9, columns=9, frames=1)
    guided.session.study = guided.session.study.merged(StudyRecord(guided.session.study.uid, (image,)))
    guided.session.put(ViewAssignment(sop_instance_uid="2.25.9", view="LOCALIZER"))
    assert "\u25cf Localizer: an image that is not open" in guided.views
    guided.binding.show.reset_mock()
    guided.panel.choose_slot("view LOCALIZER")
    guided.binding.show.assert_not_called()
    assert (guided.hint, guided.warned) == (texts.NOT_LOADED, True)
    guided.panel.choose_slot("view of nobody")
    guided.binding.show.assert_not_called()


# ---------------------------------------------------------------------- doubt about the numbering


def doubt(guided, confidence):
    guided.session.put(Numbering(scheme="unknown", counted_from="sacrum_up", confidence=confidence))


def test_a_doubt_about_the_numbering_stands_wherever_a_slot_is_named(guided):
    guided.begin()
    doubt(guided, "uncertain")
    headings = {row.heading for row in guided.rows.values()}
    assert headings == {
        "Levels\n(numbering uncertain)",
        "L4 medial branch, at L5, right\n(numbering uncertain)",
        "L3 medial branch, at L4, right\n(numbering uncertain)",
    }
    assert guided.view.set_summary.call_args.args[0].endswith("(numbering uncertain)")
    assert "Level L5 (numbering uncertain)" in guided.view.set_current.call_args.args[1]
    guided.panel.next_slot()
    assert "Mind: numbering uncertain." in guided.hint
    guided.panel.slot_not_visible()
    assert "Level L5 (numbering uncertain): not visible." in guided.hint
    guided.panel.change_plan()
    assert "Mind: numbering uncertain." in guided.confirmation[0]
    doubt(guided, "certain")
    assert "numbering" not in guided.confirmation[0]
    assert not any("numbering" in row.heading for row in guided.rows.values())
    assert "numbering" not in guided.view.set_summary.call_args.args[0]
    guided.session.undo()
    assert all("numbering uncertain" in row.heading for row in guided.rows.values())


def test_the_key_back_goes_to_the_slot_before_and_shows_its_mark(guided):
    guided.begin()
    guided.panel.next_slot()
    guided.press(40, 50)
    (mark,) = guided.session.marks
    guided.turn(OBLIQUE)
    guided.panel.previous_slot()
    assert guided.current == "L5:level"
    assert guided.session.selected == mark.mark_id
    assert guided.binding.frame == mark.frame
    assert guided.pointer.tool is None
    guided.panel.previous_slot()
    assert guided.current == "L5:level"


def test_to_stay_waits_for_a_key(guided):
    guided.begin()
    guided.view.mode_chosen.emit("stay")
    guided.panel.next_slot()
    guided.press()
    assert (guided.current, guided.pointer.tool) == ("L5:level", None)
    guided.press(10, 10)
    assert len(guided.session.marks) == 1
    guided.panel.next_slot()
    assert guided.current == "L4:level"


def test_to_loop_marks_the_same_on_the_next_frame_to_the_end(guided):
    guided.begin()
    guided.turn(CINE)
    guided.view.view_assigned.emit("AP_TRUE")
    guided.view.mode_chosen.emit("loop")
    guided.panel.choose_slot(NEXT_AP[0])
    for _ in range(6):
        guided.press()
    assert [mark.frame.frame_number for mark in guided.session.marks] == [1, 2, 3, 4]
    assert guided.current == NEXT_AP[0]
    assert guided.hint.endswith(texts.PLAN_LAST_FRAME)


def test_a_mark_of_another_tool_fills_the_slot_too_but_does_not_go_on(guided, right_l3):
    guided.begin()
    guided.panel.next_slot()
    site = guided.desk.anatomy.site("L4_MB", Side.RIGHT)
    guided.session.add_target(guided.binding.frame, site, Point(5, 5))
    assert guided.rows[NEXT_AP[0]].done
    assert guided.current == "L5:level"
    guided.session.add_target(guided.binding.frame, replace(right_l3, side=Side.LEFT), Point(6, 6))
    assert guided.progress == (1, 12)


def test_selecting_a_mark_turns_to_its_slot(guided):
    guided.begin()
    site = guided.desk.anatomy.site("L4_MB", Side.RIGHT)
    mark = guided.session.add_target(guided.binding.frame, site, Point(5, 5))
    guided.session.select(mark.mark_id)
    assert guided.current == NEXT_AP[0]
    guided.session.select(None)
    assert guided.current == NEXT_AP[0]


def test_deleting_a_mark_empties_its_slot_and_moving_it_lists_nothing_anew(guided):
    guided.begin()
    guided.panel.next_slot()
    guided.press()
    (mark,) = guided.session.marks
    listed = guided.view.set_slots.call_count
    guided.session.move(mark.mark_id, position=Point(9, 9))
    assert guided.view.set_slots.call_count == listed
    guided.session.delete(mark.mark_id)
    assert not guided.rows["L5:level"].done


def test_voluntary_slots_are_listed_on_demand(guided):
    guided.begin()
    landmark = "L4_MB:R:AP_TRUE:landmark:mamillo_accessory_notch"
    assert landmark not in guided.rows
    guided.view.optional_toggled.emit(True)
    assert "voluntary" in guided.rows[landmark].text
    guided.panel.choose_slot(landmark)
    guided.press(33, 44)
    (mark,) = guided.session.marks
    assert (mark.kind, mark.name, mark.vertebra) == (MarkKind.LANDMARK, "mamillo_accessory_notch", "L5")
    guided.view.optional_toggled.emit(False)
    assert guided.rows[landmark].done
    assert guided.progress == (0, 12)


def test_an_event_is_placed_on_the_frame_on_which_it_is_seen(guided):
    guided.begin()
    guided.turn(CINE, 2)
    guided.view.view_assigned.emit("CONTRAST_LIVE")
    guided.panel.choose_slot("L4_MB:R:CONTRAST_LIVE:event:contrast_appears")
    assert "contrast appears" in guided.hint
    guided.press(20, 20)
    (event,) = guided.session.marks
    assert (event.kind, event.event.value, event.frame.frame_number) == (
        MarkKind.EVENT,
        "contrast_appears",
        3,
    )
    assert event.site.nerve == "L4_MB"


def test_a_course_takes_presses_until_it_is_finished(guided):
    guided.begin("lumbar_rfn", "L4-5, right")
    guided.view.optional_toggled.emit(True)
    slot = next(key for key in guided.rows if key.endswith("AP_TRUE:course"))
    guided.panel.choose_slot(slot)
    guided.press(10, 10)
    guided.pointer.finish()
    assert (guided.session.marks, guided.warned) == ((), True)
    guided.press(20, 10)
    guided.press(90, 90)
    guided.pointer.step_back()
    guided.pointer.finish()
    (course,) = guided.session.marks
    assert course.vertices == ((10, 10), (20, 10))
    assert guided.rows[slot].done
    assert guided.current != slot


def test_a_tip_without_a_hub_is_forgotten_on_another_frame(guided):
    guided.begin()
    guided.turn(CINE)
    guided.view.view_assigned.emit("AP_TRUE")
    guided.panel.choose_slot(NEXT_AP[1])
    guided.press()
    assert guided.pointer.tool.waiting_on(guided.binding.frame) == ((50, 60),)
    guided.turn(CINE, 1)
    assert "TIP" in guided.hint
    guided.press(1, 1)
    guided.press(9, 9)
    (needle,) = guided.session.marks
    assert (needle.tip, needle.frame.frame_number) == ((1, 1), 2)


def test_a_press_beside_the_image_and_a_hub_on_the_tip_are_refused(guided):
    guided.begin()
    guided.panel.choose_slot(NEXT_AP[1])
    guided.press(500, 5)
    assert guided.warned
    guided.press(5, 5)
    guided.press(5, 5)
    assert guided.warned
    assert guided.session.marks == ()
    guided.press(50, 50)
    assert len(guided.session.marks) == 1


def test_a_needle_of_the_plan_can_bend_and_a_target_cannot(guided):
    guided.begin()
    guided.panel.choose_slot(NEXT_AP[1])
    guided.press(10, 10)
    guided.pointer.press(Point(30, 30), None, shifted=True)
    guided.press(40, 90)
    (needle,) = guided.session.marks
    assert needle.shaft == ((30, 30),)
    guided.panel.choose_slot(NEXT_AP[0])
    guided.pointer.press(Point(30, 30), None, shifted=True)
    assert (guided.hint, guided.warned) == (texts.BEND_AFTER_TIP, True)
    guided.turn(LATERAL)
    guided.pointer.press(Point(30, 30), None, shifted=True)
    assert guided.hint == texts.PLAN_WRONG_VIEW.format(shown="True lateral", view="True AP")


# ---------------------------------------------------------------------- why nothing is marked


@pytest.mark.parametrize(
    ("key", "state", "text"),
    [
        ("slot_not_visible", SlotMissing.NOT_VISIBLE, "\u2298 L5: not visible"),
        ("slot_not_applicable", SlotMissing.NOT_APPLICABLE, "\u2013 L5: not applicable"),
        ("slot_unsure", SlotMissing.UNSURE, "? L5: unsure"),
    ],
)
def test_one_key_says_why_and_goes_on(guided, key, state, text):
    guided.begin()
    guided.panel.next_slot()
    getattr(guided.panel, key)()
    assert guided.session.find("slot:L5:level").state is state
    assert guided.rows["L5:level"].text == text
    assert guided.current == "L4:level"
    assert guided.pointer.tool is not None
    guided.session.undo()
    assert not guided.rows["L5:level"].done


def test_when_staying_a_word_does_not_go_on(guided):
    guided.begin()
    guided.view.mode_chosen.emit("stay")
    guided.panel.next_slot()
    guided.panel.slot_not_visible()
    assert (guided.current, guided.pointer.tool, guided.hint) == ("L5:level", None, "Level L5: not visible.")


def test_a_mark_goes_before_a_word(guided):
    guided.begin()
    guided.panel.next_slot()
    guided.press()
    guided.panel.choose_slot("L5:level")
    guided.panel.slot_not_visible()
    assert (guided.hint, guided.warned) == (texts.PLAN_IS_MARKED, True)
    guided.panel.slot_unsure()
    assert (guided.hint, guided.warned) == (texts.PLAN_CANNOT_BE_UNSURE, True)
    assert guided.session.find("slot:L5:level") is None


def test_unsure_of_a_target_is_kept_with_the_target(guided):
    guided.begin()
    guided.panel.choose_slot(NEXT_AP[0])
    guided.press()
    guided.panel.choose_slot(NEXT_AP[0])
    guided.panel.slot_unsure()
    (mark,) = guided.session.marks
    assert mark.confidence is MarkConfidence.UNSURE
    assert guided.rows[NEXT_AP[0]].text.startswith("?")
    guided.session.undo()
    assert guided.session.marks[0].confidence is None


# ---------------------------------------------------------------------- which view an image is


def test_a_press_on_a_view_that_nobody_has_named_marks_nothing(guided):
    guided.begin()
    guided.panel.choose_slot("L4_MB:R:IPSI_OBLIQUE:target")
    assert guided.warned
    assert "No image is known to be that view" in guided.hint
    guided.turn(OBLIQUE)
    guided.press()
    assert guided.hint == texts.PLAN_VIEW_UNKNOWN.format(view="Ipsilateral oblique, right")
    assert guided.session.marks == ()
    guided.view.view_assigned.emit(RIGHT_OBLIQUE)
    assert guided.hint.startswith(
        "Noted: this image is Ipsilateral oblique, right. 0 of 12. Press on the target"
    )
    guided.press()
    assert guided.rows["L4_MB:R:IPSI_OBLIQUE:target"].done
    uid = guided.binding.stacks[OBLIQUE].images[0].sop_instance_uid
    assert guided.session.find(f"view:{uid}") == ViewAssignment(
        sop_instance_uid=uid, view="IPSI_OBLIQUE", side=Side.RIGHT
    )


def test_a_press_on_another_view_marks_nothing(guided):
    guided.begin()
    guided.panel.choose_slot(NEXT_AP[0])
    guided.turn(LATERAL)
    guided.press()
    assert guided.hint == texts.PLAN_WRONG_VIEW.format(shown="True lateral", view="True AP")
    assert guided.session.marks == ()


def test_an_oblique_turned_to_the_other_side_does_not_serve(guided):
    guided.begin()
    guided.turn(OBLIQUE)
    guided.view.view_assigned.emit("IPSI_OBLIQUE:left")
    guided.panel.choose_slot("L4_MB:R:IPSI_OBLIQUE:target")
    assert "No image is known" in guided.hint
    guided.press()
    assert guided.session.marks == ()
    site = guided.desk.anatomy.site("L4_MB", Side.RIGHT)
    guided.session.add_target(guided.binding.frame, site, Point(5, 5))
    assert not guided.rows["L4_MB:R:IPSI_OBLIQUE:target"].done


def test_what_the_reader_says_goes_before_the_header_and_can_be_taken_back(guided):
    guided.begin()
    assert guided.view.set_image_views.call_args.args[1] == "AP_TRUE"
    guided.view.view_assigned.emit("CONTRAST_LIVE")
    assert guided.view.set_image_views.call_args.args[1] == "CONTRAST_LIVE"
    guided.view.view_assigned.emit("CONTRAST_LIVE")
    guided.session.undo()
    assert guided.view.set_image_views.call_args.args[1] == "AP_TRUE"
    guided.session.redo()
    guided.view.view_assigned.emit("")
    assert guided.hint == texts.PLAN_UNASSIGNED
    assert guided.session.records_of(MarkKind.VIEW_ASSIGNMENT) == ()


def test_a_view_of_another_protocol_stays_in_the_list(guided):
    guided.begin()
    uid = guided.binding.frame.sop_instance_uid
    guided.session.put(ViewAssignment(sop_instance_uid=uid, view="PILLAR"))
    choices, current = guided.view.set_image_views.call_args.args
    assert (choices[-1].key, current) == ("PILLAR", "PILLAR")


def test_every_image_of_one_view_is_named_at_once(tmp_path, write_xa):
    folder = tmp_path / "several"
    for number, instance in ((1, 1), (2, 2)):
        write_xa(folder / f"IM{number}", number=number, SeriesInstanceUID="2.25.9", InstanceNumber=instance)
    (stack,) = [stack for study in scan([folder]).studies for stack in views(study)]
    guided = Guided([stack]).begin()
    guided.view.view_assigned.emit("AP_TRUE")
    assert len(guided.session.records_of(MarkKind.VIEW_ASSIGNMENT)) == 2
    guided.session.undo()
    assert guided.session.records_of(MarkKind.VIEW_ASSIGNMENT) == ()
    assert image_at(stack, 1).instance_number == 2


@pytest.mark.parametrize(
    ("label", "protocol", "expected"),
    [
        ("AP", "lumbar_mbb", "AP_TRUE"),
        ("PA", "lumbar_mbb", "AP_TRUE"),
        ("LL", "lumbar_mbb", "LATERAL_TRUE"),
        ("AP", "cervical_rfn", None),  # a pillar view is one from the front, too
        ("RLO", "lumbar_mbb", None),
        ("", "lumbar_mbb", None),
    ],
)
def test_a_header_is_believed_where_it_leaves_no_doubt(tmp_path, write_xa, label, protocol, expected):
    write_xa(tmp_path / "one" / "IM1", number=1, ViewPosition=label)
    (image,) = scan([tmp_path / "one"]).studies[0].images
    found = header_view(image, load_protocols().get(protocol))
    assert (found and found.view) == expected


def test_a_header_that_its_angles_contradict_is_not_believed(tmp_path, write_xa):
    write_xa(tmp_path / "one" / "IM1", number=1, ViewPosition="AP", PositionerPrimaryAngle=90)
    (image,) = scan([tmp_path / "one"]).studies[0].images
    assert header_view(image, load_protocols().get("lumbar_mbb")) is None


def test_angles_only_point_out_what_may_fit_and_name_no_side(tmp_path, write_xa):
    angles = {"PositionerPrimaryAngle": -155, "PositionerSecondaryAngle": 4}
    write_xa(tmp_path / "one" / "IM1", number=1, **angles)
    (image,) = scan([tmp_path / "one"]).studies[0].images
    fitting = [
        choice.key
        for choice in view_choices(image, load_protocols().get("lumbar_mbb"))
        if "fits" in choice.text
    ]
    assert fitting == ["IPSI_OBLIQUE:left", "IPSI_OBLIQUE:right"]


@pytest.mark.parametrize("pair", [("AP_TRUE", None), ("IPSI_OBLIQUE", Side.LEFT)])
def test_keys_of_views_lead_back(pair):
    assert from_key(view_key(*pair)) == pair


# ---------------------------------------------------------------------- left and come back


def test_a_reading_goes_on_where_it_was_left(guided, stacks):
    guided.begin()
    guided.panel.next_slot()
    guided.press()
    guided.close()
    again = Guided(stacks, guided.store)
    assert not again.choosing
    assert again.current == "L4:level"
    assert again.progress == (1, 12)
    again.show_reading_again()
    assert again.hint.startswith("1 of 12 done. G goes on with: Level L4.")
    assert again.pointer.tool is None
    again.panel.next_slot()
    again.press()
    assert [mark.vertebra for mark in again.session.marks] == ["L5", "L4"]


def test_another_reader_has_no_plan_yet_and_the_first_one_keeps_theirs(guided):
    guided.begin()
    guided.panel.next_slot()
    guided.desk.change_reader("somebody else")
    assert guided.choosing
    assert guided.pointer.tool is None
    guided.panel.next_slot()
    assert guided.hint == texts.PLAN_NONE
    guided.desk.change_reader("tester")
    assert not guided.choosing
    assert list(guided.rows)[:2] == LEVELS


def test_one_plan_is_followed_at_a_time_and_one_can_go_back_to_another(guided):
    guided.begin()
    guided.begin("lumbar_rfn", "L4-5, left")
    assert [record.protocol_id for record in guided.session.records_of(MarkKind.PLAN_CHOICE)] == [
        "lumbar_rfn"
    ]
    assert any(":L:" in key for key in guided.rows)
    guided.begin()
    assert any(":R:" in key for key in guided.rows)
    guided.session.undo()
    assert any(":L:" in key for key in guided.rows)
    guided.session.undo()
    assert any(":R:" in key for key in guided.rows)


def test_of_plans_that_two_windows_chose_the_last_one_is_followed(guided):
    guided.begin()
    old = guided.session.find("plan:lumbar_mbb")
    rfn = load_protocols().get("lumbar_rfn")
    both = {"protocol_id": rfn.id, "version": rfn.version, "content_hash": rfn.content_hash}
    guided.session.put(replace(old, sides=["left"], **both))
    assert len(guided.session.records_of(MarkKind.PLAN_CHOICE)) == 2
    assert any(":L:" in key for key in guided.rows)


def test_a_protocol_that_changed_since_is_said_and_nothing_is_lost(guided, stacks, site_folder):
    old = site_protocol(site_folder, "1.1")
    guided.begin()
    guided.panel.next_slot()
    guided.press()
    guided.close()
    old.unlink()
    site_protocol(site_folder, "1.2", [("event: contrast_appears\n", "event: final_position\n")])
    again = Guided(stacks, guided.store)
    text, problem, offer = again.view.set_summary.call_args.args
    assert "1.1" in text
    assert "version 1.1 then, 1.2 now" in problem
    assert offer == "Follow version 1.2"
    assert len(again.session.marks) == 1
    assert again.rows["L5:level"].done
    again.view.go_on_requested.emit()
    assert again.session.find("plan:lumbar_mbb").version == "1.2"
    assert again.view.set_summary.call_args.args[1:] == ("", "")
    assert len(again.session.marks) == 1


def test_while_the_old_version_is_installed_the_reading_goes_on_by_it(guided, stacks, site_folder):
    site_protocol(site_folder, "1.1")
    guided.begin()
    guided.close()
    site_protocol(site_folder, "1.2", [("event: contrast_appears\n", "event: final_position\n")])
    again = Guided(stacks, guided.store)
    assert any(key.endswith("contrast_appears") for key in again.rows)
    again.view.go_on_requested.emit()
    assert any(key.endswith("final_position") for key in again.rows)


def test_a_protocol_that_is_gone_is_said_and_marks_stay(guided, stacks, site_folder):
    path = site_protocol(site_folder, "1.1", [("id: lumbar_mbb", "id: our_mbb")])
    guided.begin("our_mbb")
    guided.panel.next_slot()
    guided.press()
    guided.close()
    path.unlink()
    again = Guided(stacks, guided.store)
    assert "not installed any more" in again.view.set_summary.call_args.args[1]
    assert again.rows == {}
    assert len(again.session.marks) == 1
    again.panel.next_slot()
    assert again.warned
    again.show_reading_again()
    assert ("not installed any more" in again.hint, again.warned) == (True, True)
    again.view.view_assigned.emit("AP_TRUE")
    assert again.lines == []
    again.view.go_on_requested.emit()
    assert again.session.find("plan:our_mbb").version == "1.1"


def test_a_plan_that_the_protocol_no_longer_covers_says_so(guided, stacks, site_folder):
    old = site_protocol(site_folder, "1.2")
    guided.begin()
    guided.close()
    old.unlink()
    site_protocol(site_folder, "1.3", [("joints: [L1-L2, L2-L3, L3-L4, L4-L5, L5-S1]", "joints: [L5-S1]")])
    again = Guided(stacks, guided.store)
    assert "is not for the joint L4-L5" in again.view.set_summary.call_args.args[1]
    assert again.rows == {}


def test_after_closing_nothing_is_followed_any_more(guided):
    guided.begin()
    guided.close()
    guided.panel.close()
    listed = guided.view.set_slots.call_count
    guided.session.add_level_label(guided.binding.frame, "L5", Point(1, 1))
    guided.view.start_requested.emit()
    assert guided.view.set_slots.call_count == listed


def test_while_a_cine_is_played_the_page_stands_still(guided):
    guided.begin()
    shown = guided.view.set_image_views.call_count
    guided.binding.playing = True
    guided.turn(CINE, 1)
    assert guided.view.set_image_views.call_count == shown


def test_the_plan_of_a_reading_is_the_plan_of_the_protocols_room(guided):
    guided.begin()
    planned = plan(load_protocols().get("lumbar_mbb"), ["L4-L5"], [Side.RIGHT])
    assert list(guided.rows) == [slot.slot_id for slot in planned.required_slots]


# ---------------------------------------------------------------------- figures


def test_figures_of_the_plan_lie_beneath_the_marks_of_the_frame(guided):
    guided.begin()
    guided.view.optional_toggled.emit(True)
    for name, row in (("tp_border_medial", 20), ("mamillo_accessory_notch", 60)):
        guided.panel.choose_slot(f"L4_MB:R:AP_TRUE:landmark:{name}")
        guided.press(row, 50)
    guided.pointer.disarm()
    drawn = guided.binding.draw.call_args.args[2]
    assert [line.text for line in drawn if line.text] == [texts.PLAN_MIDPOINT]
    guided.turn(CINE)
    assert guided.lines == []
    guided.view.view_assigned.emit("AP_TRUE")
    assert guided.lines == []


def test_bands_are_drawn_on_demand(guided):
    guided.begin()
    guided.view.mode_chosen.emit("stay")
    guided.turn(OBLIQUE)
    guided.view.view_assigned.emit(RIGHT_OBLIQUE)
    guided.view.optional_toggled.emit(True)
    for name, row in (("sap_tp_angle", 20), ("mamillo_accessory_notch", 60)):
        guided.panel.choose_slot(f"L4_MB:R:IPSI_OBLIQUE:landmark:{name}")
        guided.press(row, 50)
    guided.pointer.disarm()
    before = len(guided.binding.draw.call_args.args[2])
    guided.view.bands_toggled.emit(True)
    assert len(guided.binding.draw.call_args.args[2]) == before + 2
    guided.view.bands_toggled.emit(False)
    assert len(guided.binding.draw.call_args.args[2]) == before
