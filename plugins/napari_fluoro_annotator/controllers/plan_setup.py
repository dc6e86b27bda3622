"""Choosing a plan: a protocol, joints and sides, shown as nerves before anything is kept."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from psygnal import Signal

from fluoro_annotator.anatomy import Anatomy, Evidence, Side
from fluoro_annotator.errors import FluoroAnnotatorError
from fluoro_annotator.marks import PlanChoice
from fluoro_annotator.protocols import Plan, PlannedNerve, ProtocolLibrary, Request, parse_request, plan
from fluoro_annotator.protocols import Protocol as Procedure
from napari_fluoro_annotator import texts
from napari_fluoro_annotator.controllers.plan_protocols import PlanSetupView
from napari_fluoro_annotator.controllers.protocols import Choice
from napari_fluoro_annotator.wiring import Wires, Wiring


class PlanSetup:
    """What is chosen so far, and what would follow from it.

    Parameters
    ----------
    view : PlanSetupView
        The widget.
    anatomy : Anatomy
        The table of nerves and joints.
    load : callable
        Reads the protocols.
    doubt : callable
        Returns the doubt about the numbering of the vertebrae, or ``""``.

    Attributes
    ----------
    decided : psygnal.Signal
        Emitted with a `PlanChoice` that the reader wants to follow.

    """

    decided = Signal(object)

    def __init__(
        self,
        view: PlanSetupView,
        anatomy: Anatomy,
        load: Callable[[], ProtocolLibrary],
        doubt: Callable[[], str],
    ) -> None:
        self._view, self._anatomy, self._load, self._doubt = view, anatomy, load, doubt
        self._library: ProtocolLibrary | None = None
        self._protocol: Procedure | None = None
        self._joints: tuple[str, ...] = ()
        self._sides: tuple[Side, ...] = ()
        self._unclear: tuple[str, ...] = ()
        self._wiring = Wiring(self._wires())

    def _wires(self) -> Wires:
        view = self._view
        return (
            (view.protocol_chosen, self.choose_protocol),
            (view.request_entered, self.take_request),
            (view.joints_chosen, self.choose_joints),
            (view.sides_chosen, self.choose_sides),
            (view.begin_requested, self.begin),
        )

    def close(self) -> None:
        """Let go of the widget; may be called more than once."""
        self._wiring.close()

    def show_doubt(self) -> None:
        """Show what is to be confirmed again, after something was said about the numbering."""
        if self._protocol is not None:
            self._show()

    def library(self) -> ProtocolLibrary:
        """Return the protocols as they were read last."""
        if self._library is None:
            self._library = self._load()
        return self._library

    def offer(self, choice: PlanChoice | None) -> None:
        """Read the protocols anew and begin with those choices, or with none."""
        self._library = self._load()
        known = {protocol.id: protocol for protocol in self._library.protocols}
        wanted = choice.protocol_id if choice is not None else ""
        self._protocol = known.get(wanted) or (self._protocol and known.get(self._protocol.id))
        self._joints = choice.joints if choice is not None else ()
        self._sides = choice.sides if choice is not None else ()
        self._unclear = ()
        current = self._protocol.id if self._protocol is not None else ""
        self._view.set_protocols([_choice_of(protocol) for protocol in known.values()], current)
        self._view.set_refused([str(refused.error) for refused in self._library.refused])
        self._show()

    # ------------------------------------------------------------------ choosing

    def choose_protocol(self, protocol_id: str) -> None:
        """Take a protocol; joints that it is not for are no longer chosen."""
        found = [protocol for protocol in self.library().protocols if protocol.id == protocol_id]
        self._protocol = found[0] if found else None
        self._unclear = ()
        self._keep_joints(self._joints)
        self._show()

    def take_request(self, text: str) -> None:
        """Take joints and sides in words; what was not understood is said."""
        if not text.strip():
            self._unclear = ()
            self._show()
            return
        request = parse_request(text, self._anatomy)
        self._sides = request.sides
        self._unclear = request.unclear
        self._keep_joints(request.joints)
        self._show()

    def _keep_joints(self, joints: Iterable[str]) -> None:
        wanted = tuple(joints)
        offered = self._protocol.joints if self._protocol is not None else wanted
        self._joints = tuple(joint for joint in wanted if joint in offered)
        if self._protocol is not None and len(self._joints) < len(wanted):
            others = ", ".join(joint for joint in wanted if joint not in offered)
            title = self._protocol.title
            self._unclear = (*self._unclear, texts.PLAN_OTHER_JOINTS.format(title=title, joints=others))

    def choose_joints(self, joints: tuple[str, ...]) -> None:
        """Take these joints and no others."""
        self._joints, self._unclear = tuple(joints), ()
        self._show()

    def choose_sides(self, sides: tuple[Side, ...]) -> None:
        """Take these sides of the patient and no others."""
        self._sides, self._unclear = tuple(sides), ()
        self._show()

    def begin(self) -> None:
        """Follow what is chosen, if it makes a plan."""
        protocol, planned = self._protocol, self._planned()[0]
        if protocol is None or planned is None:
            return
        self.decided.emit(
            PlanChoice(
                protocol_id=protocol.id,
                version=protocol.version,
                content_hash=protocol.content_hash,
                joints=planned.joints,
                sides=planned.sides,
            )
        )

    # ------------------------------------------------------------------ showing

    def _show(self) -> None:
        joints = self._protocol.joints if self._protocol is not None else ()
        self._view.set_joints(joints, self._joints)
        self._view.set_sides(self._sides)
        planned, text = self._planned()
        missing = not self._unclear and planned is None
        self._view.set_confirmation(
            self._with_doubt(" ".join((*self._unclear, text)), planned),
            ready=planned is not None,
            warning=not missing and planned is None,
        )

    def _with_doubt(self, text: str, planned: Plan | None) -> str:
        """Return what is to be confirmed, with the doubt about the numbering if vertebrae are named."""
        doubt = self._doubt()
        return f"{text}\n{texts.PLAN_DOUBT_NERVES.format(doubt=doubt)}" if doubt and planned else text

    def _understood(self) -> str:
        if not self._joints and not self._sides:
            return ""
        request = Request(self._joints, self._sides, ())
        return texts.PLAN_UNDERSTOOD.format(what=request.understood) + " "

    def _planned(self) -> tuple[Plan | None, str]:
        """Return the plan and the nerves to be confirmed, or None and what is missing."""
        if self._protocol is None:
            return None, self._understood() + texts.PLAN_CHOOSE
        if not self._joints:
            return None, texts.PLAN_CHOOSE_JOINT
        if not self._sides:
            return None, texts.PLAN_CHOOSE_SIDE
        if self._unclear:
            return None, ""
        try:
            planned = plan(self._protocol, self._joints, self._sides, self._anatomy)
        except FluoroAnnotatorError as error:
            return None, str(error)
        return planned, _confirmation(planned)


def _bullets(nerves: Iterable[PlannedNerve]) -> list[str]:
    return [texts.PLAN_NERVE.format(nerve=planned.text) for planned in nerves]


def _confirmation(planned: Plan) -> str:
    """Return the nerves of a plan, and what the reader has to know before following it."""
    sides = texts.PLAN_AND.join(side.value for side in planned.sides)
    parts = [texts.PLAN_NERVES.format(sides=sides), *_bullets(planned.nerves)]
    if planned.left_out:
        parts += [texts.PLAN_LEFT_OUT, *_bullets(planned.left_out)]
    if planned.protocol.evidence is Evidence.DISPUTED:
        parts.append(texts.PLAN_DISPUTED.format(note=planned.protocol.evidence_note).strip())
    return "\n".join(parts)


def _choice_of(protocol: Procedure) -> Choice:
    disputed = protocol.evidence is Evidence.DISPUTED
    title = texts.PLAN_DISPUTED_TITLE.format(title=protocol.title) if disputed else protocol.title
    return Choice(
        protocol.id, title, texts.PLAN_STATUS.format(version=protocol.version, status=protocol.status)
    )
