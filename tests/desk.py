"""One request by somebody of the tests' world, signed in, at an hour of the tale."""

from __future__ import annotations

import contextvars
import datetime as dt
import secrets
from typing import Any

from sqlalchemy import select

from app.kernel import clock
from app.organisation.models import Person
from app.organisation.services import open_user_session
from tests.small_house import Browser
from tests.world import Place


def ask(
    app: Any, session: Any, place: Place, role: str, unit: str | None, address: str, now: dt.datetime, **more: Any
) -> Any:
    """The answer to this address for whoever holds the role; with ``data`` or ``json`` it is sent with its token."""
    session.rollback()
    person = session.scalars(select(Person).where(Person.username == place.username(role, unit))).one()
    sid, person_id = secrets.token_urlsafe(8), str(person.id)
    open_user_session(session, person, sid=sid, address=None, at=clock.now())
    browser = Browser(app, app.response_class)
    with browser.session_transaction() as cookie:
        cookie.update(_user_id=person_id, _fresh=True, sid=sid)

    def during() -> Any:
        with clock.frozen(now):
            if not more:
                return super(Browser, browser).open(address)
            inbox = super(Browser, browser).open(f"/j/{place.slug}/inbox/").text
            token = inbox.split("X-CSRFToken&#34;: &#34;")[-1].split('X-CSRFToken": "')[-1].split('"')[0]
            sent: dict[str, Any] = {"headers": {"X-CSRFToken": token}, **more}
            if "data" in sent:
                sent["data"] = {"csrf_token": token, **sent["data"]}
            return super(Browser, browser).open(address, method="POST", **sent)

    return contextvars.Context().run(during)
