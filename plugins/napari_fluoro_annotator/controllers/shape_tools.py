"""The tools for courses, zones and landmarks on the Needle page."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from psygnal import SignalInstance

from fluoro_annotator.anatomy import Side, Site
from fluoro_annotator.errors import FluoroAnnotatorError
from napari_fluoro_annotator import texts
from napari_fluoro_annotator.controllers.desk import ReadingDesk
from napari_fluoro_annotator.controllers.placing import NotReady
from napari_fluoro_annotator.controllers.pointer import Pointer
from napari_fluoro_annotator.controllers.protocols import Choice, PlacingTool
from napari_fluoro_annotator.controllers.shaping import CourseTool, EllipseTool, LandmarkTool, PolygonTool
from napari_fluoro_annotator.wiring import Wires, Wiring

SHAPES: Mapping[str, type[CourseTool | PolygonTool | EllipseTool]] = {
    "course": CourseTool,
    "zone": PolygonTool,
    "ellipse": EllipseTool,
}


class ShapesViewProtocol(Protocol):
    """The part of the Needle page with these tools, as the controller sees it."""

    shown: SignalInstance
    tool_chosen: SignalInstance
    landmark_chosen: SignalInstance
    landmark_vertebra_chosen: SignalInstance
    landmark_side_chosen: SignalInstance

    def set_landmarks(self, choices: Sequence[Choice]) -> None:
        """Offer these landmarks."""

    def set_landmark_vertebrae(self, choices: Sequence[Choice]) -> None:
        """Offer these vertebrae."""

    def set_tool(self, tool: str | None) -> None:
        """Show which tool waits for a press."""


class ShapeTools:
    """Arms the tools for shapes and landmarks.

    Parameters
    ----------
    desk : ReadingDesk
        The reading that is worked on.
    pointer : Pointer
        Who answers presses.
    view : ShapesViewProtocol
        The widget.
    site : callable
        Returns the nerve and side that are chosen; raises `NotReady` if they are not.
    landmarks : callable
        Returns the landmarks that protocols know: identifier and title.

    """

    def __init__(
        self,
        desk: ReadingDesk,
        pointer: Pointer,
        view: ShapesViewProtocol,
        *,
        site: Callable[[], Site],
        landmarks: Callable[[], Mapping[str, str]],
    ) -> None:
        self._desk, self._pointer, self._view = desk, pointer, view
        self._site, self._find_landmarks = site, landmarks
        self._landmarks: Mapping[str, str] = {}
        self._landmark, self._vertebra = "", ""
        self._side: Side | None = None
        self._tool: tuple[str, PlacingTool] | None = None
        view.set_landmark_vertebrae(
            [Choice(vertebra.id, vertebra.name) for vertebra in desk.anatomy.vertebrae.values()]
        )
        self._wiring = Wiring(self._wires())

    def _wires(self) -> Wires:
        view = self._view
        return (
            (view.shown, self.offer_landmarks),
            (view.tool_chosen, self.choose_tool),
            (view.landmark_chosen, self.choose_landmark),
            (view.landmark_vertebra_chosen, self.choose_landmark_vertebra),
            (view.landmark_side_chosen, self.choose_landmark_side),
            (self._pointer.tool_changed, self._on_tool),
        )

    def close(self) -> None:
        """Let go of pointer and widget; may be called more than once."""
        self._wiring.close()

    def choose_tool(self, tool: str) -> None:
        """Arm a tool, or put it away if it is armed already."""
        if not tool or self._armed() == tool:
            self._pointer.disarm()
        else:
            self.arm(tool)

    def arm(self, name: str) -> None:
        """Let presses go to a tool: a key of `SHAPES`, or "landmark"."""
        try:
            tool = self._landmark_tool() if name == "landmark" else self._shape_tool(name)
        except NotReady as reason:
            self._desk.say(str(reason), warning=True)
        except FluoroAnnotatorError as error:
            self._desk.say_error(error)
        else:
            self._tool = (name, tool)
            if self._pointer.arm(tool):
                self._desk.say(tool.hint())

    def _shape_tool(self, name: str) -> PlacingTool:
        site = self._site()
        return SHAPES[name](site, self._desk.anatomy.site_label(site))

    def _landmark_tool(self) -> PlacingTool:
        if not self._landmark:
            raise NotReady(texts.NEED_LANDMARK)
        if not self._vertebra:
            raise NotReady(texts.NEED_LANDMARK_VERTEBRA)
        title = self._landmarks[self._landmark]
        return LandmarkTool(self._landmark, title, self._vertebra, self._side, self._desk.anatomy)

    def _armed(self) -> str | None:
        if self._tool is None or self._pointer.tool is not self._tool[1]:
            return None
        return self._tool[0]

    def offer_landmarks(self) -> None:
        """Offer the landmarks of the protocols; they are looked up when the page is first seen."""
        if not self._landmarks:
            self._landmarks = self._find_landmarks()
            self._view.set_landmarks([Choice(key, title) for key, title in self._landmarks.items()])

    def choose_landmark(self, landmark: str) -> None:
        """Take the landmark that the next press marks."""
        self._landmark = landmark
        self._put_landmark_away()

    def choose_landmark_vertebra(self, vertebra: str) -> None:
        """Take the vertebra of the landmark."""
        self._vertebra = vertebra
        self._put_landmark_away()

    def choose_landmark_side(self, side: str) -> None:
        """Take the side of the landmark, none if it has none."""
        self._side = Side(side) if side else None
        self._put_landmark_away()

    def _put_landmark_away(self) -> None:
        """Put the tool away if it waits: it must be the one that is chosen."""
        if self._armed() == "landmark":
            self._pointer.disarm()

    def _on_tool(self) -> None:
        self._view.set_tool(self._armed())
