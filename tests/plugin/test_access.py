"""Everything can be reached and read: by Tab, by name, on a screen of 1366 x 768."""

from itertools import pairwise

import pytest
from qtpy.QtCore import QPoint, QPointF, Qt
from qtpy.QtGui import QWheelEvent
from qtpy.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractScrollArea,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLineEdit,
    QScrollArea,
    QWidget,
)

from fluoro_annotator.dicom import scan
from fluoro_annotator.store import MemoryStore
from napari_fluoro_annotator import styles
from napari_fluoro_annotator.launch import make_window

pytestmark = pytest.mark.gui

WIDTH, HEIGHT = 1366, 768
CONTROLS = (QAbstractButton, QComboBox, QLineEdit, QAbstractSpinBox, QAbstractItemView)
OKABE_ITO = {
    "#E69F00",
    "#56B4E9",
    "#009E73",
    "#F0E442",
    "#0072B2",
    "#D55E00",
    "#CC79A7",
    "#000000",
    "#FFFFFF",
}


@pytest.fixture(scope="module")
def window(module_study, qapp, module_close):
    """One window of 1366 x 768 for all tests of this file."""
    viewer, dock = make_window(scan([module_study]).require(), store=MemoryStore(), reader="nobody")
    viewer.window._qt_window.resize(WIDTH, HEIGHT)
    viewer.window._qt_window.show()
    pump()
    yield viewer.window._qt_window, dock
    module_close(viewer)


def pump():
    for _ in range(10):
        QApplication.processEvents()


def pages_of(dock):
    """Show one page after the other; yields its title, its content and the room it has."""
    pages = dock.view._pages
    for place in range(pages.count()):
        pages.setCurrentIndex(place)
        pump()
        page = pages.widget(place)
        scrolled = isinstance(page, QScrollArea)
        yield pages.tabText(place), page.widget() if scrolled else page, page.viewport() if scrolled else page


def parts_of(widget):
    """Return what somebody made, not what Qt made inside of it."""
    return [
        part
        for part in widget.findChildren(QWidget)
        if part.isVisibleTo(widget)
        and not part.objectName().startswith("qt_")
        and not isinstance(part.parent(), (QAbstractSpinBox, QComboBox))
        and not isinstance(part.parent().parent() if part.parent() else None, QAbstractScrollArea)
    ]


def test_the_window_fits_a_small_screen(window):
    main, dock = window
    assert (main.width(), main.height()) == (WIDTH, HEIGHT)
    assert main.minimumSizeHint().width() <= WIDTH
    assert main.minimumSizeHint().height() <= HEIGHT
    assert dock.view._pages.tabBar().sizeHint().width() <= dock.view._pages.width()


def test_no_page_is_wider_than_its_room_and_no_text_of_a_button_is_cut(window):
    _, dock = window
    titles = []
    for title, content, room in pages_of(dock):
        titles.append(title)
        wide = [
            (title, type(part).__name__, part.objectName())
            for part in parts_of(content)
            if part.mapTo(content, part.rect().topRight()).x() > room.width()
            or part.mapTo(content, part.rect().topLeft()).x() < 0
        ]
        assert wide == []
        cut = [
            (title, part.text())
            for part in parts_of(content)
            if isinstance(part, QAbstractButton) and part.width() < part.minimumSizeHint().width() - 1
        ]
        assert cut == []
    assert titles[0] == "Mark"
    assert len(titles) == len(set(titles))


def test_a_page_is_no_lower_than_what_cannot_be_scrolled(window):
    _, dock = window
    pages = dock.view._pages
    for title, content, room in pages_of(dock):
        if not isinstance(pages.currentWidget(), QScrollArea):
            assert content.minimumSizeHint().height() <= room.height(), title


def controls_of(widget):
    return [
        part
        for part in parts_of(widget)
        if isinstance(part, CONTROLS) and part.focusPolicy() & Qt.FocusPolicy.TabFocus
    ]


def name_of(part):
    """Return what a screen reader says: the name, the text, or that of the label beside it."""
    own = part.accessibleName() or (part.text() if isinstance(part, QAbstractButton) else "")
    labels = [
        label
        for label in part.window().findChildren(QWidget)
        if getattr(label, "buddy", lambda: None)() is part
    ]
    return own or (labels[0].text() if labels else "")


def test_every_control_has_a_name(window):
    _, dock = window
    nameless = [
        (title, type(part).__name__, part.objectName())
        for title, content, _ in pages_of(dock)
        for part in controls_of(content)
        if not name_of(part)
    ]
    assert nameless == []
    assert [part.objectName() for part in controls_of(dock.cine_view) if not name_of(part)] == []


def tab_chain(start):
    chain, widget = [], start
    while True:
        widget = widget.nextInFocusChain()
        if widget is start or len(chain) > 5000:
            return chain
        chain.append(widget)


def test_every_control_of_a_page_is_reached_by_tab_from_top_to_bottom(window):
    _, dock = window
    for title, content, _ in pages_of(dock):
        chain = tab_chain(dock.view._reader)
        wanted = controls_of(content)
        assert wanted, title
        reached = [part for part in chain if part in wanted]
        assert {id(part) for part in reached} == {id(part) for part in wanted}, title
        tops = [part.mapTo(content, part.rect().center()).y() for part in reached]
        assert all(later >= earlier - 30 for earlier, later in pairwise(tops)), title


def test_the_head_is_reached_before_the_pages(window):
    _, dock = window
    chain = [dock.view._reader, *tab_chain(dock.view._reader)]
    order = [
        chain.index(part) for part in (dock.changes_view.button, dock.keys_view.button, dock.view._views)
    ]
    assert order == sorted(order)


def test_colours_are_those_that_everybody_can_tell_apart():
    used = {value for value in vars(styles).values() if isinstance(value, str) and value.startswith("#")}
    assert used <= OKABE_ITO
    looks = {(style.colour, style.symbol) for style in styles.STYLES.values()}
    assert len(looks) >= len({style.layer for style in styles.STYLES.values()})


def test_the_wheel_changes_no_field_of_a_page(window):
    """A page is scrolled with the wheel; a nerve or a gauge must not change on the way."""
    _, dock = window
    turned = {}
    for title, content, _room in pages_of(dock):
        fields = content.findChildren(QComboBox) + content.findChildren(QAbstractSpinBox)
        for field in fields:
            before = value_of(field)
            field.setFocus()
            turn_wheel(field, -120)
            assert value_of(field) == before, f"{title}: {field.objectName()}"
        turned[title] = len(fields)
    assert sum(turned.values()) >= 20, turned


def value_of(field):
    return field.currentIndex() if isinstance(field, QComboBox) else field.text()


def turn_wheel(widget, steps):
    place = QPointF(widget.rect().center())
    turn = QWheelEvent(
        place,
        widget.mapToGlobal(place),
        QPoint(0, 0),
        QPoint(0, steps),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(widget, turn)
