"""Words of the closed sets: what each value of a choice is called."""

from __future__ import annotations

from collections.abc import Mapping

from app.jurisdictions.rules.marking import N_

URGENCY: Mapping[str, str] = {
    "normal": N_("Ordinary"),
    "urgent": N_("Urgent"),
    "critical": N_("Most urgent"),
}

ORIGIN_LEVEL: Mapping[str, str] = {
    "superior": N_("Set by a superior"),
    "own": N_("Set at this level"),
}

HANDLING_MODE: Mapping[str, str] = {
    "transferred": N_("Dispatched to units"),
    "self_handled": N_("Handled by the office itself"),
    "office_led": N_("Led by the office with units"),
}

SESSION: Mapping[str, str] = {
    "in_session": N_("Handed in during the congress"),
    "between_sessions": N_("Handed in between the sessions"),
}

STAGE: Mapping[str, str] = {
    "acknowledgement": N_("Receipt"),
    "first_feedback": N_("First feedback"),
    "progress": N_("Progress report"),
    "result": N_("Completion"),
    "rectification_result": N_("Result of rectification"),
    "after_completion": N_("Report after completion"),
    "rework": N_("Rework"),
    "review": N_("Review"),
    "step": N_("The office's own step"),
}

START_EVENT: Mapping[str, str] = {
    "dispatched": N_("the dispatch"),
    "acknowledged": N_("the receipt"),
    "meeting_date": N_("the day of the meeting"),
    "exposed_at": N_("the exposure in the media"),
    "instruction_date": N_("the day of the instruction"),
    "returned": N_("the return"),
    "reported": N_("the completion report"),
    "completed": N_("the completion"),
    "entered": N_("the beginning of the step"),
}

STEP_KIND: Mapping[str, str] = {
    "draft": N_("Drawing up"),
    "approval": N_("Approval"),
    "registration": N_("Registration"),
    "scheme": N_("Scheme"),
    "dispatch": N_("Dispatch"),
    "handling": N_("Handling"),
    "review": N_("Review"),
    "closing": N_("Closing out"),
    "archiving": N_("Archiving"),
}

DECIDING: Mapping[str, str] = {
    "any_of": N_("One of them decides"),
    "all_of": N_("All of them decide"),
    "sequence": N_("They decide one after the other"),
}

RULE: Mapping[str, str] = {
    "calendar_days": N_("Calendar days"),
    "working_days": N_("Working days"),
    "months": N_("Months"),
    "hours": N_("Hours"),
    "fixed": N_("The date stated for the matter"),
    "day_of_year": N_("A fixed day of the year"),
    "periodic": N_("Regularly"),
    "on_event": N_("As soon as it happens, without a date"),
}

ROLL: Mapping[str, str] = {
    "none": N_("It stays"),
    "next_working_day": N_("It moves to the next working day"),
    "previous_working_day": N_("It moves to the working day before"),
}

CONFLICT: Mapping[str, str] = {
    "explicit": N_("A stated date before a period; of two stated dates the earlier"),
    "precedence": N_("The date on the item, then the one in the instruction, then the period"),
    "earliest": N_("The earliest of all, the period of the rules included"),
}
URGENT_DEFAULT: Mapping[str, str] = {
    "shortest": N_("No date is invented: the shortest period of the rules, once the office has confirmed it"),
    "usual": N_("Such words change no period"),
    "date_needed": N_("The office must state a date"),
}
REINSTRUCT: Mapping[str, str] = {
    "restart": N_("A new clock runs from the new instruction, the old one is replaced"),
    "continue": N_("The running clock goes on"),
}

EVERY: Mapping[str, str] = {
    "week": N_("Every week"),
    "month": N_("Every month"),
    "quarter": N_("Every quarter"),
    "half_year": N_("Every half-year"),
    "year": N_("Every year"),
}

LIMIT_RULE: Mapping[str, str] = {
    "working_days": N_("Working days"),
    "calendar_days": N_("Calendar days"),
}

EXTENSION_MODE: Mapping[str, str] = {
    "none": N_("Neither"),
    "explanation_only": N_("It explains; the date stays"),
    "approval": N_("It asks for more time"),
}

CAP: Mapping[str, str] = {
    "none": N_("The office is free"),
    "original_period": N_("No further than the original period"),
    "working_days": N_("A number of working days"),
    "calendar_days": N_("A number of calendar days"),
}

EARLIER: Mapping[str, str] = {
    "keep": N_("The promised date is kept, and the office decides"),
    "apply": N_("The earlier date applies"),
}

RELATIVE_TO: Mapping[str, str] = {
    "dispatched": N_("From the dispatch on"),
    "light": N_("From the first day of the yellow light on"),
    "due": N_("The due date or before it"),
    "overdue": N_("After the due date"),
}

DAY_UNIT: Mapping[str, str] = {"working_day": N_("Working days"), "calendar_day": N_("Calendar days")}

WAY: Mapping[str, str] = {
    "email": N_("E-mail"),
    "wecom": N_("WeCom group robot"),
    "wecom_app": N_("WeCom"),
    "dingtalk": N_("DingTalk"),
    "feishu": N_("Feishu"),
    "sms": N_("Text message"),
}

URGED_FOR: Mapping[str, str] = {"receipt": N_("Signature for receipt"), "feedback": N_("Feedback")}

AUDIENCE: Mapping[str, str] = {
    "units": N_("Units"),
    "leaders": N_("Leaders"),
    "superior": N_("A superior body"),
    "archive": N_("The archives"),
}

SECRECY_LEVEL: Mapping[str, str] = {
    "public": N_("May be made public"),
    "internal": N_("Internal"),
    "sensitive": N_("Internal, sensitive"),
}

COLOUR: Mapping[str, str] = {
    "blue": N_("Blue"),
    "yellow": N_("Yellow"),
    "orange": N_("Orange"),
    "red": N_("Red"),
}

POINT_OCCASION: Mapping[str, str] = {
    "receipt_overdue": N_("Receipt overdue"),
    "feedback_overdue": N_("Feedback overdue"),
    "result_overdue": N_("Completion overdue"),
    "returned_for_rework": N_("Returned for rework"),
    "urged": N_("Urged"),
    "slip_issued": N_("A slip was issued"),
    "completed_on_time": N_("Completed in time"),
}

CONSEQUENCE: Mapping[str, str] = {
    "letter": N_("A letter"),
    "summons": N_("A summons"),
}

OFFICE_LEVEL: Mapping[str, str] = {
    "province": N_("Province"),
    "city": N_("City"),
    "district": N_("District"),
    "county": N_("County"),
}

REGULATION_STATUS: Mapping[str, str] = {
    "draft_for_comment": N_("Draft for comment"),
    "in_force": N_("It holds"),
}

RELATION: Mapping[str, str] = {
    "handling": N_("It handles what is assigned to it"),
    "guided": N_("It is guided and supervises by itself"),
}

ROUTING: Mapping[str, str] = {
    "functional_line": N_("By functional line"),
    "leader_portfolio": N_("By the leader's portfolio"),
}

SOURCE_CATEGORY: Mapping[str, str] = {
    "decision": N_("Decisions and plans"),
    "meeting": N_("Meetings"),
    "instruction": N_("Instructions of leaders"),
    "report": N_("Government work report"),
    "project": N_("Projects"),
    "proposal": N_("Suggestions and proposals"),
    "petition": N_("Petitions"),
    "media": N_("Media"),
    "superior": N_("Superior bodies"),
    "other": N_("Other"),
}

INTAKE_PAPER: Mapping[str, str] = {
    "handling_proposal": N_("Handling proposal"),
    "supervision_plan": N_("Supervision plan"),
}

PLAN_CARDINALITY: Mapping[str, str] = {
    "none": N_("No plan"),
    "one_plan_many_matters": N_("One plan, many matters"),
}

HEADER: Mapping[str, str] = {
    "red": N_("Red head"),
    "letter": N_("Letter head"),
    "brief": N_("Bulletin head"),
    "telegram": N_("Telegram head"),
    "none": N_("No head"),
}

MATTER_FIELD: Mapping[str, str] = {
    "title": N_("Title"),
    "content": N_("Content"),
    "handling_proposal": N_("Handling proposal"),
    "lead_unit": N_("Lead unit"),
    "responsible_division": N_("Responsible division"),
    "scope": N_("Content of supervision"),
    "kind": N_("Kind of supervision"),
    "deadline": N_("Completion deadline"),
    "plan": N_("Supervision plan"),
    "scheme": N_("Scheme"),
    "instruction_leader": N_("Leader who gave the instruction"),
    "instruction_text": N_("Words of the instruction"),
    "document_type": N_("Kind of notice"),
    "result": N_("Result"),
    "archive_no": N_("Archive number"),
}

ATTACHMENT: Mapping[str, str] = {
    "original": N_("Original"),
    "copy": N_("Copy"),
    "original_or_copy": N_("Original or copy of the source document"),
    "report": N_("Report"),
    "evidence": N_("Evidence"),
}

UNIT_KIND: Mapping[str, str] = {
    "government": N_("Government"),
    "office": N_("Government office"),
    "supervision_office": N_("Supervision office"),
    "supervision_group": N_("Supervision group"),
    "department": N_("Department"),
    "township": N_("Township or subdistrict"),
    "county": N_("County or district"),
    "division": N_("Division"),
    "enterprise": N_("Enterprise or institution"),
}

# The words of the place: the states of a matter, and what each is usually called.
PLACE_WORDS: Mapping[str, str] = {
    "draft": N_("Drafting"),
    "proposed": N_("Awaiting approval"),
    "listed": N_("Listed"),
    "registered": N_("Awaiting dispatch"),
    "dispatched": N_("Awaiting receipt"),
    "acknowledged": N_("Received"),
    "in_progress": N_("In progress"),
    "reported": N_("Completion under review"),
    "completed": N_("Completed"),
    "closed_out": N_("Closed out"),
    "archived": N_("Archived"),
    "suspended": N_("Clock paused"),
    "cancelled": N_("Cancelled"),
}
