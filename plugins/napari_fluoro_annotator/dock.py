"""The Annotate dock: desk, pointer, panels and layer binding put together for one viewer."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import cast

from napari.qt import QtViewer
from napari.utils.notifications import show_warning
from napari.viewer import Viewer
from qtpy.QtWidgets import QMainWindow, QVBoxLayout, QWidget

from fluoro_annotator import settings
from fluoro_annotator.errors import FluoroAnnotatorError
from fluoro_annotator.marks import Purpose
from fluoro_annotator.protocols import load_protocols
from fluoro_annotator.store import LastSeen, Store
from napari_fluoro_annotator import texts
from napari_fluoro_annotator.companion_area import CompanionArea
from napari_fluoro_annotator.controllers.adequacy import AdequacyController
from napari_fluoro_annotator.controllers.annotate import AnnotateController
from napari_fluoro_annotator.controllers.calibrating import CalibrationController
from napari_fluoro_annotator.controllers.changes import ChangesController
from napari_fluoro_annotator.controllers.cine import CineController
from napari_fluoro_annotator.controllers.companions import CompanionsController
from napari_fluoro_annotator.controllers.desk import ReadingDesk
from napari_fluoro_annotator.controllers.display import DisplayController
from napari_fluoro_annotator.controllers.events import EventsController
from napari_fluoro_annotator.controllers.exporting import ExportController
from napari_fluoro_annotator.controllers.help import HelpController
from napari_fluoro_annotator.controllers.levels import LevelsController
from napari_fluoro_annotator.controllers.loupe import LoupeController
from napari_fluoro_annotator.controllers.measures import MeasuresController
from napari_fluoro_annotator.controllers.needles import NeedlesController
from napari_fluoro_annotator.controllers.plan import PlanController
from napari_fluoro_annotator.controllers.pointer import Pointer
from napari_fluoro_annotator.controllers.points import PointsController
from napari_fluoro_annotator.controllers.protocols import Panel
from napari_fluoro_annotator.controllers.purposes import PurposeController
from napari_fluoro_annotator.controllers.shape_tools import ShapeTools
from napari_fluoro_annotator.controllers.submitting import SubmissionController
from napari_fluoro_annotator.controllers.watching import WatchController
from napari_fluoro_annotator.keyboard import Keyboard
from napari_fluoro_annotator.keymap import KEYMAP
from napari_fluoro_annotator.layer_binding import LayerBinding
from napari_fluoro_annotator.set_windows import SetWindows
from napari_fluoro_annotator.set_work import SetWork
from napari_fluoro_annotator.shelf import Shelf, collect, purpose_of_settings
from napari_fluoro_annotator.studies import pseudonym_key
from napari_fluoro_annotator.views.annotate import AnnotateView
from napari_fluoro_annotator.views.changes import ChangesView
from napari_fluoro_annotator.views.cine import CineView
from napari_fluoro_annotator.views.companions import CompanionsView
from napari_fluoro_annotator.views.display import DisplayView
from napari_fluoro_annotator.views.keys import KeysView
from napari_fluoro_annotator.views.levels import LevelsView
from napari_fluoro_annotator.views.loupe import LoupeView
from napari_fluoro_annotator.views.measures import MeasuresView
from napari_fluoro_annotator.views.needle_page import NeedlePage
from napari_fluoro_annotator.views.plan import PlanView
from napari_fluoro_annotator.views.submitting import SubmissionView
from napari_fluoro_annotator.views.ticker import Ticker


class AnnotateDock(QWidget):
    """The dock widget that napari shows, with the transport bar below the image.

    Parameters
    ----------
    napari_viewer : napari.viewer.Viewer
        The viewer it works in.
    store : Store, optional
        Where marks are kept; the one of the settings by default.
    reader : str, optional
        Who reads; the one of the settings by default.
    purpose : Purpose, optional
        What for; that of the settings by default.
    rescue_folder : pathlib.Path, optional
        Where changes wait that the store cannot take; the one of the settings by default.

    Raises
    ------
    SettingsError
        If the settings file cannot be used: marks would be kept elsewhere than they should.
    FluoroAnnotatorError
        If somebody practises in the window.

    """

    def __init__(
        self,
        napari_viewer: Viewer,
        *,
        store: Store | None = None,
        reader: str | None = None,
        purpose: Purpose | None = None,
        rescue_folder: Path | None = None,
    ) -> None:
        settings.check_file()
        _refuse_practice(napari_viewer)
        super().__init__()
        for other in open_docks(napari_viewer):
            other.retire()
        self._viewer = napari_viewer
        self._shelf = Shelf(store, rescue_folder)
        problems = KEYMAP.load()
        self.view = AnnotateView()
        self.cine_view = CineView()
        self.binding = LayerBinding(napari_viewer)
        self.desk = ReadingDesk(
            self.binding,
            self._shelf.open_reading,
            reader=reader or settings.reader_name(),
            purpose=purpose or purpose_of_settings(),
            login=self._shelf.login,
            seen=LastSeen(settings.last_seen_file()),
        )
        self.pointer = Pointer(self.desk)
        self.controller = AnnotateController(self.desk, self.pointer, self.view)
        self.cine = CineController(self.desk, self.cine_view)
        self.panels: dict[str, Panel] = {"annotate": self.controller, "cine": self.cine}
        self.panels["purpose"] = PurposeController(self.desk, self.view)
        self.panels["plan"] = self._build_plan()
        self.panels["levels"] = self._build_levels()
        self.panels["views"] = self._build_companions()
        self.panels |= self._build_needles()
        self.panels.update(self._build_measures())
        self.panels["help"], self.panels["changes"] = self._build_help(), self._build_changes()
        self.panels["export"] = ExportController(self.desk, self.view, Ticker(self), collect=collect)
        self.panels["watch"] = WatchController(self.desk, self.pointer, Ticker(self))
        self.view.add_to_head(self.changes_view.button, self.keys_view.button)
        self.panels["submission"] = self._build_submission()
        self.panels["display"] = self._build_display()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.view)
        napari_viewer.window.add_dock_widget(self.cine_view, name=texts.CINE, area="bottom")
        self.panels["loupe"] = self._build_loupe()
        self._keyboard = Keyboard(
            KEYMAP, self.binding, self.panels, (self, self.companions_view, self.cine_view)
        )
        self._sets: SetWindows | None = None
        self._ending = self._build_ending()
        self._tell(problems)
        _, without_key = pseudonym_key()
        if without_key:
            show_warning(texts.NO_PSEUDONYM.format(problem=without_key))
        # Qt holds a method only weakly: nobody else holds this dock when its window goes down
        self.destroyed.connect(partial(ExitStack.close, self._ending))
        self.destroyed.connect(self._shelf.close)

    def _build_plan(self) -> Panel:
        self.plan_view = PlanView()
        self.view.add_page(texts.PLAN, self.plan_view)
        return PlanController(self.desk, self.pointer, self.plan_view)

    def _build_levels(self) -> Panel:
        self.levels_view = LevelsView()
        self.view.add_page(texts.LEVELS, self.levels_view)
        return LevelsController(self.desk, self.pointer, self.levels_view, self.view)

    def _build_help(self) -> HelpController:
        self.keys_view = KeysView(self)
        self.help = HelpController(KEYMAP, self.keys_view)
        return self.help

    def _build_changes(self) -> Panel:
        self.changes_view = ChangesView(self)
        return ChangesController(self.desk, self.changes_view)

    def _build_submission(self) -> Panel:
        self.submission_view = SubmissionView(self)
        self.view.add_to_foot(self.submission_view.button)
        for page in (self.plan_view, self.levels_view, self.needle_page, self.measures_view):
            self.view.switch_off_when_submitted(*page.changing)
        return SubmissionController(self.desk, self.submission_view, self.view, self._shelf)

    def _tell(self, problems: Sequence[str]) -> None:
        """Say what is wrong with the file of keys: now, and where keys are changed."""
        self.help.tell(problems)
        for problem in problems:
            show_warning(problem)

    def _build_companions(self) -> Panel:
        self.companions_view = CompanionsView()
        self._area = CompanionArea(self._viewer, self.companions_view, self)
        self.companions = CompanionsController(self.desk, self.pointer, self.companions_view)
        return self.companions

    def _build_display(self) -> Panel:
        self.display_view = DisplayView()
        self.view.add_page(texts.DISPLAY, self.display_view)
        self.display = DisplayController(self.desk, self.display_view)
        return self.display

    def _build_needles(self) -> dict[str, Panel]:
        self.needle_page = page = NeedlePage()
        self.view.add_page(texts.INSTRUMENT, page)
        site = self.controller.chosen_site
        shapes = ShapeTools(self.desk, self.pointer, page.needles, site=site, landmarks=landmark_titles)
        return {
            "needles": NeedlesController(self.desk, self.pointer, page.needles, shapes),
            "events": EventsController(self.desk, page.events, site=site),
            "points": PointsController(self.desk, self.pointer, self.cine),
        }

    def _build_loupe(self) -> Panel:
        """Return what shows the loupe; it lies on the image of the window that the transport bar is in."""
        window = cast("QMainWindow", self.cine_view.window())
        image = cast("QtViewer", window.centralWidget().findChild(QtViewer))
        self.loupe_view = LoupeView(image.canvas.native)
        return LoupeController(self.desk, self.pointer, self.loupe_view)

    def _build_ending(self) -> ExitStack:
        """Return what lets go of the window: the panels first, the layers last; each whatever befalls the others.

        Qt's last signal comes when the dock is half gone: it reaches this object, which keeps the others alive.
        """
        ending = ExitStack()
        ending.callback(self._area.close)
        panels = (self._keyboard.close, *(panel.close for panel in self.panels.values()))
        for close in (self.binding.disconnect, self.desk.close, self.pointer.close, *panels):
            ending.callback(close)
        return ending

    @property
    def store(self) -> Store:
        """Where marks are kept."""
        return self._shelf.store

    def show_in_window(self) -> None:
        """Show the dock again if it was hidden, and bring it to the front."""
        frame = self.parentWidget()
        if frame is not None:
            frame.show()
            frame.raise_()

    def show_teaching_sets(self) -> SetWindows:
        """Show the list of teaching sets; it is made when it is first wanted."""
        if self._sets is None:
            work = SetWork(self._store_of_shelf, self._reader_of_desk)
            self._sets = SetWindows(work, self.desk, self)
            self._ending.callback(self._sets.close)
        self._sets.list.open()
        return self._sets

    def _store_of_shelf(self) -> Store:
        return self._shelf.store

    def _reader_of_desk(self) -> str:
        return self.desk.reader

    def retire(self) -> None:
        """Leave the marking to another Annotate dock of the same window: two would both place a mark."""
        self._ending.close()
        self._keyboard.release()
        self._viewer.window.remove_dock_widget(self.cine_view)
        self._area.remove()
        self.view.set_hint(texts.RETIRED, warning=True)
        self.setEnabled(False)

    def _build_measures(self) -> dict[str, Panel]:
        """Return the panels of the Measure page."""
        self.measures_view = MeasuresView()
        self.view.add_page(texts.MEASURES, self.measures_view)
        page, desk, pointer = self.measures_view, self.desk, self.pointer
        return {
            "measures": MeasuresController(desk, pointer, page, show=self._show_measures),
            "calibration": CalibrationController(desk, pointer, page.calibration, show=self._show_measures),
            "adequacy": AdequacyController(desk, pointer, page.adequacy, show=self._show_measures),
        }

    def _show_measures(self) -> None:
        self.view.show_page(self.measures_view)


def landmark_titles() -> dict[str, str]:
    """Return the landmarks of all protocols that can be used: identifier and what to press on."""
    protocols = load_protocols().protocols
    return {landmark.id: landmark.title for protocol in protocols for landmark in protocol.landmarks}


def _refuse_practice(viewer: Viewer) -> None:
    """Refuse a window in which somebody practises: both would take each press, and readings would come into it."""
    if texts.PRACTICE_DOCK in viewer.window.dock_widgets:
        raise FluoroAnnotatorError(
            texts.PRACTICE_WINDOW, texts.PRACTICE_NO_ANNOTATE, texts.PRACTICE_NO_ANNOTATE_REMEDY
        )


def open_docks(viewer: Viewer) -> list[AnnotateDock]:
    """Return the Annotate docks of a window that are in use."""
    docks = viewer.window.dock_widgets.values()
    return [dock for dock in docks if isinstance(dock, AnnotateDock) and dock.isEnabled()]
