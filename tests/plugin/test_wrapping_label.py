"""Messages with long names of files neither widen the dock nor lose a letter."""

import pytest

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
