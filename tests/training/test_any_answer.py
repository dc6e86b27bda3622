"""Whatever is marked, however little is known: there is one outcome, and it explains itself."""

from hypothesis import given, settings
from hypothesis import strategies as st

from fluoro_annotator.anatomy import Side, load_anatomy
from fluoro_annotator.geometry import UNCALIBRATED, Calibration, CalibrationSource, Point, Ruler
from fluoro_annotator.marks import FrameRef, Landmark, MarkKind, Needle, NerveCourse, Target
from fluoro_annotator.protocols import load_protocols
from fluoro_annotator.training import (
    ImageFacts,
    Marking,
    Outcome,
    PlacedAnswer,
    PlaceTarget,
    Setting,
    score,
)

FRAME = FrameRef("1.2.3.4", 1)
ANATOMY = load_anatomy()
PROTOCOLS = [load_protocols(folders=()).get(name) for name in ("lumbar_mbb", "lumbar_rfn")]
LANDMARKS = sorted({landmark.id for protocol in PROTOCOLS for landmark in protocol.landmarks})

places = st.builds(Point, st.floats(0, 60).map(float), st.floats(0, 60).map(float))
sites = st.builds(
    ANATOMY.site, st.sampled_from(["L2_MB", "L3_MB", "L5_DR"]), st.sampled_from([Side.LEFT, Side.RIGHT])
)
pairs = st.tuples(places, places).filter(lambda pair: pair[0] != pair[1])
targets = st.builds(lambda site, at: Target(frame=FRAME, site=site, position=at), sites, places)
needles = st.builds(
    lambda site, ends, tip: Needle(frame=FRAME, site=site, tip=ends[0], hub=ends[1], active_tip_mm=tip),
    sites,
    pairs,
    st.sampled_from([None, 5.0, 10.0]),
)
courses = st.builds(lambda site, ends: NerveCourse(frame=FRAME, site=site, vertices=ends), sites, pairs)
landmarks = st.builds(
    lambda name, site, at: Landmark(
        frame=FRAME, name=name, vertebra=site.vertebra, side=site.side, position=at
    ),
    st.sampled_from([*LANDMARKS, "superior_endplate_1", "superior_endplate_2"]),
    sites,
    places,
)
readings = st.lists(st.one_of(targets, needles, courses, landmarks, landmarks), max_size=25)
rulers = st.builds(
    Ruler,
    st.sampled_from([UNCALIBRATED, Calibration(CalibrationSource.KNOWN_LENGTH, 0.3, 0.2, 0.05)]),
    st.sampled_from([1.0, 1.5]),
)
images = st.builds(
    ImageFacts,
    st.sampled_from(["", "AP_TRUE", "IPSI_OBLIQUE", "DECLINED_OBLIQUE", "LATERAL_TRUE", "UNHEARD_OF"]),
    rulers,
    st.sampled_from([None, ("R", "F"), ("L", "F"), ("P", "F"), ("F", "A"), ("RA", "F")]),
    st.sampled_from([None, Side.LEFT, Side.RIGHT]),
)


@settings(deadline=None, max_examples=200)
@given(
    st.lists(readings, min_size=1, max_size=4),
    images,
    sites,
    st.one_of(targets, needles, st.none()),
    st.sampled_from(PROTOCOLS),
)
def test_there_is_one_outcome_and_it_explains_itself(records, image, site, mark, protocol):
    experts = tuple(Marking(f"Expert {number}", tuple(one)) for number, one in enumerate(records))
    setting = Setting(protocol=protocol, references=experts, frame=FRAME, image=image)
    is_needle = mark is not None and mark.kind is MarkKind.NEEDLE
    found = score(PlaceTarget(setting, site, needle=is_needle), PlacedAnswer(mark=mark))
    assert found.outcome in Outcome
    assert found.why[0].sentence
    assert (found.reason is not None) == (found.outcome is Outcome.NOT_ASSESSABLE)
    assert score(PlaceTarget(setting, site, needle=is_needle), PlacedAnswer(mark=mark)) == found
    if found.measures is not None:
        assert (found.measures.millimetres is None) == (not image.ruler.calibration.usable)
    if found.outcome is Outcome.UNSAFE:
        assert any(line.past for line in found.measures.lines)
        assert not found.measures.same_place
