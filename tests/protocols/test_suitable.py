"""Views suggested from angles."""

import pytest

from fluoro_annotator.protocols import load_protocols, suitable_views

LIBRARY = load_protocols(folders=())


@pytest.mark.parametrize(
    ("key", "primary", "secondary", "expected"),
    [
        ("lumbar_mbb", 0, 0, ["AP_TRUE"]),
        ("lumbar_mbb", 180, 12, ["AP_TRUE"]),
        ("lumbar_mbb", -180, 12, ["AP_TRUE"]),
        ("lumbar_mbb", 25, 5, ["IPSI_OBLIQUE"]),
        ("lumbar_mbb", -25, 5, ["IPSI_OBLIQUE"]),
        ("lumbar_mbb", 155, 5, ["IPSI_OBLIQUE"]),
        ("lumbar_mbb", -205, 5, ["IPSI_OBLIQUE"]),
        ("lumbar_mbb", 90, 0, ["LATERAL_TRUE"]),
        ("lumbar_mbb", -93, 3, ["LATERAL_TRUE"]),
        ("lumbar_mbb", 60, 0, []),
        ("lumbar_mbb", 45, 0, ["IPSI_OBLIQUE"]),
        ("lumbar_mbb", 45.5, 0, []),
        ("lumbar_rfn", 20, -42, ["DECLINED_OBLIQUE", "IPSI_OBLIQUE"]),
        ("lumbar_rfn", 20, 0, ["IPSI_OBLIQUE"]),
        ("l5_dr_rfn", 0, -40, ["DECLINED_OBLIQUE", "AP_TRUE"]),
        ("cervical_rfn", 0, -25, ["PILLAR", "AP_TRUE"]),
        ("cervical_rfn", 50, 0, ["FORAMINAL_OBLIQUE"]),
    ],
)
def test_angles_suggest_views_the_nearest_first(key, primary, secondary, expected):
    found = suitable_views(LIBRARY.get(key).views, primary, secondary)
    assert [view.id for view in found] == expected


def test_localizers_and_runs_are_never_suggested():
    for protocol in LIBRARY.protocols:
        for primary in range(-180, 181, 5):
            found = suitable_views(protocol.views, primary, 0.0)
            assert not {"LOCALIZER", "CONTRAST_LIVE"} & {view.id for view in found}


@pytest.mark.parametrize("primary", [5, 25, 50, 90])
def test_mirrored_and_turned_patients_get_the_same_views(primary):
    for protocol in LIBRARY.protocols:
        views = protocol.views
        wanted = suitable_views(views, primary, 0.0)
        for other in (-primary, 180 - primary, primary - 180):
            assert suitable_views(views, other, 0.0) == wanted
