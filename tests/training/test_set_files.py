"""Set files: whole, unchanged, of a known format, or refused with the reason."""

import json
from dataclasses import replace

import numpy as np
import pytest
from exercise_makers import STUDY, judged, key, question, teaching_set

from fluoro_annotator.anatomy import Side
from fluoro_annotator.errors import (
    ExchangeError,
    KeyWithheldError,
    StoreConflictError,
    TeachingSetError,
    TrainingFormatError,
)
from fluoro_annotator.marks import StudyRecord
from fluoro_annotator.store import MemoryStore
from fluoro_annotator.training import (
    ExerciseKind,
    SetFile,
    install,
    key_from_text,
    key_to_text,
    keys_of,
    load_sets,
    read_set_file,
    set_file_of,
    set_from_text,
    set_to_text,
    withdraw,
    write_set_file,
)

INSTALLER = "Attending B"


@pytest.fixture
def content(views, references, block):
    ap = views["AP_TRUE"]
    pairs = []
    for kind in ExerciseKind:
        asked = question(ap, kind)
        marking = judged(ap) if kind is ExerciseKind.JUDGE_VIEW else references["AP_TRUE"]
        pairs.append((asked, key(ap, asked, [marking], ap.targets["L3_MB", Side.RIGHT])))
    made = teaching_set(block, pairs, title="Größe 1/3, zweiter")
    return SetFile(made, {asked.exercise_id: one for asked, one in pairs})


@pytest.fixture
def path(content, tmp_path):
    path = tmp_path / "first.set.json"
    write_set_file(content, path)
    return path


@pytest.fixture
def store():
    with MemoryStore() as made:
        yield made


def rewritten(path, change):
    values = json.loads(path.read_text(encoding="utf-8"))
    change(values)
    path.write_text(json.dumps(values), encoding="utf-8")


def test_a_file_holds_the_whole_set(path, content):
    assert read_set_file(path) == content


def test_a_file_may_be_laid_out_anew(path, content):
    """The hash is of the values: other blanks and another order of names are no change."""
    values = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(dict(reversed(values.items())), indent=4), encoding="utf-8")
    assert read_set_file(path) == content


def test_a_file_is_not_replaced_by_accident(path, content):
    with pytest.raises(ExchangeError, match="exists already"):
        write_set_file(content, path)
    write_set_file(content, path, overwrite=True)


def test_a_file_that_was_cut_off_anywhere(path):
    whole = path.read_bytes()
    for end in range(0, len(whole) - 2, 301):
        path.write_bytes(whole[:end])
        with pytest.raises(TrainingFormatError, match=path.name):
            read_set_file(path)


EDITS = {
    "easier": lambda values: values["set"]["questions"][0].update(difficulty="easy"),
    "moved": lambda values: values["keys"][0]["references"][0]["records"][0]["points"].update(
        position=[1.0, 2.0]
    ),
    "taken out": lambda values: values["keys"].pop(),
    "title": lambda values: values["set"].update(title="Other"),
    "version": lambda values: values["set"].update(set_version=2),
    "hash": lambda values: values.update(sha256="0" * 64),
}


@pytest.mark.parametrize("edit", EDITS)
def test_a_file_that_was_edited_by_hand(path, edit):
    rewritten(path, EDITS[edit])
    with pytest.raises(TrainingFormatError, match="not as it was written"):
        read_set_file(path)


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (lambda values: values.update(version=2), "newer version of the program"),
        (lambda values: values.update(format="fluoro_annotator.marks"), "another format"),
        (lambda values: values.update(comment="x"), "'comment', which do not belong"),
        (lambda values: values.pop("keys"), "lacks 'keys'"),
    ],
)
def test_a_file_of_another_format(path, change, problem):
    rewritten(path, change)
    with pytest.raises(TrainingFormatError, match=problem):
        read_set_file(path)


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(TrainingFormatError, match="does not exist"):
        read_set_file(tmp_path / "none.set.json")
    with pytest.raises(TrainingFormatError, match="is a folder"):
        read_set_file(tmp_path)


def test_a_set_with_a_foreign_key_is_no_set(content):
    first = next(iter(content.keys))
    for wrong in ({}, dict(content.keys) | {first: replace(content.keys[first], salt="0")}):
        with pytest.raises(TeachingSetError, match="does not have the keys"):
            SetFile(content.teaching_set, wrong)


# ---------------------------------------------------------------------- installing


def test_an_installed_set_keeps_its_author_and_gives_its_keys_to_who_installed_it(path, content, store):
    kept = install(read_set_file(path), store, by=INSTALLER)
    found = load_sets(store.practice).get("lumbar-first")
    assert (kept.author, found.author) == (INSTALLER, "Attending A")
    assert found == content.teaching_set
    assert keys_of(store.practice, found, reader=INSTALLER) == dict(content.keys)
    assert set_file_of(store, found, reader=INSTALLER) == content
    with pytest.raises(KeyWithheldError):
        set_file_of(store, found, reader="Trainee A")


def test_installing_twice_changes_nothing(content, store):
    first = install(content, store, by=INSTALLER)
    assert install(content, store, by="Attending C") == first
    assert len(store.practice.set_versions()) == 1


def test_another_set_of_the_same_name_is_refused(content, store):
    install(content, store, by=INSTALLER)
    other = SetFile(replace(content.teaching_set, title="Other"), content.keys)
    with pytest.raises(StoreConflictError, match=f"published by {INSTALLER}"):
        install(other, store, by=INSTALLER)
    withdraw(store, "lumbar-first", by=INSTALLER)
    second = SetFile(replace(content.teaching_set, version=2), content.keys)
    with pytest.raises(StoreConflictError, match=f"withdrawn by {INSTALLER}"):
        install(second, store, by=INSTALLER)


def test_a_set_is_installed_before_its_studies_are_known(content, store):
    assert store.studies() == ()
    install(content, store, by=INSTALLER)
    assert load_sets(store.practice).current == (content.teaching_set,)


def test_a_set_whose_study_was_purged_cannot_be_exported(content, store):
    install(content, store, by=INSTALLER)
    store.save_study(StudyRecord(STUDY, ()))
    store.purge_study(STUDY, reason="withdrawn", by=INSTALLER)
    found = load_sets(store.practice).get("lumbar-first")
    assert keys_of(store.practice, found, reader=INSTALLER) == {}
    with pytest.raises(TeachingSetError, match="does not have the keys"):
        set_file_of(store, found, reader=INSTALLER)


# ---------------------------------------------------------------------- whatever may come

STRANGE = [
    None,
    True,
    False,
    0,
    -1,
    1.5,
    2**60,
    "",
    "x",
    "\u0007",
    "\ud800",
    [],
    [[]],
    {},
    {"a": 1},
    [None, "x"],
]
"""Values that stand where others belong."""


def places(values, path=()):
    """Yield the path of every value of a JSON text."""
    items = (
        values.items() if isinstance(values, dict) else enumerate(values) if isinstance(values, list) else ()
    )
    for name, value in items:
        yield (*path, name)
        yield from places(value, (*path, name))


def test_a_strange_value_anywhere_is_refused_or_harmless(content):
    """Values of a set and of its keys are replaced or taken away: nothing but a refusal may follow."""
    rng = np.random.default_rng(20260105)
    refused = 0
    keys = [key_to_text(one) for one in content.keys.values()]
    for text, read in (
        (set_to_text(content.teaching_set), set_from_text),
        *((one, key_from_text) for one in keys),
    ):
        every = list(places(json.loads(text)))
        for chosen in rng.permutation(len(every))[:250]:
            path = every[chosen]
            values = json.loads(text)
            inside = values
            for name in path[:-1]:
                inside = inside[name]
            choice = int(rng.integers(len(STRANGE) + 1))
            if choice == len(STRANGE):
                del inside[path[-1]]
            else:
                inside[path[-1]] = STRANGE[choice]
            try:
                read(json.dumps(values))
            except TrainingFormatError:
                refused += 1
    assert refused > 500
