"""Opening files: progress, what was not opened, and the choice of studies."""

from __future__ import annotations

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
