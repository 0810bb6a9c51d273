"""Commands on accounts: the platform's first administrator, passwords, what a person's page says.

An account belongs to one jurisdiction, its home, whose administrator looks after it; the platform's staff have none.
"""

from __future__ import annotations

import datetime as dt
import secrets
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select, update
from werkzeug.security import check_password_hash, generate_password_hash

from app.kernel.actor import Actor
from app.kernel.commands import command
from app.kernel.errors import Invalid, NotFound, Refused
from app.kernel.events import record
from app.kernel.i18n import N_
from app.kernel.tenancy import set_based
from app.organisation.models import Membership, Person, PlatformRole, RoleRight, UserSession, membership_role
from app.organisation.permissions import known
from app.organisation.rules import USERNAME, initials, is_mail_address, password_fault
from app.organisation.services.authority import keep_an_administrator, must
from app.organisation.services.changing import optional_words, put, words
from app.organisation.services.units import phone_number

PLATFORM_ROLE = "Admin"  # FAB's word for the platform's superadmin
NO_MAIL = "people.invalid"  # FAB demands an address of everybody; nothing is ever sent to this one
LOCALES = ("zh", "en")
_LETTERS = "abcdefghjkmnpqrstuvwxyz"
_DIGITS = "23456789"


@dataclass(frozen=True)
class Account:
    """A new account, or one with a new password. ``one_time_password`` is said once and kept nowhere."""

    person_id: int
    username: str
    one_time_password: str | None = None
    membership_id: int | None = None


def new_person(
    session: Any,
    *,
    name: str,
    username: str,
    password: str | None,
    method: str | None,
    home_jurisdiction_id: int | None,
    phone: str | None,
    email: str | None,
) -> tuple[Person, str | None]:
    """Make an account, part of the caller's transaction; the password made for it when none was given.

    Without a ``method`` to hash one with, the account has no password at all until its activation link is followed.

    Refuses a sign-in name or a mail address that somebody somewhere has, without saying who (Invalid).
    """
    wanted = (username or "").strip().lower()
    if not USERNAME.fullmatch(wanted):
        raise Invalid(
            "bad_username",
            N_("The sign-in name cannot be used."),
            {"username": N_("Three to forty small letters, digits, dots, hyphens; a letter or digit first.")},
        )
    if session.scalar(select(Person.id).where(func.lower(Person.username) == wanted)) is not None:
        raise Invalid(
            "username_taken",
            N_("This sign-in name cannot be used. Choose another."),
            {"username": N_("Choose another sign-in name.")},
        )
    full = words(name, "name", 60)
    one_time = None if password or method is None else one_time_password()
    if password:
        refuse_weak(password, wanted)
    person = Person(
        username=wanted,
        first_name="",
        last_name=full,
        name=full,
        initials=initials(full)[:60],
        phone=phone_number(phone),
        email=_address(session, email, wanted, None),
        password=None if method is None else generate_password_hash(password or one_time or "", method),
        active=True,
        must_change_password=method is not None,
        home_jurisdiction_id=home_jurisdiction_id,
    )
    session.add(person)
    session.flush()
    return person, one_time


def _address(session: Any, email: str | None, username: str, person_id: int | None) -> str:
    wanted = (email or "").strip()
    if not wanted:
        return f"{username}@{NO_MAIL}"
    if len(wanted) > 320 or not is_mail_address(wanted):
        raise Invalid(
            "bad_mail", N_("The mail address cannot be read."), {"email": N_("For example name@office.example")}
        )
    holder = session.scalar(select(Person.id).where(func.lower(Person.email) == wanted.lower()))
    if holder not in (None, person_id):
        raise Invalid(
            "mail_taken",
            N_("This mail address cannot be used. Choose another."),
            {"email": N_("Choose another address.")},
        )
    return wanted


def refuse_weak(password: str, username: str, field: str = "password") -> None:
    """Invalid, with the reason, for a password that is too easy."""
    fault = password_fault(password, username)
    if fault:
        raise Invalid("weak_password", fault, {field: fault})


def one_time_password() -> str:
    """A password to be said over the telephone and changed at the first sign-in: Abcde-23456-fghij."""
    parts = ("".join(secrets.choice(letters) for _ in range(5)) for letters in (_LETTERS, _DIGITS, _LETTERS))
    return "-".join(parts).capitalize()


@command
def create_platform_admin(
    session: Any,
    actor: Actor,
    *,
    name: str,
    username: str,
    method: str,
    password: str | None = None,
    at: dt.datetime,
) -> Account:
    """Make an account of the platform's staff, for the command line. It may nothing inside a jurisdiction.

    Refuses everybody but the system (Refused), and what ``add_person`` refuses of names and passwords.
    """
    if not actor.is_system:
        raise Refused("right_missing", N_("Your role here does not allow this. Ask the jurisdiction's administrator."))
    person, one_time = new_person(
        session,
        name=name,
        username=username,
        password=password,
        method=method,
        home_jurisdiction_id=None,
        phone=None,
        email=None,
    )
    role = session.scalars(select(PlatformRole).where(PlatformRole.name == PLATFORM_ROLE)).first()
    if role is None:
        role = PlatformRole(name=PLATFORM_ROLE)
        session.add(role)
    person.roles.append(role)
    session.flush()
    record(session, Actor.system(None), "person.platform_admin_added", "person", person.id, at, name=person.name)
    return Account(person.id, person.username, one_time)


@command
def change_person(
    session: Any,
    actor: Actor,
    person_id: int,
    *,
    name: str,
    phone: str | None = None,
    email: str | None = None,
    active: bool = True,
    at: dt.datetime,
) -> Person:
    """Change what an account says and whether it may sign in. Only its home jurisdiction's administrator may.

    An account that is closed loses its sign-ins and tokens at once. Refuses closing one's own account.
    """
    must(actor, "person:write")
    person = _own_account(session, actor, person_id)
    if person.id == actor.person_id and not active:
        raise Refused("own_account", N_("You cannot close your own account. Ask another administrator."))
    closing = bool(person.active) and not active
    full = words(name, "name", 60)
    before, after = put(
        person,
        {
            "name": full,
            "last_name": full,
            "initials": initials(full)[:60],
            "phone": phone_number(phone),
            "email": _address(session, email, person.username, person.id),
            "active": active,
        },
    )
    if not after:
        return person
    if closing:
        end_sign_ins(session, person, at=at)
        keep_an_administrator(session, actor.jurisdiction_id)
    session.flush()
    said = ("name", "active")
    record(
        session,
        actor,
        "person.changed",
        "person",
        person.id,
        at,
        name=person.name,
        changed=sorted(set(after) - {"last_name", "initials"}),
        before={key: before[key] for key in said if key in before},
        after={key: after[key] for key in said if key in after},
    )
    return person


@command
def reset_password(
    session: Any, actor: Actor, person_id: int, *, method: str, password: str | None = None, at: dt.datetime
) -> Account:
    """Give an account a new password that must be changed at the next sign-in; its sign-ins and tokens end now.

    Refuses other jurisdictions' accounts, one's own (there is ``change_own_password``), the platform's staff, and people
    who may more here than oneself: their password would be their rights.
    """
    must(actor, "person:write")
    person = _own_account(session, actor, person_id)
    if person.id == actor.person_id:
        raise Refused("own_account", N_("Change your own password on your own page."))
    if not actor.is_system and not rights_here(session, actor.jurisdiction_id, person.id) <= actor.rights:
        raise Refused(
            "beyond_own_rights",
            N_("This person may do more here than you. Ask somebody whose role here is wider."),
        )
    one_time = None if password else one_time_password()
    if password:
        refuse_weak(password, person.username)
    person.password = generate_password_hash(password or one_time or "", method)
    put(person, {"must_change_password": True, "recent_failures": 0, "locked_until": None})
    end_sign_ins(session, person, at=at)
    session.flush()
    record(session, actor, "person.password_reset", "person", person.id, at, name=person.name)
    return Account(person.id, person.username, one_time)


@command
def change_own_password(session: Any, actor: Actor, *, old: str, new: str, method: str, at: dt.datetime) -> Person:
    """Change the password of whoever asks; every sign-in and token ends, the one that asks included.

    Refuses without the old password (Invalid, code ``old_password_wrong``; the edge counts it as a failed sign-in), the old
    password again, and a weak one.
    """
    person = session.get(Person, actor.person_id or 0, populate_existing=True)
    if person is None:
        raise NotFound()
    if person.locked_until is not None and person.locked_until > at:
        raise Refused("account_locked", N_("Too many wrong passwords. Wait a quarter of an hour, then try again."))
    if not check_password_hash(person.password or "", old):
        raise Invalid(
            "old_password_wrong",
            N_("The old password is not right."),
            {"old": N_("Type the password with which you signed in.")},
        )
    if old == new:
        raise Invalid(
            "same_password", N_("The new password is the old one."), {"new": N_("Choose a password you have not used.")}
        )
    refuse_weak(new, person.username, "new")
    person.password = generate_password_hash(new, method)
    put(person, {"must_change_password": False})
    end_sign_ins(session, person, at=at)
    session.flush()
    record(session, actor, "person.password_changed", "person", person.id, at)
    return person


@command
def change_own_data(
    session: Any, actor: Actor, *, phone: str | None, email: str | None, locale: str | None, at: dt.datetime
) -> Person:
    """Change one's own telephone number, mail address and language; the name is the administrator's."""
    person = session.get(Person, actor.person_id or 0)
    if person is None:
        raise NotFound()
    if locale is not None and locale not in LOCALES:
        raise Invalid("unknown_language", N_("This language is not there."), {"locale": N_("Choose one of the list.")})
    _before, after = put(
        person,
        {
            "phone": phone_number(phone),
            "email": _address(session, email, person.username, person.id),
            "locale": optional_words(locale, "locale", 5),
        },
    )
    if after:
        session.flush()
        record(session, actor, "person.changed", "person", person.id, at, name=person.name, changed=sorted(after))
    return person


def end_sign_ins(session: Any, person: Person, *, at: dt.datetime) -> None:
    """End every sign-in and token of a person, part of the caller's transaction."""
    put(person, {"auth_version": int(person.auth_version) + 1})
    session.execute(
        update(UserSession)
        .where(UserSession.person_id == person.id, UserSession.revoked_at.is_(None))
        .values(revoked_at=at)
    )


def _own_account(session: Any, actor: Actor, person_id: int) -> Person:
    """The account, when this jurisdiction looks after it. NotFound for people who have nothing to do with it."""
    person = session.get(Person, person_id) if 0 < person_id < 2**31 else None
    if person is None:
        raise NotFound()
    if actor.is_system:
        return person
    if person.home_jurisdiction_id is not None and person.home_jurisdiction_id == actor.jurisdiction_id:
        return person
    here = session.scalar(select(Membership.id).where(Membership.person_id == person.id).limit(1))
    if here is None:
        raise NotFound()
    raise Refused(
        "not_home",
        N_(
            "Another jurisdiction looks after this account. Its administrator can change it; you can end the membership here."
        ),
    )


def chose_password(person: Person) -> bool:
    """Whether the account is its owner's alone: not one whose password somebody else made, or whose link is still open."""
    return bool(person.password) and not person.must_change_password


def rights_here(session: Any, jurisdiction_id: int | None, person_id: int) -> frozenset[str]:
    """What a person's roles in this jurisdiction carry."""
    memberships, rights = Membership.__table__, RoleRight.__table__
    found = session.execute(
        set_based(
            select(rights.c.right)
            .join(membership_role, membership_role.c.role_id == rights.c.role_id)
            .join(memberships, memberships.c.id == membership_role.c.membership_id)
            .where(
                rights.c.jurisdiction_id == jurisdiction_id,
                membership_role.c.jurisdiction_id == jurisdiction_id,
                memberships.c.jurisdiction_id == jurisdiction_id,
                memberships.c.person_id == person_id,
            )
        )
    )
    return known(found.scalars())
