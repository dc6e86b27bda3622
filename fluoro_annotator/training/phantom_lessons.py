"""What is taught with the exercises of the phantom, each point with the keys of its sources.

Drafts, as all clinical texts here: they need sign-off by an interventional pain physician.
"""

from __future__ import annotations

from typing import Final

from fluoro_annotator.training.keys import LearningPoint

AP, OBLIQUE, LATERAL = "AP", "oblique", "lateral"
SACRAL: Final = "S1"

TARGETS: Final = {
    AP: (
        LearningPoint(
            "On a true AP the target lies at the lateral margin of the superior articular process, midway between the "
            "superior border of the transverse process and the mamillo-accessory notch.",
            "FURMAN_LMBB, DREYFUSS1997, WIKIMSK_LMBB",
        ),
        LearningPoint(
            "The lower point is preferred: from the border of the transverse process contrast ran into the foramen or the "
            "epidural space, from below it hardly ever.",
            "DREYFUSS1997",
        ),
    ),
    OBLIQUE: (
        LearningPoint(
            "On the ipsilateral oblique look for the Scotty dog: the target lies at the base of its ear, where the superior "
            "articular process meets the transverse process, its nose.",
            "FURMAN_LMBB, PIJN_L",
        ),
    ),
    LATERAL: (
        LearningPoint(
            "On a true lateral the target lies at the root of the superior articular process, dorsal to the posterior "
            "border of the foramen. The lateral tells depth; it does not tell the side.",
            "PIJN_L, LAU2004",
        ),
    ),
    SACRAL: (
        LearningPoint(
            "The L5 dorsal ramus lies in the groove between the sacral ala and the base of the S1 superior articular "
            "process, slightly below the notch that is seen.",
            "SPRINGER_L, WIKIMSK_LMBB, DEMONDION2005",
        ),
    ),
}
"""By the family of the view, and for S1 whatever the view."""

NAMES: Final = LearningPoint(
    "A nerve is named for the spinal nerve it comes from: the L3 medial branch crosses the transverse process of L4. The L5 "
    "dorsal ramus crosses the ala of the sacrum.",
    "FURMAN_LZJ_INN",
)

FAULTS: Final = {
    "": LearningPoint(
        "Three things make a needle good: level and side, a tip on bone in the angle between articular and transverse process, "
        "and on the lateral a tip dorsal to the foramen.",
        "FURMAN_LMBB, DREYFUSS1997, PIJN_L",
    ),
    "TOO_CEPHALAD": LearningPoint(
        "Above the superior border of the transverse process injectate finds the foramen and the epidural space. Redirect the "
        "needle caudally, onto bone.",
        "DREYFUSS1997",
    ),
    "TOO_CAUDAL": LearningPoint(
        "Below the mamillo-accessory notch the tip is past the nerve's way over the bone. Redirect the needle cranially.",
        "WIKIMSK_LMBB, DREYFUSS1997",
    ),
    "TOO_LATERAL": LearningPoint(
        "On the shaft of the transverse process the tip is away from the nerve, which hugs the articular process. Walk "
        "medially until the tip meets the process.",
        "FURMAN_LMBB, WIKIMSK_LMBB",
    ),
    "TOO_MEDIAL": LearningPoint(
        "Over the joint or the lamina the tip is behind the articular process, not beside it. Walk off its lateral margin.",
        "FURMAN_LMBB",
    ),
    "TOO_VENTRAL": LearningPoint(
        "A tip ventral to the posterior border of the foramen is at the spinal nerve. Draw it back before anything is "
        "injected; only a lateral shows it.",
        "PIJN_L, LAU2004",
    ),
    "TOO_DORSAL": LearningPoint(
        "The tip has not reached bone: an AP or an oblique down the needle cannot tell depth. Advance under lateral view.",
        "PIJN_L",
    ),
    "WRONG_LEVEL": LearningPoint(
        "The needle lies well, but at another vertebra. Count again from a landmark you trust, and remember that the nerve's "
        "number is not the vertebra's.",
        "FURMAN_LZJ_INN",
    ),
    "WRONG_SIDE": LearningPoint(
        "The needle lies on the other side. Look for the marker of the side before looking at the needle; an angle of the C-arm "
        "does not tell a side in a prone patient.",
    ),
    "NON_PARALLEL": LearningPoint(
        "A lesion does not reach beyond the tip of the electrode, so it has to lie along the nerve: bring it in obliquely from "
        "below, not straight from behind.",
        "BOGDUK1987, LAU2004",
    ),
}
"""By the first fault of a needle; the empty code is for one that is good."""

ELECTRODE: Final = LearningPoint(
    "The electrode comes obliquely from below and lies along the lateral neck of the articular process; on the lateral its tip is "
    "opposite the middle two quarters of the process.",
    "FURMAN_LRFN, LAU2004",
)

VIEWS: Final = {
    "oblique": LearningPoint(
        "The spinous process is not midway between the pedicles: that needs an oblique correction. Turn the detector towards "
        "the side to which the spinous process has moved away from the middle in relation to the pedicles, and look again.",
        "WARING_TN2025",
    ),
    "tilt": LearningPoint(
        "The superior endplate is a double line or an oval: that needs a correction of the tilt, towards head or feet.",
        "WARING_TN2025",
    ),
    "true": LearningPoint(
        "The spinous process lies midway between the pedicles and the superior endplate is one sharp line: this AP is true, "
        "of this vertebra. With lordosis the next one is seen otherwise.",
        "WARING_TN2025",
    ),
    "lateral": LearningPoint(
        "On a true lateral the endplates are single lines and the posterior elements of both sides fall together. "
        "Turning mends what lies before and behind each other, tilt what lies above and below. Turning to the left means on "
        "the way from the right side over the back to the left side.",
    ),
}
