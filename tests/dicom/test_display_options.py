"""Windows and tables by choice, frames that differ from each other, and mis-shaped tables."""

import dataclasses

import numpy as np
import pytest
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

from fluoro_annotator.dicom import DisplayOptions, FrameReader, FrameStack, Window, apply_display
from fluoro_annotator.errors import DisplayChoiceError, FluoroAnnotatorError

SC = "1.2.840.10008.5.1.4.1.1.7"
WINDOWS = {"WindowCenter": [2000, 900, 3000], "WindowWidth": [1500, 200, 101]}


def lut_item(entries, *, first=0, bits=12, count=None, vr="US", data=None):
    item = Dataset()
    item.add_new("LUTDescriptor", vr, [(count or len(entries)) % 65536, first, bits])
    item.add_new("LUTData", "OW", np.asarray(entries, "<u2").tobytes() if data is None else data)
    return item


TABLES = {"VOILUTSequence": Sequence([lut_item(np.arange(4096)), lut_item(np.arange(4096)[::-1])])}


@pytest.fixture
def opened(write, read_one, cine):
    def open_with(frames=None, **options):
        return read_one(write("x", cine if frames is None else frames, **{"bits": 12} | options))

    return open_with


class TestChoices:
    @pytest.mark.parametrize(
        ("window", "limits"),
        [
            (None, (1249.5 + 0.5, 2749.5 - 0.5)),
            (0, (1250.0, 2749.0)),
            (1, (800.0, 999.0)),
            (2, (2949.5, 3049.5)),
            (Window(100, 51), (74.5, 124.5)),
        ],
    )
    def test_windows(self, opened, cine, window, limits):
        stack = FrameStack([opened(**WINDOWS)], options=DisplayOptions(window=window))
        assert stack.display.contrast_limits == limits
        np.testing.assert_array_equal(stack[0], cine[0])

    def test_a_chosen_window_goes_before_the_table_of_the_file(self, opened, cine):
        image = opened(**WINDOWS, **TABLES)
        assert FrameStack([image]).display.source == "VOI LUT"
        stack = FrameStack([image]).with_options(DisplayOptions(window=1))
        assert (stack.display.source, stack.display.contrast_limits) == ("window", (800.0, 999.0))
        np.testing.assert_array_equal(stack[0], cine[0])

    def test_tables(self, opened, cine):
        stack = FrameStack([opened(**TABLES)], options=DisplayOptions(voi_lut=1))
        np.testing.assert_array_equal(stack[0], 4095 - cine[0])

    def test_a_sigmoid_window_by_choice(self, opened, cine):
        image = opened(**WINDOWS, VOILUTFunction="SIGMOID")
        stack = FrameStack([image], options=DisplayOptions(window=1))
        expected = 1 / (1 + np.exp(-4 * (cine[0] - 900.0) / 200))
        np.testing.assert_allclose(stack[0] / 65535, expected, atol=1e-4)

    @pytest.mark.parametrize("options", [{"window": 3}, {"voi_lut": 2}])
    def test_what_an_image_does_not_have_is_refused(self, opened, options):
        image = opened(**WINDOWS, **TABLES)
        with pytest.raises(DisplayChoiceError, match="has no"):
            FrameStack([image]).with_options(DisplayOptions(**options))
        with pytest.raises(FluoroAnnotatorError, match="Choose one from 0 to"):
            apply_display(FrameReader(image).read(0), image, DisplayOptions(**options))

    @pytest.mark.parametrize("options", [{"window": -1}, {"voi_lut": -1}, {"window": 0, "voi_lut": 0}])
    def test_choices_that_make_no_sense(self, options):
        with pytest.raises(ValueError, match=r"at once|begin at 0"):
            DisplayOptions(**options)

    def test_other_options_leave_the_stack_as_it_was(self, opened):
        stack = FrameStack([opened(**WINDOWS)])
        other = stack.with_options(DisplayOptions(window=1))
        assert stack.options == DisplayOptions()
        assert other.options.window == 1
        assert stack.display.contrast_limits == (1250.0, 2749.0)
        assert other.frame_ref(3) == stack.frame_ref(3)


class TestFramesThatDiffer:
    @pytest.fixture
    def image(self, opened):
        image = opened()
        renderings = tuple(
            dataclasses.replace(image.rendering, windows=(Window(1000.0 + index, 101),)) for index in range(5)
        )
        return dataclasses.replace(image, frame_renderings=renderings)

    def test_each_frame_has_its_own_window(self, image, cine):
        stack = FrameStack([image])
        assert [stack.display_at(index).contrast_limits[0] for index in range(5)] == [
            949.5 + index for index in range(5)
        ]
        assert stack.dtype == np.uint16
        np.testing.assert_array_equal(stack[4], cine[4])

    def test_the_picture_uses_it(self, image, cine):
        stack = FrameStack([image])
        for index in (0, 4):
            alone = dataclasses.replace(image, frame_renderings=(), rendering=image.frame_renderings[index])
            np.testing.assert_array_equal(stack.picture(index), apply_display(cine[index], alone))
            np.testing.assert_array_equal(
                stack.picture(index), apply_display(cine[index], image, index=index)
            )

    def test_kinds_may_be_mixed(self, image, cine):
        renderings = list(image.frame_renderings)
        renderings[2] = dataclasses.replace(renderings[2], function="SIGMOID")
        mixed = FrameStack([dataclasses.replace(image, frame_renderings=tuple(renderings))])
        assert mixed.display_at(2).source == "sigmoid"
        assert mixed[2].dtype == mixed.dtype
        assert mixed[:3].shape == (3, 33, 47)


MISSHAPED = {
    "surplus data": lut_item(np.arange(120) * 30, count=100, first=1900),
    "missing data": lut_item(np.arange(80) * 50, count=100, first=1900),
    "bits too few": lut_item(np.arange(100) * 40, bits=8, first=1900),
    "bits too many": lut_item(np.arange(100) * 2, bits=16, first=1900),
    "bits impossible": lut_item(np.arange(100) * 40, bits=0, first=1900),
    "bits beyond": lut_item(np.arange(100) * 40, bits=20, first=1900),
    "bytes": lut_item([0] * 100, bits=8, first=1900, data=(np.arange(100) * 2).astype(np.uint8).tobytes()),
    "bytes, stated as words": lut_item(
        [0] * 100, bits=16, first=1900, data=(np.arange(100) * 2).astype(np.uint8).tobytes()
    ),
    "one entry": lut_item([5], bits=16),
}


@pytest.mark.validator
@pytest.mark.parametrize("case", MISSHAPED)
def test_misshaped_tables_agree_with_dcmtk(opened, dcm2pnm, case):
    image = opened(VOILUTSequence=Sequence([MISSHAPED[case]]))
    found = apply_display(FrameReader(image).read(0), image)
    assert np.abs(found.astype(int) - dcm2pnm(image, "+Wl", "1")).max() <= 1


@pytest.mark.validator
@pytest.mark.parametrize("place", [0, 1, 2])
@pytest.mark.parametrize("photometric", ["MONOCHROME2", "MONOCHROME1"])
def test_windows_by_choice_agree_with_dcmtk(opened, dcm2pnm, place, photometric):
    image = opened(**WINDOWS, PhotometricInterpretation=photometric)
    found = apply_display(FrameReader(image).read(3), image, DisplayOptions(window=place), 3)
    expected = dcm2pnm(image, "+Wi", str(place + 1), index=3)
    assert np.abs(found.astype(int) - expected).max() <= 1


@pytest.mark.validator
@pytest.mark.parametrize("place", [0, 1])
def test_tables_by_choice_agree_with_dcmtk(opened, dcm2pnm, place):
    image = opened(**TABLES)
    found = apply_display(FrameReader(image).read(0), image, DisplayOptions(voi_lut=place))
    assert np.abs(found.astype(int) - dcm2pnm(image, "+Wl", str(place + 1))).max() <= 1


@pytest.mark.validator
@pytest.mark.parametrize("bits", range(8, 17))
@pytest.mark.parametrize("signed", [False, True])
def test_every_depth_agrees_with_dcmtk(opened, dcm2pnm, rng, bits, signed):
    low = -(1 << (bits - 1)) if signed else 0
    frames = rng.integers(low, low + (1 << bits), (1, 9, 11)).astype(np.int16 if signed else np.uint16)
    window = {"WindowCenter": low + (1 << bits) * 0.6, "WindowWidth": (1 << bits) * 0.5}
    image = opened(frames, bits=bits, sop_class=SC, **window)
    found = apply_display(FrameReader(image).read(0), image)
    assert np.abs(found.astype(int) - dcm2pnm(image, "+Wi", "1")).max() <= 1


@pytest.mark.validator
def test_a_table_over_negative_values_agrees_with_dcmtk(opened, dcm2pnm, cine):
    item = lut_item(np.arange(2000) * 2, first=-1000, vr="SS")
    image = opened(sop_class=SC, RescaleSlope=1, RescaleIntercept=-2048, VOILUTSequence=Sequence([item]))
    found = apply_display(FrameReader(image).read(0), image)
    assert np.abs(found.astype(int) - dcm2pnm(image, "+Wl", "1")).max() <= 1


@pytest.fixture
def captured(opened, rng):
    frames = rng.integers(0, 256, (1, 10, 12, 3), dtype=np.uint8)

    def capture(photometric):
        image = opened(frames, bits=8, sop_class=SC, PhotometricInterpretation=photometric)
        return frames[0], image, apply_display(FrameReader(image).read(0), image).astype(int)

    return capture


@pytest.mark.validator
@pytest.mark.parametrize(("photometric", "tolerance"), [("RGB", 0), ("YBR_FULL", 2)])
def test_captures_in_color_agree_with_dcmtk(captured, dcm2pnm, photometric, tolerance):
    """For YBR dcmtk cuts off the fraction of each of two products."""
    _, image, found = captured(photometric)
    assert np.abs(found - dcm2pnm(image)).max() <= tolerance


def test_captures_in_ybr_follow_the_formula(captured):
    stored, _, found = captured("YBR_FULL")
    luma, blue, red = np.moveaxis(stored.astype(float), -1, 0) - np.array([0, 128, 128])[:, None, None]
    exact = [luma + 1.402 * red, luma - 0.344136 * blue - 0.714136 * red, luma + 1.772 * blue]
    assert np.abs(found - np.clip(np.stack(exact, axis=-1), 0, 255)).max() <= 0.51
