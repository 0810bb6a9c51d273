"""One door for pages and the API: the act's name and what came with it, read, then done by the act's own command."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from app.kernel.actor import Actor
from app.kernel.errors import NotFound
from app.matters.models import Matter
from app.matters.queries import find_source, get_matter
from app.matters.rules import Act, Draft
from app.matters.schemas import PAYLOADS, DraftForm, read_payload
from app.matters.services import approving, closing, declining, dispatching, extending, intake, reporting, satisfaction
from app.matters.services.casework import local_day
from app.matters.services.concluding import acknowledge_conclusion, log_conclusion_receipt, serve_conclusion
from app.matters.services.delegating import delegate, end_delegation
from app.matters.services.instructing import instruct
from app.matters.services.objecting import decide_objection, object_to, waive_objection

_ACTS: Mapping[Act, Callable[..., Any]] = {
    Act.SUBMIT: intake.submit,
    Act.APPROVE: intake.approve,
    Act.RETURN: intake.return_proposal,
    Act.REGISTER: intake.register,
    Act.SCHEME: intake.write_scheme,
    Act.DISPATCH: dispatching.dispatch,
    Act.ACKNOWLEDGE: dispatching.acknowledge,
    Act.LOG_RECEIPT: dispatching.log_receipt,
    Act.DECLINE: declining.decline,
    Act.CONFIRM_DECLINE: declining.confirm_decline,
    Act.REJECT_DECLINE: declining.reject_decline,
    Act.REASSIGN: dispatching.reassign,
    Act.REPORT_PROGRESS: reporting.report_progress,
    Act.EXPLAIN_DELAY: reporting.explain_delay,
    Act.REPORT_COMPLETION: reporting.report_completion,
    Act.ACCEPT: closing.accept,
    Act.RETURN_FOR_REWORK: closing.return_for_rework,
    Act.RECORD_SATISFACTION: satisfaction.record_satisfaction,
    Act.SERVE_CONCLUSION: serve_conclusion,
    Act.ACKNOWLEDGE_CONCLUSION: acknowledge_conclusion,
    Act.LOG_CONCLUSION_RECEIPT: log_conclusion_receipt,
    Act.OBJECT: object_to,
    Act.WAIVE_OBJECTION: waive_objection,
    Act.DECIDE_OBJECTION: decide_objection,
    Act.DELEGATE: delegate,
    Act.END_DELEGATION: end_delegation,
    Act.CLOSE_OUT: closing.close_out,
    Act.ARCHIVE: closing.archive,
    Act.INSTRUCT: instruct,
    Act.SUSPEND: closing.suspend,
    Act.RESUME: closing.resume,
    Act.CANCEL: closing.cancel,
    Act.REOPEN: closing.reopen,
    Act.REQUEST_EXTENSION: extending.request_extension,
    Act.WITHDRAW_EXTENSION: extending.withdraw_extension,
    Act.AGREE: approving.agree,
    Act.REFUSE: approving.refuse,
}


def run_act(
    session: Any,
    actor: Actor,
    matter_id: int,
    act: str,
    payload: Mapping[str, Any],
    *,
    expected_version: int,
    at: dt.datetime,
) -> Matter:
    """Do one act on one matter; ``expected_version`` is the version it was decided on. Urging is the urging room's.

    Raises NotFound for an unknown act or a matter the actor may not know of, Invalid for what was entered, Conflict when
    the matter has moved on, Refused when it is not the actor's to do.
    """
    known = next((one for one in PAYLOADS if one.value == act), None)
    if known is None:
        raise NotFound("unknown_act")
    get_matter(session, actor, matter_id, local_day(at))
    form = read_payload(PAYLOADS[known], payload)
    if isinstance(form, DraftForm):
        intake.edit(session, actor, matter_id, draft_of(session, form), expected_version=expected_version, at=at)
    else:
        given = {name: getattr(form, name) for name in type(form).model_fields}
        _ACTS[known](session, actor, matter_id, **given, expected_version=expected_version, at=at)
    found: Matter = session.get(Matter, matter_id)
    return found


def run_draw_up(session: Any, actor: Actor, payload: Mapping[str, Any], *, at: dt.datetime) -> Matter:
    """Draw up a matter from what was sent. Refuses as ``read_payload`` and ``draw_up`` do."""
    form = read_payload(DraftForm, payload)
    assert isinstance(form, DraftForm)
    return intake.draw_up(session, actor, draft_of(session, form), at=at)


def draft_of(session: Any, form: DraftForm) -> Draft:
    """The draft a form describes; a source named by its key is looked up here."""
    values = {name: getattr(form, name) for name in type(form).model_fields if name not in ("source", "source_id")}
    source = find_source(session, form.source) if form.source else None
    return Draft(source_id=source.id if source is not None else form.source_id or 0, **values)
