"""A slow disk or network delays a frame, never the window."""

import threading
import time

import numpy as np
import pytest

from fluoro_annotator.dicom import FrameReader
from napari_fluoro_annotator import shown_frames, texts

pytestmark = pytest.mark.gui


@pytest.fixture
def slow(monkeypatch):
    """Frame 6 of the cine is not delivered before the gate is opened."""
    gate = threading.Event()
    original = FrameReader.read

    def read(self, index):
        if index == 5:
            assert gate.wait(20)
        return original(self, index)

    monkeypatch.setattr(FrameReader, "read", read)
    monkeypatch.setattr(shown_frames, "PATIENCE", 0.05)
    yield gate
    gate.set()


def test_a_late_frame_is_blank_takes_no_mark_and_appears_by_itself(open_window, slow, pump):
    _, dock, hand = open_window()
    cine = dock.binding.stacks[2]
    started = time.monotonic()
    dock.binding.show(cine, 5)
    pump(3)
    assert time.monotonic() - started < 10
    assert texts.STILL_READING in dock.binding.problem
    dock.view.set_nerve("L3_MB")
    dock.view._side_buttons["right"].click()
    hand.key("T")
    hand.click(50, 60)
    assert dock.controller.session.marks == ()
    assert "still being read" in dock.view._hint.text()
    slow.set()
    for _ in range(100):
        pump(2)
        if not dock.binding.problem:
            break
    assert dock.binding.problem == ""
    assert not dock.binding._look_for_late_frames.isActive()
    assert np.asarray(dock.binding._current._slice.image.view).any()
    hand.click(50, 60)
    assert len(dock.controller.session.marks) == 1


def test_other_frames_are_shown_while_one_is_late(open_window, slow, pump):
    _, dock, _ = open_window()
    cine = dock.binding.stacks[2]
    dock.binding.show(cine, 5)
    dock.binding.show(cine, 1)
    pump(2)
    assert dock.binding.problem == ""
    assert np.asarray(cine[1]).any()


def test_play_finds_the_next_frames_read_already(open_window, pump):
    _, dock, _ = open_window()
    cine = dock.binding.stacks[2]
    dock.binding.show(cine, 0)
    dock.binding.show(cine, 1)
    for _ in range(200):
        pump(1)
        if all(cine._source.keeps(index) for index in (2, 3, 4)):
            break
    assert all(cine._source.keeps(index) for index in (2, 3, 4))
