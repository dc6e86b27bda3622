"""Transfer syntaxes that are refused are named, with what helps; every other has one decoder."""

import dataclasses

import pytest

from fluoro_annotator.dicom import scan
from fluoro_annotator.dicom.refusals import REMEDIES, remedy_for, syntax_name
from fluoro_annotator.dicom.syntaxes import SYNTAXES, syntax_of
from fluoro_annotator.errors import UnsupportedTransferSyntaxError

NATIVE = {
    "1.2.840.10008.1.2",
    "1.2.840.10008.1.2.1",
    "1.2.840.10008.1.2.1.99",
    "1.2.840.10008.1.2.2",
}


@pytest.mark.parametrize(
    ("uid", "named"),
    [
        ("1.2.840.10008.1.2.4.102", ("MPEG-4 AVC/H.264 High Profile / Level 4.1", "package av")),
        ("1.2.840.10008.1.2.4.107", ("HEVC/H.265 Main Profile / Level 5.1", "ffmpeg")),
        ("1.2.840.10008.1.2.4.110", ("JPEG XL Lossless", "imagecodecs")),
        ("1.2.840.10008.1.2.4.53", ("Process 6 and 8", "dcmdjpeg")),
        ("1.2.840.10008.1.2.4.94", ("JPIP Referenced", "kept on a server")),
        ("1.2.3.4.5", ("1.2.3.4.5", "Ask the archive")),
    ],
)
def test_a_refusal_names_the_syntax_and_what_helps(write, read_one, cine, uid, named):
    image = dataclasses.replace(read_one(write("x", cine[:1])), transfer_syntax_uid=uid)
    with pytest.raises(UnsupportedTransferSyntaxError) as caught:
        syntax_of(image)
    assert named[0] in caught.value.problem
    assert named[1] in caught.value.remedy


def test_a_video_is_skipped_with_its_name(write, cine):
    path = write("x", cine[:1], syntax="1.2.840.10008.1.2.4.102", encoded=[b"\0\0\0\1"], bits=12)
    (skipped,) = scan([path]).skipped
    assert "MPEG-4" in skipped.problem


def test_every_compressed_syntax_has_exactly_one_decoder():
    assert {uid for uid, syntax in SYNTAXES.items() if syntax.decode is None} == NATIVE


def test_nothing_that_can_be_read_is_refused():
    plain = remedy_for("")
    assert all(remedy_for(uid) == plain for uid in NATIVE)
    refused = tuple(start for start, _ in REMEDIES)
    for uid in set(SYNTAXES) - NATIVE:
        assert syntax_name(uid) != uid
        assert not uid.startswith(refused) or uid[-3:] in (".50", ".51", ".57")
