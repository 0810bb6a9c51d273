"""Who may do what to a matter: every act at every step by every role, in both shipped procedures, and one table asked twice."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as effort
from hypothesis import strategies as st

from app.jurisdictions.rules import (
    Approval,
    Procedure,
    Profile,
    Step,
    StepChoice,
    StepKind,
    compile_procedure,
)
from app.jurisdictions.rules.folder import read_folder
from app.jurisdictions.rules.procedure import ApprovalMode
from app.matters.rules import (
    PER_UNIT,
    REASONS,
    Act,
    ActorFacts,
    ApprovalFacts,
    AssignmentFacts,
    AssignmentState,
    Case,
    MatterFacts,
    MatterState,
    Settings,
    allowed,
    decide,
    is_approved,
)
from tests.conftest import ROOT

FOLDERS = {"huarong": "420703-huarong", "huaian": "320800-huaian"}
UNIT, OTHER_UNIT, OFFICE = 1, 2, 9
PART, MEMBER = 7, 5

STATE_AT = {
    StepKind.DRAFT: MatterState.DRAFT,
    StepKind.APPROVAL: MatterState.PROPOSED,
    StepKind.REGISTRATION: MatterState.LISTED,
    StepKind.SCHEME: MatterState.LISTED,
    StepKind.DISPATCH: MatterState.REGISTERED,
    StepKind.HANDLING: MatterState.IN_PROGRESS,
    StepKind.REVIEW: MatterState.REPORTED,
    StepKind.CLOSING: MatterState.COMPLETED,
    StepKind.ARCHIVING: MatterState.CLOSED_OUT,
}

# (step, state of the unit's part): act -> the roles that may, and no other role may. "unit" is liaison and leader.
OFFICE_ONLY = "administrator inspector"
HUARONG = {
    ("draft", None): {"edit": "inspector", "submit": "inspector", "cancel": OFFICE_ONLY},
    ("approval", None): {
        "approve": "government_leader office_leader",
        "return": "government_leader office_leader",
        "cancel": OFFICE_ONLY,
    },
    ("registration", None): {"register": "custodian inspector", "cancel": OFFICE_ONLY},
    ("dispatch", None): {"dispatch": "inspector", "cancel": OFFICE_ONLY},
    ("handling", "notified"): {
        "acknowledge": "unit",
        "decline": "unit",
        "log_receipt": OFFICE_ONLY,
        "instruct": "inspector",
        "suspend": OFFICE_ONLY,
        "cancel": OFFICE_ONLY,
        "urge": OFFICE_ONLY,
    },
    ("handling", "in_progress"): {
        "report_progress": "unit",
        "explain_delay": "unit",
        "report_completion": "unit",
        "instruct": "inspector",
        "suspend": OFFICE_ONLY,
        "cancel": OFFICE_ONLY,
        "urge": OFFICE_ONLY,
    },
    ("handling", "declined"): {
        "reassign": "inspector",
        "instruct": "inspector",
        "suspend": OFFICE_ONLY,
        "cancel": OFFICE_ONLY,
    },
    ("review", "reported"): {
        "accept": "inspector office_leader",
        "return_for_rework": "inspector office_leader",
        "suspend": OFFICE_ONLY,
        "cancel": OFFICE_ONLY,
    },
    ("closing", "accepted"): {"close_out": "inspector", "reopen": OFFICE_ONLY},
    ("archiving", "accepted"): {"archive": "archivist inspector", "reopen": OFFICE_ONLY},
}
GROUPS = "group_inspector inspector"
BOTH = "administrator group_inspector inspector"
HUAIAN = {
    ("listing", None): {"edit": GROUPS, "submit": GROUPS, "cancel": OFFICE_ONLY},
    ("approval", None): {
        "approve": "office_director secretary_general",
        "return": "office_director secretary_general",
        "cancel": OFFICE_ONLY,
    },
    ("scheme", None): {"scheme": GROUPS, "cancel": OFFICE_ONLY},
    ("dispatch", None): {"dispatch": GROUPS, "cancel": OFFICE_ONLY},
    ("handling", "notified"): {
        "acknowledge": "unit",
        "decline": "unit",
        "log_receipt": BOTH,
        "instruct": GROUPS,
        "suspend": BOTH,
        "cancel": OFFICE_ONLY,
        "urge": BOTH,
    },
    ("handling", "returned"): {
        "report_progress": "unit",
        "report_completion": "unit",
        "instruct": GROUPS,
        "suspend": BOTH,
        "cancel": OFFICE_ONLY,
        "urge": BOTH,
    },
    ("review", "reported"): {
        "accept": GROUPS,
        "return_for_rework": GROUPS,
        "suspend": BOTH,
        "cancel": OFFICE_ONLY,
    },
    ("archiving", "accepted"): {"archive": "archivist group_inspector inspector", "reopen": OFFICE_ONLY},
}
TABLES = {"huarong": HUARONG, "huaian": HUAIAN}


@lru_cache
def profile_of(slug: str) -> Profile:
    return read_folder(Path(ROOT) / "tenants" / FOLDERS[slug]).profile


def actor(slug: str, role: str, unit: int | None = None) -> ActorFacts:
    rights = {one.key: frozenset(one.rights) for one in profile_of(slug).roles}
    seat = unit if unit is not None else UNIT if role.startswith("unit_") else OFFICE
    return ActorFacts(MEMBER, seat, frozenset({role}), rights[role])


def matter(slug: str, step_key: str, part: str | None = None, **changes: Any) -> tuple[Procedure, MatterFacts]:
    profile = profile_of(slug)
    procedure = compile_procedure(profile)
    step = procedure.step(step_key)
    facts: dict[str, Any] = {
        "state": STATE_AT[step.kind],
        "step_key": step_key,
        "choice": StepChoice("major_decision", "normal", "own", "transferred"),
        "assignments": (AssignmentFacts(PART, UNIT, True, AssignmentState(part), True),) if part else (),
        "supervising_unit_id": OFFICE,
        "approval": ApprovalFacts() if step.kind is StepKind.APPROVAL else None,
        "settings": Settings(
            profile.receipt.may_be_logged_by_office,
            profile.extension.mode != "none",
            profile.completion.return_allowed,
        ),
    }
    return procedure, MatterFacts(**(facts | changes))


@pytest.mark.parametrize(("slug", "place"), [(slug, place) for slug, table in TABLES.items() for place in table])
def test_only_these_may(slug: str, place: tuple[str, str | None]) -> None:
    expected = {
        act: set(names.replace("unit", "unit_leader unit_liaison", 1).split() if names == "unit" else names.split())
        for act, names in TABLES[slug][place].items()
    }
    procedure, facts = matter(slug, *place)
    found: dict[str, set[str]] = {}
    for role in profile_of(slug).role_keys():
        for verdict in allowed(Case(procedure, facts, actor(slug, role))):
            found.setdefault(verdict.act.value, set()).add(role)
    assert found == expected


@pytest.mark.parametrize("slug", TABLES)
def test_every_step_of_the_procedure_is_in_the_table(slug: str) -> None:
    assert {step for step, _ in TABLES[slug]} == {step.key for step in compile_procedure(profile_of(slug)).steps}


def test_another_unit_may_nothing() -> None:
    procedure, facts = matter("huarong", "handling", "notified")
    assert allowed(Case(procedure, facts, actor("huarong", "unit_liaison", OTHER_UNIT))) == ()
    verdict = decide(Case(procedure, facts, actor("huarong", "unit_liaison", OTHER_UNIT)), Act.ACKNOWLEDGE, PART)
    assert verdict.reason == "not_your_unit"


def test_another_group_may_not_dispatch() -> None:
    procedure, facts = matter("huaian", "dispatch", supervising_unit_id=OTHER_UNIT)
    assert decide(Case(procedure, facts, actor("huaian", "group_inspector")), Act.DISPATCH).reason == "not_your_group"


def test_what_stands_still_can_only_be_resumed_or_cancelled() -> None:
    for slug in TABLES:
        procedure, facts = matter(slug, "handling", "in_progress", state=MatterState.SUSPENDED)
        offered = {
            verdict.act
            for role in profile_of(slug).role_keys()
            for verdict in allowed(Case(procedure, facts, actor(slug, role)))
        }
        assert offered == {Act.RESUME, Act.CANCEL}


def test_what_has_ended_can_only_be_reopened() -> None:
    for slug in TABLES:
        for state in (MatterState.ARCHIVED, MatterState.CANCELLED):
            procedure, facts = matter(slug, "archiving", "accepted", state=state)
            offered = {
                verdict.act
                for role in profile_of(slug).role_keys()
                for verdict in allowed(Case(procedure, facts, actor(slug, role)))
            }
            assert offered == {Act.REOPEN}


def test_the_window_for_declining_closes() -> None:
    closed = (AssignmentFacts(PART, UNIT, True, AssignmentState.NOTIFIED, False),)
    procedure, facts = matter("huarong", "handling", assignments=closed)
    assert decide(Case(procedure, facts, actor("huarong", "unit_liaison")), Act.DECLINE, PART).reason == "window_closed"


def test_a_co_handling_unit_files_no_completion_report() -> None:
    co = (AssignmentFacts(PART, UNIT, False, AssignmentState.IN_PROGRESS),)
    procedure, facts = matter("huarong", "handling", assignments=co)
    case = Case(procedure, facts, actor("huarong", "unit_liaison"))
    assert decide(case, Act.REPORT_COMPLETION, PART).reason == "lead_only"
    assert decide(case, Act.REPORT_PROGRESS, PART).may


def test_the_office_reports_on_what_it_handles_itself_and_on_nothing_else() -> None:
    own = (AssignmentFacts(PART, OFFICE, True, AssignmentState.IN_PROGRESS),)
    choice = StepChoice("major_decision", "normal", "own", "self_handled")
    procedure, facts = matter("huarong", "handling", assignments=own, choice=choice)
    assert decide(Case(procedure, facts, actor("huarong", "inspector")), Act.REPORT_COMPLETION, PART).may
    stranger = decide(Case(procedure, facts, actor("huarong", "administrator")), Act.REPORT_COMPLETION, PART)
    assert stranger.reason == "not_your_step"
    procedure, handed_on = matter("huarong", "handling", "in_progress")
    inspector = Case(procedure, handed_on, actor("huarong", "inspector"))
    assert decide(inspector, Act.REPORT_COMPLETION, PART).reason == "not_your_unit"


def test_the_report_on_what_was_put_right_is_owed_before_the_end() -> None:
    procedure, facts = matter("huarong", "closing", "accepted", rectification_due=True, filled=frozenset({"result"}))
    close = decide(Case(procedure, facts, actor("huarong", "inspector")), Act.CLOSE_OUT)
    assert (close.may, close.missing) == (True, ("rectification",))
    assert decide(Case(procedure, facts, actor("huarong", "unit_liaison")), Act.REPORT_PROGRESS, PART).may
    procedure, done = matter("huarong", "closing", "accepted", filled=frozenset({"result"}))
    assert decide(Case(procedure, done, actor("huarong", "inspector")), Act.CLOSE_OUT).missing == ()
    unit = Case(procedure, done, actor("huarong", "unit_liaison"))
    assert decide(unit, Act.REPORT_PROGRESS, PART).reason == "wrong_step"


def test_what_a_step_demands() -> None:
    procedure, facts = matter("huarong", "dispatch")
    case = Case(procedure, facts, actor("huarong", "inspector"))
    assert decide(case, Act.DISPATCH).missing == ("document_type", "original_or_copy")
    assert decide(case, Act.DISPATCH, given=frozenset({"document_type", "copy"})).missing == ()
    procedure, draft = matter("huaian", "listing", demanded=("deadline", "feedback_due_on", "custodian"))
    missing = decide(Case(procedure, draft, actor("huaian", "inspector")), Act.SUBMIT).missing
    assert missing == (
        "title", "plan", "lead_unit", "responsible_division", "deadline", "feedback_due_on", "custodian"
    )  # fmt: skip


@pytest.mark.parametrize(
    ("mode", "approved_by", "turn_of", "carried"),
    [
        ("any_of", "", "ab", False),
        ("any_of", "b", "", True),
        ("all_of", "", "ab", False),
        ("all_of", "a", "b", False),
        ("all_of", "ab", "", True),
        ("sequence", "", "a", False),
        ("sequence", "a", "b", False),
        ("sequence", "ab", "", True),
    ],
)
def test_approval_modes(mode: str, approved_by: str, turn_of: str, carried: bool) -> None:
    step = Step("ask", StepKind.APPROVAL, "", "", approval=Approval(ApprovalMode(mode), ("a", "b")))
    assert is_approved(step, frozenset(approved_by)) is carried
    if carried:
        return  # the round is over: there is no open one to vote in
    facts = MatterFacts(
        MatterState.PROPOSED,
        "ask",
        StepChoice("", "normal", "own", "transferred"),
        approval=ApprovalFacts(frozenset(approved_by)),
    )
    may = {
        role
        for role in "ab"
        if decide(
            Case(Procedure((step,)), facts, ActorFacts(1, 1, frozenset(role), frozenset({"matter:approve"}))),
            Act.APPROVE,
        ).may
    }
    assert may == set(turn_of)


def test_one_person_in_two_roles_decides_twice() -> None:
    procedure, facts = matter("huaian", "approval", approval=ApprovalFacts(frozenset({"secretary_general"})))
    both = ActorFacts(
        MEMBER, OFFICE, frozenset({"secretary_general", "office_director"}), frozenset({"matter:approve"})
    )
    assert decide(Case(procedure, facts, both), Act.APPROVE).role == "office_director"


@st.composite
def cases(draw: st.DrawFn) -> Case:
    slug = draw(st.sampled_from(sorted(TABLES)))
    profile = profile_of(slug)
    procedure = compile_procedure(profile)
    parts = draw(
        st.lists(
            st.builds(
                AssignmentFacts,
                id=st.integers(1, 4),
                unit_id=st.sampled_from((UNIT, OTHER_UNIT, OFFICE)),
                is_lead=st.booleans(),
                state=st.sampled_from(AssignmentState),
                may_decline=st.booleans(),
            ),
            max_size=3,
            unique_by=lambda one: one.id,
        )
    )
    facts = MatterFacts(
        state=draw(st.sampled_from(MatterState)),
        step_key=draw(st.sampled_from([step.key for step in procedure.steps])),
        choice=StepChoice("other", "normal", "own", draw(st.sampled_from(profile.handling_modes))),
        filled=draw(st.frozensets(st.sampled_from(("title", "lead_unit", "document_type", "result", "scheme")))),
        attached=draw(st.frozensets(st.sampled_from(("original", "copy")))),
        supervising_unit_id=draw(st.sampled_from((None, OFFICE, OTHER_UNIT))),
        assignments=tuple(parts),
        approval=draw(
            st.none() | st.builds(ApprovalFacts, st.frozensets(st.sampled_from(("office_leader", "secretary_general"))))
        ),
        settings=draw(st.builds(Settings, st.booleans(), st.booleans(), st.booleans())),
        rectification_due=draw(st.booleans()),
    )
    rights = {one.key: frozenset(one.rights) for one in profile.roles}
    held = draw(st.frozensets(st.sampled_from(sorted(rights)), max_size=3))
    who = ActorFacts(
        MEMBER,
        draw(st.sampled_from((UNIT, OTHER_UNIT, OFFICE, None))),
        held,
        frozenset().union(*(rights[role] for role in held)),
    )
    return Case(procedure, facts, who)


@given(cases())
@effort(max_examples=300, deadline=None)
def test_what_is_offered_is_what_may_be_done(case: Case) -> None:
    offered = {(verdict.act, verdict.assignment_id): verdict for verdict in allowed(case)}
    for act in Act:
        for part in [one.id for one in case.matter.assignments] if act in PER_UNIT else [None]:
            verdict = decide(case, act, part)
            assert verdict.may == ((act, part) in offered)
            if verdict.may:
                assert offered[act, part] == verdict
            else:
                assert verdict.reason in REASONS
                assert verdict.missing == ()


@given(cases())
@effort(max_examples=200, deadline=None)
def test_a_part_that_is_not_there_is_refused(case: Case) -> None:
    for act in PER_UNIT:
        assert decide(case, act, 99).reason == "which_unit"
        assert decide(case, act).reason == "which_unit"


@given(cases())
@effort(max_examples=200, deadline=None)
def test_without_a_right_nothing_may_be_done(case: Case) -> None:
    nobody = ActorFacts(case.actor.membership_id, case.actor.unit_id, case.actor.roles, frozenset())
    assert allowed(Case(case.procedure, case.matter, nobody)) == ()
