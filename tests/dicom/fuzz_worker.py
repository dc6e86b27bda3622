"""Mutates the files of a folder and opens what comes out, with little memory; run by `test_fuzz.py`.

Usage: python fuzz_worker.py FOLDER CASES PART PARTS

Prints how many cases gave frames and how many a reason. A case that does neither is left in the
folder as ``failure-NAME``, as small as hypothesis could make it, and ends the process with an error.
"""

import faulthandler
import json
import struct
import sys
import tempfile
import time
import warnings
import zlib
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fluoro_annotator.dicom import DisplayOptions, scan, views
from fluoro_annotator.errors import FluoroAnnotatorError

MEMORY = 512 << 20
"""Bytes of address space that a case may take beyond what the process has at its start."""
SECONDS = 5.0
"""Processor time that a case may take."""
HANGING = 120
"""Seconds after which a case is taken to hang."""

LONG = (b"OB", b"OD", b"OF", b"OL", b"OV", b"OW", b"SQ", b"SV", b"UC", b"UN", b"UR", b"UT", b"UV")
VRS = [*LONG, b"AE", b"AS", b"AT", b"CS", b"DA", b"DS", b"DT", b"FD", b"FL", b"IS", b"LO", b"LT", b"PN"]
VRS += [b"SH", b"SL", b"SS", b"ST", b"TM", b"UI", b"UL", b"US", b"??", b"\0\0"]
LENGTHS = [0, 1, 2, 3, 7, 0xFFFE, 0xFFFF, 0x10000, 0x7FFFFFFF, 0x80000000, 0xFFFFFFF0, 0xFFFFFFFE, 0xFFFFFFFF]
NUMBERS = [0, 1, 2, 3, 7, 8, 12, 15, 16, 17, 32, 64, 255, 256, 4096, 20000, 32767, 32768, 65535]
TEXTS = [
    b"",
    b"\0",
    b"0",
    b"-1",
    b"1e308",
    b"NaN",
    b"inf",
    b"-0.0",
    b"1\\",
    b"\\" * 40,
    b"9" * 60,
    b"2147483647",
]
TEXTS += [
    b"99999999999999999999",
    b"0\\0",
    b"-1e-320\\1e-320",
    b"\xff\xfe\x80",
    "日本".encode(),
    b"1.5",
    b"SQ",
]
TEXTS += [
    b"1\\2\\3\\4\\5\\6\\7\\8",
    b"MONOCHROME1",
    b"PALETTE COLOR",
    b"RGB",
    b"YBR_FULL_422",
    b"SIGMOID",
    b"POLYGONAL",
]

place = st.floats(0, 1, exclude_max=True)
BYTES = st.tuples(
    st.sampled_from(["set", "flip", "cut", "insert", "repeat", "zero", "end"]),
    st.sampled_from(["anywhere", "header"]),
    place,
    st.binary(min_size=1, max_size=8),
)
ELEMENTS = st.one_of(
    st.tuples(st.sampled_from(["remove", "duplicate", "move", "unsequence"]), place, place),
    st.tuples(st.just("vr"), place, st.sampled_from(VRS)),
    st.tuples(st.just("length"), place, st.sampled_from(LENGTHS)),
    st.tuples(st.just("number"), place, st.sampled_from(NUMBERS)),
    st.tuples(st.just("text"), place, st.sampled_from(TEXTS)),
    st.tuples(st.just("value"), place, st.binary(max_size=40)),
    st.tuples(st.just("nest"), place, st.integers(1, 2000)),
)
MUTATIONS = st.tuples(st.lists(ELEMENTS, max_size=4), st.lists(BYTES, max_size=4))

DEFLATED = b"1.2.840.10008.1.2.1.99"
PIXELS = b"\xe0\x7f\x10\x00"


def body_start(content):
    """Return where the data set begins: after the file meta information, if there is any."""
    if content[128:132] != b"DICM":
        return 0
    return 144 + struct.unpack("<L", content[140:144])[0]


def elements_of(body):
    """Return the elements of the main data set of explicit little endian data as pieces of bytes.

    What does not look like it, as big and implicit data, is one piece.
    """
    pieces, position = [], 0
    while position + 8 <= len(body):
        vr, length = (
            body[position + 4 : position + 6],
            struct.unpack("<H", body[position + 6 : position + 8])[0],
        )
        if not vr.isalpha() or not vr.isupper() or body[position : position + 4] == PIXELS:
            break
        size = 8 + length
        if vr in LONG:
            size = 12 + struct.unpack("<L", body[position + 8 : position + 12])[0]
        if position + size > len(body):
            break
        pieces.append(body[position : position + size])
        position += size
    return [*pieces, body[position:]]


def with_value(piece, value):
    """Return an element with another value and the length that belongs to it."""
    if piece[4:6] in LONG:
        return piece[:8] + struct.pack("<L", len(value)) + value
    return piece[:6] + struct.pack("<H", len(value)) + value


def change_vr(piece, vr):
    """Return an element with another VR; its length is left where it was."""
    return piece[:4] + vr + piece[6:]


def change_length(piece, length):
    """Return an element that claims another length."""
    if piece[4:6] in LONG:
        return piece[:8] + struct.pack("<L", length) + piece[12:]
    return piece[:6] + struct.pack("<H", length & 0xFFFF) + piece[8:]


def nested(piece, depth):
    """Return sequences within sequences of undefined length, with an element within all of them."""
    opening = piece[:4] + b"SQ\0\0\xff\xff\xff\xff" + struct.pack("<HHL", 0xFFFE, 0xE000, 0xFFFFFFFF)
    closing = struct.pack("<HHL", 0xFFFE, 0xE00D, 0) + struct.pack("<HHL", 0xFFFE, 0xE0DD, 0)
    return opening * depth + piece + closing * (depth % 7 and depth)


ON_ELEMENT = {
    "vr": change_vr,
    "length": change_length,
    "number": lambda piece, value: with_value(piece, struct.pack("<H", value)),
    "text": with_value,
    "value": with_value,
    "nest": nested,
    "unsequence": lambda piece, _: piece[12:] if piece[4:6] == b"SQ" else piece[8:],
}


def change_element(pieces, kind, where, what):
    """Change one of the elements in place; the last piece, the pixel data, counts as one."""
    at = int(where * len(pieces))
    if kind == "remove":
        del pieces[at]
    elif kind == "duplicate":
        pieces.insert(at, pieces[at])
    elif kind == "move":
        pieces.insert(int(what * len(pieces)), pieces.pop(at))
    else:
        pieces[at] = ON_ELEMENT[kind](pieces[at], what)


def change_bytes(data, kind, region, where, value):
    """Change a few bytes in place, without regard for what they mean."""
    at = int(where * (min(len(data), 1200) if region == "header" else len(data)))
    if kind == "set":
        data[at : at + len(value)] = value
    elif kind == "flip":
        data[at : at + 1] = bytes(byte ^ (1 << value[0] % 8) for byte in data[at : at + 1])
    elif kind == "cut":
        del data[at : at + len(value) * 3]
    elif kind == "insert":
        data[at:at] = value
    elif kind == "repeat":
        data[at:at] = data[at : at + 40]
    elif kind == "zero":
        data[at : at + 8 * len(value)] = bytes(8 * len(value))
    else:
        del data[at:]


def mutated(content, mutation):
    """Return the content of a file with its elements changed, and then its bytes."""
    on_elements, on_bytes = mutation
    start = body_start(content)
    head, body = content[:start], content[start:]
    deflated = DEFLATED + b"\0" in head or head.endswith(DEFLATED)
    if deflated:
        body = zlib.decompress(body, -zlib.MAX_WBITS)
    pieces = elements_of(body)
    for change in on_elements:
        if pieces:
            change_element(pieces, *change)
    body = b"".join(pieces)
    if deflated:
        body = zlib.compress(body, 6, -zlib.MAX_WBITS)
    data = bytearray(head + body)
    for change in on_bytes:
        change_bytes(data, *change)
    return bytes(data)


def look_at(image):
    """Ask an image everything that a front end asks."""
    last = image.frames - 1
    assert image.title
    assert image.view.rule
    assert image.clock.start_ms(last) is None or image.clock.start_ms(last) >= 0
    for index in (0, last):
        calibration = image.calibration_at(index)
        assert calibration.usable or calibration.reason
        image.geometry_at(index).edge_letters, image.geometry_at(index).magnification
        image.rendering_at(index)


def open_file(path):
    """Open a file as a front end does; return how many frames came out, and how many reasons."""
    frames = 0
    result = scan([path], workers=1)
    reasons = len(result.skipped)
    assert all(entry.problem for entry in result.skipped)
    for stack in (stack for study in result.studies for stack in views(study)):
        for image in stack.images:
            look_at(image)
        for index in {0, len(stack) - 1}:
            try:
                frame = stack.frame(index)
                assert frame.shape == stack.shape[1:]
                assert frame.dtype == stack.dtype
                low, high = stack.display_at(index).contrast_limits
                assert low < high
                for options in (DisplayOptions(), DisplayOptions(overlays=True, shutter=False)):
                    assert stack.with_options(options).picture(index).shape[:2] == stack.shape[1:3]
                frames += 1
            except FluoroAnnotatorError:
                reasons += 1
    return frames, reasons


def forbid_memory():
    """Let allocations beyond the limit fail; only systems that count address space can do that."""
    if not sys.platform.startswith("linux"):
        return
    import resource

    pages = int(Path("/proc/self/statm").read_text().split()[0])
    resource.setrlimit(resource.RLIMIT_AS, (pages * resource.getpagesize() + MEMORY,) * 2)


def fuzz(path, cases, folder):
    """Try cases with one file; return how many gave frames, and how many reasons only."""
    content, mutant, counts = path.read_bytes(), folder / "mutant.dcm", {"frames": 0, "reasons": 0}
    open_file(path)  # loads what is loaded late before the time is taken

    @settings(
        max_examples=cases,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(MUTATIONS)
    def check(mutation):
        changed = mutated(content, mutation)
        mutant.write_bytes(changed)
        faulthandler.dump_traceback_later(HANGING, exit=True)
        started = time.process_time()
        try:
            frames, reasons = open_file(mutant)
            assert frames or reasons, "neither a frame nor a reason"
            assert time.process_time() - started < SECONDS, "too slow"
            assert mutant.read_bytes() == changed, "the file was written"
        except BaseException:
            (path.parent / f"failure-{path.name}").write_bytes(changed)
            raise
        faulthandler.cancel_dump_traceback_later()
        counts["frames" if frames else "reasons"] += 1

    check()
    return counts


def main():
    folder, cases, part, parts = sys.argv[1], *map(int, sys.argv[2:])
    files = sorted(path for path in Path(folder).iterdir() if not path.name.startswith("failure"))
    each = -(-cases // len(files))
    warnings.simplefilter("error")
    open_file(files[0])
    forbid_memory()
    total = {"frames": 0, "reasons": 0}
    with tempfile.TemporaryDirectory() as place_for_mutants:
        for path in files[part::parts]:
            for kind, count in fuzz(path, each, Path(place_for_mutants)).items():
                total[kind] += count
    sys.stdout.write(json.dumps(total))


if __name__ == "__main__":
    main()
