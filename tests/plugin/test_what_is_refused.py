"""What the reader says of files that it cannot use."""

import pytest
from napari.utils.notifications import notification_manager

from napari_fluoro_annotator.reader import NO_LAYERS, get_reader


@pytest.mark.parametrize("name", ["empty", "1.2.840.113619.7", "empty.dcm"])
def test_an_empty_file_gets_a_sentence(tmp_path, name):
    (tmp_path / name).touch()
    notification_manager.records.clear()
    assert get_reader(str(tmp_path / name))(str(tmp_path / name)) == NO_LAYERS
    (notification,) = notification_manager.records
    assert f"{name} is empty" in notification.message


def test_an_empty_folder_gets_a_sentence(tmp_path):
    notification_manager.records.clear()
    assert get_reader(str(tmp_path))(str(tmp_path)) == NO_LAYERS
    (notification,) = notification_manager.records
    assert "holds no fluoroscopic image" in notification.message


def test_one_image_among_very_many_other_files_is_found(tmp_path, write_xa):
    for number in range(600):
        (tmp_path / f"{number:04}.bin").write_bytes(b"note")
    write_xa(tmp_path / "zz", number=1)
    ((stack, _, kind),) = get_reader(str(tmp_path))(str(tmp_path))
    assert (len(stack), kind) == (1, "image")


@pytest.mark.parametrize("name", ["picture.tif", "notes.txt", "program.exe"])
def test_a_foreign_file_gets_a_sentence(tmp_path, name):
    (tmp_path / name).write_bytes(b"II*\0 anything")
    notification_manager.records.clear()
    assert get_reader(str(tmp_path / name))(str(tmp_path / name)) == NO_LAYERS
    (notification,) = notification_manager.records
    assert f"{name} is not a DICOM file" in notification.message


def test_an_image_under_a_wrong_ending_is_taken(tmp_path, write_xa):
    write_xa(tmp_path / "picture.tif", number=1)
    ((stack, _, _),) = get_reader(str(tmp_path / "picture.tif"))(str(tmp_path / "picture.tif"))
    assert len(stack) == 1
