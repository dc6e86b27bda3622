"""The reader's own keys: changed, refused, kept in a file, put back."""

import json
import re
from unittest.mock import MagicMock

import pytest
from psygnal import SignalInstance

from fluoro_annotator import settings
from fluoro_annotator.errors import SettingsError
from napari_fluoro_annotator import texts
from napari_fluoro_annotator.controllers.help import HelpController, KeysViewProtocol, groups_of
from napari_fluoro_annotator.keymap import Keymap, does
from napari_fluoro_annotator.keys import (
    BINDINGS,
    FIXED,
    NAPARI_KEYS,
    SHOWN,
    can_be_used,
    from_qt,
    shown_as,
    to_qt,
)
from napari_fluoro_annotator.views.keys import KeysView

TARGET, NEEDLE, UNDO = "annotate.arm_target", "annotate.arm_needle", "annotate.undo"


@pytest.fixture
def keymap():
    keymap = Keymap()
    keymap.load()
    yield keymap
    keymap._use({})


def key_of(keymap, name):
    return next(binding.key for binding in keymap.bindings if binding.name == name)


def write(text):
    path = settings.keys_file()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


# ---------------------------------------------------------------------- the table


def test_no_two_actions_have_one_key_and_each_says_what_it_does():
    assert len({binding.key for binding in BINDINGS}) == len(BINDINGS)
    assert len({binding.name for binding in BINDINGS}) == len(BINDINGS)
    assert len({binding.action for binding in BINDINGS}) == len(SHOWN) == len(BINDINGS)
    assert set(texts.KEYS_DO) == {binding.name for binding in BINDINGS}
    assert {binding.panel for binding in BINDINGS} <= set(texts.PANELS)
    assert {binding.name for binding in BINDINGS} >= FIXED


def test_the_keys_of_the_table_can_be_used_and_are_not_naparis():
    assert {binding.key for binding in BINDINGS} & NAPARI_KEYS == set()
    assert all(can_be_used(binding.key) for binding in BINDINGS if binding.name not in FIXED)
    assert all(binding.shown == shown_as(binding.key) for binding in BINDINGS)


def test_keys_in_tips_stand_in_parentheses_so_that_they_can_follow():
    tips = {name: text for name, text in vars(texts).items() if name.endswith("_TIP") and "{key}" in text}
    assert len(tips) > 10
    assert [name for name, text in tips.items() if "({key})" not in text] == []


@pytest.mark.parametrize(
    ("ours", "qt"),
    [
        ("T", "T"),
        ("Shift-P", "Shift+P"),
        ("Control-Shift-Z", "Ctrl+Shift+Z"),
        ("-", "-"),
        ("Control--", "Ctrl+-"),
        ("Delete", "Del"),
        ("Enter", "Return"),
        ("F2", "F2"),
        ("Up", "Up"),
    ],
)
def test_keys_come_from_qt_as_they_go_to_it(ours, qt):
    assert to_qt(ours) == qt
    assert from_qt(qt) == ours


def test_qt_knows_every_key_of_the_table(qapp):
    from qtpy.QtGui import QKeySequence

    portable = QKeySequence.SequenceFormat.PortableText
    for binding in BINDINGS:
        assert from_qt(QKeySequence(to_qt(binding.key)).toString(portable)) == binding.key


@pytest.mark.parametrize("key", ["a", "?", "", "+", "Ä", "Meta-A", "Tab", "AB", "T, N"])
def test_keys_that_napari_cannot_take_are_not_used(key):
    assert not can_be_used(key)


# ---------------------------------------------------------------------- changing


def test_a_changed_key_is_shown_told_and_kept(keymap):
    told = MagicMock()
    keymap.changed.connect(told)
    keymap.rebind(TARGET, "F6")
    told.assert_called_once_with({"T": "F6"})
    assert key_of(keymap, TARGET) == "F6"
    assert SHOWN["arm_target"] == "F6"
    another = Keymap()
    assert another.load() == ()
    assert key_of(another, TARGET) == "F6"


def test_the_key_that_was_given_up_can_be_given_to_another(keymap):
    keymap.rebind(TARGET, "F6")
    keymap.rebind(NEEDLE, "T")
    keymap.rebind(TARGET, "N")
    another = Keymap()
    assert another.load() == ()
    assert (key_of(another, TARGET), key_of(another, NEEDLE)) == ("N", "T")


@pytest.mark.parametrize(
    ("name", "key", "said"),
    [
        (TARGET, "N", does(NEEDLE)),
        (TARGET, "Control-Z", does(UNDO)),
        (TARGET, "C", texts.KEY_OF_NAPARI),
        (TARGET, "Tab", texts.KEY_UNUSABLE),
        ("annotate.disarm", "F6", "always has this key"),
    ],
)
def test_a_clash_is_refused_by_the_name_of_the_other_action(keymap, name, key, said):
    before = keymap.bindings
    with pytest.raises(SettingsError, match=re.escape(said)):
        keymap.rebind(name, key)
    assert keymap.bindings == before
    assert not settings.keys_file().exists()


def test_the_usual_keys_come_back(keymap):
    keymap.rebind(TARGET, "F6")
    keymap.rebind(NEEDLE, "F7")
    keymap.reset(TARGET)
    assert (key_of(keymap, TARGET), key_of(keymap, NEEDLE)) == ("T", "F7")
    keymap.reset_all()
    assert keymap.bindings == BINDINGS
    assert json.loads(settings.keys_file().read_text(encoding="utf-8")) == {"keys": {}}


def test_a_usual_key_that_another_action_has_by_now_does_not_come_back(keymap):
    keymap.rebind(TARGET, "F6")
    keymap.rebind(NEEDLE, "T")
    with pytest.raises(SettingsError, match=re.escape(does(NEEDLE))):
        keymap.reset(TARGET)


def test_a_folder_that_cannot_be_written_is_said_and_the_key_holds(keymap, tmp_path, monkeypatch):
    blocked = tmp_path / "file"
    blocked.write_text("", encoding="utf-8")
    monkeypatch.setenv(settings.KEYS_VARIABLE, str(blocked / "keys.json"))
    with pytest.raises(SettingsError, match="cannot be written"):
        keymap.rebind(TARGET, "F6")
    assert key_of(keymap, TARGET) == "F6"


# ---------------------------------------------------------------------- the file


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "{}", '{"keys": 3}', '{"keys": {"annotate.undo": 3}}', "nonsense"]
)
def test_a_file_that_is_no_table_of_keys_is_said_and_left(keymap, text):
    path = write(text)
    (problem,) = keymap.load()
    assert str(path) in problem
    assert keymap.bindings == BINDINGS
    assert path.read_text(encoding="utf-8") == text


def test_bytes_that_are_no_text_are_said(keymap):
    write("").write_bytes(b"\xff\xfe\x00")
    assert len(keymap.load()) == 1


@pytest.mark.parametrize(
    ("keys", "problems"),
    [
        ({TARGET: "F6", "old.action": "F7"}, 1),
        ({TARGET: "C"}, 1),
        ({TARGET: "N"}, 1),
        ({TARGET: "F6", NEEDLE: "F6"}, 1),
        ({"help.show_keys": "F6"}, 1),
        ({TARGET: "N", NEEDLE: "T"}, 0),
        ({TARGET: "T"}, 0),
    ],
)
def test_what_a_file_says_wrong_is_left_out_and_said(keymap, keys, problems):
    write(json.dumps({"keys": keys}))
    assert len(keymap.load()) == problems
    used = [binding.key for binding in keymap.bindings]
    assert len(set(used)) == len(used)
    assert not set(used) & NAPARI_KEYS


def test_the_file_can_be_put_elsewhere(tmp_path, monkeypatch):
    monkeypatch.setenv(settings.KEYS_VARIABLE, str(tmp_path / "mine.json"))
    assert settings.keys_file() == tmp_path / "mine.json"


# ---------------------------------------------------------------------- the controller


@pytest.fixture
def help_bench(keymap):
    view = MagicMock(spec=KeysView)
    signals = {"open_requested": (), "reset_all_requested": (), "reset_requested": (str,)}
    for name, types in {**signals, "rebind_requested": (str, str)}.items():
        setattr(view, name, SignalInstance(types))
    controller = HelpController(keymap, view)
    yield view
    controller.close()
    controller.close()


def test_the_mock_stands_for_what_the_controller_asks_of_a_view():
    wanted = {
        name
        for name in (*vars(KeysViewProtocol), *KeysViewProtocol.__annotations__)
        if not name.startswith("_")
    }
    assert wanted <= set(dir(KeysView))


def said(view):
    return view.set_message.call_args


def test_a_key_is_changed_and_put_back_in_the_table(help_bench, keymap):
    view = help_bench
    view.rebind_requested.emit(TARGET, "F6")
    assert "F6" in said(view).args[0]
    rows = {row.name: row for group in view.set_groups.call_args.args[0] for row in group.rows}
    assert (rows[TARGET].shown, rows[TARGET].own, rows[NEEDLE].own) == ("F6", True, False)
    view.reset_requested.emit(TARGET)
    assert keymap.bindings == BINDINGS
    view.rebind_requested.emit(TARGET, "F6")
    view.reset_all_requested.emit()
    assert said(view).args[0] == texts.KEYS_ALL_RESET
    assert keymap.bindings == BINDINGS


@pytest.mark.parametrize(
    ("name", "pressed", "wanted"),
    [("", "F6", texts.KEYS_CHOOSE), (TARGET, "", texts.KEYS_PRESS_FIRST), (TARGET, "N", does(NEEDLE))],
)
def test_what_cannot_be_done_is_said(help_bench, keymap, name, pressed, wanted):
    help_bench.rebind_requested.emit(name, pressed)
    assert wanted in said(help_bench).args[0]
    assert said(help_bench).kwargs["warning"]
    assert keymap.bindings == BINDINGS


def test_keys_are_grouped_by_panel(keymap):
    groups = groups_of(keymap)
    listed = [row.name for group in groups for row in group.rows]
    assert sorted(listed) == sorted(binding.name for binding in BINDINGS)
    assert len({group.title for group in groups}) == len(groups)
    assert groups[0].title == texts.PANELS["annotate"]


# ---------------------------------------------------------------------- the table itself


@pytest.fixture
def table(qtbot, keymap):
    view = KeysView()
    qtbot.addWidget(view)
    view.set_groups(groups_of(keymap))
    return view


def lines(view):
    root = view._table.invisibleRootItem()
    groups = [root.child(place) for place in range(root.childCount())]
    items = [
        group.child(row) for group in groups if not group.isHidden() for row in range(group.childCount())
    ]
    return [item.text(1) for item in items if not item.isHidden()]


@pytest.mark.gui
def test_the_table_is_searched_by_words_and_by_keys(table):
    assert len(lines(table)) == len(BINDINGS)
    table._search.setText("backwards")
    assert lines(table) == [does("cine.play_backwards")]
    table._search.setText("ctrl+shift+z")
    assert lines(table) == [does("annotate.redo")]
    table._search.setText("no such thing")
    assert lines(table) == []
    table._search.clear()
    assert len(lines(table)) == len(BINDINGS)


@pytest.mark.gui
def test_a_line_is_chosen_and_its_new_key_pressed(table, qtbot):
    from qtpy.QtCore import Qt
    from qtpy.QtTest import QTest

    heard = MagicMock()
    table.rebind_requested.connect(heard)
    root = table._table.invisibleRootItem()
    table._table.setCurrentItem(root.child(0).child(0))
    QTest.keyClick(table._new, Qt.Key.Key_F6, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyRelease(table._new, Qt.Key.Key_Shift)
    table._use.click()
    heard.assert_called_once_with(BINDINGS[0].name, "Shift+F6")


@pytest.mark.gui
def test_the_table_is_printed_with_every_key(table, tmp_path):
    from qtpy.QtGui import QPdfWriter

    document = table.document()
    text = document.toPlainText()
    assert all(does(binding.name) in text and binding.shown in text for binding in BINDINGS)
    path = tmp_path / "keys.pdf"
    document.print_(QPdfWriter(str(path)))
    assert path.read_bytes().startswith(b"%PDF")
