"""The practice window: choosing a teaching set, an exercise, its answer, and what comes after."""

from __future__ import annotations

from fluoro_annotator.marks import Correction, MarkConfidence

PRACTICE = "Practice"
PRACTICE_DOCK = "Practice (Fluoro Annotator)"
PRACTICE_TITLE = "fluoro_annotator practice"
PRACTICE_IMAGE = "Exercise image"
PRACTICE_WINDOW = "this window"
PRACTICE_NO_ANNOTATE = "is a window for practice: nothing else is marked in it"
PRACTICE_NO_ANNOTATE_REMEDY = "Open another window to mark a study."

PRACTICE_WHO = "Who practises"
PRACTICE_WHO_TIP = "Answers are kept under this name. Enter another one and press Enter."
PRACTICE_WHO_LOGIN = "Answers are kept under your login on the server."
PRACTICE_SETS = "Teaching sets"
PRACTICE_SETS_LISTED = "Choose one that fluoro-annotator practice sets list names."
PRACTICE_NO_SETS = "There is no teaching set in this store yet. An attending publishes one, or install those of the sample studies."
PRACTICE_INSTALL_SAMPLES = "Install sample sets"
PRACTICE_INSTALL_SAMPLES_TIP = (
    "Teaching sets of a rendered phantom come with the program; on a server an attending installs them"
)
PRACTICE_SET_ROW = "{title} ({count})"
PRACTICE_SET_DUE = "assigned, due {due}"
PRACTICE_SET_ASSIGNED = "assigned"
PRACTICE_SET_FACTS = (
    "{questions} Answered by you so far: {answered}. Due or new now: {due}. By {author}, version {version}."
)
PRACTICE_QUESTION_ONE = "1 exercise."
PRACTICE_QUESTIONS = "{count} exercises."
PRACTICE_SET_OVERDUE = "{row}: overdue"
PRACTICE_CHOOSE_SET = "Choose a teaching set."
PRACTICE_PROBLEMS = "What is wrong with it"
PRACTICE_START = "Start"
PRACTICE_START_TIP = (
    "Begin with the exercise that is due first, or go on with the one that was interrupted ({key})"
)
PRACTICE_FOLDERS = "Images are looked for in: {folders}."
PRACTICE_SAMPLES = "the sample studies"
PRACTICE_NO_FOLDERS = "No folder with images is known yet. Add the one that holds the studies of the set."
PRACTICE_ADD_FOLDER = "Add folder..."
PRACTICE_ADD_FOLDER_TIP = "A folder with the studies of your teaching sets; it is remembered"
PRACTICE_FORGET_FOLDERS = "Forget folders"
PRACTICE_FORGET_FOLDERS_TIP = "Look for images in the sample studies only; no file is touched"
PRACTICE_LOOKING = "Looking for images: {done} of {total} files."
PRACTICE_LOOKING_AT_ALL = "Looking for images."
PRACTICE_FOUND_IMAGES = "{count} images found."
PRACTICE_FOUND_ONE = "1 image found."
PRACTICE_MISSING_ONE = (
    "The image of 1 exercise was not found in these folders. It is left out until its folder is added."
)
PRACTICE_MISSING = "The images of {count} exercises were not found in these folders. They are left out until their folder is added."
PRACTICE_ALL_MISSING = "No image of this set was found. Add the folder that holds its studies."
PRACTICE_STILL_LOOKING = "Images are still being looked for. Start again in a moment."
PRACTICE_NEED_SET = "Choose a teaching set first."
PRACTICE_AWAY = "The store cannot be reached: {problem}"
PRACTICE_TRY_AGAIN = "Try again"
PRACTICE_FOLDERS_UNWRITABLE = "cannot be written, so the folders are known until the window is closed"
PRACTICE_FOLDERS_REMEDY = "See to it that the folder can be written."
PRACTICE_FOLDERS_UNREADABLE = "cannot be read as a list of folders"
PRACTICE_FOLDERS_ADD_AGAIN = "Add the folders of your teaching sets again; the file is then written anew."

PRACTICE_LEAVE = "Leave set"
PRACTICE_LEAVE_TIP = "Back to the teaching sets; an exercise that is not committed comes first next time"
PRACTICE_WHY = "Why this one now: {why}"
PRACTICE_DIFFICULTY = "Difficulty: {difficulty}"
PRACTICE_POSITION = "Exercise image, answer number {number}"
PRACTICE_FRAME = "The question is about frame {number} of {count}."
PRACTICE_OTHER_FRAME = "The question is about frame {number}. Go back to it to answer."
PRACTICE_SHOW_FRAME = "Show frame {number}"
PRACTICE_SHOW_FRAME_TIP = "Go back to the frame that the question is about ({key})"
PRACTICE_MIRRORED = "mirrored for practice"
PRACTICE_VARIED = "grey levels varied for practice"
PRACTICE_RESUMED = "This exercise was interrupted. It goes on where it was."

PRACTICE_PLACE_TARGET = "Press on the image where the target is. Drag it, or move it with the arrow keys."
PRACTICE_PLACE_NEEDLE = "Press on the image where the tip of the needle belongs, then where its hub is. Drag them, or move them with the arrow keys."
PRACTICE_PLACE = "Place"
PRACTICE_PLACE_TIP = (
    "Put the next point into the middle of what is seen, to be moved with the arrow keys ({key})"
)
PRACTICE_DELETE = "Delete"
PRACTICE_DELETE_TIP = "Take the mark away ({key})"
PRACTICE_UNDO = "Undo"
PRACTICE_UNDO_TIP = "Take back the last change of the answer ({key})"
PRACTICE_REDO = "Redo"
PRACTICE_REDO_TIP = "Repeat what was taken back ({key})"
PRACTICE_NAME = "Name what is marked on the image by the white diamond."
PRACTICE_NERVE = "Nerve"
PRACTICE_VERTEBRA = "Vertebra"
PRACTICE_JOINT = "Joint"
PRACTICE_SIDE = "Side"
PRACTICE_CHOOSE = "Choose"
PRACTICE_IS_TRUE = "1. Is it a {view}?"
PRACTICE_WHICH_WAY = "2. Oblique or tilt? (both if both are needed)"
PRACTICE_DIRECTION = "3. Which way has the C-arm to go?"
PRACTICE_YES = "Yes"
PRACTICE_NO = "No"
PRACTICE_OBLIQUE = "Oblique"
PRACTICE_TILT = "Tilt"
PRACTICE_CORRECTIONS = {
    Correction.OBLIQUE_LEFT: "Oblique left",
    Correction.OBLIQUE_RIGHT: "Oblique right",
    Correction.TILT_CRANIAL: "Tilt cranial",
    Correction.TILT_CAUDAL: "Tilt caudal",
}
PRACTICE_ACCEPTABLE = "1. Is the needle acceptable?"
PRACTICE_FAULT = "2. What is wrong?"
PRACTICE_CONFIDENCE = "How sure are you?"
PRACTICE_CONFIDENCES = {
    MarkConfidence.CERTAIN: "Certain",
    MarkConfidence.PROBABLE: "Probable",
    MarkConfidence.UNSURE: "Unsure",
}
PRACTICE_CONFIDENCE_TIP = "Say how sure you are of this answer; nothing is chosen beforehand ({key})"

PRACTICE_COMMIT = "Commit answer"
PRACTICE_COMMIT_TIP = (
    "Keep the answer for good, then see what was right; it cannot be changed afterwards ({key})"
)
PRACTICE_COMMIT_AGAIN = "Press {key} once more to commit the answer. Any other change takes this back."
PRACTICE_GIVE_UP = "I do not know"
PRACTICE_GIVE_UP_TIP = (
    "Commit without an answer and see the reference; that is honest, and counts as missing ({key})"
)
PRACTICE_GIVE_UP_AGAIN = (
    "Give up this exercise? Press {key} or the button once more. Any change of the answer takes this back."
)
PRACTICE_NEXT = "Next"
PRACTICE_NEXT_TIP = "Go on to the next exercise ({key})"
PRACTICE_NEED_TARGET = "Place the target first: press on the image."
PRACTICE_NEED_TIP = "Place the needle first: press where its tip belongs."
PRACTICE_NEED_HUB = "Press where the hub of the needle is."
PRACTICE_NEED_PARTS = "Choose first: {parts}."
PRACTICE_NEED_TRUE = "Say first whether the view is true."
PRACTICE_NEED_WAY = "Say whether oblique or tilt has to change."
PRACTICE_NEED_DIRECTION = "Say which way."
PRACTICE_NEED_ACCEPTABLE = "Say first whether the needle is acceptable."
PRACTICE_NEED_FAULT = "Say what is wrong with the needle."
PRACTICE_NEED_CONFIDENCE = "Say how sure you are."
PRACTICE_READY = "Ready: commit the answer."
PRACTICE_BESIDE = "That is beside the image."
PRACTICE_PLACED = "It is placed already: drag it, or delete it first."
PRACTICE_SAME_PLACE = "The tip and the hub cannot be in one place."
PRACTICE_COMMITTED = "The answer is committed and cannot be changed any more."
PRACTICE_WAITING = (
    "The answer is committed and kept on this computer: {reason} It is scored when the store is back."
)
PRACTICE_SCORED_LATER = "{count} answers that waited for the store are scored now."
PRACTICE_SCORED_LATER_ONE = "The answer that waited for the store is scored now."
PRACTICE_NOT_COMMITTED = "Not committed: {problem}"
PRACTICE_DONE = "Nothing more is due in this set now."
PRACTICE_DUE_AGAIN = "The next exercise is due on {when}."
PRACTICE_AHEAD = "Bring one forward"

PRACTICE_KEYS_TITLE = "Keys of practice"
PRACTICE_KEYS_TIP = "List every key and what it does"
PRACTICE_KEYS_DO = {
    "exercise.commit_twice": "commits the answer, when pressed twice",
    "exercise.give_up_twice": "gives up the exercise, when pressed twice",
    "exercise.go_on": "goes on to the next exercise",
    "exercise.certain": "says that the answer is certain",
    "exercise.probable": "says that it is probable",
    "exercise.unsure": "says that it is unsure",
    "exercise.to_the_answer": "goes to the first part of the answer; Tab, arrows and Space choose",
    "exercise.show_asked_frame": "goes back to the frame that the question is about",
    "exercise.take_back": "takes back the question whether to commit or to give up",
    "sets.start": "starts the teaching set that is chosen",
    "exercise.undo": "undoes the last change of the answer",
    "exercise.redo": "redoes what was undone",
    "hand.place": "puts the next point into the middle of what is seen",
    "hand.delete": "deletes the mark",
    "hand.next_point": "lets the arrow keys move the other point of the needle",
    "hand.left": "moves the point left by 1 pixel",
    "hand.right": "moves the point right by 1 pixel",
    "hand.up": "moves the point up by 1 pixel",
    "hand.down": "moves the point down by 1 pixel",
    "hand.far_left": "moves the point left by 20 pixels",
    "hand.far_right": "moves the point right by 20 pixels",
    "hand.far_up": "moves the point up by 20 pixels",
    "hand.far_down": "moves the point down by 20 pixels",
    "look.step_back": "shows the frame before",
    "look.step_on": "shows the next frame",
    "look.invert": "exchanges black and white",
    "look.as_asked": "shows the grey levels as the exercise does",
    "look.fit": "shows the whole image",
}

PRACTICE_IMAGE_WANTED = "the image of this exercise"
PRACTICE_NOT_FOUND = "was not found in the folders that are known"
PRACTICE_NOT_FOUND_REMEDY = "Add the folder that holds it."
