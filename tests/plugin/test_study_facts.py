"""What the window tells the store of a study: a pseudonym, a day, a region, the equipment, and no name."""

import threading

import pytest

from fluoro_annotator import settings
from fluoro_annotator.anatomy import Region
from fluoro_annotator.dicom import scan, study_facts
from fluoro_annotator.marks import StudyFacts
from fluoro_annotator.marks.study import LONGEST_EQUIPMENT
from fluoro_annotator.store import MemoryStore
from napari_fluoro_annotator import dock as dock_module
from napari_fluoro_annotator import texts
from napari_fluoro_annotator.scan_job import scan_job
from napari_fluoro_annotator.studies import study_record
from napari_fluoro_annotator.view_layers import stacks_of

STATED = {"BodyPartExamined": "CSPINE", "Manufacturer": "Maker", "ManufacturerModelName": "Arm 9"}


@pytest.fixture
def stated(tmp_path, write_xa):
    folder = tmp_path / "stated"
    write_xa(folder / "a", number=1, description="AP", **STATED)
    write_xa(folder / "b", number=2, description="Lateral", **STATED)
    return folder


def record_of(folder):
    return study_record("2.25.700", stacks_of(scan([folder])))


def test_the_record_of_a_study_says_what_it_is_looked_up_by(stated):
    facts = record_of(stated).facts
    assert facts.region is Region.CERVICAL
    assert facts.equipment == "Maker Arm 9"
    assert facts.study_date.isoformat() == "2026-01-02"
    assert len(facts.pseudonym) == 32
    assert record_of(stated).facts == facts


def test_without_the_key_there_is_no_pseudonym_and_all_else_is_there(stated, monkeypatch, tmp_path):
    whole = record_of(stated).facts
    monkeypatch.setenv(settings.PSEUDONYM_KEY_VARIABLE, str(tmp_path / "away" / "key"))
    facts = record_of(stated).facts
    assert facts.pseudonym == ""
    assert whole.merged(facts) == whole


def test_the_longest_name_of_an_equipment_can_be_kept(tmp_path, write_xa):
    assert study_facts.LONGEST_EQUIPMENT == LONGEST_EQUIPMENT
    write_xa(tmp_path / "long" / "a", number=1, Manufacturer="M" * 64, ManufacturerModelName="Ö" * 64)
    assert len(record_of(tmp_path / "long").facts.equipment) == LONGEST_EQUIPMENT


def test_what_a_scan_found_is_read_ahead_on_its_thread(stated, monkeypatch):
    threads = []
    original = study_facts.quick_header

    def noted(path, tags):
        threads.append(threading.current_thread().name)
        return original(path, tags)

    monkeypatch.setattr(study_facts, "quick_header", noted)
    job = scan_job([stated])
    assert job.wait(60)
    facts = study_record("2.25.700", stacks_of(job.result())).facts
    assert facts.region is Region.CERVICAL
    assert threads == ["fluoro-job"] * 2


@pytest.mark.gui
def test_the_window_stores_them(open_window, stated):
    store = MemoryStore()
    open_window(stated, store=store)
    assert store.study("2.25.700").facts == record_of(stated).facts != StudyFacts()


@pytest.mark.gui
def test_the_window_says_that_the_key_is_away_and_marks_go_on(open_window, stated, monkeypatch, tmp_path):
    said = []
    monkeypatch.setattr(dock_module, "show_warning", said.append)
    monkeypatch.setenv(settings.PSEUDONYM_KEY_VARIABLE, str(tmp_path / "away" / "key"))
    _, dock, hand = open_window(stated)
    assert [text.startswith(texts.NO_PSEUDONYM.split("{")[0]) for text in said] == [True]
    assert "pseudonyms and cannot be read" in said[0]
    dock.view.set_nerve("L3_MB")
    dock.view._side_buttons["right"].click()
    hand.key("T")
    hand.click(50, 60)
    assert len(dock.controller.session.marks) == 1
    assert dock.controller.session.study.facts.pseudonym == ""
