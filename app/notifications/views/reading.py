"""The inbox, and the log of acts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from flask import flash, redirect, request, url_for

from app.kernel import clock
from app.kernel.db import db
from app.kernel.events import Event
from app.kernel.i18n import _, translate
from app.kernel.outbox import Letter
from app.kernel.pages import Pager, Tab
from app.kernel.web import BusinessView, actor, expose, right
from app.notifications import queries, services
from app.notifications.pages import EventLine, EventsPage, InboxLine, InboxPage
from app.notifications.rules import ACTS, act_words, letter_words, say, subject_path, told_facts
from app.notifications.schemas import EventFilter, page_number
from app.organisation.queries import list_roles

LETTERS_A_PAGE = 30
ACTS_A_PAGE = 50


class InboxView(BusinessView):
    """A person's own letters in this jurisdiction."""

    route_base = "/inbox"

    @expose("/")
    @right("letter:read")
    def inbox(self) -> Any:
        """The letters, newest first: all, or those not opened yet."""
        reader, page = actor().person_id, page_number(request.args.get("page"))
        only_unread = request.args.get("unread") == "1"
        unread = queries.count_unread(db.session, reader)
        total = queries.count_letters(db.session, reader) if not only_unread else unread
        here = url_for("InboxView.inbox")
        narrowed = {"unread": "1"} if only_unread else {}
        letters = queries.list_letters(db.session, reader, only_unread=only_unread, page=page, page_size=LETTERS_A_PAGE)
        return self.render_template(
            "notifications/inbox.html",
            page=InboxPage(
                lines=tuple(_inbox_line(letter) for letter in letters),
                tabs=(
                    Tab(_("All letters"), here, current=not only_unread),
                    Tab(_("Not read yet"), here + "?unread=1", count=unread, current=only_unread),
                ),
                pager=Pager.of(
                    total, page, LETTERS_A_PAGE, lambda number: f"{here}?{urlencode(narrowed | {'page': number})}"
                ),
                mark_all_href=url_for("InboxView.mark_all_read") if unread else "",
                settings_href=url_for("OwnLettersView.choose"),
            ),
        )

    # The number is the database's own width: a longer one is no letter of anybody's.
    @expose("/<int(max=9223372036854775807):letter_id>")
    @right("letter:read")
    def open(self, letter_id: int) -> Any:
        """Go to what a letter is about; it is read now."""
        letter = services.mark_read(db.session, actor(), letter_id, at=clock.now())
        return redirect(request.script_root + subject_path(letter.subject_type, letter.subject_id))

    @expose("/read", methods=["POST"])
    @right("letter:read")
    def mark_all_read(self) -> Any:
        """Everything has been seen."""
        services.mark_all_read(db.session, actor(), at=clock.now())
        flash(_("All letters are marked as read."), "success")
        return redirect(url_for("InboxView.inbox"))


class EventsView(BusinessView):
    """The log of acts of this jurisdiction. It is only ever added to."""

    route_base = "/events"

    @expose("/")
    @right("event:read")
    def events(self) -> Any:
        """Who did what and when, newest first, by kind, name and day."""
        wanted, page = EventFilter.read(request.args), page_number(request.args.get("page"))
        acts = queries.Acts(
            kind=wanted.kind,
            person=wanted.person,
            since=clock.at_local(wanted.after, 0) if wanted.after else None,
            before=clock.at_local(wanted.until + dt.timedelta(days=1), 0) if wanted.until else None,
        )
        after, until = str(wanted.after or ""), str(wanted.until or "")
        asked = {"kind": wanted.kind, "person": wanted.person, "on_from": after, "on_to": until}
        narrowed = {name: value for name, value in asked.items() if value}
        here = url_for("EventsView.events")
        roles = {role.key: role.name for role in list_roles(db.session)}
        return self.render_template(
            "notifications/events.html",
            page=EventsPage(
                lines=tuple(
                    _event_line(event, roles)
                    for event in queries.list_acts(db.session, acts, page=page, page_size=ACTS_A_PAGE)
                ),
                pager=Pager.of(
                    queries.count_acts(db.session, acts),
                    page,
                    ACTS_A_PAGE,
                    lambda number: f"{here}?{urlencode(narrowed | {'page': number})}",
                ),
                kinds=tuple((kind, translate(words.title)) for kind, words in ACTS.items()),
                kind=wanted.kind,
                person=wanted.person,
                after=after,
                until=until,
            ),
        )


def _inbox_line(letter: Letter) -> InboxLine:
    words = letter_words(letter.kind, letter.facts, outside=False)
    return InboxLine(
        subject=words.subject.say(translate),
        lines=tuple(line.say(translate) for line in words.lines),
        href=url_for("InboxView.open", letter_id=letter.id),
        at=clock.local_datetime(letter.created_at),
        unread=letter.read_at is None,
    )


def _event_line(event: Event, roles: Mapping[str, str]) -> EventLine:
    words, facts = act_words(event.kind), dict(event.facts)
    if "role" in facts:
        facts["role"] = roles.get(facts["role"], facts["role"])
    return EventLine(
        seq=event.seq,
        title=translate(words.title),
        tone=words.tone,
        icon=words.icon,
        by=translate(event.actor_name) if event.actor_id is None else event.actor_name,
        at=clock.local_datetime(event.at),
        facts=tuple((label.say(translate), say(value, translate)) for label, value in told_facts(facts)),
        href=request.script_root + subject_path(event.subject_type, event.subject_id)
        if event.subject_type == "matter"
        else "",
    )
