"""The Measure page: measures and lines, the scale, and whether a view is true."""

from __future__ import annotations

from fluoro_annotator.geometry import Answer
from fluoro_annotator.marks import Adequacy, CalibrationPlane, Correction
from fluoro_annotator.protocols import Unit

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
