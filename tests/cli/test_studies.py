"""studies list: filters, pages, and what is said of the whole."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pytest

from fluoro_annotator import anatomy, store
from fluoro_annotator.cli import command_studies
from fluoro_annotator.cli.exit_codes import ExitCode
from fluoro_annotator.marks import Reading, Role, StudyFacts
from fluoro_annotator.store import SqliteStore, open_session


@pytest.fixture
def archive(tmp_path, study):
    """Five studies: lumbar ones by day, a cervical one, and one of which nothing is known."""
    path = tmp_path / "archive.sqlite"
    with SqliteStore(path) as opened:
        for day in (1, 2, 3):
            facts = StudyFacts(
                pseudonym=f"{day:032x}", study_date=date(2026, 3, day), region="lumbar", equipment="C-arm One"
            )
            opened.save_study(replace(study, uid=f"1.{day}", facts=facts))
        opened.save_study(
            replace(study, uid="1.4", facts=StudyFacts(region="cervical", equipment="C-arm Two"))
        )
        opened.save_study(replace(study, uid="1.5"))
        session, recorder = open_session(opened, opened.study("1.1"), reader="Reader A", role=Role.TRAINEE)
        session.submit()
        recorder.close()
        opened.add_reading(Reading(study_uid="1.2", reader="Reader B"))
    return path


def listed(run, archive, *options) -> list[str]:
    result = run("studies", "list", *options, "--json", "--store", archive)
    assert result.exit_code == 0, result.stderr
    return [study["study_instance_uid"] for study in json.loads(result.stdout)["studies"]]


@pytest.mark.parametrize(
    ("options", "found"),
    [
        ([], ["1.1", "1.2", "1.3", "1.4", "1.5"]),
        (["--region", "lumbar"], ["1.1", "1.2", "1.3"]),
        (["--region", "sacral"], []),
        (["--from", "2026-03-02"], ["1.2", "1.3"]),
        (["--to", "2026-03-02"], ["1.1", "1.2"]),
        (["--from", "2026-03-02", "--to", "2026-03-02"], ["1.2"]),
        (["--equipment", "two"], ["1.4"]),
        (["--equipment", "%"], []),
        (["--state", "submitted"], ["1.1"]),
        (["--state", "in_progress"], ["1.2"]),
        (["--state", "not_begun"], ["1.3", "1.4", "1.5"]),
        (["--reader", "Reader B"], ["1.2"]),
        (["--procedure", "lumbar_mbb"], []),
        (["--limit", "2"], ["1.1", "1.2"]),
        (["--limit", "2", "--page", "3"], ["1.5"]),
        (["--limit", "2", "--page", "4"], []),
    ],
)
def test_filters_and_pages(run, archive, options, found):
    assert listed(run, archive, *options) == found


def test_the_table_says_which_page_of_how_many(run, archive):
    result = run("studies", "list", "--limit", "2", "--page", "2", "--store", archive)
    title, headings, *rows, _, last = result.stdout.splitlines()
    assert title == f"Studies in {archive}"
    assert headings.split("\t") == ["study", "date", "region", "equipment", "images", "readings"]
    assert [row.split("\t") for row in rows] == [
        ["1.3", "2026-03-03", "lumbar", "C-arm One", "1", "not begun"],
        ["1.4", "", "cervical", "C-arm Two", "1", "not begun"],
    ]
    assert last == "Page 2 of 3; 5 studies in all."


def test_readings_are_told_in_words(run, archive):
    said = run("studies", "list", "--store", archive).stdout
    assert "Reader A, procedure, 0 marks, submitted" in said
    assert "Reader B, procedure, 0 marks, in progress" in said


def test_the_json_says_everything(run, archive):
    result = run("studies", "list", "--json", "--state", "submitted", "--store", archive)
    answer = json.loads(result.stdout)
    (only,) = answer["studies"]
    (reading,) = only["readings"]
    assert {name: answer[name] for name in ("schema_version", "total", "page", "pages")} == {
        "schema_version": 1,
        "total": 1,
        "page": 1,
        "pages": 1,
    }
    assert (only["date"], only["region"], only["pseudonym"]) == ("2026-03-01", "lumbar", f"{1:032x}")
    assert {name: reading[name] for name in ("reader", "role", "state", "marks", "changes")} == {
        "reader": "Reader A",
        "role": "trainee",
        "state": "submitted",
        "marks": 0,
        "changes": 1,
    }


@pytest.mark.parametrize(
    "options",
    [
        ["--limit", "0"],
        ["--limit", "1001"],
        ["--page", "0"],
        ["--from", "yesterday"],
        ["--region", "tail"],
        ["--state", "lost"],
    ],
)
def test_what_cannot_be_is_usage(run, archive, options):
    assert run("studies", "list", *options, "--store", archive).exit_code == ExitCode.USAGE


def test_choices_are_those_of_the_store():
    assert list(command_studies.State) == list(store.ReadingStatus)
    assert list(command_studies.Region) == list(anatomy.Region)
