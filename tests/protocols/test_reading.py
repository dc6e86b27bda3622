"""Protocol files: what a good one gives, and that each broken one is refused with line and reason."""

import os
import random

import pytest

from fluoro_annotator.anatomy import Confidence, Evidence, Region
from fluoro_annotator.errors import FluoroAnnotatorError, ProtocolFileError
from fluoro_annotator.protocols import Basis, Measure, SlotKind, Unit, read_protocol
from fluoro_annotator.protocols.placed import DEEPEST, LARGEST_FILE, parse_nodes


def test_a_good_file_gives_all_that_it_says(own):
    assert (own.id, own.version, own.region, own.evidence) == (
        "site_block",
        "2.1",
        Region.LUMBAR,
        Evidence.ESTABLISHED,
    )
    assert [(view.id, view.required) for view in own.views] == [("AP_TRUE", True), ("LATERAL_TRUE", False)]
    assert own.nerves == ("L2_MB", "L3_MB", "L4_MB")
    target, needle, event = own.groups[0].slots
    assert (target.what, target.required, target.backing.basis) == (SlotKind.TARGET, True, Basis.ENGINEERING)
    assert target.backing.confidence is Confidence.LOW
    assert (needle.required, needle.accept, needle.backing.sources) == (False, "Dorsal.", ("LAU2004",))
    assert event.event == "contrast_appears"
    band = own.band("our_band")
    assert (band.measure, band.unit, band.good) == (Measure.FRACTION_ALONG, Unit.FRACTION, (0.2, 0.8))
    assert [landmark.id for landmark in own.landmarks] == [
        "our_point",
        "sap_posterior",
        "foramen_posterior_upper",
        "foramen_posterior_lower",
    ]
    assert own.needles.gauges == (22,)
    assert {source.key for source in own.sources} >= {"OUR_MEETING", "LAU2004", "GK", "PIJN_L"}


def test_an_own_definition_takes_the_place_of_that_of_the_catalogue(small, write):
    text = small.replace(
        "id: our_point, title: our own point", "id: sap_posterior, title: dorsal edge"
    ).replace("[our_point, sap_posterior]", "[sap_anterior, sap_posterior]")
    assert read_protocol(write(text)).landmark("sap_posterior").title == "dorsal edge"


def test_a_version_is_taken_as_it_is_written(small, write):
    assert read_protocol(write(small.replace('"2.1"', "1.10"))).version == "1.10"


def test_a_byte_order_mark_and_windows_line_ends_do_not_matter(small, write, own):
    text = ("\ufeff" + small.replace("\n", "\r\n")).encode("utf-8")
    assert read_protocol(write(text, "windows.yaml")).content_hash == own.content_hash


BROKEN = {
    "no YAML": ("title: Block", "title: [Block", "valid YAML"),
    "tab": ("    slots:", "\tslots:", "valid YAML"),
    "unknown field": ("title: Block", "titel: x\ntitle: Block", "field titel is not known"),
    "unknown field in a slot": (
        "        accept: Dorsal.",
        "        acept: Dorsal.",
        "field acept is not known",
    ),
    "field twice": ("region: lumbar", "region: lumbar\nregion: lumbar", "written twice"),
    "missing field": ("region: lumbar\n", "", "field region is missing"),
    "other format": ("fluoro_annotator.protocol\n", "something\n", "format is 'something'"),
    "later schema": ("schema: 1", "schema: 2", "schema is '2'"),
    "schema true": ("schema: 1", "schema: true", "schema is 'true'"),
    "bad identifier": ("id: site_block", "id: ../x", "id is '../x'"),
    "bad version": ('"2.1"', "draft", "version is 'draft'"),
    "version as a list": ('"2.1"', "[2, 1]", "version is a list"),
    "unknown region": ("region: lumbar", "region: tail", "region is 'tail'"),
    "unknown procedure": ("procedure: block", "procedure: 7", "procedure is '7'"),
    "unknown nerve": ("L2_MB, L3_MB", "L2_MB, L9_MB", "nerve L9_MB is not known"),
    "nerve twice": ("[L2_MB, L3_MB", "[L3_MB, L3_MB", "nerve L3_MB is named twice"),
    "unknown joint": ("[L3-L4, L4-L5]", "[L3-L4, L4-L6]", "joint L4-L6 is not known"),
    "no joint": ("[L3-L4, L4-L5]", "[]", "it has no joints"),
    "unknown view": ("views: [AP_TRUE, ", "views: [AP_TRU, ", "view AP_TRU is not known"),
    "optional view that is none": (
        "optional_views: [LATERAL_TRUE]",
        "optional_views: [PILLAR]",
        "view PILLAR",
    ),
    "view of a slot not listed": (
        "        view: AP_TRUE\n        hint: Press",
        "        view: PILLAR\n        hint: Press",
        "view PILLAR",
    ),
    "unknown source": ("[LAU2004]", "[LAU2005]", "source LAU2005 is not known"),
    "published without source": (
        "        confidence: moderate\n        sources: [LAU2004]",
        "        confidence: moderate",
        "names no source",
    ),
    "published but not read": ("        basis: taught\n", "", "none of its sources was read"),
    "no confidence": ("        confidence: moderate\n", "", "field confidence is missing"),
    "title a number": ("title: Block as we do it", "title: 12", "field title holds a number"),
    "title empty": ("title: Block as we do it", 'title: "  "', "field title holds a text where"),
    "joints a text": ("joints: [L3-L4, L4-L5]", "joints: L4-L5", "field joints is a text"),
    "groups named fields": (
        "groups:\n  - nerves",
        "groups:\n    nerves",
        "groups is named fields where a list",
    ),
    "slot a text": (
        "      - {text: Mind the gap., basis: engineering}",
        "      - Mind the gap",
        "there is a text where named",
    ),
    "flag a word": ("required: false", "required: no", "field required is a text"),
    "gauge a text": ("gauges: [22]", "gauges: [thin]", "field gauges holds a text"),
    "gauge a fraction": ("gauges: [22]", "gauges: [22.5]", "22.5 where a whole number"),
    "gauge out of range": ("gauges: [22]", "gauges: [220]", "gauge is 220"),
    "tip out of range": ("[10.0]", "[0.0]", "active_tip_mm is 0.0"),
    "band of one number": ("good: [0.2, 0.8]", "good: [0.2]", "1 numbers where two"),
    "band upside down": ("good: [0.2, 0.8]", "good: [0.8, 0.2]", "from 0.8 down to 0.2"),
    "band too wide": ("good: [0.2, 0.8]", "good: [0.2, 80.0]", "good to is 80.0"),
    "band not a number": ("good: [0.2, 0.8]", "good: [0.2, .nan]", "holds a text where a number"),
    "marginal inside good": ("marginal: [0.1, 0.9]", "marginal: [0.3, 0.9]", "does not hold its good"),
    "axis without fraction": ("measure: fraction_along", "measure: tip_to_target", "axis does not go with"),
    "axis that is no axis": (
        "axis: our_axis",
        "axis: lumbar_midpoint_ap",
        "names the axis lumbar_midpoint_ap",
    ),
    "unknown axis": ("axis: our_axis", "axis: your_axis", "construction your_axis is not known"),
    "validated without publication": (
        "    good: [0.2, 0.8]",
        "    basis: engineering\n    validated: true\n    good: [0.2, 0.8]",
        "called validated",
    ),
    "unknown band": ("bands: [our_band]", "bands: [a_band]", "band a_band is not known"),
    "unknown safety line": ("[SL_L_FORAMEN]", "[SL_X]", "safety line SL_X is not known"),
    "line in a view not listed": (
        "[SL_L_FORAMEN]",
        "[SL_L_FORAMEN]\n    evidence: disputed\n  - nerves: [L1_MB]\n    slots: []",
        "nerves or slots are missing",
    ),
    "axis with three landmarks": (
        "[our_point, sap_posterior]",
        "[our_point, sap_posterior, sap_anterior]",
        "names 3 landmarks",
    ),
    "fractions on an axis": (
        "      kind: axis",
        "      kind: axis\n      fractions: [0.5]",
        "fractions do not go with",
    ),
    "unknown landmark": (
        "[our_point, sap_posterior]",
        "[our_pint, sap_posterior]",
        "landmark our_pint is not known",
    ),
    "event without name": ("        event: contrast_appears\n", "", "names an event without being one"),
    "event not looked for": (
        "events: [contrast_appears]",
        "events: [final_position]",
        "names the event contrast_appears",
    ),
    "level as a template": ("what: target", "what: level", "this kind follows by itself"),
    "unknown word in braces": ("{vertebra} for", "{patient} for", "brace that stands for nothing"),
    "open brace": ("{vertebra} for", "{vertebra for", "brace that stands for nothing"),
    "format expression": ("{vertebra} for", "{nerve.__class__} for", "brace that stands for nothing"),
    "same slot twice": (
        "      - what: needle",
        "      - {what: target, view: AP_TRUE, hint: again, basis: engineering}\n      - what: needle",
        "is named twice",
    ),
    "unknown rubric item": ("[level_correct]", "[level_corect]", "rubric item level_corect is not known"),
    "anchor": ("    slots:\n", "    slots: &all\n", "anchor or an alias"),
    "alias": ("rubric: [level_correct]", "rubric: *all", "anchor or an alias"),
    "anchor on a key": ("rubric: [level_correct]", "&key rubric: [level_correct]", "anchor or an alias"),
    "tag": ("title: Block", "title: !!python/object/apply:os.getcwd []\nnote: Block", "uses the tag"),
    "key a list": ("title: Block", "? [a, b]\n: x\ntitle: Block", "name of a field is not a text"),
    "two documents": (
        "events: [contrast_appears]",
        "events: [contrast_appears]\n---\nmore: 1",
        "second document",
    ),
    "text without end": ("title: Block as we do it", f"title: {'x' * 2001}", "2001 characters"),
    "control character": ("title: Block", "title: Bl\x00ck", "valid YAML"),
}


@pytest.mark.parametrize(("old", "new", "problem"), BROKEN.values(), ids=BROKEN)
def test_a_broken_file_is_refused_with_line_and_reason(small, write, old, new, problem):
    assert old in small
    path = write(small.replace(old, new, 1))
    with pytest.raises(ProtocolFileError) as caught:
        read_protocol(path)
    assert problem in caught.value.problem
    assert caught.value.remedy
    assert caught.value.subject.startswith(str(path))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("region: lumbar", "region: tail"),
        ("        accept: Dorsal.", "        acept: Dorsal."),
        ("bands: [our_band]", "bands: [a_band]"),
        ("    good: [0.2, 0.8]", "    good: [0.2]"),
        ("schema: 1", "schema: 2"),
        ("gauges: [22]", "gauges: [thin]"),
        ("hint: Mark the frame.", "hint: &x Mark the frame."),
    ],
)
def test_the_line_is_that_of_the_field(small, write, old, new):
    line = small[: small.index(old)].count("\n") + 1
    with pytest.raises(ProtocolFileError) as caught:
        read_protocol(write(small.replace(old, new, 1)))
    assert caught.value.subject.endswith(f", line {line}")


def test_a_value_that_contradicts_itself_is_placed_at_its_entry(small, write):
    line = small[: small.index("  - id: our_band")].count("\n") + 1
    with pytest.raises(ProtocolFileError, match=f"line {line}: band our_band: good goes from"):
        read_protocol(write(small.replace("good: [0.2, 0.8]", "good: [0.8, 0.2]")))


def test_a_slip_of_the_pen_is_answered_with_the_likely_word(small, write):
    with pytest.raises(ProtocolFileError, match=r"Did you mean L3_MB\?"):
        read_protocol(write(small.replace("L3_MB", "L3MB")))
    with pytest.raises(ProtocolFileError, match=r"Did you mean accept\?"):
        read_protocol(write(small.replace("accept: Dorsal", "acept: Dorsal")))


def test_bytes_that_are_no_text_are_placed(small, write):
    content = small.encode("utf-8").replace(b"as we do it", b"as we d\xff it")
    with pytest.raises(ProtocolFileError, match=r"line 6: it is not UTF-8 text"):
        read_protocol(write(content))


def test_a_large_file_is_not_read(write):
    path = write(b"# " + b"x" * 10_000_000)
    with pytest.raises(ProtocolFileError, match="larger than 512 KiB"):
        read_protocol(path)


def test_deep_nesting_is_refused_at_once(write):
    with pytest.raises(ProtocolFileError, match="nested deeper than"):
        read_protocol(write("a: " + "[" * (LARGEST_FILE // 2)))


@pytest.mark.parametrize(("deep", "refused"), [(DEEPEST - 1, False), (DEEPEST, True)])
def test_nesting_is_counted_in_lists_and_in_mappings_alike(deep, refused):
    for text in ("a: " + "[" * deep + "]" * deep, "{a: " * deep + "1" + "}" * deep):
        if refused:
            with pytest.raises(ProtocolFileError, match="nested deeper than"):
                parse_nodes(text, "test")
        else:
            assert parse_nodes(text, "test").value


def test_a_bomb_of_aliases_is_refused(write):
    lines = ["a: &a [x, x, x, x, x, x, x, x, x]"]
    lines += [
        f"{new}: &{new} [{', '.join([f'*{old}'] * 9)}]"
        for old, new in zip("abcdefgh", "bcdefghi", strict=True)
    ]
    with pytest.raises(ProtocolFileError, match=r"line 1: it uses an anchor or an alias"):
        read_protocol(write("\n".join(lines)))


@pytest.mark.parametrize("content", [b"", b"# only a remark\n", b"---\n"])
def test_an_empty_file_is_refused(write, content):
    with pytest.raises(ProtocolFileError):
        read_protocol(write(content))


@pytest.mark.parametrize("content", ["- a\n- b\n", "just words\n", "12\n"])
def test_a_file_without_named_fields_is_refused(write, content):
    with pytest.raises(ProtocolFileError, match=r"line 1: there is .* where named fields are expected"):
        read_protocol(write(content))


def test_what_is_no_file_is_refused(tmp_path):
    os.mkfifo(tmp_path / "pipe.yaml")
    (tmp_path / "loop.yaml").symlink_to(tmp_path / "loop.yaml")
    for name in ("missing.yaml", "pipe.yaml", "loop.yaml", "."):
        with pytest.raises(ProtocolFileError):
            read_protocol(tmp_path / name)


def test_a_file_without_permission_is_refused(small, write, monkeypatch):
    path = write(small)

    def deny(*_, **__):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(type(path), "open", deny)
    with pytest.raises(ProtocolFileError, match="Permission denied"):
        read_protocol(path)


def test_the_file_stays_readable_with_the_parser_written_in_python(small, write, own, monkeypatch):
    import yaml

    monkeypatch.setattr("fluoro_annotator.protocols.placed._LOADER", yaml.SafeLoader)
    assert read_protocol(write(small)).content_hash == own.content_hash


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("yes", "yes"),
        ("on", "on"),
        ("010", 10),
        ("1_000", "1_000"),
        ("1:30", "1:30"),
        ("2026-01-31", "2026-01-31"),
        ("0x1f", "0x1f"),
        ("1.5", 1.5),
        (".5", 0.5),
        ("-3", -3),
        ("1e400", "1e400"),
        ('"1"', "1"),
        ("true", True),
        ("~", None),
        ("9" * 40, "9" * 40),
    ],
)
def test_a_plain_word_means_what_it_looks_like(text, value):
    found = parse_nodes(f"a: {text}", "test").value["a"].value
    assert (found, type(found)) == (value, type(value))


def test_spoiling_a_file_at_random_never_ends_in_a_foreign_error(small):
    from fluoro_annotator.anatomy import load_anatomy
    from fluoro_annotator.protocols.reading import protocol_from

    chance = random.Random(20)  # noqa: S311 - a test is no secret
    pieces = [
        "[",
        "]",
        "{",
        "}",
        ": ",
        "- ",
        "&a ",
        "*a",
        "!x ",
        '"',
        "'",
        "|\n",
        "\n",
        "\t",
        "\0",
        "?",
        "{x}",
        "---\n",
    ]
    refused = 0
    for _ in range(300):
        place = chance.randrange(len(small))
        spoiled = small[:place] + chance.choice(pieces) + small[place + chance.randrange(20) :]
        try:
            protocol_from(parse_nodes(spoiled, "spoiled"), "spoiled", load_anatomy())
        except ProtocolFileError as error:
            refused += 1
            assert error.problem  # noqa: PT017 - some changes leave a valid file
    assert refused > 150


def test_cutting_a_file_anywhere_never_ends_in_a_foreign_error(small):
    from fluoro_annotator.anatomy import load_anatomy
    from fluoro_annotator.protocols.reading import protocol_from

    for end in range(0, len(small), 7):
        try:
            protocol_from(parse_nodes(small[:end], "cut"), "cut", load_anatomy())
        except FluoroAnnotatorError as error:
            assert error.subject.startswith("cut")  # noqa: PT017 - some cuts leave a valid file
