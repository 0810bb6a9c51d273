"""The job board for a monitor: ``/metrics`` in Prometheus' text format, for whoever holds the token."""

from __future__ import annotations

import hmac
from typing import Any

from flask import Response, request

from app.kernel.db import db
from app.kernel.errors import NotFound
from app.kernel.web import BusinessView, expose, public
from app.platform import queries
from app.platform.rules.jobs import is_alarm
from app.platform.views.job_words import LETTER_STATES
from app.platform.views.jobs import read_board
from app.platform.views.values import settings


class MetricsView(BusinessView):
    """Numbers of the whole installation; no jurisdiction is named."""

    route_base = "/metrics"

    @expose("", methods=["GET"])
    @public
    def metrics(self) -> Any:
        """Jobs, letters and jurisdictions in numbers. There is nothing here without the token of the settings.

        It is sent as the password of HTTP's basic way; bearer tokens are people's.
        """
        token, given = settings().metrics_token, request.authorization
        if not token or not hmac.compare_digest(((given and given.password) or "").encode(), token.encode()):
            raise NotFound()
        return Response("".join(_lines()), content_type="text/plain; version=0.0.4; charset=utf-8")


def _lines() -> list[str]:
    board = read_board()
    jobs = {f'job="{one.job.key}"': one for one in board.jobs}
    faults = {label: one.done.faults + one.inside.faults for label, one in jobs.items()}
    return [
        *_gauge("job_alarm", "1 when a job is late or does not run.",
                {label: int(is_alarm(one.state)) for label, one in jobs.items()}),
        *_gauge("job_last_run_seconds", "When a job last ended, as a Unix time.",
                {label: round(one.last_at.timestamp()) for label, one in jobs.items() if one.last_at}),
        *_gauge("job_lag_seconds", "How long what is due for a job has waited.",
                {label: round(one.lag(board.at).total_seconds()) for label, one in jobs.items()}),
        *_gauge("job_waiting", "What waits for a job.", {label: one.waiting for label, one in jobs.items()}),
        *_gauge("job_done_day", "What a job did within a day.",
                {label: one.done.count + one.inside.count for label, one in jobs.items()}),
        *_gauge("job_faults_day", "Lines with a fault within a day.", faults),
        *_gauge("letters", "Letters that leave the system, by state.",
                {f'state="{state}"': board.letters_in(state) for state in LETTER_STATES}),
        *_gauge("jurisdictions", "Jurisdictions, by state.",
                {f'state="{status}"': count for status, count in queries.count_by_status(db.session).items()}),
    ]  # fmt: skip


def _gauge(name: str, words: str, values: dict[str, int]) -> list[str]:
    head = [f"# HELP huiyin_{name} {words}\n", f"# TYPE huiyin_{name} gauge\n"]
    return head + [f"huiyin_{name}{{{label}}} {value}\n" for label, value in values.items()]
