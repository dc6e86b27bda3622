"""Submitting a reading, and reopening it."""

from __future__ import annotations

SUBMIT = "Submit..."
REOPEN = "Reopen..."
SUBMIT_TIP = "Say that you have finished this reading ({key})"
REOPEN_TIP = "Take the submission back, so that the reading can be changed ({key})"
SUBMIT_WINDOW = "Submit or reopen"
SUBMIT_NOW = "Submit"
REOPEN_NOW = "Reopen"
SUBMIT_BACK = "Not now"
SUBMIT_FOLLOWS = (
    "Submitting says that you have finished this reading. After that nothing in it is changed, and nothing "
    "is undone. You can reopen it later; its history keeps that it was submitted and reopened."
)
SUBMIT_FOLLOWS_PRACTICE = (
    "Submitting hands in your answer. This reading is for practice: after that it can NEVER be changed again, "
    "by nobody, and it cannot be reopened. You can practise again in a new reading."
)
SUBMIT_FOLLOWS_REFERENCE = (
    "Submitting says that this reference is finished: teaching sets can be made of it from then on. After that "
    "nothing in it is changed, and nothing is undone. You can reopen it later; its history keeps that."
)
REOPEN_FOLLOWS_REFERENCE = (
    "After reopening, this reference can be changed again. Teaching sets that were published of it go on with it "
    "as it was then; the list of teaching sets says where a reference is another now. Submit it again when you "
    "have finished."
)
REOPEN_FOLLOWS = (
    "After reopening, this reading can be changed again. What was done before cannot be undone any more, only "
    "changed. Submit it again when you have finished; its history keeps both."
)
REOPEN_NEVER = (
    "This reading was made for practice and is submitted, so it can never be changed or reopened. "
    "To practise again, close this window and open the study again: that begins a new reading."
)
SUBMIT_COMMENT = "Comment (optional, one line)"
SUBMIT_COMMENT_TIP = "It is stored and exported with the reading."
SUBMIT_NO_PATIENT = (
    "Do not name the patient: no name, no number, no date of birth. It stays in the history for ever."
)
SUBMIT_CHECKED = "Before you submit"
SUBMIT_NOTHING_MISSING = "Nothing that the plan asks for is missing, and no mark looks wrong."
SUBMIT_NOTHING_WRONG = "The checks have no warning about a mark; they do not look at the picture."
SUBMIT_NO_PLAN = "No plan is followed, so nobody can say what is missing."
SUBMIT_PLAN_PROBLEM = "What is missing cannot be told: {problem}"
SUBMIT_EMPTY = "Empty: {slot}."
SUBMIT_LOOKS_WRONG = "Look at this again: {finding}"
SUBMIT_MORE = "and {count} more, listed on the pages Plan and Levels."
SUBMIT_WAITING = (
    "The reading cannot be submitted now: {count} changes are not stored yet, but wait in a rescue file. "
    "See the line at the bottom of the dock, and try again when all is saved."
)
SUBMIT_WAITING_ONE = (
    "The reading cannot be submitted now: 1 change is not stored yet, but waits in a rescue file. "
    "See the line at the bottom of the dock, and try again when all is saved."
)
SUBMIT_AWAY = (
    "The reading cannot be submitted now: the store has not been reached. "
    "See the line at the bottom of the dock, and try again when all is saved."
)
SUBMITTED_NOW = "Submitted. Nothing in this reading is changed any more."
REOPENED_NOW = "Reopened. The reading can be changed again."
SUBMITTED_AT = "Submitted {time}"
SUBMITTED_STATE = "{submitted}. {saved}"
SUBMISSION_WAITS = (
    "The submission itself is not stored yet: it waits in a rescue file, and is stored as soon as the store is "
    "back. See the line at the bottom of the dock."
)
SUBMITTED_LINE = "{submitted}. Nothing in this reading can be changed; to change it, reopen it first ({key})."
SUBMITTED_LINE_PRACTICE = (
    "{submitted}. It was made for practice: nothing in it is ever changed again. "
    "To practise again, close this window and open the study again."
)
SUBMITTED_COMMENT = "Comment: {comment}"
SUBMITTED_ELSEWHERE = "Another window submitted this reading, so nothing in it can be changed any more."
REOPENED_ELSEWHERE = "Another window reopened this reading: it can be changed again."
TOO_LATE = (
    "{count} changes came too late and are not part of what was submitted; they wait in a rescue file. "
    "Reopen the reading here, and they are added; submit it again after that."
)
TOO_LATE_ONE = (
    "1 change came too late and is not part of what was submitted; it waits in a rescue file. "
    "Reopen the reading here, and it is added; submit it again after that."
)
TOO_LATE_PRACTICE = (
    "{count} changes came too late. The answer stays as it was handed in, so they are never added to it; "
    "they stay in a rescue file."
)
TOO_LATE_PRACTICE_ONE = (
    "1 change came too late. The answer stays as it was handed in, so it is never added to it; "
    "it stays in a rescue file."
)
