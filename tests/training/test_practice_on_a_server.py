"""Practice on a server: the sets of the samples, the database's own refusal, answers, and who sees what."""

import pytest

from fluoro_annotator.errors import KeyWithheldError, StorePermissionError
from fluoro_annotator.marks import MarkConfidence
from fluoro_annotator.protocols import load_protocols
from fluoro_annotator.store import PostgresStore
from fluoro_annotator.training import (
    Feedback,
    NeedleAnswer,
    Outbox,
    Practice,
    install_shipped,
    load_sets,
    scored_answers,
)

ATTENDING, TRAINEE, OTHER = "attending_a", "trainee_a", "trainee_b"
ELECTRODES = "phantom-electrode-critique"


@pytest.fixture
def server(server_store):
    for login, role in ((ATTENDING, "attending"), (TRAINEE, "trainee"), (OTHER, "trainee")):
        server_store.add_login(login, role)
    with PostgresStore(server_store.url(ATTENDING)) as store:
        assert len(install_shipped(store)) == 4
    return server_store


def practice_in(store, login, folder):
    return Practice(
        lambda: store.practice,
        login,
        protocols=load_protocols(folders=()),
        sets=load_sets(store.practice).current,
        outbox=Outbox(store.store_id, folder),
        client="test",
    )


def test_a_trainee_gets_each_key_from_the_server_after_the_own_answer_alone(server, tmp_path):
    with PostgresStore(server.url(TRAINEE)) as store, PostgresStore(server.url(OTHER)) as other:
        practice = practice_in(store, TRAINEE, tmp_path)
        asked = []
        for _ in range(3):
            offer = practice.next(ELECTRODES)
            exercise = (ELECTRODES, offer.teaching_set.version, offer.question.exercise_id)
            with pytest.raises(KeyWithheldError):
                store.practice.key(*exercise, reader=TRAINEE)
            with pytest.raises(KeyWithheldError):
                store.practice.key(*exercise, reader=ATTENDING)
            given = NeedleAnswer(acceptable=True, confidence=MarkConfidence.CERTAIN)
            told = practice.commit(offer, given, (), 4.0)
            assert isinstance(told, Feedback)
            assert told.kept
            assert told.key is not None
            asked.append(exercise)
        assert store.practice.key(*asked[0], reader=TRAINEE).exercise_id == asked[0][2]
        with pytest.raises(KeyWithheldError):
            other.practice.key(*asked[0], reader=OTHER)
        assert other.practice.answers() == ()
        again = practice_in(store, TRAINEE, tmp_path)
        assert again.next(ELECTRODES).question.exercise_id not in {one[2] for one in asked}
        again.leave()
    with PostgresStore(server.url(ATTENDING)) as store:
        found = scored_answers(store.practice.answers(set_id=ELECTRODES))
    assert [(one.trainee, one.exercise_id) for one in found] == [(TRAINEE, one[2]) for one in asked]
    assert all(one.outcome for one in found)


def test_a_trainee_installs_no_sets_on_a_server(server_store):
    server_store.add_login(TRAINEE, "trainee")
    with PostgresStore(server_store.url(TRAINEE)) as store:
        with pytest.raises(StorePermissionError):
            install_shipped(store)
        assert store.practice.set_versions() == ()
