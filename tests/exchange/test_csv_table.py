"""The table for spreadsheets: every column, exact numbers, and nothing that a spreadsheet runs."""

import csv
import io
import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fluoro_annotator.errors import ExchangeError
from fluoro_annotator.exchange import MarksDocument, ReadingContent, csv_text, write_csv
from fluoro_annotator.exchange.csv_columns import COLUMNS, NUMERIC
from fluoro_annotator.exchange.csv_table import FORMULA_STARTS, guarded
from fluoro_annotator.geometry import Calibration, CalibrationSource
from fluoro_annotator.marks import StudyRecord, chain


def _rows(text):
    return list(csv.DictReader(io.StringIO(text, newline="")))


@pytest.fixture
def rows(document):
    return _rows(csv_text(document))


def test_one_row_per_present_mark_in_the_order_of_making(rows):
    assert [row["kind"] for row in rows] == ["target", "needle", "needle"]


def test_a_calibrated_needle(rows):
    needle = rows[1]
    expected = {
        "study_instance_uid": "1.2.826.0.1.3680043.10.1",
        "series_instance_uid": "1.2.826.0.1.3680043.10.1.9",
        "sop_instance_uid": "1.2.826.0.1.3680043.10.1.1",
        "frame_number": "1",
        "reading_id": "reading-1",
        "reader": "Müller",
        "role": "trainee",
        "purpose": "procedure",
        "kind": "needle",
        "label": "Needle, L3 medial branch, at L4, right",
        "nerve": "L3_MB",
        "vertebra": "L4",
        "joints": "L3-L4;L4-L5",
        "side": "right",
        "row_px": "100.000",
        "column_px": "40.000",
        "hub_row_px": "40.000",
        "hub_column_px": "200.000",
        "row_mm": "25.000",
        "column_mm": "5.000",
        "hub_row_mm": "10.000",
        "hub_column_mm": "25.000",
        "needle_length_px": f"{math.hypot(60, 160):.3f}",
        "needle_length_mm": f"{math.hypot(60 * 0.25, 160 * 0.125):.3f}",
        "calibration_source": "pixel_spacing_geometry",
        "calibration_note": "plane of the isocentre, °",
        "row_mm_per_px": "0.25",
        "column_mm_per_px": "0.125",
        "created_at": "2026-01-31T09:30:02.002Z",
        "changed_at": "2026-01-31T09:30:02.002Z",
        "author": "Müller",
    }
    assert {name: needle[name] for name in expected} == expected
    assert {name for name in needle if needle[name]} == set(expected) | {"mark_id", "needle_id"}
    assert needle["needle_id"] == needle["mark_id"]


def test_without_a_calibration_no_column_of_millimetres_is_filled(rows):
    needle = rows[2]
    assert needle["calibration_source"] == "none"
    assert needle["needle_length_px"]
    assert {needle[name] for name in needle if "mm" in name} == {""}


@pytest.mark.parametrize(
    "source", [CalibrationSource.DETECTOR_PLANE, CalibrationSource.UNTYPED_PIXEL_SPACING]
)
def test_a_calibration_that_does_not_hold_in_the_patient_is_named_and_not_used(document, source):
    images = tuple(
        replace(image, calibration=Calibration(source, 0.2, 0.2, note="at the detector"))
        for image in document.studies[0].images
    )
    other = replace(document, studies=(StudyRecord(document.studies[0].uid, images),))
    for row in _rows(csv_text(other)):
        assert (row["calibration_source"], row["calibration_note"]) == (source.value, "at the detector")
        assert {row[name] for name in row if "mm" in name} == {""}


def test_a_level_label_names_a_vertebra_and_nothing_else(document, content):
    kept = replace(document, readings=(ReadingContent(content.reading, content.revisions[:-1]),))
    label = _rows(csv_text(kept))[-1]
    assert (label["kind"], label["vertebra"], label["label"]) == ("level_label", "L5", "L5")
    empty = ("nerve", "joints", "side", "hub_row_px", "hub_column_px", "needle_length_px")
    assert {label[name] for name in empty} == {""}
    assert (label["row_px"], label["column_px"]) == ("-0.500", "399.500")


def test_the_header_stands_even_without_marks(empty_document):
    text = csv_text(empty_document)
    assert text == ",".join(column.name for column in COLUMNS) + "\r\n"


def test_lines_end_as_rfc_4180_wants_on_every_platform(document, tmp_path):
    path = tmp_path / "marks.csv"
    write_csv(document, path)
    content = path.read_bytes()
    assert content.count(b"\r\n") == content.count(b"\n") == 4
    assert b"\r\r" not in content
    assert content.decode("utf-8") == csv_text(document)


def _with_reader(document, name):
    reading = replace(document.readings[0].reading, reader=name)
    drafts = [replace(revision.draft, author=name) for revision in document.readings[0].revisions]
    return replace(document, readings=(ReadingContent(reading, chain(reading.reading_id, drafts)),))


@pytest.mark.parametrize("start", [*FORMULA_STARTS.replace("\t", "").replace("\r", "").replace("\n", "")])
def test_a_reader_with_a_formula_for_a_name_is_harmless(document, start):
    name = f'{start}HYPERLINK("http://example.org","x")'
    row = _rows(csv_text(_with_reader(document, name)))[0]
    assert row["reader"] == row["author"] == f"'{name}"


def test_quotes_commas_and_umlauts_survive(document):
    name = 'Dr "Needle" Ärzte, Zoë'
    assert _rows(csv_text(_with_reader(document, name)))[0]["reader"] == name


def test_a_note_with_lines_stays_one_cell(document):
    note = 'first line\nsecond "line", end\r\n'
    calibration = Calibration(CalibrationSource.KNOWN_LENGTH, 0.1, 0.1, note=note)
    images = tuple(replace(image, calibration=calibration) for image in document.studies[0].images)
    other = replace(document, studies=(StudyRecord(document.studies[0].uid, images),))
    rows = _rows(csv_text(other))
    assert len(rows) == 3
    assert rows[0]["calibration_note"] == note


@given(st.text(max_size=20))
def test_no_text_starts_a_formula(text):
    cell = guarded(text)
    assert cell.lstrip(" ")[:1] not in set(FORMULA_STARTS)
    assert cell in {text, f"'{text}"}


def test_negative_numbers_stay_numbers(document, content):
    kept = replace(document, readings=(ReadingContent(content.reading, content.revisions[:-1]),))
    assert float(_rows(csv_text(kept))[-1]["row_px"]) == -0.5


def test_numeric_columns_hold_numbers_or_nothing(rows):
    for row in rows:
        for name in NUMERIC:
            assert row[name] == "" or math.isfinite(float(row[name]))


def test_columns_are_named_once_and_described():
    names = [column.name for column in COLUMNS]
    assert len(names) == len(set(names)) == 51
    assert all(column.description.endswith(".") for column in COLUMNS)


def test_an_existing_table_is_not_replaced_unless_allowed(document, tmp_path):
    path = tmp_path / "marks.csv"
    path.write_text("precious")
    with pytest.raises(ExchangeError, match="exists already"):
        write_csv(document, path, overwrite=False)
    assert path.read_text() == "precious"


def test_documents_without_readings_have_no_rows():
    assert _rows(csv_text(MarksDocument(studies=(), readings=()))) == []
