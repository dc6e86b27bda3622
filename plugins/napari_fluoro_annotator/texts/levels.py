"""The Levels page: numbering, offered labels, renaming, and what looks wrong."""

from __future__ import annotations

LEVELS = "Levels"
OFFER = "Other levels on this frame"
OFFER_TWO = "Label two vertebrae on this frame (not counting S1), then the rest of the column is offered."
OFFER_UNCOUNTED = "Say how the vertebrae were counted, then the rest of the column is offered."
OFFER_UNKNOWN = "Nothing is offered, because the numbering does not say which vertebra follows which."
OFFER_TWICE = "Nothing is offered, because {vertebra} is labelled twice on this frame."
OFFER_STRETCH = "Nothing is offered: between the labels lies a place where this numbering does not say which vertebra follows."
OFFER_NONE = "Nothing is left to offer: what fits on this frame is labelled, or too far from the labels. S1 is never offered."
OFFERED = "Offered: {names}. Press on a dashed square to label it there, or {key} for all that are sure."
OFFERED_DOUBTFUL = "{offered} {names}: may as well be the neighbour, so look before you press."
GHOST = "{vertebra}?"
GHOST_DOUBTFUL = "{vertebra}? or its neighbour"
OFFER_SWITCH = "Offer the other vertebrae on the image"
OFFER_ACCEPT = "Accept all ({key})"
OFFER_ACCEPT_TIP = "Label every offered vertebra that is not doubtful, in one step"
OFFER_ACCEPTED_ONE = "Labelled: {label}."
OFFER_ACCEPTED = "Labelled: {names}. {undo} takes all of them back."
OFFER_LEFT = "{accepted} Not {names}: press on those that are right."
OFFER_OFF = "Nothing is offered: it is switched off."
OFFER_NONE_SURE = "None of the offered places is sure enough: press on those that are right."
OFFER_STEP = "accept the offer of"

NUMBERING = "How the vertebrae were counted"
NUMBERING_FIELDS = {
    "scheme": "Vertebrae",
    "counted_from": "From",
    "lstv": "LSTV",
    "lstv_side": "LSTV side",
    "rib_count": "Ribs",
    "confidence": "How sure",
}
NUMBERING_TIPS = {
    "scheme": "How many vertebrae of each sort this spine has",
    "counted_from": "Where counting started",
    "lstv": "Lumbosacral transitional vertebra, type after Castellvi (1984)",
    "lstv_side": "On which side the transitional vertebra is joined to the sacrum",
    "rib_count": "Number of vertebrae that bear ribs, as counted on these or earlier images",
    "confidence": "How sure you are of the names; anything but certain is shown with every name",
}
NUMBERING_VALUES = {
    "standard_7C_12T_5L": "7 C, 12 T, 5 L (usual)",
    "4_lumbar_type": "4 lumbar-type vertebrae",
    "6_lumbar_type": "6 lumbar-type vertebrae",
    "11_rib_bearing": "11 rib-bearing vertebrae",
    "13_rib_bearing": "13 rib-bearing vertebrae",
    "sacrum_up": "sacrum, upwards",
    "last_rib_down": "last rib, downwards",
    "C2_down": "C2, downwards",
    "C7_T1_rib": "first rib (C7/T1)",
    "iliac_crest_tangent": "line of the iliac crests",
    "prior_labelled_CT_MR": "earlier labelled CT or MR",
    "operator_statement": "what the operator said",
    "burned_in_label": "a label in the image",
    "castellvi_I": "Castellvi I",
    "castellvi_II": "Castellvi II",
    "castellvi_III": "Castellvi III",
    "castellvi_IV": "Castellvi IV",
    "bilateral": "both sides",
    "not_applicable": "not stated",
}
NUMBERING_PROMPT = "Choose"
RIBS_NOT_COUNTED = "not counted"
NUMBERING_STATE = "State"
NUMBERING_STATE_TIP = "Keep what is chosen as the basis of every level in this reading; Undo takes it back"
NUMBERING_WITHDRAW = "Withdraw"
NUMBERING_WITHDRAW_TIP = "Say nothing about the numbering any more; Undo takes it back"
NUMBERING_NONE = "Not stated yet."
NUMBERING_KEPT = "Stated: {scheme}, counted from {start}, {confidence}."
NUMBERING_INCOMPLETE = "Choose the vertebrae, where counting started, whether there is a transitional vertebra, and how sure you are."
NUMBERING_DOUBT = "{text} Every level is shown with a question mark."
NUMBERING_AND_LSTV = " Transitional vertebra: {lstv}."
NUMBERING_AND_RIBS = " Pairs of ribs: {count}."
NUMBERING_GONE = "The numbering is withdrawn. {undo} brings it back."
NUMBERING_AT_ODDS = "{text} It says certain although it is not known where counting started: check that."

RENAME = "Rename all levels"
RENAME_FROM = "What is called"
RENAME_TO = "is really"
RENAME_SCOPE = "Rename"
RENAME_SCOPES = {
    "all": "all levels by as many",
    "cervical": "cervical levels only",
    "below": "thoracic, lumbar and sacral levels only",
}
RENAME_BUTTON = "Rename {marks}"
RENAME_BUTTON_NONE = "Rename"
RENAME_CHOOSE = (
    "Choose what a vertebra is called and what it really is; all marks that change are listed here first."
)
RENAME_NOTHING = "No mark would change its name."
RENAME_NOT_AMONG = "{vertebra} is not among the levels to be renamed."
RENAMED_LINE = "{count} x {before}: becomes {after}"
RENAMED = "Renamed {marks}. {undo} takes it back in one step."

FINDINGS = "To check"
FINDINGS_COUNT = "To check: {count}"
FINDINGS_MORE = "And {count} more."
FINDINGS_NONE = "Nothing looks wrong."
FINDING_ROW = "View {where}, frame {frame}: {text}"
FINDING_TIP = "Press to show the mark"
FINDING_TITLES = {
    "LEVEL_ORDER": "levels out of order",
    "DUPLICATE": "marked twice",
    "SIDE_CONTRADICTS_ORIENTATION": "side against orientation letters",
    "NAME_CONVENTION_CONFUSION": "vertebra number used for the nerve?",
}
CHECK_LINE = "Check this frame: {titles} (see Levels)"
MARKED_BUT = "Marked, but check: {text} {undo} takes the mark back."
