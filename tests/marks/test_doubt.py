"""The doubt about the numbering is part of every name that holds a level."""

from dataclasses import replace

import pytest

from fluoro_annotator.marks import NumberingConfidence, vertebra_of


@pytest.fixture
def session(make_session, recorder, every_edit):
    made = make_session(recorder)
    for record in every_edit:
        made.add(record)
    return made


@pytest.mark.parametrize(
    ("confidence", "words"),
    [
        ("certain", ""),
        ("probable", "numbering probable"),
        ("uncertain", "numbering uncertain"),
        ("not_determinable", "numbering not determinable"),
    ],
)
def test_the_doubt_in_words(numbering, confidence, words):
    assert replace(numbering, confidence=confidence).doubt == words


def test_every_name_with_a_level_carries_the_doubt_and_no_other(session):
    for entry in session.records:
        named = vertebra_of(entry.mark) is not None
        assert session.label(entry.mark).endswith(" (numbering uncertain)") is named
        assert bool(session.doubt_about(entry.mark)) is named


def test_certain_or_unstated_numbering_leaves_names_as_they_are(session, numbering, target):
    plain = target.label(session.anatomy)
    session.put(replace(numbering, confidence=NumberingConfidence.CERTAIN))
    assert session.label(target) == plain
    session.delete("numbering")
    assert (session.label(target), session.doubt_about(target)) == (plain, "")


def test_texts_of_undo_carry_the_doubt(make_session, recorder, numbering, level):
    session = make_session(recorder)
    session.put(numbering)
    session.add(level)
    assert session.undo_text.endswith("(numbering uncertain)")
