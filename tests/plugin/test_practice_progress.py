"""The page of progress: plots and tables with their denominators, what is lacking, and the report on a thread."""

import time

import pytest
from practice_answers import BEGIN, many_answers, scored_answer
from practice_sitting import placed, question_and_key
from practising import Desk, set_of
from psygnal import Signal

from fluoro_annotator.errors import MissingExtraError, ReportError, StoreUnavailableError
from fluoro_annotator.protocols import load_protocols
from fluoro_annotator.training import Outcome, PlacedAnswer
from fluoro_annotator.training.charts import charts_of
from fluoro_annotator.training.summary import summarise
from napari_fluoro_annotator.controllers.practice_progress import (
    MOST_ROWS,
    Known,
    ProgressController,
    picture_of_chart,
    progress_shown,
    table_of,
)
from napari_fluoro_annotator.practice_book import PracticeBook


def no_picture(_chart):
    return b""


class View:
    refresh_requested, save_requested = Signal(), Signal(str)
    chart_width, is_dark = 380, True

    def __init__(self):
        self.shown, self.states, self.saving = None, [], []

    def set_progress(self, shown):
        self.shown = shown

    def set_state(self, text, *, warning=False):
        self.states.append((text, warning))

    def set_saving(self, saving):
        self.saving.append(saving)


class Clock:
    ticked = Signal()

    def wake_in(self, milliseconds):
        """Nobody wakes but the test."""


def run(controller, clock):
    """Let the clock tick until nothing is under way."""
    until = time.monotonic() + 60
    while controller._making is not None or controller._saving is not None:
        assert time.monotonic() < until
        clock.ticked.emit()
        time.sleep(0.01)


@pytest.fixture
def made():
    """Return a function: answers, how a report is written -> controller, view, clock."""
    opened = []

    def make(answers, write=lambda path: None):
        view, clock = View(), Clock()
        controller = ProgressController(
            view, clock, know=lambda: Known(answers=answers, title="Block"), report=lambda: write
        )
        opened.append(controller)
        return controller, view, clock

    yield make
    for controller in opened:
        controller.close()


def test_the_page_has_every_chart_with_a_picture_words_and_a_table(made):
    controller, view, clock = made(many_answers(60, trainees=1))
    controller.refresh()
    run(controller, clock)
    titles = [plot.title for plot in view.shown.plots]
    assert titles[:2] == ["On target, in the last 40 answers", "Control chart of failures (CUSUM)"]
    assert {"On target by nerve", "On target by view", "On target by stated confidence"} <= set(titles)
    for plot in view.shown.plots:
        assert plot.png.startswith(b"\x89PNG")
        assert plot.alt
        assert all(len(row) == len(plot.headers) for row in plot.rows)
        assert plot.rows
    assert view.states[-1] == ("", False)
    assert view.shown.about == "Block."


def test_every_rate_in_a_table_has_its_denominator_and_interval():
    summary = summarise(many_answers(60, trainees=1))
    charts = charts_of(summary, {"AP_TRUE": "True AP"})
    for name in ("nerves", "views", "outcomes", "confidence"):
        _, rows = table_of(charts[name])
        for row, (title, rate) in zip(rows, charts[name].rows, strict=True):
            assert row[0] == title
            assert row[1] == f"{rate.count} of {rate.trials}"
            assert row[3] == f"{100 * rate.low:.0f} to {100 * rate.high:.0f} %"
    assert "True AP" in [row[0] for row in table_of(charts["views"])[1]]


def test_the_tables_of_curves_begin_with_the_latest_answer_and_hold_both_boundaries():
    summary = summarise(many_answers(120, trainees=1))
    charts = charts_of(summary)
    _, curve = table_of(charts["learning_curve"])
    assert len(curve) == MOST_ROWS
    assert [int(row[0]) for row in curve[:2]] == [summary.progress.assessed, summary.progress.assessed - 1]
    headers, chart = table_of(charts["control_chart"])
    assert headers[2:] == ("Lower boundary", "Upper boundary")
    assert {row[2:] for row in chart} == {("\N{MINUS SIGN}2.86", "2.86")}
    assert int(chart[0][0]) == summary.progress.assessed


def test_what_is_lacking_and_the_standing_of_the_rule_are_said():
    shown = progress_shown(
        summarise([scored_answer(1), scored_answer(2, Outcome.NOT_ASSESSABLE)]), no_picture
    )
    assert "not validated" in shown.rule
    assert shown.lacking[0] == "1 of 40 answers that count."
    numbers = dict(shown.numbers)
    assert numbers["Answers"] == "2, of which 1 count and 1 are not assessable"
    assert numbers["On target in the last 40"].startswith("1 of 1, 100 %")


def test_millimetres_and_pixels_stay_apart_and_few_numbers_have_no_interval():
    answers = [scored_answer(1), scored_answer(2, millimetres=None, mm_error=None, scale="")]
    numbers = dict(progress_shown(summarise(answers), no_picture).numbers)
    assert numbers["Median distance, images measured in mm"] == "1.5 mm, of 1"
    assert numbers["Median distance, images measured in px"] == "5.0 px, of 1"


def test_without_the_library_there_are_tables_and_a_sentence():
    asked = []

    def missing(chart):
        asked.append(chart)
        raise MissingExtraError("charts", "cannot be made", "Install it.")

    shown = progress_shown(summarise(many_answers(30, trainees=1)), missing)
    assert len(asked) == 1
    assert "Install it." in shown.problem
    assert all(plot.rows and not plot.png for plot in shown.plots)


def test_no_answers_yet_is_a_page_too(made):
    controller, view, clock = made([])
    controller.refresh()
    run(controller, clock)
    assert [len(plot.rows) for plot in view.shown.plots] == [0, 0]
    assert view.shown.lacking


def test_a_picture_is_as_wide_as_the_dock_in_twice_its_pixels():
    chart = charts_of(summarise(many_answers(30, trainees=1)))["nerves"]
    for width in (320, 400):
        header = picture_of_chart(chart, width, dark=True)[16:20]
        assert int.from_bytes(header) == 2 * width


def test_the_report_is_written_on_a_thread_and_said(made, tmp_path):
    def write(path):
        path.write_text("all answers", encoding="utf-8")

    controller, view, clock = made(many_answers(5, trainees=1), write)
    view.save_requested.emit(str(tmp_path / "report.html"))
    view.save_requested.emit(str(tmp_path / "other.html"))
    run(controller, clock)
    assert (tmp_path / "report.html").read_text(encoding="utf-8") == "all answers"
    assert not (tmp_path / "other.html").exists()
    assert view.saving == [True, False]
    assert view.states[-1] == (f"Written: {tmp_path / 'report.html'}", False)


def test_a_report_that_cannot_be_written_is_said(made, tmp_path):
    def write(_path):
        raise ReportError("report", "cannot be written", "Choose another folder.")

    controller, view, clock = made([], write)
    controller.save(str(tmp_path / "report.html"))
    run(controller, clock)
    text, warning = view.states[-1]
    assert "Choose another folder." in text
    assert warning


def test_asked_for_anew_while_it_is_made_it_is_made_once_more(made):
    answers = [scored_answer(1)]
    controller, view, clock = made(answers)
    view.chart_width = 300
    controller.refresh()
    answers.append(scored_answer(2))
    controller.refresh()
    run(controller, clock)
    assert view.shown.summary.tally.answers == 2


def test_a_store_that_is_away_is_said(made):
    controller, view, _ = made([])

    def away():
        raise StoreUnavailableError("store", "cannot be reached", "Try again.")

    controller._know = controller._report = away
    controller.refresh()
    controller.save("somewhere.html")
    assert len(view.states) == 2
    assert all("Try again." in text and warning for text, warning in view.states)


# ---------------------------------------------------------------------- what the store knows


@pytest.fixture
def desk(tmp_path):
    """A store with a set of one exercise."""
    protocols = load_protocols(folders=())
    made = Desk(tmp_path / "state", protocols)
    made.publish(*set_of(protocols.get("lumbar_mbb"), [question_and_key()]))
    yield made
    made.close()


def practise(desk, trainee):
    """Answer the one exercise, rightly."""
    practice = desk.program(trainee)
    (set_id,) = desk.sets
    offer = practice.next(set_id, ahead=True)
    practice.commit(offer, PlacedAnswer(mark=placed((60.0, 150.0))), (), 5.0)
    desk.clock.go(minutes=1)


def book_of(desk, trainee):
    return PracticeBook(lambda: desk.store, lambda: trainee, clock=lambda: BEGIN)


def test_a_book_without_answers_is_empty_and_its_report_can_be_written(desk, tmp_path):
    book = book_of(desk, "Trainee A")
    assert book.known().answers == ()
    for ending, start in ((".html", b"<!doctype html>"), (".pdf", b"%pdf")):
        path = tmp_path / f"report{ending}"
        book.report()(path)
        assert path.read_bytes().lower().startswith(start)


def test_the_page_is_about_the_protocol_that_was_practised_last_and_about_one_trainee(desk, tmp_path):
    for trainee in ("Trainee A", "Trainee B", "Trainee A"):
        practise(desk, trainee)
    book = book_of(desk, "Trainee A")
    known = book.known()
    assert [one.trainee for one in known.answers] == ["Trainee A", "Trainee A"]
    assert (known.title, known.others) == ("Lumbar medial branch block", ())
    assert known.rule.last == 40
    assert book.view_titles["AP_TRUE"] == "True AP"
    path = tmp_path / "report.html"
    book.report()(path)
    assert "Trainee A" in path.read_text(encoding="utf-8")
    assert "Trainee B" not in path.read_text(encoding="utf-8")
