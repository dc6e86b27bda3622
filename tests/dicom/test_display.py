"""The grayscale pipeline, by its formulas and against dcmtk."""

import dataclasses
import shutil
import subprocess

import numpy as np
import pytest
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

from fluoro_annotator.dicom import FrameReader, FrameStack, Window, apply_display
from fluoro_annotator.dicom.display import display_dtype
from fluoro_annotator.dicom.voi import window_limits

XA = "1.2.840.10008.5.1.4.1.1.12.1"
RF = "1.2.840.10008.5.1.4.1.1.12.2"
SC = "1.2.840.10008.5.1.4.1.1.7"
DX = "1.2.840.10008.5.1.4.1.1.1.1"


def table(entries, first=0, bits=16):
    item = Dataset()
    item.add_new("LUTDescriptor", "US", [len(entries) % 65536, first, bits])
    item.add_new("LUTData", "OW", np.asarray(entries, "<u2").tobytes())
    return Sequence([item])


@pytest.fixture
def open_one(write, read_one, cine):
    def open_with(frames=None, name="image.dcm", **options):
        frames = cine if frames is None else frames
        return read_one(write(name, frames, **{"bits": 12} | options))

    return open_with


class TestLimits:
    @pytest.mark.parametrize(
        ("center", "width", "function", "expected"),
        [
            (2048, 4096, "LINEAR", (0.0, 4095.0)),
            (100, 51, "LINEAR", (74.5, 124.5)),
            (100, 50, "LINEAR_EXACT", (75.0, 125.0)),
        ],
    )
    def test_formulas_of_the_standard(self, center, width, function, expected):
        assert window_limits(Window(center, width), function) == expected

    def test_a_width_of_one_is_a_threshold(self):
        low, high = window_limits(Window(100, 1))
        assert 99.4 < low < high < 99.6

    def test_the_stack_keeps_stored_values_and_states_the_window(self, open_one, cine):
        stack = FrameStack([open_one(WindowCenter=["2000", "100"], WindowWidth=["1001", "20"])])
        assert stack.display.contrast_limits == (1499.5, 2499.5)
        assert stack.display.source == "window"
        np.testing.assert_array_equal(stack[2], cine[2])

    @pytest.mark.parametrize(
        ("center", "width"),
        [
            (b"2000", b"0 "),
            (b"2000", b"0.5 "),
            (b"2000", b"-5"),
            (b"", b""),
            (b"x ", b"y "),
            (b"2000", b"nan "),
            (b"2000", b""),
        ],
    )
    def test_an_unusable_window_counts_as_none(self, open_one, center, width):
        image = open_one(raw={"WindowCenter": ("DS", center), "WindowWidth": ("DS", width)})
        assert FrameStack([image]).display.contrast_limits == (0.0, 4095.0)

    def test_an_unusable_window_gives_way_to_the_next(self, open_one):
        image = open_one(WindowCenter=[2000, 1000], WindowWidth=[0, 101])
        assert FrameStack([image]).display.contrast_limits == (949.5, 1049.5)

    def test_twelve_bits_without_a_window_show_their_range(self, open_one):
        display = FrameStack([open_one()]).display
        assert (display.contrast_limits, display.source) == ((0.0, 4095.0), "bits stored")

    def test_signed_values_without_a_window_show_their_range(self, open_one, cine):
        image = open_one(cine.astype(np.int16) - 2048)
        assert FrameStack([image]).display.contrast_limits == (-2048.0, 2047.0)

    def test_sixteen_bits_without_a_window_show_the_first_frame_without_padding(self, open_one, cine):
        frames = cine.copy()
        frames[:, :4] = 65535
        image = open_one(frames, bits=16, PixelPaddingValue=65535)
        display = FrameStack([image]).display
        assert display.source == "first frame"
        assert display.contrast_limits == (float(cine[0, 4:].min()), float(cine[0, 4:].max()))

    def test_a_flat_first_frame_shows_the_range(self, open_one):
        image = open_one(np.full((1, 4, 4), 77, np.uint16), bits=16)
        assert FrameStack([image]).display.contrast_limits == (0.0, 65535.0)

    def test_color_shows_all_its_values(self, open_one, rng):
        stack = FrameStack([open_one(rng.integers(0, 256, (1, 5, 6, 3), dtype=np.uint8), bits=8)])
        assert stack.display.rgb
        assert stack.display.contrast_limits == (0.0, 255.0)


class TestModality:
    def test_rescale_is_not_applied_to_angiography_and_fluoroscopy(self, open_one, cine):
        for sop_class in (XA, RF):
            image = open_one(sop_class=sop_class, RescaleSlope=2, RescaleIntercept=-100)
            np.testing.assert_array_equal(FrameStack([image])[0], cine[0])

    def test_rescale_is_applied_to_radiographs(self, open_one, cine):
        stack = FrameStack([open_one(sop_class=DX, RescaleSlope=2, RescaleIntercept=-100)])
        assert stack.dtype == np.float32
        np.testing.assert_allclose(stack[0], cine[0] * 2.0 - 100)
        assert stack.display.contrast_limits == (-100.0, 8090.0)

    def test_a_modality_table_is_applied_to_captures(self, open_one, cine):
        image = open_one(sop_class=SC, ModalityLUTSequence=table(np.arange(4096)[::-1], bits=12))
        stack = FrameStack([image])
        np.testing.assert_array_equal(stack[0], 4095 - cine[0])
        assert stack.display.contrast_limits == (0.0, 4095.0)

    def test_negative_slopes_keep_the_limits_in_order(self, open_one):
        image = open_one(sop_class=DX, RescaleSlope=-1, RescaleIntercept=4095)
        assert FrameStack([image]).display.contrast_limits == (0.0, 4095.0)


class TestTables:
    def test_a_voi_table_is_applied(self, open_one, cine):
        image = open_one(VOILUTSequence=table(np.arange(1000) // 4, first=1500, bits=8))
        stack = FrameStack([image])
        np.testing.assert_array_equal(stack[1], np.clip(cine[1].astype(int) - 1500, 0, 999) // 4)
        assert stack.display.contrast_limits == (0.0, 255.0)
        assert stack.dtype == np.uint16

    def test_surplus_entries_count_as_for_dcmtk(self, open_one):
        sequence = table(np.arange(100))
        sequence[0].add_new("LUTData", "OW", np.arange(120, dtype="<u2").tobytes())
        (lut,) = open_one(VOILUTSequence=sequence).rendering.voi_luts
        assert lut.entries.tolist() == list(range(120))

    def test_missing_entries_make_the_table_shorter(self, open_one):
        sequence = table(np.arange(100))
        sequence[0].add_new("LUTData", "OW", np.arange(80, dtype="<u2").tobytes())
        (lut,) = open_one(VOILUTSequence=sequence).rendering.voi_luts
        assert lut.entries.tolist() == list(range(80))

    @pytest.mark.parametrize(
        ("bits", "expected", "entry"), [(0, 12, 4000), (20, 12, 4000), (8, 8, 4000 & 255)]
    )
    def test_bits_that_contradict_the_entries(self, open_one, bits, expected, entry):
        (lut,) = open_one(VOILUTSequence=table([0, 4000], bits=bits)).rendering.voi_luts
        assert (lut.bits, lut.entries.tolist()) == (expected, [0, entry])

    def test_entries_of_eight_bits_are_unpacked(self, open_one):
        sequence = table(np.arange(100), bits=8)
        sequence[0].add_new("LUTData", "OW", np.arange(100, dtype=np.uint8).tobytes())
        (lut,) = open_one(VOILUTSequence=sequence).rendering.voi_luts
        assert lut.entries.tolist() == list(range(100))

    def test_a_table_without_entries_is_left_out(self, open_one):
        sequence = table(np.arange(100))
        sequence[0].add_new("LUTData", "OW", b"")
        assert open_one(VOILUTSequence=sequence).rendering.voi_luts == ()

    def test_65536_entries_are_written_as_zero(self, open_one):
        (lut,) = open_one(VOILUTSequence=table(np.arange(65536))).rendering.voi_luts
        assert len(lut.entries) == 65536

    def test_sigmoid(self, open_one, cine):
        image = open_one(WindowCenter=2000, WindowWidth=1000, VOILUTFunction="SIGMOID")
        expected = 1 / (1 + np.exp(-4 * (cine[0] - 2000.0) / 1000))
        np.testing.assert_allclose(FrameStack([image])[0] / 65535, expected, atol=1e-4)


class TestPolarity:
    @pytest.mark.parametrize(
        ("photometric", "shape", "inverted"),
        [
            ("MONOCHROME2", None, False),
            ("MONOCHROME2", "IDENTITY", False),
            ("MONOCHROME2", "INVERSE", True),
            ("MONOCHROME1", None, True),
            ("MONOCHROME1", "INVERSE", True),
        ],
    )
    def test_inversion(self, open_one, photometric, shape, inverted):
        options = {} if shape is None else {"PresentationLUTShape": shape}
        image = open_one(PhotometricInterpretation=photometric, **options)
        assert FrameStack([image]).display.inverted is inverted
        frame = FrameReader(image).read(0)
        straight = dataclasses.replace(
            image,
            photometric="MONOCHROME2",
            rendering=dataclasses.replace(image.rendering, presentation_shape=""),
        )
        expected = apply_display(frame, straight)
        np.testing.assert_array_equal(apply_display(frame, image), 255 - expected if inverted else expected)


def test_the_type_is_known_without_reading(open_one, cine):
    for image in (
        open_one(),
        open_one(sop_class=DX, RescaleSlope=2, RescaleIntercept=0),
        open_one(VOILUTSequence=table(np.arange(4096), bits=12)),
        open_one(cine.astype(np.int16)),
    ):
        assert FrameStack([image])[0].dtype == display_dtype(image)


ORACLE = [
    pytest.param({"WindowCenter": 2000, "WindowWidth": 1500}, ["+Wi", "1"], id="window"),
    pytest.param({"WindowCenter": [2000, 900], "WindowWidth": [1500, 200]}, ["+Wi", "1"], id="two windows"),
    pytest.param({"WindowCenter": 2000, "WindowWidth": 1}, ["+Wi", "1"], id="width one"),
    pytest.param({"WindowCenter": 2000.5, "WindowWidth": 333.3}, ["+Wi", "1"], id="fractions"),
    pytest.param(
        {"WindowCenter": 2000, "WindowWidth": 1500, "VOILUTFunction": "SIGMOID"}, ["+Wi", "1"], id="sigmoid"
    ),
    pytest.param(
        {"WindowCenter": 2000, "WindowWidth": 1500, "PhotometricInterpretation": "MONOCHROME1"},
        ["+Wi", "1"],
        id="monochrome 1",
    ),
    pytest.param({"PhotometricInterpretation": "MONOCHROME1"}, [], id="monochrome 1 without window"),
    pytest.param(
        {"PhotometricInterpretation": "MONOCHROME1", "PresentationLUTShape": "INVERSE"},
        [],
        id="monochrome 1, inverse",
    ),
    pytest.param(
        {"PhotometricInterpretation": "MONOCHROME1", "PresentationLUTShape": "IDENTITY"},
        [],
        id="monochrome 1, identity",
    ),
    pytest.param({"WindowCenter": 2000, "WindowWidth": 0}, ["+Wi", "1"], id="width zero"),
    pytest.param({"PresentationLUTShape": "INVERSE"}, [], id="monochrome 2, inverse"),
    pytest.param({"PresentationLUTShape": "IDENTITY"}, [], id="monochrome 2, identity"),
    pytest.param({}, [], id="no window"),
    pytest.param(
        {"WindowCenter": 2000, "WindowWidth": 1500, "RescaleSlope": 3, "RescaleIntercept": -500},
        ["+Wi", "1"],
        id="rescaled XA",
    ),
    pytest.param(
        {
            "WindowCenter": 5000,
            "WindowWidth": 4500,
            "RescaleSlope": 3,
            "RescaleIntercept": -500,
            "sop_class": SC,
        },
        ["+Wi", "1"],
        id="rescaled capture",
    ),
    pytest.param(
        {"VOILUTSequence": table(np.sqrt(np.arange(4096) / 4095) * 4095, bits=12)},
        ["+Wl", "1"],
        id="table of 12 bits",
    ),
    pytest.param(
        {"VOILUTSequence": table(np.arange(3000) ** 2 // 200, first=700)}, ["+Wl", "1"], id="table of 16 bits"
    ),
    pytest.param(
        {"sop_class": SC, "ModalityLUTSequence": table(np.sqrt(np.arange(4096) / 4095) * 65535)},
        [],
        id="modality table",
    ),
]


@pytest.mark.validator
@pytest.mark.skipif(shutil.which("dcm2pnm") is None, reason="dcm2pnm of dcmtk is not installed")
@pytest.mark.parametrize(("options", "arguments"), ORACLE)
def test_grey_levels_agree_with_dcmtk(options, arguments, open_one, tmp_path):
    image = open_one(**options)
    expected = dcm2pnm(image.path, arguments, tmp_path / "frame.pgm")
    difference = np.abs(apply_display(FrameReader(image).read(0), image).astype(int) - expected)
    assert difference.max() <= 1


def dcm2pnm(path, arguments, output):
    command = ["dcm2pnm", "--quiet", "+op", "+F", "1", *arguments, str(path), str(output)]
    subprocess.run(command, check=True, capture_output=True, timeout=60)
    magic, size, maximum, data = split_pgm(output.read_bytes())
    assert (magic, maximum) == (b"P5", 255)
    return np.frombuffer(data, np.uint8).reshape(size[1], size[0]).astype(int)


def split_pgm(content):
    lines, position = [], 0
    while len(lines) < 3:
        end = content.index(b"\n", position)
        line = content[position:end]
        position = end + 1
        if not line.startswith(b"#"):
            lines.append(line)
    columns, rows = map(int, lines[1].split())
    return lines[0], (columns, rows), int(lines[2]), content[position:]
