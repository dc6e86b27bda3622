"""A reading desk whose napari layers are mocked, for tests of controllers that need no window."""

from unittest.mock import MagicMock

from psygnal import SignalInstance

from fluoro_annotator.dicom import scan, views
from fluoro_annotator.marks import FrameRef, Purpose
from fluoro_annotator.store import MemoryStore
from napari_fluoro_annotator.controllers.desk import ReadingDesk
from napari_fluoro_annotator.controllers.pointer import Pointer
from napari_fluoro_annotator.layer_binding import LayerBinding
from napari_fluoro_annotator.shelf import Shelf


def mocked(cls, signals):
    """Return a mock of a class with real signals: their names and the types of their values."""
    mock = MagicMock(spec=cls)
    for name, types in signals.items():
        setattr(mock, name, SignalInstance(types))
    return mock


def stacks_of(folder):
    """Return the views of a folder."""
    return [stack for study in scan([folder]).studies for stack in views(study)]


class MockedDesk:
    """Desk and pointer on a mocked binding that turns to the views and frames it is told to show."""

    def __init__(
        self,
        stacks,
        store=None,
        *,
        reader="tester",
        open_reading=None,
        current=0,
        purpose=Purpose.PROCEDURE,
    ):
        self.store = store or MemoryStore()
        self.binding = mocked(LayerBinding, {"views_changed": (), "frame_changed": ()})
        self.binding.problem, self.binding.playing = "", False
        self.binding.show.side_effect = self.show
        self.open(stacks, current)
        opener = open_reading or Shelf(self.store).open_reading
        self.desk = ReadingDesk(self.binding, opener, reader=reader, purpose=purpose)
        self.pointer = Pointer(self.desk)
        self.said = []
        self.desk.said.connect(self._on_said)

    def _on_said(self, text, warning):
        self.said.append((text, warning))

    def open(self, stacks, current=0):
        self.binding.stacks = tuple(stacks)
        self._turn_to(stacks[current] if stacks else None, 0)

    def show(self, stack, index=None):
        self._turn_to(stack, index or 0)
        self.binding.frame_changed.emit()

    def _turn_to(self, stack, index):
        self.binding.current, self.binding.index = stack, index
        self.binding.frame = None if stack is None else FrameRef(*stack.frame_ref(index))

    @property
    def session(self):
        return self.desk.session
