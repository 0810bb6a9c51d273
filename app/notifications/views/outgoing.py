"""When letters leave, those that did not, and how a person wants his."""

from __future__ import annotations

import datetime as dt
from typing import Any
from urllib.parse import urlencode

from flask import flash, redirect, request, url_for

from app.kernel import clock
from app.kernel.db import db
from app.kernel.errors import Invalid, NotFound
from app.kernel.i18n import _, translate
from app.kernel.pages import Pager, Tab
from app.kernel.web import BusinessView, actor, expose, right
from app.kernel.web.fields import put_errors
from app.notifications import queries, services
from app.notifications.choice_forms import MODE_WORDS, LetterRulesForm, modes_form
from app.notifications.pages import LetterRulesPage, OwnLettersPage, OwnWayLine, StuckLine, StuckPage
from app.notifications.queries import STUCK, STUCK_DAYS, Stuck, StuckLetter
from app.notifications.rules.reasons import channel_words, kind_words, reason_words
from app.notifications.rules.ways import WAY_KINDS
from app.notifications.schemas import page_number
from app.organisation.queries import get_person

A_PAGE = 50
MOST_AT_ONCE = 2000


class LettersView(BusinessView):
    """How letters leave this jurisdiction."""

    route_base = "/settings/letters"

    @expose("/", methods=["GET"])
    @right("channel:write")
    def rules(self) -> Any:
        """Quiet hours, digest, what is urgent."""
        return self._page(LetterRulesForm.of(queries.letter_rules(db.session)))

    @expose("/", methods=["POST"])
    @right("channel:write")
    def set_rules(self) -> Any:
        """Change them."""
        form = LetterRulesForm()
        if not form.validate():
            return self._page(form), 422
        try:
            services.set_letter_rules(db.session, actor(), form.rules(), at=clock.now())
        except Invalid as error:
            put_errors(form, error)
            return self._page(form), 422
        flash(_("Saved. It holds for letters written from now on."), "success")
        return redirect(url_for("LettersView.rules"))

    def _page(self, form: LetterRulesForm) -> Any:
        counts = tuple(
            (words, _count(Stuck(state, _since())), url_for("LettersView.stuck", state=state))
            for state, words in _tab_words().items()
        )
        return self.render_template(
            "notifications/letter_rules.html",
            page=LetterRulesPage(
                action=url_for("LettersView.set_rules"),
                ways_href=f"{request.script_root}/settings/channels/",
                counts=counts,
            ),
            form=form,
        )

    @expose("/stuck", methods=["GET"])
    @right("channel:write")
    def stuck(self) -> Any:
        """Letters that did not leave, with the reason, and those that wait; no word of what they say."""
        wanted, page = _wanted(request.args), page_number(request.args.get("page"))
        counts = {state: queries.count_stuck(db.session, Stuck(state, wanted.since)) for state in STUCK}
        mine = counts[wanted.state]
        total = sum(count for key, count in mine.items() if _fits(wanted, *key))
        here = url_for("LettersView.stuck")
        asked = {"state": wanted.state, "channel": wanted.channel, "reason": wanted.reason}
        narrowed = {name: value for name, value in asked.items() if value}
        channels = sorted({channel for channel, _reason in mine})
        reasons = sorted({reason for _channel, reason in mine if reason})
        return self.render_template(
            "notifications/letter_stuck.html",
            page=StuckPage(
                lines=tuple(
                    _stuck_line(one) for one in queries.list_stuck(db.session, wanted, page=page, page_size=A_PAGE)
                ),
                tabs=tuple(
                    Tab(
                        words,
                        f"{here}?state={state}",
                        count=sum(counts[state].values()),
                        bad=state == "failed",
                        current=state == wanted.state,
                    )
                    for state, words in _tab_words().items()
                ),
                pager=Pager.of(total, page, A_PAGE, lambda number: f"{here}?{urlencode(narrowed | {'page': number})}"),
                channels=tuple((code, translate(channel_words(code))) for code in channels),
                reasons=tuple((code, reason_words(code).say(translate)) for code in reasons),
                channel=wanted.channel,
                reason=wanted.reason,
                state=wanted.state,
                total=total,
                days=STUCK_DAYS,
                rules_href=url_for("LettersView.rules"),
                resend=url_for("LettersView.resend") if wanted.state != "waiting" else "",
                give_up=url_for("LettersView.give_up") if wanted.state != "dropped" else "",
            ),
        )

    @expose("/stuck/resend", methods=["POST"])
    @right("channel:write")
    def resend(self) -> Any:
        """Queue the ticked letters again, or all that the filter shows."""
        count = services.resend_letters(db.session, actor(), _ticked(), at=clock.now())
        flash(_("%(count)s letters are queued again.", count=count), "success" if count else "warning")
        return redirect(_back())

    @expose("/stuck/give-up", methods=["POST"])
    @right("channel:write")
    def give_up(self) -> Any:
        """Send the ticked letters no more, or all that the filter shows."""
        count = services.give_up_letters(db.session, actor(), _ticked(), at=clock.now())
        flash(_("%(count)s letters are given up.", count=count), "success" if count else "warning")
        return redirect(_back())


class OwnLettersView(BusinessView):
    """How the reader is written to in this jurisdiction."""

    route_base = "/me/letters"

    @expose("/", methods=["GET"])
    @right("letter:read")
    def choose(self) -> Any:
        """Each way, and what comes by it."""
        return self._page()

    @expose("/", methods=["POST"])
    @right("letter:read")
    def set(self) -> Any:
        """Choose for each way."""
        ways = queries.list_own_ways(db.session, _me())
        form = modes_form(ways, queries.letter_rules(db.session).usual_mode, sent=True)
        if not form.validate():
            return self._page(form), 422
        wanted = {one.channel: form[one.channel].data for one in ways}
        services.choose_modes(db.session, actor(), wanted, at=clock.now())
        flash(_("Saved. It holds for letters written from now on."), "success")
        return redirect(url_for("OwnLettersView.choose"))

    def _page(self, form: Any = None) -> Any:
        rules, ways = queries.letter_rules(db.session), queries.list_own_ways(db.session, _me())
        person = get_person(db.session, _me())
        quiet = f"{rules.quiet_from:%H:%M}–{rules.quiet_until:%H:%M}" if rules.quiet_from and rules.quiet_until else ""
        return self.render_template(
            "notifications/letter_choices.html",
            page=OwnLettersPage(
                lines=tuple(
                    OwnWayLine(
                        one.channel,
                        translate(channel_words(one.channel)),
                        _address(person, one.channel),
                        one.when_asked,
                        str(MODE_WORDS[(one.mode if rules.own_choice else "") or rules.usual_mode]),
                    )
                    for one in ways
                ),
                action=url_for("OwnLettersView.set") if rules.own_choice else "",
                account_href=f"{request.script_root}/me/",
                inbox_href=url_for("InboxView.inbox"),
                urgent=tuple(translate(kind_words(kind)) for kind in sorted(rules.urgent_kinds)),
                digest_at=f"{rules.digest_at:%H:%M}",
                quiet=quiet,
            ),
            form=form or modes_form(ways, rules.usual_mode, sent=False),
        )


def _me() -> int:
    person_id = actor().person_id
    if person_id is None:
        raise NotFound()
    return person_id


def _address(person: Any, channel: str) -> str:
    if WAY_KINDS[channel].in_a_group:
        return _("In the group chat")
    return str((person.mail_address if channel == "email" else person.phone) or "")


def _tab_words() -> dict[str, str]:
    return {"failed": _("Not delivered"), "dropped": _("Not sent any more"), "waiting": _("Waiting to leave")}


def _since() -> dt.datetime:
    return clock.at_local(clock.today() - dt.timedelta(days=STUCK_DAYS), 0)


def _count(stuck: Stuck) -> int:
    return sum(queries.count_stuck(db.session, stuck).values())


def _wanted(given: Any) -> Stuck:
    state = given.get("state", "")
    return Stuck(
        state if state in STUCK else "failed",
        _since(),
        given.get("channel", "").replace("\x00", "")[:20],
        given.get("reason", "").replace("\x00", "")[:80],
    )


def _fits(wanted: Stuck, channel: str, reason: str) -> bool:
    return wanted.channel in ("", channel) and wanted.reason in ("", reason)


def _ticked() -> list[int]:
    """The letters a form names: those that are ticked, or with ``all`` what the filter shows."""
    if request.form.get("all") == "1":
        return queries.list_stuck_ids(db.session, _wanted(request.form), MOST_AT_ONCE)
    ids = request.form.getlist("id")[:MOST_AT_ONCE]
    return [int(one) for one in ids if one.isascii() and one.isdecimal() and len(one) < 19]


def _back() -> str:
    wanted = _wanted(request.form)
    return url_for(
        "LettersView.stuck", state=wanted.state, channel=wanted.channel or None, reason=wanted.reason or None
    )


def _stuck_line(one: StuckLetter) -> StuckLine:
    return StuckLine(
        id=one.id,
        name=one.name,
        channel=translate(channel_words(one.channel)),
        kind=translate(kind_words(one.kind)),
        at=clock.local_datetime(one.written_at),
        attempts=one.attempts,
        reason=reason_words(one.reason).say(translate) if one.reason else "",
        next_at=clock.local_datetime(one.next_at) if one.next_at else None,
    )
