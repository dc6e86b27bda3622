"""What napari gets from a path: layers, and sentences about what could not be opened."""

import os
from pathlib import Path

import numpy as np
import pytest
from napari.components import ViewerModel

from fluoro_annotator.dicom import FrameReader
from napari_fluoro_annotator import reader
from napari_fluoro_annotator.reader import NO_LAYERS, get_reader, read

needs_pipes = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no named pipes")


@pytest.fixture
def said(monkeypatch):
    """Return what napari would show: pairs of severity and sentence."""
    sentences = []
    monkeypatch.setattr(reader, "show_warning", lambda text: sentences.append(("warning", text)))
    monkeypatch.setattr(reader, "show_error", lambda text: sentences.append(("error", text)))
    return sentences


@pytest.fixture
def frames_read(monkeypatch):
    """Return the indices of frames that were read from disk."""
    indices = []
    original = FrameReader.read

    def counting(self, index):
        indices.append(index)
        return original(self, index)

    monkeypatch.setattr(FrameReader, "read", counting)
    return indices


def options_of(layers):
    ((_, options, kind),) = layers
    assert kind == "image"
    return options


# ---------------------------------------------------------------------- which paths


@pytest.mark.parametrize("name", ["IM1", "image.dcm", "IMAGE.DCM", "1.2.840.113619.2", "image.tmp"])
def test_dicom_is_read_whatever_its_name(tmp_path, write_xa, said, name):
    write_xa(tmp_path / name, number=1)
    ((data, options, _),) = get_reader(str(tmp_path / name))(str(tmp_path / name))
    assert (data.shape, options["name"]) == ((1, 200, 240), "1 Series 1")
    assert said == []


@pytest.mark.parametrize("path", ["notes.txt", "folder", ["notes.txt", "IM1"]])
def test_every_path_is_taken_so_that_what_is_wrong_can_be_said(path):
    assert get_reader(path) is read


# ---------------------------------------------------------------------- what is read


def test_a_folder_becomes_one_layer_for_each_view_and_the_first_is_seen(study_folder, said):
    layers = read(str(study_folder))
    assert [options["name"] for _, options, _ in layers] == ["1 AP", "2 Right oblique", "3 Needle advance"]
    assert [options["visible"] for _, options, _ in layers] == [True, False, False]
    assert [data.shape[0] for data, _, _ in layers] == [1, 1, 8]
    assert said == []


def test_single_images_of_one_view_form_one_layer(tmp_path, write_xa, said):
    for place in range(3):
        write_xa(
            tmp_path / "study" / f"IM{place}",
            number=1,
            SOPInstanceUID=f"2.25.700.1.{place + 1}",
            InstanceNumber=place + 1,
        )
    ((data, options, _),) = read(str(tmp_path / "study"))
    assert (len(data), options["name"]) == (3, "1 Series 1")
    assert [data.frame_ref(index) for index in range(3)] == [(f"2.25.700.1.{n}", 1) for n in (1, 2, 3)]
    assert said == []


def test_reading_a_study_reads_no_frame(study_folder, frames_read):
    read(str(study_folder))
    assert frames_read == []


def test_several_paths_become_one_study(study_folder):
    layers = read([str(study_folder / "IM1"), str(study_folder / "IM3")])
    assert [options["name"] for _, options, _ in layers] == ["1 AP", "3 Needle advance"]


def test_no_patient_data_in_the_layers(study_folder):
    told = repr([options for _, options, _ in read(str(study_folder))])
    assert "CANARY" not in told
    assert str(study_folder) not in told


# ---------------------------------------------------------------------- what cannot be read


@pytest.mark.parametrize("content", [b"", b"not DICOM at all", b"\0" * 128 + b"DICM" + b"\xff" * 64])
def test_one_bad_file_is_named_in_one_sentence_and_the_rest_opens(study_folder, said, content):
    (study_folder / "IM9").write_bytes(content)
    assert len(read(str(study_folder))) == 3
    ((severity, sentence),) = said
    assert severity == "warning"
    assert sentence.startswith("1 file was not opened. IM9: ")
    assert ".." not in sentence
    assert str(study_folder.parent) not in sentence


def test_of_many_bad_files_the_first_is_named_and_the_rest_counted(study_folder, said):
    for name in ("IM7", "IM8", "IM9"):
        (study_folder / name).write_bytes(b"not DICOM at all")
    assert len(read(str(study_folder))) == 3
    ((_, sentence),) = said
    assert sentence.startswith("3 files were not opened. IM7: ")
    assert "2 more" in sentence


def test_notes_beside_the_images_are_not_worth_a_word(study_folder, said):
    for name in ("readme.txt", "marks.json", "marks.csv", "notes.md", ".hidden"):
        (study_folder / name).write_text("notes")
    read(str(study_folder))
    assert said == []


def write_text(path):
    path.write_text("not DICOM at all")


def nothing(path):
    """Leave the path as it is: it leads nowhere."""


@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("empty folder", Path.mkdir),
        ("notes.txt", write_text),
        ("text without an ending", write_text),
        ("missing.dcm", nothing),
        ("no\0name", nothing),
        ("endless" * 1000, nothing),
        pytest.param("pipe", getattr(os, "mkfifo", None), marks=needs_pipes),
    ],
    ids=lambda value: value[:8] if isinstance(value, str) else "",
)
def test_nothing_usable_gives_one_error_and_no_layers(tmp_path, said, name, make):
    make(tmp_path / name)
    assert read(str(tmp_path / name)) == NO_LAYERS
    ((severity, sentence),) = said
    assert severity == "error"
    assert "holds no fluoroscopic image" in sentence
    assert name == "empty folder" or name in sentence


def test_a_view_without_a_single_readable_frame_is_said_and_the_others_open(study_folder, write_xa, said):
    write_xa(study_folder / "IM4", number=4, BitsStored=16, HighBit=15, WindowCenter=None, WindowWidth=None)
    content = (study_folder / "IM4").read_bytes()
    (study_folder / "IM4").write_bytes(content[:-1000])
    layers = read(str(study_folder))
    assert len(layers) >= 3
    assert len(said) == 1
    assert "IM4" in said[0][1]


def test_napari_is_told_that_there_is_nothing(contributions, tmp_path, said):
    (tmp_path / "empty").mkdir()
    viewer = ViewerModel()
    assert viewer.open(str(tmp_path / "empty"), plugin="fluoro-annotator") == []
    assert len(said) == 1


# ---------------------------------------------------------------------- how it looks


@pytest.mark.parametrize(
    ("attributes", "colormap"),
    [
        ({}, "gray"),
        ({"PhotometricInterpretation": "MONOCHROME1"}, "gray_r"),
        ({"PhotometricInterpretation": "MONOCHROME1", "PresentationLUTShape": "IDENTITY"}, "gray"),
    ],
)
def test_bright_and_dark_are_as_the_header_says(tmp_path, write_xa, attributes, colormap):
    write_xa(tmp_path / "IM1", number=1, **attributes)
    assert options_of(read(str(tmp_path / "IM1")))["colormap"] == colormap


@pytest.mark.parametrize(
    ("window", "limits"),
    [
        ({"WindowCenter": 2048, "WindowWidth": 4096}, (0, 4095)),
        ({"WindowCenter": 1000, "WindowWidth": 401, "VOILUTFunction": "LINEAR"}, (799.5, 1199.5)),
        ({"WindowCenter": 1000, "WindowWidth": 400, "VOILUTFunction": "LINEAR_EXACT"}, (800, 1200)),
    ],
)
def test_the_window_of_the_header_becomes_the_contrast(tmp_path, write_xa, window, limits):
    write_xa(tmp_path / "IM1", number=1, **window)
    assert options_of(read(str(tmp_path / "IM1")))["contrast_limits"] == limits


def test_16_bits_without_a_window_take_the_contrast_of_one_frame(tmp_path, write_xa, frames_read):
    pixels = write_xa(
        tmp_path / "IM1",
        number=1,
        frames=5,
        BitsStored=16,
        HighBit=15,
        WindowCenter=None,
        WindowWidth=None,
    )
    low, high = options_of(read(str(tmp_path / "IM1")))["contrast_limits"]
    assert len(frames_read) == 1
    assert (low, high) == (pixels[frames_read[0]].min(), pixels[frames_read[0]].max())


def write_rgb(path, write_xa):
    pixels = np.random.default_rng(5).integers(0, 256, (200, 240, 3), dtype=np.uint8)
    write_xa(
        path,
        number=1,
        SOPClassUID="1.2.840.10008.5.1.4.1.1.7",
        SamplesPerPixel=3,
        PlanarConfiguration=0,
        PhotometricInterpretation="RGB",
        BitsAllocated=8,
        BitsStored=8,
        HighBit=7,
        WindowCenter=None,
        WindowWidth=None,
    )
    import pydicom

    dataset = pydicom.dcmread(path)
    dataset.file_meta.MediaStorageSOPClassUID = dataset.SOPClassUID
    dataset.PixelData = pixels.tobytes()
    dataset.save_as(path)
    return pixels


def test_a_captured_colour_image_is_in_colour(contributions, tmp_path, write_xa):
    pixels = write_rgb(tmp_path / "IM1", write_xa)
    viewer = ViewerModel()
    (layer,) = viewer.open(str(tmp_path / "IM1"), plugin="fluoro-annotator")
    assert layer.rgb
    assert layer.data.shape == (1, 200, 240, 3)
    assert np.array_equal(np.asarray(layer._slice.image.raw), pixels)


# ---------------------------------------------------------------------- in napari


def test_napari_opens_a_folder_lazily(contributions, study_folder, frames_read):
    viewer = ViewerModel()
    layers = viewer.open(str(study_folder), plugin="fluoro-annotator")
    assert [layer.name for layer in layers] == ["1 AP", "2 Right oblique", "3 Needle advance"]
    cine = layers[2]
    assert cine.data.shape == (8, 200, 240)
    assert tuple(viewer.dims.axis_labels) == ("frame", "row", "column")
    assert len(frames_read) <= len(layers)


def test_stepping_reads_the_frames_that_are_seen(contributions, study_folder, write_xa, frames_read):
    viewer = ViewerModel()
    *_, cine = viewer.open(str(study_folder / "IM3"), plugin="fluoro-annotator")
    for frame in (3, 6):
        viewer.dims.set_current_step(0, frame)
    shown = np.asarray(cine._slice.image.raw)
    pixels = write_xa(study_folder / "again", number=3, frames=8)
    assert np.array_equal(shown, pixels[6])
    assert {3, 6} <= set(frames_read)
