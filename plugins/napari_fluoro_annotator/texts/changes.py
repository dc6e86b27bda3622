"""What changed in a reading, here and in other windows."""

from __future__ import annotations

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
TAKEN_IN = "Changed in another window, or by an import, and taken in: {changes}."
THEN_CHANGED = "{label} was changed here and after that in another window. It is now as it is there; yours is in the history."
THEN_DELETED = "{label} was changed here and after that deleted in another window. It is gone; Undo in that window brings it back."
THEN_BACK = "{label} was deleted here and after that changed in another window. It is back, as it is there."
STILL_HERE = "{label} was deleted in another window while it was changed here. It stays, as it is here; delete it again if it should go."
STILL_GONE = (
    "{label} was changed in another window while it was deleted here. It stays deleted; Undo brings it back."
)
BOTH_CHANGED = (
    "{label} was changed in another window, too. It stays as it is here; the other is in the history."
)
MORE_CHANGES = "and {count} more"
