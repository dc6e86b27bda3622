"""Teaching sets: their list, the editor, and who is to practise them."""

from __future__ import annotations

SETS_TITLE = "Teaching sets"
SETS_INTRO = "Exercises for trainees, made from submitted references. Nothing in a set is validated."
SETS_OF_ATTENDINGS = (
    "Your login, {login}, is that of a trainee. Teaching sets are made, assigned and withdrawn by attendings; "
    "you see here what there is to practise."
)
SETS_NOT_OF_THIS_ROLE = "Your login, {login}, is not that of an attending. It sees the teaching sets, and makes, assigns and withdraws none."
SETS_COLUMNS = ("Title", "Version", "Author", "Exercises", "Answers", "Assigned", "Look at")
SETS_NEW = "New..."
SETS_NEW_TIP = "Make a teaching set from references that are submitted"
SETS_EDIT = "Edit..."
SETS_EDIT_TIP = "Make the next version of the chosen set; the published one stays as it is"
SETS_WITHDRAW = "Withdraw..."
SETS_WITHDRAW_TIP = "Say that the chosen set is not to be practised any more; answers stay"
SETS_ASSIGN = "Assign..."
SETS_ASSIGN_TIP = "Ask trainees to practise the chosen set"
SETS_EXPORT = "Export..."
SETS_EXPORT_TIP = "Write the chosen set with its keys to a file, for another store"
SETS_INSTALL = "Install..."
SETS_INSTALL_TIP = "Take a set from a file into this store"
SETS_REFRESH = "Refresh"
SETS_FILES = "Teaching sets (*.json)"
SETS_LOOKING = "Looking into the store..."
SETS_NONE = "There is no teaching set in this store yet. Make one with New..., or take one from a file with Install..."
SETS_NEED_ONE = "Choose a set in the list first."
SETS_LOOK_ONE = "1 problem"
SETS_LOOK = "{count} problems"
SETS_WITHDRAWN = "withdrawn"
SETS_ABOUT = "About the chosen set"
SETS_FINE = "Nothing is wrong with it: the references, the protocol and the studies are as they were when it was published."
SETS_FINE_BUT = (
    "The protocol and the studies are as they were when it was published. Whether a reference has changed is shown "
    "to {author} alone."
)
SETS_PUBLISHED = "Version {version}, published {time} by {author}. Protocol: {protocol}."
SETS_PROTOCOL_UNKNOWN = "not known"
SETS_ASSIGNED_LINE = "Assigned to {names}."
SETS_IDENTIFIER = "Identifier: {set_id}"
SETS_WITHDRAWN_LINE = (
    "It is withdrawn: nobody is asked to practise it, and its answers are kept. Edit... makes a new version."
)
SETS_WITHDRAW_ASKED = (
    "Withdraw {title}? Nobody can practise it after that. Its exercises, answers and scores are kept. "
    "It comes back when a new version is published."
)
SETS_WITHDRAW_NOW = "Withdraw"
SETS_BACK = "Not now"
SETS_WITHDREW = "Withdrawn: {title}."
SETS_ASSIGN_HEADING = "Who is to practise {title}?"
SETS_TRAINEE = "Trainee"
SETS_TRAINEE_TIP = "The name under which the trainee practises; on a server the login"
SETS_DUE = "Due"
SETS_DUE_TIP = "The last day on which it is to be practised"
SETS_ASSIGN_NOW = "Assign"
SETS_ASSIGNED_LIST = "Assigned to"
SETS_UNASSIGN = "Take back"
SETS_UNASSIGN_TIP = "Take the assignment of the chosen trainee back; answers stay"
SETS_ASSIGNED_TO = "{trainee}, due {due}"
SETS_ASSIGNED_WITHOUT_DUE = "{trainee}"
SETS_ASSIGNED = "{title} is assigned to {trainee}."
SETS_UNASSIGNED = "{title} is not assigned to {trainee} any more."
SETS_NEED_TRAINEE = "Enter the name or login of the trainee first."
SETS_NEED_ASSIGNED = "Choose a trainee in the list first."
SETS_EXPORTED = (
    "{title}, version {version}, was written to {path}. The file holds the keys: give it to no trainee."
)
SETS_INSTALLED = "Installed: {title}, version {version}."
SETS_BUSY = "Something else is still being done. Wait for its end."
SETS_DRAFT_WAITS = "The editor holds changes that are not published. Publish or discard them first; it was brought to the front."

SET_EDITOR_NEW = "New teaching set"
SET_EDITOR_NEXT = "{title}: version {version}"
SET_PAGE_ABOUT = "&1 Set"
SET_PAGE_REFERENCES = "&2 References"
SET_PAGE_EXERCISES = "&3 Exercises"
SET_PAGE_PUBLISH = "&4 Check and publish"
SET_NAME = "Title"
SET_ID = "Identifier"
SET_ID_TIP = (
    "Small letters, digits, dots and dashes; it is the same in all versions and cannot be changed later"
)
SET_ID_OPEN = "Made from the title when it is published, unless you type one"
SET_DESCRIPTION = "Description"
SET_NO_ANSWERS = "Title and description are shown before the answers: they must not tell any. Do not name a patient anywhere."
SET_PROTOCOL = "Protocol"
SET_PROTOCOL_PROMPT = "Choose the protocol that answers are scored by"
SET_ORDER = "Order"
SET_MIXED = "Mixed for each trainee, so that neighbours differ"
SET_FIXED = "As in the list of exercises"
SET_READINGS = "Submitted references in this store. Experts of one study are taken together."
SET_READING_COLUMNS = ("Study or expert", "Patient", "Region", "Views", "Marks", "Submitted")
SET_NO_READINGS = "No reference is submitted in this store. Open a study, choose Reference for teaching under Purpose, mark it, and submit it."
SET_IMAGE = "1 image"
SET_IMAGES = "{count} images"
SET_STUDY_UNDATED = "Study without a date"
SET_KINDS = "Kinds of exercise"
SET_KIND_NAMES = {
    "place_target": "Place the target",
    "place_by_name": "Place by name",
    "name_marked": "Name what is marked",
    "judge_view": "Judge the view",
    "judge_needle": "Judge the needle",
}
SET_TAKE = "Add exercises"
SET_TAKE_TIP = "Add the exercises of the ticked references to the list of exercises"
SET_OFFER = "{count} exercises can be made of this."
SET_OFFER_ONE = "1 exercise can be made of this."
SET_OFFER_NONE = "No exercise can be made of this, or all of them are in the list already."
SET_UNOPENED = (
    "{count} of these studies are not open in this window: how the patient lies is not known then, and safety lines are "
    "not measured. Open them first."
)
SET_UNOPENED_ONE = (
    "A study is not open in this window: how the patient lies is not known then, and safety lines are not measured. "
    "Open it first."
)
SET_OFFER_ASK = "Choose the protocol on the first page, then tick references and kinds here."
SET_TAKEN = "{count} exercises were added."
SET_TAKEN_ONE = "1 exercise was added."
SET_EXERCISE_COLUMNS = ("No.", "Exercise", "View and frame", "Difficulty", "Points")
SET_EXERCISE_AND_ANSWER = "{prompt} ({answer})"
SET_EXERCISES_NONE = "No exercise yet. Tick references on the second page, and add their exercises."
SET_UP = "Up"
SET_UP_TIP = "Move the exercise up ({key})"
SET_DOWN = "Down"
SET_DOWN_TIP = "Move the exercise down ({key})"
SET_REMOVE = "Leave out"
SET_REMOVE_TIP = "Take the exercise out of the list ({key})"
SET_SHOW = "Show image"
SET_SHOW_TIP = "Show the frame of the exercise in the main window, if its study is open there"
SET_DIFFICULTY = "Difficulty"
SET_DIFFICULTIES = {"easy": "Easy", "medium": "Medium", "hard": "Hard"}
SET_VERDICT = "Needle"
SET_VERDICT_TIP = "What is right to say of the needle"
SET_VERDICT_FOLLOWS = "As follows from the references"
SET_VERDICT_GOOD = "Acceptable"
SET_VERDICT_BAD = "Not acceptable"
SET_VERDICT_FAULT = "Not acceptable: {meaning}"
SET_ANSWER = "Answer: {answer}. Experts: {experts}."
SET_ANSWER_PLACE = "the place that the experts marked"
SET_ANSWER_NEEDLE = "what is chosen under Needle"
SET_ANSWER_VIEW = "as the experts judged the view"
SET_POINTS = "Learning points, shown after the answer"
SET_POINT_COLUMNS = ("What is to be learned", "Source")
SET_POINT_ADD = "Add point"
SET_POINT_REMOVE = "Remove point"
SET_POINT_TIP = "Press twice, or F2, to write"
SET_NEED_EXERCISE = "Choose an exercise in the list first."
SET_CHECK = "Check again"
SET_RENEW = "Take references anew"
SET_RENEW_TIP = "Score all exercises by the submitted references as they are in the store now"
SET_PUBLISH = "Publish"
SET_PUBLISH_TELLS = (
    "After publishing, trainees can practise the set. A version never changes: corrections make the next one."
)
SET_ERRORS = "{count} errors keep the set from being published."
SET_ERROR_ONE = "1 error keeps the set from being published."
SET_WARNINGS = "The set can be published. {count} things are to be known."
SET_WARNING_ONE = "The set can be published. 1 thing is to be known."
SET_FINE = "The set can be published. Nothing was found."
SET_FINDING_TIP = "Press twice, or Enter, to see the exercise"
SET_OF_ONE = "Exercise {number} {text}"
SET_OF_SEVERAL = "Each of the exercises {numbers} and {last} {text}"
SET_ERROR_ROW = "Error: {text}"
SET_CHECKING = "Checking..."
SET_PUBLISHING = "Publishing..."
SET_PUBLISHED = "Published: {title}, version {version}."
SET_DISCARD = "Discard changes"
SET_DISCARD_TIP = "Forget what was changed here and is not published"
SET_NOT_OPEN = "Its study is not open in this window. Open it to see the image."
SET_READING = "Looking for references in the store..."
SET_OFFERING = "Looking what can be made of this..."
SET_RENEWED = "The references were taken as they are in the store now. Exercises that are scored by another reference than before: {count}."
SET_OTHER_PROTOCOL = (
    "{protocol} of the published version is not installed as it was; the one that is installed was taken."
)
SET_NEED_PROTOCOL = "Choose the protocol on the first page first."
SET_WHERE = "{view}, frame {number}"
SET_WHERE_STUDY = "{study}: {where}"
SET_VIEW_UNKNOWN = "view not said"
SET_LEFT_BEHIND = (
    "This set was not published when its window was closed; here it is again. Publish it, or discard the changes and "
    "begin anew."
)
SET_NOT_KEPT = (
    "What is not published cannot be kept on the disk, so leave this window open until it is. {problem}"
)
SET_DISCARDED = "What was changed here was forgotten."
