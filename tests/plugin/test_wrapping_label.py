"""Messages with long names of files neither widen the dock nor lose a letter."""

import pytest

from napari_fluoro_annotator.views.annotate import AnnotateView
from napari_fluoro_annotator.views.wrapping_label import ZERO_WIDTH_SPACE, WrappingLabel, breakable

PATH = (
    "/data/reader/.local/state/fluoro-annotator/rescue/01795204886106282893-1724-12083b7d8274490bb0d8.jsonl"
)


@pytest.mark.parametrize("text", ["", "Saved 10:00:00, 1 mark", PATH, f"They are in {PATH} until then."])
def test_no_letter_is_lost_and_no_stretch_is_long(text):
    shown = breakable(text)
    assert shown.replace(ZERO_WIDTH_SPACE, "") == text
    assert all(len(piece) <= 16 for piece in shown.replace(ZERO_WIDTH_SPACE, " ").split())


def test_short_words_stay_whole():
    assert (
        breakable("NOT SAVED: 1 change. sixteen-letters! end") == "NOT SAVED: 1 change. sixteen-letters! end"
    )


@pytest.mark.gui
def test_a_long_name_makes_the_label_higher_and_not_wider(qapp):
    label = WrappingLabel()
    label.setText("Saved 10:00:00, 1 mark, and everything else is well")
    width, height = label.minimumSizeHint().width(), label.heightForWidth(250)
    label.setText(f"NOT SAVED: 1 change. They are in {PATH} until then.")
    assert label.minimumSizeHint().width() <= max(width, 250)
    assert label.heightForWidth(250) > height
    assert PATH in label.text()


@pytest.mark.gui
def test_what_lies_beneath_a_hint_does_not_move_with_every_sentence(qapp):
    view = AnnotateView()
    view.resize(345, 700)
    view.show()
    qapp.processEvents()
    view.set_hint("Press on the target.")
    before = view._pages.y()
    view.set_hint("A warning of several lines after a press. " * 4, warning=True)
    qapp.processEvents()
    warned = view._pages.y()
    view.set_hint("Press on the target.")
    qapp.processEvents()
    assert before < warned == view._pages.y()
    view.close()


@pytest.mark.gui
def test_a_view_that_has_one_mark_more_says_so_and_stays_chosen(qapp):
    view, chosen = AnnotateView(), []
    view.view_chosen.connect(chosen.append)
    view.set_views(["1 AP", "2 Lateral"], 1)
    view.set_views(["1 AP", "2 Lateral, 1 mark <b>"], 1)
    shown = [(view._views.item(row).text(), view._views.item(row).toolTip()) for row in range(2)]
    assert shown == [("1 AP", "1 AP"), ("2 Lateral, 1 mark <b>", "2 Lateral, 1 mark &lt;b&gt;")]
    assert (view._views.currentRow(), chosen) == (1, [])
