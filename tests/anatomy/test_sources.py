from __future__ import annotations

from fluoro_annotator.anatomy import Confidence, SourceRead


def everything(anatomy):
    return [
        *anatomy.vertebrae.values(),
        *anatomy.joints.values(),
        *anatomy.excluded_joints.values(),
        *anatomy.nerves.values(),
    ]


def test_every_source_is_used(anatomy):
    used = {key for entry in everything(anatomy) for key in entry.sources}
    assert used == set(anatomy.sources)


def test_high_confidence_needs_a_source_that_was_read(anatomy):
    for entry in [*anatomy.joints.values(), *anatomy.nerves.values()]:
        read = {
            key
            for key in entry.sources
            if anatomy.sources[key].read is not SourceRead.NOT_READ and not key.startswith("DICOM")
        }
        assert read or entry.confidence is not Confidence.HIGH, entry.id


def test_disputed_targets_are_never_high_and_say_why(anatomy):
    for nerve in anatomy.nerves.values():
        if nerve.evidence == "disputed":
            assert nerve.confidence is not Confidence.HIGH
            assert nerve.note.startswith("Disputed target.")


def test_the_table_says_that_it_is_a_draft(anatomy):
    assert anatomy.status == "draft, needs sign-off by an interventional pain physician"


def test_addresses_are_web_addresses(anatomy):
    addresses = [source.address for source in anatomy.sources.values() if source.address]
    assert len(addresses) > 10
    assert all(address.startswith(("https://", "http://")) for address in addresses)
