"""Following a plan in real windows, with real keys and presses."""

import pytest
from qtpy.QtCore import Qt
from qtpy.QtTest import QTest

from fluoro_annotator.anatomy import Side
from fluoro_annotator.marks import MarkKind, PlanChoice
from fluoro_annotator.protocols import load_protocols
from napari_fluoro_annotator import texts
from napari_fluoro_annotator.controllers.plan_protocols import PlanViewProtocol

pytestmark = pytest.mark.gui
LOW_SCREEN = (1366, 768)
VIEWS = 5
"""How many views the plan requires: they are listed before the slots."""


@pytest.fixture
def folder(tmp_path, write_xa):
    write_xa(tmp_path / "plan" / "IM1", number=1, description="AP", ViewPosition="AP")
    write_xa(tmp_path / "plan" / "IM2", number=2, description="Right oblique")
    write_xa(tmp_path / "plan" / "IM3", number=3, description="Lateral", ViewPosition="LL")
    return tmp_path / "plan"


@pytest.fixture
def window(open_window, folder):
    return open_window(folder)


def show_page(dock, pump):
    pages = dock.view._pages
    pages.setCurrentIndex([pages.tabText(place) for place in range(pages.count())].index(texts.PLAN))
    pump()
    return dock.plan_view


def part(page, name):
    from qtpy.QtWidgets import QWidget

    (found,) = page.findChildren(QWidget, name)
    return found


def choose_plan(dock, pump, words="L4-5, right"):
    page = show_page(dock, pump)
    combo = part(page, "plan_protocol")
    combo.setCurrentIndex(combo.findData("lumbar_mbb"))
    QTest.keyClicks(part(page, "plan_request"), words)
    QTest.qWait(page._setup._typing.interval() + 100)
    part(page, "plan_begin").click()
    pump()
    return page


def rows_of(page):
    return [row.text for row in page._rows]


def test_the_page_has_everything_that_the_controller_asks_of_it(window, pump):
    _, dock, _ = window
    wanted = {
        name
        for cls in PlanViewProtocol.__mro__
        for name in (*vars(cls), *getattr(cls, "__annotations__", {}))
        if not name.startswith("_")
    }
    assert wanted
    assert [name for name in sorted(wanted) if not hasattr(dock.plan_view, name)] == []


def test_from_words_to_marks_with_keys_and_presses(window, pump):
    viewer, dock, hand = window
    page = choose_plan(dock, pump)
    session = dock.desk.session
    assert session.find("plan:lumbar_mbb").joints == ("L4-L5",)
    assert rows_of(page)[VIEWS] == "\u25cb L5"
    hand.key("G")
    hand.click(150, 120)
    hand.click(110, 120)
    assert [mark.vertebra for mark in session.marks] == ["L5", "L4"]
    assert dock.view._hint.text().startswith(
        "Marked: L4. Next: Target: L4 medial branch, at L5, right, Ipsilateral oblique"
    )
    hand.key("S")
    hand.click(140, 90)
    target = session.marks[-1]
    assert (target.kind, target.site.nerve, target.site.side) == (MarkKind.TARGET, "L4_MB", Side.RIGHT)
    assert target.position.row == pytest.approx(140, abs=hand.pixel_size())
    hand.click(141, 91)
    hand.click(100, 40)
    assert session.marks[-1].kind is MarkKind.NEEDLE
    assert viewer.layers.selection.active.name.startswith("3 Lateral")
    assert part(page, "plan_progress").text() == "5/12, views 2/5"
    hand.key("A")
    hand.key("U")
    assert rows_of(page)[VIEWS + 2 : VIEWS + 7] == [
        "\u2298 Target, Ipsilateral oblique, right: not visible",
        "\u25cf Target, True AP: marked",
        "\u25cf Needle, True AP: marked",
        "\u2013 Needle, True lateral: not applicable",
        "? Event (contrast appears), Live contrast run: unsure",
    ]
    hand.key("G", shift=True)
    hand.key("Escape")
    assert dock.pointer.tool is None


def test_the_reader_names_a_view_and_it_is_kept(window, pump):
    _, dock, hand = window
    page = choose_plan(dock, pump)
    dock.binding.show(dock.binding.stacks[1])
    pump()
    combo = part(page, "plan_image_view")
    assert combo.currentText() == texts.PLAN_IMAGE_PROMPT
    dock.panels["plan"].choose_slot("L4_MB:R:IPSI_OBLIQUE:target")
    hand.click(50, 60)
    assert dock.desk.session.marks == ()
    combo.setCurrentIndex(combo.findData("IPSI_OBLIQUE:right"))
    hand.click(50, 60)
    assert len(dock.desk.session.marks) == 1
    dock.controller.undo()
    dock.controller.undo()
    pump()
    assert dock.desk.session.records_of(MarkKind.VIEW_ASSIGNMENT) == ()


def test_naming_another_view_does_not_ask_for_a_press_that_would_be_refused(window, pump):
    _, dock, _ = window
    page = choose_plan(dock, pump)
    dock.binding.show(dock.binding.stacks[1])
    pump()
    dock.panels["plan"].choose_slot("L4_MB:R:IPSI_OBLIQUE:target")
    combo = part(page, "plan_image_view")
    combo.setCurrentIndex(combo.findData("IPSI_OBLIQUE:left"))
    pump()
    assert "No image is known to be that view" in dock.view._hint.text()
    assert "Press on" not in dock.view._hint.text()
    combo.setCurrentIndex(combo.findData("IPSI_OBLIQUE:right"))
    pump()
    assert "Press on the target" in dock.view._hint.text()


def test_a_window_that_is_opened_again_goes_on_where_it_was_left(open_window, folder, close_window, pump):
    viewer, dock, hand = open_window(folder)
    choose_plan(dock, pump)
    hand.key("G")
    hand.click(150, 120)
    close_window(viewer)
    _, dock, hand = open_window(folder)
    page = show_page(dock, pump)
    assert part(page, "plan_progress").text() == "1/12, views 2/5"
    hand.key("G")
    hand.click(110, 120)
    assert [mark.vertebra for mark in dock.desk.session.marks] == ["L5", "L4"]


def test_a_press_on_a_row_lets_the_next_press_fill_it(window, pump):
    _, dock, hand = window
    page = choose_plan(dock, pump)
    tree = part(page, "plan_slots")
    item = page._items["L4:level"]
    QTest.mouseClick(tree.viewport(), Qt.MouseButton.LeftButton, pos=tree.visualItemRect(item).center())
    hand.click(20, 30)
    assert [mark.vertebra for mark in dock.desk.session.marks] == ["L4"]
    heading = tree.topLevelItem(1)
    assert heading.text(0) == "1/2 Levels"
    QTest.mouseClick(tree.viewport(), Qt.MouseButton.LeftButton, pos=tree.visualItemRect(heading).center())
    assert heading.isExpanded()


def test_a_view_is_shown_by_a_press_and_is_there_once_the_reader_says_so(window, pump):
    _, dock, hand = window
    page = choose_plan(dock, pump)
    tree = part(page, "plan_slots")

    def press(key):
        item = page._items[f"view {key}"]
        tree.scrollToItem(item)
        place = tree.visualItemRect(item).center()
        QTest.mouseClick(tree.viewport(), Qt.MouseButton.LeftButton, pos=place)
        pump()

    assert rows_of(page)[:VIEWS] == [
        "\u25cb Localizer: missing",
        "\u25cb Ipsilateral oblique, right: missing",
        "\u25cf True AP: 1 AP",
        "\u25cf True lateral: 3 Lateral",
        "\u25cb Live contrast run: missing",
    ]
    press("LATERAL_TRUE")
    assert dock.binding.current is dock.binding.stacks[2]
    press("IPSI_OBLIQUE:right")
    assert dock.binding.current is dock.binding.stacks[2]
    assert "No image is known to be this view: Ipsilateral oblique, right" in dock.view._hint.text()
    dock.binding.show(dock.binding.stacks[1])
    pump()
    combo = part(page, "plan_image_view")
    combo.setCurrentIndex(combo.findData("IPSI_OBLIQUE:right"))
    pump()
    assert rows_of(page)[1] == "\u25cf Ipsilateral oblique, right: 2 Right oblique"
    assert part(page, "plan_progress").text() == "0/12, views 3/5"
    press("LATERAL_TRUE")
    press("IPSI_OBLIQUE:right")
    assert dock.binding.current is dock.binding.stacks[1]
    hand.key("Z", control=True)
    assert rows_of(page)[1] == "\u25cb Ipsilateral oblique, right: missing"


@pytest.mark.parametrize("stage", ["choosing", "listing", "options"])
def test_nothing_of_the_page_is_cut_off_on_a_low_screen(window, pump, stage):
    viewer, dock, _ = window
    viewer.window.resize(*LOW_SCREEN)
    page = show_page(dock, pump) if stage == "choosing" else choose_plan(dock, pump)
    if stage == "options":
        part(page, "plan_options").click()
    pump(10)
    area = page.parentWidget()
    assert page.width() <= area.width()
    assert stage == "options" or page.height() <= area.height()
    for child in page.findChildren(type(page).__mro__[1]):
        if child.isVisible() and child.parentWidget() in (page, page._list, page._setup):
            assert child.geometry().right() <= child.parentWidget().width()


def test_letters_typed_into_a_list_or_a_field_are_no_keys(window, pump):
    _, dock, _ = window
    page = choose_plan(dock, pump)
    part(page, "plan_change").click()
    pump()
    field = part(page, "plan_request")
    field.setFocus()
    QTest.keyClicks(field, "gas")
    combo = part(page, "plan_protocol")
    combo.setFocus()
    QTest.keyClick(combo, Qt.Key.Key_S)
    assert dock.pointer.tool is None
    assert dock.desk.session.records_of(MarkKind.SLOT_STATE) == ()


def test_boxes_are_ticked_by_hand(window, pump):
    _, dock, _ = window
    page = show_page(dock, pump)
    combo = part(page, "plan_protocol")
    combo.setCurrentIndex(combo.findData("lumbar_mbb"))
    part(page, "plan_joint_L5-S1").click()
    assert part(page, "plan_confirmation").text() == texts.PLAN_CHOOSE_SIDE
    assert not part(page, "plan_begin").isEnabled()
    part(page, "plan_side_left").click()
    part(page, "plan_begin").click()
    choice = dock.desk.session.find("plan:lumbar_mbb")
    assert (choice.joints, choice.sides) == (("L5-S1",), (Side.LEFT,))
    part(page, "plan_change").click()
    part(page, "plan_back").click()
    assert page._list.isVisible()


def test_a_message_about_another_version_has_a_button(window, pump):
    _, dock, _ = window
    protocol = load_protocols().get("lumbar_mbb")
    choice = PlanChoice(
        protocol_id=protocol.id, version="0.9", content_hash="other", joints=["L4-L5"], sides=["right"]
    )
    dock.desk.session.put(choice)
    page = show_page(dock, pump)
    assert "version 0.9 then" in part(page, "plan_problem").text()
    part(page, "plan_go_on").click()
    pump()
    assert dock.desk.session.find("plan:lumbar_mbb").content_hash == protocol.content_hash
    assert not part(page, "plan_problem").isVisible()
