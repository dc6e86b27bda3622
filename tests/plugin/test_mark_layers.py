"""What lies in the layers is what the marks say, whatever was drawn before; only what changed is drawn anew."""

from dataclasses import replace

import numpy as np
import pytest
from napari.components import ViewerModel
from napari.layers import Points, Vectors

from fluoro_annotator.anatomy import Side
from fluoro_annotator.geometry import Point
from fluoro_annotator.marks import FrameRef, LevelLabel, Needle, NerveCourse, Target, values
from napari_fluoro_annotator import styles
from napari_fluoro_annotator.drawing import DrawnLine, DrawnMark
from napari_fluoro_annotator.mark_layers import MarkLayers

FRAME = FrameRef("1.2.3", 1)
STEPS = 30
SEEDS = range(4)
SIDE = 500.0


def point(generator):
    return Point(*(float(each) for each in generator.uniform(20, SIDE - 20, 2)))


def any_mark(generator, site):
    kind = generator.integers(4)
    if kind == 0:
        return Target(frame=FRAME, site=site, position=point(generator))
    if kind == 1:
        return Needle(frame=FRAME, site=site, tip=point(generator), hub=point(generator))
    if kind == 2:
        return LevelLabel(frame=FRAME, vertebra="L4", position=point(generator))
    return NerveCourse(frame=FRAME, site=site, vertices=(point(generator), point(generator)))


class Picture:
    """What is drawn, and what may happen to it."""

    def __init__(self, seed, site):
        self.generator, self.site = np.random.default_rng(seed), site
        self.viewer, self.marks, self.guides, self.waiting = ViewerModel(), [], [], []
        self.viewer.add_image(np.zeros((500, 500)))
        self.layers = MarkLayers(self.viewer)
        self.names = True

    def step(self):
        steps = (self.add, self.add, self.remove, self.move, self.select, self.relabel, self.point_chosen)
        more = (self.zoom, self.guide, self.wait, self.play, self.hide)
        self.generator.choice(np.array([*steps, *more], dtype=object))()

    def add(self):
        mark = any_mark(self.generator, self.site)
        self.marks.append(DrawnMark(mark, mark.mark_id[:9], selected=False))

    def remove(self):
        if self.marks:
            del self.marks[self.generator.integers(len(self.marks))]

    def any(self):
        return int(self.generator.integers(len(self.marks))) if self.marks else None

    def move(self):
        if (place := self.any()) is not None:
            drawn = self.marks[place]
            moved = values.moved(drawn.mark, **{drawn.mark.point_names[-1]: point(self.generator)})
            self.marks[place] = replace(drawn, mark=moved)

    def select(self):
        chosen = self.any()
        for place, drawn in enumerate(self.marks):
            self.marks[place] = replace(drawn, selected=place == chosen, point=None)

    def relabel(self):
        if (place := self.any()) is not None:
            self.marks[place] = replace(self.marks[place], label=str(self.generator.integers(1000)))

    def point_chosen(self):
        if (place := self.any()) is not None:
            names = self.marks[place].mark.point_names
            self.marks[place] = replace(self.marks[place], point=names[-1])

    def zoom(self):
        self.viewer.scene.camera.zoom = float(self.generator.uniform(0.5, 4))
        self.layers.rescale()

    def guide(self):
        ends = (point(self.generator), point(self.generator))
        self.guides = [DrawnLine(points=ends, dashed=bool(self.generator.integers(2)), text="here")]

    def wait(self):
        self.waiting = [point(self.generator) for _ in range(self.generator.integers(3))]

    def play(self):
        self.names = not self.names

    def hide(self):
        layers = [layer for layer in self.viewer.layers if isinstance(layer, Points | Vectors)]
        if layers:
            layer = layers[self.generator.integers(len(layers))]
            layer.visible = not layer.visible

    def draw(self, layers):
        image = self.viewer.layers[0]
        layers.draw(self.marks, image, waiting=self.waiting, tip=True, guides=self.guides, names=self.names)


def look_of(layer):
    """Return all that is to be seen of a layer."""
    if isinstance(layer, Vectors):
        return {"data": layer.data, "colour": layer.edge_color, "width": np.array(layer.edge_width)}
    names = layer.text
    return {
        "data": layer.data,
        "size": layer.size,
        "symbol": np.array([str(symbol) for symbol in layer.symbol]),
        "border": layer.border_color,
        "width": layer.border_width,
        "text": np.atleast_1d(layer._view_text if layer.visible else names.string._values),
        "text colour": names.color._values if len(layer.data) else np.empty((0, 4)),
    }


def looks(viewer):
    layers = [layer for layer in viewer.layers if isinstance(layer, Points | Vectors) and len(layer.data)]
    return {layer.name: look_of(layer) for layer in layers}


@pytest.mark.parametrize("seed", SEEDS)
def test_layers_that_were_changed_step_by_step_look_like_new_ones(seed, right_l3):
    picture = Picture(seed, right_l3)
    for _ in range(STEPS):
        picture.step()
        picture.draw(picture.layers)
        hidden = {layer.name for layer in picture.viewer.layers if not layer.visible}
        found = looks(picture.viewer)
        fresh = Picture(0, right_l3)
        fresh.viewer.scene.camera.zoom = picture.viewer.scene.camera.zoom
        fresh.marks, fresh.guides, fresh.waiting = picture.marks, picture.guides, picture.waiting
        fresh.names = picture.names
        fresh.draw(fresh.layers)
        for layer in fresh.viewer.layers:
            if layer.name in hidden:
                layer.visible = False
        fresh.draw(fresh.layers)
        wanted = looks(fresh.viewer)
        assert found.keys() == wanted.keys()
        for name, look in wanted.items():
            for what, value in look.items():
                if value.dtype.kind == "f":
                    assert found[name][what] == pytest.approx(value, abs=1e-5), (name, what)
                else:
                    assert found[name][what].tolist() == value.tolist(), (name, what)


def test_the_name_of_the_selected_mark_has_a_layer_of_its_own(right_l3):
    picture = Picture(1, right_l3)
    for _ in range(4):
        picture.add()
    picture.marks[2] = replace(picture.marks[2], selected=True)
    picture.draw(picture.layers)
    others = [drawn.label for drawn in picture.marks if not drawn.selected]
    assert set(picture.viewer.layers["Mark names"].text.values) == set(others)
    assert set(picture.viewer.layers["Selected name"].text.values) == {picture.marks[2].label}


def test_dragging_a_mark_draws_no_other_name_anew(right_l3):
    picture = Picture(2, right_l3)
    for _ in range(6):
        picture.add()
    target = Target(frame=FRAME, site=right_l3, position=Point(100, 100))
    picture.marks.append(DrawnMark(target, "dragged", selected=True))
    picture.draw(picture.layers)
    drawn = []
    picture.viewer.layers["Mark names"].events.set_data.connect(lambda event: drawn.append(event.source))
    picture.viewer.layers["Selected name"].events.set_data.connect(lambda event: drawn.append(event.source))
    moved = replace(target, position=Point(300, 320))
    picture.marks[-1] = DrawnMark(moved, "dragged", selected=True)
    picture.draw(picture.layers)
    assert [layer.name for layer in drawn] == ["Selected name"]


def test_nothing_is_drawn_where_nothing_changed(right_l3):
    picture = Picture(3, right_l3)
    for _ in range(5):
        picture.add()
    picture.select()
    picture.draw(picture.layers)
    drawn = []
    for layer in picture.viewer.layers:
        layer.events.set_data.connect(lambda event: drawn.append(event.source.name))
    picture.draw(picture.layers)
    assert drawn == []


@pytest.mark.parametrize(
    ("colour", "copies"), [(styles.WHITE, 2), (styles.YELLOW, 2), (styles.ORANGE, 1), (styles.SKY_BLUE, 1)]
)
def test_a_text_that_is_bright_itself_has_an_outline_on_both_sides(colour, copies):
    assert len(styles.shadow_of(colour)) == copies


@pytest.mark.gui
def test_what_changed_while_layers_were_hidden_is_there_when_they_are_shown(open_window, right_l3, pump):
    viewer, dock, _ = open_window()
    session, frame = dock.controller.session, dock.binding.frame
    marks = [session.add_target(frame, right_l3, Point(60 + 20 * each, 70)) for each in range(3)]
    pump()
    for name in ("Mark names", "Targets"):
        viewer.layers[name].visible = False
    session.delete(marks[0].mark_id, marks[1].mark_id)
    pump()
    left = session.add_target(frame, session.anatomy.site("L4_MB", Side.LEFT), Point(90, 100))
    session.delete(marks[2].mark_id)
    pump()
    for name in ("Targets", "Mark names"):
        viewer.layers[name].visible = True
    pump()
    assert viewer.layers["Targets"].data.tolist() == [list(left.position)]
    markers = viewer.window._qt_viewer.canvas.layer_to_visual[viewer.layers["Targets"]].node.points_markers
    assert markers._data["a_position"][:, :2].tolist() == [[left.position.column, left.position.row]]
    assert set(viewer.layers["Mark names"].text.values) == {"L4 medial branch,\nat L5, left"}


def ring_is_white(viewer, middle):
    """Return whether the outline of a selected target is to be seen around a point of the canvas."""
    canvas = viewer.window._qt_viewer.canvas
    picture = canvas._scene_canvas.render()
    ratio, radius = picture.shape[0] / canvas.native.height(), styles.TARGET.screen_size / 2
    for angle in np.linspace(0, 2 * np.pi, 12, endpoint=False):
        row = int(ratio * (middle.y() + radius * np.sin(angle)))
        column = int(ratio * (middle.x() + radius * np.cos(angle)))
        if not (picture[row - 3 : row + 4, column - 3 : column + 4, :3].min(axis=2) > 240).any():
            return False
    return True


@pytest.mark.gui
def test_after_a_press_the_mark_is_stored_and_the_next_picture_shows_it(open_window, pump):
    viewer, dock, hand = open_window()
    dock.view.set_nerve("L3_MB")
    dock.view.set_side(Side.RIGHT)
    dock.binding._current.opacity = 0  # on a black ground, so that only marks are white
    pump()
    session = dock.controller.session
    for place in ((60, 70), (120, 150)):
        hand.key("T")
        assert not ring_is_white(viewer, hand.at(*place))
        hand.press(*place)
        stored = dock.store.revisions(session.reading.reading_id)
        assert stored[-1].draft.mark == session.mark(session.selected)
        assert dock.view._save_state.text().startswith("Saved ")
        assert ring_is_white(viewer, hand.at(*place))
        hand.release(*place)
