"""Mask subtraction: which frames, which arithmetic, and how differences are shown."""

import numpy as np
import pytest
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

from fluoro_annotator.dicom import DisplayOptions, FrameStack, MaskSubtraction
from fluoro_annotator.dicom.subtraction import plan, shifted
from fluoro_annotator.errors import DisplayChoiceError

ENHANCED_XA = "1.2.840.10008.5.1.4.1.1.12.1.1"
ON = DisplayOptions(subtraction=True)
OFF = DisplayOptions(subtraction=False)


def mask_item(**attributes):
    item = Dataset()
    for keyword, value in attributes.items():
        setattr(item, keyword, value)
    return item


def average(**attributes):
    return mask_item(**{"MaskOperation": "AVG_SUB", "MaskFrameNumbers": [1, 2]} | attributes)


@pytest.fixture
def opened(write, read_one, cine):
    def open_with(*items, frames=None, **options):
        frames = cine if frames is None else frames
        return read_one(
            write("x", frames, **{"bits": 12, "MaskSubtractionSequence": Sequence(items)} | options)
        )

    return open_with


class TestPlans:
    """Frame numbers are 1-based in the header, indices 0-based in a plan."""

    def masks(self, subtraction, frames=20):
        return {
            number: subtraction.masks(number, frames)
            for number in range(1, frames + 1)
            if subtraction.masks(number, frames)
        }

    def test_an_average_applies_to_its_ranges(self):
        operation = MaskSubtraction(operation="AVG_SUB", mask_frames=(1, 2), ranges=((4, 5), (8, 8)))
        assert self.masks(operation) == {4: (1, 2), 5: (1, 2), 8: (1, 2)}

    def test_an_average_without_range_ends_where_contrast_frames_end(self):
        operation = MaskSubtraction(operation="AVG_SUB", mask_frames=(1,), averaged=3)
        assert list(self.masks(operation)) == list(range(1, 19))
        assert plan([operation], 17, 20).contrast == (17, 18, 19)
        assert plan([operation], 18, 20) is None

    def test_an_interval_lies_before_or_after(self):
        before = MaskSubtraction(operation="TID", offset=3)
        assert self.masks(before, 6) == {4: (1,), 5: (2,), 6: (3,)}
        after = MaskSubtraction(operation="TID", offset=-2)
        assert self.masks(after, 4) == {1: (3,), 2: (4,)}

    def test_a_reversed_interval_runs_backwards(self):
        operation = MaskSubtraction(operation="REV_TID", offset=4, ranges=((10, 13),))
        assert self.masks(operation) == {10: (6,), 11: (5,), 12: (4,), 13: (3,)}

    def test_a_reversed_interval_ends_at_the_first_frame(self):
        operation = MaskSubtraction(operation="REV_TID", offset=1, ranges=((3, 9),))
        assert self.masks(operation, 9) == {3: (2,), 4: (1,)}

    def test_a_reversed_interval_counts_the_frames_of_all_its_ranges(self):
        """PS3.3 C.7.6.10.1.1: two frames more from each next frame of the ranges."""
        operation = MaskSubtraction(operation="REV_TID", offset=1, ranges=((10, 12), (20, 21)))
        assert self.masks(operation, 30) == {10: (9,), 11: (8,), 12: (7,), 20: (13,), 21: (12,)}

    def test_masks_beyond_the_image_are_none(self):
        assert not self.masks(MaskSubtraction(operation="AVG_SUB", mask_frames=(1, 21)))

    def test_the_first_operation_that_applies_is_used(self):
        operations = [
            MaskSubtraction(operation="AVG_SUB", mask_frames=(1,), ranges=((3, 4),)),
            MaskSubtraction(operation="AVG_SUB", mask_frames=(2,), ranges=((4, 6),)),
        ]
        assert [plan(operations, index, 6).masks for index in range(2, 6)] == [(0,), (0,), (1,), (1,)]
        assert plan(operations, 0, 6) is None


class TestHeaders:
    def test_all_attributes_are_read(self, opened):
        item = average(ApplicableFrameRange=[3, 5], ContrastFrameAveraging=2, MaskSubPixelShift=[0.5, -1.25])
        (found,) = opened(item).rendering.subtractions
        assert found == MaskSubtraction(
            operation="AVG_SUB", ranges=((3, 5),), mask_frames=(1, 2), averaged=2, shift=(0.5, -1.25)
        )

    @pytest.mark.parametrize("attributes", [{"TIDOffset": None}, {}])
    def test_an_empty_offset_is_one(self, opened, attributes):
        (found,) = opened(mask_item(MaskOperation="TID", **attributes)).rendering.subtractions
        assert found.offset == 1

    @pytest.mark.parametrize(
        "item",
        [
            mask_item(MaskOperation="NONE"),
            mask_item(MaskOperation="SOMETHING"),
            mask_item(MaskOperation="AVG_SUB"),
            mask_item(MaskOperation="REV_TID", TIDOffset=1),
            mask_item(MaskOperation="TID", TIDOffset=0),
            mask_item(),
        ],
    )
    def test_operations_that_cannot_be_carried_out_are_left_out(self, opened, item):
        assert opened(item).rendering.subtractions == ()


class TestEnhanced:
    """Each frame may have a shift of its own for each mask operation."""

    @pytest.fixture
    def image(self, write, read_one, cine):
        def group(*shifts):
            found = [mask_item(SubtractionItemID=n, MaskSubPixelShift=shift) for n, shift in shifts]
            return mask_item(FramePixelShiftSequence=Sequence(found))

        groups = [group((1, [float(index), 0.0]), (2, [0.0, -float(index)])) for index in range(5)]
        operations = [
            average(SubtractionItemID=1, ApplicableFrameRange=[1, 3], MaskFrameNumbers=1),
            average(SubtractionItemID=2, ApplicableFrameRange=[4, 5], MaskFrameNumbers=1),
        ]
        return read_one(
            write(
                "enhanced",
                cine,
                bits=12,
                sop_class=ENHANCED_XA,
                MaskSubtractionSequence=Sequence(operations),
                PerFrameFunctionalGroupsSequence=Sequence(groups),
            )
        )

    def test_the_shift_of_its_frame_and_operation_is_used(self, image):
        shifts = [
            plan(image.rendering_at(index).subtractions, index, image.frames).shift for index in range(5)
        ]
        assert shifts == [(0.0, 0.0), (1.0, 0.0), (2.0, 0.0), (0.0, -3.0), (0.0, -4.0)]

    def test_it_goes_before_that_of_the_mask_module(self, write, read_one, cine):
        """PS3.3 C.7.6.10, note on Mask Sub-pixel Shift."""
        shift = mask_item(SubtractionItemID=1, MaskSubPixelShift=[3.0, 4.0])
        group = mask_item(FramePixelShiftSequence=Sequence([shift]))
        operation = average(SubtractionItemID=1, MaskSubPixelShift=[1.0, 2.0])
        image = read_one(
            write(
                "shared",
                cine,
                bits=12,
                MaskSubtractionSequence=Sequence([operation]),
                SharedFunctionalGroupsSequence=Sequence([group]),
            )
        )
        assert [each.shift for each in image.rendering.subtractions] == [(3.0, 4.0)]

    def test_it_is_applied(self, image, cine):
        stack = FrameStack([image], options=ON)
        np.testing.assert_allclose(stack[2][2:], cine[2][2:].astype(float) - cine[0][:-2], atol=1e-3)
        np.testing.assert_allclose(stack[3][:, 3:], cine[3][:, 3:].astype(float) - cine[0][:, :-3], atol=1e-3)


class TestPixels:
    def test_the_average_of_masks_is_subtracted(self, opened, cine):
        stack = FrameStack([opened(average())], options=ON)
        assert (stack.dtype, stack.shape) == (np.float32, cine.shape)
        expected = cine[3].astype(float) - cine[:2].mean(axis=0)
        np.testing.assert_allclose(stack[3], expected, atol=1e-3)

    def test_contrast_frames_are_averaged(self, opened, cine):
        stack = FrameStack([opened(average(ContrastFrameAveraging=2))], options=ON)
        expected = cine[2:4].mean(axis=0) - cine[:2].mean(axis=0)
        np.testing.assert_allclose(stack[2], expected, atol=1e-3)

    def test_logarithms_are_subtracted_where_values_are_proportional_to_intensity(self, opened):
        base = np.linspace(200, 4000, 33 * 47).reshape(33, 47)
        frames = np.stack([base, base * 0.8, base * 0.5]).astype(np.uint16)
        image = opened(average(MaskFrameNumbers=1), frames=frames, PixelIntensityRelationship="LIN")
        shown = FrameStack([image], options=ON)
        factor = 4095 / np.log(4096)
        for index, attenuation in ((1, 0.8), (2, 0.5)):
            np.testing.assert_allclose(shown[index], factor * np.log(attenuation), atol=4)

    def test_logarithms_of_the_intensity_are_taken_where_larger_values_mean_less_of_it(self, write, read_one):
        """PS3.3 C.8.11.3.1.2: the same beam, stored the other way round, gives the opposite difference."""
        base = np.linspace(200, 4000, 33 * 47).reshape(33, 47)
        beam = np.stack([base, base * 0.5]).astype(np.uint16)
        shown = {}
        for sign, frames in ((1, beam), (-1, 4095 - beam)):
            properties = mask_item(PixelIntensityRelationship="LIN", PixelIntensityRelationshipSign=sign)
            shared = mask_item(FramePixelDataPropertiesSequence=Sequence([properties]))
            options = {
                "MaskSubtractionSequence": Sequence([average(MaskFrameNumbers=1)]),
                "SharedFunctionalGroupsSequence": Sequence([shared]),
            }
            image = read_one(write(f"sign {sign}", frames, bits=12, sop_class=ENHANCED_XA, **options))
            shown[sign] = FrameStack([image], options=ON)[1]
        np.testing.assert_allclose(shown[-1], -shown[1], atol=1e-3)
        assert shown[1].max() < -300

    @pytest.mark.parametrize("relationship", ["LOG", "DISP"])
    def test_other_values_are_subtracted_as_they_are(self, opened, cine, relationship):
        image = opened(average(MaskFrameNumbers=1), PixelIntensityRelationship=relationship)
        expected = cine[4].astype(float) - cine[0]
        np.testing.assert_allclose(FrameStack([image], options=ON)[4], expected, atol=1e-3)

    def test_a_positive_shift_moves_the_mask_down_and_to_the_left(self):
        """PS3.3 C.7.6.10.1.2: towards the lower rows, towards the left hand side columns."""
        mask = np.zeros((7, 9), np.float32)
        mask[3, 4] = 1
        assert np.argwhere(shifted(mask, (2.0, 3.0))).tolist() == [[5, 1]]
        assert np.argwhere(shifted(mask, (-2.0, -3.0))).tolist() == [[1, 7]]

    def test_a_patient_who_moved_is_aligned_again(self, opened, rng):
        """From mask to contrast frame the scene moves down by 2 pixels and left by 1."""
        scene = rng.integers(500, 3000, (40, 50)).astype(np.uint16)
        frames = np.stack([scene[2:35, 0:47], scene[0:33, 1:48]])
        image = opened(average(MaskFrameNumbers=1, MaskSubPixelShift=[2.0, 1.0]), frames=frames)
        difference = FrameStack([image], options=ON)[1]
        assert np.abs(difference[2:, :-1]).max() == 0
        assert np.abs(difference[:2]).max() > 100

    def test_fractions_of_pixels_are_interpolated(self):
        slope = np.add.outer(10.0 * np.arange(8), 3.0 * np.arange(9)).astype(np.float32)
        moved = shifted(slope, (0.25, -0.5))
        np.testing.assert_allclose(moved[1:-1, 1:-1], (slope - 2.5 - 1.5)[1:-1, 1:-1], atol=1e-4)

    def test_a_shift_beyond_the_image_repeats_the_edge(self):
        pixels = np.arange(12, dtype=np.float32).reshape(3, 4)
        np.testing.assert_array_equal(shifted(pixels, (0.0, 1e9)), np.repeat(pixels[:, 3:], 4, axis=1))


class TestDisplay:
    def test_no_difference_is_medium_grey_and_limits_are_symmetric(self, opened, cine):
        frames = cine.copy()
        frames[1] = frames[0]
        frames[3:, 5:20, 5:20] -= 400
        stack = FrameStack([opened(average(MaskFrameNumbers=1), frames=frames)], options=ON)
        low, high = stack.display.contrast_limits
        assert (low, stack.display.source) == (-high, "subtraction")
        assert set(np.unique(stack.picture(1))) <= {127, 128}
        assert stack.picture(3)[6, 6] < 60

    def test_the_file_recommends_unless_somebody_decides(self, opened, cine):
        recommended = opened(average(), RecommendedViewingMode="SUB")
        assert FrameStack([recommended]).display.source == "subtraction"
        np.testing.assert_array_equal(FrameStack([recommended], options=OFF)[3], cine[3])
        for mode in ("NAT", None):
            options = {} if mode is None else {"RecommendedViewingMode": mode}
            np.testing.assert_array_equal(FrameStack([opened(average(), **options)])[3], cine[3])

    @pytest.mark.parametrize("photometric", ["MONOCHROME2", "MONOCHROME1"])
    def test_frames_without_mask_look_as_ever(self, opened, photometric):
        image = opened(
            average(ApplicableFrameRange=[3, 5]),
            WindowCenter=2000,
            WindowWidth=1500,
            PhotometricInterpretation=photometric,
        )
        subtracted, plain = FrameStack([image], options=ON), FrameStack([image], options=OFF)
        difference = subtracted.picture(0).astype(int) - plain.picture(0)
        assert np.abs(difference).max() <= 1
        assert subtracted[0].dtype == np.float32

    def test_shutters_cover_differences_too(self, opened):
        image = opened(
            average(),
            ShutterShape="RECTANGULAR",
            ShutterLeftVerticalEdge=5,
            ShutterRightVerticalEdge=40,
            ShutterUpperHorizontalEdge=3,
            ShutterLowerHorizontalEdge=30,
        )
        stack = FrameStack([image], options=ON)
        assert stack[3][0, 0] == stack.display.contrast_limits[0]
        assert stack.picture(3)[0, 0] == 0

    def test_asking_for_a_mask_that_is_not_there_is_refused(self, write, read_one, cine):
        image = read_one(write("plain", cine, bits=12))
        with pytest.raises(DisplayChoiceError, match="has no mask"):
            FrameStack([image], options=ON)

    def test_masks_are_decoded_once(self, opened, monkeypatch):
        stack = FrameStack([opened(average())], options=ON)
        decoded = []
        reader = type(stack._shown[0].reader)
        original = reader._pixels
        monkeypatch.setattr(
            reader, "_pixels", lambda self, index: decoded.append(index) or original(self, index)
        )
        _ = stack[2], stack[3], stack[4]
        assert decoded.count(0) == decoded.count(1) == 1
