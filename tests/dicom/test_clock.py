"""When frames were taken, and who says so."""

import pytest
from pydicom.dataset import Dataset

from fluoro_annotator.dicom.clock import DESCRIPTIONS, ClockSource, FrameClock, parse_datetime, read_clock
from fluoro_annotator.dicom.functional_groups import FrameHeaders
from fluoro_annotator.dicom.values import quiet


def clock_of(dataset, frames, times=()):
    if times:
        with quiet():
            contents = [
                header(FrameContentSequence=[header(FrameAcquisitionDateTime=time)]) for time in times
            ]
        dataset.PerFrameFunctionalGroupsSequence = contents
    return read_clock(FrameHeaders(dataset, frames), frames)


def header(**attributes):
    dataset = Dataset()
    for keyword, value in attributes.items():
        setattr(dataset, keyword, value)
    return dataset


VECTOR = {"FrameTimeVector": [0, 100, 50, 150]}


@pytest.mark.parametrize(
    ("attributes", "source", "starts", "rate"),
    [
        ({"FrameTime": 125}, "FRAME_TIME", (0.0, 125.0, 250.0, 375.0), 8.0),
        (VECTOR, "FRAME_TIME_VECTOR", (0.0, 100.0, 150.0, 300.0), 10.0),
        (VECTOR | {"FrameTime": 100}, "FRAME_TIME_VECTOR", (0.0, 100.0, 150.0, 300.0), 10.0),
        (
            VECTOR | {"FrameTime": 100, "FrameIncrementPointer": 0x00181063},
            "FRAME_TIME",
            (0.0, 100.0, 200.0, 300.0),
            10.0,
        ),
        (
            VECTOR | {"FrameTime": 100, "FrameIncrementPointer": 0x00181065},
            "FRAME_TIME_VECTOR",
            (0.0, 100.0, 150.0, 300.0),
            10.0,
        ),
        ({"CineRate": 4}, "CINE_RATE", (0.0, 250.0, 500.0, 750.0), 4.0),
        ({"RecommendedDisplayFrameRate": 10}, "DISPLAY_RATE", (0.0, 100.0, 200.0, 300.0), 10.0),
        ({"RecommendedDisplayFrameRateInFloat": 12.5}, "DISPLAY_RATE", (0.0, 80.0, 160.0, 240.0), 12.5),
        ({"CineRate": 8, "FrameTime": 125, "RecommendedDisplayFrameRate": 2}, "FRAME_TIME", None, 8.0),
        ({}, "NONE", (None,) * 4, None),
    ],
)
def test_the_attribute_that_is_believed(attributes, source, starts, rate):
    clock = clock_of(header(**attributes), 4)
    assert clock.source is ClockSource[source]
    assert clock.rate == rate
    assert clock.contradictions == ()
    if starts is not None:
        assert clock.starts_ms == starts


def test_each_frame_of_an_enhanced_image_has_its_own_time():
    times = ["20240131101500", "20240131101500.125", "20240131101500.5"]
    clock = clock_of(header(FrameTime=125), 3, times)
    assert clock.source is ClockSource.FRAME_DATETIME
    assert clock.starts_ms == (0.0, 125.0, 500.0)
    assert clock.contradictions == ("Frame Time means 8 frames a second, the date and time of each frame 4",)


@pytest.mark.parametrize(
    ("times", "problem"),
    [
        (["20240131101500"] * 3, "do not increase"),
        (["20240131101501", "20240131101500", "20240131101502"], "do not increase"),
        (["20240131101500", "", "20240131101502"], "not every frame"),
        (["20240131101500", "20240131101501", "yesterday"], "not every frame"),
        (["20240131101500", "20240131101501+0100", "20240131101502"], "not every frame"),
        (["20240131101500", "20240131101501"], "functional groups for 2 of 3 frames"),
    ],
)
def test_frame_times_that_cannot_be_used_give_way_and_are_named(times, problem):
    clock = clock_of(header(FrameTime=125), 3, times)
    assert clock.source is ClockSource.FRAME_TIME
    assert problem in clock.contradictions[0]


@pytest.mark.parametrize(
    ("attributes", "source", "problem"),
    [
        ({"FrameTimeVector": [0, 100], "FrameTime": 125}, "FRAME_TIME", "2 usable values for 4 frames"),
        ({"FrameTimeVector": [0, 100, -1, 3], "FrameTime": 125}, "FRAME_TIME", "does not increase"),
        ({"FrameTimeVector": [0, 0, 0, 0]}, "NONE", "does not increase"),
        ({"FrameTime": 0, "CineRate": 5}, "CINE_RATE", "Frame Time is not a positive"),
        ({"FrameTime": -4}, "NONE", "Frame Time is not a positive"),
        ({"CineRate": 0}, "NONE", "Cine Rate is not a positive"),
        ({"RecommendedDisplayFrameRate": -1}, "NONE", "Recommended Display Frame Rate is not"),
        ({"FrameTime": 125, "CineRate": 15}, "FRAME_TIME", "Cine Rate means 15 frames a second"),
        (VECTOR | {"FrameTime": 33}, "FRAME_TIME_VECTOR", "Frame Time means 30.3 frames a second"),
    ],
)
def test_contradictions_are_stated(attributes, source, problem):
    clock = clock_of(header(**attributes), 4)
    assert clock.source is ClockSource[source]
    (stated,) = clock.contradictions
    assert problem in stated


@pytest.mark.parametrize("first", [0, 40, 100])
def test_the_first_entry_of_a_vector_moves_nothing(first):
    """PS3.3 C.7.6.5.1.2: increments since the frame before, and the first frame has none."""
    clock = clock_of(header(FrameTimeVector=[first, 100, 50, 150]), 4)
    assert clock.starts_ms == (0.0, 100.0, 150.0, 300.0)


def test_a_cine_rate_is_rounded_and_a_display_rate_may_differ():
    assert not clock_of(header(FrameTime=1000 / 7.6, CineRate=8), 4).contradictions
    assert not clock_of(header(FrameTime=125, RecommendedDisplayFrameRate=1), 4).contradictions


def test_one_frame_needs_no_times():
    clock = clock_of(header(FrameTime=0, FrameTimeVector=[1, 2]), 1, ["x"])
    assert (clock.starts_ms, clock.rate) == ((0.0,), None)
    assert FrameClock().starts_ms == (0.0,)


def test_a_frame_that_does_not_exist_has_no_time():
    for index in (-1, 4):
        with pytest.raises(IndexError):
            clock_of(header(FrameTime=125), 4).start_ms(index)


def test_a_huge_number_of_frames_costs_nothing():
    clock = clock_of(header(FrameTime=10), 2**31 - 1)
    assert clock.start_ms(2**31 - 2) == 10.0 * (2**31 - 2)


@pytest.mark.parametrize("raw", [b"abc", b"1e999", b"nan ", b"\\\\", b"5\\x ", b"\xff\xfe", b"12.5.1"])
@pytest.mark.parametrize("keyword", ["FrameTime", "FrameTimeVector"])
def test_malformed_times_are_no_times(write, read_one, cine, raw, keyword):
    attributes = {} if keyword == "FrameTime" else {"FrameTime": None}
    clock = read_one(write("x", cine, raw={keyword: ("DS", raw)}, **attributes)).clock
    assert clock.source in (ClockSource.NONE, ClockSource.FRAME_TIME)
    assert all(time is None or time >= 0 for time in clock.starts_ms)


def test_only_times_of_acquisition_count_as_such():
    assert clock_of(header(FrameTime=125), 4).acquired
    assert not clock_of(header(RecommendedDisplayFrameRate=8), 4).acquired
    assert set(DESCRIPTIONS) == set(ClockSource)


@pytest.mark.parametrize(
    "text",
    ["", "2024", "20241301101500", "20240131256000", "20240131101500+9999", "20240131101500.", "\u0661" * 14],
)
def test_what_is_no_date_and_time(text):
    assert parse_datetime(text) is None


def test_zones_are_believed():
    early, late = parse_datetime("20240131101500+0200"), parse_datetime("20240131091500+0000")
    assert (late - early).total_seconds() == 3600


def test_the_image_carries_it(write, read_one, cine):
    image = read_one(write("x", cine, FrameTime=100))
    assert image.clock.starts_ms == (0.0, 100.0, 200.0, 300.0, 400.0)
    assert (image.frame_time_ms, image.frame_offsets_ms) == (100.0, None)
    varying = read_one(write("y", cine, FrameTime=None, FrameTimeVector=[0, 10, 20, 10, 40]))
    assert varying.frame_offsets_ms == (0.0, 10.0, 30.0, 40.0, 80.0)
    assert varying.frame_time_ms == 20.0
