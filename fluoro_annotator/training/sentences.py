"""What a trainee is told: what went wrong, and the landmark or manoeuvre that mends it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from fluoro_annotator.anatomy import Site, load_anatomy
from fluoro_annotator.marks import Correction
from fluoro_annotator.protocols import Backing, Basis, Protocol, SlotKind, SlotTemplate, ViewSpec
from fluoro_annotator.protocols.protocol import fill
from fluoro_annotator.training.measured import NO_SCALE, Measures

PLACE_OF: Final = "This place belongs to the {found}. Asked for was the {asked}."
NAME_RULE: Final = "A nerve is named for the spinal nerve it comes from, not for the vertebra it crosses: the {nerve} is at {vertebra}."
UNCERTAIN_LEVEL: Final = "It is nearer to the {found}, but the numbering of the reference is uncertain."
OTHER_SIDE: Final = "It is marked for the {found} side. Asked for was the {asked} side."
NOT_NAMED: Final = "It is called the {found}. Asked for was the {asked}."
PAST_LINE: Final = "It is {distance} past the line: {title}. {rule}"
OFF: Final = "It is {distance} from the reference{direction}. {accept}"
ACCEPTED: Final = "Accepted: {accept}"
SAME_PLACE: Final = "It cannot be told apart from the reference."
IN_ZONE: Final = "It lies in the zone of acceptance."
MISSED: Final = "The {asked} was not marked. {hint}"
NAMED_SIDE: Final = "You named the {found} side. It is the {asked} side."
NAMED_AS: Final = "You named the {found}. It is the {asked}."
JOINT_NAME: Final = "The {nerve} does not supply {joint}; it supplies {supplied}."
VIEW_IS_TRUE: Final = "The reference calls this view true: {criteria}."
VIEW_IS_NOT_TRUE: Final = "The reference does not call this view true. {mend} Look for: {criteria}."
MEND: Final = "What mends it: {moves}."
NO_DISTANCE: Final = (
    "from the mark to the reference; at another level or on the other side its length says nothing"
)
NEEDLE_IS: Final = "The reference calls this needle {verdict}."

MOVES: Final = {
    Correction.OBLIQUE_LEFT: "turn the C-arm to the patient's left",
    Correction.OBLIQUE_RIGHT: "turn the C-arm to the patient's right",
    Correction.TILT_CRANIAL: "tilt the C-arm towards the head",
    Correction.TILT_CAUDAL: "tilt the C-arm towards the feet",
}


def label_of(site: Site) -> str:
    """Return nerve, vertebra and side of a site in words."""
    return load_anatomy().site_label(site)


def how_far(measures: Measures) -> str:
    """Return the distance with its interval, in mm where there is a scale, otherwise in pixels."""
    return (measures.millimetres or measures.pixels).text


def distance_words(measures: Measures) -> str:
    """Return the distance with its interval and, in mm, with what the scale comes from; pixels always."""
    pixels, millimetres = measures.pixels, measures.millimetres
    if millimetres is None:
        return f"{pixels.text} from the reference; not in mm: {NO_SCALE}"
    notes = "; ".join(note for note in (f"scale: {millimetres.calibration}", millimetres.note) if note)
    return f"{millimetres.text} from the reference ({notes}); {pixels.text}"


def direction(measures: Measures) -> str:
    """Return the main direction, or both where the smaller is more than half of the larger."""
    found = measures.directions
    if not found:
        return ""
    words = [word for word, length in found if length > found[0][1] / 2]
    return f", {' and '.join(words)}"


def template_of(protocol: Protocol, site: Site, what: SlotKind, view: str) -> SlotTemplate | None:
    """Return what the protocol asks for at a nerve in a view, None if it asks for nothing."""
    group = protocol.group_of(site.nerve)
    slots = group.slots if group is not None else ()
    return next((slot for slot in slots if slot.what is what and slot.view == view), None)


def accept_of(protocol: Protocol, site: Site, what: SlotKind, view: str) -> tuple[str, Backing | None]:
    """Return when the protocol accepts a place in a view, and what that rests on."""
    return _text_of(template_of(protocol, site, what, view), site, "accept")


def accepted(accept: str) -> str:
    """Return when the protocol accepts a place as a sentence; nothing if it says nothing."""
    return ACCEPTED.format(accept=in_words(accept)) if accept else ""


def named(parts: Mapping[str, str]) -> str:
    """Return nerve and vertebra that somebody named, as far as they are given, in words."""
    nerve = parts.get("nerve")
    words = [load_anatomy().nerve(nerve).name] if nerve is not None else []
    return " at ".join([*words, *([parts["vertebra"]] if "vertebra" in parts else [])])


def hint_of(protocol: Protocol, site: Site, what: SlotKind, view: str) -> tuple[str, Backing | None]:
    """Return what the protocol says to press on in a view, and what that rests on."""
    return _text_of(template_of(protocol, site, what, view), site, "hint")


def _text_of(template: SlotTemplate | None, site: Site, name: str) -> tuple[str, Backing | None]:
    if template is None:
        return "", None
    nerve = load_anatomy().nerve(site.nerve)
    text: str = getattr(template, name)
    return fill(text, nerve=nerve.name, vertebra=site.vertebra, side=site.side.value), template.backing


def in_words(title: str) -> str:
    """Return a title as it stands within a sentence; names of bones keep their capital."""
    first, second = title[:1], title[1:2]
    return title if second.isupper() or second.isdigit() else first.lower() + title[1:]


def backing_words(backing: Backing | None) -> str:
    """Return basis, confidence and sources of a statement, for example ``"published, confidence high: LAU2004"``."""
    if backing is None:
        return ""
    basis = "engineering default" if backing.basis is Basis.ENGINEERING else backing.basis.value
    return f"{basis}, confidence {backing.confidence}: {', '.join(backing.sources) or 'no source'}"


def confuses_names(asked: str, found: str) -> bool:
    """Return whether a vertebra's number was taken for a nerve's: the nerve found is at the bone of that number."""
    anatomy = load_anatomy()
    nerve, other = anatomy.nerve(asked), anatomy.nerve(found)
    return nerve.spinal_nerve == other.vertebra and nerve.vertebra != other.vertebra


def name_rule(site: Site) -> str:
    """Return the sentence about numbers of nerves and of vertebrae."""
    return NAME_RULE.format(nerve=load_anatomy().nerve(site.nerve).name, vertebra=site.vertebra)


def view_sentence(view: ViewSpec, corrections: Sequence[Correction], *, true: bool) -> str:
    """Return what the reference says of a view, what would mend it, and what to look for."""
    criteria = "; ".join(view.criteria)
    if true:
        return VIEW_IS_TRUE.format(criteria=criteria)
    moves = " and ".join(MOVES[correction] for correction in corrections)
    return VIEW_IS_NOT_TRUE.format(mend=MEND.format(moves=moves) if moves else "", criteria=criteria)
