"""The demonstration: three jurisdictions with their people, and matters in every state, dated from today.

Everything is done by the commands that pages use, so numbers, clocks, letters and the chain of events are real.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import text

from app.deadlines.services import seed_national_calendar
from app.documents.storage import FileStore
from app.jurisdictions.queries import list_jurisdictions
from app.jurisdictions.rules.folder import read_folder
from app.kernel import clock
from app.kernel.actor import Actor
from app.kernel.commands import command
from app.kernel.tenancy import scope
from app.organisation.permissions import RIGHTS
from app.organisation.services import create_platform_admin
from app.platform.demo.lives import DAYS, Stage, play
from app.platform.demo.people import PASSWORD, Account, Cast, gather, join, open_accounts
from app.platform.demo.revising import revise
from app.platform.demo.story import STORIES, Story, read_story
from app.platform.services import import_folder
from config import ROOT

ADMIN = "admin"

__all__ = ["ADMIN", "PASSWORD", "Account", "Told", "is_told", "seed"]


@dataclass(frozen=True)
class Told:
    """What the demonstration made of one jurisdiction."""

    name: str
    slug: str
    matters: int
    accounts: tuple[Account, ...]


def is_told(session: Any) -> bool:
    """Whether any jurisdiction is here already, the demonstration's or a real one."""
    return bool(list_jurisdictions(session))


def seed(
    session: Any, *, at: dt.datetime, store: FileStore, method: str, say: Callable[[str], None] = lambda _line: None
) -> list[Told]:
    """Fill an empty installation. ``method`` is how passwords are hashed, ``say`` hears how far it is."""
    today = clock.local_date(at)
    began = clock.at_local(today - dt.timedelta(days=DAYS * 2), 8, 0)
    system = Actor.system(None)
    _hurry(session)
    _seed_calendar(session, system)
    create_platform_admin(
        session, system, name="平台管理员", username=ADMIN, password=PASSWORD, method=method, at=began
    )
    stories = {slug: read_story(slug) for slug in STORIES}
    casts: dict[str, Cast] = {}
    names: dict[str, str] = {}
    for slug, story in stories.items():
        folder = read_folder(ROOT / "tenants" / story.folder, RIGHTS)
        done = import_folder(session, system, folder, at=began, today=clock.local_date(began), store=store)
        names[slug] = folder.card.name
        say(f"{folder.card.name}: {story.folder}")
        with scope(done.jurisdiction_id, session):
            casts[slug] = gather(session, story, done.jurisdiction_id, at=began)
    others = {
        f"{slug}/{told.key}": f"{story.prefix}-{told.key}" for slug, story in stories.items() for told in story.people
    }
    open_accounts(session, system, method=method)
    told = []
    for slug, story in stories.items():
        cast = casts[slug]
        with scope(cast.jurisdiction_id, session):
            join(session, story, cast, others, at=began)
            stage = Stage(session, story, cast, store, today, say)
            revise(stage)
            play(stage)
        say(f"{names[slug]}: {len(story.matters)}")
        told.append(Told(names[slug], slug, len(story.matters), _shown(story, cast)))
    return told


def _hurry(session: Any) -> None:
    """Let this connection's commits not wait for the disk: a thousand acts, and nothing of them is lost that matters."""
    session.connection().execute(text("set session synchronous_commit = off"))
    session.commit()


@command
def _seed_calendar(session: Any, actor: Actor) -> None:
    seed_national_calendar(session)


def _shown(story: Story, cast: Cast) -> tuple[Account, ...]:
    """The accounts worth trying: everybody of the office, and the people of the unit that leads most."""
    by_name = {account.username: account for account in cast.accounts}
    busiest = Counter(told.lead for told in story.matters if told.lead in cast.leaders).most_common(1)[0][0]
    chosen = [f"{story.prefix}-{told.key}" for told in story.people]
    chosen += [cast.liaisons[busiest], cast.leaders[busiest]]
    chosen += [name for name in cast.liaisons.values() if not name.startswith(f"{story.prefix}-")]
    return tuple(by_name[name] for name in chosen)
