"""The quick way to the pixels of a file finds what the careful way finds."""

import imagecodecs
import numpy as np
import pytest

from fluoro_annotator.dicom.header import read_header, tags_of
from fluoro_annotator.dicom.kinds import quick_header
from fluoro_annotator.errors import NotDicomError, UnreadableFileError

TAGS = tags_of(["SOPInstanceUID"])
SYNTAXES = [
    "1.2.840.10008.1.2",
    "1.2.840.10008.1.2.1",
    "1.2.840.10008.1.2.1.99",
    "1.2.840.10008.1.2.2",
    "1.2.840.10008.1.2.5",
    "1.2.840.10008.1.2.4.80",
]


@pytest.mark.parametrize("preamble", [True, False])
@pytest.mark.parametrize("syntax", SYNTAXES)
def test_place_and_identity_are_those_of_the_careful_way(write, cine, syntax, preamble):
    path = write("file", cine, syntax=syntax, bits=12, preamble=preamble)
    quick, careful = quick_header(path, TAGS), read_header(path, TAGS)
    assert quick.pixels == careful.pixels
    assert quick.transfer_syntax_uid == careful.transfer_syntax_uid
    assert (quick.file_size, quick.data_start) == (careful.file_size, careful.data_start)
    assert quick.dataset.SOPInstanceUID == careful.dataset.SOPInstanceUID == "1.2.3.4"


def test_errors_are_those_of_the_careful_way(tmp_path):
    with pytest.raises(UnreadableFileError, match="does not exist"):
        quick_header(tmp_path / "nowhere", TAGS)
    (tmp_path / "notes").write_text("no image " * 99)
    with pytest.raises(NotDicomError):
        quick_header(tmp_path / "notes", TAGS)


def outcome(data, threads):
    try:
        return imagecodecs.jpeg2k_decode(data, numthreads=threads)
    except RuntimeError:
        return None


@pytest.mark.parametrize("syntax", ["1.2.840.10008.1.2.4.90", "1.2.840.10008.1.2.4.201"])
def test_two_threads_refuse_and_decode_what_one_does(encoders, rng, syntax):
    frame = rng.integers(0, 4096, (150, 140)).astype(np.uint16)
    whole = encoders[syntax](frame, 12)
    refused = 0
    for _ in range(30):
        data = bytearray(whole)
        data[int(rng.integers(len(data)))] ^= 1 << int(rng.integers(8))
        one, two = outcome(bytes(data), 1), outcome(bytes(data), 2)
        refused += one is None
        assert (one is None) == (two is None)
        assert one is None or (one == two).all()
    assert refused < 30
    assert (outcome(whole, 2) == frame).all()
