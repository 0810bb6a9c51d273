"""Every shipped folder loads without a fault, goes in and comes out to the letter, and bad ones are refused by name."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from app.documents.storage import FileStore
from app.jurisdictions.queries import get_version_in_force, profile_of
from app.jurisdictions.rules import describe_fault, faults
from app.jurisdictions.rules.folder import (
    FolderError,
    check_folder,
    folder_files,
    profile_files,
    read_folder,
    read_profile,
)
from app.kernel.actor import Actor
from app.organisation.permissions import RIGHTS
from app.platform.cli_jurisdiction import jurisdiction
from app.platform.services import exported_folder, import_folder
from tests.conftest import MORNING, ROOT
from tests.world import FOLDERS, World, folder

TENANTS = ROOT / "tenants"
JURISDICTIONS = sorted(path.name for path in TENANTS.glob("[0-9]*"))
PRESETS = ["_default", *sorted(f"presets/{path.name}" for path in (TENANTS / "presets").iterdir())]


@pytest.mark.parametrize("name", JURISDICTIONS)
def test_every_shipped_jurisdiction_has_no_fault_and_is_in_the_canonical_form(name: str) -> None:
    loaded = read_folder(TENANTS / name)
    assert faults(loaded.profile, RIGHTS) == []
    for file, data in folder_files(loaded).items():
        assert (TENANTS / name / file).read_bytes() == data, file


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_has_no_fault_and_is_in_the_canonical_form(name: str) -> None:
    profile = read_profile(TENANTS / name)
    assert faults(profile, RIGHTS) == []
    for file, data in profile_files(profile).items():
        assert (TENANTS / name / file).read_bytes() == data, file


def test_what_was_imported_comes_out_to_the_letter(session: Any, world: World, tmp_path: Path) -> None:
    store = FileStore(tmp_path)
    for slug in FOLDERS:
        loaded = folder(slug)
        again = import_folder(session, Actor.system(None), loaded, at=MORNING, today=MORNING.date(), store=store)
        assert (again.published, again.version, again.templates.added) == (False, 1, len(loaded.templates))
        assert not (again.units or again.roles or again.sources)
        assert folder_files(exported_folder(session, slug, at=MORNING, store=store)) == folder_files(loaded)
    with world.huaian.inside():
        version = get_version_in_force(session, MORNING)
        assert profile_of(session, version.id) == folder("huaian").profile


@pytest.mark.parametrize(
    ("file", "old", "new", "place", "code"),
    [
        (
            "profile/procedure.yaml",
            "kind: draft",
            "kind: draft\n      colour: red",
            "procedure.steps[0].colour",
            "unknown_key",
        ),
        ("profile/procedure.yaml", "- inspector", "- stranger", "procedure.steps[0].who[0]", "unknown_role"),
        (
            "profile/procedure.yaml",
            "returns_to: draft",
            "returns_to: archiving",
            "steps[1].returns_to",
            "returns_forward",
        ),
        ("profile/procedure.yaml", "article: 第九条（一）", "name: 审批", "profile/procedure.yaml:19", "doubled"),
        (
            "profile/procedure.yaml",
            "      article: 第九条（一）\n",
            "",
            "procedure.steps[1].article",
            "article_missing",
        ),
        ("profile/deadlines.yaml", "amount: 1\n", "amount: -1\n", "deadline_rules[0].amount", "out_of_range"),
        ("profile/roles.yaml", "- matter:approve", "- matter:rule_the_world", "roles[1].rights", "unknown_right"),
        ("profile/sources.yaml", "key: other", "key: petition", "matter_sources", "doubled"),
        (
            "profile/dispatch.yaml",
            "- supervision_notice",
            "- love_letter",
            "document_types[0]",
            "unknown_document_type",
        ),
        ("units.yaml", "parent: GOV", "parent: NOWHERE", "units[1].parent", "unknown_unit"),
        ("units.yaml", "code: GOV\n", "code: GOV\n    parent: OFFICE\n", "units[0].parent", "unit_cycle"),
        ("jurisdiction.yaml", "slug: huarong", "slug: Huarong!", "jurisdiction.yaml:2: slug", "bad_form"),
    ],
)
def test_a_fault_names_its_place(tmp_path: Path, file: str, old: str, new: str, place: str, code: str) -> None:
    shutil.copytree(TENANTS / FOLDERS["huarong"], tmp_path / "x")
    path = tmp_path / "x" / file
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    loaded, found = check_folder(tmp_path / "x", RIGHTS)
    assert loaded is None
    assert any(place in fault.path and fault.code == code for fault in found), found
    for fault in found:
        msgid, values = describe_fault(fault)
        assert fault.path in msgid % values
    said = CliRunner().invoke(jurisdiction, ["check", str(tmp_path / "x")])
    assert said.exit_code == 1
    assert place in said.output
    assert "Traceback" not in said.output


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("a: &x [1]\nb: *x\n", "alias"),
        ("words: {a: 1, a: 2}\n", "doubled"),
        ("words: " + "[" * 200 + "]" * 200, "too_deep"),
        ("words: " + "x" * 600_000, "file_too_large"),
        ("- 1\n", "not_section"),
        ("words: [", "yaml_unreadable"),
        ("words: !!python/object/apply:os.system [id]\n", "tag"),
    ],
)
def test_hostile_yaml_is_refused_before_anything_is_built(tmp_path: Path, text: str, code: str) -> None:
    shutil.copytree(TENANTS / FOLDERS["huarong"], tmp_path / "x")
    (tmp_path / "x" / "profile" / "words.yaml").write_text(text, "utf-8")
    with pytest.raises(FolderError) as refused:
        read_folder(tmp_path / "x")
    assert [fault.code for fault in refused.value.faults if "words.yaml" in fault.path] == [code]


def test_check_says_what_it_would_load() -> None:
    said = CliRunner().invoke(jurisdiction, ["check", str(TENANTS / FOLDERS["huaian"])])
    assert said.exit_code == 0
    assert "立项 → 审定 → 督查方案 → 交办 → 催办督办 → 反馈审核 → 归档" in said.output
