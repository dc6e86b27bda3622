"""The Plan page: choosing a plan, its slots, and what is said of them."""

from __future__ import annotations

PLAN = "Plan"
PLAN_PROTOCOL = "Protocol"
PLAN_REQUEST = "Asked for"
PLAN_REQUEST_EXAMPLE = "for example L4-5 and L5-S1, right"
PLAN_REQUEST_TIP = "Joints and sides in words; check below what was understood"
PLAN_JOINTS = "Joints"
PLAN_SIDES = "Side of the patient"
PLAN_SIDES_TIP = "Side of the patient, not of the screen. It is never filled in for you."
PLAN_BEGIN = "Follow this plan"
PLAN_BEGIN_TIP = "Keep the plan with the reading and list what is to be marked"
PLAN_BACK = "Back to the list"
PLAN_CHANGE = "Change..."
PLAN_CHANGE_TIP = "Choose another protocol, joints or sides; marks stay as they are"
PLAN_CHOOSE = "Choose a protocol."
PLAN_UNDERSTOOD = "Understood: {what}."
PLAN_CHOOSE_JOINT = "Choose at least one joint."
PLAN_CHOOSE_SIDE = "Choose the side of the patient: left, right or both. It is never guessed."
PLAN_NERVES = "To be marked, {sides}:"
PLAN_NERVE = "\u2022 {nerve}"
PLAN_OTHER_JOINTS = "{title} is not for {joints}."
PLAN_STATUS = "Version {version}; {status}"
PLAN_PROTOCOL_PROMPT = "Choose a protocol"
PLAN_LEFT_OUT = "Not part of this protocol:"
PLAN_DISPUTED = "The anatomy this protocol aims at is disputed. {note}"
PLAN_DISPUTED_TITLE = "{title} (disputed)"
PLAN_REFUSED = "Refused files of protocols:"
PLAN_SUMMARY = "{title} {version}: {joints}, {sides}"
PLAN_NONE = "No plan is followed. Choose one on the page Plan first."
PLAN_NO_STUDY = "Open a study first."
PLAN_GO_ON = "Follow version {version}"
PLAN_PROGRESS = "%v of %m"
PLAN_PROGRESS_VIEWS = "%v/%m, views {done}/{total}"
PLAN_PROGRESS_TIP = (
    "Slots that have to be filled and are dealt with; required views that are there, if one is missing"
)
PLAN_LEAD = "{done} of {total}."
PLAN_RESUMED = "{done} of {total} done. {key} goes on with: {what}."
PLAN_ALL_DONE = "All {total} slots are dealt with."
PLAN_ALL_BUT_VIEWS = "All {total} slots are dealt with, but the reading is not complete. {missing}"
PLAN_NONE_AFTER = "That was the last one. Still empty before it: {count}. Press {key} to go on there."
PLAN_START = "Start"
PLAN_START_TIP = "Mark this slot, or go on to the next empty one ({key})"
PLAN_PREVIOUS = "Previous"
PLAN_PREVIOUS_TIP = "Go to the slot before ({key})"
PLAN_NOT_VISIBLE = "Not visible"
PLAN_NOT_VISIBLE_TIP = "Say that this cannot be seen on the images ({key})"
PLAN_NOT_APPLICABLE = "N/A"
PLAN_NOT_APPLICABLE_TIP = "Say that this does not apply to this patient ({key})"
PLAN_UNSURE = "Unsure"
PLAN_UNSURE_TIP = "Say that you are not sure, of an empty slot or of the mark in it ({key})"
PLAN_MODE = "After a mark"
PLAN_MODE_SEQUENCE = "the next slot"
PLAN_MODE_STAY = "stay, wait for a key"
PLAN_MODE_LOOP = "same slot, next frame"
PLAN_OPTIONAL = "Voluntary ones, too"
PLAN_OPTIONAL_TIP = "List slots and landmarks that the protocol does not demand"
PLAN_BANDS = "Bands before marking"
PLAN_BANDS_TIP = "Show acceptance bands before the needle is marked. They are defaults of this program or drafts: none is validated."
PLAN_VIEWS = "Views"
PLAN_VIEW_ROW = "{symbol} {view}: {image}"
PLAN_VIEW_MISSING = "missing"
PLAN_VIEW_TIP = "The protocol requires this view. Press to show the image."
PLAN_VIEW_MISSING_TIP = "The protocol requires this view, and no image is known to be it. If there is one, show it and say so above."
PLAN_ONE_VIEW_MISSING = "A required view is missing: {views}."
PLAN_VIEWS_MISSING = "Required views are missing: {views}."
PLAN_VIEW_WANTED = (
    "No image is known to be this view: {view}. If there is one, show it and say so on the page Plan. {setup}"
)
PLAN_IMAGE_NOT_OPEN = "an image that is not open"
PLAN_MORE_IMAGES = " and {count} more"
PLAN_LIST = "; "
PLAN_DOUBT = "{text} ({doubt})"
PLAN_DOUBT_BELOW = "{text}\n({doubt})"
PLAN_DOUBT_LEAD = "Mind: {doubt}."
PLAN_DOUBT_NERVES = "Mind: {doubt}. Names of vertebrae and nerves rest on it."
PLAN_IMAGE_IS = "This image is"
PLAN_IMAGE_PROMPT = "not said"
PLAN_IMAGE_TIP = (
    "Say once which view of the protocol the image on the screen is. It is kept with the reading."
)
PLAN_BY_HEADER = "{view}, says the header"
PLAN_ASSIGNED = "Noted: this image is {view}."
PLAN_UNASSIGNED = "Noted: nobody has said which view this image is."
PLAN_FITS_ANGLES = "{view} (fits the angles)"
PLAN_SIDED_VIEW = "{view}, {side}"
PLAN_ANY_VIEW = "any view"
PLAN_SLOTS = "Slots"
PLAN_OPTIONS = "Options"
PLAN_OPTIONS_TIP = "What comes after a mark, voluntary slots, acceptance bands"
PLAN_LEVELS = "Levels"
PLAN_AND = " and "
PLAN_HEADING = "{label}, {badge}"
PLAN_HEADING_COUNT = "{done}/{total} {label}"
PLAN_ROW = "{symbol} {what}"
PLAN_ROW_VIEW = "{row}, {view}"
PLAN_ROW_STATE = "{row}: {state}"
PLAN_ROW_OPTIONAL = "{row} (voluntary)"
PLAN_SLOT_TIP = "{hint} {accept}"
PLAN_SLOT_WHAT = "{what}: {label}, {view}"
PLAN_SAID = "{label}: {state}."
PLAN_SAID_UNSURE = "Noted: you are unsure of {what}."
PLAN_CANNOT_BE_UNSURE = "Marks of this kind say nothing about being sure. Delete the mark if it is wrong."
PLAN_IS_MARKED = "It is marked already. Delete the mark first if it cannot be seen or does not apply."
PLAN_NO_SLOT = "Choose a slot first, in the list on the page Plan or with {key}."
PLAN_NO_IMAGE = "Next: {what}. No image is known to be that view: show it and say so on the page Plan, or press {key}, not visible."
PLAN_VIEW_UNKNOWN = "Nothing was marked: nobody has said which view this image is. Choose it on the page Plan. Wanted: {view}."
PLAN_WRONG_VIEW = "Nothing was marked: this image is {shown}. Wanted: {view}."
PLAN_LAST_FRAME = "That was the last frame. The slot stays."
PLAN_PRESS_EVENT = (
    "Go to the first frame with this: {event}. Press where it is seen, for the {label}. Esc cancels."
)
PLAN_EVENT = "{kind} ({event})"
PLAN_MIDPOINT = "midpoint"
PLAN_FOOT = "foot"
PLAN_CROSSING = "crossing"
PLAN_RING = "band {limit:g} mm"
PLAN_TICKS = "band {first:g} to {last:g}"
PLAN_KINDS = {
    "target": "Target",
    "needle": "Needle",
    "course": "Course",
    "zone": "Zone",
    "landmark": "Landmark",
    "level": "Level",
    "event": "Event",
}
PLAN_STATES = {
    "empty": "",
    "marked": "marked",
    "not_visible": "not visible",
    "not_applicable": "not applicable",
    "unsure": "unsure",
}
PLAN_SYMBOLS = {
    "empty": "\u25cb",
    "marked": "\u25cf",
    "not_visible": "\u2298",
    "not_applicable": "\u2013",
    "unsure": "?",
}
