"""The fast walk gives what the careful way gives, or gives up."""

import struct
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydicom.data import get_testdata_files
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

from fluoro_annotator.dicom import skimming
from fluoro_annotator.dicom.helpers import skim_all, useful_helpers
from fluoro_annotator.dicom.kinds import Kinds
from fluoro_annotator.dicom.reading import IMAGE_TAGS, read_image
from fluoro_annotator.dicom.skimming import skim, skim_bytes
from fluoro_annotator.errors import FluoroAnnotatorError

PACKAGED = sorted(Path(path) for path in get_testdata_files() if Path(path).is_file())
PUBLIC = Path(__file__).parents[3] / "shared" / "dicom"


def outcome(read, *arguments):
    try:
        return read(*arguments)
    except FluoroAnnotatorError as error:
        return type(error), str(error)


def assert_equal_to_the_careful_way(path, kinds):
    """Read twice, because the second image of a kind takes another way than the first."""
    found = skim(str(path), IMAGE_TAGS)
    if found is None:
        return False
    careful = outcome(read_image, path)
    assert outcome(kinds.image, path, found) == careful
    assert outcome(kinds.image, path, found) == careful
    return True


def test_packaged_files_are_read_as_the_careful_way_reads_them():
    kinds = Kinds()
    walked = sum(assert_equal_to_the_careful_way(path, kinds) for path in PACKAGED)
    assert walked >= 75


@pytest.mark.skipif(not PUBLIC.is_dir(), reason="the folder of public DICOM files is not here")
def test_public_files_are_read_as_the_careful_way_reads_them():
    kinds, paths = Kinds(), sorted(PUBLIC.glob("*.dcm"))
    assert sum(assert_equal_to_the_careful_way(path, kinds) for path in paths) > len(paths) / 2


def sequence(**attributes):
    item = Dataset()
    for keyword, value in attributes.items():
        setattr(item, keyword, value)
    return Sequence([item])


DISPLAY = {
    "WindowCenter": [2000, 100],
    "WindowWidth": [900, 50],
    "ViewCodeSequence": sequence(CodeValue="399348003", CodingSchemeDesignator="SCT", CodeMeaning="AP"),
    "VOILUTSequence": sequence(LUTDescriptor=[4, 0, 12], LUTData=struct.pack("<4H", 0, 9, 99, 999)),
    "PatientOrientation": ["L", "F"],
    "PixelSpacing": [0.2, 0.3],
    "SpecificCharacterSet": "ISO_IR 100",
    "AcquisitionDate": "20240131",
    "AcquisitionTime": "101112.5",
}


@pytest.mark.parametrize("syntax", ["1.2.840.10008.1.2", "1.2.840.10008.1.2.1", "1.2.840.10008.1.2.4.70"])
def test_images_of_one_kind_differ_only_in_what_their_files_say(syntax, write, cine):
    kinds = Kinds()
    for number in range(4):
        path = write(
            f"{number}",
            cine[:1],
            bits=12,
            syntax=syntax,
            **DISPLAY
            | {
                "SOPInstanceUID": f"1.2.{number + 1}",
                "InstanceNumber": 9 - number,
                "AcquisitionTime": f"10111{number}",
                "SeriesDescription": "Wirbelsäule" if number % 2 else "Spine",
            },
        )
        assert assert_equal_to_the_careful_way(path, kinds)
        found = skim(str(path), IMAGE_TAGS)
        image = kinds.image(path, found)
        assert (image.sop_instance_uid, image.instance_number) == (f"1.2.{number + 1}", 9 - number)
    assert len(kinds._copiers) == 2


@pytest.mark.parametrize(
    "raw",
    [
        {"InstanceNumber": ("IS", b"x ")},
        {"InstanceNumber": ("IS", b"")},
        {"InstanceNumber": ("IS", b"1\\2 ")},
        {"InstanceNumber": ("IS", b"99999999999 ")},
        {"InstanceNumber": ("US", b"\1\0")},
        {"SOPInstanceUID": ("UI", b"1.2\\3.4\0")},
        {"SOPInstanceUID": ("UI", b"")},
        {"SOPInstanceUID": ("UI", b" 1.2 \0")},
        {"AcquisitionTime": ("TM", b"at noon ")},
        {"AcquisitionTime": ("TM", b" 10:11 ")},
        {"AcquisitionDateTime": ("DT", b"20240102030405.6+0100 ")},
        {"ContentDate": ("DA", b"2024.01.31")},
        {"SeriesDescription": ("UN", b"text")},
        {"ViewCodeSequence": ("SQ", b"\xfe\xff\x00\xe0\xff\xff\xff\x7f")},
        {"Rows": ("SS", b"\x21\0")},
    ],
    ids=str,
)
def test_odd_values_are_read_as_the_careful_way_reads_them(raw, write, cine):
    kinds = Kinds()
    assert assert_equal_to_the_careful_way(write("plain", cine, bits=12), kinds)
    assert_equal_to_the_careful_way(write("odd", cine, bits=12, raw=raw), kinds)


def test_sequences_without_length_are_skipped_and_read(write, cine, tmp_path):
    content = write("plain", cine, bits=12).read_bytes()
    inner = struct.pack("<HH2sHL", 0x0008, 0x1140, b"SQ", 0, 0xFFFFFFFF)
    item, end = struct.pack("<HHL", 0xFFFE, 0xE000, 0xFFFFFFFF), struct.pack("<HHL", 0xFFFE, 0xE00D, 0)
    element = struct.pack("<HH2sH", 0x0008, 0x1150, b"UI", 4) + b"1.2\0"
    close = struct.pack("<HHL", 0xFFFE, 0xE0DD, 0)
    nested = inner + item + element + inner + item + element + end + close + end + close
    at = content.index(struct.pack("<HH", 0x0010, 0x0010) + b"PN")
    path = tmp_path / "nested"
    path.write_bytes(content[:at] + nested + content[at:])
    assert assert_equal_to_the_careful_way(path, Kinds())
    deep = tmp_path / "deep"
    deep.write_bytes(content[:at] + (inner + item) * 5000 + content[at:])
    assert skim(str(deep), IMAGE_TAGS) is None


def test_what_is_unusual_is_left_to_the_careful_way(write, cine, tmp_path, kinds):
    for name, options in {
        "big": {"syntax": kinds["BIG"]},
        "deflated": {"syntax": kinds["DEFLATED"]},
        "bare": {"preamble": False},
    }.items():
        assert skim(str(write(name, cine, bits=12, **options)), IMAGE_TAGS) is None
    assert skim(str(tmp_path / "missing"), IMAGE_TAGS) is None
    assert skim("no\0path", IMAGE_TAGS) is None
    assert skim(str(tmp_path), IMAGE_TAGS) is None


def test_a_long_head_is_read_in_a_second_piece(write, cine):
    raw = {"ImageComments": ("LT", b"x" * 60000)}
    path = write("long", cine, bits=12, raw=raw)
    assert path.stat().st_size > skimming.FIRST_PIECE
    assert assert_equal_to_the_careful_way(path, Kinds())


def test_the_head_of_a_file_that_is_cut_is_left_to_the_careful_way(write, cine):
    path = write("whole", cine[:1], bits=12)
    content = path.read_bytes()
    found = skim(str(path), IMAGE_TAGS)
    for end in range(0, found.pixels[1] - 1, 11):
        assert skim_bytes(content[:end], len(content), IMAGE_TAGS) is None


changes = st.lists(
    st.tuples(
        st.sampled_from(["set", "cut", "insert"]),
        st.floats(0, 1, exclude_max=True),
        st.binary(min_size=1, max_size=6),
    ),
    min_size=1,
    max_size=3,
)


@pytest.mark.parametrize("syntax", ["1.2.840.10008.1.2", "1.2.840.10008.1.2.1"])
def test_mutated_heads_are_read_as_the_careful_way_reads_them(syntax, write, cine, tmp_path):
    whole = write("seed", cine[:1, :9, :9], bits=12, syntax=syntax, **DISPLAY).read_bytes()
    head = len(whole) - 2 * 81
    path, read_fast = tmp_path / "mutated", []

    @settings(
        max_examples=250,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(changes)
    def check(edits):
        data = bytearray(whole)
        for kind, place, value in edits:
            at = int(132 + place * (head - 132))
            if kind == "set":
                data[at : at + len(value)] = value
            elif kind == "cut":
                del data[at : at + len(value)]
            else:
                data[at:at] = value
        path.write_bytes(data)
        read_fast.append(assert_equal_to_the_careful_way(path, Kinds()))

    check()
    assert any(read_fast)


def test_helpers_find_what_this_process_finds(write, cine, tmp_path):
    paths = [str(write(f"{number:03}", cine[:1], SOPInstanceUID=f"1.{number}")) for number in range(150)]
    paths[70:70] = [str(tmp_path / "missing"), str(tmp_path)]
    alone = list(skim_all(paths, IMAGE_TAGS, 0, lambda: False))
    together = list(skim_all(paths, IMAGE_TAGS, 2, lambda: False))
    assert [found and found._replace(elements=()) for found in together] == [
        found and found._replace(elements=()) for found in alone
    ]
    assert together[0].elements == alone[0].elements
    assert together[70] is None


def test_helpers_that_end_at_once_are_done_without(write, cine, monkeypatch):
    paths = [str(write(f"{number:03}", cine[:1], SOPInstanceUID=f"1.{number}")) for number in range(130)]
    expected = list(skim_all(paths, IMAGE_TAGS, 0, lambda: False))
    monkeypatch.setattr(skimming, "__file__", "/nowhere.py")
    assert list(skim_all(paths, IMAGE_TAGS, 2, lambda: False)) == expected
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    assert list(skim_all(paths, IMAGE_TAGS, 2, lambda: False)) == expected


def test_a_helper_imports_nothing_of_the_package():
    code = f"import sys, runpy; runpy.run_path({skimming.__file__!r}); print([m for m in sys.modules if 'dicom' in m or 'numpy' in m])"
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", code], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_helpers_are_started_for_many_files_only(monkeypatch):
    assert useful_helpers(10, None) == 0
    assert useful_helpers(10, 3) == 3
    assert useful_helpers(100_000, 1) == 0
    monkeypatch.setattr("os.cpu_count", lambda: 4)
    assert useful_helpers(100_000, None) == 4
    monkeypatch.setattr(sys, "executable", "/opt/viewer/viewer")
    assert useful_helpers(100_000, None) == 0
