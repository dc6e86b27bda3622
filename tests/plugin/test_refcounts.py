"""Reference counts: what the graphical toolkit gives back once too often crashes after some thousand frames."""

import sys

import pytest
from qtpy.QtWidgets import QApplication

FRAMES = 300
ALLOWED = 1000


@pytest.mark.gui
@pytest.mark.skipif(sys.version_info >= (3, 12), reason="None is immortal: it cannot be given back too often")
def test_stepping_through_frames_does_not_use_up_none(open_window, pump):
    """PySide6 6.11 gives None back once too often with each event that is passed to Python."""
    viewer, dock, _ = open_window()
    viewer.window.resize(500, 400)  # a small picture is drawn sooner
    dock.binding.show(dock.binding.stacks[2])
    pump()
    before = sys.getrefcount(None)
    for step in range(FRAMES):
        viewer.dims.set_current_step(0, step % 8)
        QApplication.processEvents()
    assert sys.getrefcount(None) > before - ALLOWED
