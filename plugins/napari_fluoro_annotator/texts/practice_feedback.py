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

REVIEW = "This sitting"
REVIEW_TIP = "Press on an answer to see its image and feedback again"
REVIEW_EMPTY = "Nothing was answered in this sitting."
REVIEW_ONE = "One answer: {outcomes}. Press on it to see it again."
REVIEW_MANY = "{count} answers: {{outcomes}}. Press on one to see it again."
REVIEW_IMAGE = "Answered in this sitting"
REVIEW_COMMIT_FIRST = "Commit its answer, or leave the set, and choose again."
REVIEW_ROW = "{sign} {outcome}. {prompt}"
REVIEW_URGENT = "Certain and wrong: {text}"

PROGRESS = "Progress"
PROGRESS_MAKING = "The page is being made ..."
PROGRESS_ABOUT = "{title}."
PROGRESS_OTHERS = "Not here, but in the report: {others}."
PROGRESS_RULE = "Pass rule: {rule}"
PROGRESS_LACKING = "Lacking:"
PROGRESS_MET = "The rule is met. It says no more than its numbers do."
PROGRESS_ANSWERS = "Answers"
PROGRESS_COUNTS = "{answers}, of which {assessed} count and {not_assessable} are not assessable"
PROGRESS_LATEST = "On target in the last {last}"
PROGRESS_FIRST = "On target at first sight of an exercise"
PROGRESS_CERTAIN = "Wrong of those called certain"
PROGRESS_DISTANCE = "Median distance, images measured in {unit}"
PROGRESS_SECONDS = "Median time to {kind}"
PROGRESS_MOVES = "Median moves to {kind}"
PROGRESS_MEDIAN = "{value} ({low:.1f} to {high:.1f}), of {count}"
PROGRESS_MEDIAN_ALONE = "{value}, of {count}"
PROGRESS_NO_RATE = "no rate"
PROGRESS_BARS = ("", "How often", "Share", "95 % interval")
PROGRESS_CURVE = ("Answer", "How often", "Share", "95 % interval")
PROGRESS_CUSUM = ("Answer", "CUSUM", "Lower boundary", "Upper boundary")
PROGRESS_SAVE = "Save report ..."
PROGRESS_SAVE_TIP = "Write what stands here to a self-contained page (HTML) or to a PDF"
PROGRESS_FILTERS = "Page (*.html);;PDF (*.pdf)"
PROGRESS_WRITING = "The report is being written ..."
PROGRESS_SAVED = "Written: {path}"
PROGRESS_REFRESH = "Refresh"
PROGRESS_TABLES = "As tables"
PROGRESS_TABLES_TIP = "Show the numbers instead of the plots"
