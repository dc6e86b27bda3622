"""Sets made from submitted reference readings: what is offered, what stands against it, what is published."""

from contextlib import contextmanager
from dataclasses import replace

import pytest

from fluoro_annotator.anatomy import Side, load_anatomy
from fluoro_annotator.errors import (
    KeyWithheldError,
    StoreConflictError,
    TeachingSetError,
    UnknownStudyError,
)
from fluoro_annotator.geometry import UNCALIBRATED, Point
from fluoro_annotator.marks import (
    Adequacy,
    Correction,
    CountedFrom,
    FrameRef,
    ImageRecord,
    Needle,
    Numbering,
    NumberingConfidence,
    NumberingScheme,
    Purpose,
    StudyRecord,
    Target,
    TargetZone,
    ViewAssignment,
    ViewJudgement,
    ZoneForm,
)
from fluoro_annotator.protocols import ProtocolLibrary, load_protocols
from fluoro_annotator.store import MemoryStore, open_session
from fluoro_annotator.training import (
    Difficulty,
    ExerciseKind,
    ImageFacts,
    LearningPoint,
    NamedAnswer,
    NeedleVerdict,
    Outcome,
    PlacedAnswer,
    ReferenceFate,
    SetDraft,
    check,
    draft_from,
    exercise_of,
    keys_of,
    load_sets,
    new_set_id,
    offered_exercises,
    publish,
    reference_changes,
    score,
    set_to_text,
    taken_anew,
    withdraw,
)

STUDY, ATTENDING = "1.2.3", "Attending A"
ANATOMY = load_anatomy()
LIBRARY = load_protocols(folders=())
L3, L4 = (ANATOMY.site(nerve, Side.RIGHT) for nerve in ("L3_MB", "L4_MB"))


@pytest.fixture
def ap(views):
    return views["AP_TRUE"]


@pytest.fixture
def facts(ap):
    return {ap.frame.sop_instance_uid: ap.facts(ap.targets["L3_MB", Side.RIGHT], view="")}


@pytest.fixture
def study(ap, facts):
    return study_of(ap, facts[ap.frame.sop_instance_uid].ruler.calibration)


def study_of(ap, calibration):
    image = ImageRecord(
        sop_instance_uid=ap.frame.sop_instance_uid,
        series_uid="1.2.3.1",
        rows=1024,
        columns=1024,
        frames=1,
        calibration=calibration,
    )
    return StudyRecord(STUDY, (image,))


@pytest.fixture
def store(study):
    with MemoryStore() as made:
        made.save_study(study)
        yield made


@pytest.fixture
def open_reading(store, tmp_path):
    """Return a context: the session of a reading, which is delivered when it ends."""

    @contextmanager
    def opened(reader="Expert A", purpose=Purpose.REFERENCE):
        session, recorder = open_session(
            store, store.study(STUDY), reader=reader, purpose=purpose, rescue_folder=tmp_path
        )
        yield session
        recorder.close()

    return opened


@pytest.fixture
def read(open_reading, ap, make_reading):
    """Return a function that keeps and submits a reference reading."""

    def made(reader="Expert A", marks=None, *, submit=True, view="AP_TRUE", more=(), **options):
        marks = make_reading(ap, reader, **options).records if marks is None else marks
        with open_reading(reader) as session:
            for record in (*filter(on_image, marks), *more):
                session.add(record)
            if view:
                session.put(ViewAssignment(sop_instance_uid=ap.frame.sop_instance_uid, view=view))
            if submit:
                session.submit()

    return made


@pytest.fixture
def offered(store, block, facts):
    """Return a function: the exercises on offer."""
    return lambda **options: offered_exercises(store, STUDY, block, images=facts, **options)


@pytest.fixture
def draft(block):
    return SetDraft(set_id="lumbar-first", protocol=block, title="First steps")


def on_image(mark):
    """Return whether a mark lies on the image of 1024 by 1024 pixels: not every level of the phantom does."""
    return all(0 <= value <= 1023 for point in mark.points for value in point)


@pytest.fixture
def edit_l3(open_reading):
    """Return a function: the target of L3 is moved by 3 rows in the reading of Expert A, and where it is then."""

    def edit():
        with open_reading() as session:
            session.reopen()
            mark = next(one for one in session.marks if getattr(one, "site", None) == L3)
            at = Point(mark.position.row + 3, mark.position.column)
            session.move(mark.mark_id, position=at)
            session.submit()
        return at

    return edit


def find(exercises, kind, site=None):
    return next(
        one for one in exercises if one.asked.kind is kind and (site is None or one.asked.site == site)
    )


def place(offered):
    return find(offered(), ExerciseKind.PLACE_TARGET, L3)


def said(findings, *, blocks):
    return " | ".join(one.sentence for one in findings if one.blocks is blocks)


def other_place(ap, nerve, side=Side.RIGHT, at=None):
    return Target(
        frame=ap.frame, site=ANATOMY.site(nerve, side), position=ap.point(ap.targets[at or (nerve, side)])
    )


# ---------------------------------------------------------------------- what is offered


def test_what_a_submitted_reference_offers(read, offered, ap):
    judgement = ViewJudgement(
        frame=ap.frame, view="AP_TRUE", adequate=Adequacy.NO, corrections=(Correction.TILT_CRANIAL,)
    )
    unsure = ViewJudgement(frame=ap.frame, view="LATERAL_TRUE", adequate=Adequacy.UNSURE)
    read(
        kinds=("target", "needle"),
        skip=[(nerve, Side.LEFT) for nerve, _ in ap.targets],
        more=[judgement, unsure],
    )
    found = offered()
    nerves = {mark.asked.site.nerve for mark in found if mark.asked.site}
    assert {"L2_MB", "L3_MB", "L4_MB", "L5_DR"} <= nerves
    per_nerve = [one.asked for one in found if one.asked.site == L3]
    assert [(one.kind.value, one.needle) for one in per_nerve] == [
        ("place_target", False),
        ("place_by_name", False),
        ("name_marked", False),
        ("place_target", True),
        ("place_by_name", True),
        ("judge_needle", False),
    ]
    assert [one.question.view_title for one in found if one.asked.kind is ExerciseKind.JUDGE_VIEW] == [
        "True AP"
    ]


def test_nothing_is_offered_of_what_is_not_a_submitted_reference(read, offered, open_reading, ap, store):
    read(submit=False)
    with open_reading("Expert B", Purpose.PROCEDURE) as session:
        session.add(other_place(ap, "L3_MB"))
        session.submit()
    assert offered() == ()
    with pytest.raises(UnknownStudyError):
        offered_exercises(store, "9.9", LIBRARY.get("lumbar_mbb"))


def test_marks_that_the_protocol_does_not_have_are_passed_by(read, offered, ap):
    read(marks=[Target(frame=ap.frame, site=ANATOMY.site("C5_MB", Side.LEFT), position=Point(5.0, 5.0))])
    assert offered() == ()


def test_every_expert_counts_for_what_any_of_them_has(read, offered, ap):
    read("Expert A", [other_place(ap, "L3_MB")])
    read("Expert B", [other_place(ap, "L3_MB"), other_place(ap, "L4_MB")])
    found = offered()
    kinds = [one.asked.kind for one in found if one.asked.site == L4]
    assert len(kinds) == len([one for one in found if one.asked.site == L3]) == 3
    readers = {one.marking.reader for one in find(found, ExerciseKind.PLACE_TARGET, L4).key.references}
    assert readers == {"Expert A", "Expert B"}
    alone = offered(readers=["Expert A"])
    assert {one.asked.site.nerve for one in alone} == {"L3_MB"}


def test_a_key_holds_no_more_than_its_exercise_needs(read, offered, ap):
    judgement = ViewJudgement(frame=ap.frame, view="AP_TRUE", adequate=Adequacy.YES)
    needle = Needle(frame=ap.frame, site=L4, tip=Point(9.0, 9.0), hub=Point(90.0, 90.0))
    numbering = Numbering(
        scheme=NumberingScheme.STANDARD,
        counted_from=CountedFrom.SACRUM_UP,
        confidence=NumberingConfidence.CERTAIN,
    )
    read(more=[judgement, needle, numbering])
    held = {
        one.asked.kind: {record.kind.value for ref in one.key.references for record in ref.marking.records}
        for one in offered()
        if one.asked.site in {None, L3} or one.asked.kind is ExerciseKind.JUDGE_NEEDLE
    }
    assert held[ExerciseKind.PLACE_TARGET] == {"target", "landmark", "numbering"}
    assert held[ExerciseKind.NAME_MARKED] == {"target", "numbering"}
    assert held[ExerciseKind.JUDGE_VIEW] == {"view_judgement"}
    assert held[ExerciseKind.JUDGE_NEEDLE] == {"target", "landmark", "numbering"}
    named = find(offered(), ExerciseKind.NAME_MARKED, L3)
    sites = {
        record.site
        for ref in named.key.references
        for record in ref.marking.records
        if hasattr(record, "site")
    }
    assert sites == {L3}


def test_view_and_scale_are_those_of_the_experts_and_the_rest_that_of_the_file(read, offered, facts, ap):
    read()
    image = place(offered).key.image
    stated = facts[ap.frame.sop_instance_uid]
    assert image == replace(stated, view="AP_TRUE")


def test_an_offered_exercise_scores_the_experts_mark_as_correct(read, offered, block, ap):
    read()
    exercise = place(offered)
    made = exercise_of(exercise.question, exercise.key, block)
    assert score(made, PlacedAnswer(mark=other_place(ap, "L3_MB"))).outcome is Outcome.CORRECT
    assert score(made, PlacedAnswer(mark=other_place(ap, "L3_MB", at=("L4_MB", Side.RIGHT)))).outcome is (
        Outcome.WRONG_LEVEL
    )
    named = find(offered(), ExerciseKind.NAME_MARKED, L3)
    answer = NamedAnswer(nerve="L3_MB", vertebra="L4", side=Side.RIGHT)
    assert score(exercise_of(named.question, named.key, block), answer).outcome is Outcome.CORRECT


# ---------------------------------------------------------------------- the draft


def test_a_draft_is_put_together_and_changed(read, offered, draft):
    read()
    first, second = place(offered), find(offered(), ExerciseKind.NAME_MARKED, L4)
    made = draft.added([first, second]).added([place(offered)])
    assert made.exercises == (first, second)
    point = LearningPoint("The notch, not the joint.")
    made = made.moved(second.exercise_id, 0).changed(
        first.exercise_id, difficulty=Difficulty.HARD, learning_points=[point]
    )
    made = made.changed(second.exercise_id, parts=("vertebra",))
    assert [one.exercise_id for one in made.exercises] == [second.exercise_id, first.exercise_id]
    assert made.exercise(first.exercise_id).question.difficulty is Difficulty.HARD
    assert made.exercise(first.exercise_id).key.learning_points == (point,)
    assert made.exercise(second.exercise_id).question.parts == ("vertebra",)
    assert made.removed(second.exercise_id).exercises[0].exercise_id == first.exercise_id
    assert draft.exercises == ()
    for act in (made.removed, made.exercise, lambda one: made.judged(one, None)):
        with pytest.raises(TeachingSetError):
            act("nothing")
    with pytest.raises(TeachingSetError, match="not about judging"):
        made.judged(first.exercise_id, NeedleVerdict(acceptable=True))
    with pytest.raises(TeachingSetError, match="twice"):
        replace(made, exercises=(first, first))


def test_an_identifier_of_a_new_set_has_the_words_of_its_title():
    names = {new_set_id("Lumbale Ziele, 1. Übung") for _ in range(20)}
    assert len(names) == 20
    assert all(name.startswith("lumbale-ziele-1-ubung-") for name in names)
    assert new_set_id("腰椎").startswith("set-")
    assert len(new_set_id("x" * 200)) <= 64


# ---------------------------------------------------------------------- what stands against it


@pytest.fixture
def looked(store, draft):
    """Return a function: what is said of exercises."""

    def look(*exercises, library=LIBRARY, made=draft, **options):
        return check(made.added(exercises), store, library, **options)

    return look


def test_nothing_stands_against_a_good_exercise(read, offered, looked):
    read()
    exercise = place(offered)
    taught = replace(exercise, key=replace(exercise.key, learning_points=(LearningPoint("The notch."),)))
    assert looked(taught, at_hand={STUDY}) == ()
    assert "learning point" in said(looked(exercise), blocks=False)


def test_a_draft_without_title_or_exercise(looked, draft):
    assert "no exercise" in said(looked(), blocks=True)
    assert "no title" in said(looked(made=replace(draft, title=" ")), blocks=True)


def test_a_protocol_that_is_not_installed_or_was_edited(read, offered, looked, block):
    read()
    gone = ProtocolLibrary(tuple(one for one in LIBRARY.installed if one.protocol.id != block.id), ())
    assert "is not installed" in said(looked(place(offered), library=gone), blocks=True)
    edited = tuple(
        replace(one, protocol=replace(block, title="Other")) if one.protocol.id == block.id else one
        for one in LIBRARY.installed
    )
    assert "was edited since" in said(
        looked(place(offered), library=ProtocolLibrary(edited, ())), blocks=True
    )


def test_a_study_that_is_not_there(read, offered, looked):
    read()
    exercise = place(offered)
    unknown = replace(exercise, question=replace(exercise.question, study_uid="9.9"))
    assert "the study 9.9, which is not in this store" in said(looked(unknown), blocks=True)
    frame = FrameRef(exercise.question.frame.sop_instance_uid, 2)
    elsewhere = replace(exercise, question=replace(exercise.question, frame=frame))
    assert "image or frame that its study does not have" in said(looked(elsewhere), blocks=True)
    assert "were not found here" in said(looked(exercise, at_hand=()), blocks=False)


def test_a_reference_that_was_reopened_or_edited(read, offered, looked, open_reading, ap):
    read()
    exercise, far = place(offered), find(offered(), ExerciseKind.NAME_MARKED, L4)
    with open_reading() as session:
        session.reopen()
    assert "of Expert A that is not submitted" in said(looked(exercise), blocks=True)
    with open_reading() as session:
        mark = next(one for one in session.marks if getattr(one, "site", None) == L3)
        session.move(mark.mark_id, position=Point(mark.position.row + 3, mark.position.column))
        session.submit()
    assert "marks of Expert A that were changed since" in said(looked(exercise), blocks=True)
    assert "changed" not in said(looked(far), blocks=True)


def test_taking_the_references_over_anew_mends_it(read, offered, edit_l3, store, draft):
    read()
    made = draft.added([place(offered)])
    identifier = made.exercises[0].exercise_id
    made = made.changed(identifier, difficulty=Difficulty.EASY, learning_points=[LearningPoint("The notch.")])
    edit_l3()
    read("Expert B")
    anew = taken_anew(made, store)
    assert check(anew, store, LIBRARY) == ()
    again = anew.exercise(identifier)
    assert again.question == made.exercises[0].question
    assert (again.key.image, len(again.key.references)) == (made.exercises[0].key.image, 2)
    assert again.key.learning_points == (LearningPoint("The notch."),)


def test_a_named_place_follows_its_mark_when_taken_over_anew(read, offered, edit_l3, store, draft):
    read()
    made = draft.added([find(offered(), ExerciseKind.NAME_MARKED, L3)])
    at = edit_l3()
    shown = taken_anew(made, store).exercises[0].question.shown
    assert shown == at


def test_a_mark_that_no_reference_has_any_more(read, offered, open_reading, store, draft):
    read()
    made = draft.added([place(offered), find(offered(), ExerciseKind.NAME_MARKED, L3)])
    with open_reading() as session:
        session.reopen()
        mark = next(one for one in session.marks if getattr(one, "site", None) == L3)
        session.delete(mark.mark_id)
        session.submit()
    anew = taken_anew(made, store)
    assert [one.exercise_id for one in anew.exercises] == [one.exercise_id for one in made.exercises]
    found = said(check(anew, store, LIBRARY), blocks=True)
    assert found.count("were changed since") == 2
    assert "no reference has this mark any more" in found


def test_a_reference_that_does_not_count_yet(read, offered, looked):
    read()
    exercise = place(offered)
    read("Expert B")
    read("Expert C", submit=False)
    warned = said(looked(exercise), blocks=False)
    assert "does not use the reference reading of Expert B" in warned
    assert "Expert C" not in warned


PLACING_AND_NAMING = [ExerciseKind.PLACE_TARGET, ExerciseKind.NAME_MARKED]


@pytest.mark.parametrize("kind", PLACING_AND_NAMING)
def test_experts_who_disagree_about_the_level(read, offered, looked, ap, kind):
    """Expert B numbers the spine from another vertebra: everything is one level off."""
    read("Expert A", [other_place(ap, nerve) for nerve in ("L2_MB", "L3_MB", "L4_MB")])
    shifted = {"L3_MB": "L2_MB", "L4_MB": "L3_MB", "L5_DR": "L4_MB"}
    read("Expert B", [other_place(ap, name, at=(at, Side.RIGHT)) for name, at in shifted.items()])
    found = said(looked(find(offered(), kind, L3)), blocks=True)
    assert "do not agree on the level (Expert A, Expert B)" in found


@pytest.mark.parametrize("kind", PLACING_AND_NAMING)
def test_an_expert_who_has_another_name_alone_for_a_place(read, offered, looked, ap, kind):
    read("Expert A", [other_place(ap, "L3_MB")])
    read("Expert B", [other_place(ap, "L4_MB", at=("L3_MB", Side.RIGHT))])
    found = said(looked(find(offered(), kind, L3)), blocks=True)
    assert "a place that Expert B calls L4 medial branch, at L5, right" in found


@pytest.mark.parametrize("kind", PLACING_AND_NAMING)
def test_an_expert_who_marked_other_nerves_contradicts_nobody(read, offered, looked, ap, kind):
    read("Expert A", [other_place(ap, "L3_MB")])
    read("Expert B", [other_place(ap, "L4_MB")])
    assert said(looked(find(offered(), kind, L3)), blocks=True) == ""


def test_experts_who_disagree_about_the_side(read, offered, looked, ap):
    read("Expert A", [other_place(ap, "L3_MB")])
    swapped = [
        other_place(ap, "L3_MB", at=("L3_MB", Side.LEFT)),
        other_place(ap, "L3_MB", Side.LEFT, at=("L3_MB", Side.RIGHT)),
    ]
    read("Expert B", swapped)
    for kind in PLACING_AND_NAMING:
        assert "do not agree on the side" in said(looked(find(offered(), kind, L3)), blocks=True)


def test_experts_who_disagree_about_the_view(read, offered, looked, ap):
    for reader, adequate in (("Expert A", Adequacy.YES), ("Expert B", Adequacy.NO)):
        read(reader, [ViewJudgement(frame=ap.frame, view="AP_TRUE", adequate=adequate)])
    assert "do not agree on whether the view is true" in said(
        looked(find(offered(), ExerciseKind.JUDGE_VIEW)), blocks=True
    )


def test_experts_who_say_different_views(read, offered, looked):
    read("Expert A")
    read("Expert B", view="LATERAL_TRUE")
    assert "different views: AP_TRUE and LATERAL_TRUE" in said(looked(place(offered)), blocks=True)


def test_an_image_that_no_view_is_said_of(read, offered, looked):
    read(view="")
    assert "no reference says which view" in said(looked(place(offered)), blocks=False)


def test_an_image_without_a_scale_is_said_and_does_not_stand_against_it(read, store, block, draft, ap):
    bare = {ap.frame.sop_instance_uid: ap.facts(view="")}
    store.save_study(study_of(ap, UNCALIBRATED))
    read(kinds=("target",))
    made = draft.added([place(lambda: offered_exercises(store, STUDY, block, images=bare))])
    found = check(made, store, LIBRARY)
    assert said(found, blocks=True) == ""
    assert "can tell wrong levels and sides, but not near from off target" in said(found, blocks=False)
    assert "no scale" in said(found, blocks=False)
    published = publish(made, store, ATTENDING, LIBRARY)
    key = keys_of(store.practice, published, reader=ATTENDING)[made.exercises[0].exercise_id]
    assert key.image.ruler.mm_per_px is None


def test_a_drawn_zone_stands_in_for_a_scale_and_millimetres_are_not_promised(read, store, block, draft, ap):
    bare = {ap.frame.sop_instance_uid: ap.facts(view="")}
    store.save_study(study_of(ap, UNCALIBRATED))
    row, column = ap.point(ap.targets["L3_MB", Side.RIGHT])
    corners = [(-20, -20), (-20, 20), (20, 20), (20, -20)]
    vertices = tuple(Point(row + down, column + right) for down, right in corners)
    read(more=[TargetZone(frame=ap.frame, site=L3, form=ZoneForm.POLYGON, vertices=vertices)])
    made = draft.added([place(lambda: offered_exercises(store, STUDY, block, images=bare))])
    found = check(made, store, LIBRARY)
    assert said(found, blocks=True) == ""
    assert "distances are in pixels" in said(found, blocks=False)
    assert "not near from off target" not in said(found, blocks=False)


def test_nothing_to_compare_the_level_with(read, offered, looked, ap):
    read(marks=[other_place(ap, "L3_MB")])
    assert "a wrong level could not be told" in said(looked(place(offered)), blocks=False)


def test_an_uncertain_numbering_is_said(read, offered, looked):
    doubt = Numbering(
        scheme=NumberingScheme.SIX_LUMBAR,
        counted_from=CountedFrom.SACRUM_UP,
        confidence=NumberingConfidence.UNCERTAIN,
    )
    read(more=[doubt])
    for kind in (ExerciseKind.PLACE_TARGET, ExerciseKind.NAME_MARKED):
        assert "numbering" in said(looked(find(offered(), kind, L3)), blocks=False)


def test_the_same_exercise_twice(read, offered, draft, store):
    read()
    twice = replace(draft, exercises=(place(offered), place(offered)))
    assert "Exercise 2 (place target: L3 medial branch, at L4, right) asks what an earlier one" in said(
        check(twice, store, LIBRARY), blocks=False
    )


def test_a_place_that_another_exercise_shows(read, offered, draft, store):
    read(kinds=("target", "needle"))
    found = offered()
    shows = find(found, ExerciseKind.NAME_MARKED, L3)
    asks = [
        one for one in found if one.question.kind is ExerciseKind.PLACE_BY_NAME and one.asked.site in {L3, L4}
    ]
    warned = said(check(draft.added([shows, *asks]), store, LIBRARY), blocks=False)
    assert warned.count("asks to place what exercise 1 shows") == 1
    assert "Exercise 2 (place by name: L3 medial branch, at L4, right) asks to place" in warned
    judged = find(found, ExerciseKind.JUDGE_NEEDLE, L3)
    warned = said(check(draft.added([*asks, judged]), store, LIBRARY), blocks=False)
    needle = [one.question.needle and one.asked.site == L3 for one in asks].index(True) + 1
    assert f"Exercise {needle} (" in warned
    assert warned.count(f"asks to place what exercise {len(asks) + 1} shows") == 1


def test_a_needle_needs_a_verdict(read, offered, looked, ap, draft):
    at = ap.point(ap.targets["L3_MB", Side.RIGHT])
    needle = Needle(frame=ap.frame, site=L3, tip=at, hub=Point(at.row - 200, at.column + 60))
    read(marks=[needle, other_place(ap, "L4_MB")])
    exercise = find(offered(), ExerciseKind.JUDGE_NEEDLE)
    assert "has no verdict" in said(looked(exercise), blocks=True)
    verdict = NeedleVerdict(acceptable=False, faults=("TOO_CEPHALAD",))
    judged = draft.added([exercise]).judged(exercise.exercise_id, verdict)
    assert said(looked(made=judged), blocks=True) == ""
    unknown = judged.judged(exercise.exercise_id, NeedleVerdict(acceptable=False, faults=("UGLY",)))
    assert "fault UGLY" in said(looked(made=unknown), blocks=True)


def test_a_verdict_that_contradicts_the_targets(read, offered, looked, draft, ap):
    at = ap.point(ap.targets["L3_MB", Side.RIGHT])
    needle = Needle(frame=ap.frame, site=L3, tip=at, hub=Point(at.row - 200, at.column + 60))
    read(more=[needle])
    exercise = find(offered(), ExerciseKind.JUDGE_NEEDLE)
    assert "verdict" not in said(looked(exercise), blocks=False)
    judged = draft.added([exercise]).judged(exercise.exercise_id, NeedleVerdict(acceptable=False))
    warned = said(looked(made=judged), blocks=False)
    assert "contradicts the experts' targets" in warned
    assert "the needle is acceptable" in warned


# ---------------------------------------------------------------------- publishing


@pytest.fixture
def published(read, offered, draft, store):
    read()
    exercises = [one for one in offered() if one.asked.kind is ExerciseKind.NAME_MARKED]
    return publish(draft.added(exercises), store, ATTENDING, LIBRARY)


def test_a_published_set_is_what_the_draft_was(published, store, draft, offered):
    assert load_sets(store.practice).current == (published,)
    keys = keys_of(store.practice, published, reader=ATTENDING)
    assert (published.version, published.author, published.title) == (1, ATTENDING, "First steps")
    shown = {one.question.shown for one in offered() if one.asked.kind is ExerciseKind.NAME_MARKED}
    assert {one.shown for one in published.questions} == shown
    assert {key.site for key in keys.values()} == {one.asked.site for one in offered() if one.asked.site}
    with pytest.raises(KeyWithheldError):
        keys_of(store.practice, published, reader="Trainee A")


def test_what_everybody_sees_names_no_nerve_of_a_mark_that_is_to_be_named(published, store):
    text = set_to_text(published)
    for word in (*ANATOMY.nerves, "right", "left", "Expert", '"L4"'):
        assert word not in text


def test_the_order_of_a_mixed_set_tells_nothing(read, offered, draft, store):
    """With 8 or more exercises, ten publications that all keep the order of the nerves are no chance."""
    read()
    exercises = [one for one in offered() if one.asked.kind is ExerciseKind.NAME_MARKED]
    assert len(exercises) >= 8
    orders = set()
    for number in range(10):
        made = replace(draft, set_id=f"set-{number}").added(exercises)
        orders.add(tuple(one.exercise_id for one in publish(made, store, ATTENDING, LIBRARY).questions))
    assert len(orders) > 1
    fixed = publish(replace(draft, mixed=False).added(exercises), store, ATTENDING, LIBRARY)
    assert [one.exercise_id for one in fixed.questions] == [one.exercise_id for one in exercises]


def test_what_stands_against_it_stops_publication(draft, store):
    with pytest.raises(TeachingSetError, match="no exercise"):
        publish(draft, store, ATTENDING, LIBRARY)
    assert store.practice.set_versions() == ()


def test_two_who_go_on_from_the_same_version(published, store):
    first, second = (
        replace(draft_from(store, "lumbar-first", LIBRARY, reader=ATTENDING), title=title)
        for title in ("Title A", "Title B")
    )
    later = publish(first, store, ATTENDING, LIBRARY)
    assert (later.version, first.based_on) == (2, 1)
    with pytest.raises(StoreConflictError, match="version 2, published by Attending A"):
        publish(second, store, "Attending B", LIBRARY)
    assert [one.title for one in load_sets(store.practice).current] == ["Title A"]
    assert {one.exercise_id for one in later.questions} == {one.exercise_id for one in published.questions}


def test_a_withdrawn_set_comes_back_as_a_new_version(published, store):
    withdraw(store, "lumbar-first", by=ATTENDING)
    again = publish(draft_from(store, "lumbar-first", LIBRARY, reader=ATTENDING), store, ATTENDING, LIBRARY)
    assert again.version == 3
    assert load_sets(store.practice).current == (again,)
    with pytest.raises(KeyWithheldError):
        draft_from(store, "lumbar-first", LIBRARY, reader="Trainee A")


def test_a_draft_of_a_set_whose_study_was_purged(published, store):
    store.purge_study(STUDY, reason="withdrawn by the department", by=ATTENDING)
    with pytest.raises(TeachingSetError, match="whose studies were purged"):
        draft_from(store, "lumbar-first", LIBRARY, reader=ATTENDING)


# ---------------------------------------------------------------------- references after publication


def test_references_that_are_as_they_were(published, store):
    assert reference_changes(published, store, reader=ATTENDING) == ()
    with pytest.raises(KeyWithheldError):
        reference_changes(published, store, reader="Trainee A")


def test_a_reference_that_is_reopened_edited_and_purged(published, store, open_reading, block):
    before = keys_of(store.practice, published, reader=ATTENDING)
    with open_reading() as session:
        session.reopen()
    change = reference_changes(published, store, reader=ATTENDING)[0]
    assert (change.reader, change.fate, change.exercise_ids) == ("Expert A", ReferenceFate.REOPENED, ())
    assert "is the same" in change.sentence
    with open_reading() as session:
        mark = next(one for one in session.marks if getattr(one, "site", None) == L3)
        session.move(mark.mark_id, position=Point(1.0, 1.0))
        session.submit()
    change = reference_changes(published, store, reader=ATTENDING)[0]
    touched = [published.question(one) for one in change.exercise_ids]
    assert change.fate is ReferenceFate.EDITED
    assert [one.shown for one in touched] == [mark.position]
    assert "1 of its exercises would be scored by other marks" in change.sentence
    assert keys_of(store.practice, published, reader=ATTENDING) == before
    store.purge_reading(change.reading_id, reason="read by mistake", by=ATTENDING)
    change = reference_changes(published, store, reader=ATTENDING)[0]
    assert (change.fate, change.exercise_ids) == (ReferenceFate.GONE, ())
    assert "not in this store" in change.sentence


def test_a_comment_on_a_submission_is_no_change(published, store, open_reading):
    with open_reading() as session:
        session.reopen()
        session.submit("Read again, nothing to add")
    assert reference_changes(published, store, reader=ATTENDING) == ()


def test_facts_of_an_image_that_nobody_stated(read, store, block):
    """Without facts from a file, those of the store and of the experts hold."""
    read()
    image = offered_exercises(store, STUDY, block)[0].key.image
    assert isinstance(image, ImageFacts)
    assert (image.view, image.orientation) == ("AP_TRUE", None)
    assert image.ruler.mm_per_px is not None
