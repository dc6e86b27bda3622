import numpy as np
import pytest
from scipy.ndimage import gaussian_filter

from fluoro_annotator.errors import SimulationError
from fluoro_annotator.simulation.detector import MAXIMUM, Detector, round_field
from fluoro_annotator.simulation.filters import average_blocks, wide_blur


def detector(**changes):
    return Detector(**({"pixel_pitch_mm": 0.5, "quanta_per_mm2": 4000.0} | changes))


def test_noise_follows_poisson_statistics():
    """Without blur and electronics the variance is signal / quanta per pixel (here 1000)."""
    bare = detector(light_sigma_mm=0.0, electronic=0.0)
    signal = np.repeat([[0.5], [1.0], [2.0]], 40_000, axis=1)
    exposure = bare.expose(signal, np.random.default_rng(1))
    assert exposure.mean(axis=1) == pytest.approx([0.5, 1.0, 2.0], rel=0.002)
    assert exposure.var(axis=1) == pytest.approx(np.array([0.5, 1.0, 2.0]) / 1000, rel=0.04)


def test_light_spread_turns_noise_into_mottle():
    flat = np.ones((200, 200))
    sharp = detector(light_sigma_mm=0.0).expose(flat, np.random.default_rng(2))
    soft = detector(light_sigma_mm=0.5).expose(flat, np.random.default_rng(2))
    assert soft.std() < 0.5 * sharp.std()
    neighbours = np.corrcoef(soft[:, :-1].ravel(), soft[:, 1:].ravel())[0, 1]
    assert neighbours > 0.5


def test_electronic_noise_is_added():
    dark = np.zeros((300, 300))
    exposure = detector(electronic=0.01).expose(dark, np.random.default_rng(3))
    assert exposure.std() == pytest.approx(0.01, rel=0.02)


def test_more_quanta_less_noise():
    flat = np.ones((100, 100))
    few = detector(electronic=0.0).expose(flat, np.random.default_rng(4)).std()
    many = detector(electronic=0.0, quanta_per_mm2=16000.0).expose(flat, np.random.default_rng(4)).std()
    assert many == pytest.approx(few / 2, rel=0.05)


def test_same_generator_gives_the_same_exposure():
    flat = np.ones((20, 20))
    first, second = (detector().expose(flat, np.random.default_rng(7)) for _ in range(2))
    assert np.array_equal(first, second)


def test_exposure_is_kept_whatever_the_thickness():
    for attenuation in (2.0, 12.0):
        assert np.median(detector().signal(np.full((64, 64), attenuation))) == pytest.approx(1.0)


def test_scatter_lowers_contrast():
    attenuation = np.zeros((128, 128))
    attenuation[:, 60:68] = 2.0
    clean = detector(scatter_to_primary=0.0, glare=0.0, focus_sigma_mm=0.0).signal(attenuation)
    real = detector().signal(attenuation)
    assert clean[64, 64] / clean[64, 10] == pytest.approx(np.exp(-2.0))
    assert real[64, 64] / real[64, 10] > 0.3


def test_bone_is_darker_than_soft_tissue():
    signal = np.full((64, 64), 1.0)
    signal[20:40, 20:40] = 0.5
    image = detector().process(signal, np.ones((64, 64)))
    assert image.dtype == np.uint16
    assert image[30, 30] < image[5, 5]


def test_image_has_twelve_bits_and_is_black_outside_the_field():
    signal = np.geomspace(1e-6, 1e6, 64 * 64).reshape(64, 64)
    field = round_field(64, 64)
    image = detector(gain=5000.0).process(signal, field)
    assert image.max() == MAXIMUM
    assert image.min() == 0
    assert not image[field == 0].any()


def test_field_is_round_and_centred():
    field = round_field(100, 100, margin=0.1)
    assert field[49, 49] == 1.0
    assert field[0, 0] == 0.0
    assert np.array_equal(field, field[::-1, ::-1])
    assert field.sum() == pytest.approx(np.pi * 40**2, rel=0.01)


@pytest.mark.parametrize("sigma", [0.0, 3.0, 16.0, 40.0])
def test_quick_blur_agrees_with_the_exact_one(sigma):
    image = 100 * gaussian_filter(np.random.default_rng(6).normal(5, 1, (403, 390)), 25)
    exact = gaussian_filter(image, sigma, mode="nearest")
    quick = wide_blur(image, sigma)
    assert quick.shape == image.shape
    assert np.abs(quick - exact).max() < 0.25 * exact.std()
    assert (quick - exact).std() < 0.03 * exact.std()


def test_quick_blur_keeps_the_place_of_a_bright_spot():
    image = np.zeros((256, 256))
    image[100, 60] = 1.0
    rows, columns = np.indices(image.shape)
    quick = wide_blur(image, 20.0)
    assert (rows * quick).sum() / quick.sum() == pytest.approx(100, abs=0.6)
    assert (columns * quick).sum() / quick.sum() == pytest.approx(60, abs=0.6)


def test_blocks_are_averaged():
    image = np.arange(16, dtype=float).reshape(4, 4)
    assert average_blocks(image, 2) == pytest.approx(np.array([[2.5, 4.5], [10.5, 12.5]]))


@pytest.mark.parametrize(
    "changes", [{"pixel_pitch_mm": 0.0}, {"quanta_per_mm2": -1.0}, {"quanta_per_mm2": np.nan}]
)
def test_impossible_detector_is_refused(changes):
    with pytest.raises(SimulationError, match="more than zero"):
        detector(**changes)
