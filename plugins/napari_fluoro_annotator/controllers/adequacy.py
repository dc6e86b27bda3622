"""Whether the frame that is shown is a true AP or lateral view, and otherwise which way to turn the C-arm."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Protocol as Shape

from psygnal import SignalInstance

from fluoro_annotator.errors import FluoroAnnotatorError
from fluoro_annotator.marks import (
    Adequacy,
    Change,
    Correction,
    FrameRef,
    MarkSession,
    ViewAssignment,
    ViewJudgement,
)
from napari_fluoro_annotator import texts
from napari_fluoro_annotator.controllers.desk import ReadingDesk
from napari_fluoro_annotator.controllers.pointer import Pointer
from napari_fluoro_annotator.controllers.protocols import Choice
from napari_fluoro_annotator.scales import image_at
from napari_fluoro_annotator.wiring import Wires, Wiring

VIEWS_OF_LABELS = {
    "AP": "AP_TRUE",
    "PA": "AP_TRUE",
    "lateral": "LATERAL_TRUE",
    "left lateral": "LATERAL_TRUE",
    "right lateral": "LATERAL_TRUE",
}
"""What a frame is meant as, where the header names the view by a code or a defined term."""

OBLIQUE = (Correction.OBLIQUE_LEFT, Correction.OBLIQUE_RIGHT)
TILT = (Correction.TILT_CRANIAL, Correction.TILT_CAUDAL)


class AdequacyViewProtocol(Shape):
    """The form of three questions as the controller sees it."""

    view_chosen: SignalInstance
    answered: SignalInstance
    oblique_chosen: SignalInstance
    tilt_chosen: SignalInstance

    def set_views(self, choices: Sequence[Choice]) -> None:
        """Offer what a frame can be meant as."""

    def set_view(self, key: str) -> None:
        """Show what the frame is meant as."""

    def set_answer(self, answer: str, corrections: Sequence[str]) -> None:
        """Show the answer and the corrections, an empty text for none."""

    def set_correcting_enabled(self, enabled: bool) -> None:
        """Allow or forbid corrections."""

    def ask(self) -> None:
        """Let the reader answer."""


class AdequacyController:
    """Asks the three questions of each frame and keeps the answers as a record of it.

    Parameters
    ----------
    desk : ReadingDesk
        The reading that is worked on.
    pointer : Pointer
        Says when another frame is shown.
    view : AdequacyViewProtocol
        The widget.
    show : callable
        Brings the page to the front.

    """

    def __init__(
        self, desk: ReadingDesk, pointer: Pointer, view: AdequacyViewProtocol, *, show: Callable[[], None]
    ) -> None:
        self._desk, self._pointer, self._view, self._show = desk, pointer, view, show
        self._meant = ""
        self._image = ""
        view.set_views([Choice(key, text) for key, text in texts.JUDGED_VIEWS.items()])
        self._wiring = Wiring(self._wires())
        self._refresh()

    def _wires(self) -> Wires:
        view = self._view
        return (
            (view.view_chosen, self.choose_view),
            (view.answered, self.answer),
            (view.oblique_chosen, self.correct_oblique),
            (view.tilt_chosen, self.correct_tilt),
            (self._pointer.redrawn, self._refresh),
        )

    def close(self) -> None:
        """Let go of desk and widget; may be called more than once."""
        self._wiring.close()

    # ------------------------------------------------------------------ answering

    def judge_view(self) -> None:
        """Bring the questions to the front."""
        self._show()
        self._view.ask()

    def choose_view(self, key: str) -> None:
        """Take what the frames of this image are meant as."""
        self._meant = key
        self._refresh()

    def answer(self, answer: str) -> None:
        """Keep whether the frame is true; the same answer again withdraws it."""
        known = self._judgement()
        session = self._desk.session
        if known is not None and session is not None and known.adequate == answer:
            if self._desk.keep(lambda: session.delete(known.mark_id)):
                self._desk.say(texts.WITHDRAWN.format(label=session.label(known)))
        else:
            self._keep(known, Adequacy(answer), () if known is None else known.corrections)
        self._refresh()

    def correct_oblique(self, correction: str) -> None:
        """Keep which way the C-arm would have to turn, an empty text for neither."""
        self._correct(correction, OBLIQUE)

    def correct_tilt(self, correction: str) -> None:
        """Keep which way the C-arm would have to tilt, an empty text for neither."""
        self._correct(correction, TILT)

    def _correct(self, correction: str, pair: tuple[Correction, Correction]) -> None:
        known = self._judgement()
        if known is None or known.adequate is Adequacy.YES:
            self._desk.say(texts.NEED_NOT_TRUE, warning=True)
        else:
            others = [one for one in known.corrections if one not in pair]
            wanted = [*others, *([Correction(correction)] if correction else [])]
            self._keep(known, known.adequate, tuple(one for one in Correction if one in wanted))
        self._refresh()

    def _keep(
        self, known: ViewJudgement | None, adequate: Adequacy, corrections: tuple[Correction, ...]
    ) -> None:
        session, frame = self._desk.session, self._desk.frame
        problem = self._problem(session, frame)
        if problem or session is None or frame is None:
            self._desk.say(problem, warning=True)
            return
        kept = corrections if adequate is not Adequacy.YES else ()
        judgement = ViewJudgement(frame=frame, view=self._meant, adequate=adequate, corrections=kept)
        if known is not None:
            judgement = replace(known, adequate=adequate, corrections=kept)
        try:
            session.edit([Change(known, judgement)])
        except FluoroAnnotatorError as error:
            self._desk.say_error(error)
        else:
            label, number = session.label(judgement), self._desk.binding.index + 1
            self._desk.say(texts.JUDGED.format(label=label, number=number))

    def _problem(self, session: MarkSession | None, frame: FrameRef | None) -> str:
        """Return why nothing can be kept, or an empty text."""
        if session is None or frame is None:
            return self._desk.refusal or texts.NEED_VIEW
        if self._desk.binding.playing:
            self._desk.pause_requested.emit()
            return texts.STOPPED_FOR_JUDGING.format(number=self._desk.binding.index + 1)
        if not self._meant:
            return texts.NEED_JUDGED_VIEW
        return ""

    def _judgement(self) -> ViewJudgement | None:
        """Return what was answered for the frame, as the view that it is meant as."""
        session, frame = self._desk.session, self._desk.frame
        if session is None or frame is None:
            return None
        found = [mark for mark in session.marks_on(frame) if isinstance(mark, ViewJudgement)]
        return next((mark for mark in reversed(found) if mark.view == self._meant), None)

    # ------------------------------------------------------------------ following

    def _refresh(self) -> None:
        if self._desk.binding.playing:
            return
        self._enter_image()
        known = self._judgement()
        self._view.set_view(self._meant)
        self._view.set_answer(known.adequate if known else "", known.corrections if known else ())
        self._view.set_correcting_enabled(known is not None and known.adequate is not Adequacy.YES)

    def _enter_image(self) -> None:
        """For another image take what its header, or a judgement of it, says that it is meant as."""
        stack, frame = self._desk.stack, self._desk.frame
        uid = "" if frame is None else frame.sop_instance_uid
        if uid == self._image:
            return
        self._image, self._meant = uid, ""
        if stack is not None and uid:
            image, _ = image_at(stack, self._desk.binding.index)
            self._meant = (
                self._judged_before(uid) or self._assigned(uid) or VIEWS_OF_LABELS.get(image.view_label, "")
            )

    def _judged_before(self, uid: str) -> str:
        session = self._desk.session
        marks = session.marks if session is not None else ()
        views = [
            mark.view
            for mark in marks
            if isinstance(mark, ViewJudgement) and mark.frame.sop_instance_uid == uid
        ]
        return views[-1] if views and views[-1] in texts.JUDGED_VIEWS else ""

    def _assigned(self, uid: str) -> str:
        """Return the view that the reader says the image shows, if it is one that can be judged."""
        session = self._desk.session
        found = session.find(f"view:{uid}") if session is not None else None
        view = found.view if isinstance(found, ViewAssignment) else ""
        return view if view in texts.JUDGED_VIEWS else ""
