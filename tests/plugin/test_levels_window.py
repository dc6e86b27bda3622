"""The Levels page with real widgets, and in real windows with real presses and keys."""

import pytest
from qtpy.QtCore import QPoint, QPointF, Qt
from qtpy.QtGui import QWheelEvent
from qtpy.QtTest import QTest
from qtpy.QtWidgets import QApplication, QListWidget, QPushButton

from fluoro_annotator.anatomy import Side
from fluoro_annotator.geometry import Point
from fluoro_annotator.store import open_store
from napari_fluoro_annotator import styles, texts
from napari_fluoro_annotator.controllers.levels import FindingRow
from napari_fluoro_annotator.controllers.numbering_form import NumberingForm, numbering_of
from napari_fluoro_annotator.controllers.protocols import Choice
from napari_fluoro_annotator.views.levels import LISTS_AFTER_MS, LevelsView

pytestmark = pytest.mark.gui

NARROW = 300
COUNTED = NumberingForm(
    scheme="standard_7C_12T_5L", counted_from="sacrum_up", lstv="none", confidence="certain"
)
UNSURE = NumberingForm(scheme="6_lumbar_type", counted_from="C2_down", lstv="none", confidence="uncertain")


@pytest.fixture
def page(qapp):
    view = LevelsView()
    view.resize(NARROW, 600)
    view.show()
    yield view
    view.close()
    view.deleteLater()
    QApplication.processEvents()


def fill(view, form):
    """Choose in the form what a reader would choose."""
    for name, field in view._fields.items():
        field.setCurrentIndex(max(field.findData(getattr(form, name)), 0))


def button(view, name):
    return view.findChild(QPushButton, name)


def press(widget):
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton)
    QApplication.processEvents()


# ---------------------------------------------------------------------- widgets


def test_state_waits_until_all_that_is_needed_is_chosen(page):
    stated = []
    page.numbering_stated.connect(stated.append)
    assert page.form() == NumberingForm()
    assert not button(page, "state_numbering").isEnabled()
    fill(page, COUNTED)
    press(button(page, "state_numbering"))
    assert stated == [COUNTED]
    page.set_numbering(COUNTED, "Stated")
    assert not button(page, "state_numbering").isEnabled()
    assert button(page, "withdraw_numbering").isEnabled()


def test_what_is_being_chosen_survives_changes_elsewhere(page):
    page.set_numbering(NumberingForm(), texts.NUMBERING_NONE)
    page._fields["scheme"].setCurrentIndex(2)
    chosen = page.form()
    page.set_numbering(NumberingForm(), texts.NUMBERING_NONE)
    assert page.form() == chosen
    page.set_numbering(UNSURE, "Stated")
    assert page.form() == UNSURE


def test_a_side_needs_a_transitional_vertebra(page):
    side = page._fields["lstv_side"]
    assert not side.isEnabled()
    page._fields["lstv"].choose("castellvi_II")
    page._on_field()
    assert side.isEnabled()
    side.choose("left")
    page._fields["lstv"].setCurrentIndex(page._fields["lstv"].findData("none"))
    assert (page.form().lstv_side, side.isEnabled()) == ("not_applicable", False)


def test_the_wheel_scrolls_and_changes_nothing(page):
    fill(page, COUNTED)
    field = page._fields["confidence"]
    turn = QWheelEvent(
        QPointF(5, 5),
        QPointF(field.mapToGlobal(QPoint(5, 5))),
        QPoint(0, -120),
        QPoint(0, -120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(field, turn)
    assert page.form() == COUNTED


def test_the_lists_say_what_was_chosen(page):
    chosen, renamed = [], []
    page.finding_chosen.connect(chosen.append)
    page.renaming_chosen.connect(lambda *values: renamed.append(values))
    page.set_findings([FindingRow("one", "first thing"), FindingRow("two", "second thing")], 3)
    found = page.findChild(QListWidget, "findings")
    assert [found.item(row).text() for row in range(found.count())] == [
        "first thing",
        "second thing",
        "And 1 more.",
    ]
    for row in range(3):
        QTest.mouseClick(
            found.viewport(), Qt.MouseButton.LeftButton, pos=found.visualItemRect(found.item(row)).center()
        )
    assert chosen == ["one", "two"]
    page.set_renaming_choices([Choice("L4", "L4")], [Choice("L4", "L4"), Choice("L5", "L5")])
    page._from.setCurrentIndex(1)
    page._to.setCurrentIndex(2)
    assert renamed[-1] == ("L4", "L5", "all")
    page.set_renaming_choices([Choice("L3", "L3"), Choice("L4", "L4")], [Choice("L5", "L5")])
    assert (page._from.chosen(), page._to.chosen()) == ("L4", "L5")


def test_lists_are_asked_for_once_after_many_changes(page):
    asked = []
    page.lists_wanted.connect(lambda: asked.append(True))
    for _ in range(5):
        page.ask_for_lists_soon()
    QTest.qWait(LISTS_AFTER_MS * 3)
    assert asked == [True]


def test_nothing_is_cut_off_on_a_narrow_page(page):
    page.set_numbering(UNSURE, texts.NUMBERING_DOUBT.format(text="Stated: " + "many words " * 12))
    page.set_offer("a long reason " * 10, acceptable=False)
    assert page.minimumSizeHint().width() <= NARROW
    for widget in page.findChildren(QPushButton):
        assert widget.sizeHint().width() <= NARROW


# ---------------------------------------------------------------------- windows


def labelled(dock):
    """Label L3 and L4 of a spine that runs down the middle of the frame."""
    session, frame = dock.desk.session, dock.binding.frame
    for name, row in (("L3", 115), ("L4", 150)):
        session.add_level_label(frame, name, Point(row, 120))
    return session


def turn_to(dock, title):
    tabs = dock.view._pages
    tabs.setCurrentIndex([tabs.tabText(place) for place in range(tabs.count())].index(title))
    QApplication.processEvents()


def caption(viewer):
    return viewer.canvas.overlays.text.text


def test_ghosts_appear_and_take_presses_and_the_key(open_window):
    viewer, dock, hand = open_window()
    session = labelled(dock)
    turn_to(dock, texts.LEVELS)
    fill(dock.levels_view, COUNTED)
    press(button(dock.levels_view, "state_numbering"))
    assert session.numbering is not None
    assert len(viewer.layers[styles.GUIDES].data) > 0
    hand.key("L", shift=True)
    assert sorted(mark.vertebra for mark in session.marks) == ["L2", "L3", "L4", "L5"]
    hand.key("Z", control=True)
    hand.click(185, 121)
    assert session.marks[-1].vertebra == "L5"
    assert session.marks[-1].position.distance(Point(185, 121)) <= hand.pixel_size()
    hand.key("Z", control=True)
    assert sorted(mark.vertebra for mark in session.marks) == ["L3", "L4"]


def test_ghosts_stay_on_the_anatomy_when_the_image_is_turned(open_window):
    _, dock, hand = open_window()
    session = labelled(dock)
    session.put(numbering_of(COUNTED))
    hand.key("R")
    hand.key("F")
    hand.click(80, 118)
    assert session.marks[-1].vertebra == "L2"
    assert session.marks[-1].position.distance(Point(80, 118)) <= hand.pixel_size()


def test_the_tab_key_goes_through_the_page_from_top_to_bottom(open_window):
    _, dock, _ = open_window()
    turn_to(dock, texts.LEVELS)
    page = dock.levels_view
    widget, visited = page, []
    while (widget := widget.nextInFocusChain()) is not page and len(visited) < 200:
        if page.isAncestorOf(widget) and widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
            visited.append(widget.mapTo(page, QPoint(0, 0)).y())
    assert len(visited) > 12
    assert visited == sorted(visited)


def test_a_drag_that_begins_beside_the_ghosts_moves_the_image(open_window):
    viewer, dock, hand = open_window()
    session = labelled(dock)
    session.put(numbering_of(COUNTED))
    before = viewer.scene.camera.center
    hand.drag((120, 150), (140, 190))
    assert viewer.scene.camera.center != before
    assert len(session.marks) == 2


def test_doubt_stands_in_the_caption_and_survives_a_restart(open_window, close_window, tmp_path):
    store = open_store(tmp_path / "kept.sqlite")
    viewer, dock, _ = open_window(store=store)
    labelled(dock)
    turn_to(dock, texts.LEVELS)
    fill(dock.levels_view, UNSURE)
    press(button(dock.levels_view, "state_numbering"))
    assert caption(viewer).endswith("NUMBERING UNCERTAIN")
    close_window(viewer)
    store = open_store(tmp_path / "kept.sqlite")
    viewer, dock, hand = open_window(store=store)
    assert caption(viewer).endswith("NUMBERING UNCERTAIN")
    assert dock.levels_view.form() == UNSURE
    hand.key("Z", control=True)
    assert "NUMBERING" not in caption(viewer)
    assert dock.desk.session.numbering is None


def test_a_long_name_of_a_view_does_not_push_the_doubt_out_of_the_image(open_window, tmp_path, write_xa):
    write_xa(tmp_path / "long" / "IM1", number=1, description="Needle to right L4 medial branch at L5, right")
    viewer, dock, _ = open_window(tmp_path / "long")
    turn_to(dock, texts.LEVELS)
    fill(dock.levels_view, UNSURE)
    press(button(dock.levels_view, "state_numbering"))
    assert "NUMBERING UNCERTAIN" in caption(viewer).splitlines()


def test_renaming_in_the_window_is_one_step(open_window):
    _, dock, hand = open_window()
    session = labelled(dock)
    site = session.anatomy.site("L3_MB", Side.RIGHT)
    session.add_target(dock.binding.frame, site, Point(150, 90))
    turn_to(dock, texts.LEVELS)
    page = dock.levels_view
    page._from.setCurrentIndex(page._from.findData("L4"))
    page._to.setCurrentIndex(page._to.findData("L5"))
    press(button(page, "rename"))
    assert [mark.vertebra for mark in session.marks[:2]] == ["L4", "L5"]
    assert session.marks[2].site.nerve == "L4_MB"
    hand.key("Z", control=True)
    assert session.marks[2].site.nerve == "L3_MB"


def test_a_second_target_is_said_whatever_page_is_open(open_window):
    _, dock, hand = open_window()
    check = dock.view.findChild(object, "check")
    assert check.isHidden()
    dock.view._nerve.setCurrentIndex(dock.view._nerve.findData("L3_MB"))
    dock.controller.choose_side("right")
    for place in ((60, 60), (90, 90)):
        hand.key("T")
        hand.click(*place)
    assert len(dock.desk.session.marks) == 2
    assert not check.isHidden()
    assert "marked twice" in check.text()
    hand.key("Z", control=True)
    assert check.isHidden()


def test_caption_and_side_letters_are_legible_in_a_light_theme(open_window, tmp_path, write_xa, pump):
    write_xa(tmp_path / "sides" / "IM1", number=1, description="AP", PatientOrientation=["L", "F"])
    viewer, _, _ = open_window(tmp_path / "sides")
    viewer.theme = "light"
    pump(10)
    picture = viewer.screenshot(canvas_only=True, flash=False)[..., :3]
    height, width = picture.shape[:2]
    middle = slice(height // 2 - 30, height // 2 + 30)
    for place in (picture[:30, :80], picture[middle, :30], picture[middle, width - 30 :]):
        assert (place > 200).all(axis=-1).any()
        assert (place < 60).all(axis=-1).any()
