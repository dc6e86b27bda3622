"""What marks know of a study."""

import pickle
from dataclasses import replace
from datetime import date, datetime

import numpy as np
import pytest

from fluoro_annotator.anatomy import Region
from fluoro_annotator.errors import MarkError, UnknownImageError
from fluoro_annotator.geometry import UNCALIBRATED, Calibration, CalibrationSource
from fluoro_annotator.marks import ImageRecord, StudyFacts, StudyRecord
from fluoro_annotator.marks.study import LONGEST_EQUIPMENT

NO_COUNTS = [0, -5, True, 1.0, "512", None, [512]]
NO_TEXTS = ["", None, 5, ["1.2"], "1.2\x00"]
PSEUDONYM = "0123456789abcdef" * 2
FACTS = StudyFacts(
    pseudonym=PSEUDONYM, study_date=date(2026, 1, 31), region=Region.LUMBAR, equipment="Maker, Model 1"
)


@pytest.mark.parametrize("field", ["rows", "columns", "frames"])
@pytest.mark.parametrize("value", NO_COUNTS)
def test_sizes_are_whole_and_positive(study, field, value):
    with pytest.raises(MarkError, match=field):
        replace(study.images[0], **{field: value})


def test_sizes_of_numpy_become_those_of_python(study):
    image = replace(study.images[0], rows=np.uint16(512))
    assert type(image.rows) is int


@pytest.mark.parametrize("field", ["sop_instance_uid", "series_uid"])
@pytest.mark.parametrize("value", NO_TEXTS)
def test_images_have_identifiers(study, field, value):
    with pytest.raises(MarkError, match=field):
        replace(study.images[0], **{field: value})


@pytest.mark.parametrize("uid", NO_TEXTS)
def test_a_study_has_an_identifier(uid):
    with pytest.raises(MarkError, match="uid"):
        StudyRecord(uid, ())


def test_an_image_is_listed_once(study):
    with pytest.raises(MarkError, match="twice"):
        StudyRecord("1.2", (study.images[0], replace(study.images[0], rows=7)))


def test_images_are_found_by_identifier(study):
    for image in study.images:
        assert study.image(image.sop_instance_uid) is image
        assert image.sop_instance_uid in study
    assert "1.2" not in study
    with pytest.raises(UnknownImageError, match=r"1\.2: is not part of the study\. Open the folder"):
        study.image("1.2")


def test_an_image_is_uncalibrated_unless_told(study):
    assert study.images[0].calibration is UNCALIBRATED


def test_merging_keeps_what_one_record_lacks_and_takes_the_newer_facts(study):
    scale = Calibration(CalibrationSource.KNOWN_LENGTH, 0.3, 0.3)
    newer = replace(study.images[1], calibration=scale)
    extra = ImageRecord(sop_instance_uid="9.9", series_uid="1", rows=1, columns=1, frames=1)
    merged = study.merged(StudyRecord(study.uid, (extra, newer)))
    assert merged.images == (study.images[0], newer, extra)
    assert study.merged(study) == study


def test_records_of_two_studies_are_not_merged(study):
    with pytest.raises(MarkError, match="is not study"):
        study.merged(StudyRecord("1.9", ()))


def test_a_study_is_a_value(study):
    again = StudyRecord(study.uid, list(study.images))
    assert again == study
    assert hash(again) == hash(study)
    copied = pickle.loads(pickle.dumps(study))  # noqa: S301 - bytes made on this line
    assert copied == study
    assert copied.image(study.images[1].sop_instance_uid) == study.images[1]


def test_a_study_says_nothing_by_default(study):
    assert study.facts == StudyFacts() == StudyFacts(pseudonym="", study_date=None, region="", equipment="")
    assert StudyFacts(region="lumbar").region is Region.LUMBAR


@pytest.mark.parametrize(
    ("field", "value"),
    [
        *(
            ("pseudonym", value)
            for value in ("12345678", PSEUDONYM.upper(), PSEUDONYM + "0", PSEUDONYM + "\n")
        ),
        *(("pseudonym", value) for value in (None, 5)),
        *(("study_date", value) for value in ("20260131", datetime(2026, 1, 31), 20260131, "")),  # noqa: DTZ001
        *(("region", value) for value in ("LSPINE", "spine", 5)),
        *(("equipment", value) for value in ("x" * (LONGEST_EQUIPMENT + 1), "a\nb", "\x00", None, 5)),
    ],
)
def test_facts_that_cannot_be_are_refused_and_not_repeated(field, value):
    with pytest.raises(MarkError, match=field) as caught:
        StudyFacts(**{field: value})
    if isinstance(value, str) and value:
        assert value not in str(caught.value)


def test_facts_that_are_stated_win_and_others_stay():
    other = StudyFacts(study_date=date(2026, 2, 1), region=Region.CERVICAL)
    merged = FACTS.merged(other)
    assert merged == replace(FACTS, study_date=date(2026, 2, 1), region=Region.CERVICAL)
    assert FACTS.merged(StudyFacts()) == FACTS == StudyFacts().merged(FACTS)


def test_studies_are_merged_with_their_facts(study):
    known = replace(study, facts=FACTS)
    assert study.merged(known).facts == known.merged(study).facts == FACTS
    assert pickle.loads(pickle.dumps(known)) == known != study  # noqa: S301 - bytes made on this line
