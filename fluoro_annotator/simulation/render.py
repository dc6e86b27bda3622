"""Render the frames of a view."""

from __future__ import annotations

import zlib
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fluoro_annotator.geometry.projection import CArmPose
from fluoro_annotator.simulation.contrast import Pool, periosteal_pool
from fluoro_annotator.simulation.detector import Detector, FrameArray, round_field
from fluoro_annotator.simulation.filters import average_blocks
from fluoro_annotator.simulation.marker import right_marker
from fluoro_annotator.simulation.meshes import TriangleMesh
from fluoro_annotator.simulation.needle import rod_attenuation
from fluoro_annotator.simulation.phantom import Phantom
from fluoro_annotator.simulation.scene import Scene
from fluoro_annotator.simulation.views import View

FloatArray = NDArray[np.float64]

STILL_QUANTA_PER_MM2 = 9000.0
RUN_QUANTA_PER_MM2 = 5200.0
"""Engineering defaults: a single shot is less noisy than a frame of pulsed fluoroscopy."""

WINDOW_MARGIN, WINDOW_ROOM = 0.13, 0.18
POOL_RADIUS_MM = 15.0


@dataclass(frozen=True, slots=True)
class Renderer:
    """Turns views of a scene into frames.

    Parameters
    ----------
    phantom : Phantom
        Bones; contrast medium spreads along the one that the needle touches.
    scene : Scene
        Everything that does not move.
    oversampling : int
        Rays per pixel edge.

    """

    phantom: Phantom
    scene: Scene
    oversampling: int = 2

    def frames(self, view: View) -> NDArray[np.uint16]:
        """Return the frames of a view, shape (frames, rows, columns), 12 bits.

        The noise is seeded by the view's key: the same view always gives the same frames.
        """
        generator = np.random.default_rng(zlib.crc32(view.key.encode()))
        fine = view.pose.resampled(self.oversampling)
        still = self.scene.attenuation(fine, generator)
        if view.marker_at:
            still += rod_attenuation(right_marker(view.pose, view.marker_at), fine)
        pool = self._pool(view, generator)
        still += rod_attenuation(view.rods, fine)
        field = round_field(view.pose.rows, view.pose.columns, margin=view.margin)
        frames = [
            self._frame(still + self._moving(view, index, fine, pool), view, field, generator)
            for index in range(view.frames)
        ]
        return np.stack(frames)

    def _pool(self, view: View, generator: np.random.Generator) -> Pool | None:
        needle = view.needle_at(view.frames - 1)
        if view.injection is None or needle is None:
            return None
        return periosteal_pool(self._touched_bone(needle.tip_mm), needle.tip_mm, POOL_RADIUS_MM, generator)

    def _touched_bone(self, tip_mm: tuple[float, float, float]) -> TriangleMesh:
        def gap(bone: TriangleMesh) -> float:
            return float(np.linalg.norm(bone.vertices - tip_mm, axis=1).min())

        return min(self.phantom.bones.values(), key=gap)

    def _moving(self, view: View, index: int, fine: CArmPose, pool: Pool | None) -> FloatArray | float:
        needle = view.needle_at(index)
        total = rod_attenuation(needle.rods(), fine) if needle else 0.0
        if pool and view.injection:
            volume = view.injection.volume_at(index)
            total = total + pool.attenuation(volume, view.injection.volume_ml, fine)
        return total

    def _frame(
        self, attenuation: FloatArray, view: View, field: FloatArray, generator: np.random.Generator
    ) -> FrameArray:
        usual = RUN_QUANTA_PER_MM2 if view.frames > 1 else STILL_QUANTA_PER_MM2
        quanta = view.quanta_per_mm2 or usual
        detector = Detector(pixel_pitch_mm=view.pose.pixel_pitch_mm, quanta_per_mm2=quanta)
        signal = detector.signal(average_blocks(attenuation, self.oversampling))
        return detector.process(detector.expose(signal, generator), field)


def display_window(frames: NDArray[np.uint16]) -> tuple[int, int]:
    """Return a window (centre, width) that shows the middle of the field with some room at both ends."""
    middle = round_field(*frames.shape[1:], margin=WINDOW_MARGIN) >= 1.0
    low, high = np.percentile(frames[0][middle], [1.0, 99.0])
    room = WINDOW_ROOM * (high - low)
    return round((low + high) / 20) * 10, round((high - low + 2 * room) / 20) * 20
