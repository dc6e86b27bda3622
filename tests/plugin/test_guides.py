"""Bands between views, and needles that cannot be one, on the simulated study, of which the truth is known."""

import json
from dataclasses import replace
from itertools import permutations
from pathlib import Path

import pytest
from mocked_desk import MockedDesk

from fluoro_annotator.anatomy import Side
from fluoro_annotator.dicom import AcquisitionGeometry, scan, views
from fluoro_annotator.geometry import Point, point_in_polygon
from fluoro_annotator.geometry.epipolar import NoBand
from fluoro_annotator.geometry.view_geometry import ViewGeometry, usable_view
from fluoro_annotator.marks import FrameRef, Landmark, LevelLabel, NerveCourse
from napari_fluoro_annotator import texts
from napari_fluoro_annotator.controllers.guides import Guides, from_the_left
from napari_fluoro_annotator.drawing import Handle
from napari_fluoro_annotator.projections import (
    band_between,
    direction_words,
    obstacle,
    view_geometry,
)

SAMPLES = Path(__file__).resolve().parents[2] / "sample_dicoms"
VIEWS = ("ap", "right_oblique", "left_oblique", "lateral")
RIGHT = ("L2_MB", "L3_MB", "L4_MB", "L5_DR")


@pytest.fixture(scope="module")
def truth():
    return json.loads((SAMPLES / "truth.json").read_text(encoding="utf-8"))["images"]


@pytest.fixture(scope="module")
def stacks():
    return [stack for study in scan([SAMPLES / "lumbar"]).studies for stack in views(study)]


class Table(MockedDesk):
    """Guides on the sample study, with a mocked binding; places are the true ones."""

    def __init__(self, stacks, truth):
        super().__init__(stacks)
        self.truth = {image["series"]: (uid, image) for uid, image in truth.items()}
        self.guides = Guides(self.desk, self.pointer)

    def frame(self, series, number=1):
        return FrameRef(self.truth[series][0], number)

    def place(self, series, nerve, side="right"):
        found = (
            each
            for each in self.truth[series][1]["targets"]
            if (each["nerve"], each["side"]) == (nerve, side)
        )
        target = next(found)
        return Point(target["row"], target["column"])

    def target(self, series, nerve, side="right", number=1, off=(0.0, 0.0)):
        at = self.place(series, nerve, side)
        site = self.session.anatomy.site(nerve, Side(side))
        return self.session.add_target(
            self.frame(series, number), site, Point(at.row + off[0], at.column + off[1])
        )

    def needle(self, series, number, off=(0.0, 0.0)):
        frames = self.truth[series][1]["frames"]
        seen = next(frame for frame in frames if frame["frame_number"] == number)["needle"]
        tip, hub = (Point(seen[end]["row"] + off[0], seen[end]["column"] + off[1]) for end in ("tip", "hub"))
        site = self.session.anatomy.site("L4_MB", Side.RIGHT)
        return self.session.add_needle(self.frame(series, number), site, tip, hub)

    def guide(self, mark, series, number=1):
        self.session.select(mark.mark_id)
        return self.guides.guide(self.frame(series, number))


@pytest.fixture
def table(stacks, truth):
    return Table(stacks, truth)


# ---------------------------------------------------------------------- what a header gives


def test_all_sample_views_can_be_used_and_say_nothing_of_the_table(stacks):
    for stack in stacks:
        geometry = view_geometry(stack.images[0], 0)
        assert not isinstance(usable_view(geometry), str)
        assert geometry.table_mm is None
        assert geometry.row_mm == geometry.column_mm == pytest.approx(230 / stack.images[0].rows, rel=1e-4)


def test_only_what_the_header_means_is_handed_on(stacks):
    image = stacks[0].images[0]
    stated = replace(
        image.geometry,
        table_position_mm=(1.0, 2.0, 3.0),
        table_is_absolute=True,
        view_rotation=90.0,
        mirrored=True,
    )
    given = view_geometry(replace(image, geometries=(stated,)), 0)
    assert given.table_mm == (1.0, 2.0, 3.0)
    assert (given.view_rotation, given.mirrored, given.orientation) == (90.0, True, ("R", "F"))
    assert (given.source_detector_mm, given.source_isocentre_mm) == (1000.0, 700.0)
    relative = replace(stated, table_is_absolute=False, patient_orientation=None, imager_spacing_mm=None)
    radiograph = replace(image, geometries=(relative,), sop_class_uid="1.2.840.10008.5.1.4.1.1.12.2")
    assert view_geometry(radiograph, 0) == replace(
        given, table_mm=None, orientation=None, row_mm=None, column_mm=None, source_isocentre_mm=None
    )


def test_an_image_without_geometry_gives_none(stacks):
    image = replace(stacks[0].images[0], geometries=(AcquisitionGeometry(),))
    assert view_geometry(image, 0) == ViewGeometry(rows=1024, columns=1024)


@pytest.mark.parametrize(
    ("second", "problem"),
    [
        ({}, ""),
        ({"table_angle": 10.5}, ""),
        ({"table_angle": 15.0}, texts.SLANTED_TABLE),
        ({"table_rotation": -5.0}, texts.SLANTED_TABLE),
        ({"table_cradle": 4.0}, texts.SLANTED_TABLE),
        ({"column_angulation": 20.0}, texts.SLANTED_TABLE),
        ({"detector_secondary_angle": 3.0}, texts.SLANTED_DETECTOR),
    ],
)
def test_what_speaks_against_a_comparison(second, problem):
    one = AcquisitionGeometry(table_angle=10.0)
    other = AcquisitionGeometry(**{"table_angle": 10.0} | second)
    assert obstacle(one, other) == obstacle(other, one) == problem


@pytest.mark.parametrize(
    ("direction", "words"),
    [
        ((0.0, 1.0), "from A to P"),
        ((0.1, -1.0), "from P to A"),
        ((-1.0, 0.1), "from H to F"),
        ((0.7, 0.7), "from H/A to F/P"),
        ((0.7, -0.7), "from H/P to F/A"),
        ((-0.7, 0.7), "from H/P to F/A"),
    ],
)
def test_directions_are_named_by_the_letters_at_the_edges(direction, words):
    assert direction_words(direction, AcquisitionGeometry(patient_orientation=("P", "F"))) == words
    assert direction_words(direction, AcquisitionGeometry()) == ""


# ---------------------------------------------------------------------- bands


@pytest.mark.parametrize(("first", "second"), list(permutations(VIEWS, 2)))
def test_the_band_holds_the_true_place_and_tells_levels_apart(table, first, second):
    for series in (first, second):
        table.target(series, "L4_MB")
    for nerve in ("L2_MB", "L3_MB", "L5_DR"):
        mark = table.target(first, nerve)
        line = table.guide(mark, second).line
        assert line.dashed
        assert line.closed
        assert point_in_polygon(table.place(second, nerve), line.points)
        far = {"L2_MB": "L5_DR", "L3_MB": "L5_DR", "L5_DR": "L2_MB"}[nerve]
        assert not point_in_polygon(table.place(second, far), line.points)


def test_without_a_tie_there_is_no_band_but_a_reason_a_remedy_and_a_direction(table):
    mark = table.target("ap", "L3_MB")
    table.target("lateral", "L3_MB")  # the mark that is in question is no tie
    line, text = table.guide(mark, "lateral")
    assert line is None
    assert text.startswith("No guide line: the header does not say whether the table moved")
    assert "Mark one structure, for example the same target, in both views." in text
    assert text.endswith("It would run from P to A.")


def test_a_band_names_its_assumption_and_its_ties(table):
    for series in ("ap", "lateral"):
        table.target(series, "L4_MB")
    mark = table.target("ap", "L3_MB")
    line, text = table.guide(mark, "lateral")
    assert "if what is marked in both views is one point" in text
    assert text.endswith("Tied by: L4 medial branch, at L5, right.")
    assert line.text.startswith("L3 medial branch, at L4, right:\nin this band, if")
    narrow = line.points
    for series in ("ap", "lateral"):
        table.target(series, "L2_MB")
    line, text = table.guide(mark, "lateral")
    assert "if the 2 points marked in both views are the same" in text
    assert line.points != narrow


def test_with_the_same_table_position_no_tie_is_needed(table, stacks):
    stood = {"table_position_mm": (100.0, 0.0, 5.0), "table_is_absolute": True}
    table.binding.stacks = tuple(
        type(stack)(
            [replace(image, geometries=(replace(image.geometry, **stood),)) for image in stack.images]
        )
        for stack in stacks
    )
    mark = table.target("ap", "L3_MB")
    line, text = table.guide(mark, "lateral")
    assert "if patient and table did not move" in text
    assert point_in_polygon(table.place("lateral", "L3_MB"), line.points)


def test_a_reason_that_only_the_header_of_the_table_gives(table, stacks):
    lateral = stacks[3]
    tilted = replace(lateral.images[0], geometries=(replace(lateral.images[0].geometry, table_angle=12.0),))
    table.binding.stacks = (*stacks[:3], type(lateral)([tilted]))
    mark = table.target("ap", "L3_MB")
    for series in ("ap", "lateral"):
        table.target(series, "L4_MB")
    assert table.guide(mark, "lateral") == (None, texts.NO_GUIDE.format(reason=texts.SLANTED_TABLE))


def test_two_marks_of_one_name_on_a_frame_tie_nothing(table):
    table.target("lateral", "L4_MB")
    table.target("ap", "L4_MB")
    table.target("ap", "L4_MB", off=(40.0, 0.0))
    mark = table.target("ap", "L3_MB")
    assert table.guide(mark, "lateral").line is None


def test_of_several_frames_the_nearest_mark_ties(table):
    table.target("lateral", "L4_MB")
    table.target("needle_advance", "L4_MB", number=2, off=(60.0, 0.0))
    right = table.target("needle_advance", "L4_MB", number=20)
    mark = table.target("lateral", "L3_MB")
    place = table.place("needle_advance", "L3_MB")
    assert point_in_polygon(place, table.guide(mark, "needle_advance", 22).line.points)
    assert not point_in_polygon(place, table.guide(mark, "needle_advance", 3).line.points)
    table.session.delete(right.mark_id)
    assert not point_in_polygon(place, table.guide(mark, "needle_advance", 22).line.points)


def test_landmarks_tie_and_level_labels_do_not(table):
    for series in ("ap", "lateral"):
        at = table.place(series, "L4_MB")
        table.session.add(LevelLabel(frame=table.frame(series), vertebra="L5", position=at))
    mark = table.target("ap", "L3_MB")
    assert table.guide(mark, "lateral").line is None
    for series in ("ap", "lateral"):
        at = table.place(series, "L4_MB")
        table.session.add(
            Landmark(frame=table.frame(series), name="sap_apex", vertebra="L5", side=Side.RIGHT, position=at)
        )
    assert table.guide(mark, "lateral").line is not None


def test_a_label_and_the_tip_of_a_needle_are_looked_for_and_a_course_is_not(table):
    for series in ("ap", "lateral", "needle_advance"):
        table.target(series, "L4_MB")
    at = table.place("ap", "L3_MB")
    label = table.session.add(LevelLabel(frame=table.frame("ap"), vertebra="L4", position=at))
    assert table.guide(label, "lateral").line.text.startswith("Place of the label L4")
    needle = table.needle("needle_advance", 30)
    assert table.guide(needle, "lateral").line.text.startswith("Tip of Needle, L4 medial branch")
    site = table.session.anatomy.site("L3_MB", Side.RIGHT)
    course = NerveCourse(frame=table.frame("ap"), site=site, vertices=(at, Point(at.row + 20, at.column)))
    assert table.guide(table.session.add(course), "lateral") == (None, "")


def test_nothing_is_said_on_the_image_of_the_mark_without_a_selection_or_when_switched_off(table):
    for series in ("ap", "lateral"):
        table.target(series, "L4_MB")
    mark = table.target("ap", "L3_MB")
    assert table.guide(mark, "ap") == (None, "")
    assert table.guides.guide(FrameRef("2.25.1", 1)) == (None, "")
    assert table.guide(mark, "lateral").line is not None
    table.guides.shown = False
    assert table.guide(mark, "lateral") == (None, "")
    table.guides.shown = True
    table.session.select(None)
    assert table.guides.lines(table.frame("lateral")) == ()


def test_the_band_follows_a_drag(table):
    for series in ("ap", "lateral"):
        table.target(series, "L4_MB")
    mark = table.target("ap", "L3_MB")
    before = table.guide(mark, "lateral").line.points
    handle = Handle(mark.mark_id, "position", mark.position, "disc", "", selected=True)
    table.pointer.press(mark.position, handle)
    table.pointer.drag(Point(mark.position.row + 50, mark.position.column))
    dragged = table.pointer.picture(table.frame("lateral")).lines[0].points
    assert dragged != before
    table.pointer.release(mark.position)
    assert table.guides.lines(table.frame("lateral"))[0].points == dragged


def test_a_band_that_runs_beside_the_image_is_said_to(table, monkeypatch):
    for series in ("ap", "lateral"):
        table.target(series, "L4_MB")
    mark = table.target("ap", "L3_MB")
    monkeypatch.setattr(
        "napari_fluoro_annotator.controllers.guides.band_between",
        lambda *asked: replace(band_between(*asked), polygon=()),
    )
    line, text = table.guide(mark, "lateral")
    assert line is None
    assert text.endswith(texts.BESIDE)


def test_the_same_question_is_computed_once(table):
    for series in ("ap", "lateral"):
        table.target(series, "L4_MB")
    mark = table.target("ap", "L3_MB")
    table.guide(mark, "lateral")
    misses = band_between.cache_info().misses
    for _ in range(5):
        table.guides.lines(table.frame("lateral"))
    assert band_between.cache_info().misses == misses


def test_an_outline_begins_at_the_left():
    outline = (Point(0, 5), Point(0, 9), Point(4, 9), Point(4, 2))
    assert from_the_left(outline) == (Point(4, 2), Point(0, 5), Point(0, 9), Point(4, 9))


# ---------------------------------------------------------------------- needles that cannot be one


@pytest.fixture
def two_needles(table):
    """The needle of both runs in its last place, with targets of three levels as ties."""
    for series in ("needle_advance", "contrast"):
        for nerve in ("L3_MB", "L4_MB", "L5_DR"):
            table.target(series, nerve)
    table.needle("needle_advance", 30)
    return table


def test_the_true_needle_is_no_conflict(two_needles):
    two_needles.needle("contrast", 20)
    assert two_needles.guides.conflicts() == ()


def test_a_needle_one_level_off_cannot_be_the_same_and_the_text_says_what_to_check(two_needles):
    lower = two_needles.place("contrast", "L5_DR").row - two_needles.place("contrast", "L4_MB").row
    other = two_needles.needle("contrast", 20, off=(lower, 0.0))
    (conflict,) = two_needles.guides.conflicts()
    assert other.mark_id in conflict.mark_ids
    assert "the marks in view 5, frame 30 and in view 6, frame 20 cannot be one needle" in conflict.text
    assert "check level, side and needle of both marks" in conflict.text


def test_without_ties_nothing_is_claimed(table):
    table.needle("needle_advance", 30)
    table.needle("contrast", 20, off=(100.0, 0.0))
    assert table.guides.conflicts() == ()


def test_the_frame_on_the_screen_counts_before_the_last_one(two_needles):
    wrong = two_needles.needle("contrast", 5, off=(60.0, 0.0))
    two_needles.needle("contrast", 20)
    assert two_needles.guides.conflicts() == ()
    (conflict,) = two_needles.guides.conflicts([wrong.frame])
    assert wrong.mark_id in conflict.mark_ids


def test_one_needle_of_another_name_is_compared_by_its_identity(two_needles):
    table = two_needles
    first = next(mark for mark in table.session.marks if mark.kind == "needle")
    other = table.needle("contrast", 20, off=(60.0, 0.0))
    site = table.session.anatomy.site("L5_DR", Side.RIGHT)
    table.session.replace(replace(other, site=site))
    assert table.guides.conflicts() == ()
    table.session.replace(replace(other, site=site, needle_id=first.needle_id))
    assert len(table.guides.conflicts()) == 1


def test_images_that_are_not_open_are_left_out(two_needles):
    two_needles.needle("contrast", 20, off=(60.0, 0.0))
    assert len(two_needles.guides.conflicts()) == 1
    two_needles.binding.stacks = two_needles.binding.stacks[:5]
    two_needles.guides._forget()
    assert two_needles.guides.conflicts() == ()


def test_after_closing_nobody_is_listened_to(table):
    table.guides.close()
    table.guides.close()
    assert len(table.desk.marks_changed) == 1
    assert isinstance(
        band_between(Point(1, 1), ViewGeometry(rows=2, columns=2), ViewGeometry(rows=2, columns=2), ()),
        NoBand,
    )
