"""Stacks behave like the array of their frames, without being it."""

import itertools
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from fluoro_annotator.dicom import FrameStack, scan, views
from fluoro_annotator.dicom import stack as stack_module
from fluoro_annotator.dicom.stack import FrameCache
from fluoro_annotator.errors import UnreadableFileError


@pytest.fixture
def stack(write, read_one, cine):
    """A cine of five frames and a single frame after it."""
    first = read_one(write("cine", cine, bits=12, SOPInstanceUID="1.1"))
    last = read_one(write("single", cine[:1] + 1, bits=12, SOPInstanceUID="1.2"))
    return FrameStack([first, last])


@pytest.fixture
def expected(cine):
    return np.concatenate([cine, cine[:1] + 1])


KEYS = [
    0,
    5,
    -1,
    np.int64(3),
    slice(None),
    slice(1, 4),
    slice(None, None, -2),
    slice(6, 9),
    [0, 5, 2],
    np.array([True, False, True, False, False, True]),
    Ellipsis,
    (),
    (2, 3, 4),
    (2, slice(3, 9), slice(None, None, 4)),
    (slice(1, 3), 5),
    (slice(0, 0), slice(2, 4)),
    (Ellipsis, 7),
    (1, Ellipsis, slice(0, 2)),
    (Ellipsis, slice(None), slice(None)),
    (np.int64(4), slice(None), slice(None)),
]


@pytest.mark.parametrize("key", KEYS, ids=str)
def test_indexing_equals_that_of_the_array(stack, expected, key):
    found = stack[key]
    np.testing.assert_array_equal(found, expected[key])
    assert found.dtype == expected.dtype
    assert np.shape(found) == np.shape(expected[key])


@pytest.mark.parametrize("key", [6, -7, (0, 0, 0, 0), None, (0, None), 99, (0, 40)])
def test_wrong_indices_are_refused(stack, key):
    with pytest.raises(IndexError):
        stack[key]


def test_it_describes_itself_like_an_array(stack, expected):
    assert (stack.shape, stack.ndim, stack.size, stack.nbytes) == (
        expected.shape,
        3,
        expected.size,
        expected.nbytes,
    )
    assert (len(stack), stack.dtype) == (6, np.dtype(np.uint16))
    np.testing.assert_array_equal(np.asarray(stack), expected)
    assert np.asarray(stack, dtype=np.float32).dtype == np.float32
    assert repr(stack).startswith("FrameStack('2 Lumbar, view not stated', shape=(6, 33, 47)")
    with pytest.raises(ValueError, match="without a copy"):
        np.asarray(stack, copy=False)


def test_color_has_four_axes(write, read_one, rng):
    frames = rng.integers(0, 256, (3, 5, 6, 3), dtype=np.uint8)
    stack = FrameStack([read_one(write("color", frames))])
    assert (stack.ndim, stack.shape) == (4, (3, 5, 6, 3))
    np.testing.assert_array_equal(stack[..., 1], frames[..., 1])


def test_references_are_one_based_and_come_back(stack):
    assert [stack.frame_ref(index) for index in (0, 4, 5)] == [("1.1", 1), ("1.1", 5), ("1.2", 1)]
    for index in range(6):
        assert stack.index_of(*stack.frame_ref(index)) == index
    assert stack.image_at(5).sop_instance_uid == "1.2"
    for unknown in (("1.1", 0), ("1.1", 6), ("1.2", 2), ("1.3", 1)):
        assert stack.index_of(*unknown) is None
    with pytest.raises(IndexError):
        stack.frame_ref(6)


def test_frame_times(stack, write, read_one, cine):
    assert stack.frame_times == (0.0, 125.0, 250.0, 375.0, 500.0, 0.0)
    varying = read_one(write("vector", cine, FrameTime=None, FrameTimeVector=[0, 100, 50, 50, 200]))
    assert FrameStack([varying]).frame_times == (0.0, 100.0, 150.0, 200.0, 400.0)
    unknown = read_one(write("unknown", cine, FrameTime=None))
    assert FrameStack([unknown]).frame_times == (None,) * 5


def test_images_that_do_not_fit_are_refused(write, read_one, cine):
    images = [read_one(write(str(n), cine[:, :n], SOPInstanceUID=f"1.{n}")) for n in (20, 21)]
    for wrong in (images, []):
        with pytest.raises(ValueError, match="one size and kind"):
            FrameStack(wrong)


def test_frames_are_kept_until_the_limit(stack, expected):
    small = FrameStack(stack.images, cache_bytes=2 * expected[0].nbytes)
    first = small.frame(0)
    assert small.frame(0) is first
    small[1], small[2]
    assert small.cached_bytes == 2 * expected[0].nbytes
    assert small.frame(0) is not first


def test_the_cache_lets_go_of_the_oldest():
    cache = FrameCache(limit=20)
    frames = {index: np.zeros(10, np.uint8) for index in range(3)}
    cache.put(0, frames[0])
    cache.put(1, frames[1])
    assert cache.get(0) is frames[0]
    cache.put(2, frames[2])
    assert cache.get(1) is None
    assert cache.get(0) is frames[0]
    cache.put(0, np.ones(10, np.uint8))
    assert cache.nbytes == 20


def test_shared_frames_cannot_be_changed(stack):
    with pytest.raises(ValueError, match="read-only"):
        stack[0][0, 0] = 1


def test_threads_see_the_same_frames(stack, expected):
    small = FrameStack(stack.images, cache_bytes=1)
    wanted = [index % 6 for index in range(60)]
    with ThreadPoolExecutor(6) as pool:
        for index, frame in zip(wanted, pool.map(small.frame, wanted), strict=True):
            np.testing.assert_array_equal(frame, expected[index])


def test_a_vanished_file_is_an_error_of_its_frames_only(stack, expected):
    stack.images[1].path.unlink()
    np.testing.assert_array_equal(stack[4], expected[4])
    with pytest.raises(UnreadableFileError, match="does not exist"):
        stack[5]


def test_each_image_has_its_own_window(write, read_one, cine):
    images = [
        read_one(write(uid, cine[:1], SOPInstanceUID=uid, WindowCenter=center, WindowWidth=101))
        for uid, center in (("1.1", 1000), ("1.2", 2000))
    ]
    stack = FrameStack(images)
    assert stack.display.contrast_limits == (949.5, 1049.5)
    assert stack.display_at(1).contrast_limits == (1949.5, 2049.5)


class TestViews:
    @pytest.fixture
    def grouped(self, write, tmp_path, cine):
        numbers = itertools.count(1)

        def grouped(*variants):
            for variant in variants:
                number = next(numbers)
                frames = variant.pop("frames", cine[:1])
                write(
                    f"{number}",
                    frames,
                    **{"InstanceNumber": number, "SOPInstanceUID": f"1.{number}"} | variant,
                )
            (study,) = scan([tmp_path]).studies
            return [[image.instance_number for image in stack.images] for stack in views(study)]

        return grouped

    def test_single_frames_of_one_view_are_one_stack_in_instance_order(self, grouped):
        assert grouped({"InstanceNumber": 3}, {"InstanceNumber": 1}, {"InstanceNumber": 2}) == [[1, 2, 3]]

    def test_angles_within_a_degree_are_one_view(self, grouped):
        angles = ["0", "0.9", "25", "-0.5", "359.5", "25.4"]
        assert grouped(*({"PositionerPrimaryAngle": angle} for angle in angles)) == [[1, 2, 4, 5], [3, 6]]

    def test_an_unstated_angle_is_not_zero(self, grouped):
        assert grouped({"PositionerPrimaryAngle": "0"}, {}) == [[1], [2]]

    def test_cines_stand_alone(self, grouped, cine):
        assert grouped({}, {"frames": cine}, {"frames": cine}, {}) == [[1, 4], [2], [3]]

    def test_series_are_not_mixed(self, grouped):
        assert grouped({}, {"SeriesInstanceUID": "1.2.3.9", "SeriesNumber": 1}, {}) == [[2], [1, 3]]

    @pytest.mark.parametrize(
        "difference",
        [
            {"PhotometricInterpretation": "MONOCHROME1"},
            {"PositionerSecondaryAngle": "10"},
            {"ViewPosition": "PA"},
            {"sop_class": "1.2.840.10008.5.1.4.1.1.7", "RescaleSlope": 2, "RescaleIntercept": 1},
            {"WindowCenter": 1, "WindowWidth": 9, "VOILUTFunction": "SIGMOID"},
        ],
    )
    def test_images_shown_differently_are_apart(self, grouped, difference):
        assert grouped({}, difference) == [[1], [2]]

    def test_sizes_are_apart(self, grouped, cine):
        assert grouped({}, {"frames": cine[:1, :20]}) == [[1], [2]]


def test_a_stack_keeps_what_is_read_in_advance_even_of_the_largest_frames(stack, expected, monkeypatch):
    frame = expected[0].nbytes
    monkeypatch.setattr(stack_module, "CACHE_BYTES", 3 * frame)
    monkeypatch.setattr(stack_module, "LEAST_FRAMES", 2)
    by_bytes = FrameStack(stack.images)
    by_bytes[:]
    assert by_bytes.cached_bytes == 3 * frame
    monkeypatch.setattr(stack_module, "LEAST_FRAMES", 5)
    by_frames = FrameStack(stack.images)
    by_frames[:]
    assert by_frames.cached_bytes == 5 * frame


def test_kept_frames_of_a_long_cine_are_a_small_share_of_it():
    cine = 500 * 1024 * 1024 * 2
    assert 0.05 * cine - (8 << 20) > stack_module.CACHE_BYTES
