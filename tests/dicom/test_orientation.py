"""Names of views."""

import pytest
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

from fluoro_annotator.dicom.orientation import OLDER_VIEW_CODES, VIEW_CODES, view_name
from fluoro_annotator.dicom.view_names import read_label


def coded(code, meaning="anything"):
    item = Dataset()
    item.CodeValue = code
    item.CodingSchemeDesignator = "SCT"
    item.CodeMeaning = meaning
    dataset = Dataset()
    dataset.ViewCodeSequence = Sequence([item])
    return dataset


@pytest.mark.parametrize(("code", "name"), (VIEW_CODES | OLDER_VIEW_CODES).items())
def test_codes_have_names(code, name):
    assert read_label(coded(code)).text == name


def test_codes_agree_with_the_dictionary_of_dicom():
    from pydicom.sr.codedict import codes

    ours = {code: name for code, name in VIEW_CODES.items() if "oblique" in name}
    standard = {
        codes.SCT.RightPosteriorOblique.value: "right posterior oblique",
        codes.SCT.LeftPosteriorOblique.value: "left posterior oblique",
        codes.SCT.RightAnteriorOblique.value: "right anterior oblique",
        codes.SCT.LeftAnteriorOblique.value: "left anterior oblique",
        codes.SCT.ObliqueProjection.value: "oblique",
    }
    assert ours == standard


def test_older_codes_mean_the_same():
    from pydicom.sr.codedict import Code

    for code, name in OLDER_VIEW_CODES.items():
        equal = [new for new in VIEW_CODES if Code(new, "SCT", "") == Code(code, "SRT", "")]
        assert [VIEW_CODES[new] for new in equal] == [name]


def test_an_unknown_code_is_named_by_its_meaning():
    assert read_label(coded("1", "swimmer's")).text == "swimmer's"


def test_a_code_goes_before_the_view_position():
    dataset = coded("399348003")
    dataset.ViewPosition = "PA"
    assert read_label(dataset).text == "AP"


@pytest.mark.parametrize(("term", "name"), [("AP", "AP"), ("LL", "left lateral"), ("XX", ""), ("", "")])
def test_view_positions(term, name):
    dataset = Dataset()
    dataset.ViewPosition = term
    assert read_label(dataset).text == name


@pytest.mark.parametrize(
    ("label", "primary", "secondary", "name"),
    [
        ("", None, None, "view not stated"),
        ("", 25.0, None, "primary 25.0°"),
        ("", None, 5.0, "secondary 5.0°"),
        ("oblique", 25.0, 0.0, "oblique, primary 25°"),
        ("oblique", 25.0, -40.0, "oblique, primary 25°, secondary -40°"),
        ("right posterior oblique", -155.0, None, "right posterior oblique, primary -155°"),
        ("lateral", 90.0, 0.0, "lateral"),
        ("oblique", None, None, "oblique"),
    ],
)
def test_names(label, primary, secondary, name):
    assert view_name(label, primary, secondary) == name


@pytest.mark.parametrize("primary", range(-180, 181, 15))
def test_an_angle_alone_never_names_a_side_or_a_view(primary):
    name = view_name("", float(primary), 0.0)
    assert not any(word in name.lower() for word in ("left", "right", "lao", "rao", "ap", "oblique"))
