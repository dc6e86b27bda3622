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
    return SlotRow(slot.slot_id, _heading(slot, anatomy), text, f"{text}. {_tip(slot)}", status.done)


def slot_words(reading: PlanReading, slot: Slot) -> str:
    """Return what a slot asks for, for example "Target: L3 medial branch, at L4, right, True AP"."""
    if slot.what is SlotKind.LEVEL:
        return slot.label
    return texts.PLAN_SLOT_WHAT.format(what=_kind(slot), label=slot.label, view=slot_view(reading, slot))


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


def summary(followed: Followed) -> tuple[str, str, str]:
    """Return which plan is followed, what is to be known of it, and the offer to follow another version."""
    choice, comparison = followed.choice, followed.comparison
    changed = comparison is not None and comparison.agreement is not Agreement.SAME
    text = texts.PLAN_SUMMARY.format(
        title=choice.protocol_id if followed.plan is None else followed.plan.protocol.title,
        version=choice.version,
        joints=texts.PLAN_AND.join(choice.joints),
        sides=texts.PLAN_AND.join(side.value for side in choice.sides),
    )
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
