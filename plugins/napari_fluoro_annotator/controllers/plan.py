"""The controller of the Plan panel: which plan is followed, which view an image is, and what is shown of both."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from fluoro_annotator.geometry import Ruler
from fluoro_annotator.marks import (
    Change,
    FrameRef,
    MarkKind,
    MarkSession,
    PlanChoice,
    Record,
    SlotMissing,
    ViewAssignment,
)
from fluoro_annotator.protocols import ProtocolLibrary, load_protocols
from napari_fluoro_annotator import texts
from napari_fluoro_annotator.controllers.desk import ReadingDesk
from napari_fluoro_annotator.controllers.image_views import (
    from_key,
    image_at,
    view_title,
)
from napari_fluoro_annotator.controllers.plan_figures import FrameMarks, figures
from napari_fluoro_annotator.controllers.plan_guide import SlotGuide
from napari_fluoro_annotator.controllers.plan_protocols import PlanViewProtocol
from napari_fluoro_annotator.controllers.plan_reading import (
    Mode,
    PlanReading,
    alters_slots,
)
from napari_fluoro_annotator.controllers.plan_setup import PlanSetup
from napari_fluoro_annotator.controllers.plan_views import PREFIX
from napari_fluoro_annotator.controllers.plan_wording import (
    all_done,
    image_entries,
    instruction,
    progress_format,
    slot_row,
    slot_words,
    summary,
)
from napari_fluoro_annotator.controllers.pointer import Pointer
from napari_fluoro_annotator.drawing import DrawnLine
from napari_fluoro_annotator.keys import SHOWN
from napari_fluoro_annotator.wiring import Wires, Wiring


class PlanController:
    """What the Plan panel does.

    Parameters
    ----------
    desk : ReadingDesk
        The reading that is worked on.
    pointer : Pointer
        Who answers presses.
    view : PlanViewProtocol
        The widget.
    load : callable
        Reads the protocols that are installed.

    """

    def __init__(
        self,
        desk: ReadingDesk,
        pointer: Pointer,
        view: PlanViewProtocol,
        *,
        load: Callable[[], ProtocolLibrary] = load_protocols,
    ) -> None:
        self._desk, self._pointer, self._view = desk, pointer, view
        self._setup = PlanSetup(view, desk.anatomy, load, self._doubt)
        self._reading = PlanReading(desk, self._setup.library)
        self._guide = SlotGuide(desk, pointer, self._reading)
        self._session: MarkSession | None = None
        self._bands = self._seen = self._choosing = False
        pointer.add_backdrop(self.lines)
        self._wiring = Wiring(self._wires())
        self._on_reading()

    def _wires(self) -> Wires:
        view, desk = self._view, self._desk
        return (
            (self._setup.decided, self.follow),
            (self._guide.turned, self._show_current),
            (view.slot_chosen, self.choose_slot),
            (view.view_assigned, self.assign_view),
            (view.mode_chosen, self.choose_mode),
            (view.optional_toggled, self.list_optional),
            (view.bands_toggled, self.show_bands),
            (view.start_requested, self.next_slot),
            (view.previous_requested, self.previous_slot),
            (view.not_visible_requested, self.slot_not_visible),
            (view.not_applicable_requested, self.slot_not_applicable),
            (view.unsure_requested, self.slot_unsure),
            (view.change_requested, self.change_plan),
            (view.back_requested, self.back_to_list),
            (view.go_on_requested, self.follow_today),
            (view.shown, self._on_shown),
            (desk.reading_changed, self._on_reading),
            (desk.frame_changed, self._on_frame),
            (desk.marks_changed, self._on_marks),
        )

    def close(self) -> None:
        """Let go of desk and widget; may be called more than once."""
        self._wiring.close()
        self._setup.close()
        self._guide.close()

    # ------------------------------------------------------------------ the plan

    def follow(self, choice: PlanChoice) -> None:
        """Keep a plan with the reading, in place of another one, and list its slots."""
        session = self._desk.session
        if session is None:
            self._desk.say(texts.PLAN_NO_STUDY, warning=True)
            return
        others = [
            other for other in session.records_of(MarkKind.PLAN_CHOICE) if other.mark_id != choice.mark_id
        ]
        before = session.find(choice.mark_id)
        changes = [Change(before, choice), *(Change(other, None) for other in others)]
        if self._desk.keep(lambda: session.edit(changes)):
            self._choosing = False
            self._take_up()
            self._say_where()

    def follow_today(self) -> None:
        """Go on by the protocol as it is today; marks stay as they are."""
        followed = self._reading.followed
        present = None if followed is None or followed.comparison is None else followed.comparison.present
        if followed is not None and present is not None:
            self.follow(replace(followed.choice, version=present.version, content_hash=present.content_hash))

    def change_plan(self) -> None:
        """Choose anew; what is followed now stays until something else is."""
        followed = self._reading.followed
        self._choosing = True
        self._setup.offer(followed.choice if followed is not None else None)
        self._show_plan()

    def back_to_list(self) -> None:
        """Choose nothing else."""
        self._choosing = False
        self._show_plan()

    # ------------------------------------------------------------------ keys

    def next_slot(self) -> None:
        """Mark the slot that is on, or go on to the next empty one."""
        self._guide.go_on()

    def previous_slot(self) -> None:
        """Go to the slot before, empty or not."""
        self._guide.go_back()

    def choose_slot(self, slot_id: str) -> None:
        """Show the mark of a slot, let the next press mark it if there is none; or show the image of a view."""
        if slot_id.startswith(PREFIX):
            self._choose_view(slot_id.removeprefix(PREFIX))
        else:
            self._guide.choose(slot_id)

    def _choose_view(self, key: str) -> None:
        view = next((view for view in self._reading.views if view.key == key), None)
        if view is None:
            return
        if view.place is not None:
            stack, index = view.place
            self._desk.binding.show(stack, None if len(stack.images) == 1 else index)
        elif view.images:
            self._desk.say(texts.NOT_LOADED, warning=True)
        else:
            text = texts.PLAN_VIEW_WANTED.format(view=view.title, setup=view.setup)
            self._desk.say(text.strip(), warning=True)

    def slot_not_visible(self) -> None:
        """Say that what the slot asks for cannot be seen."""
        self._guide.leave_empty(SlotMissing.NOT_VISIBLE)

    def slot_not_applicable(self) -> None:
        """Say that the slot does not apply."""
        self._guide.leave_empty(SlotMissing.NOT_APPLICABLE)

    def slot_unsure(self) -> None:
        """Say that the reader is unsure: of the mark, or where to mark."""
        self._guide.doubt()

    # ------------------------------------------------------------------ which view an image is

    def assign_view(self, key: str) -> None:
        """Note which view the images on the screen are; an empty key takes back what was said."""
        session, stack = self._desk.session, self._desk.stack
        plan = self._reading.plan
        if session is None or stack is None or plan is None:
            return
        view, side = from_key(key)
        wanted: dict[str, Record | None] = {
            image.sop_instance_uid: ViewAssignment(
                sop_instance_uid=image.sop_instance_uid, view=view, side=side
            )
            if key
            else None
            for image in stack.images
        }
        pairs = [(session.find(f"view:{uid}"), after) for uid, after in wanted.items()]
        changes = [Change(before, after) for before, after in pairs if before != after]
        if not changes or not self._desk.keep(lambda: session.edit(changes)):
            return
        title = view_title(plan.protocol, view, side)
        said = texts.PLAN_ASSIGNED.format(view=title) if key else texts.PLAN_UNASSIGNED
        self._desk.say(said)
        if self._guide.armed:
            self._guide.say_what_to_press(said)

    # ------------------------------------------------------------------ choosing how

    def choose_mode(self, mode: str) -> None:
        """Take what comes after a mark."""
        self._guide.mode = Mode(mode)

    def list_optional(self, wanted: bool) -> None:
        """List slots that the protocol does not demand, or not."""
        self._guide.optional = wanted
        self._show_slots()

    def show_bands(self, wanted: bool) -> None:
        """Show acceptance bands before anything is marked, or not."""
        self._bands = wanted
        self._pointer.redraw()

    def lines(self, frame: FrameRef) -> Sequence[DrawnLine]:
        """Return the figures and bands of a frame."""
        session, plan, uid = self._desk.session, self._reading.plan, frame.sop_instance_uid
        if session is None or plan is None or uid not in session.study:
            return ()
        shown = self._reading.shown(uid)
        if shown is None:
            return ()
        ruler = Ruler(session.scale(uid))
        return figures(plan, FrameMarks(session.marks_on(frame), ruler, shown.view, self._bands))

    # ------------------------------------------------------------------ following

    def _on_shown(self) -> None:
        """Offer protocols when somebody looks at the page for the first time."""
        if not self._seen:
            self._seen = True
            if self._reading.followed is None:
                self._setup.offer(None)

    def _on_reading(self) -> None:
        another = self._desk.session is not self._session
        if another:
            self._session, self._choosing = self._desk.session, False
        self._take_up(anew=another)
        if another and self._reading.followed is not None:
            self._say_where()
        elif self._seen and self._reading.followed is None:
            self._setup.offer(None)

    def _take_up(self, *, anew: bool = False) -> None:
        """Take up the plan of the reading, where it was left."""
        self._reading.take_up()
        self._guide.begin(anew=anew)
        self._show_plan()

    def _doubt(self) -> str:
        return self._reading.doubt

    def _on_frame(self) -> None:
        if not self._desk.binding.playing:
            self._show_image_view()

    def _on_marks(self, changes: tuple[Change, ...]) -> None:
        if any(change.mark.kind is MarkKind.NUMBERING for change in changes):
            self._setup.show_doubt()
        if any(change.mark.kind is MarkKind.PLAN_CHOICE for change in changes):
            self._take_up()
        elif self._reading.plan is not None and any(alters_slots(change) for change in changes):
            self._reading.refresh()
            kinds = {change.mark.kind for change in changes}
            if MarkKind.VIEW_ASSIGNMENT in kinds:
                self._reading.refresh_views()
            if MarkKind.NUMBERING in kinds:
                self._show_plan()
            else:
                self._show_slots()
            if MarkKind.VIEW_ASSIGNMENT in kinds:
                self._show_image_view()
                self._pointer.redraw()

    # ------------------------------------------------------------------ showing

    def _show_plan(self) -> None:
        followed = self._reading.followed
        self._view.set_enabled(self._desk.session is not None)
        self._view.set_setup_open(self._choosing or followed is None, back=followed is not None)
        if followed is not None:
            self._view.set_summary(*summary(followed, self._reading.doubt))
        self._show_slots()
        self._show_image_view()

    def _show_slots(self) -> None:
        self._view.set_slots(
            [slot_row(self._reading, self._desk.anatomy, status) for status in self._guide.listed()]
        )
        self._view.set_progress(*self._reading.progress)
        self._show_views()
        self._show_current()

    def _show_views(self) -> None:
        self._view.set_views([view.row for view in self._reading.views], progress_format(self._reading))

    def _show_current(self) -> None:
        status = self._reading.status(self._guide.current)
        if status is None:
            self._view.set_current("", "")
            return
        slot = status.slot
        self._view.set_current(slot.slot_id, instruction(self._reading, slot))

    def _show_image_view(self) -> None:
        stack = self._desk.stack
        if stack is None:
            self._view.set_image_views([], "")
        else:
            self._view.set_image_views(
                *image_entries(self._reading, image_at(stack, self._desk.binding.index))
            )

    def _say_where(self) -> None:
        """Say how far the plan has got and how to go on, or what has become of its protocol."""
        followed, status = self._reading.followed, self._reading.status(self._guide.current)
        problem = summary(followed)[1] if followed is not None else ""
        if problem or status is None:
            text, warning = (problem, True) if problem else all_done(self._reading)
            self._desk.say(text, warning=warning)
            return
        done, total = self._reading.progress
        what, key = slot_words(self._reading, status.slot), SHOWN["next_slot"]
        self._desk.say(texts.PLAN_RESUMED.format(done=done, total=total, key=key, what=what))
