"""Sets in a store: published once, read back, withdrawn, and what stands against practising them."""

from dataclasses import replace
from datetime import timedelta

import pytest
from exercise_makers import STUDY, key, question, teaching_set

from fluoro_annotator.anatomy import Side
from fluoro_annotator.errors import KeyWithheldError, StoreConflictError, TeachingSetError
from fluoro_annotator.protocols import load_protocols
from fluoro_annotator.store import Answer, MemoryStore, SetVersion
from fluoro_annotator.training import (
    ExerciseKind,
    TeachingSet,
    keep_version,
    key_hash,
    key_of,
    keys_of,
    load_sets,
    newest_version,
    problems_of,
    protocol_of,
    set_to_text,
    withdraw,
)

AUTHOR, TRAINEE = "Attending A", "Trainee A"


@pytest.fixture
def store():
    with MemoryStore() as made:
        yield made


@pytest.fixture
def pairs(views, references):
    ap = views["AP_TRUE"]
    kinds = (ExerciseKind.PLACE_TARGET, ExerciseKind.NAME_MARKED)
    asked = [question(ap, kind) for kind in kinds]
    return [(one, key(ap, one, [references["AP_TRUE"]], ap.targets["L3_MB", Side.RIGHT])) for one in asked]


@pytest.fixture
def published(store, pairs, block):
    made = teaching_set(block, pairs)
    keep_version(store.practice, made, keys(pairs), by=AUTHOR)
    return made


def keys(pairs):
    return {asked.exercise_id: one for asked, one in pairs}


def answered(store, made, exercise_id):
    answer = Answer(
        answer_id="a1",
        set_id=made.set_id,
        set_version=made.version,
        exercise_id=exercise_id,
        trainee=TRAINEE,
        presented_at=made.published_at,
        committed_at=made.published_at,
        client="test",
        content="{}",
    )
    store.practice.commit(answer)


def test_a_published_set_comes_back_as_it_was(store, published, pairs):
    shelf = load_sets(store.practice)
    assert shelf.current == (published,) == (shelf.get("lumbar-first"),)
    assert keys_of(store.practice, published, reader=AUTHOR) == keys(pairs)
    assert not shelf.refused


def test_a_key_is_given_after_the_answer_alone(store, published, pairs):
    first, second = (asked.exercise_id for asked, _ in pairs)
    with pytest.raises(KeyWithheldError):
        key_of(store.practice, published, first, reader=TRAINEE)
    answered(store, published, first)
    assert key_of(store.practice, published, first, reader=TRAINEE) == pairs[0][1]
    with pytest.raises(KeyWithheldError):
        key_of(store.practice, published, second, reader=TRAINEE)
    with pytest.raises(KeyWithheldError):
        keys_of(store.practice, published, reader=TRAINEE)


def test_what_the_store_shows_everybody_holds_no_answer(store, published):
    for version in store.practice.set_versions():
        for secret in ("Expert A", "learning", "records", "salt", "notch"):
            assert secret not in version.content


def test_the_same_version_published_twice_is_one(store, published, pairs):
    again = keep_version(store.practice, published, keys(pairs), by=AUTHOR)
    assert store.practice.set_versions() == (again,)
    by_another = keep_version(store.practice, published, keys(pairs), by="Attending B")
    assert by_another.author == AUTHOR


def test_two_who_publish_the_same_number_at_once(store, published, pairs):
    other = replace(published, title="Other steps", author="Attending B")
    with pytest.raises(StoreConflictError, match="published by Attending A"):
        keep_version(store.practice, other, keys(pairs), by="Attending B")
    assert load_sets(store.practice).current == (published,)


def test_a_key_that_is_not_the_one_named(store, published, pairs):
    swapped = {asked.exercise_id: replace(one, salt="0") for asked, one in pairs}
    for wrong in (swapped, {}):
        with pytest.raises(TeachingSetError, match="missing, or not the one"):
            keep_version(store.practice, replace(published, version=2), wrong, by=AUTHOR)
    assert newest_version(store.practice, "lumbar-first").version == 1


def test_a_key_that_was_swapped_in_the_store_scores_nothing(store, published, pairs):
    elsewhere = MemoryStore()
    forged = [(asked, replace(one, salt="0")) for asked, one in pairs]
    other = replace(published, key_hashes={asked.exercise_id: key_hash(one) for asked, one in forged})
    keep_version(elsewhere.practice, other, keys(forged), by=AUTHOR)
    with pytest.raises(TeachingSetError, match="not the one"):
        keys_of(elsewhere.practice, published, reader=AUTHOR)


# ---------------------------------------------------------------------- versions and withdrawal


def test_the_newest_version_is_practised_and_older_ones_are_kept(store, published, pairs):
    second = replace(published, version=2, title="Second steps")
    keep_version(store.practice, second, keys(pairs), by=AUTHOR)
    shelf = load_sets(store.practice)
    assert shelf.current == (second,)
    assert shelf.get("lumbar-first", 1) == published
    assert (
        "version 2 has taken its place"
        in problems_of(published, protocols=load_protocols(folders=()), studies={STUDY}, shelf=shelf)[0]
    )


def test_a_withdrawn_set_is_practised_no_more_and_nothing_is_lost(store, published, pairs):
    gone = withdraw(store, "lumbar-first", by="Attending B", reason="Wrong level on image 2")
    shelf = load_sets(store.practice)
    assert (gone.version, gone.withdrawn, gone.author) == (2, True, "Attending B")
    assert (shelf.current, shelf.withdrawn) == ((), {"lumbar-first"})
    assert shelf.get("lumbar-first", 1) == published
    with pytest.raises(TeachingSetError, match="was withdrawn"):
        shelf.get("lumbar-first")
    said = problems_of(published, protocols=load_protocols(folders=()), studies={STUDY}, shelf=shelf)
    assert said == (f"The set was withdrawn on {gone.published_at:%Y-%m-%d} by Attending B.",)
    with pytest.raises(TeachingSetError, match="withdrawn already"):
        withdraw(store, "lumbar-first", by=AUTHOR)
    back = replace(published, version=3)
    keep_version(store.practice, back, keys(pairs), by=AUTHOR)
    assert load_sets(store.practice).current == (back,)


def test_what_is_not_there(store, published):
    shelf = load_sets(store.practice)
    for given in (("cervical",), ("lumbar-first", 7)):
        with pytest.raises(TeachingSetError, match="is not in the store"):
            shelf.get(*given)
    with pytest.raises(TeachingSetError, match="is not in the store"):
        withdraw(store, "cervical", by=AUTHOR)
    assert newest_version(store.practice, "cervical") is None


def kept_version(made: TeachingSet, **changes):
    given = {
        "set_id": made.set_id,
        "version": made.version,
        "title": made.title,
        "author": AUTHOR,
        "published_at": made.published_at,
        "content": set_to_text(made),
    }
    return SetVersion(**(given | changes))


def test_a_version_of_a_newer_program_hides_no_other_set_and_no_older_one_takes_its_place(
    store, published, pairs
):
    other = replace(published, set_id="another")
    keep_version(store.practice, other, keys(pairs), by=AUTHOR)
    text = set_to_text(replace(published, version=2)).replace('"version":1', '"version":2')
    exercise = replace(store.practice.keys("lumbar-first", 1, reader=AUTHOR)[0], version=2)
    store.practice.publish(kept_version(published, version=2, content=text), [exercise])
    shelf = load_sets(store.practice)
    assert shelf.current == (other,)
    assert "newer version" in shelf.refused[0].error.remedy
    with pytest.raises(type(shelf.refused[0].error), match="version 2"):
        shelf.get("lumbar-first")
    assert shelf.get("lumbar-first", 1) == published


@pytest.mark.parametrize(
    "change",
    [{"title": "Other"}, {"version": 2}, {"set_id": "other"}, {"published_at": timedelta(hours=1)}],
)
def test_a_version_that_is_not_what_the_store_says(store, published, change):
    name, value = next(iter(change.items()))
    if isinstance(value, timedelta):
        value = published.published_at + value
    made = replace(published, set_id="lumbar-second")
    where = {"set_id": "lumbar-second"} | {name: value}
    exercise = replace(store.practice.keys("lumbar-first", 1, reader=AUTHOR)[0], set_id=where["set_id"])
    exercise = replace(exercise, version=where.get("version", 1))
    store.practice.publish(kept_version(made, **where), [exercise])
    shelf = load_sets(store.practice)
    assert (shelf.current, len(shelf.refused)) == ((published,), 1)
    assert "not what the store says" in str(shelf.refused[0].error)


# ---------------------------------------------------------------------- before practice


def test_nothing_stands_against_a_set_whose_studies_and_protocol_are_there(published, block):
    library = load_protocols(folders=())
    assert problems_of(published, protocols=library, studies={STUDY}) == ()
    assert protocol_of(published, library) == block


def test_studies_that_were_not_found(published):
    said = problems_of(published, protocols=load_protocols(folders=()), studies=())
    assert len(said) == 1
    assert "1 study" in said[0]
    assert "2 of 2 exercises cannot be shown" in said[0]
    assert STUDY in said[0]


def test_a_protocol_that_was_edited_or_is_gone(published, block):
    library = load_protocols(folders=())
    edited = replace(published, protocol_hash="0" * 64)
    unknown = replace(published, protocol_id="thoracic_own")
    for made, problem in ((edited, "not installed as it was"), (unknown, "is not installed")):
        with pytest.raises(TeachingSetError, match=problem):
            protocol_of(made, library)
        assert problem in problems_of(made, protocols=library, studies={STUDY})[0]


def test_an_older_version_of_a_protocol_is_found_by_its_content(published, block, tmp_path):
    """A site overrides a protocol; a set that was published with the shipped one is scored by the shipped one."""
    library = load_protocols(folders=())
    entry = next(one for one in library.installed if one.protocol.id == block.id)
    text = entry.path.read_text(encoding="utf-8").replace(f'version: "{block.version}"', 'version: "99.0"')
    (tmp_path / "own.yaml").write_text(text, encoding="utf-8")
    with_own = load_protocols(folders=[tmp_path])
    assert with_own.get(block.id).version == "99.0"
    assert protocol_of(published, with_own) == block
