"""The contact sheet shows every view as a person would see it, and nothing of the patient."""

import imagecodecs
import numpy as np
import pytest

from fluoro_annotator.cli import contact_sheet
from fluoro_annotator.cli.contact_sheet import GAP, LETTERS, LINE_HEIGHT, LINES, SCALE, SIDE, label_lines
from fluoro_annotator.cli.lettering import lettered
from fluoro_annotator.dicom import FrameStack, scan

TILE = (SIDE + LINES * LINE_HEIGHT, SIDE)


def tiles_of(path):
    """Return the small pictures of a sheet that hold something, row by row."""
    sheet = imagecodecs.png_decode(path.read_bytes())
    height, width = TILE[0] + GAP, TILE[1] + GAP
    assert (sheet.shape[0] - GAP) % height == 0
    assert (sheet.shape[1] - GAP) % width == 0
    return [
        sheet[top : top + TILE[0], left : left + TILE[1]]
        for top in range(GAP, sheet.shape[0], height)
        for left in range(GAP, sheet.shape[1], width)
    ]


def halves(frames=1):
    """Return pixels of 8 x 6 images, dark above and bright below; frames grow darker."""
    frame = np.zeros((8, 6), "<u2")
    frame[4:] = 4095
    return b"".join((frame // (place + 1)).tobytes() for place in range(frames))


def test_each_view_is_shown_as_its_window_prescribes(run, write_dicom, tmp_path):
    write_dicom("a", WindowCenter=2048, WindowWidth=4096, PixelData=halves())
    write_dicom("b", SeriesInstanceUID="1.2.9", SeriesNumber=4, PhotometricInterpretation="MONOCHROME1",
                WindowCenter=2048, WindowWidth=4096, PixelData=halves())  # fmt: skip
    target = tmp_path / "sheet.png"
    result = run("inspect", tmp_path / "study", "--contact-sheet", target)
    assert result.exit_code == 0
    assert "Wrote 2 views" in result.stderr
    first, second = tiles_of(target)
    middle = SIDE // 2
    assert (first[middle - 3, middle] == 0).all()
    assert (first[middle + 3, middle] == 255).all()
    assert (second[middle - 3, middle] == 255).all()
    assert (second[middle + 3, middle] == 0).all()


def test_the_frame_in_the_middle_is_taken(run, write_dicom, tmp_path):
    write_dicom(WindowCenter=2048, WindowWidth=4096, NumberOfFrames=5, PixelData=halves(5))
    target = tmp_path / "sheet.png"
    assert run("inspect", tmp_path / "study", "--contact-sheet", target).exit_code == 0
    (tile,) = tiles_of(target)
    middle = SIDE // 2
    assert abs(int(tile[middle + 3, middle, 0]) - 85) <= 1


def test_labels_name_series_frames_and_view_only(write_dicom):
    (study,) = scan([write_dicom(NumberOfFrames=4, ViewPosition="AP")]).studies
    assert label_lines(FrameStack(study.images)) == ["series 3, 4 frames", "AP"]


def test_long_views_stay_within_their_lines(write_dicom):
    path = write_dicom(PositionerPrimaryAngle=-155.0, PositionerSecondaryAngle=-40.0)
    (study,) = scan([path]).studies
    lines = label_lines(FrameStack(study.images))
    assert 2 < len(lines) <= LINES
    assert max(map(len, lines)) <= LETTERS
    assert "-40.0°" in lines[-1]


def test_a_view_that_cannot_be_read_is_a_grey_square_and_a_sentence(run, write_dicom, tmp_path):
    path = write_dicom(WindowCenter=2048, WindowWidth=4096, PixelData=halves())
    content = path.read_bytes().replace(b"1.2.840.10008.1.2.1\0", b"1.2.840.10008.1.2.5\0")
    path.write_bytes(content.replace(b"OW\0\0" + (96).to_bytes(4, "little"), b"OW\0\0\xff\xff\xff\xff"))
    target = tmp_path / "sheet.png"
    result = run("inspect", tmp_path / "study", "--contact-sheet", target)
    assert result.exit_code == 0
    assert "not divided into items" in result.stderr
    (tile,) = tiles_of(target)
    assert (tile[SIDE // 2, SIDE // 2] == contact_sheet.NOTHING).all()
    said = lettered(contact_sheet.UNREADABLE, SCALE)
    first = SIDE + 2 * SCALE
    written = tile[first : first + said.shape[0], : said.shape[1]] == contact_sheet.INK
    np.testing.assert_array_equal(written.all(axis=-1), said)


def test_an_existing_file_is_never_replaced(run, write_dicom):
    path = write_dicom()
    before = path.read_bytes()
    result = run("inspect", path, "--contact-sheet", path)
    assert result.exit_code == 1
    assert "exists already" in result.stderr
    assert path.read_bytes() == before


def test_more_views_than_fit_are_counted(run, write_dicom, tmp_path, monkeypatch):
    monkeypatch.setattr(contact_sheet, "MOST_VIEWS", 1)
    write_dicom("a")
    write_dicom("b", SeriesInstanceUID="1.2.9")
    result = run("inspect", tmp_path / "study", "--contact-sheet", tmp_path / "sheet.png")
    assert "Wrote 1 view" in result.stderr
    assert "1 more" in result.stderr


@pytest.mark.parametrize("shape", [(1000, 700), (700, 1000), (5000, 3), (3, 5000), (SIDE, SIDE), (1, 1)])
@pytest.mark.parametrize("aspect", [1.0, 2.0, 0.25, 100.0])
def test_small_pictures_fit_and_keep_their_grey(shape, aspect):
    small = contact_sheet._small(np.full(shape, 77, np.uint8), aspect)
    assert max(small.shape) <= SIDE
    assert min(small.shape) >= 1
    assert (small == 77).all()


def test_a_thin_needle_is_still_there_when_the_picture_shrinks():
    picture = np.full((2 * SIDE, 2 * SIDE), 200, np.uint8)
    picture[:, 301] = 0
    assert contact_sheet._small(picture, 1.0).min() == 100


def test_letters_are_drawn_at_their_scale():
    assert lettered("AB").shape == (7, 12)
    assert lettered("AB", 3).shape == (21, 36)
    assert not lettered("  ").any()
    assert (lettered("a") == lettered("A")).all()
    assert (lettered("ж") == lettered("?")).all()
    picture = ["".join(".#"[int(dot)] for dot in row) for row in lettered("T")]
    assert picture == ["#####."] + ["..#..."] * 6
