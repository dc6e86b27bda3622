"""What the Plan panel says of slots, plans and the views of images."""

from __future__ import annotations

from dataclasses import replace

from fluoro_annotator.anatomy import Anatomy
from fluoro_annotator.dicom import Image
from fluoro_annotator.protocols import ANY_VIEW, Agreement, Slot, SlotKind
from napari_fluoro_annotator import texts
from napari_fluoro_annotator.controllers.image_views import slot_view_title, view_choices, view_title
from napari_fluoro_annotator.controllers.plan_protocols import SlotRow
from napari_fluoro_annotator.controllers.plan_reading import Followed, PlanReading, Status
from napari_fluoro_annotator.controllers.plan_views import missing_text
from napari_fluoro_annotator.controllers.protocols import Choice


def slot_row(reading: PlanReading, anatomy: Anatomy, status: Status) -> SlotRow:
    """Return the row of a slot in the list."""
    slot, state = status.slot, texts.PLAN_STATES[status.progress.value]
    symbol = texts.PLAN_SYMBOLS[status.progress.value]
    text = texts.PLAN_ROW.format(symbol=symbol, what=_short(slot))
    if slot.view != ANY_VIEW:
        text = texts.PLAN_ROW_VIEW.format(row=text, view=slot_view(reading, slot))
    if not slot.required:
        text = texts.PLAN_ROW_OPTIONAL.format(row=text)
    if state:
        text = texts.PLAN_ROW_STATE.format(row=text, state=state)
    heading = _heading(slot, anatomy)
    if reading.doubt:  # on a line of its own: at the end of a long one it would be cut off
        heading = texts.PLAN_DOUBT_BELOW.format(text=heading, doubt=reading.doubt)
    return SlotRow(slot.slot_id, heading, text, f"{text}. {_tip(slot)}", status.done)


def doubted(reading: PlanReading, text: str) -> str:
    """Return a text that names a vertebra, with the doubt about the numbering as marks carry it."""
    return texts.PLAN_DOUBT.format(text=text, doubt=reading.doubt) if reading.doubt else text


def progress_format(reading: PlanReading) -> str:
    """Return how progress is told: slots, and required views that are missing."""
    there = sum(not view.missing for view in reading.views)
    if there == len(reading.views):
        return texts.PLAN_PROGRESS
    return texts.PLAN_PROGRESS_VIEWS.format(done=there, total=len(reading.views))


def all_done(reading: PlanReading) -> tuple[str, bool]:
    """Return what is said when every slot is dealt with, and whether it is a warning: a view may be missing."""
    missing, total = missing_text(reading.views), reading.progress[1]
    if missing:
        return texts.PLAN_ALL_BUT_VIEWS.format(total=total, missing=missing), True
    return texts.PLAN_ALL_DONE.format(total=total), False


def slot_words(reading: PlanReading, slot: Slot) -> str:
    """Return what a slot asks for, for example "Target: L3 medial branch, at L4, right, True AP"."""
    label = doubted(reading, slot.label)
    if slot.what is SlotKind.LEVEL:
        return label
    return texts.PLAN_SLOT_WHAT.format(what=_kind(slot), label=label, view=slot_view(reading, slot))


def slot_view(reading: PlanReading, slot: Slot) -> str:
    """Return in which view a slot is filled."""
    plan = reading.plan
    if plan is None or slot.view == ANY_VIEW:
        return texts.PLAN_ANY_VIEW
    return slot_view_title(plan.protocol, slot)


def instruction(reading: PlanReading, slot: Slot) -> str:
    """Return what to press on for a slot, and when it is right."""
    badge = f" ({slot.badge})" if slot.badge else ""
    return f"{slot_words(reading, slot)}. {_tip(slot)}{badge}"


def summary(followed: Followed, doubt: str = "") -> tuple[str, str, str]:
    """Return which plan is followed, what is to be known of it, and the offer to follow another version."""
    choice, comparison = followed.choice, followed.comparison
    changed = comparison is not None and comparison.agreement is not Agreement.SAME
    text = texts.PLAN_SUMMARY.format(
        title=choice.protocol_id if followed.plan is None else followed.plan.protocol.title,
        version=choice.version,
        joints=texts.PLAN_AND.join(choice.joints),
        sides=texts.PLAN_AND.join(side.value for side in choice.sides),
    )
    if doubt:
        text = texts.PLAN_DOUBT.format(text=text, doubt=doubt)
    if comparison is None or not changed:
        return text, followed.problem, ""
    offer = "" if comparison.present is None else texts.PLAN_GO_ON.format(version=comparison.present.version)
    return text, followed.problem or comparison.text, offer


def image_entries(reading: PlanReading, image: Image) -> tuple[list[Choice], str]:
    """Return the views that an image can be said to show, and the key of the one that it does."""
    plan = reading.plan
    if plan is None:
        return [], ""
    choices, shown = view_choices(image, plan.protocol), reading.shown(image.sop_instance_uid)
    if shown is None:
        return choices, ""
    title = view_title(plan.protocol, shown.view, shown.side)
    text = title if shown.by_reader else texts.PLAN_BY_HEADER.format(view=title)
    if all(choice.key != shown.key for choice in choices):
        choices.append(Choice(shown.key, text))
    return [
        replace(choice, text=text) if choice.key == shown.key else choice for choice in choices
    ], shown.key


def _short(slot: Slot) -> str:
    """Return what a slot asks for where nerve and side stand above it."""
    if slot.what is SlotKind.LEVEL:
        return slot.vertebra
    if slot.what is SlotKind.LANDMARK:
        return slot.label.removesuffix(f", {slot.vertebra}, {slot.side}")
    return _kind(slot)


def _kind(slot: Slot) -> str:
    kind = texts.PLAN_KINDS[slot.what.value]
    if slot.what is not SlotKind.EVENT:
        return kind
    return texts.PLAN_EVENT.format(kind=kind, event=slot.name.replace("_", " "))


def _heading(slot: Slot, anatomy: Anatomy) -> str:
    if slot.side is None:
        return texts.PLAN_LEVELS
    label = anatomy.site_label(anatomy.site(slot.nerve, slot.side))
    return texts.PLAN_HEADING.format(label=label, badge=slot.badge) if slot.badge else label


def _tip(slot: Slot) -> str:
    return texts.PLAN_SLOT_TIP.format(hint=slot.hint, accept=slot.accept).strip()
