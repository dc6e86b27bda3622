"""Protocols of the program and of a site together, and what became of the one a reading began with."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from fluoro_annotator import settings
from fluoro_annotator.anatomy import Side
from fluoro_annotator.errors import UnknownProtocolError
from fluoro_annotator.protocols import Agreement, load_protocols

SHIPPED = load_protocols(folders=())


@dataclass(frozen=True)
class Remembered:
    """What a reading remembers."""

    protocol_id: str
    version: str
    content_hash: str
    joints: tuple[str, ...] = ("L4-L5",)
    sides: tuple[Side, ...] = (Side.RIGHT,)

    @classmethod
    def of(cls, protocol, **changes):
        return cls(protocol.id, protocol.version, protocol.content_hash, **changes)


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "protocols"


def test_a_folder_that_does_not_exist_holds_none(folder):
    library = load_protocols([folder])
    assert library.protocols == SHIPPED.protocols
    assert library.refused == ()


def test_the_folder_of_the_settings_is_read(write, small, monkeypatch):
    monkeypatch.setenv(settings.PROTOCOLS_VARIABLE, str(write(small).parent))
    assert load_protocols().get("site_block").title == "Block as we do it"


def test_without_a_setting_the_folder_lies_beside_the_store(monkeypatch):
    monkeypatch.delenv(settings.PROTOCOLS_VARIABLE, raising=False)
    monkeypatch.delenv(settings.STORE_VARIABLE, raising=False)
    assert settings.protocols_folder().name == "protocols"
    assert settings.protocols_folder().parent == Path(settings.store_location()).parent


def test_the_home_folder_is_filled_in(monkeypatch):
    monkeypatch.setenv(settings.PROTOCOLS_VARIABLE, "~/plans")
    assert settings.protocols_folder() == settings.Path.home() / "plans"


def test_a_site_adds_a_protocol(write, small, folder):
    write(small)
    entry = next(one for one in load_protocols([folder]).current if not one.shipped)
    assert (entry.protocol.id, entry.overrides, entry.path.name) == ("site_block", "", "own.yaml")


def test_a_site_overrides_a_protocol_of_the_program_and_that_is_said(write, small, folder):
    write(small.replace("id: site_block", "id: lumbar_mbb").replace('"2.1"', '"0.9"'))
    library = load_protocols([folder])
    assert library.get("lumbar_mbb").version == "0.9"
    entry = next(one for one in library.current if one.protocol.id == "lumbar_mbb")
    assert (entry.shipped, entry.overrides) == (False, "1.1")
    assert library.get("lumbar_mbb", "1.1").title == "Lumbar medial branch block"
    assert len(library.protocols) == len(SHIPPED.protocols)


def test_the_newest_version_of_a_site_is_used_and_older_ones_stay_at_hand(write, small, folder):
    write(small.replace('"2.1"', '"2.9"'), "a.yaml")
    write(small.replace('"2.1"', '"2.10"'), "b.yaml")
    write(small, "c.yml")
    library = load_protocols([folder])
    assert library.get("site_block").version == "2.10"
    assert library.get("site_block", "2.1").version == "2.1"


def test_one_broken_file_does_not_keep_the_others_from_loading(write, small, folder):
    write(small, "good.yaml")
    bad = write(small.replace("region: lumbar", "region: tail"), "bad.yaml")
    library = load_protocols([folder])
    assert library.get("site_block")
    assert [one.path for one in library.refused] == [bad]
    assert "line 7" in library.refused[0].error.subject
    assert len(library.protocols) == len(SHIPPED.protocols) + 1


def test_two_files_with_the_same_version_are_one_too_many(write, small, folder):
    write(small, "a.yaml")
    write(small.replace("as we do it", "as they do it"), "b.yaml")
    library = load_protocols([folder])
    assert library.get("site_block").title == "Block as we do it"
    assert "a.yaml holds the protocol site_block, version 2.1, already" in str(library.refused[0].error)


def test_only_yaml_files_are_looked_at(write, small, folder):
    write(small, "notes.txt")
    write(small, ".hidden.yaml")
    write(small, "copy.yaml~")
    assert load_protocols([folder]).protocols == SHIPPED.protocols


def test_a_folder_named_like_a_protocol_is_refused_and_not_entered(write, small, folder):
    write(small)
    (folder / "deep.yaml").mkdir()
    assert [one.path.name for one in load_protocols([folder]).refused] == ["deep.yaml"]


def test_a_folder_that_is_a_file_is_refused_in_words(write, small):
    path = write(small)
    library = load_protocols([path])
    assert "the folder cannot be read" in str(library.refused[0].error)
    assert library.protocols == SHIPPED.protocols


def test_a_folder_that_is_clearly_another_one_is_not_read(folder):
    folder.mkdir()
    for number in range(201):
        (folder / f"{number}.yaml").touch()
    library = load_protocols([folder])
    assert [one.path for one in library.refused] == [folder]
    assert "201 YAML files" in library.refused[0].error.problem


@pytest.mark.parametrize(("key", "version"), [("lumbar_block", None), ("lumbar_mbb", "7"), ("", None)])
def test_what_is_not_installed_is_refused_with_what_is(key, version):
    with pytest.raises(UnknownProtocolError, match=r"Installed are .*lumbar_mbb 1\.1"):
        SHIPPED.get(key, version)


def test_the_hash_is_of_the_content_not_of_the_writing(write, small, own):
    from fluoro_annotator.protocols import read_protocol

    remarked = small.replace("title: Block as we do it", "# a remark\ntitle:   'Block as we do it'")
    cited = small.replace("Minutes of our meeting", "Minutes of our meeting in May")
    changed = small.replace("good: [0.2, 0.8]", "good: [0.2, 0.7]")
    same, mended, other = (
        read_protocol(write(text, name)).content_hash
        for text, name in ((remarked, "a.yaml"), (cited, "b.yaml"), (changed, "c.yaml"))
    )
    assert same == mended == own.content_hash
    assert other != own.content_hash


def test_an_empty_field_does_not_count_for_the_hash_but_a_zero_does(write, small, own):
    from fluoro_annotator.protocols import read_protocol
    from fluoro_annotator.protocols.protocol import _essence

    spelled = small.replace("    marginal: [0.1, 0.9]\n", "    marginal: [0.1, 0.9]\n    validated: false\n")
    assert read_protocol(write(spelled, "a.yaml")).content_hash == own.content_hash
    assert _essence({"a": 0, "b": 0.0, "c": (), "d": None, "e": False, "f": ({"g": ""},)}) == {
        "a": 0,
        "b": 0.0,
        "f": [{}],
    }


def test_a_protocol_that_is_the_same_is_called_the_same():
    found = SHIPPED.compare(Remembered.of(SHIPPED.get("lumbar_mbb")))
    assert (found.agreement, found.slots_known, found.added, found.removed) == (Agreement.SAME, True, (), ())


def test_a_protocol_that_is_gone_is_missing_and_marks_are_said_to_be_kept(own):
    found = SHIPPED.compare(Remembered.of(own))
    assert (found.agreement, found.present) == (Agreement.MISSING, None)
    assert "site_block, version 2.1" in found.text
    assert "Its marks are kept" in found.text


def test_a_changed_protocol_whose_old_file_is_kept_tells_which_slots_differ(write, small, folder, own):
    write(small, "old.yaml")
    newer = small.replace('"2.1"', '"2.2"').replace("event: contrast_appears\n", "event: final_position\n")
    write(newer.replace("[contrast_appears]", "[final_position]"), "new.yaml")
    found = load_protocols([folder]).compare(Remembered.of(own))
    assert (found.agreement, found.slots_known) == (Agreement.CHANGED, True)
    assert found.added == ("L4_MB:R:AP_TRUE:event:final_position", "L3_MB:R:AP_TRUE:event:final_position")
    assert found.removed == (
        "L4_MB:R:AP_TRUE:event:contrast_appears",
        "L3_MB:R:AP_TRUE:event:contrast_appears",
    )
    assert found.original.version == "2.1"
    assert "version 2.1 then, 2.2 now" in found.text


def test_a_file_changed_without_a_new_version_is_noticed(write, small, folder, own):
    write(small.replace("good: [0.2, 0.8]", "good: [0.2, 0.7]"))
    found = load_protocols([folder]).compare(Remembered.of(own))
    assert (found.agreement, found.slots_known, found.original) == (Agreement.CHANGED, False, None)
    assert "cannot be told" in found.text


def test_joints_that_the_present_protocol_is_not_for_cannot_be_compared(write, small, folder, own):
    write(small, "old.yaml")
    write(small.replace('"2.1"', '"3"').replace("[L3-L4, L4-L5]", "[L3-L4]"), "new.yaml")
    found = load_protocols([folder]).compare(Remembered.of(own))
    assert (found.agreement, found.slots_known) == (Agreement.CHANGED, False)


def test_a_choice_of_a_reading_is_a_choice_here():
    from fluoro_annotator.marks import PlanChoice

    protocol = SHIPPED.get("lumbar_mbb")
    choice = PlanChoice(
        protocol_id=protocol.id,
        version=protocol.version,
        content_hash=protocol.content_hash,
        joints=("L4-L5",),
        sides=(Side.RIGHT,),
    )
    assert SHIPPED.compare(choice).agreement is Agreement.SAME
