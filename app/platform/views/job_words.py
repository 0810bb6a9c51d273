"""Jobs, faults and spans of time in the reader's words."""

from __future__ import annotations

import datetime as dt

from app.kernel.clock import local_datetime
from app.kernel.i18n import _, lazy_gettext
from app.kernel.jobs import JobRun
from app.platform.pages import RunLine
from app.platform.rules.jobs import State

TITLES = {
    "urging.tick": (
        lazy_gettext("Reminders"),
        lazy_gettext("Finds the jurisdictions whose hour has come and writes the reminders of their ladders."),
    ),
    "notifications.deliver": (
        lazy_gettext("Delivery of letters"),
        lazy_gettext(
            "Carries waiting letters out by mail, work chat and SMS, and tries again what could not be delivered."
        ),
    ),
    "matters.tick": (
        lazy_gettext("Dates that follow the calendar"),
        lazy_gettext("Brings the open dates of a jurisdiction in line when its calendar has changed."),
    ),
    "jurisdictions.tick": (
        lazy_gettext("New rules taking effect"),
        lazy_gettext("Brings roles and sources in line on the day a published version of the rules comes into force."),
    ),
    "platform.exports": (
        lazy_gettext("Exports"),
        lazy_gettext("Makes the exports that jurisdictions have asked for."),
    ),
    "platform.forget_runs": (
        lazy_gettext("Tidying this board"),
        lazy_gettext("Forgets runs that are older than ninety days."),
    ),
    "urging.sweep": (lazy_gettext("Reminders of one jurisdiction"), ""),
    "matters.recompute": (lazy_gettext("Dates of one jurisdiction"), ""),
    "jurisdictions.bring_into_force": (lazy_gettext("New rules of one jurisdiction"), ""),
}

STATES = {
    State.FINE: (lazy_gettext("In order"), "ok"),
    State.FAILING: (lazy_gettext("Last run failed"), "warn"),
    State.LATE: (lazy_gettext("Too late"), "bad"),
    State.SILENT: (lazy_gettext("Does not run"), "bad"),
}

LETTER_STATES = {
    "queued": (lazy_gettext("Waiting"), "info"),
    "sending": (lazy_gettext("Being delivered"), "info"),
    "failed": (lazy_gettext("Could not be delivered"), "bad"),
    "dropped": (lazy_gettext("Not sent"), "warn"),
}


def title_of(name: str) -> str:
    """What a job is called."""
    return str(TITLES[name][0]) if name in TITLES else name


def span_words(span: dt.timedelta) -> str:
    """A span of time as one says it."""
    minutes = int(span.total_seconds() // 60)
    if minutes < 1:
        return _("less than a minute")
    if minutes < 60:
        return _("%(count)s minutes", count=minutes)
    if minutes < 48 * 60:
        return _("%(count)s hours", count=minutes // 60)
    return _("%(count)s days", count=minutes // (24 * 60))


def run_line(run: JobRun, house: str = "") -> RunLine:
    """A line of the history."""
    return RunLine(
        job=title_of(run.name),
        house=house,
        started_at=local_datetime(run.started_at),
        ended_at=local_datetime(run.ended_at) if run.ended_at else None,
        times=run.times,
        count=run.count,
        failures=run.failures,
        fault=run.fault or "",
    )
