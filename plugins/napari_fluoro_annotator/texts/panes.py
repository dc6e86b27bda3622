"""Views beside the image, and guide lines."""

from __future__ import annotations

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
