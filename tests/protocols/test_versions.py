"""A protocol of the program whose content changes gets another version: readings remember both."""

from dataclasses import replace

import pytest

from fluoro_annotator.protocols import load_protocols

PUBLISHED = {
    ("cervical_mbb", "1.0"): "0814b1cce3243dae",
    ("cervical_rfn", "1.0"): "04060d48f37a0536",
    ("l5_dr_block", "1.0"): "f607ad7d8ffd2fe2",
    ("l5_dr_rfn", "1.0"): "0224175d65f8cb5e",
    ("lumbar_mbb", "1.0"): "59fdc528fe8c9889",
    ("lumbar_rfn", "1.0"): "62b7e00c71de70b0",
    ("thoracic_mbb", "1.0"): "64a59b25f5e7e515",
    ("ton_block", "1.0"): "4c8791ac592f74d3",
    ("ton_rfn", "1.0"): "e584ca8dd453e834",
    ("cervical_mbb", "1.1"): "6d8cd1c5dd999f77",
    ("cervical_rfn", "1.1"): "529d01e447b64cdf",
    ("l5_dr_block", "1.1"): "e7598af957e08bc0",
    ("l5_dr_rfn", "1.1"): "09ca3c7359dc6aa8",
    ("lumbar_mbb", "1.1"): "30c701071902f1ef",
    ("lumbar_rfn", "1.1"): "a451ed33d6717670",
    ("thoracic_mbb", "1.1"): "c81eb7604d0f7490",
    ("ton_block", "1.1"): "9ea9da384c53958e",
    ("ton_rfn", "1.1"): "cfda05ba68f4e910",
}
"""Beginning of the hash of each version that was ever given out; lines are added, never changed."""


@pytest.mark.parametrize("protocol", load_protocols(folders=()).protocols, ids=lambda one: one.id)
def test_content_and_version_change_together(protocol):
    key = (protocol.id, protocol.version)
    assert PUBLISHED.get(key) == protocol.content_hash[:16], "raise the version in the file, and add it here"


@pytest.mark.parametrize("protocol", load_protocols(folders=()).protocols, ids=lambda one: one.id)
def test_without_its_pass_rule_a_protocol_is_what_it_was_before_there_were_pass_rules(protocol):
    before = replace(protocol, pass_rule=None)
    assert PUBLISHED[protocol.id, "1.0"] == replace(before, version="1.0").content_hash[:16]
    assert before.content_hash != protocol.content_hash
