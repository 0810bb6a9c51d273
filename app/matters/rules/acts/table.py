"""The table of acts: the right each needs and what must hold."""

from __future__ import annotations

from collections.abc import Mapping

from app.jurisdictions.rules import StepKind
from app.matters.rules import concluding
from app.matters.rules.acts.conclusion import (
    conclude,
    decide_objection,
    delegate,
    end_delegation,
    ending,
    log_conclusion,
    of_unit,
)
from app.matters.rules.acts.office import (
    approval,
    cancel,
    instruct,
    log_receipt,
    reassign,
    reopen,
    resume,
    rework,
    satisfaction,
    suspend,
    urge,
)
from app.matters.rules.acts.standing import Question, at_step, own_part
from app.matters.rules.acts.unit import (
    completion,
    decline,
    explain,
    progress,
    request_extension,
    sign_decline,
    withdraw_extension,
)
from app.matters.rules.words import Act, AssignmentState

# Act: the right it needs, and what must hold. The order of a matter's life.
TABLE: Mapping[Act, tuple[str, Question]] = {
    Act.EDIT: ("matter:register", at_step(StepKind.DRAFT)),
    Act.SUBMIT: ("matter:register", at_step(StepKind.DRAFT)),
    Act.APPROVE: ("matter:approve", approval),
    Act.RETURN: ("matter:approve", approval),
    Act.REGISTER: ("matter:number", at_step(StepKind.REGISTRATION)),
    Act.SCHEME: ("matter:scheme", at_step(StepKind.SCHEME)),
    Act.DISPATCH: ("matter:dispatch", at_step(StepKind.DISPATCH)),
    Act.ACKNOWLEDGE: ("matter:acknowledge", own_part(AssignmentState.NOTIFIED)),
    Act.LOG_RECEIPT: ("matter:log_receipt", log_receipt),
    Act.DECLINE: ("matter:acknowledge", decline),
    Act.CONFIRM_DECLINE: ("matter:sign_report", sign_decline),
    Act.REJECT_DECLINE: ("matter:sign_report", sign_decline),
    Act.REASSIGN: ("matter:dispatch", reassign),
    Act.REPORT_PROGRESS: ("matter:report", progress),
    Act.EXPLAIN_DELAY: ("matter:report", explain),
    Act.REQUEST_EXTENSION: ("matter:report", request_extension),
    Act.WITHDRAW_EXTENSION: ("matter:report", withdraw_extension),
    Act.REPORT_COMPLETION: ("matter:report", completion),
    Act.ACCEPT: ("matter:review", at_step(StepKind.REVIEW)),
    Act.RETURN_FOR_REWORK: ("matter:review", rework),
    Act.RECORD_SATISFACTION: ("matter:review", satisfaction),
    Act.SERVE_CONCLUSION: ("matter:review", conclude),
    Act.ACKNOWLEDGE_CONCLUSION: ("matter:acknowledge", of_unit(concluding.may_receive)),
    Act.LOG_CONCLUSION_RECEIPT: ("matter:log_receipt", log_conclusion),
    Act.OBJECT: ("matter:report", of_unit(concluding.may_object)),
    Act.WAIVE_OBJECTION: ("matter:report", of_unit(concluding.may_object)),
    Act.DECIDE_OBJECTION: ("matter:review", decide_objection),
    Act.DELEGATE: ("matter:dispatch", delegate),
    Act.END_DELEGATION: ("matter:dispatch", end_delegation),
    Act.CLOSE_OUT: ("matter:close", ending(StepKind.CLOSING)),
    Act.ARCHIVE: ("matter:archive", ending(StepKind.ARCHIVING)),
    Act.INSTRUCT: ("matter:dispatch", instruct),
    Act.SUSPEND: ("matter:suspend", suspend),
    Act.RESUME: ("matter:suspend", resume),
    Act.CANCEL: ("matter:cancel", cancel),
    Act.REOPEN: ("matter:reopen", reopen),
    Act.URGE: ("matter:urge", urge),
}

# Acts on one unit's part.
PER_UNIT = frozenset(
    {
        Act.ACKNOWLEDGE,
        Act.LOG_RECEIPT,
        Act.DECLINE,
        Act.CONFIRM_DECLINE,
        Act.REJECT_DECLINE,
        Act.REASSIGN,
        Act.REPORT_PROGRESS,
        Act.EXPLAIN_DELAY,
        Act.REQUEST_EXTENSION,
        Act.WITHDRAW_EXTENSION,
        Act.REPORT_COMPLETION,
        Act.ACKNOWLEDGE_CONCLUSION,
        Act.LOG_CONCLUSION_RECEIPT,
        Act.OBJECT,
        Act.WAIVE_OBJECTION,
        Act.DECIDE_OBJECTION,
    }
)

# Acts on something that was asked for and is no step.
PER_QUESTION = frozenset({Act.AGREE, Act.REFUSE})

# Acts that leave a step: its demands must be met.
LEAVING = frozenset({Act.SUBMIT, Act.REGISTER, Act.SCHEME, Act.DISPATCH, Act.CLOSE_OUT, Act.ARCHIVE})
