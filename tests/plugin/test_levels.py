"""Levels: counting, offers, renaming and what looks wrong, without a window."""

from unittest.mock import MagicMock

import pytest
from mocked_desk import MockedDesk, mocked
from psygnal import SignalInstance

from fluoro_annotator.anatomy import Side
from fluoro_annotator.dicom import scan, views
from fluoro_annotator.geometry import Point
from fluoro_annotator.geometry.levels import OfferedLevel
from fluoro_annotator.marks import (
    Change,
    FrameRef,
    LevelLabel,
    Lstv,
    LstvSide,
    MarkKind,
    Numbering,
    NumberingConfidence,
    NumberingScheme,
    Target,
)
from napari_fluoro_annotator import texts
from napari_fluoro_annotator.controllers.annotate import AnnotateController
from napari_fluoro_annotator.controllers.checking import facts_of
from napari_fluoro_annotator.controllers.level_offers import Ghost, ghost_lines
from napari_fluoro_annotator.controllers.levels import MOST_ROWS, Banner, LevelsController, LevelsViewProtocol
from napari_fluoro_annotator.controllers.numbering_form import NumberingForm, form_of, numbering_of
from napari_fluoro_annotator.views.annotate import AnnotateView
from napari_fluoro_annotator.views.levels import LevelsView
from napari_fluoro_annotator.views.marks_table import MarksModel

SIGNALS = {
    "numbering_stated": (object,),
    "offer_switched": (bool,),
    "page_shown": (bool,),
    "renaming_chosen": (str, str, str),
    "finding_chosen": (str,),
    **dict.fromkeys(("numbering_withdrawn", "accept_requested", "renaming_requested", "lists_wanted"), ()),
}
COUNTED = NumberingForm(
    scheme="standard_7C_12T_5L", counted_from="sacrum_up", lstv="none", confidence="certain"
)
PLACES = {"T12": 10, "L1": 45, "L2": 80, "L3": 115, "L4": 150, "L5": 185}
MIDDLE = 120


def counted(**changes):
    values = {name: getattr(COUNTED, name) for name in COUNTED.__slots__}
    return NumberingForm(**values | changes)


class Spine(MockedDesk):
    """The Levels panel between a mocked page and a mocked binding."""

    def __init__(self, stacks):
        super().__init__(stacks)
        self.view = mocked(LevelsView, SIGNALS)
        self.banner = MagicMock(spec=AnnotateView)
        self.view.ask_for_lists_soon.side_effect = self.view.lists_wanted.emit
        self.levels = LevelsController(self.desk, self.pointer, self.view, self.banner)

    def label(self, *names, column=MIDDLE):
        frame = self.binding.frame
        return [self.session.add_level_label(frame, name, Point(PLACES[name], column)) for name in names]

    def state(self, **changes):
        self.view.numbering_stated.emit(counted(**changes))

    def target(self, nerve="L3_MB", side=Side.RIGHT, row=150, column=90):
        site = self.session.anatomy.site(nerve, side)
        return self.session.add(Target(frame=self.binding.frame, site=site, position=Point(row, column)))

    def press(self, row, column=MIDDLE):
        return self.pointer.press(Point(row, column), None)

    @property
    def ghosts(self):
        lines = self.binding.draw.call_args.args[2]
        return [line.text for line in lines if line.text]

    @property
    def offer(self):
        return self.view.set_offer.call_args.args[0]

    @property
    def acceptable(self):
        return self.view.set_offer.call_args.kwargs["acceptable"]

    @property
    def named(self):
        return sorted(mark.vertebra for mark in self.session.marks if isinstance(mark, LevelLabel))

    @property
    def preview(self):
        return list(self.view.set_renaming.call_args.args[0])

    @property
    def findings(self):
        return list(self.view.set_findings.call_args.args[0])

    @property
    def check(self):
        return self.banner.set_check.call_args.args[0]

    @property
    def caption(self):
        return self.binding.set_caption_note.call_args.args[0]

    def drawn(self):
        return [drawn.label for drawn in self.binding.draw.call_args.args[0]]


@pytest.fixture
def stacks(study_folder):
    return [stack for study in scan([study_folder]).studies for stack in views(study)]


@pytest.fixture
def spine(stacks):
    return Spine(stacks)


def test_the_mocks_stand_for_what_the_controller_asks_of_page_and_head():
    wanted = {
        name for name in (*vars(LevelsViewProtocol), *LevelsViewProtocol.__annotations__) if name[0] != "_"
    }
    assert wanted <= set(dir(LevelsView))
    assert hasattr(AnnotateView, next(name for name in vars(Banner) if name[0] != "_"))


# ---------------------------------------------------------------------- numbering


def test_what_is_stated_is_kept_as_one_change_that_undo_takes_back(spine):
    assert spine.view.set_numbering.call_args.args == (NumberingForm(), texts.NUMBERING_NONE)
    spine.state(rib_count="12")
    assert spine.session.numbering.rib_count == 12
    assert spine.view.set_numbering.call_args.args[0] == counted(rib_count="12")
    assert "Pairs of ribs: 12" in spine.said[-1][0]
    spine.session.undo()
    assert spine.session.numbering is None
    assert spine.view.set_numbering.call_args.args[0] == NumberingForm()


def test_stating_anew_replaces_and_withdrawing_removes(spine):
    spine.state()
    spine.state(lstv="castellvi_II", lstv_side="left")
    assert len(spine.session.records_of(MarkKind.NUMBERING)) == 1
    assert "Castellvi II, left" in spine.view.set_numbering.call_args.args[1]
    spine.view.numbering_withdrawn.emit()
    assert spine.session.numbering is None
    spine.session.undo()
    assert spine.session.numbering.lstv is Lstv.CASTELLVI_II


@pytest.mark.parametrize("left_out", ["scheme", "counted_from", "lstv", "confidence"])
def test_nothing_is_filled_in_for_the_reader(spine, left_out):
    spine.state(**{left_out: ""})
    assert spine.session.numbering is None
    assert spine.said[-1] == (texts.NUMBERING_INCOMPLETE, True)


def test_a_form_that_contradicts_itself_is_refused(spine):
    spine.state(lstv="none", lstv_side="left")
    assert spine.session.numbering is None
    assert spine.said[-1][1]
    spine.state(rib_count="40")
    assert spine.session.numbering is None


def test_certainty_without_a_start_of_counting_is_questioned_and_kept(spine):
    spine.state(counted_from="not_determinable")
    assert spine.session.numbering.certain
    assert spine.said[-1][1]


@pytest.mark.parametrize("confidence", list(NumberingConfidence))
def test_doubt_is_shown_in_caption_and_names(spine, confidence):
    (label,) = spine.label("L4")
    target = spine.target()
    spine.state(confidence=confidence.value)
    doubtful = confidence is not NumberingConfidence.CERTAIN
    words = f"numbering {confidence.value.replace('_', ' ')}"
    assert spine.caption == (words.upper() if doubtful else "")
    assert spine.drawn() == (
        ["L4 ?", "L3 medial branch, at L4, right ?"] if doubtful else ["L4", "L3 medial branch, at L4, right"]
    )
    assert [spine.session.label(mark).endswith(f"({words})") for mark in (label, target)] == [doubtful] * 2
    spine.session.undo()
    assert spine.caption == ""
    assert spine.drawn()[0] == "L4"


def test_the_caption_forgets_the_doubt_of_another_reading(spine):
    spine.state(confidence="uncertain")
    spine.desk.change_reader("somebody else")
    assert spine.caption == ""


def test_every_row_of_the_table_shows_the_doubt(stacks):
    spine = Spine(stacks)
    view = MagicMock(spec=AnnotateView)
    for name in (
        "nerve_chosen",
        "side_chosen",
        "vertebra_chosen",
        "tool_chosen",
        "mark_chosen",
        "reader_entered",
        "export_requested",
    ):
        setattr(view, name, SignalInstance((str,)))
    view.view_chosen = SignalInstance((int,))
    for name in (
        "relabel_requested",
        "delete_requested",
        "undo_requested",
        "redo_requested",
        "retry_requested",
        "retry_due",
        "hidden",
    ):
        setattr(view, name, SignalInstance(()))
    model = MarksModel()
    view.set_marks.side_effect, view.put_mark.side_effect = model.set_rows, model.put
    controller = AnnotateController(spine.desk, spine.pointer, view)
    spine.label("L3", "L4")
    spine.state(confidence="probable")
    assert [row.label for row in model.rows] == ["L3 (numbering probable)", "L4 (numbering probable)"]
    controller.close()


def test_form_and_record_are_each_others_inverse():
    numbering = Numbering(
        scheme=NumberingScheme.SIX_LUMBAR,
        counted_from="C2_down",
        confidence="probable",
        lstv=Lstv.CASTELLVI_III,
        lstv_side=LstvSide.BILATERAL,
        rib_count=12,
    )
    assert numbering_of(form_of(numbering)) == numbering


def test_every_value_and_field_of_the_numbering_has_words():
    assert set(texts.NUMBERING_FIELDS) == set(NumberingForm.__slots__)
    members = {
        member.value for table in (NumberingScheme, Lstv, LstvSide, NumberingConfidence) for member in table
    }
    assert all(
        value in texts.NUMBERING_VALUES or "_" not in value for value in members - {"not_determinable"}
    )


# ---------------------------------------------------------------------- offers


def test_two_labels_and_the_way_of_counting_offer_the_rest(spine):
    spine.label("L3")
    assert (spine.offer, spine.ghosts) == (texts.OFFER_TWO, [])
    spine.label("L4")
    assert (spine.offer, spine.ghosts) == (texts.OFFER_UNCOUNTED, [])
    spine.state()
    assert spine.ghosts == ["L1? or its neighbour", "L2?", "L5?"]
    assert "L1, L2, L5" in spine.offer
    assert spine.acceptable


def test_uncertainty_grows_with_the_distance(spine):
    spine.label("L3", "L4")
    spine.state()
    lines = spine.binding.draw.call_args.args[2]
    radii = {
        square.text[:2]: max(point.row for point in circle.points) - min(point.row for point in circle.points)
        for square, circle in zip(lines[::2], lines[1::2], strict=True)
    }
    assert radii["L1"] > radii["L2"] > 0
    assert all(line.dashed and line.closed for line in lines)


def test_a_press_on_a_ghost_labels_where_it_was_pressed_and_undo_takes_it_back(spine):
    spine.label("L3", "L4")
    spine.state()
    assert spine.press(183, MIDDLE + 3)
    assert spine.session.marks[-1].vertebra == "L5"
    assert spine.session.marks[-1].position == Point(183, MIDDLE + 3)
    assert spine.session.selected == spine.session.marks[-1].mark_id
    assert "L5?" not in spine.ghosts
    spine.session.undo()
    assert "L5?" in spine.ghosts


def test_a_press_beside_the_squares_labels_nothing(spine):
    spine.label("L3", "L4")
    spine.state()
    assert not spine.press(185, MIDDLE + 30)
    assert spine.named == ["L3", "L4"]


def test_a_press_in_another_pane_is_for_the_frame_of_that_pane(spine):
    spine.label("L3", "L4")
    spine.state()
    elsewhere = FrameRef(*spine.binding.stacks[1].frame_ref(0))
    assert not spine.pointer.press_on(elsewhere, Point(185, MIDDLE), None)
    assert spine.named == ["L3", "L4"]
    spine.binding.show(spine.binding.stacks[1])
    first = FrameRef(*spine.binding.stacks[0].frame_ref(0))
    assert not spine.pointer.press_on(first, Point(185, MIDDLE), None, "cannot be shown")
    assert spine.pointer.press_on(first, Point(185, MIDDLE), None)
    assert spine.session.marks[-1].frame == first
    assert "L5" in spine.named


def test_an_armed_tool_and_a_frame_that_cannot_be_marked_come_first(spine):
    spine.label("L3", "L4")
    spine.state()
    spine.binding.problem = "cannot be shown"
    assert not spine.press(185)
    spine.levels.accept_all()
    assert spine.said[-1] == ("cannot be shown", True)
    spine.binding.problem = ""
    tool = MagicMock()
    tool.press.return_value = None
    tool.waiting_on.return_value = ()
    tool.hint.return_value = "next"
    spine.pointer.arm(tool)
    spine.press(185)
    tool.press.assert_called_once()
    assert spine.named == ["L3", "L4"]


def test_one_key_accepts_all_that_are_sure_in_one_step(spine):
    spine.label("L3", "L4")
    spine.state()
    spine.levels.accept_all()
    assert spine.named == ["L2", "L3", "L4", "L5"]
    assert "Not L1" in spine.said[-1][0]
    placed = {mark.vertebra: mark.position.row for mark in spine.session.marks}
    assert placed["L2"] == pytest.approx(80)
    assert placed["L5"] == pytest.approx(185)
    spine.session.undo()
    assert spine.named == ["L3", "L4"]
    spine.session.redo()
    assert spine.named == ["L2", "L3", "L4", "L5"]


def test_places_that_may_be_the_neighbours_are_only_accepted_one_by_one(spine):
    spine.label("L3", "L4")
    spine.state()
    spine.levels.accept_all()
    spine.session.delete(*[mark.mark_id for mark in spine.session.marks if mark.vertebra in ("L2", "L5")])
    spine.press(80)
    spine.press(185)
    left = [name for name in spine.ghosts if "neighbour" in name]
    spine.levels.accept_all()
    assert all(name[:2] not in spine.named for name in left)


def test_without_an_offer_the_key_says_why(spine):
    spine.levels.accept_all()
    assert spine.said[-1] == (texts.OFFER_TWO, True)
    spine.view.offer_switched.emit(False)
    spine.levels.accept_all()
    assert spine.said[-1] == (texts.OFFER_OFF, True)


def test_the_offer_can_be_switched_off_and_on(spine):
    spine.label("L3", "L4")
    spine.state()
    spine.view.offer_switched.emit(False)
    assert spine.ghosts == []
    assert not spine.press(185)
    assert not spine.acceptable
    spine.view.offer_switched.emit(True)
    assert spine.ghosts


def test_nothing_is_offered_or_drawn_while_a_cine_plays_and_the_key_stops_it(spine):
    spine.label("L3", "L4")
    spine.state()
    paused = MagicMock()
    spine.desk.pause_requested.connect(paused)
    spine.binding.playing = True
    spine.pointer.redraw()
    assert spine.ghosts == []
    spine.levels.accept_all()
    paused.assert_called_once()
    assert spine.named == ["L3", "L4"]


def test_another_frame_has_offers_of_its_own(spine):
    spine.label("L3", "L4")
    spine.state()
    spine.binding.show(spine.binding.stacks[1])
    assert spine.ghosts == []
    assert spine.offer == texts.OFFER_TWO
    spine.binding.show(spine.binding.stacks[0])
    assert spine.ghosts


def test_a_vertebra_labelled_twice_is_said_and_stops_the_offer(spine):
    spine.label("L3", "L4")
    spine.state()
    spine.label("L4", column=MIDDLE + 20)
    assert spine.offer == texts.OFFER_TWICE.format(vertebra="L4")
    assert spine.ghosts == []


def test_labels_that_do_not_follow_each_other_stop_the_offer(spine):
    frame = spine.binding.frame
    for name, row in (("L3", 100), ("L4", 60), ("L5", 140)):
        spine.session.add_level_label(frame, name, Point(row, MIDDLE))
    spine.state()
    assert spine.ghosts == []
    assert "do not follow each other" in spine.offer


@pytest.mark.parametrize(
    ("changes", "labels", "offered"),
    [
        ({"scheme": "4_lumbar_type"}, ("L3", "L4"), ["L1", "L2"]),
        ({"scheme": "6_lumbar_type"}, ("L4", "L5"), ["L2", "L3"]),
        ({"scheme": "11_rib_bearing"}, ("L2", "L3"), ["L1", "L4", "L5"]),
        ({"scheme": "13_rib_bearing"}, ("L2", "L3"), ["L1", "L4", "L5"]),
        ({"scheme": "13_rib_bearing"}, ("T12", "L1"), []),
        ({"scheme": "other"}, ("L3", "L4"), []),
        ({"scheme": "unknown"}, ("L3", "L4"), []),
        ({"confidence": "not_determinable"}, ("L3", "L4"), []),
        ({"confidence": "uncertain"}, ("L3", "L4"), ["L1", "L2", "L5"]),
    ],
)
def test_nothing_is_offered_across_a_place_where_counting_is_open(spine, changes, labels, offered):
    spine.label(*labels)
    spine.state(**changes)
    assert [name.split("?")[0] for name in spine.ghosts] == offered
    assert spine.offer


def test_a_ghost_of_pixels_that_are_not_square_is_as_wide_as_high_in_the_patient():
    level = OfferedLevel("L5", Point(50, 60), 20.0, 1, doubtful=False)
    _, circle = ghost_lines(Ghost(level, 4.0, aspect=2.0))
    rows, columns = zip(*circle.points, strict=True)
    assert max(rows) - min(rows) == pytest.approx(20, rel=0.01)
    assert max(columns) - min(columns) == pytest.approx(40, rel=0.01)


# ---------------------------------------------------------------------- renaming


def test_what_changes_is_listed_before_it_happens_and_undone_in_one_step(spine):
    labels = spine.label("L3", "L4")
    targets = [spine.target(), spine.target("L2_MB", row=115)]
    spine.view.page_shown.emit(True)
    used, names = spine.view.set_renaming_choices.call_args.args
    assert [choice.key for choice in used] == ["L3", "L4"]
    assert len(names) == len(spine.session.anatomy.vertebrae)
    spine.view.renaming_chosen.emit("L4", "L5", "all")
    assert spine.preview == [
        "1 x L3: becomes L4",
        "1 x L4: becomes L5",
        "1 x L3 medial branch, at L4, right: becomes L4 medial branch, at L5, right",
        "1 x L2 medial branch, at L3, right: becomes L3 medial branch, at L4, right",
    ]
    assert spine.session.marks == (*labels, *targets)
    before = spine.session.marks
    spine.view.renaming_requested.emit()
    assert [mark.vertebra for mark in spine.session.marks[:2]] == ["L4", "L5"]
    assert spine.session.marks[2].site.nerve == "L4_MB"
    assert [mark.position for mark in spine.session.marks] == [mark.position for mark in before]
    assert "4 marks" in spine.said[-1][0]
    spine.session.undo()
    assert spine.session.marks == before


def test_the_preview_follows_the_marks(spine):
    spine.label("L4")
    spine.view.page_shown.emit(True)
    spine.view.renaming_chosen.emit("L4", "L5", "all")
    spine.label("L3")
    assert len(spine.preview) == 2
    assert spine.view.set_renaming.call_args.args[1] == "Rename 2 marks"


@pytest.mark.parametrize(
    ("labels", "choice", "part"),
    [
        (("L3", "L4"), ("L4", "L4", "all"), texts.RENAME_NOTHING),
        (("L3", "L4"), ("L4", "C1", "all"), "no vertebra"),
        (("L3", "L4"), ("L4", "L5", "cervical"), "not among"),
        (("L3",), ("", "L5", "all"), texts.RENAME_CHOOSE),
    ],
)
def test_what_cannot_be_renamed_is_explained_and_cannot_be_pressed(spine, labels, choice, part):
    spine.label(*labels)
    before = spine.session.marks
    spine.view.renaming_chosen.emit(*choice)
    assert part in spine.preview[0]
    assert not spine.view.set_renaming.call_args.kwargs["possible"]
    spine.view.renaming_requested.emit()
    assert spine.session.marks == before


def test_a_nerve_without_a_counterpart_stops_the_renaming(spine):
    spine.target("L5_DR", row=150)
    spine.label("L4")
    spine.view.renaming_chosen.emit("L4", "L5", "all")
    assert not spine.view.set_renaming.call_args.kwargs["possible"]


def test_cervical_levels_stay_if_only_those_below_were_miscounted(spine):
    frame = spine.binding.stacks[1].frame_ref(0)
    spine.session.add_level_label(FrameRef(*frame), "C5", Point(20, 20))
    spine.label("L3")
    spine.view.renaming_chosen.emit("L3", "L4", "below")
    assert spine.preview == ["1 x L3: becomes L4"]
    spine.view.renaming_requested.emit()
    assert spine.named == ["C5", "L4"]


# ---------------------------------------------------------------------- what looks wrong


def test_a_second_target_of_the_same_nerve_is_kept_and_said_at_once(spine):
    spine.target()
    site = spine.session.anatomy.site("L3_MB", Side.RIGHT)
    tool = MagicMock()
    second = Target(frame=spine.binding.frame, site=site, position=Point(60, 60))
    tool.press.return_value = second
    spine.pointer.arm(tool)
    spine.press(60, 60)
    assert second in spine.session.marks
    text, warning = spine.said[-1]
    assert "is marked 2 times on this frame" in text
    assert "Ctrl+Z" in text
    assert warning
    assert "marked twice" in spine.check
    spine.session.undo()
    assert spine.check == ""


def test_the_head_of_the_dock_speaks_of_the_frame_that_is_shown(spine):
    spine.target()
    spine.target(row=60)
    assert spine.check
    spine.binding.show(spine.binding.stacks[1])
    assert spine.check == ""
    spine.binding.show(spine.binding.stacks[0])
    assert spine.check


def test_a_label_out_of_order_is_kept_and_said(spine):
    spine.label("L3", "L5")
    spine.session.add_level_label(spine.binding.frame, "L2", Point(150 + 45, MIDDLE))
    assert "levels out of order" in spine.check
    assert len(spine.session.marks) == 3


def test_the_list_is_made_when_the_page_is_seen_and_leads_to_the_mark(spine):
    spine.target()
    second = spine.target(row=60)
    spine.view.set_findings.assert_not_called()
    spine.view.page_shown.emit(True)
    (row,) = spine.findings
    assert row.mark_id == second.mark_id
    assert "View 1, frame 1" in row.text
    spine.binding.show(spine.binding.stacks[2], 3)
    spine.view.finding_chosen.emit(row.mark_id)
    assert spine.session.selected == second.mark_id
    assert spine.binding.frame == second.frame
    spine.session.delete(second.mark_id)
    assert spine.findings == []
    shown = spine.binding.frame
    spine.view.finding_chosen.emit(second.mark_id)
    assert spine.binding.frame == shown


def test_lists_of_everything_do_not_delay_what_is_drawn(spine):
    spine.view.page_shown.emit(True)
    spine.view.ask_for_lists_soon.side_effect = None
    spine.view.set_findings.reset_mock()
    spine.target()
    spine.target(row=60)
    assert spine.check
    spine.view.set_findings.assert_not_called()
    spine.view.lists_wanted.emit()
    assert len(spine.findings) == 1
    spine.view.page_shown.emit(False)
    spine.view.ask_for_lists_soon.reset_mock()
    spine.target(row=70)
    spine.view.ask_for_lists_soon.assert_not_called()


def test_of_very_many_findings_the_first_are_listed(spine):
    spine.binding.show(spine.binding.stacks[2])
    uid = spine.binding.frame.sop_instance_uid
    for frame in range(1, 9):
        for vertebra in spine.session.anatomy.vertebrae:
            for column in (50, 60):
                spine.session.add_level_label(FrameRef(uid, frame), vertebra, Point(100, column))
    spine.view.page_shown.emit(True)
    rows, count = spine.view.set_findings.call_args.args
    assert count > len(rows) == MOST_ROWS


def test_moving_and_renaming_a_mark_is_checked_again(spine):
    _, high, low = spine.label("L2", "L3", "L4")
    assert spine.check == ""
    spine.session.move(low.mark_id, position=Point(20, MIDDLE))
    assert "levels out of order" in spine.check
    spine.session.move(low.mark_id, position=Point(150, MIDDLE))
    assert spine.check == ""
    spine.session.relabel(high.mark_id, vertebra="L5")
    assert "levels out of order" in spine.check


def test_sides_are_checked_against_the_letters_of_the_file(tmp_path, write_xa):
    folder = tmp_path / "letters"
    write_xa(folder / "IM1", number=1, PatientOrientation=["R", "F"], PositionerPrimaryAngle=180.0)
    (study,) = scan([folder]).studies
    spine = Spine(views(study))
    spine.target("L3_MB", Side.LEFT, column=200)
    spine.target("L3_MB", Side.RIGHT, column=40)
    assert "side against orientation letters" in spine.check
    assert facts_of(spine.binding.stacks, spine.binding.frame).oblique_deg == 0


@pytest.mark.parametrize("letters", [None, ["R", "R"], ["X", "F"]])
def test_without_letters_that_can_be_used_nothing_is_said_of_sides(tmp_path, write_xa, letters):
    attributes = {} if letters is None else {"PatientOrientation": letters}
    write_xa(tmp_path / "letters" / "IM1", number=1, **attributes)
    (study,) = scan([tmp_path / "letters"]).studies
    spine = Spine(views(study))
    spine.target("L3_MB", Side.LEFT, column=200)
    spine.target("L3_MB", Side.RIGHT, column=40)
    assert spine.check == ""


def test_the_number_of_a_vertebra_used_for_the_nerve_is_questioned(spine):
    spine.label("L4", "L5")
    spine.target("L4_MB", row=150)
    assert "vertebra number used for the nerve?" in spine.check


def test_every_rule_has_a_title():
    from fluoro_annotator.marks import FindingCode

    assert set(texts.FINDING_TITLES) == {code.value for code in FindingCode}


# ---------------------------------------------------------------------- ends


def test_after_closing_nothing_is_said_or_shown(spine):
    spine.levels.close()
    spine.levels.close()
    spine.view.reset_mock()
    spine.session.edit(
        [Change(None, LevelLabel(frame=spine.binding.frame, vertebra="L4", position=Point(5, 5)))]
    )
    spine.view.set_numbering.assert_not_called()


def test_without_a_study_the_page_is_idle(stacks):
    spine = Spine(stacks)
    spine.binding.stacks, spine.binding.current, spine.binding.frame = (), None, None
    spine.binding.views_changed.emit()
    spine.view.set_enabled.assert_called_with(False)
    spine.state()
    spine.levels.accept_all()
    spine.view.numbering_withdrawn.emit()
    spine.view.renaming_requested.emit()
    assert spine.said[-1] == (texts.NEED_VIEW, True)
