"""The shipped sets: every exercise scored with the truth, and with answers displaced from it by known 3-D vectors."""

import json
import math
from collections import Counter

import numpy as np
import pytest

from fluoro_annotator.anatomy import Side, load_anatomy
from fluoro_annotator.errors import TrainingFormatError
from fluoro_annotator.geometry import Point
from fluoro_annotator.marks import Adequacy, Correction, Target, ViewJudgement
from fluoro_annotator.protocols import load_protocols
from fluoro_annotator.store import MemoryStore
from fluoro_annotator.training import (
    ExerciseKind,
    Marking,
    NamedAnswer,
    NeedleAnswer,
    Outcome,
    PlaceByName,
    PlacedAnswer,
    PlaceTarget,
    Setting,
    ViewAnswer,
    exercise_of,
    install,
    load_sets,
    needle_verdict,
    problems_of,
    read_set_file,
    score,
)
from fluoro_annotator.training.phantom_sets import phantom_sets
from fluoro_annotator.training.phantom_truth import EXPERT, true_images
from fluoro_annotator.training.set_files import set_file_text
from fluoro_annotator.training.shipped import shipped_folder, shipped_set_files

LIBRARY = load_protocols(folders=())
ANATOMY = load_anatomy()
FILES = shipped_set_files()
NAMES = [path.name for path in FILES]
IMAGES = true_images(shipped_folder())
NEXT = {
    "T12_MB": "L1_MB",
    "L1_MB": "L2_MB",
    "L2_MB": "L3_MB",
    "L3_MB": "L4_MB",
    "L4_MB": "L5_DR",
    "L5_DR": "L4_MB",
}
LEVELS = ("L1", "L2", "L3", "L4", "L5", "S1")
OTHER = {Side.LEFT: Side.RIGHT, Side.RIGHT: Side.LEFT}


@pytest.fixture(scope="module")
def shipped():
    return {path.name: read_set_file(path) for path in FILES}


def exercises(content):
    protocol = LIBRARY.get(content.teaching_set.protocol_id)
    for question in content.teaching_set.questions:
        key = content.keys[question.exercise_id]
        yield question, key, exercise_of(question, key, protocol)


def of_kind(shipped, *kinds):
    return [made for content in shipped.values() for made in exercises(content) if made[0].kind in kinds]


def own_target(exercise):
    reference = exercise.setting.references[0]
    return next(one for one in reference.on(exercise.setting.frame, Target) if one.site == exercise.site)


# ---------------------------------------------------------------------- the files


def test_sets_are_made_the_same_again(shipped):
    """Otherwise run ``python sample_dicoms/make_samples.py --sets``: protocol or rules have changed."""
    for content in phantom_sets(shipped_folder()):
        name = f"{content.teaching_set.set_id}.set.json"
        assert set_file_text(content) == set_file_text(shipped[name])
    assert len(shipped) == 4


def test_the_one_expert_is_geometry(shipped):
    for content in shipped.values():
        assert content.teaching_set.author == EXPERT == "Phantom geometry"
        assert "not a physician" in content.teaching_set.description
        readers = {marking.reader for key in content.keys.values() for marking in key.markings}
        assert readers == {EXPERT}


def test_every_exercise_teaches_something_and_shows_bones(shipped):
    for content in shipped.values():
        for key in content.keys.values():
            assert key.learning_points
            assert key.outlines


def test_nothing_stands_against_practising_the_sets(shipped):
    studies = {image.facts["study_instance_uid"] for image in IMAGES}
    store = MemoryStore()
    for content in shipped.values():
        install(content, store, by="Attending A")
        assert problems_of(content.teaching_set, protocols=LIBRARY, studies=studies) == ()
    assert len(load_sets(store.practice).sets) == len(shipped)


def test_sources_are_known_to_a_protocol(shipped):
    known = {one.key for name in ("lumbar_mbb", "lumbar_rfn") for one in LIBRARY.get(name).sources}
    for content in shipped.values():
        for key in content.keys.values():
            for point in key.learning_points:
                assert set(filter(None, point.source.split(", "))) <= known, point.source


def test_questions_ask_all_levels_and_both_sides_in_each_view(shipped):
    placed = of_kind(shipped, ExerciseKind.PLACE_TARGET, ExerciseKind.PLACE_BY_NAME, ExerciseKind.NAME_MARKED)
    seen = {(key.image.view, exercise.site.vertebra) for _, key, exercise in placed}
    assert {vertebra for view, vertebra in seen if view == "AP_TRUE"} == {"L1", "L2", "L3", "L4", "L5", "S1"}
    assert {vertebra for view, vertebra in seen if view == "LATERAL_TRUE"} == {
        "L1",
        "L2",
        "L3",
        "L4",
        "L5",
        "S1",
    }
    assert {vertebra for view, vertebra in seen if view == "IPSI_OBLIQUE"} == {"L1", "L2", "L3", "L4", "L5"}
    sides = Counter((key.image.view, exercise.site.side) for _, key, exercise in placed)
    assert all(count >= 3 for count in sides.values())
    assert len(sides) == 6


def test_a_truth_of_another_format_is_refused(tmp_path):
    with pytest.raises(TrainingFormatError, match=r"truth\.json"):
        true_images(tmp_path)
    (tmp_path / "truth.json").write_text(json.dumps({"format": "fluoro_annotator.truth", "version": 1}))
    with pytest.raises(TrainingFormatError, match="another format"):
        true_images(tmp_path)


# ---------------------------------------------------------------------- the truth is correct, for every shipped exercise


def test_true_places_are_correct(shipped):
    made = of_kind(shipped, ExerciseKind.PLACE_TARGET, ExerciseKind.PLACE_BY_NAME)
    assert len(made) > 40
    for question, _, exercise in made:
        found = score(exercise, PlacedAnswer(mark=own_target(exercise)))
        assert found.outcome is Outcome.CORRECT, (question.frame, question.site, found.why)
        assert found.measures.pixels.value == 0


def test_true_names_are_correct_and_others_are_not(shipped):
    made = of_kind(shipped, ExerciseKind.NAME_MARKED)
    assert len(made) > 20
    for question, key, exercise in made:
        site = key.site
        given = {"nerve": site.nerve, "vertebra": site.vertebra, "joint": site.joints[0], "side": site.side}
        asked = {part: given[part] for part in question.parts}
        assert score(exercise, NamedAnswer(**asked)).outcome is Outcome.CORRECT
        other = ANATOMY.site(NEXT[site.nerve], site.side)
        wrong = asked | {"nerve": other.nerve, "vertebra": other.vertebra}
        assert score(exercise, NamedAnswer(**wrong)).outcome is Outcome.WRONG_LEVEL
        assert (
            score(exercise, NamedAnswer(**asked | {"nerve": other.nerve})).outcome is Outcome.WRONG_NERVE_NAME
        )
        if "side" in asked:
            turned = asked | {"side": OTHER[site.side]}
            assert score(exercise, NamedAnswer(**turned)).outcome is Outcome.WRONG_SIDE
        assert score(exercise, NamedAnswer()).outcome is Outcome.MISSING


BACK = {
    Correction.OBLIQUE_LEFT: Correction.OBLIQUE_RIGHT,
    Correction.OBLIQUE_RIGHT: Correction.OBLIQUE_LEFT,
    Correction.TILT_CRANIAL: Correction.TILT_CAUDAL,
    Correction.TILT_CAUDAL: Correction.TILT_CRANIAL,
}


def test_true_judgements_of_views_are_correct_and_others_are_not(shipped):
    made = of_kind(shipped, ExerciseKind.JUDGE_VIEW)
    true = 0
    for _, _, exercise in made:
        truth = exercise.setting.references[0].of_kind(ViewJudgement)[0]
        said = ViewAnswer(adequate=truth.adequate, corrections=truth.corrections)
        assert score(exercise, said).outcome is Outcome.CORRECT
        assert score(exercise, ViewAnswer(adequate=Adequacy.UNSURE)).outcome is Outcome.MISSING
        if truth.adequate is Adequacy.YES:
            true += 1
            assert score(exercise, ViewAnswer(adequate=Adequacy.NO)).outcome is Outcome.OFF_TARGET
            continue
        assert score(exercise, ViewAnswer(adequate=Adequacy.YES)).outcome is Outcome.OFF_TARGET
        back = tuple(BACK[one] for one in truth.corrections)
        near = score(exercise, ViewAnswer(adequate=Adequacy.NO, corrections=back))
        assert near.outcome is Outcome.NEAR
        assert dict(near.questions) == {"is it true": True, "oblique or tilt": True, "which way": False}
    assert 0.35 < true / len(made) < 0.65


ACCEPTED = {
    "WRONG_LEVEL": Outcome.WRONG_LEVEL,
    "WRONG_SIDE": Outcome.WRONG_SIDE,
    "TOO_VENTRAL": Outcome.UNSAFE,
}


def test_true_judgements_of_needles_are_correct_and_others_are_not(shipped):
    made = of_kind(shipped, ExerciseKind.JUDGE_NEEDLE)
    good = 0
    for _, key, exercise in made:
        faults = key.verdict.faults
        if not faults:
            good += 1
            assert score(exercise, NeedleAnswer(acceptable=True)).outcome is Outcome.CORRECT
            assert (
                score(exercise, NeedleAnswer(acceptable=False, fault="TOO_MEDIAL")).outcome
                is Outcome.OFF_TARGET
            )
            continue
        for fault in faults:
            assert score(exercise, NeedleAnswer(acceptable=False, fault=fault)).outcome is Outcome.CORRECT
        wrong = "TOO_MEDIAL" if "TOO_MEDIAL" not in faults else "TOO_LATERAL"
        assert score(exercise, NeedleAnswer(acceptable=False, fault=wrong)).outcome is Outcome.NEAR
        accepted = score(exercise, NeedleAnswer(acceptable=True))
        assert accepted.outcome is ACCEPTED.get(faults[0], Outcome.OFF_TARGET)
        assert score(exercise, NeedleAnswer(acceptable=None)).outcome is Outcome.MISSING
    assert 0.2 < good / len(made) < 0.6


def test_verdicts_agree_with_what_the_limits_of_the_protocol_say(shipped):
    """Where the bands and lines decide by themselves they never call a faulty needle correct, nor a good one wrong."""
    decided = 0
    for question, key, exercise in of_kind(shipped, ExerciseKind.JUDGE_NEEDLE):
        if key.image.view == "IPSI_OBLIQUE" or question.active_tip_mm:
            continue  # measured in the oblique along one axis; an electrode by its shaft
        by_limits, why = needle_verdict(type(exercise)(exercise.setting, exercise.needle))
        if by_limits is None:
            assert why.outcome in {Outcome.NEAR, Outcome.NOT_ASSESSABLE}
            continue
        decided += 1
        assert by_limits.acceptable == key.verdict.acceptable, (question.frame, key.verdict, why.why)
    assert decided > 20


# ---------------------------------------------------------------------- displaced by known 3-D vectors


def projected(pose, point):
    """Pinhole projection from positions and directions alone: an independent way to the pixel."""
    source, rows, columns = (
        np.array(pose[name]) for name in ("source_mm", "row_direction", "column_direction")
    )
    normal = np.cross(columns, rows)
    ray = np.array(point) - source
    distance = (np.array(pose["detector_centre_mm"]) - source) @ normal
    hit = source + ray * distance / (ray @ normal) - np.array(pose["detector_centre_mm"])
    pitch = pose["pixel_pitch_mm"]
    return np.array(
        [hit @ rows / pitch + (pose["rows"] - 1) / 2, hit @ columns / pitch + (pose["columns"] - 1) / 2]
    )


def cases():
    """Yield (image, target entry) for every target in the field of the images of targets."""
    for image in IMAGES:
        if image.facts["group"] == "targets":
            for target in image.facts["targets"]:
                if target["in_field"] and target["vertebra"] == image.facts["aimed_at"]:
                    ipsilateral = image.turned_to in {None, Side(target["side"])}
                    if ipsilateral and not (image.family == "oblique" and target["vertebra"] == "S1"):
                        yield image, target


CASES = list(cases())


def exercise_at(image, target, *, without=()):
    site = ANATOMY.site(target["nerve"], Side(target["side"]))
    records = tuple(record for record in image.records() if record.kind.value not in without)
    setting = Setting(
        protocol=LIBRARY.get("lumbar_mbb"),
        references=(Marking(EXPERT, records),),
        frame=image.frame,
        image=image.image(),
    )
    return PlaceTarget(setting, site)


def answer_at(exercise, position, site=None):
    place = Point(*(float(value) for value in position))
    return PlacedAnswer(mark=Target(frame=exercise.setting.frame, site=site or exercise.site, position=place))


VECTORS = [(3.0, 0.0, 0.0), (0.0, 2.5, -1.0), (-1.0, -4.0, 3.0), (2.0, 5.0, -6.0), (0.5, 0.5, 0.5)]


def test_distances_equal_the_projected_truth():
    """For answers displaced by known vectors in the patient, to 0.1 pixel and its length in millimetres."""
    rng = np.random.default_rng(31)
    checked = 0
    for image, target in CASES:
        exercise = exercise_at(image, target)
        pose = image.facts["pose"]
        for vector in [*VECTORS, *rng.uniform(-8, 8, (3, 3))]:
            answer = projected(pose, np.add(target["mm"], vector))
            expected = float(np.linalg.norm(answer - projected(pose, target["mm"])))
            measures = score(exercise, answer_at(exercise, answer)).measures
            assert measures.pixels.value == pytest.approx(expected, abs=0.1)
            checked += 1
            if image.facts["scaled"]:
                scale = (
                    pose["pixel_pitch_mm"] * pose["source_to_isocentre_mm"] / pose["source_to_detector_mm"]
                )
                assert measures.millimetres.value == pytest.approx(expected * scale, abs=0.1 * scale)
            elif image.facts["rule"] is None:
                assert measures.millimetres is None
    assert checked > 300


def test_a_wire_of_known_length_gives_millimetres_whose_interval_holds_the_truth():
    ruled = [(image, target) for image, target in CASES if image.facts["rule"]]
    assert len(ruled) == 4
    for image, target in ruled:
        exercise, pose = exercise_at(image, target), image.facts["pose"]
        answer = projected(pose, np.add(target["mm"], (0.0, 3.0, -3.0)))
        found = score(exercise, answer_at(exercise, answer)).measures.millimetres
        assert found.low < math.hypot(3, 3) < found.high
        assert "30 mm" in image.calibration.note


def outward(target):
    return 1.0 if target["side"] == "left" else -1.0


def ap_cases():
    return [(image, target) for image, target in CASES if image.family == "AP" and image.facts["scaled"]]


def test_places_beside_the_target_on_an_ap_get_the_outcome_of_their_distance():
    """Laterally by 1.5 mm correct, by 4.5 mm near, by 9 mm off target: the limits are 3 and 6 mm."""
    wanted = {1.5: Outcome.CORRECT, 4.5: Outcome.NEAR, 9.0: Outcome.OFF_TARGET}
    levels, told = set(), Counter()
    for image, target in ap_cases():
        exercise, pose = exercise_at(image, target), image.facts["pose"]
        scale = pose["pixel_pitch_mm"] * pose["source_to_isocentre_mm"] / pose["source_to_detector_mm"]
        levels.add((target["vertebra"], target["side"]))
        for millimetres, usual in wanted.items():
            outcome = usual
            # straight across the image, and as many mm of the plane to which the header's scale belongs
            image_left = outward(target) * -millimetres / scale
            place = projected(pose, target["mm"]) + np.array([0.0, image_left])
            found = score(exercise, answer_at(exercise, place))
            if is_above_its_line(image, target, place) and not is_above_its_line(image, target):
                outcome = Outcome.UNSAFE  # beside the high notch of L4 the transverse process begins lower
            assert found.outcome is outcome, (image.facts["file"], target["nerve"], millimetres, found.why)
            told[outcome] += 1
    assert len(levels) == 12
    assert told[Outcome.OFF_TARGET] > 12


def test_places_of_other_levels_and_sides_are_told():
    told = Counter()
    for image, target in CASES:
        exercise = exercise_at(image, target)
        for other in image.facts["targets"]:
            if not other["in_field"] or other is target:
                continue
            same_side = other["side"] == target["side"]
            found = score(exercise, answer_at(exercise, (other["row"], other["column"])))
            if same_side:
                assert found.outcome is Outcome.WRONG_LEVEL, (image.facts["file"], other, found.why)
                told["level", image.family, target["vertebra"]] += 1
            elif other["nerve"] == target["nerve"] and image.family != "lateral":
                assert found.outcome is Outcome.WRONG_SIDE
                told["side", image.family, target["vertebra"]] += 1
    for what in ("level", "side"):
        assert {vertebra for name, family, vertebra in told if (name, family) == (what, "AP")} == set(LEVELS)
    assert {family for name, family, _ in told if name == "level"} == {"AP", "oblique", "lateral"}
    assert told.total() > 150


def test_places_past_the_lines_are_unsafe():
    """Above the transverse process on an AP; in the foramen on a lateral."""
    unsafe = Counter()
    for image, target in CASES:
        points = {
            (one["name"], one["side"]): one
            for one in image.facts["landmarks"]
            if one["vertebra"] == target["vertebra"]
        }
        side = target["side"]
        if image.family == "AP" and ("tp_border_lateral", side) in points:
            medial, lateral = (
                np.array(points[name, side]["mm"]) for name in ("tp_border_medial", "tp_border_lateral")
            )
            place = np.add((medial + lateral) / 2, (0, 0, 4.0))
            if target["vertebra"] == "L1" or is_above_its_line(image, target) or not image.facts["scaled"]:
                continue
        elif image.family == "lateral" and ("foramen_posterior_lower", side) in points:
            place = np.add(points["foramen_posterior_lower", side]["mm"], (5.0, 0, 1.0))
        else:
            continue
        exercise = exercise_at(image, target)
        found = score(exercise, answer_at(exercise, projected(image.facts["pose"], place)))
        assert found.outcome in {Outcome.UNSAFE, Outcome.WRONG_LEVEL}, (
            image.facts["file"],
            target,
            found.why,
        )
        unsafe[found.outcome, image.family] += 1
    assert unsafe[Outcome.UNSAFE, "AP"] > 8
    assert unsafe[Outcome.UNSAFE, "lateral"] > 5


def is_above_its_line(image, target, place=None):
    """Return whether a place, or the target itself, lies cranial to the upper border of the transverse process."""
    names = ("tp_border_medial", "tp_border_lateral")
    points = {
        one["name"]: np.array([one["row"], one["column"]])
        for one in image.facts["landmarks"]
        if (one["vertebra"], one["side"]) == (target["vertebra"], target["side"])
    }
    if target["vertebra"] in {"L1", "S1"} or not all(name in points for name in names):
        return False  # the protocol has no such line there
    row, column = (target["row"], target["column"]) if place is None else place
    rows, columns = points[names[1]] - points[names[0]]
    return row < points[names[0]][0] + rows / columns * (column - points[names[0]][1])


def test_wrong_names_missing_marks_and_what_cannot_be_assessed():
    for image, target in CASES:
        exercise = exercise_at(image, target)
        at = (target["row"], target["column"])
        other = ANATOMY.site(NEXT[target["nerve"]], exercise.site.side)
        assert score(exercise, answer_at(exercise, at, other)).outcome is Outcome.WRONG_NERVE_NAME
        assert score(exercise, PlacedAnswer(mark=None)).outcome is Outcome.MISSING
        nobody = exercise_at(image, target, without=("target",))
        assert score(nobody, answer_at(nobody, at)).outcome is Outcome.NOT_ASSESSABLE
        by_name = PlaceByName(exercise.setting, exercise.site)
        assert score(by_name, answer_at(exercise, at)).outcome is Outcome.CORRECT


def test_without_a_scale_the_zone_decides_and_without_a_zone_an_ap_cannot_be_assessed():
    bare = [(image, target) for image, target in CASES if not image.calibration.usable]
    assert {image.family for image, _ in bare} == {"AP", "oblique", "lateral"}
    for image, target in bare:
        exercise = exercise_at(image, target)
        pose = image.facts["pose"]
        scale = pose["pixel_pitch_mm"] * pose["source_to_isocentre_mm"] / pose["source_to_detector_mm"]
        at = np.array([target["row"], target["column"]])
        inside = score(exercise, answer_at(exercise, np.add(at, (2.5 / scale, 0))))
        outside = score(exercise, answer_at(exercise, np.add(at, (0, outward(target) * -3.5 / scale))))
        assert inside.outcome is Outcome.CORRECT
        assert outside.outcome is Outcome.OFF_TARGET
        assert inside.measures.millimetres is None
        if image.family == "AP":
            zoneless = exercise_at(image, target, without=("target_zone",))
            found = score(zoneless, answer_at(zoneless, np.add(at, (2.5 / scale, 0))))
            assert found.outcome is Outcome.NOT_ASSESSABLE


# ---------------------------------------------------------------------- what the learning points say


def test_the_spinous_process_moves_to_the_side_to_which_the_c_arm_has_to_be_turned_back():
    """What the learning point says of an AP, from the outlines' geometry: a dorsal point on the midline shifts."""
    checked = 0
    for image in IMAGES:
        seen = image.facts["seen"][image.facts["aimed_at"]]
        if image.facts["group"] != "views" or image.family != "AP" or len(seen["corrections"]) != 1:
            continue
        [correction] = seen["corrections"]
        if not correction.startswith("oblique"):
            continue
        centre = next(v for v in image.facts["vertebrae"] if v["vertebra"] == image.facts["aimed_at"])["mm"]
        body, spine = (projected(image.facts["pose"], np.add(centre, (back, 0, 0))) for back in (0.0, -70.0))
        moved_right = spine[1] > body[1]  # the patient's right is at the right of an AP of a prone patient
        assert moved_right == (correction == "oblique_right")
        checked += 1
    assert checked > 6
