"""What is said after an answer: the outcome first, then what mends it, with its source."""

import numpy as np
import pytest

from fluoro_annotator.anatomy import Side, load_anatomy
from fluoro_annotator.marks import Adequacy, Correction, MarkConfidence, Needle, Target, ViewJudgement
from fluoro_annotator.training import (
    JudgeNeedle,
    JudgeView,
    Marking,
    NamedAnswer,
    NameMarked,
    NeedleAnswer,
    PlaceByName,
    PlacedAnswer,
    Reason,
    ViewAnswer,
    remarks_on,
    score,
)
from fluoro_annotator.training.answer_words import answer_words
from fluoro_annotator.training.remedies import WHAT_NEXT
from fluoro_annotator.training.sentences import backing_words

SITE = load_anatomy().site("L3_MB", Side.RIGHT)
KEY = ("L3_MB", Side.RIGHT)
UP, FORWARD, LEFT = np.array([0, 0, 1.0]), np.array([1.0, 0, 0]), np.array([0, 1.0, 0])
LANDMARK = "Press on the lateral margin of the L4 superior articular process"


@pytest.fixture
def said(views, references, make_setting):
    """Return a function: displacement in mm -> remarks on a mark that lies there."""

    def made(shift, *, view="AP_TRUE", scaled=True, confidence=None, **changes):
        shown = views[view]
        mm = shown.targets[KEY]
        setting = make_setting(shown, [references[view]], mm if scaled else None, **changes)
        mark = Target(frame=shown.frame, site=SITE, position=shown.point(mm + shift))
        exercise = PlaceByName(setting, SITE)
        return remarks_on(exercise, score(exercise, PlacedAnswer(mark=mark, confidence=confidence)))

    return made


def texts(statements):
    return [one.text for one in statements]


def test_what_is_right_needs_no_remedy(said):
    found = said(0 * UP)
    assert (found.title, found.success, found.first, found.critical) == ("Correct", True, "", "")
    assert found.remedies == found.besides == ()
    assert found.wrong[0].text.startswith(
        "It cannot be told apart from the reference. Accepted: at the lateral margin"
    )


def test_a_place_in_the_zone_is_not_said_to_be_the_reference(said):
    assert said(2 * UP).wrong[0].text.startswith("It lies in the zone of acceptance.")
    assert said(2 * UP, view="LATERAL_TRUE").wrong[0].text == "It lies in the zone of acceptance."


@pytest.mark.parametrize(
    ("shift", "title", "way"),
    [
        (-4.5 * UP, "Near", "Bring it towards the head."),
        (-10 * UP, "Off target", "Bring it towards the head."),
        (-9 * LEFT - 2 * UP, "Off target", "Bring it medially."),
        (9 * LEFT - 2 * UP, "Off target", "Bring it laterally."),
        (-8 * LEFT - 8 * UP, "Off target", "Bring it medially and towards the head."),
    ],
)
def test_off_target_is_told_the_way_back_and_the_landmark_with_its_sources(said, shift, title, way):
    found = said(shift)
    assert found.title == title
    assert found.wrong[0].text.startswith("It is ")
    assert " mm (" in found.wrong[0].text
    back, landmark = found.remedies
    assert (back.text, back.backing) == (way, None)
    assert landmark.text.startswith(LANDMARK)
    assert "DREYFUSS1997" in landmark.backing.sources
    assert "not validated" in found.zone


def test_where_a_view_has_no_target_the_place_of_the_needle_is_the_landmark(said):
    found = said(-9 * UP, view="LATERAL_TRUE")
    assert texts(found.remedies) == [
        "Bring it towards the head.",
        "Accepted: dorsal to the posterior border of the foramen; one protocol asks for about 1 mm.",
    ]
    assert found.remedies[1].backing.sources == ("PIJN_L", "LAU2004")


def test_unsafe_names_the_line_its_rule_and_the_safe_side(said):
    found = said(8 * FORWARD, view="LATERAL_TRUE")
    assert found.title == "Unsafe"
    assert found.critical == "Critical: beyond the safety line in a true lateral."
    assert "past the line: Posterior border of the foramen" in found.wrong[0].text
    assert found.remedies[0].text == "Bring it dorsal to the line: posterior border of the foramen."
    assert "PIJN_L" in found.remedies[0].backing.sources
    assert dict(found.details)["Posterior border of the foramen"].endswith("PAST THE LINE")


def test_a_wrong_level_is_counted_again_and_has_no_distance(said):
    found = said(-36 * UP)
    assert found.title == "Wrong level"
    assert found.critical.startswith("Critical: the nerve is another one")
    assert found.remedies[0].text == "Count again from a landmark that you trust."
    assert "KONIN2010" in found.remedies[0].backing.sources
    assert found.remedies[1].text.startswith(LANDMARK)
    assert found.details == (
        ("Distance", "not given: at another level or on the other side it says nothing"),
    )
    assert not any(" mm" in text for text in texts((*found.wrong, *found.remedies, *found.besides)))


@pytest.mark.parametrize(
    ("changes", "start"),
    [({}, "The letters at the edges"), ({"orientation": None}, "The file does not say how the patient lies")],
)
def test_a_wrong_side_is_told_by_what_shows_the_side(said, changes, start):
    found = said(45.5 * LEFT, **changes)
    assert found.title == "Wrong side"
    assert found.remedies[0].text.startswith(start)


def test_certain_and_wrong_is_said_first_and_only_then(said):
    certain, unsure = MarkConfidence.CERTAIN, MarkConfidence.UNSURE
    assert said(-10 * UP, confidence=certain).first == "You were certain, and it is wrong."
    assert said(-4.5 * UP, confidence=certain).first == "You were certain, and it is only near."
    assert said(-10 * UP, confidence=unsure).first == ""
    assert said(0 * UP, confidence=certain).first == ""


def test_what_is_not_assessable_counts_neither_way_and_says_what_to_do(said):
    found = said(-10 * UP, scaled=False, confidence=MarkConfidence.CERTAIN)
    assert (found.success, found.first) == (None, "")
    assert found.wrong[1].text == "It counts neither for you nor against you."
    assert texts(found.remedies) == [WHAT_NEXT[Reason.NO_SCALE]]
    assert set(WHAT_NEXT) == set(Reason)


def test_without_a_scale_no_millimetre_is_said(said):
    found = said(9 * UP, scaled=False)
    assert found.title == "Unsafe"
    every = [*texts((*found.wrong, *found.remedies, *found.besides)), *(value for _, value in found.details)]
    assert not any(" mm" in text and "wanted" not in text and "not in mm" not in text for text in every)


def test_details_hold_fractions_of_the_process_and_how_deep(said):
    details = dict(said(3 * FORWARD, view="LATERAL_TRUE").details)
    share = next(
        value for name, value in details.items() if "depth of the superior articular process" in name
    )
    assert float(share) == pytest.approx(0.25, abs=0.02)
    assert details["Tip within the depth of the articular process"].startswith("0.25")


def test_every_source_that_is_named_has_its_citation(said):
    found = said(9 * UP)
    named = {key for one in (*found.wrong, *found.remedies) if one.backing for key in one.backing.sources}
    assert named <= {key for key, _ in found.citations}
    assert all(citation for _, citation in found.citations)
    assert backing_words(found.remedies[0].backing) == "published, confidence high: DREYFUSS1997"


def test_learning_points_of_the_author_are_handed_on(views, references, make_setting):
    view = views["AP_TRUE"]
    exercise = PlaceByName(make_setting(view, [references["AP_TRUE"]], view.targets[KEY]), SITE)
    found = remarks_on(
        exercise,
        score(exercise, PlacedAnswer(mark=None)),
        PlacedAnswer(mark=None),
        [("Count twice.", "own teaching")],
    )
    assert found.learning == (("Count twice.", "own teaching"),)
    assert found.answered == "Nothing was answered."
    assert found.title == "Missing"
    assert LANDMARK in found.wrong[0].text
    assert found.remedies == ()


# ---------------------------------------------------------------------- names, views, needles


def test_a_wrong_name_says_both_names_in_words_and_the_rule(views, references, make_setting):
    view = views["AP_TRUE"]
    exercise = NameMarked(make_setting(view, [references["AP_TRUE"]]), SITE)
    given = {"joint": "L3-L4", "side": Side.RIGHT}
    level = remarks_on(exercise, score(exercise, NamedAnswer(nerve="L4_MB", vertebra="L5", **given)))
    assert level.wrong[0].text == (
        "You named the L4 medial branch at L5. It is the L3 medial branch, at L4, right."
    )
    assert level.remedies[0].text.startswith("A nerve is named for the spinal nerve it comes from")
    assert level.remedies[1].text == "Count again from a landmark that you trust."
    side = given | {"side": Side.LEFT}
    other = remarks_on(exercise, score(exercise, NamedAnswer(nerve="L3_MB", vertebra="L4", **side)))
    assert other.wrong[0].text == "You named the left side. It is the right side."
    nerve = remarks_on(exercise, score(exercise, NamedAnswer(nerve="L4_MB", vertebra="L4", **given)))
    assert nerve.wrong[0].text.startswith("You named the L4 medial branch. It is the L3 medial branch")
    assert nerve.wrong[0].text.count("A nerve is named") == 1
    assert nerve.remedies == ()


def test_a_view_says_what_to_look_for_and_which_movement_mends_which_sign(views, make_setting):
    view = views["AP_TRUE"]
    truth = ViewJudgement(
        frame=view.frame, view="AP_TRUE", adequate=Adequacy.NO, corrections=(Correction.OBLIQUE_LEFT,)
    )
    exercise = JudgeView(make_setting(view, [Marking("Expert A", (truth,))]), "AP_TRUE")
    wrong = remarks_on(exercise, score(exercise, ViewAnswer(adequate=Adequacy.YES)))
    assert "turn the C-arm to the patient's left" in wrong.wrong[0].text
    assert "spinous process" in wrong.wrong[0].text
    assert wrong.remedies[0].backing.sources == ("WARING_TN2025", "WARING_REL2025")
    assert dict(wrong.details)["is it true"] == "wrong"
    right = ViewAnswer(adequate=Adequacy.NO, corrections=(Correction.OBLIQUE_LEFT,))
    assert remarks_on(exercise, score(exercise, right)).remedies == ()


@pytest.mark.parametrize("accepted", [True, False])
def test_a_bad_needle_is_mended_in_words_whatever_was_said_of_it(accepted, views, references, make_setting):
    view = views["AP_TRUE"]
    mm = view.targets[KEY]
    needle = Needle(frame=view.frame, site=SITE, tip=view.point(mm + 12 * UP), hub=view.point(mm - 40 * LEFT))
    exercise = JudgeNeedle(make_setting(view, [references["AP_TRUE"]], mm), needle)
    answer = NeedleAnswer(acceptable=accepted, fault="" if accepted else "TOO_CEPHALAD")
    found = remarks_on(exercise, score(exercise, answer))
    assert found.title == ("Unsafe" if accepted else "Correct")
    assert texts(found.remedies)[0] == "It would have to go towards the feet."
    assert found.remedies[1].text.startswith(LANDMARK)
    assert any("past the line" in text for text in texts(found.besides))


def test_an_electrode_that_lies_across_is_told_its_angle(views, make_reading, make_setting, neurotomy):
    view = views["AP_TRUE"]
    mm = view.targets[KEY]
    setting = make_setting(view, [make_reading(view, kinds=("target", "course"))], mm, protocol=neurotomy)
    hub = mm - 40 * LEFT - 30 * UP
    mark = Needle(frame=view.frame, site=SITE, tip=view.point(mm), hub=view.point(hub))
    exercise = PlaceByName(setting, SITE, needle=True)
    found = remarks_on(exercise, score(exercise, PlacedAnswer(mark=mark)))
    assert found.title in {"Near", "Off target"}
    assert found.remedies[0].text.startswith("The shaft lies at 5")
    assert "LAU2004" in found.remedies[0].backing.sources


def test_each_outcome_of_a_place_is_said_by_its_title(said):
    titles = {said(shift).title for shift in (0 * UP, -4.5 * UP, -10 * UP, -36 * UP, 45 * LEFT, 9 * UP)}
    assert titles == {"Correct", "Near", "Off target", "Wrong level", "Wrong side", "Unsafe"}


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (NamedAnswer(nerve="L4_MB", vertebra="L4", side=Side.LEFT), "L4 medial branch, L4, left."),
        (NamedAnswer(), "Nothing was answered."),
        (ViewAnswer(adequate=Adequacy.YES), "A true view."),
        (
            ViewAnswer(adequate=Adequacy.NO, corrections=(Correction.TILT_CAUDAL,)),
            "Not a true view: tilt the C-arm towards the feet.",
        ),
        (ViewAnswer(adequate=Adequacy.UNSURE), "Nothing was answered."),
        (NeedleAnswer(acceptable=True), "Acceptable."),
        (
            NeedleAnswer(acceptable=False, fault="WRONG_SIDE"),
            "Not acceptable: the side is another one than was intended.",
        ),
        (NeedleAnswer(acceptable=None), "Nothing was answered."),
        (PlacedAnswer(mark=None), "Nothing was answered."),
    ],
)
def test_what_was_answered_is_said_again_in_words(answer, words, block):
    assert answer_words(answer, block) == words
