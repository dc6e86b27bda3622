"""What is said and drawn after an answer of practice, and of progress."""

from __future__ import annotations

from fluoro_annotator.training.pictures import Role

FEEDBACK = "Feedback"
FEEDBACK_SIGNS = {True: "\N{CHECK MARK}", False: "\N{BALLOT X}", None: "\N{EN DASH}"}
FEEDBACK_TITLE = "{sign} {title}"
FEEDBACK_SOURCE = "Source: {source}"
FEEDBACK_ANSWERED = "You answered: {answer}"
FEEDBACK_REMEDIES = {False: "What mends it", True: "What to do"}
FEEDBACK_BESIDES = "Also found"
FEEDBACK_LEARNING = "To be learned"
FEEDBACK_CAUTIONS = "Mind"
FEEDBACK_ZONE = "Zone: {zone}"
FEEDBACK_DETAILS = "Details"
FEEDBACK_DETAILS_TIP = "Show or hide everything that was measured, and the sources"
FEEDBACK_DETAIL = "{name}: {value}"
FEEDBACK_MEASURED = "Measured"
FEEDBACK_CITATIONS = "Sources"
FEEDBACK_CITATION = "{key}: {citation}"
FEEDBACK_LEGEND = "On the image"
FEEDBACK_NOT_DRAWN = "Not drawn"
FEEDBACK_NOT_KEPT = "The score is not in the store yet; the answer is."
FEEDBACK_NO_KEY = "The key of this exercise is not there any more, so that nothing can be compared."

REPLAY = "Your steps"
REPLAY_TIP = "Go through your own steps: arrow keys, Home and End"
REPLAY_BACK = "Step back"
REPLAY_ON = "Step on"
REPLAY_PLAY = "Play"
REPLAY_PAUSE = "Pause"
REPLAY_AT = "{number} of {count}, {seconds:.1f} s: {text}"

ROLE_WORDS = {
    Role.BONE: "Bone",
    Role.OTHER_BONE: "Bone that was hit or named instead",
    Role.MARGINAL: "Marginal",
    Role.GOOD: "Zone",
    Role.AXIS: "Line of landmarks",
    Role.SAFETY: "Safety line",
    Role.SAFETY_BEYOND: "Safety line, continued",
    Role.COURSE: "Nerve",
    Role.DISTANCE: "Distance",
    Role.OUTLIER: "Outlier",
    Role.REFERENCE: "Reference",
    Role.MIDDLE: "Mean of the references",
    Role.ELSEWHERE: "Reference of something else",
    Role.TRAIL: "Way of your mark",
    Role.REPLAYED: "Your mark at this step",
    Role.SHOWN: "Shown by the question",
    Role.ANSWER: "Your answer",
}
"""What something on the image is called."""
