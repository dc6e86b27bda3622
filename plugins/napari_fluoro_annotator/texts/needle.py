"""The Needle page: shapes, landmarks, the needle that is selected, events and the story."""

from __future__ import annotations

IN_DOUBT = "{label} ?"
POINTS_DRAWN = "Draw"
COURSE = "Course"
ZONE = "Zone"
ELLIPSE = "Ellipse"
LANDMARK = "Landmark"
COURSE_TIP = "Draw where the chosen nerve runs: as many presses as it needs, then Enter ({key})"
ZONE_TIP = "Draw the zone of the chosen nerve: a press on each corner, then Enter ({key})"
ELLIPSE_TIP = "Draw the zone of the chosen nerve: both ends of its long axis, then its edge ({key})"
LANDMARK_TIP = "Mark the landmark chosen below with one press ({key})"
LANDMARK_PROMPT = "Choose a landmark"
LANDMARK_VERTEBRA_PROMPT = "Vertebra"
LANDMARK_SIDE_PROMPT = "No side"
HINT_COURSE = "Press along the course of the {label}. Backspace takes a press back, Esc cancels."
HINT_COURSE_END = "Press on, or end the course of the {label} with Enter. Backspace takes a press back."
HINT_ZONE = "Press on the corners of the zone of the {label}. Backspace takes a press back, Esc cancels."
HINT_ZONE_END = "Press on, or close the zone of the {label} with Enter. Backspace takes a press back."
HINT_ELLIPSE = "Press on one end of the long axis of the zone of the {label}. Esc cancels."
HINT_ELLIPSE_AXIS = "Now press on the other end of the long axis of the zone of the {label}."
HINT_ELLIPSE_WIDTH = "Now press on the edge of the zone of the {label}, beside the axis."
HINT_LANDMARK = "Press on the {title} of {where}. Esc cancels."
ELLIPSE_FLAT = "That is on the axis. Press beside it, on the edge of the zone."
SHAPE_OTHER_FRAME = "The first presses were on another frame or view. Begin again."
SAME_PLACE = "That is the same place again."
BEND_AFTER_TIP = "Press the tip of a needle first; then Shift and a press add a bend."
NEED_LANDMARK = "Choose the landmark first, on the Needle page."
NEED_LANDMARK_VERTEBRA = "Choose the vertebra of the landmark first, on the Needle page."
POINT_SELECTED = "Selected: {point}. The arrow keys move it."
POINT_ADDED = "Added a point: {label}. Undo takes it out."
POINT_REMOVED = "Took out a point: {label}. Undo brings it back."
NO_POINTS = "Select a needle, a course or a zone with corners first: only these take more points."

INSTRUMENT = "Needle"
NO_NEEDLE = "Select a needle, on the image or in the table of marks."
NEEDLE_TITLE = "{label}. This needle is marked on {frames}."
INSTRUMENT_GAUGE = "Gauge"
INSTRUMENT_GAUGE_VALUE = "{gauge} G"
NOT_STATED = "not stated"
LENGTH = "Length"
ACTIVE_TIP_LENGTH = "Active tip"
INSTRUMENT_TIP = "Of the instrument: it is set for every frame on which this needle is marked"
MILLIMETRES = " mm"
STATUS = "On this frame"
STATUS_TIP = "What is done with the needle on this frame; it is shown in the story and on the strip"
STATUSES = {
    "advance": "advanced",
    "withdraw": "withdrawn",
    "final": "final position",
    "inject": "injection",
    "ablate": "ablation",
}
SAME_AS = "Same needle as"
SAME_TIP = "Marks of one needle on several frames and views share its size and its name ({key})"
OWN_NEEDLE = "none of the others"
COPY_ON = "Copy to next frame"
COPY_ON_TIP = "Copy the selected mark to the next frame; a needle stays the same needle ({key})"
MORE_CONFLICTS = "And {count} more such pairs of needle marks."
VIEW_AND_FRAME = "view {view}, frame {number}"
SAME_NEEDLE_ASKED = "Marked: {label}. One is marked in {where}: if it is the same needle, press {key}."
NO_OTHER_NEEDLE = "No other needle of this nerve and side is marked on another frame or view."
NEED_NEEDLE = "Select a needle first, in the table or on the image."
NEEDLE_SAME = "Taken for the same needle as in {where}, with its size."
NEEDLE_OF_ITS_OWN = "Taken for a needle of its own."
COPY_FROM_HERE = "The selected mark is on another frame. Select one on this frame first."
COPY_LAST = "This is the last frame of the view."
COPY_THERE = "It is marked on frame {number} already."
COPIED = "Copied to frame {number}: {label}."
TIP_TO_SCALE = "Bar: end of the active tip if the needle lies parallel to the detector. Scale: {source}."
TIP_NOT_DRAWN = "The active tip is not drawn: {reason}."
TIP_SHORTENED = "The active tip is not drawn: the needle is seen shorter than it."
STEP_POINT_IN = "add a point to"
STEP_POINT_OUT = "take a point out of"
STEP_INSTRUMENT = "set the size of"
STEP_STATUS = "set the status of"
STEP_SAME_NEEDLE = "set the identity of"
STEP_OWN_NEEDLE = "set the identity of"

EVENTS = "Events on the frame shown"
EVENT_NAMES = {
    "contrast_appears": "Contrast",
    "vascular_uptake": "Vascular",
    "epidural_spread": "Epidural",
    "foraminal_spread": "Foraminal",
    "intrathecal_spread": "Intrathecal",
    "intra_articular_spread": "Intra-articular",
    "periosteal_spread": "Periosteal",
    "final_position": "Final position",
}
EVENT_TIP = "Mark on the frame shown: {name}; {letter} on the strip"
EVENT_WITH_NERVE = "for the chosen nerve and side"
EVENT_WITH_NERVE_TIP = "Events then name the nerve and side that are chosen on the Mark page"
EVENT_MARKED = "Marked on frame {number}: {label}."
EVENT_THERE = "{label} is marked on frame {number} already."
STORY = "Story"
STORY_TIP = "What happens on which frame. Press on a line to see it."
STORY_LINE = "{where}: {what}"
STORY_STATUS = "{status}; {label}"
