"""Opening studies in a window that goes on working: found in the background, added bit by bit."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from inspect import GEN_CREATED, getgeneratorstate
from pathlib import Path
from types import FrameType
from typing import TypeVar

from napari.components import ViewerModel
from napari.layers import Layer
from napari.utils.notifications import show_error, show_info, show_warning
from qtpy.QtCore import QObject, QTimer
from qtpy.QtWidgets import QDialog, QMainWindow

from fluoro_annotator.dicom import FrameStack, ScanResult, SkippedFile
from fluoro_annotator.errors import FluoroAnnotatorError
from napari_fluoro_annotator import texts
from napari_fluoro_annotator.opening_lists import skipped_rows, study_rows
from napari_fluoro_annotator.scan_job import Job, scan_job
from napari_fluoro_annotator.view_layers import (
    MANY_VIEWS,
    LayerData,
    Prepared,
    close_reopened,
    fluoroscopic_layers,
    opened_images,
    overlays_text,
    prepare,
    stacks_of,
    worth_a_word,
)
from napari_fluoro_annotator.views.opening import OpeningPanel, SkippedList, StudyChoice

LOOK_EVERY_MS = 40
QUIET = 0.3
BUSY = 0.2
SOON = 2.0
"""Seconds before progress is shown; for which layers are added before the window has its turn; within
which a person still expects the window to turn to what was asked for. Engineering defaults."""

NAPARI_OPENS = "_qt_open"
"""The function of napari through which a person's drop or choice goes, and which returns nothing."""

Result = TypeVar("Result")
Step = Generator[None, None, Result]


def main_window(viewer: ViewerModel | None) -> QMainWindow | None:
    """Return the window of a viewer, None if it has none or none any more."""
    return getattr(getattr(viewer, "window", None), "_qt_window", None)


def calling_viewer() -> ViewerModel | None:
    """Return the viewer that has called a reader; napari does not tell it otherwise."""
    for local in _callers():
        if isinstance(local[1], ViewerModel):
            return local[1]
    return None


def open_later(paths: Sequence[str]) -> bool:
    """Open paths in the background if a person has asked for it in a window; return whether that is so."""
    viewer = calling_viewer()
    by_hand = any(name == NAPARI_OPENS for name, _ in _callers())
    if not by_hand or main_window(viewer) is None:
        return False
    opener_of(viewer).open(paths)
    return True


def _callers() -> list[tuple[str, object]]:
    """Return function name and ``self`` of all that are being called, from inside out."""
    callers: list[tuple[str, object]] = []
    frame: FrameType | None = sys._getframe(1)  # noqa: SLF001 - the documented way to the callers
    while frame is not None:
        callers.append((frame.f_code.co_name, frame.f_locals.get("self")))
        frame = frame.f_back
    return callers


def opener_of(viewer: ViewerModel) -> Opener:
    """Return the opener of a viewer with a window; there is one for each."""
    window = main_window(viewer)
    if window is None:
        raise ValueError("the viewer has no window")
    found = window.findChild(Opener)
    return found or Opener(viewer, window)


class Opener(QObject):
    """Opens studies in one window, one selection after the other.

    Parameters
    ----------
    viewer : ViewerModel
        Where layers are added, from the main thread only.
    window : QMainWindow
        Its window, with which this ends.

    """

    def __init__(self, viewer: ViewerModel, window: QMainWindow) -> None:
        super().__init__(window)
        self._viewer, self._window = viewer, window
        self._panel = OpeningPanel(window.centralWidget())
        self._panel.cancelled.connect(self.cancel)
        self._panel.list_wanted.connect(self.show_skipped)
        self._waiting: list[str] = []
        self._skipped: tuple[SkippedFile, ...] = ()
        self._acted = time.monotonic()
        self._under_way = _UnderWay()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(LOOK_EVERY_MS)
        self._timer.timeout.connect(self._look)
        self.destroyed.connect(self._under_way.end)

    @property
    def busy(self) -> bool:
        """Whether something is being opened, or waits for it."""
        return self._under_way.work is not None or bool(self._waiting)

    @property
    def skipped(self) -> tuple[SkippedFile, ...]:
        """What was not opened of the last selection."""
        return self._skipped

    def open(self, paths: Sequence[str | Path]) -> None:
        """Open files and folders; several at once are one selection, what comes later waits its turn."""
        self._acted = time.monotonic()
        self._waiting += [str(path) for path in paths]
        self._timer.start()

    def go_on(self, job: Job[ScanResult], report: Callable[[int, int], None] | None = None) -> None:
        """Open what a scan that is under way will find.

        Parameters
        ----------
        job : Job
            The scan.
        report : callable, optional
            Gets the number of files read and of all, now and then.

        """
        self._begin(self._opening(job, report))

    def take(self, result: ScanResult) -> None:
        """Open what a scan has found."""
        self._begin(self._taking(result))

    def cancel(self) -> None:
        """Stop at once; views that were added stay. What the operating system holds back is left behind."""
        waiting, self._waiting = self._waiting, []
        if self._under_way.end() or waiting:
            self._panel.set_notice(texts.CANCELLED, listed=False)

    def report(self, result: ScanResult, *, already: int = 0, added: int = 0) -> None:
        """Say what is not seen.

        Parameters
        ----------
        result : ScanResult
            What was found; of it, files that were not opened and those with overlays are counted.
        already : int
            Views that were open before.
        added : int
            Views that were added while another one stays on the screen.

        """
        self._skipped = result.skipped
        overlays = overlays_text(result)
        if overlays:
            show_warning(overlays)
        missing = len(worth_a_word(result.skipped))
        counted = (
            (added, texts.ADDED_ONE, texts.ADDED_MANY),
            (already, texts.ALREADY_ONE, texts.ALREADY_MANY),
            (missing, texts.NOT_OPENED_ONE, texts.NOT_OPENED_MANY),
        )
        notice = " ".join(texts.plural(*each) for each in counted if each[0])
        if notice:
            self._panel.set_notice(notice, listed=missing > 0)

    def show_skipped(self) -> None:
        """Show the list of what was not opened of the last selection."""
        if not self._skipped:
            show_info(texts.NOTHING_SKIPPED)
            return
        SkippedList(skipped_rows(self._skipped), self._window).show()

    # ------------------------------------------------------------------ one look after the other

    def _begin(self, work: Step[None]) -> None:
        self.cancel()
        self._under_way.work = work
        self._timer.start()

    def _look(self) -> None:
        """Do the next bit of work; the window has its turn before the one after that."""
        try:
            self._next()
        except FluoroAnnotatorError as error:
            show_error(str(error))
        finally:
            if self.busy:
                self._timer.start()
            else:
                self._panel.end_progress()

    def _next(self) -> None:
        if main_window(self._viewer) is None:
            self._waiting = []
            self._under_way.end()
        elif self._under_way.work is not None:
            self._under_way.step()
        elif self._waiting:
            paths, self._waiting = tuple(dict.fromkeys(self._waiting)), []
            self._under_way.work = self._opening(scan_job(paths))

    # ------------------------------------------------------------------ what is done, step by step

    def _opening(self, job: Job[ScanResult], report: Callable[[int, int], None] | None = None) -> Step[None]:
        result = yield from self._until(job, texts.READING_FILES, texts.LOOKING, report)
        self._skipped = result.skipped
        if not result.studies:
            self._panel.set_notice(texts.NOTHING_FOUND, listed=bool(result.skipped))
        yield from self._taking(result.require())

    def _taking(self, result: ScanResult) -> Step[None]:
        stacks = yield from self._until(Job(lambda *_: stacks_of(result)), texts.PREPARING, texts.PREPARING)
        if len(stacks) > MANY_VIEWS:
            stacks = yield from self._chosen(stacks)
        opened = opened_images(self._viewer)
        job = Job(partial(prepare, stacks, opened))
        prepared = yield from self._until(job, texts.PREPARING_VIEWS, texts.PREPARING)
        turned = yield from self._adding(prepared)
        self.report(result, already=prepared.already, added=0 if turned else len(prepared.layers))

    def _until(
        self,
        job: Job[Result],
        text: str,
        before: str,
        report: Callable[[int, int], None] | None = None,
    ) -> Step[Result]:
        """Wait for a job and show how far it is; whoever stops waiting ends it."""
        begun = time.monotonic()
        try:
            while not job.finished:
                done, total = job.progress
                if time.monotonic() - begun > QUIET:
                    shown = text.format(done=done, total=total) if total else before
                    self._panel.set_progress(shown, done, total)
                if report is not None and total:
                    report(done, total)
                yield
            return job.result()
        finally:
            if not job.finished:
                job.cancel()

    def _chosen(self, stacks: Sequence[FrameStack]) -> Step[list[FrameStack]]:
        """Ask which of very many views are to be opened."""
        self._panel.hide()
        choice = StudyChoice(study_rows(stacks, opened_images(self._viewer)), self._window)
        choice.show()
        while choice.isVisible():
            yield
        self._acted = time.monotonic()
        places = choice.places if choice.result() == QDialog.DialogCode.Accepted else ()
        choice.deleteLater()
        return [stacks[place] for place in places]

    def _adding(self, prepared: Prepared) -> Step[bool]:
        """Add views bit by bit; return whether the window has turned to them.

        It does not if it shows another view by now and nobody waits any more: whoever is about to
        press on that view must not find another one under the mouse.
        """
        for problem in prepared.problems:
            show_error(problem)
        before = fluoroscopic_layers(self._viewer)
        stays = bool(before) and time.monotonic() - self._acted > SOON
        shown = self._viewer.layers.selection.active if stays else None
        left = list(prepared.layers)
        while left:
            with _nothing_activated(self._viewer):
                until = time.monotonic() + BUSY
                while left and time.monotonic() < until:
                    layer = _add(self._viewer, left.pop(0), hidden=stays)
                    shown = shown or layer
            if shown in self._viewer.layers:
                self._viewer.layers.selection.active = shown
            if left:
                done, total = len(prepared.layers) - len(left), len(prepared.layers)
                self._panel.set_progress(texts.ADDING.format(done=done, total=total), done, total)
                yield
        self._replace(before, prepared)
        return not stays

    def _replace(self, before: Sequence[Layer], prepared: Prepared) -> None:
        """Close the layers of files that had gone, and give their names to those that replace them."""
        if not prepared.reopened:
            return
        close_reopened(before, self._viewer, prepared.reopened)
        wanted = {id(stack): options["name"] for stack, options, _ in prepared.layers}
        for layer in fluoroscopic_layers(self._viewer):
            layer.name = wanted.get(id(layer.data), layer.name)


class _UnderWay:
    """What an opener does at the moment; outlives it just long enough to be ended."""

    def __init__(self) -> None:
        self.work: Step[None] | None = None

    def step(self) -> None:
        if self.work is None:
            return
        work = self.work
        try:
            next(work)
        except StopIteration:
            self._forget(work)
        except BaseException:
            self._forget(work)
            raise

    def end(self) -> bool:
        """End it, whatever it is; return whether there was something."""
        work, self.work = self.work, None
        if work is None:
            return False
        if getgeneratorstate(work) == GEN_CREATED:
            with suppress(StopIteration, FluoroAnnotatorError):
                next(work)  # only what has begun to wait for a job ends the job
        work.close()
        return True

    def _forget(self, work: Step[None]) -> None:
        if self.work is work:
            self.work = None


def _add(viewer: ViewerModel, data: LayerData, *, hidden: bool) -> Layer:
    stack, options, kind = data
    stack.unreadable.connect(show_error)
    shown = {**options, "visible": False} if hidden else options
    return viewer.add_layer(Layer.create(stack, shown, kind))


@contextmanager
def _nothing_activated(viewer: ViewerModel) -> Iterator[None]:
    """While it lasts nobody is told of the active layer, which napari changes with each one that is added.

    Otherwise each view would be turned to, and a frame of it read.
    """
    with viewer.layers.selection.events.active.blocker():
        yield
        viewer.layers.selection.active = None  # so that whichever is made active now is told of
