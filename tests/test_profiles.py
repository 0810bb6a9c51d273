"""Every shipped folder loads without a fault, goes in and comes out to the letter, and bad ones are refused by name."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from app.documents.storage import FileStore
from app.jurisdictions.queries import get_version_in_force, profile_of
from app.jurisdictions.rules import Profile, describe_fault, faults
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
PRESETS = sorted(path.name for path in (TENANTS / "presets").iterdir())


@pytest.mark.parametrize("name", JURISDICTIONS)
def test_every_shipped_jurisdiction_has_no_fault_and_is_in_the_canonical_form(name: str) -> None:
    loaded = read_folder(TENANTS / name)
    assert faults(loaded.profile, RIGHTS) == []
    for file, data in folder_files(loaded).items():
        assert (TENANTS / name / file).read_bytes() == data, file


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_has_no_fault_and_is_in_the_canonical_form(name: str) -> None:
    profile = read_profile(TENANTS / "presets" / name)
    assert faults(profile, RIGHTS) == []
    for file, data in profile_files(profile).items():
        assert (TENANTS / "presets" / name / file).read_bytes() == data, file


def test_the_regulations_differ_as_data(world: World) -> None:
    huarong, huaian = folder("huarong").profile, folder("huaian").profile
    pairs: list[tuple[Any, Any]] = [
        (huarong.regulation.level, huaian.regulation.level),
        (huarong.regulation.status, huaian.regulation.status),
        (huarong.bodies.operating, huaian.bodies.operating),
        (len(huarong.matter_sources), len(huaian.matter_sources)),
        (huarong.intake.paper, huaian.intake.paper),
        (_step(huarong, "draft").required_fields, _step(huaian, "draft").required_fields),
        (_step(huarong, "approval").approval, _step(huaian, "approval").approval),
        (huarong.numbering.enabled, huaian.numbering.enabled),
        (huarong.routing.strategy, huaian.routing.strategy),
        (huarong.groups.enabled, huaian.groups.enabled),
        (huarong.dispatch.scheme_required, huaian.dispatch.scheme_required),
        (huarong.dispatch.document_types, huaian.dispatch.document_types),
        (huarong.dispatch.require_source_copy, huaian.dispatch.require_source_copy),
        (huarong.units.responsible_division_enabled, huaian.units.responsible_division_enabled),
        (huarong.handling_modes, huaian.handling_modes),
        (huarong.receipt.required, huaian.receipt.required),
        (huarong.receipt.require_leader_in_charge, huaian.receipt.require_leader_in_charge),
        (_rule(huarong, "month"), _rule(huaian, "instruction")),
        (huarong.extension.mode, huaian.extension.mode),
        (huarong.methods.items, huaian.methods.items),
        (huarong.methods.consent_roles, huaian.methods.consent_roles),
        (huarong.completion.document_no_required, huaian.completion.document_no_required),
        (huarong.completion.criteria, huaian.completion.criteria),
        (huarong.reports.approval, huaian.reports.approval),
        (huarong.reports.types, huaian.reports.types),
        (huarong.periodic_checks, huaian.periodic_checks),
        (huarong.reference_register, huaian.reference_register),
        (huarong.secrecy.custodian_required, huaian.secrecy.custodian_required),
        (huarong.secrecy.prohibitions, huaian.secrecy.prohibitions),
        (huarong.accountability.items, huaian.accountability.items),
        (huarong.rewards.items, huaian.rewards.items),
        (huarong.units.roles, huaian.units.roles),
        (huarong.attendance, huaian.attendance),
        (huarong.lower_bodies.relation, huaian.lower_bodies.relation),
        (len(huarong.procedure.steps), len(huaian.procedure.steps)),
        (huarong.regulation.interpreting_body, huaian.regulation.interpreting_body),
    ]
    for index, (district, city) in enumerate(pairs):
        assert district != city, f"difference {index} is not expressed"


def _step(profile: Profile, kind: str) -> Any:
    return next(step for step in profile.procedure.steps if step.kind == kind)


def _rule(profile: Profile, key: str) -> Any:
    rule = next(rule for rule in profile.deadline_rules if rule.key == key)
    return (rule.rule, rule.amount, rule.start_event, rule.roll)


def test_the_rules_say_what_the_articles_say() -> None:
    huarong, huaian = folder("huarong").profile, folder("huaian").profile
    assert [source.article for source in huarong.matter_sources] == [
        f"第四条（{number}）" for number in "一二三四五六七八九十"
    ]
    assert [source.article for source in huaian.matter_sources] == [f"第三条第{number}项" for number in range(2, 7)]
    assert _rule(huarong, "month") == ("months", 1, "acknowledged", "next_working_day")
    assert _rule(huarong, "media_interim") == ("calendar_days", 7, "dispatched", "none")
    assert _rule(huaian, "instruction") == ("working_days", 7, "dispatched", "none")
    approval = _step(huarong, "approval").approval
    assert (approval.mode, approval.roles) == ("any_of", ("office_leader", "government_leader"))
    approval = _step(huaian, "approval").approval
    assert (approval.mode, approval.roles) == ("all_of", ("secretary_general", "office_director"))


def test_what_was_imported_comes_out_to_the_letter(session: Any, world: World, tmp_path: Path) -> None:
    store = FileStore(tmp_path)
    for slug in FOLDERS:
        loaded = folder(slug)
        again = import_folder(session, Actor.system(None), loaded, at=MORNING, today=MORNING.date(), store=store)
        assert (again.published, again.units_added, again.version) == (False, 0, 1)
        assert again.templates_added == len(loaded.templates)
        assert folder_files(exported_folder(session, slug, store=store)) == folder_files(loaded)
    with world.huaian.inside():
        version = get_version_in_force(session)
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
