"""Real napari windows with small studies, and a hand for mouse and keyboard."""

import os
import sys
import time

import numpy as np
import pytest
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian, XRayAngiographicImageStorage

from fluoro_annotator.anatomy import Side, load_anatomy

STUDY = "2.25.700"
ROWS, COLUMNS = 200, 240


def pytest_collection_modifyitems(items):
    if sys.platform != "linux" or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"):
        return
    skip = pytest.mark.skip(reason="needs a display: run make test, which provides a virtual one")
    for item in items:
        if item.get_closest_marker("gui"):
            item.add_marker(skip)


@pytest.fixture(scope="session", autouse=True)
def napari_settings_of_their_own(tmp_path_factory):
    """napari keeps settings between runs; these tests have their own."""
    os.environ["NAPARI_CONFIG"] = str(tmp_path_factory.mktemp("napari") / "settings.yaml")


@pytest.fixture
def contributions():
    """napari's plugin manager, with the plugins that are installed, as in a window."""
    from napari.plugins import _initialize_plugins
    from npe2 import PluginManager

    _initialize_plugins()
    return PluginManager.instance()


@pytest.fixture(autouse=True)
def folders_of_their_own(tmp_path, monkeypatch):
    """Nothing is kept outside the folder of the test."""
    monkeypatch.setenv("FLUORO_ANNOTATOR_STORE", str(tmp_path / "default" / "readings.sqlite"))
    for variable in ("XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME"):
        monkeypatch.setenv(variable, str(tmp_path / variable))


@pytest.fixture(autouse=True)
def nothing_stays_held():
    """A key or a button of the mouse that a test leaves held would still be held in the next one.

    After a key with a modifier, and after a press with one, QTest leaves the modifier held.
    """
    yield
    from qtpy.QtCore import Qt
    from qtpy.QtWidgets import QApplication

    held = (QApplication.keyboardModifiers(), QApplication.mouseButtons())
    let_go()
    assert held == (Qt.KeyboardModifier.NoModifier, Qt.MouseButton.NoButton), f"left held: {held}"


@pytest.fixture(autouse=True)
def windows_that_ask_when_they_are_told(monkeypatch):
    """No window learns of another one by itself in the middle of a test that is about something else."""
    monkeypatch.setattr("napari_fluoro_annotator.controllers.watching.EVERY_MS", 3_600_000)


@pytest.fixture
def anatomy():
    return load_anatomy()


@pytest.fixture
def right_l3(anatomy):
    return anatomy.site("L3_MB", Side.RIGHT)


def write_image(path, *, number, frames=1, description="", study=STUDY, **attributes):
    """Write one XA image of seeded noise; returns its frames (frames, rows, columns)."""
    generator = np.random.default_rng(number)
    pixels = generator.integers(500, 3500, (frames, ROWS, COLUMNS), dtype=np.uint16)
    dataset = Dataset()
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    dataset.file_meta.MediaStorageSOPClassUID = dataset.SOPClassUID = XRayAngiographicImageStorage
    dataset.file_meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID = f"{study}.{number}.1"
    dataset.StudyInstanceUID, dataset.SeriesInstanceUID = study, f"{study}.{number}"
    dataset.StudyDescription, dataset.StudyDate = "Lumbar test study", "20260102"
    dataset.PatientName, dataset.PatientID = "CANARY^PATIENT", "CANARY-ID"
    dataset.SeriesNumber = number
    dataset.SeriesDescription = description or f"Series {number}"
    dataset.Modality, dataset.InstanceNumber = "XA", 1
    dataset.Rows, dataset.Columns, dataset.SamplesPerPixel = ROWS, COLUMNS, 1
    dataset.BitsAllocated, dataset.BitsStored, dataset.HighBit, dataset.PixelRepresentation = 16, 12, 11, 0
    dataset.PhotometricInterpretation = "MONOCHROME2"
    dataset.WindowCenter, dataset.WindowWidth = 2048, 4096
    if frames > 1:
        dataset.NumberOfFrames, dataset.FrameTime = frames, 66
    for keyword, value in attributes.items():
        setattr(dataset, keyword, value)
    dataset.PixelData = pixels.tobytes()
    path.parent.mkdir(parents=True, exist_ok=True)
    dataset.save_as(path, enforce_file_format=True)
    return pixels


@pytest.fixture
def write_xa():
    return write_image


@pytest.fixture
def study_folder(tmp_path):
    """A study of an AP, an oblique and a cine of 8 frames; file names without extension."""
    folder = tmp_path / "study"
    write_image(folder / "IM1", number=1, description="AP")
    write_image(folder / "IM2", number=2, description="Right oblique")
    write_image(folder / "IM3", number=3, description="Needle advance", frames=8)
    return folder


@pytest.fixture(scope="module")
def module_study(tmp_path_factory):
    """A study like `study_folder`, for windows that several tests share."""
    folder = tmp_path_factory.mktemp("shared") / "study"
    for number, frames in ((1, 1), (2, 1), (3, 8)):
        write_image(folder / f"IM{number}", number=number, frames=frames)
    return folder


class Hand:
    """Real mouse and key events on the canvas of a viewer."""

    def __init__(self, viewer, binding):
        from qtpy.QtCore import QPoint, Qt
        from qtpy.QtTest import QTest

        self._viewer, self._binding = viewer, binding
        self._qt, self._test, self._point = Qt, QTest, QPoint
        self._canvas = viewer.window._qt_viewer.canvas

    def work_on(self, dock):
        """Go on in another dock of the same window."""
        self._binding = dock.binding

    def at(self, row, column):
        """Return the canvas position of an image position."""
        node = self._canvas.layer_to_visual[self._binding._current].node
        transform = node.transforms.get_transform("visual", "canvas")
        x, y = transform.map([column + 0.5, row + 0.5, 0, 1])[:2]
        return self._point(round(float(x)), round(float(y)))

    def press(self, row, column, button=None):
        self._test.mousePress(
            self._canvas.native,
            button or self._qt.MouseButton.LeftButton,
            self._qt.KeyboardModifier.NoModifier,
            self.at(row, column),
        )
        settle(1)

    def move(self, row, column):
        self._test.mouseMove(self._canvas.native, self.at(row, column))
        settle(2)

    def release(self, row, column):
        self._test.mouseRelease(
            self._canvas.native,
            self._qt.MouseButton.LeftButton,
            self._qt.KeyboardModifier.NoModifier,
            self.at(row, column),
        )
        settle(1)

    def shift_click(self, row, column):
        """Press and let go of the mouse while Shift is held."""
        button, shift = self._qt.MouseButton.LeftButton, self._qt.KeyboardModifier.ShiftModifier
        self._test.keyPress(self._canvas.native, self._qt.Key.Key_Shift, shift)
        self._test.mousePress(self._canvas.native, button, shift, self.at(row, column))
        self._test.mouseRelease(self._canvas.native, button, shift, self.at(row, column))
        self._test.keyRelease(self._canvas.native, self._qt.Key.Key_Shift)
        settle(1)

    def click(self, row, column):
        self.press(row, column)
        self.release(row, column)
        time.sleep(self._double_click_pause())

    def double_click(self, row, column):
        self._test.mouseDClick(
            self._canvas.native,
            self._qt.MouseButton.LeftButton,
            self._qt.KeyboardModifier.NoModifier,
            self.at(row, column),
        )
        self.release(row, column)
        settle(1)

    def drag(self, start, end, steps=5):
        self.press(*start)
        for step in range(1, steps + 1):
            share = step / steps
            self.move(*(a + (b - a) * share for a, b in zip(start, end, strict=True)))
        self.release(*end)

    def key(self, key, *, control=False, shift=False):
        modifiers = self._qt.KeyboardModifier.NoModifier
        if control:
            modifiers |= self._qt.KeyboardModifier.ControlModifier
        if shift:
            modifiers |= self._qt.KeyboardModifier.ShiftModifier
        self._canvas.native.setFocus()
        self._test.keyClick(self._canvas.native, getattr(self._qt.Key, f"Key_{key}"), modifiers)
        if control or shift:
            self._test.keyRelease(self._canvas.native, self._qt.Key.Key_Shift)
        settle(1)

    def _double_click_pause(self):
        return 0.01

    def pixel_size(self):
        """Return how many image pixels one screen pixel is: the precision of a press."""
        return 1 / self._viewer.scene.camera.zoom


@pytest.fixture
def hand_on():
    """Return a function: viewer, binding -> a hand for mouse and keyboard."""
    return Hand


def let_go():
    """Let go of every key and button, wherever they were pressed."""
    from qtpy.QtCore import Qt
    from qtpy.QtTest import QTest
    from qtpy.QtWidgets import QApplication, QWidget

    if QApplication.instance() is not None:
        anywhere = QWidget()
        for button in Qt.MouseButton:
            if button & QApplication.mouseButtons():
                QTest.mouseRelease(anywhere, button)
        QTest.keyRelease(anywhere, Qt.Key.Key_Shift)


def settle(rounds=3):
    from qtpy.QtWidgets import QApplication

    for _ in range(rounds):
        QApplication.processEvents()
        time.sleep(0.01)


@pytest.fixture
def pump():
    return settle


@pytest.fixture
def open_window(qapp, tmp_path, study_folder):
    """Open real windows; returns (viewer, dock, hand) for each. All are closed at the end."""
    from qtpy.QtWidgets import QApplication

    from fluoro_annotator.dicom import scan
    from fluoro_annotator.store import open_store
    from napari_fluoro_annotator.launch import make_window

    opened = []

    def open_one(folder=study_folder, *, store=None, reader="tester"):
        own = store or open_store(tmp_path / "readings.sqlite")
        viewer, dock = make_window(scan([folder]).require(), store=own, reader=reader)
        viewer.window.resize(1200, 800)
        settle(5)
        opened.append((viewer, own))
        return viewer, dock, Hand(viewer, dock.binding)

    yield open_one
    for viewer, own in opened:
        close(viewer)
        own.close()
    settle(3)
    left = [widget for widget in QApplication.topLevelWidgets() if widget.objectName() == "Viewer"]
    assert not left, f"windows left open: {left}"


def close(viewer):
    try:
        viewer.close()
    except RuntimeError as error:
        if "already deleted" not in str(error):
            raise
    settle(3)


@pytest.fixture
def close_window():
    """Close a window, perhaps in the middle of a drag: the button is let go of when it is gone."""

    def close_and_let_go(viewer):
        close(viewer)
        let_go()

    return close_and_let_go


@pytest.fixture(scope="module")
def module_close():
    return close
