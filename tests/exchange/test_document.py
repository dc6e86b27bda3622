"""Documents are consistent from the moment they exist, and collect takes what was asked for."""

from dataclasses import replace

import pytest

from fluoro_annotator import __version__
from fluoro_annotator.errors import ChainError, ExchangeError, UnknownReadingError
from fluoro_annotator.exchange import MarksDocument, ReadingContent, collect
from fluoro_annotator.marks import Purpose, Reading, StudyRecord
from fluoro_annotator.store import MemoryStore


@pytest.fixture
def store(document, content, study):
    """Two readers of one study, one of them with a second study."""
    with MemoryStore() as opened:
        opened.save_study(study)
        opened.save_study(StudyRecord("1.2.3", study.images))
        opened.add_reading(content.reading)
        opened.append_chained("reading-1", content.revisions)
        opened.add_reading(Reading(study_uid=study.uid, reader="Ito", reading_id="reading-2"))
        opened.add_reading(
            Reading(study_uid="1.2.3", reader="Ito", reading_id="reading-3", purpose=Purpose.AUDIT)
        )
        yield opened


def _ids(document):
    return {entry.reading.reading_id for entry in document.readings}


@pytest.mark.parametrize(
    ("choice", "expected"),
    [
        ({}, {"reading-1", "reading-2", "reading-3"}),
        ({"study_uid": "1.2.3"}, {"reading-3"}),
        ({"reader": "Ito"}, {"reading-2", "reading-3"}),
        ({"reader": "Ito", "study_uid": "1.2.3"}, {"reading-3"}),
        ({"reading_ids": ["reading-1", "reading-3"]}, {"reading-1", "reading-3"}),
        ({"reader": "nobody"}, set()),
        ({"study_uid": "9.9"}, set()),
    ],
)
def test_collect_takes_what_was_asked_for(store, choice, expected):
    assert _ids(collect(store, **choice)) == expected


def test_collect_takes_only_the_studies_of_its_readings(store):
    assert [study.uid for study in collect(store, study_uid="1.2.3").studies] == ["1.2.3"]


def test_collect_takes_the_whole_history(store, content):
    assert collect(store, reading_ids=["reading-1"]).readings == (content,)


def test_a_reading_that_is_not_there_is_an_error(store):
    with pytest.raises(UnknownReadingError, match="reading-9"):
        collect(store, reading_ids=["reading-9"])
    with pytest.raises(UnknownReadingError, match="reading-1"):
        collect(store, reading_ids=["reading-1"], reader="Ito")


def test_the_state_is_derived_from_the_revisions(content):
    assert [mark.kind for mark in content.state.marks] == ["target", "needle", "needle"]


def test_a_broken_chain_never_becomes_a_document(content):
    with pytest.raises(ChainError):
        ReadingContent(content.reading, content.revisions[1:])


def test_a_stream_under_another_identifier_is_refused(content):
    with pytest.raises(ExchangeError, match="another reading"):
        ReadingContent(replace(content.reading, reading_id="reading-2"), content.revisions)


def test_a_document_holds_each_thing_once_and_every_study(document, study, content):
    with pytest.raises(ExchangeError, match="is listed twice"):
        MarksDocument(studies=(study, study), readings=())
    with pytest.raises(ExchangeError, match="is listed twice"):
        MarksDocument(studies=(study,), readings=(content, content))
    with pytest.raises(ExchangeError, match="not part of the document"):
        MarksDocument(studies=(), readings=(content,))
    with pytest.raises(ExchangeError, match="not part of the document"):
        document.study("9.9")


def test_the_version_of_the_program_is_written(study):
    assert str(MarksDocument(studies=(study,), readings=()).program) == f"fluoro_annotator {__version__}"
