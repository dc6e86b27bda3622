"""A small protocol as text, for tests to spoil, and a folder of a site."""

import pytest

from fluoro_annotator.protocols import read_protocol

SMALL = """\
format: fluoro_annotator.protocol
schema: 1
id: site_block
version: "2.1"
status: approved by the site
title: Block as we do it
region: lumbar
procedure: block
joints: [L3-L4, L4-L5]
views: [AP_TRUE, LATERAL_TRUE]
optional_views: [LATERAL_TRUE]
define:
  sources:
    - key: OUR_MEETING
      citation: Minutes of our meeting
      read: full
  landmarks:
    - {id: our_point, title: our own point}
  constructions:
    - id: our_axis
      title: Our axis
      kind: axis
      view: LATERAL_TRUE
      landmarks: [our_point, sap_posterior]
      confidence: high
      sources: [OUR_MEETING]
bands:
  - id: our_band
    title: Our band
    measure: fraction_along
    axis: our_axis
    view: LATERAL_TRUE
    good: [0.2, 0.8]
    marginal: [0.1, 0.9]
    confidence: low
    sources: [OUR_MEETING]
groups:
  - nerves: [L2_MB, L3_MB, L4_MB]
    slots:
      - what: target
        view: AP_TRUE
        hint: Press on {vertebra} for the {nerve} on the {side}.
        basis: engineering
      - what: needle
        view: LATERAL_TRUE
        required: false
        hint: Press on tip and hub.
        accept: Dorsal.
        confidence: moderate
        sources: [LAU2004]
      - what: event
        event: contrast_appears
        view: AP_TRUE
        hint: Mark the frame.
        basis: taught
        confidence: high
        sources: [GK]
    constructions: [our_axis]
    bands: [our_band]
    safety_lines: [SL_L_FORAMEN]
    notes:
      - {text: Mind the gap., basis: engineering}
events: [contrast_appears]
rubric: [level_correct]
needles:
  gauges: [22]
  active_tips_mm: [10.0]
  basis: engineering
"""


@pytest.fixture
def small():
    """Return the text of a valid protocol."""
    return SMALL


@pytest.fixture
def write(tmp_path):
    """Return a function that writes a protocol file and returns its path."""

    def write(text, name="own.yaml"):
        path = tmp_path / "protocols" / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
        return path

    return write


@pytest.fixture
def own(write):
    """Return the small protocol, read."""
    return read_protocol(write(SMALL))
