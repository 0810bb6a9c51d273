"""The ladder as a jurisdiction sets it: whom each step writes to, on which day, and when it keeps quiet."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Any

import pytest
from sqlalchemy import text

from app.jurisdictions.models import Jurisdiction, ProfileVersion
from app.jurisdictions.rules import ProfileError, digest_of, dump_profile, parse_profile
from app.jurisdictions.services.effect import bring_into_force
from app.kernel.actor import Actor
from app.kernel.errors import Conflict, Invalid, NotFound, Refused
from app.kernel.outbox import Letter
from app.kernel.tenancy import scope
from app.matters.models import Assignment, Matter, Obligation
from app.matters.queries.stale_letters import find_stale_letters
from app.urging.models import Suggestion
from app.urging.queries import count_suggestions, list_suggestions
from app.urging.queries.ladders import house_in_force
from app.urging.rules import days_around, weekdays_only
from app.urging.services import settle_suggestions, sweep_jurisdiction, urge
from app.urging.services.speaking import _SPEAK, speak
from tests.conftest import MORNING
from tests.small_house import House, build
from tests.world import folder

DAY = dt.timedelta(days=1)
MONDAY = MORNING.date()
OFFICE = ("matter:read_all", "matter:urge")


def step(key: str, relative_to: str, offset: int = 0, **more: Any) -> dict[str, Any]:
    return {"key": key, "relative_to": relative_to, "offset": offset, "to_unit": ["unit_liaison"], **more}


def reminding(house: House, *steps: dict[str, Any], **more: Any) -> None:
    """Publish a version by which the house reminds so: one ladder of these steps, or ``ladders``."""
    ladders = more.pop("ladders", {"main": steps})
    rules = more.pop("deadline_rules", None)
    document = dump_profile(folder("huarong").profile)
    document["reminders"] = {
        "ladders": [{"key": k, "name": k, "article": "本级设定", "steps": list(s)} for k, s in ladders.items()],
        "article": "本级设定",
        **more,
    }
    for rule in document["deadline_rules"]:
        rule.pop("ladder", None)
        if rules and rule["key"] in rules:
            rule["ladder"] = rules[rule["key"]]
    profile = parse_profile(document)
    with scope(house.id, house.session):
        number = house.session.query(ProfileVersion).count() + 1
        house.session.add(
            ProfileVersion(
                number=number,
                status="published",
                document=dump_profile(profile),
                digest=digest_of(profile),
                effective_on=MONDAY - DAY,
            )
        )
        house.session.commit()


def furnished(session: Any, *more: Any) -> House:
    house = build(session, *more)
    with scope(house.id, session):
        house.grant("inspector", *OFFICE)
        house.grant("unit_liaison", "matter:read_unit")
        session.commit()
    return house


def with_clock(house: House, due_on: dt.date, **values: Any) -> Obligation:
    """A clock of 住建局; ``part`` and ``matter`` say what else its rows hold. Inside the house's scope."""
    matter = house.matter("老旧小区改造", **values.pop("matter", {}))
    assignment = house.assignment(matter, "住建局", **values.pop("part", {}))
    clock = house.clock(matter, assignment, values.pop("yellow_on", due_on - DAY), due_on)
    for name, value in values.items():
        setattr(clock, name, value)
    house.session.commit()
    return clock


def said(house: House) -> list[tuple[str, str, str]]:
    """(step, kind, reader) of every inbox letter of the ladder, in the order of writing."""
    names = {person: name for name, person in house.people.items()}
    with scope(house.id, house.session):
        rows = house.session.query(Letter).filter_by(channel="inbox").order_by(Letter.created_at, Letter.id).all()
        return [
            (row.dedupe_key.split(":")[2], row.kind.removeprefix("obligation."), names[row.recipient_id])
            for row in rows
            if row.kind.startswith("obligation.")
        ]


def days(house: House, *numbers: int, hour: int = 0) -> list[int]:
    at = MORNING + dt.timedelta(hours=hour)
    return [sweep_jurisdiction(house.session, house.id, at + DAY * number) for number in numbers]


def test_two_houses_speak_each_by_its_own_steps_hour_and_days(session: Any) -> None:
    north, south = furnished(session), furnished(session, "huaian", "320800")
    reminding(north, step("before", "due", -2), hour=9)
    reminding(south, step("before", "due", -2, unit="calendar_day"), hour=14, working_days_only=False)
    for house in (north, south):
        with scope(house.id, session):
            with_clock(house, MONDAY + 7 * DAY, yellow_on=MONDAY + 7 * DAY)
    # due next Monday: two working days before it is Thursday, two days before it Saturday
    assert days(north, 0, 1, 2, 3, 4, 5, 6) == [0, 0, 0, 2, 0, 0, 0]
    assert days(south, 0, 1, 2, 3, 4, 5) == [0, 0, 0, 0, 0, 0], "nine o'clock is not its hour"
    assert days(south, 5, hour=5) == [2]
    assert said(north) == said(south) == [("before", "due_soon", "liaison")]


def test_a_unit_that_has_not_signed_hears_it_once_whatever_its_clocks_and_so_does_the_office(session: Any) -> None:
    house = furnished(session)
    reminding(house, step("unsigned", "dispatched", 1, only_unacknowledged=True, to_carrier=True))
    with scope(house.id, session):
        clock = with_clock(house, MONDAY + 30 * DAY, part={"state": "dispatched", "notified_at": MORNING})
        matter, part = session.get(Matter, clock.matter_id), clock.assignment_id
        house.clock(matter, None, MONDAY + 50 * DAY, MONDAY + 50 * DAY).assignment_id = part
        signed = house.assignment(matter, "教育局", acknowledged_at=MORNING, notified_at=MORNING, role="co")
        house.clock(matter, signed, MONDAY + 50 * DAY, MONDAY + 50 * DAY)
        session.commit()
    days(house, 0, 1, 2)
    assert Counter(said(house)) == Counter(
        [("unsigned", "unacknowledged", "liaison"), ("unsigned", "unacknowledged", "inspector")]
    )


def test_a_mail_that_asks_for_a_signature_does_not_leave_once_it_is_given(session: Any) -> None:
    house = furnished(session)
    reminding(house, step("unsigned", "dispatched", 1, only_unacknowledged=True))
    with scope(house.id, session):
        number = with_clock(house, MONDAY + 30 * DAY, part={"state": "notified", "notified_at": MORNING}).assignment_id
    days(house, 1)
    with scope(house.id, session):
        waiting = [row.id for row in session.query(Letter).filter_by(channel="email")]
        assert find_stale_letters(session, waiting) == {} and len(waiting) == 1
        session.get(Assignment, number).acknowledged_at = MORNING + DAY
        session.commit()
        assert find_stale_letters(session, waiting) == {waiting[0]: "settled"}


def test_a_deadline_rule_names_its_ladder_and_other_clocks_follow_the_first(session: Any) -> None:
    house = furnished(session)
    media = [step(f"day_{n}", "dispatched", n, unit="calendar_day") for n in (1, 3, 5)]
    reminding(
        house,
        ladders={"main": [step("light", "light")], "media": media},
        deadline_rules={"media_interim": "media"},
    )
    with scope(house.id, session):
        far = MONDAY + 40 * DAY
        with_clock(house, far, yellow_on=far, rule_key="media_interim", start_on=MONDAY)
        with_clock(house, far, yellow_on=MONDAY + 2 * DAY, rule_key="month", start_on=MONDAY)
    # the third day is Thursday, the fifth a Saturday: it falls forward to Monday
    days(house, 0, 1, 2, 3, 4, 5, 6, 7)
    assert [one[:2] for one in said(house)] == [
        ("day_1", "under_way"),
        ("light", "due_soon"),
        ("day_3", "under_way"),
        ("day_5", "under_way"),
    ]


def test_the_office_hears_of_what_it_may_see_and_a_sensitive_matter_stays_with_those_who_may(session: Any) -> None:
    house = furnished(session)
    with scope(house.id, session):
        house.unit("政府办", "office")
        house.person("chief", "政府办", "unit_leader")
        house.grant("unit_leader", "matter:read_all")
        session.commit()
    reminding(house, step("late", "overdue", 1, to_unit=[], to_office=["unit_leader"]))
    with scope(house.id, session):
        with_clock(house, MONDAY)
        with_clock(house, MONDAY, matter={"secrecy_level": "sensitive"})
    days(house, 1)
    assert Counter(reader for _, _, reader in said(house)) == {"chief": 1, "leader": 1, "inspector": 1}, (
        "the sensitive one goes to whoever carries it alone"
    )


def test_while_more_time_is_asked_for_nothing_overdue_is_said_and_a_refusal_lets_it_be_said(session: Any) -> None:
    house = furnished(session)
    reminding(house, step("due", "due"), step("late", "overdue", 1), step("later", "overdue", 3))
    with scope(house.id, session):
        number = with_clock(house, MONDAY, extension_asked=True).id
    assert days(house, 0, 1, 2) == [2, 0, 0]
    with scope(house.id, session):
        clock = session.get(Obligation, number)
        clock.extension_asked, clock.next_reminder_on = False, None
        session.commit()
    days(house, 3, 4)
    assert [key for key, _, _ in said(house)] == ["due", "later"], "the third day; the first is over"


def test_then_weekly_and_after_weeks_of_silence_once(session: Any) -> None:
    house = furnished(session)
    reminding(house, step("late", "overdue", 1), step("weekly", "overdue", 5, every=5))
    with scope(house.id, session):
        with_clock(house, MONDAY)
    days(house, 0, 1, 7, 14)
    assert [key for key, _, _ in said(house)] == ["late", "weekly", "weekly.1"]
    # down for three weeks and up on a Wednesday: the Monday before it speaks for all three
    days(house, 37, 38)
    assert [key for key, _, _ in said(house)] == ["late", "weekly", "weekly.1", "weekly.4"]


def test_a_step_names_its_ways(session: Any) -> None:
    house = furnished(session)
    reminding(house, step("light", "light"), step("due", "due", channels=["sms"]))
    with scope(house.id, session):
        with_clock(house, MONDAY + DAY, yellow_on=MONDAY)
    days(house, 0, 1)
    with scope(house.id, session):
        ways = Counter((row.dedupe_key.split(":")[2], row.channel) for row in session.query(Letter))
    assert ways == {("light", "inbox"): 1, ("light", "email"): 1, ("due", "inbox"): 1}, "no text message is set up here"


def test_a_version_that_comes_into_force_is_followed_at_once_and_repeats_nothing(session: Any) -> None:
    house = furnished(session)
    reminding(house, step("light", "light"))
    with scope(house.id, session):
        number = with_clock(house, MONDAY + 3 * DAY, yellow_on=MONDAY).id
    days(house, 0)
    reminding(house, step("warned", "light"), step("two", "due", -2), step("one", "due", -1), hour=8)
    with scope(house.id, session):
        bring_into_force(session, Actor.system(house.id), at=MORNING + dt.timedelta(hours=1))
        assert session.get(Obligation, number).next_reminder_on == MONDAY
        assert session.get(Jurisdiction, house.id).next_sweep_at is None
    # warned falls on Monday, which the new version begins with: it is said once more there, and never for earlier days
    days(house, 0, hour=2)
    days(house, 1, 2)
    assert [key for key, _, _ in said(house)] == ["light", "warned", "two", "one"]
    with scope(house.id, session):
        assert session.get(Jurisdiction, house.id).next_sweep_at == MORNING + 3 * DAY - dt.timedelta(hours=1)


def test_what_lies_before_the_new_version_is_not_made_up_for(session: Any) -> None:
    house = furnished(session)
    reminding(house, step("late", "overdue", 30))
    with scope(house.id, session):
        with_clock(house, MONDAY - 7 * DAY)
    days(house, 0)
    reminding(house, step("first", "overdue", 1), step("third", "overdue", 3))
    with scope(house.id, session):
        bring_into_force(session, Actor.system(house.id), at=MORNING + DAY)
    days(house, 1, 2)
    assert said(house) == []


def test_the_present_version_reminds_of_matters_listed_under_an_earlier_one(session: Any) -> None:
    house = furnished(session)
    with scope(house.id, session):
        with_clock(house, MONDAY + DAY, yellow_on=MONDAY)
    reminding(house, step("own", "light"))
    days(house, 0)
    assert [key for key, _, _ in said(house)] == ["own"]


@pytest.mark.parametrize("slug", ["huarong", "huaian", "lianshui"])
def test_the_shipped_houses_remind_by_the_usual_ladder_each_with_its_own_people(slug: str) -> None:
    profile = folder(slug).profile
    ladders = {one.key: one for one in profile.reminders.ladders}
    late = {(one.offset, one.every): one for one in ladders["main"].steps if one.relative_to == "overdue"}
    assert list(late) == [(1, None), (3, None), (5, 5)], "a day, three days, five days late, then weekly"
    assert [one.drafts_urging for one in late.values()] == [True, False, False]
    assert [one.bulletin_candidate for one in late.values()] == [False, False, True]
    leader = "office_director" if slug == "huaian" else "office_leader"
    assert late[5, 5].to_office == (leader,)
    soon = [(one.relative_to, one.offset) for one in ladders["main"].steps if one.relative_to in ("light", "due")]
    assert soon == [("light", 0), ("due", -1), ("due", 0)]
    named = {rule.key: rule.ladder for rule in profile.deadline_rules if rule.ladder}
    if slug == "huaian":
        assert named == {"meeting": "meeting"}
        assert ("due", -3) in {(one.relative_to, one.offset) for one in ladders["meeting"].steps}
        assert any(one.only_unacknowledged for one in ladders["main"].steps), "no receipt clock of its own"
    else:
        assert named == {"receipt": "receipt", "media_interim": "media"}
        asked = [one for one in ladders["media"].steps if one.relative_to == "dispatched"]
        assert [(one.offset, one.unit) for one in asked] == [(n, "calendar_day") for n in (1, 3, 5)]
        assert any(one.only_unacknowledged for one in ladders["receipt"].steps)


def test_a_version_of_three_occasions_is_read_as_it_was_meant(session: Any) -> None:
    """What was published before ladders had steps of their own never changes, and still reminds."""
    document = dump_profile(folder("huaian").profile)
    occasions = (
        {"occasion": "due_soon", "to": ["unit_liaison"]},
        {"occasion": "overdue", "to": ["unit_leader", "inspector"]},
    )
    document["reminders"] = {"ladder": list(occasions), "hour": 8, "article": "第四条第3项"}
    for rule in document["deadline_rules"]:
        rule.pop("ladder", None)
    read = parse_profile(document).reminders
    assert (read.hour, read.own_ladder, [ladder.key for ladder in read.ladders]) == (8, None, ["main"])
    steps = [(one.relative_to, one.offset, one.to_unit, one.to_carrier) for one in read.ladders[0].steps]
    assert steps == [("light", 0, ("unit_liaison",), False), ("overdue", 1, ("unit_leader",), True)]
    house = furnished(session)
    with scope(house.id, session):
        session.add(
            ProfileVersion(number=2, status="published", document=document, digest="f" * 64, effective_on=MONDAY - DAY)
        )
        with_clock(house, MONDAY, yellow_on=MONDAY - DAY)
    days(house, 0, 1)
    assert Counter(said(house)) == Counter(
        [("due_soon", "due_today", "liaison"), ("overdue", "overdue", "leader"), ("overdue", "overdue", "inspector")]
    )


def test_a_step_that_is_no_occasion_is_refused_and_not_guessed() -> None:
    document = dump_profile(folder("huarong").profile)
    document["reminders"] = {"ladder": [{"occasion": "sometimes", "to": ["inspector"]}], "article": "第十条"}
    with pytest.raises(ProfileError):
        parse_profile(document)


def test_the_offices_own_clocks_follow_their_own_ladder(session: Any) -> None:
    house = furnished(session)
    with scope(house.id, session):
        house.unit("政府办", "office")
        house.person("chief", "政府办", "unit_leader")
        house.grant("unit_leader", "matter:read_all")
        session.commit()
    own = [
        step("light", "light", to_unit=[], to_carrier=True),
        step("late", "overdue", 1, to_unit=[], to_office=["unit_leader"], to_carrier=True, drafts_urging=True),
    ]
    reminding(house, ladders={"main": [step("due", "due")], "own": own}, own_ladder="own")
    with scope(house.id, session):
        house.clock(house.matter("核对台账"), None, MONDAY, MONDAY + DAY)
        session.commit()
    days(house, 0, 1, 2)
    assert [(key, reader) for key, _, reader in said(house) if key == "light"] == [("light", "inspector")]
    assert Counter(reader for key, _, reader in said(house) if key == "late") == {
        "chief": 1,
        "leader": 1,
        "inspector": 1,
    }
    with scope(house.id, session):
        assert session.query(Suggestion).count() == 0, "the office does not urge itself"


# -- what is laid before the office -----------------------------------------------------------------------------------


@pytest.fixture
def late(session: Any) -> tuple[House, int]:
    """A house whose unit is seven working days late, swept for the first time after an outage; and its clock."""
    house = furnished(session)
    reminding(
        house,
        step("late", "overdue", 1, drafts_urging=True),
        step("worse", "overdue", 5, to_unit=["unit_leader"], bulletin_candidate=True),
    )
    with scope(house.id, session):
        number = with_clock(house, MONDAY - 9 * DAY).id
    days(house, 0)
    return house, number


def waiting(house: House, actor: Actor) -> dict[str, int]:
    counts = count_suggestions(house.session, actor, MONDAY)
    for shown, count in counts.items():
        assert len(list_suggestions(house.session, actor, shown, MONDAY)) == count
    return counts


def test_the_present_step_speaks_and_what_was_passed_is_still_laid_before_the_office(late: tuple[House, int]) -> None:
    house, _ = late
    assert [(key, reader) for key, _, reader in said(house)] == [("worse", "leader")]
    with scope(house.id, house.session):
        inspector = house.actor("inspector", *OFFICE)
        assert waiting(house, inspector) == {"urging": 1, "bulletin": 1, "settled": 0}
        assert waiting(house, house.actor("liaison")) == {"urging": 0, "bulletin": 0, "settled": 0}
    days(house, 1, 2, 3)
    with scope(house.id, house.session):
        assert waiting(house, inspector) == {"urging": 1, "bulletin": 1, "settled": 0}


def test_a_date_that_moves_ends_the_suggestions_and_a_later_one_raises_them_anew(late: tuple[House, int]) -> None:
    house, number = late
    with scope(house.id, house.session):
        inspector = house.actor("inspector", *OFFICE)
        house.session.get(Obligation, number).due_on = MONDAY + DAY
        house.session.commit()
        assert waiting(house, inspector) == {"urging": 0, "bulletin": 0, "settled": 2}
    days(house, 2)
    with scope(house.id, house.session):
        assert waiting(house, inspector) == {"urging": 1, "bulletin": 0, "settled": 2}


def test_urging_the_unit_settles_its_draft_and_a_candidate_is_published_or_left_with_a_reason(
    late: tuple[House, int],
) -> None:
    house, number = late
    with scope(house.id, house.session):
        inspector, clock = house.actor("inspector", *OFFICE), house.session.get(Obligation, number)
        rows = {one.kind: one.id for one in house.session.query(Suggestion)}
        refused = [
            (house.actor("liaison"), [rows["bulletin"]], "published", "", Refused),
            (inspector, [rows["bulletin"]], "dropped", " ", Invalid),
            (inspector, [rows["urging"]], "published", "", Invalid),
            (inspector, [], "published", "", Invalid),
            (inspector, [10**12], "published", "", NotFound),
        ]
        for actor, ids, outcome, note, error in refused:
            with pytest.raises(error):
                settle_suggestions(house.session, actor, ids, outcome, note, at=MORNING)
        urge(
            house.session, inspector, clock.matter_id, [clock.assignment_id], "system", "请尽快办理。", "feedback",
            at=MORNING,
        )  # fmt: skip
        assert waiting(house, inspector) == {"urging": 0, "bulletin": 1, "settled": 1}
        settle_suggestions(house.session, inspector, [rows["bulletin"]], "published", "", at=MORNING)
        with pytest.raises(Conflict):
            settle_suggestions(house.session, inspector, [rows["bulletin"]], "dropped", "误列", at=MORNING)
        assert waiting(house, inspector) == {"urging": 0, "bulletin": 0, "settled": 2}


def test_another_houses_suggestion_is_not_there(late: tuple[House, int], session: Any) -> None:
    house, _ = late
    with scope(house.id, session):
        ids = [one.id for one in session.query(Suggestion)]
    south = furnished(session, "huaian", "320800")
    with scope(south.id, session):
        assert waiting(south, south.actor("inspector", *OFFICE)) == {"urging": 0, "bulletin": 0, "settled": 0}
        with pytest.raises(NotFound):
            settle_suggestions(session, south.actor("inspector", *OFFICE), ids, "dropped", "误列", at=MORNING)


# -- how what is due is found ----------------------------------------------------------------------------------------


def test_what_is_due_is_found_through_the_index_on_the_next_day(session: Any) -> None:
    house = furnished(session)
    reminding(house, step("light", "light"))
    with scope(house.id, session):
        clock = with_clock(house, MONDAY + 90 * DAY)
        session.execute(
            text(
                "insert into obligation (jurisdiction_id, matter_id, assignment_id, stage, rule, start_event, start_on, "
                "raw_on, due_on, original_due_on, yellow_days, yellow_on, explanation, state, created_at, next_reminder_on) "
                "select jurisdiction_id, matter_id, assignment_id, stage, rule, start_event, start_on, raw_on, due_on, "
                "original_due_on, yellow_days, yellow_on, explanation, state, created_at, yellow_on "
                "from obligation, generate_series(1, 4000) where id = :id"
            ).execution_options(set_based=True),
            {"id": clock.id},
        )
        connection = session.connection()
        connection.execute(text("analyze obligation"))
        plans: list[str] = []

        class Explaining:
            """Takes the sweep's statement and explains it instead."""

            def execute(self, statement: Any, values: dict[str, Any]) -> Any:
                assert statement is _SPEAK
                plans.extend(connection.execute(text("explain " + statement.text), values).scalars())
                return connection.execute(text("select 0"))

        ways = house_in_force(session, house.id, MONDAY)
        assert ways is not None
        around = days_around(weekdays_only(MONDAY), MONDAY)
        speak(Explaining(), house.id, ways, around, today=MONDAY, at=MORNING)
    assert any("ix_obligation_reminder" in line for line in plans), "\n".join(plans)
    assert not any("Seq Scan on obligation" in line for line in plans), "\n".join(plans)
