"""The table of keys, and what every key does."""

from __future__ import annotations

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
    "submission": "Submitting",
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
    "submission.submit_or_reopen": "asks before the reading is submitted, or reopened",
    "changes.show_changes": "lists what changed in the reading",
    "help.show_keys": "shows the table of keys",
    "help.show_help": "shows the table of keys, too",
}
