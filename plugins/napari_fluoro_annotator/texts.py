"""Every English text of the front end, in one place and ready for translation."""

from __future__ import annotations

from fluoro_annotator.geometry import Answer
from fluoro_annotator.marks import Adequacy, CalibrationPlane, Correction
from fluoro_annotator.protocols import Unit

TITLE = "Annotate"
NO_STUDY = (
    "No fluoroscopic study is open. Drop a folder of DICOM files on the window, or use File > IO Utilities."
)
RETIRED = "Another Annotate dock of this window has taken over. Close this one."
STUDY = "Study"
UNTITLED_STUDY = "Study without a description"
READER = "Reader"
READER_TIP = "Your name or initials. Marks are kept for each reader separately."
SHOWN = "Shown"
CAPTION = "{view}, {frame}"
OF_STUDY = "{study}: {text}"
BLANK = "{text}: CANNOT BE SHOWN"
SHOWN_FRAME = "frame {number} of {count}"
VIEWS = "Views"
VIEW_ROW = "{title} ({frames}{marks})"
ONE_FRAME = "1 frame"
FRAMES = "{count} frames"
MARKS_IN_VIEW = ", {count} marked"

NERVE = "Nerve"
NERVE_PROMPT = "Choose a nerve"
SIDE = "Side"
SIDE_TIP = "Side of the patient, not of the screen"
LEFT = "Left"
RIGHT = "Right"
TARGET = "Target"
NEEDLE = "Needle"
LEVEL = "Level"
VERTEBRA = "Vertebra"
VERTEBRA_PROMPT = "Choose a vertebra"
DISPUTED = "Disputed anatomy: the sources do not agree on where this nerve lies."

TARGET_TIP = "Mark the target of the chosen nerve with one press ({key})"
NEEDLE_TIP = "Mark a needle for the chosen nerve with two presses, tip first ({key})"
LEVEL_TIP = "Label the chosen vertebra with one press ({key})"
RELABEL = "Relabel"
RELABEL_TIP = "Give the selected mark the nerve and side (or the vertebra) chosen above"
DELETE = "Delete"
DELETE_TIP = "Delete the selected mark; Undo brings it back ({key})"
UNDO = "Undo"
UNDO_TIP = "Undo: {what} ({key})"
REDO = "Redo"
REDO_TIP = "Redo: {what} ({key})"
NOTHING = "nothing to do"
EXPORT = "Export..."
EXPORT_TITLE = "Export the marks of this reading"
EXPORT_FILTERS = "Marks as JSON (*.json);;Table as CSV (*.csv)"
EXPORTED = "{count} exported to {path}."

HINT_IDLE = "Choose a nerve and a side, then Target or Needle. Press a mark to select it, drag to move it."
HINT_TARGET = "Press on the target of the {label}. Esc cancels."
HINT_TIP = "Press on the TIP of the needle for the {label}. Esc cancels."
HINT_HUB = (
    "Now press on the HUB of the needle for the {label}. Shift and a press add a bend before it. Esc cancels."
)
HINT_LEVEL = "Press on the {label}. Esc cancels."
TIP = "Tip"
PRESS = "press"
NEED_NERVE = "Choose the nerve first."
NEED_SIDE = "Choose the side of the patient first: it is never guessed."
NEED_VERTEBRA = "Choose the vertebra first."
NEED_SELECTION = "Select a mark first, in the table or on the image."
NEED_VIEW = "Show a view of the study first."
OTHER_FRAME = "The tip was marked on another frame or view. Mark the tip again."
MARKED = "Marked: {label}."
DELETED = "Deleted: {label}. Undo brings it back."
UNDONE = "Undone: {what}."
REDONE = "Redone: {what}."
MOVED = "Moved: {label}."
RELABELLED = "Relabelled: {before} is now {after}."
STILL_READING = "It is still being read: the disk or network is slow. It appears by itself."
UNREADABLE = "This frame cannot be shown, so nothing can be marked on it. {problem}"
NOT_PLAIN = (
    "napari shows the image in 3D, turned or in a grid, so nothing can be marked on it. "
    "Switch that off with the buttons below the layer list; a layer that napari has turned lies right again "
    "after 'As the file says' on the page Display."
)
COVERED = (
    "Another image ({layer}) lies on the view, so nothing can be marked: what is seen is not what would be marked. "
    "Hide it with its eye in the layer list, or remove it."
)
NOT_LOADED = "That mark is on an image that is not open. Open the folder that holds it."

MARKS_TABLE = "Marks"
COLUMN_MARK = "Mark"
COLUMN_VIEW = "View"
COLUMN_FRAME = "Frame"
NOT_OPEN = "(image not open)"

SAVED = "Saved {time}, {count}"
SAVED_BEFORE = "Saved, {count}"
SAVED_NOTHING = "Nothing to save yet"
NOT_SAVED = "NOT SAVED: {pending}. {problem}. {remedy}"
OUT_OF_REACH = "The marks stored earlier cannot be shown now. {problem}. {remedy} New marks are kept and stored as soon as it works."
RESCUED = "They are in {path} until then."
ONE_MARK = "1 mark"
MARKS = "{count} marks"
ONE_CHANGE = "1 change"
CHANGES = "{count} changes"
STORE_CLOSED = "Marks cannot be kept, so marking is switched off. {problem}"
TRY_AGAIN = "Try again"

SKIPPED_ONE = "1 file was not opened. {first}"
SKIPPED_MANY = (
    "{count} files were not opened. {first} (and {more} more: fluoro-annotator inspect lists them all)"
)
OVERLAYS_ONE = "1 file has overlays, which are not shown; they may carry the patient's name."
OVERLAYS_MANY = "{count} files have overlays, which are not shown; they may carry the patient's name."
OPEN_TITLE = "Open a folder with a fluoroscopic study"

OPENING = "Opening studies"
CANCEL = "Cancel"
CLOSE = "Close"
COPY = "Copy"
SHOW_LIST = "Show list"
LOOKING = "Looking for files..."
READING_FILES = "Reading file {done:,} of {total:,}"
PREPARING = "Preparing the views..."
PREPARING_VIEWS = "Preparing view {done} of {total}"
ADDING = "Adding view {done} of {total}"
CANCELLED = "Cancelled. Views that were there already stay open."
ADDED_ONE = "1 view was added; it is in the list of views."
ADDED_MANY = "{count} views were added; they are in the list of views."
ALREADY_ONE = "1 view is open already and was not added again."
ALREADY_MANY = "{count} views are open already and were not added again."
NOT_OPENED_ONE = "1 file was not opened."
NOT_OPENED_MANY = "{count:,} files were not opened."
NOTHING_FOUND = "No fluoroscopic image was found."
NOTHING_SHOWN = "None of the images could be shown."
NOTHING_SKIPPED = "Every file of the last selection was opened."
FIRST_STUDY_ONLY = (
    "Only the first study is opened: {count} more views are in other studies. Open the folder of one study."
)
SKIPPED_TITLE = "Files that were not opened"
SKIPPED_COLUMNS = ("File", "Why", "What to do")
CHOICE_TITLE = "Choose what to open"
CHOICE = "There are {views} views in {studies}. Tick those to open; the others can be opened later."
CHOICE_COLUMNS = ("Study", "Date", "Views", "Frames")
OPEN_ALREADY = "{title} (open already)"
ONE_STUDY = "1 study"
STUDIES = "{count} studies"
CHOSEN_ONE = "1 view is chosen."
CHOSEN_MANY = "{count} views are chosen."

IN_DOUBT = "{label} ?"
NOTED = "{text}, {note}"
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

KEYS_TITLE = "Keys"
KEYS_SEARCH = "Search for a key or for what it does"
KEYS_COLUMNS = ("Key", "What it does")
KEYS_NEW = "New key for the chosen line"
KEYS_NEW_TIP = "Click here and press the new key."
KEYS_USE = "Use it"
KEYS_RESET = "Back to its own key"
KEYS_RESET_ALL = "All back"
KEYS_PRINT = "Print..."
KEYS_BUTTON = "Keys"
KEYS_BUTTON_TIP = "Table of all keys, to search, change and print ({key})"
KEYS_CHOOSE = "Choose a line to change its key."
KEYS_IDLE = "The keys work while the image, the dock or the transport bar has the focus."
KEYS_PRESS_FIRST = "Press the new key in the field first."
KEY_CHANGED = "{key} now does this: {does}."
KEYS_ALL_RESET = "All keys are as the program brings them."
KEY_FIXED = "{does}: always has this key"
KEY_FIXED_REMEDY = "Change another one."
KEY_TAKEN = "is the key for this: {does}"
KEY_TAKEN_REMEDY = "Choose another key, or change that one first."
KEY_OF_NAPARI = "is a key of napari itself"
KEY_UNUSABLE = "cannot be used here"
KEY_REMEDY = "Choose another key."
KEYS_FILE_UNREADABLE = "cannot be read as a table of keys"
KEYS_FILE_REMEDY = "The usual keys are used. Delete the file, or change a key to write it anew."
KEYS_FILE_LINE = "{name}: {key} is not used: {problem}"
KEYS_FILE_UNKNOWN = "there is no such action"
KEYS_FILE_UNWRITABLE = "cannot be written, so the keys hold until the program ends"
KEYS_FILE_UNWRITABLE_REMEDY = "See to it that the folder can be written."

PANELS = {
    "annotate": "Marking",
    "cine": "Cine",
    "display": "Display",
    "views": "Views",
    "plan": "Plan",
    "levels": "Levels",
    "needles": "Needles and shapes",
    "points": "Points",
    "events": "Events",
    "measures": "Measuring",
    "calibration": "Scale",
    "adequacy": "View",
    "changes": "Reading",
    "help": "Help",
}
KEYS_DO = {
    "annotate.arm_target": "lets the next press mark a target",
    "annotate.arm_needle": "lets the next two presses mark a needle, tip first",
    "annotate.arm_level": "lets the next press label a vertebra",
    "annotate.disarm": "puts the tool away, or lets go of the selected mark",
    "annotate.delete_selected": "deletes the selected mark",
    "annotate.undo": "undoes the last change",
    "annotate.redo": "redoes what was undone",
    "annotate.relabel_selected": "gives the selected mark the names that are chosen",
    "annotate.ask_for_export": "exports the marks of the reading",
    "cine.play_or_pause": "plays the cine, or stops it",
    "cine.play_backwards": "plays it backwards, or stops it",
    "cine.step_back": "shows the frame before",
    "cine.step_on": "shows the next frame",
    "cine.next_marked": "shows the next frame with a mark",
    "cine.previous_marked": "shows the last frame with a mark before this one",
    "cine.loop_from_here": "begins the loop at this frame",
    "cine.loop_to_here": "ends the loop at this frame",
    "cine.loop_all": "loops everything",
    "cine.faster": "plays faster",
    "cine.slower": "plays slower",
    "display.invert": "exchanges black and white",
    "display.rotate_right": "turns the view clockwise by 90 degrees",
    "display.rotate_left": "turns it back by 90 degrees",
    "display.flip": "exchanges left and right of the screen",
    "display.as_file": "shows the view as the file says",
    "display.fit": "shows the whole image",
    "display.actual_size": "shows one pixel of the image as one of the screen",
    "display.next_preset": "takes the next window",
    "levels.accept_all": "labels every offered vertebra that is not doubtful",
    "plan.next_slot": "lets presses fill the slot of the plan that is on, or goes on to the next empty one",
    "plan.previous_slot": "goes to the slot before",
    "plan.slot_not_visible": "says that what the slot asks for is not visible",
    "plan.slot_not_applicable": "says that the slot does not apply",
    "plan.slot_unsure": "says that the reader is unsure of the slot",
    "views.side_by_side": "shows other views beside the image, or hides them",
    "measures.place_line": "lets the next presses place the line chosen on the Measure page",
    "measures.measure_distance": "measures a distance between two presses, without storing it",
    "calibration.calibrate_by_length": "makes a scale from a known length, two presses",
    "calibration.calibrate_by_width": "makes a scale from the width of a needle, two presses",
    "adequacy.judge_view": "asks whether the frame shows a true view",
    "needles.arm_course": "draws the course of the chosen nerve: presses, then Enter",
    "needles.arm_zone": "draws the zone of the chosen nerve as a polygon: presses, then Enter",
    "needles.arm_ellipse": "draws the zone of the chosen nerve as an ellipse: three presses",
    "needles.arm_landmark": "marks the landmark that is chosen on the Needle page",
    "points.finish_mark": "ends a course or a zone",
    "points.take_back": "takes the last press back, or the selected point out of the mark if no tool waits",
    "points.next_point": "selects the next point of the selected mark",
    "points.insert_point": "adds a point behind the selected one",
    "points.left": "moves the selected point left by 1 pixel, or if none is selected shows the frame before",
    "points.right": "moves the selected point right by 1 pixel, or if none is selected shows the next frame",
    "points.up": "moves the selected point up by 1 pixel",
    "points.down": "moves the selected point down by 1 pixel",
    "points.left_half": "moves the selected point left by half a pixel",
    "points.right_half": "moves the selected point right by half a pixel",
    "points.up_half": "moves the selected point up by half a pixel",
    "points.down_half": "moves the selected point down by half a pixel",
    "needles.copy_on": "copies the selected mark to the next frame",
    "needles.same_needle": "says that the selected needle is the one marked before",
    "events.contrast_appears": "marks that contrast appears on this frame",
    "events.vascular_uptake": "marks vascular uptake",
    "events.epidural_spread": "marks epidural spread",
    "events.foraminal_spread": "marks foraminal spread",
    "events.intrathecal_spread": "marks intrathecal spread",
    "events.intra_articular_spread": "marks intra-articular spread",
    "events.final_position": "marks the final position",
    "changes.show_changes": "lists what changed in the reading",
    "help.show_keys": "shows the table of keys",
    "help.show_help": "shows the table of keys, too",
}

CHANGES_TITLE = "What changed"
CHANGES_BUTTON = "Changes"
CHANGES_BUTTON_TIP = "What changed in this reading ({key})"
CHANGES_SINCE = "Since"
CHANGES_SPANS = {
    "closed": "I last closed this study",
    "opened": "the study was opened here",
    "today": "midnight",
    "week": "7 days ago",
    "always": "the beginning of the reading",
}
CHANGES_UNKNOWN = "This computer does not know that you have closed this study before. Everything is listed."
CHANGES_NONE = "Nothing has changed."
CHANGES_NO_READING = "No study is open."
CHANGES_NOTES = "From other windows, newest first:"
CHANGES_GO = "Press on a line, or Enter, to show its frame."
TAKEN_IN = "Changed in another window of yours, and taken in: {changes}."
STILL_HERE = "{label} was deleted in another window while it was changed here. It stays, as it is here; delete it again if it should go."
STILL_GONE = (
    "{label} was changed in another window while it was deleted here. It stays deleted; Undo brings it back."
)
BOTH_CHANGED = (
    "{label} was changed in another window, too. It stays as it is here; the other is in the history."
)
MORE_CHANGES = "and {count} more"
SLANTED_DETECTOR = "the header says that the detector was tilted against the beam"
SLANTED_TABLE = "the header says that the table or the column was tilted or turned between the views"
FROM_TO = "from {start} to {end}"
GUIDE = "Guide: within {width:.0f} px of the middle of the band, if {assumed}."
GUIDE_LINE = "in this band, if {assumed}"
IF_STILL = "patient and table did not move"
IF_TIE = "what is marked in both views is one point"
IF_TIES = "the {count} points marked in both views are the same"
TIED_BY = "Tied by: {ties}."
BESIDE = "The band runs beside this image."
NO_GUIDE = "No guide line: {reason}."
WOULD_RUN = "It would run {direction}."
TIP_OF = "Tip of {label}"
PLACE_OF_LABEL = "Place of the label {label}"
CONFLICT = (
    "{label}: the marks in {first} and in {second} cannot be one needle that stayed where it was: {reason}."
)

SIDE_BY_SIDE = "Views side by side"
NO_OTHER_VIEW = "There is no other view of this study to show beside this one."
NO_VIEW_FOR_PANE = "There is no further view of this study."
PANE = "Pane {number}"
PANE_VIEW = "View in pane {number}"
PANE_FRAME = "Frame in pane {number}"
PANES = "Number of panes"
ONE_PANE = "1 pane"
MANY_PANES = "{count} panes"
PANE_FIT = "Fit"
PANE_FIT_TIP = "Show the whole image"
SWAP_TIP = "Change places with the main image"
GUIDES = "Guide lines"
GUIDES_TIP = (
    "Show where the selected mark can lie in other views, as far as the file says how they were taken"
)
CLOSE_PANES_TIP = "Close the panes ({key})"
MAIN_NOTE = "Main image: {text}"
DISPLAY = "Display"
SIDE_NOT_STATED = "side not stated in the file"
SIDE_NOT_SHOWN = "side not shown: the image is turned by napari"
PRESET = "Window"
PRESET_TIP = "The windows and tables of the file, and others by computation; the next one: ({key})"
PRESET_WINDOW = "{name}: {center:g} / {width:g}"
PRESET_WINDOW_NAME = "File {number}"
PRESET_LUT = "{name}: table of the file"
PRESET_LUT_NAME = "VOI LUT {number}"
PRESET_FILE = "As the file says"
PRESET_RANGE = "Full range of the file"
PRESET_PERCENTILES = "{low:g} to {high:g} % of this frame"
PRESET_OWN = "Set by hand"
PRESET_COLOUR = "Colour: no window"
CENTER = "Centre"
WIDTH = "Width"
WINDOW_TIP = "In grey values of the file. Or hold Ctrl and drag on the image: up and down the centre, left and right the width."
WINDOW_TOO_NARROW = "A window needs a width above 0."
NO_WINDOW = "A colour image has no window."
AS_FILE = "As the file says ({key})"
AS_FILE_TIP = "Window, inversion, turning, overlays, shutter and mask as the file says ({key})"
INVERT = "Invert ({key})"
INVERT_TIP = "Exchange black and white ({key})"
ROTATE_RIGHT = "Turn right ({key})"
ROTATE_LEFT = "Turn left ({key})"
FLIP = "Mirror ({key})"
ROTATE_RIGHT_TIP = "Turn the view clockwise by 90 degrees; side letters and marks go with it ({key})"
ROTATE_LEFT_TIP = "Turn the view back by 90 degrees; side letters and marks go with it ({key})"
FLIP_TIP = "Exchange left and right of the screen; side letters and marks go with it ({key})"
TURNED_NOT = "as stored"
TURNED_BY = "turned by {degrees} degrees"
MIRRORED = "mirrored"
MIRRORED_AND = "{mirrored}, then {turned}"
FIT = "Fit ({key})"
FIT_TIP = "Show the whole image ({key})"
ACTUAL_SIZE = "1:1 ({key})"
ACTUAL_SIZE_TIP = "One pixel of the image is one pixel of the screen ({key})"
OVERLAYS = "Overlays of the file"
OVERLAYS_TIP = "Drawings and writing that the file lays over the image. They may show the patient's name."
OVERLAYS_SHOWN = (
    "Overlays are shown. They may carry the patient's name: look before you show or copy the screen."
)
SHUTTER = "Shutter of the file"
SHUTTER_TIP = "Cover what lies outside the shutter that the file describes"
MASK = "Subtract the mask"
MASK_TIP = (
    "Show what has changed since the mask frame, for contrast. Bone disappears: mark on the plain image."
)
MASK_SHOWN = "The mask is subtracted: bone is hardly seen. Marks still belong to the plain image."
NOT_IN_FILE = "The file has none."
NOTE_WINDOW = "window {center:g} / {width:g}"
NOTE_INVERTED = "inverted"
NOTE_OVERLAYS = "overlays shown"
NOTE_SHUTTER = "shutter off"
NOTE_MASK = "MASK SUBTRACTED"
FACTS = "What the file says"
FACT_VIEW = "View"
FACT_VIEW_RULE = "View from"
FACT_CONFIRM = "Confirm"
FACT_ANGLES = "Angles"
FACT_PATIENT = "Patient"
FACT_SIDES = "Sides"
FACT_FLIPS = "Turned before storing"
FACT_DISTANCES = "Distances"
FACT_SCALE = "Scale"
FACT_INTERVAL = "Scale interval"
FACT_PLANE = "Scale valid in"
FACT_SCALE_NOTE = "Scale note"
FACT_TIMES = "Times"
FACT_CONTRADICTIONS = "Times contradict"
FACT_NOTES = "Geometry notes"
FACT_PIXELS = "Pixels"
FACT_OVERLAYS = "Overlays"
FACT_PRIMARY = "primary {angle:.1f}°"
FACT_SECONDARY = "secondary {angle:.1f}°"
FACT_MOVING = "changes during the run"
FACT_SIDE_LETTERS = "top {}, right {}, bottom {}, left {} (Patient Orientation)"
FACT_SIDES_NONE = "not stated: the file has no usable Patient Orientation"
FACT_LATERALITY = "body part {side}"
FACT_TURNED = "by {degrees:g}°"
FACT_MIRRORED = "flipped horizontally"
FACT_SOURCE_DETECTOR = "source to detector {mm:g} mm"
FACT_SOURCE_PATIENT = "source to patient {mm:g} mm"
FACT_MAGNIFICATION = "magnification {factor:.3g}"
FACT_SPACING = "{row:.4f} x {column:.4f} mm per pixel, from {source}"
FACT_NO_SCALE = "none: {reason}. Lengths are in pixels."
FACT_OF_THIS_FRAME = "{text}; this frame's own"
FACT_MM = "{low:.4f} to {high:.4f} mm per pixel"
FACT_DEFAULT = "{text} (an engineering default)"
FACT_RATE = "{rate:.4g} frames/s, {source}"
FACT_SIZE = "{rows} x {columns}, {stored} of {allocated} bits, {photometric}"
SCALE_OF_SOME = "some frames of the image have no scale, or one from another source"
SCALE_VARIES = (
    "differs between frames: the interval, {low:.4f} to {high:.4f} mm per pixel, holds on all of them"
)
FACT_PLANES = "{groups}: may carry the patient's name"


MEASURES = "Measure"
NEEDLES_HERE = "Needles of this frame"
NO_NEEDLE_HERE = "No needle is marked on this frame."
NOTHING_TO_MEASURE_TO = "Nothing to measure to: mark a target, a course or a zone of the same nerve and side on this frame, or place a line."
TIP_TO_TARGET = "Tip to target"
TIP_TO_COURSE = "Tip to course"
SHAFT_TO_COURSE = "Shaft to course"
TIP_IN_ZONE = "Tip in zone"
SHAFT_TO_ENDPLATE = "Shaft to endplate of {vertebra}"
TIP_TO_SAFETY = "Tip to {line}"
ANSWERED = "{answer}: {text}"
IN_ZONE = {
    Answer.YES: "inside",
    Answer.NO: "outside",
    Answer.CANNOT_TELL: "too near to the edge to tell",
}
SAFE_SIDE = {
    Answer.YES: "safe side",
    Answer.NO: "PAST THE LINE",
    Answer.CANNOT_TELL: "too near to the line to tell",
}
SAFE_SIDE_UNKNOWN = (
    "Not measured: the file does not say which way the safe side lies, or it lies along the beam."
)
SCALE_BY = "Millimetres by: {source}."
FRACTION_NOTE = "0 is the {first}, 1 the {last}."
FENCE = "{at:g}"
UNITS = {Unit.MM: " mm", Unit.DEGREES: "\N{DEGREE SIGN}", Unit.FRACTION: ""}
IN_BAND = {
    Answer.YES: "within {low:g} to {high:g}{unit}",
    Answer.NO: "OUTSIDE {low:g} to {high:g}{unit}",
    Answer.CANNOT_TELL: "cannot be told from {low:g} to {high:g}{unit}",
}
BAND_UNIT = "wanted: {low:g} to {high:g}{unit}, which needs a scale"
BAND_ELSEWHERE = "wanted in {view}: {low:g} to {high:g}{unit}"
BAND_NOTE = "{title} ({view}).{validated}"
NOT_VALIDATED = " Nobody has shown that this band tells good from bad placement."
ENDPLATE = "Superior endplate"
ENDPLATE_FIRST = "one end of the superior endplate"
ENDPLATE_SECOND = "other end of the superior endplate"
LINE_TO_PLACE = "Line to place"
PLACE_LINE = "Place"
PLACE_LINE_TIP = "Place the line with presses on its points; its landmarks are marks like others ({key})"
HINT_LINE = "Press on the {point} of {vertebra}{side}. Esc cancels."
LINE_PLACED = "Placed: {line}, {vertebra}{side}."
LINE_SIDE = ", {side}"
NEED_LINE_SIDE = "Choose the side of the patient on the Measure page first: it is never guessed."
NEED_LINE_VERTEBRA = "Choose the vertebra on the Measure page first."
PLACING_LINE = "place line of"
MEASURE_DISTANCE = "Distance"
MEASURE_DISTANCE_TIP = "Measure between two presses; it is shown and not stored ({key})"
HINT_DISTANCE_FIRST = "Press where the distance begins. Esc cancels."
HINT_DISTANCE_SECOND = "Press where the distance ends. Esc cancels."
DISTANCE_SAYS = "Distance: {text}. It is not stored; Esc takes it away. {note}"
SHOW_LINES = "Lines on the image"
SHOW_LINES_TIP = "Show measures, endplates, safety lines and the reader's own scale on the image"
SHOW_BANDS = "Bands of the plan"
SHOW_BANDS_TIP = "Compare measures with the acceptance bands of the plan that was chosen"
POINTS_ELSEWHERE = "The first point was pressed on another frame or view. Begin again on this one."
SIDE_PROMPT = "Choose a side"

SCALE = "Scale"
NO_SCALE = "Pixels only: {reason}."
SCALE_SAYS = "{mm} per pixel, by {source}. Right in {plane}."
SCALE_MM = "{low:.3g} to {high:.3g} mm"
SCALE_MM_EXACT = "{mm:.3g} mm (error not known)"
SCALE_TWO = "{rows} down, {columns} across"
SCALE_TAKEN = "Taken {plane}."
SCALE_ASSUMED = "The interval is an engineering default."
SCALE_OTHER = "The scale of the file is {ratio:.2f} times as large."
SCALE_OWN_CHANGES = "The file's scale changes from frame to frame; yours is taken to hold on all of them."
KNOWN_LENGTH = "Length"
KNOWN_LENGTH_TIP = (
    "How long something in the image is, in mm, for example a ruler on the skin or a marked needle"
)
LENGTH_PROMPT = "? mm"
FROM_LENGTH = "Ends"
FROM_LENGTH_TIP = "Make a scale from the two ends of the known length ({key})"
WIDTH_OF = "Needle"
GAUGE_PROMPT = "Size"
GAUGE_WIDTH = "{gauge} G, {mm:g} mm"
FROM_WIDTH = "Edges"
FROM_WIDTH_TIP = (
    "Make a scale from both edges of the shaft of a needle; blurred, so good to 20 % only ({key})"
)
PLANE = "Depth of it"
PLANES = {
    CalibrationPlane.NOT_STATED: "not stated",
    CalibrationPlane.INSTRUMENT: "at the needle",
    CalibrationPlane.VERTEBRA: "at the vertebra",
    CalibrationPlane.SKIN: "at the skin",
    CalibrationPlane.TABLE: "at the table",
}
REMOVE_SCALE = "Remove"
REMOVE_SCALE_TIP = "Go back to the scale of the file; Undo brings yours back"
NEED_LENGTH = "Enter the length in mm on the Measure page first, then press Enter or {key}."
NEED_GAUGE = "Choose the size of the needle on the Measure page first, then press {key} again."
HINT_LENGTH_FIRST = "Press on one end of the length of {mm:g} mm. Esc cancels."
HINT_LENGTH_SECOND = "Press on the other end of the length of {mm:g} mm. Esc cancels."
HINT_WIDTH_FIRST = "Zoom in, then press on one edge of the shaft of the {gauge} G needle. Esc cancels."
HINT_WIDTH_SECOND = "Press on the other edge, straight across the shaft. Esc cancels."
NOT_ACROSS = "The presses lie at {degrees:.0f}\N{DEGREE SIGN} to the shaft that is marked there. Press both edges again, straight across it."
SCALE_MADE = "Made: {label}. Undo takes it back."
SCALE_REMOVED = "Removed: {label}. Undo brings it back."
NO_OWN_SCALE = "This image has no scale of yours."
LINE_NAME = "{line}, {vertebra}"
LINE_ROLES = {"endplate": "endplate", "depth": "axis", "safety": "safety line"}
LINE_ELSEWHERE = "{line} is placed at {vertebrae} only."
SCALE_ON_IMAGE = "{mm:g} mm"

JUDGING = "Is the view true?"
JUDGED_VIEW = "Meant as"
JUDGED_VIEW_PROMPT = "Choose"
JUDGED_VIEWS = {"AP_TRUE": "AP", "LATERAL_TRUE": "lateral"}
ADEQUATE = {Adequacy.YES: "Yes", Adequacy.NO: "No", Adequacy.UNSURE: "Unsure"}
OBLIQUE_NEEDED = "Turn"
TILT_NEEDED = "Tilt"
NO_CORRECTION = "none"
CORRECTIONS = {
    Correction.OBLIQUE_LEFT: "oblique left",
    Correction.OBLIQUE_RIGHT: "oblique right",
    Correction.TILT_CRANIAL: "cranial",
    Correction.TILT_CAUDAL: "caudal",
}
JUDGE_TIP = "Judge whether this frame shows a true view ({key}); kept for this frame"
NEED_JUDGED_VIEW = (
    "Say first whether the frame is meant as AP or lateral: it is not guessed from the picture."
)
JUDGED = "Kept: {label}, frame {number}."
WITHDRAWN = "Withdrawn: {label}."
NEED_NOT_TRUE = "Answer No or Unsure first: a true view needs no correction."
STOPPED_FOR_JUDGING = (
    "Stopped at frame {number}. Nothing was kept: answer again if this is the frame you mean."
)


def plural(count: int, one: str, many: str) -> str:
    """Return the text for a count, the singular for exactly one."""
    return one if count == 1 else many.format(count=count)


MARKING = "Mark"
CINE = "Cine"
PLAY = "Play"
PAUSE = "Pause"
PLAY_TIP = "Play or pause ({key})"
REVERSE_TIP = "Play backwards or pause ({key})"
FIRST_TIP = "First frame"
LAST_TIP = "Last frame"
STEP_BACK_TIP = "Previous frame ({key})"
STEP_ON_TIP = "Next frame ({key})"
PREVIOUS_MARKED_TIP = "Previous frame with a mark ({key})"
NEXT_MARKED_TIP = "Next frame with a mark ({key})"
LOOP_FROM = "Loop from"
LOOP_TO = "to"
LOOP_ALL = "All"
LOOP_FROM_TIP = "Play from this frame on, again and again ({key})"
LOOP_TO_TIP = "Play up to this frame, again and again ({key})"
LOOP_ALL_TIP = "Play all frames ({key})"
SPEED = "Speed"
SPEED_VALUE = "{speed:g} x"
SPEED_TIP = "How many times faster than acquired: slower ({slower}), faster ({faster})"
PACE = "Pace"
PACE_REAL_TIME = "Real time"
PACE_EVERY_FRAME = "Every frame"
PACE_TIP = "Real time leaves out frames if the computer is slow; every frame takes longer instead."
RATE = "{rate:.1f} frames/s"
RATE_ACHIEVED = "{achieved:.1f} of {rate:.1f} frames/s, {dropped} left out"
RATE_SOURCE = "Times from: {source}."
RATE_ASSUMED = "none in the file; {rate:g} frames/s assumed"
NOTHING_TO_PLAY = "There is only one frame here: nothing to play."
NO_MARKED_AFTER = "No frame after this one carries a mark."
NO_MARKED_BEFORE = "No frame before this one carries a mark."
STOPPED_FOR_PRESS = (
    "Stopped at frame {number}. Nothing was marked: press again where it belongs on this frame."
)
STRIP_TIP = "Frame {number}: {marks}"
STRIP_EMPTY = "Frame {number}"
KIND_COUNT = "{count} {kind}"

LEVELS = "Levels"
OFFER = "Other levels on this frame"
OFFER_TWO = "Label two vertebrae on this frame (not counting S1), then the rest of the column is offered."
OFFER_UNCOUNTED = "Say how the vertebrae were counted, then the rest of the column is offered."
OFFER_UNKNOWN = "Nothing is offered, because the numbering does not say which vertebra follows which."
OFFER_TWICE = "Nothing is offered, because {vertebra} is labelled twice on this frame."
OFFER_STRETCH = "Nothing is offered: between the labels lies a place where this numbering does not say which vertebra follows."
OFFER_NONE = "Nothing is left to offer: what fits on this frame is labelled, or too far from the labels. S1 is never offered."
OFFERED = "Offered: {names}. Press on a dashed square to label it there, or {key} for all that are sure."
OFFERED_DOUBTFUL = "{offered} {names}: may as well be the neighbour, so look before you press."
GHOST = "{vertebra}?"
GHOST_DOUBTFUL = "{vertebra}? or its neighbour"
OFFER_SWITCH = "Offer the other vertebrae on the image"
OFFER_ACCEPT = "Accept all ({key})"
OFFER_ACCEPT_TIP = "Label every offered vertebra that is not doubtful, in one step"
OFFER_ACCEPTED_ONE = "Labelled: {label}."
OFFER_ACCEPTED = "Labelled: {names}. {undo} takes all of them back."
OFFER_LEFT = "{accepted} Not {names}: press on those that are right."
OFFER_OFF = "Nothing is offered: it is switched off."
OFFER_NONE_SURE = "None of the offered places is sure enough: press on those that are right."
OFFER_STEP = "accept the offer of"

NUMBERING = "How the vertebrae were counted"
NUMBERING_FIELDS = {
    "scheme": "Vertebrae",
    "counted_from": "From",
    "lstv": "LSTV",
    "lstv_side": "LSTV side",
    "rib_count": "Ribs",
    "confidence": "How sure",
}
NUMBERING_TIPS = {
    "scheme": "How many vertebrae of each sort this spine has",
    "counted_from": "Where counting started",
    "lstv": "Lumbosacral transitional vertebra, type after Castellvi (1984)",
    "lstv_side": "On which side the transitional vertebra is joined to the sacrum",
    "rib_count": "Number of vertebrae that bear ribs, as counted on these or earlier images",
    "confidence": "How sure you are of the names; anything but certain is shown with every name",
}
NUMBERING_VALUES = {
    "standard_7C_12T_5L": "7 C, 12 T, 5 L (usual)",
    "4_lumbar_type": "4 lumbar-type vertebrae",
    "6_lumbar_type": "6 lumbar-type vertebrae",
    "11_rib_bearing": "11 rib-bearing vertebrae",
    "13_rib_bearing": "13 rib-bearing vertebrae",
    "sacrum_up": "sacrum, upwards",
    "last_rib_down": "last rib, downwards",
    "C2_down": "C2, downwards",
    "C7_T1_rib": "first rib (C7/T1)",
    "iliac_crest_tangent": "line of the iliac crests",
    "prior_labelled_CT_MR": "earlier labelled CT or MR",
    "operator_statement": "what the operator said",
    "burned_in_label": "a label in the image",
    "castellvi_I": "Castellvi I",
    "castellvi_II": "Castellvi II",
    "castellvi_III": "Castellvi III",
    "castellvi_IV": "Castellvi IV",
    "bilateral": "both sides",
    "not_applicable": "not stated",
}
NUMBERING_PROMPT = "Choose"
RIBS_NOT_COUNTED = "not counted"
NUMBERING_STATE = "State"
NUMBERING_STATE_TIP = "Keep what is chosen as the basis of every level in this reading; Undo takes it back"
NUMBERING_WITHDRAW = "Withdraw"
NUMBERING_WITHDRAW_TIP = "Say nothing about the numbering any more; Undo takes it back"
NUMBERING_NONE = "Not stated yet."
NUMBERING_KEPT = "Stated: {scheme}, counted from {start}, {confidence}."
NUMBERING_INCOMPLETE = "Choose the vertebrae, where counting started, whether there is a transitional vertebra, and how sure you are."
NUMBERING_DOUBT = "{text} Every level is shown with a question mark."
NUMBERING_AND_LSTV = " Transitional vertebra: {lstv}."
NUMBERING_AND_RIBS = " Pairs of ribs: {count}."
NUMBERING_GONE = "The numbering is withdrawn. {undo} brings it back."
NUMBERING_AT_ODDS = "{text} It says certain although it is not known where counting started: check that."

RENAME = "Rename all levels"
RENAME_FROM = "What is called"
RENAME_TO = "is really"
RENAME_SCOPE = "Rename"
RENAME_SCOPES = {
    "all": "all levels by as many",
    "cervical": "cervical levels only",
    "below": "thoracic, lumbar and sacral levels only",
}
RENAME_BUTTON = "Rename {marks}"
RENAME_BUTTON_NONE = "Rename"
RENAME_CHOOSE = (
    "Choose what a vertebra is called and what it really is; all marks that change are listed here first."
)
RENAME_NOTHING = "No mark would change its name."
RENAME_NOT_AMONG = "{vertebra} is not among the levels to be renamed."
RENAMED_LINE = "{count} x {before}: becomes {after}"
RENAMED = "Renamed {marks}. {undo} takes it back in one step."

FINDINGS = "To check"
FINDINGS_COUNT = "To check: {count}"
FINDINGS_MORE = "And {count} more."
FINDINGS_NONE = "Nothing looks wrong."
FINDING_ROW = "View {where}, frame {frame}: {text}"
FINDING_TIP = "Press to show the mark"
FINDING_TITLES = {
    "LEVEL_ORDER": "levels out of order",
    "DUPLICATE": "marked twice",
    "SIDE_CONTRADICTS_ORIENTATION": "side against orientation letters",
    "NAME_CONVENTION_CONFUSION": "vertebra number used for the nerve?",
}
CHECK_LINE = "Check this frame: {titles} (see Levels)"
MARKED_BUT = "Marked, but check: {text} {undo} takes the mark back."
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
PLAN_PROGRESS_TIP = "Slots that have to be filled and are dealt with"
PLAN_LEAD = "{done} of {total}."
PLAN_RESUMED = "{done} of {total} done. {key} goes on with: {what}."
PLAN_ALL_DONE = "All {total} slots are dealt with."
PLAN_NONE_AFTER = "That was the last one. Still empty before it: {count}. Press {key} to go on there."
PLAN_START = "Start"
PLAN_START_TIP = "Mark this slot, or go on to the next empty one ({key})"
PLAN_NEXT = "Next"
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
PLAN_HEADING_COUNT = "{label} ({done}/{total})"
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
