"""Opening in a window: in the background, with progress, a way out, and no view twice."""

import os
import threading
import time

import pytest
from qtpy.QtCore import QItemSelectionModel, QMimeData, QPointF, Qt, QUrl
from qtpy.QtGui import QDropEvent
from qtpy.QtWidgets import QApplication, QPushButton

from fluoro_annotator.dicom import FrameReader
from napari_fluoro_annotator import opening, reader, scan_job, texts, view_layers
from napari_fluoro_annotator.opening import opener_of
from napari_fluoro_annotator.views.opening import SkippedList, StudyChoice

pytestmark = pytest.mark.gui

NAMES = ["1 AP", "2 Right oblique", "3 Needle advance"]


@pytest.fixture
def window(qapp, close_window, pump):
    """An empty window, and its opener."""
    from napari_fluoro_annotator.launch import make_window

    viewer, _ = make_window()
    viewer.window.resize(1100, 700)
    pump(5)
    yield viewer
    close_window(viewer)


@pytest.fixture
def said(monkeypatch):
    """Return what napari would show: pairs of severity and sentence."""
    sentences = []
    for module in (opening, reader):
        for severity in ("info", "warning", "error"):
            monkeypatch.setattr(
                module,
                f"show_{severity}",
                lambda text, severity=severity: sentences.append((severity, text)),
            )
    return sentences


@pytest.fixture
def wait(pump):
    """Let the window work until something is so."""

    def until(condition, seconds=30):
        end = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < end, "waited in vain"
            pump(1)

    return until


@pytest.fixture
def other_folder(tmp_path, write_xa):
    """Another study, of one view."""
    write_xa(tmp_path / "other" / "IM1", number=1, study="2.25.701", description="Other")
    return tmp_path / "other"


@pytest.fixture
def done(wait):
    return lambda viewer: wait(lambda: not opener_of(viewer).busy)


@pytest.fixture
def held(monkeypatch):
    """A drive that does not answer until the gate is opened; notes whether the scan was told to stop."""
    gate, told = threading.Event(), []
    original = scan_job.scan

    def scan(paths, *, progress, cancel, index):
        progress(3, 5000)
        gate.wait(60)
        told.append(cancel())
        return original(paths, progress=progress, cancel=cancel, index=index)

    monkeypatch.setattr(scan_job, "scan", scan)
    gate.told = told
    yield gate
    gate.set()


def drop(viewer, *paths):
    """Drop files on the window, and choose this reader if napari asks."""
    viewer.window._qt_viewer._qt_open([str(path) for path in paths], stack=False, plugin="fluoro-annotator")


def names(viewer):
    return [layer.name for layer in view_layers.fluoroscopic_layers(viewer)]


def visible(viewer):
    return [layer.name for layer in view_layers.fluoroscopic_layers(viewer) if layer.visible]


def panel(viewer):
    return opener_of(viewer)._panel


def buttons(widget):
    """Return the buttons that are seen, by what is written on them."""
    return {button.text(): button for button in widget.findChildren(QPushButton) if button.isVisible()}


# ---------------------------------------------------------------------- dropped on the window


def test_a_dropped_folder_is_opened_in_the_background(window, study_folder, said, done):
    drop(window, study_folder)
    assert names(window) == []
    assert opener_of(window).busy
    done(window)
    assert names(window) == NAMES
    assert visible(window) == ["1 AP"]
    assert not panel(window).isVisible()
    assert said == []


def test_a_file_that_is_really_dropped_is_opened_in_the_background(window, tmp_path, write_xa, done):
    from napari.settings import get_settings

    write_xa(tmp_path / "image.dcm", number=1, description="AP")
    # napari has been told before which reader to use, and does not ask
    get_settings().plugins.extension2reader = {"*.dcm": "fluoro-annotator"}
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(tmp_path / "image.dcm"))])
    button, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    event = QDropEvent(QPointF(50, 50), Qt.DropAction.CopyAction, mime, button, keys)
    window.window._qt_viewer.dropEvent(event)
    assert names(window) == []
    done(window)
    assert names(window) == ["1 AP"]


def test_files_dropped_together_are_one_selection(window, tmp_path, write_xa, done, monkeypatch):
    scans = []
    original = scan_job.scan
    monkeypatch.setattr(
        scan_job, "scan", lambda paths, **options: scans.append(paths) or original(paths, **options)
    )
    for place in range(3):
        write_xa(
            tmp_path / f"IM{place}",
            number=1,
            SOPInstanceUID=f"2.25.700.1.{place + 1}",
            InstanceNumber=place + 1,
        )
    drop(window, *(tmp_path / f"IM{place}" for place in range(3)))
    done(window)
    assert [len(paths) for paths in scans] == [3]
    ((stack,),) = [[layer.data for layer in view_layers.fluoroscopic_layers(window)]]
    assert len(stack) == 3


def test_a_program_that_opens_gets_its_layers_at_once(window, study_folder, contributions):
    layers = window.open(str(study_folder), plugin="fluoro-annotator")
    assert [layer.name for layer in layers] == NAMES


def test_layers_come_to_the_window_on_which_was_dropped(window, study_folder, done, close_window):
    import napari

    other = napari.Viewer()
    try:
        assert napari.current_viewer() is other
        drop(window, study_folder)
        done(window)
        assert names(window) == NAMES
        assert names(other) == []
    finally:
        close_window(other)


def test_only_the_view_that_is_shown_is_read(window, study_folder, done, monkeypatch, pump):
    read = []
    original = FrameReader.read

    def reading(self, index):
        read.append(self)
        return original(self, index)

    monkeypatch.setattr(FrameReader, "read", reading)
    drop(window, study_folder)
    done(window)
    pump(10)
    assert len({id(each) for each in read}) == 1


# ---------------------------------------------------------------------- while it lasts


def test_the_window_goes_on_and_says_how_far_it_is(window, study_folder, held, wait, done):
    started = time.monotonic()
    drop(window, study_folder)
    assert time.monotonic() - started < 5
    wait(lambda: panel(window).isVisible())
    assert panel(window)._text.text() == "Reading file 3 of 5,000"
    assert panel(window)._bar.maximum() == 5000
    assert list(buttons(panel(window))) == [texts.CANCEL]
    assert panel(window).geometry().bottom() < window.window._qt_window.centralWidget().height()
    held.set()
    done(window)
    assert names(window) == NAMES
    assert not panel(window).isVisible()


def test_before_files_are_counted_the_panel_says_that_it_looks(window, study_folder, monkeypatch, wait, done):
    gate, original = threading.Event(), scan_job.scan

    def scan(paths, **options):
        gate.wait(60)
        return original(paths, **options)

    monkeypatch.setattr(scan_job, "scan", scan)
    drop(window, study_folder)
    wait(lambda: panel(window).isVisible())
    assert panel(window)._text.text() == texts.LOOKING
    assert panel(window)._bar.maximum() == 0
    gate.set()
    done(window)


def test_cancel_ends_it_at_once_even_if_the_drive_does_not_answer(window, study_folder, held, wait, said):
    drop(window, study_folder)
    wait(lambda: panel(window).isVisible())
    started = time.monotonic()
    buttons(panel(window))[texts.CANCEL].click()
    assert time.monotonic() - started < 0.2
    assert not opener_of(window).busy
    assert panel(window)._text.text() == texts.CANCELLED
    held.set()
    wait(lambda: held.told)
    assert held.told == [True]
    QApplication.processEvents()
    assert names(window) == []
    assert said == []


def test_a_cancelled_scan_of_many_files_stops_reading_them(window, tmp_path, write_xa, wait, monkeypatch):
    write_xa(tmp_path / "IM0", number=1)
    content = (tmp_path / "IM0").read_bytes()
    for place in range(1, 300):
        (tmp_path / f"IM{place}").write_bytes(content)
    reached, go_on, results, original = threading.Event(), threading.Event(), [], scan_job.scan

    def held_scan(paths, *, progress, cancel, index):
        def report_and_stay(done, total):
            progress(done, total)
            reached.set()
            go_on.wait(30)

        results.append(original(paths, progress=report_and_stay, cancel=cancel, index=index))

    monkeypatch.setattr(scan_job, "scan", held_scan)
    drop(window, tmp_path)
    wait(reached.is_set)
    opener_of(window).cancel()
    go_on.set()
    wait(lambda: results)
    assert results[0].cancelled
    assert sum(len(study.images) for study in results[0].studies) < 300


def test_what_is_dropped_meanwhile_waits(window, study_folder, other_folder, held, wait):
    drop(window, study_folder)
    wait(lambda: panel(window).isVisible())
    drop(window, other_folder)
    held.set()
    wait(lambda: not opener_of(window).busy)
    assert sorted(names(window)) == sorted([*NAMES, "1 Other"])
    assert len(visible(window)) == 1


def test_closing_the_window_ends_it(study_folder, held, wait, pump, close_window):
    from napari_fluoro_annotator.launch import make_window

    viewer, _ = make_window()
    pump(3)
    drop(viewer, study_folder)
    wait(lambda: panel(viewer).isVisible())
    close_window(viewer)
    pump(5)
    held.set()
    wait(lambda: held.told)
    assert held.told == [True]
    pump(10)
    assert names(viewer) == []


def test_whoever_marks_by_now_keeps_the_view(window, study_folder, other_folder, done, monkeypatch):
    drop(window, study_folder)
    done(window)
    monkeypatch.setattr(opening, "SOON", -1)
    drop(window, other_folder)
    done(window)
    assert sorted(names(window)) == sorted([*NAMES, "1 Other"])
    assert visible(window) == ["1 AP"]
    assert panel(window)._text.text() == texts.ADDED_ONE


def test_whoever_waits_for_it_is_shown_the_new_study(window, study_folder, other_folder, done):
    drop(window, study_folder)
    done(window)
    drop(window, other_folder)
    done(window)
    assert visible(window) == ["1 Other"]


# ---------------------------------------------------------------------- what cannot be opened


def test_files_that_were_not_opened_are_counted_and_listed(window, study_folder, done, said, wait):
    (study_folder / "report").write_text("not DICOM at all")
    (study_folder / "empty").touch()
    (study_folder / "notes.txt").write_text("a note")
    drop(window, study_folder)
    done(window)
    assert panel(window)._text.text() == "2 files were not opened."
    buttons(panel(window))[texts.SHOW_LIST].click()
    wait(lambda: window.window._qt_window.findChildren(SkippedList))
    (listed,) = window.window._qt_window.findChildren(SkippedList)
    rows = [[listed._table.item(row, column).text() for column in range(3)] for row in range(3)]
    assert [row[0] for row in rows] == [str(study_folder / name) for name in ("empty", "report", "notes.txt")]
    assert rows[1][1] == "Is not a DICOM file."
    assert all(row[1].endswith(".") for row in rows)
    buttons(listed)[texts.COPY].click()
    lines = QApplication.clipboard().text().split("\n")
    assert lines == ["\t".join(row) for row in (texts.SKIPPED_COLUMNS, *rows)]
    whole_row = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
    listed._table.selectionModel().select(
        listed._table.model().index(1, 0), whole_row
    )  # whatever key is held
    listed.copy()
    wait(lambda: QApplication.clipboard().text().split("\n")[1:] == ["\t".join(rows[1])])
    listed.close()
    buttons(panel(window))[texts.CLOSE].click()
    assert not panel(window).isVisible()
    assert said == []


def test_the_menu_shows_the_list_again(window, study_folder, done, pump, said):
    from napari_fluoro_annotator import commands

    drop(window, study_folder)
    done(window)
    commands.show_skipped(window)
    assert said == [("info", texts.NOTHING_SKIPPED)]
    (study_folder / "report").write_text("not DICOM at all")
    drop(window, study_folder)
    done(window)
    commands.show_skipped(window)
    pump()
    (listed,) = window.window._qt_window.findChildren(SkippedList)
    listed.close()


@pytest.mark.parametrize("content", [{}, {"report": b"not DICOM at all", "empty": b""}])
def test_nothing_usable_is_an_error_with_a_list(window, tmp_path, done, said, content):
    (tmp_path / "folder").mkdir()
    for name, data in content.items():
        (tmp_path / "folder" / name).write_bytes(data)
    drop(window, tmp_path / "folder")
    done(window)
    ((severity, sentence),) = said
    assert severity == "error"
    assert "holds no fluoroscopic image" in sentence
    assert panel(window)._text.text() == texts.NOTHING_FOUND
    assert (texts.SHOW_LIST in buttons(panel(window))) == bool(content)


def test_a_folder_that_vanishes_is_an_error_and_the_next_one_opens(window, study_folder, held, wait, said):
    away = study_folder.with_name("away")
    drop(window, study_folder)
    wait(lambda: panel(window).isVisible())
    study_folder.rename(away)
    held.set()
    wait(lambda: not opener_of(window).busy)
    assert [severity for severity, _ in said] == ["error"]
    drop(window, away)
    wait(lambda: not opener_of(window).busy)
    assert names(window) == NAMES


def test_files_that_vanish_after_they_were_found_are_named(window, study_folder, done, said, monkeypatch):
    original = opening.prepare

    def prepare(stacks, *rest):
        (study_folder / "IM1").unlink()
        return original(stacks, *rest)

    monkeypatch.setattr(opening, "prepare", prepare)
    drop(window, study_folder)
    done(window)
    assert names(window) == NAMES
    assert said
    assert all(severity == "error" and "IM1" in sentence for severity, sentence in said)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_what_may_not_be_read_is_listed(window, study_folder, done):
    (study_folder / "IM1").chmod(0)
    drop(window, study_folder)
    done(window)
    assert panel(window)._text.text() == "1 file was not opened."
    assert names(window) == NAMES[1:]


def test_what_the_system_refuses_to_read_is_listed(window, study_folder, done, monkeypatch):
    """As the test before, for those who may read everything."""
    refuse = PermissionError(13, "Permission denied")
    original = scan_job.scan

    def scan(paths, **options):
        from fluoro_annotator.dicom import ScanResult, SkippedFile
        from fluoro_annotator.dicom.header import unreadable

        result = original(paths, **options)
        error = unreadable(study_folder / "locked", refuse)
        left = SkippedFile(study_folder / "locked", error.problem, error.remedy)
        return ScanResult(result.studies, (*result.skipped, left))

    monkeypatch.setattr(scan_job, "scan", scan)
    drop(window, study_folder)
    done(window)
    assert panel(window)._text.text() == "1 file was not opened."
    assert names(window) == NAMES


def test_an_unexpected_fault_is_not_hidden_and_the_next_folder_opens(
    window, study_folder, done, monkeypatch, qtbot
):
    original = scan_job.scan

    def broken(_paths, **_options):
        raise ZeroDivisionError("a fault")

    monkeypatch.setattr(scan_job, "scan", broken)
    with qtbot.captureExceptions() as faults:
        drop(window, study_folder)
        done(window)
    assert [kind for kind, *_ in faults] == [ZeroDivisionError]
    assert not panel(window).isVisible()
    monkeypatch.setattr(scan_job, "scan", original)
    drop(window, study_folder)
    done(window)
    assert names(window) == NAMES


def test_overlays_are_said(window, study_folder, done, said, monkeypatch):
    from dataclasses import replace

    from fluoro_annotator.dicom import Overlay, ScanResult

    original = scan_job.scan

    def scan(paths, **options):
        result = original(paths, **options)
        (study,) = result.studies
        (series, *others) = study.series
        covered = replace(series.images[0], overlays=(Overlay(group=0x6000, rows=8, columns=6),))
        series = replace(series, images=(covered,))
        return ScanResult((replace(study, series=(series, *others)),), ())

    monkeypatch.setattr(scan_job, "scan", scan)
    drop(window, study_folder)
    done(window)
    assert said == [("warning", texts.OVERLAYS_ONE)]


# ---------------------------------------------------------------------- the same study again


def test_the_same_study_is_not_listed_twice(window, study_folder, done, said):
    drop(window, study_folder)
    done(window)
    drop(window, study_folder)
    done(window)
    assert names(window) == NAMES
    assert panel(window)._text.text() == "3 views are open already and were not added again."
    assert window.open(str(study_folder), plugin="fluoro-annotator") == []
    assert names(window) == NAMES
    assert said == [("info", "3 views are open already and were not added again.")]


def test_two_drops_of_one_study_in_a_row_open_it_once(window, study_folder, held, wait, done):
    drop(window, study_folder)
    wait(lambda: panel(window).isVisible())
    drop(window, study_folder)
    held.set()
    done(window)
    assert names(window) == NAMES


def test_of_a_study_that_has_grown_only_what_is_new_is_added(window, study_folder, write_xa, done):
    drop(window, study_folder)
    done(window)
    write_xa(study_folder / "IM4", number=4, description="Final position")
    drop(window, study_folder)
    done(window)
    assert names(window) == [*NAMES, "4 Final position"]
    assert visible(window) == ["4 Final position"]


def test_a_study_whose_files_have_gone_is_opened_from_where_they_are_now(window, study_folder, done):
    drop(window, study_folder)
    done(window)
    moved = study_folder.rename(study_folder.with_name("moved"))
    drop(window, moved)
    done(window)
    assert names(window) == NAMES
    layers = view_layers.fluoroscopic_layers(window)
    assert {layer.data.images[0].path.parent for layer in layers} == {moved}
    assert visible(window) == ["1 AP"]


def test_the_sample_study_is_not_listed_twice(window, contributions, said):
    assert len(window.open_sample("fluoro-annotator", "lumbar_phantom")) == 6
    assert len(names(window)) == 6
    assert reader.layers_of(scan_of_sample(), window) == reader.NO_LAYERS


def scan_of_sample():
    from fluoro_annotator import settings
    from fluoro_annotator.dicom import scan

    return scan([settings.sample_folder() / "lumbar"]).require()


# ---------------------------------------------------------------------- very many views


@pytest.fixture
def archive(tmp_path, write_xa, monkeypatch):
    """Three studies of two views, and a limit of four."""
    monkeypatch.setattr(opening, "MANY_VIEWS", 4)
    monkeypatch.setattr(view_layers, "MANY_VIEWS", 4)
    for study in range(3):
        for number in (1, 2):
            write_xa(
                tmp_path / "archive" / f"{study}{number}",
                number=number,
                study=f"2.25.70{study}",
                description=f"View {study}",
                frames=number,
                StudyDescription=f"Study {study}",
                StudyDate=f"2026010{study + 1}",
            )
    return tmp_path / "archive"


def choice_of(viewer, wait):
    def found():
        return [each for each in viewer.window._qt_window.findChildren(StudyChoice) if each.isVisible()]

    wait(found)
    return found()[0]


def top_row(choice, place):
    item = choice._tree.topLevelItem(place)
    return [item.text(column) for column in range(4)], item.checkState(0) == Qt.CheckState.Checked


def test_of_very_many_views_those_of_the_first_study_are_proposed(window, archive, wait, done, pump):
    drop(window, archive)
    choice = choice_of(window, wait)
    assert [top_row(choice, place) for place in range(3)] == [
        (["Study 0", "2026-01-01", "2", "3"], True),
        (["Study 1", "2026-01-02", "2", "3"], False),
        (["Study 2", "2026-01-03", "2", "3"], False),
    ]
    assert names(window) == []
    assert not panel(window).isVisible()
    buttons(choice)["Open"].click()
    done(window)
    assert names(window) == ["1 View 0", "2 View 0"]


def test_others_can_be_chosen_and_those_that_are_open_cannot(window, archive, wait, done):
    drop(window, archive)
    choice = choice_of(window, wait)
    choice._tree.topLevelItem(0).setCheckState(0, Qt.CheckState.Unchecked)
    assert not buttons(choice)["Open"].isEnabled()
    choice._tree.topLevelItem(1).setCheckState(0, Qt.CheckState.Checked)
    choice._tree.topLevelItem(2).child(1).setCheckState(0, Qt.CheckState.Checked)
    assert choice._summary.text() == "3 views are chosen."
    buttons(choice)["Open"].click()
    done(window)
    assert names(window) == ["1 View 1", "2 View 1", "2 View 2"]
    drop(window, archive)
    choice = choice_of(window, wait)
    rows = [top_row(choice, place) for place in range(3)]
    assert rows[1] == (["Study 1 (open already)", "2026-01-02", "2", "3"], False)
    assert rows[0][1]
    choice.reject()
    done(window)
    assert names(window) == ["1 View 1", "2 View 1", "2 View 2"]


def test_a_program_gets_the_first_study_of_very_many_and_a_word(window, archive, contributions, said):
    window.open(str(archive), plugin="fluoro-annotator")
    assert names(window) == ["1 View 0", "2 View 0"]
    assert said == [("warning", texts.FIRST_STUDY_ONLY.format(count=4))]


def test_closing_the_window_over_the_list_ends_it(qapp, archive, wait, pump, close_window):
    from napari_fluoro_annotator.launch import make_window

    viewer, _ = make_window()
    drop(viewer, archive)
    choice_of(viewer, wait)
    close_window(viewer)
    pump(10)
    assert names(viewer) == []


def test_no_patient_data_in_the_list(window, archive, wait, done):
    drop(window, archive)
    choice = choice_of(window, wait)
    shown = "".join(text for place in range(3) for text in top_row(choice, place)[0])
    assert "CANARY" not in shown
    choice.reject()
    done(window)
