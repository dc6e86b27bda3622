"""Display shutters: shapes against a slow reference, and the value of what is covered."""

import numpy as np
import pytest

from fluoro_annotator.dicom import DisplayOptions, FrameReader, FrameStack, Shutter, apply_display

OPEN = DisplayOptions(shutter=False)
RECTANGLE = {
    "ShutterShape": "RECTANGULAR",
    "ShutterLeftVerticalEdge": 5,
    "ShutterRightVerticalEdge": 40,
    "ShutterUpperHorizontalEdge": 3,
    "ShutterLowerHorizontalEdge": 30,
}
CIRCLE = {"ShutterShape": "CIRCULAR", "CenterOfCircularShutter": [17, 24], "RadiusOfCircularShutter": 12}
POLYGON = {"ShutterShape": "POLYGONAL", "VerticesOfThePolygonalShutter": [2, 3, 10, 44, 32, 30, 20, 20]}


def inside_polygon(vertices, row, column):
    """Decide for one pixel: on an edge, or an odd number of edges to the right of it."""
    inside = False
    for (row_a, column_a), (row_b, column_b) in zip(vertices, [*vertices[1:], vertices[0]], strict=True):
        cross = (column_b - column_a) * (row - row_a) - (row_b - row_a) * (column - column_a)
        within = min(row_a, row_b) <= row <= max(row_a, row_b)
        if cross == 0 and within and min(column_a, column_b) <= column <= max(column_a, column_b):
            return True
        if (row_a > row) != (row_b > row):
            crossing = column_a + (row - row_a) * (column_b - column_a) / (row_b - row_a)
            inside ^= column < crossing
    return inside


def expected_polygon(vertices, rows=33, columns=47):
    return np.array(
        [
            [not inside_polygon(vertices, row, column) for column in range(1, columns + 1)]
            for row in range(1, rows + 1)
        ]
    )


def test_a_rectangle_shows_its_edges():
    hidden = Shutter(rectangle=(5, 40, 3, 30)).hidden(33, 47)
    expected = np.ones((33, 47), bool)
    expected[2:30, 4:40] = False
    np.testing.assert_array_equal(hidden, expected)


@pytest.mark.parametrize("edges", [(1, 47, 1, 33), (0, 48, 0, 34), (-5, 100, -5, 100)])
def test_a_rectangle_around_everything_hides_nothing(edges):
    assert not Shutter(rectangle=edges).hidden(33, 47).any()


def test_a_circle_is_measured_in_columns():
    hidden = Shutter(circle=(17, 24, 12)).hidden(33, 47)
    assert not hidden[16, 11:36].any()
    assert hidden[16, [10, 36]].all()
    assert not hidden[4:29, 23].any()
    assert hidden[[3, 29], 23].all()


def test_a_circle_is_round_on_tall_pixels():
    hidden = Shutter(circle=(17, 24, 12), aspect=2.0).hidden(33, 47)
    assert not hidden[10:23, 23].any()
    assert hidden[[9, 23], 23].all()


POLYGONS = {
    "quadrangle": [(2, 3), (10, 44), (32, 30), (20, 20)],
    "rectangle": [(3, 5), (3, 40), (30, 40), (30, 5)],
    "beyond the image": [(-20, 10), (50, -30), (20, 90)],
    "diamond": [(1, 24), (17, 47), (33, 24), (17, 1)],
    "notched": [(2, 2), (30, 2), (16, 20), (30, 45), (2, 45)],
    "crossing itself": [(2, 2), (30, 45), (2, 45), (30, 2)],
    "flat": [(5, 5), (5, 30), (5, 10)],
    "fractions": [(2.5, 3.25), (10.1, 44.7), (31.9, 20.3)],
}


@pytest.mark.parametrize("name", POLYGONS)
def test_polygons_agree_with_a_slow_rule(name):
    vertices = tuple((float(row), float(column)) for row, column in POLYGONS[name])
    hidden = Shutter(polygon=vertices).hidden(33, 47)
    np.testing.assert_array_equal(hidden, expected_polygon(vertices))


def test_random_polygons_agree_with_a_slow_rule(rng):
    for _ in range(60):
        vertices = tuple(map(tuple, rng.integers(-5, 25, (rng.integers(3, 9), 2)).astype(float)))
        hidden = Shutter(polygon=vertices).hidden(18, 20)
        np.testing.assert_array_equal(hidden, expected_polygon(vertices, 18, 20), err_msg=str(vertices))


def test_shapes_combine_to_what_all_of_them_show():
    shapes = {"rectangle": (5, 40, 3, 30), "circle": (17.0, 24.0, 12.0)}
    both = Shutter(**shapes).hidden(33, 47)
    each = [Shutter(**{name: value}).hidden(33, 47) for name, value in shapes.items()]
    np.testing.assert_array_equal(both, each[0] | each[1])


@pytest.fixture
def opened(write, read_one, cine):
    def open_with(frames=None, **options):
        return read_one(write("x", cine if frames is None else frames, **{"bits": 12} | options))

    return open_with


@pytest.mark.parametrize("shape", [RECTANGLE, CIRCLE, POLYGON], ids=["rectangle", "circle", "polygon"])
def test_shutters_of_headers_are_applied_unless_switched_off(opened, cine, shape):
    image = opened(**shape)
    hidden = image.rendering.shutter.hidden(33, 47)
    assert 0 < hidden.mean() < 1
    stack = FrameStack([image])
    np.testing.assert_array_equal(stack[1], np.where(hidden, 0, cine[1]))
    np.testing.assert_array_equal(stack.with_options(OPEN)[1], cine[1])
    np.testing.assert_array_equal(FrameReader(image).read(1), cine[1])


def test_combined_shapes_of_a_header(opened):
    image = opened(**RECTANGLE | CIRCLE | {"ShutterShape": ["RECTANGULAR", "CIRCULAR"]})
    assert image.rendering.shutter.rectangle == (5, 40, 3, 30)
    assert image.rendering.shutter.circle == (17.0, 24.0, 12.0)


def test_only_named_shapes_count(opened):
    shutter = opened(**CIRCLE | RECTANGLE).rendering.shutter
    assert (shutter.rectangle is not None, shutter.circle) == (True, None)


@pytest.mark.parametrize("photometric", ["MONOCHROME2", "MONOCHROME1"])
@pytest.mark.parametrize(("value", "byte"), [(None, 0), (0, 0), (65535, 255), (32768, 128)])
def test_the_presentation_value_is_what_is_seen(opened, photometric, value, byte):
    options = {} if value is None else {"ShutterPresentationValue": value}
    image = opened(
        WindowCenter=2000, WindowWidth=900, PhotometricInterpretation=photometric, **RECTANGLE, **options
    )
    stack, hidden = FrameStack([image]), image.rendering.shutter.hidden(33, 47)
    assert (stack.picture(0)[hidden] == byte).all()
    assert (apply_display(FrameReader(image).read(0), image)[hidden] == byte).all()
    low, high = stack.display.contrast_limits
    seen = np.clip((stack[0][hidden].astype(float) - low) / (high - low), 0, 1)
    seen = 1 - seen if stack.display.inverted else seen
    np.testing.assert_allclose(seen, byte / 255, atol=0.003)


def test_black_stays_black_when_the_window_is_narrowed(opened):
    stack = FrameStack([opened(WindowCenter=2000, WindowWidth=900, **RECTANGLE)])
    assert stack[0][0, 0] == 0
    signed = FrameStack([opened(np.full((1, 33, 47), -500, np.int16), **RECTANGLE)])
    assert signed[0][0, 0] == -2048


@pytest.mark.parametrize(
    "wrong",
    [
        {"ShutterLeftVerticalEdge": 41},
        {"ShutterUpperHorizontalEdge": 31},
        {"ShutterShape": "BITMAP"},
        CIRCLE | {"RadiusOfCircularShutter": 0},
        CIRCLE | {"CenterOfCircularShutter": [1, 2, 3]},
        POLYGON | {"VerticesOfThePolygonalShutter": [1, 2, 3, 4]},
    ],
)
def test_a_shutter_that_contradicts_itself_hides_nothing(opened, cine, wrong):
    image = opened(**RECTANGLE | wrong)
    assert image.rendering.shutter is None
    np.testing.assert_array_equal(FrameStack([image])[0], cine[0])


@pytest.mark.parametrize("keyword", [key for shape in (RECTANGLE, CIRCLE, POLYGON) for key in shape])
@pytest.mark.parametrize("raw", [b"", b"x ", b"nan ", b"1\\\\ ", b"9999999999999999999 "])
def test_malformed_shutters_never_stop_an_image(opened, keyword, raw):
    shapes = {"ShutterShape": ["RECTANGULAR", "CIRCULAR", "POLYGONAL"]}
    options = RECTANGLE | CIRCLE | POLYGON | shapes
    del options[keyword]
    image = opened(raw={keyword: ("CS" if keyword == "ShutterShape" else "IS", raw)}, **options)
    assert FrameStack([image])[0].shape == (33, 47)


def test_color_is_covered_too(opened, rng):
    frames = rng.integers(1, 256, (1, 33, 47, 3), dtype=np.uint8)
    image = opened(frames, bits=8, **RECTANGLE)
    shown = FrameStack([image])[0]
    assert not shown[0].any()
    np.testing.assert_array_equal(shown[10, 10], frames[0, 10, 10])


def test_the_aspect_ratio_comes_from_the_header(opened):
    assert opened(PixelAspectRatio=[2, 1], **CIRCLE).rendering.shutter.aspect == 2.0
    assert opened(ImagerPixelSpacing=[0.4, 0.2], **CIRCLE).rendering.shutter.aspect == 2.0
