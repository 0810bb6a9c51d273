"""Words of the fields. The work: sources, steps, papers, receipt, completion."""

from __future__ import annotations

from collections.abc import Mapping

from app.jurisdictions.rules.marking import N_
from app.jurisdictions.rules.profile.base import Approval, Named, Section
from app.jurisdictions.rules.profile.procedure import (
    Completion,
    Conclusion,
    Criterion,
    Delegation,
    Dispatch,
    DocumentType,
    Grade,
    Intake,
    MatterSource,
    Numbering,
    ProcedureSection,
    Receipt,
    Satisfaction,
    SatisfactionLevel,
    Step,
    StepCondition,
    StepLimit,
)
from app.jurisdictions.rules.profile.wording.words import FieldWords

WORK: Mapping[type[Section], Mapping[str, FieldWords]] = {
    Named: {
        "key": FieldWords(N_("Key")),
        "name": FieldWords(N_("Name"), N_("As the regulation says it.")),
        "article": FieldWords(N_("Article")),
    },
    Approval: {
        "mode": FieldWords(
            N_("How they decide"), N_("One is enough, all must agree, or one after the other in the order given.")
        ),
        "roles": FieldWords(N_("Who decides"), N_("In the order in which they decide.")),
        "deputies": FieldWords(
            N_("A deputy may decide"), N_("For somebody who is absent, the appointed deputy decides.")
        ),
    },
    MatterSource: {
        "key": FieldWords(N_("Key")),
        "name": FieldWords(N_("Name"), N_("The regulation's own words for this source.")),
        "short_name": FieldWords(N_("Short name"), N_("What lists and filters show.")),
        "category": FieldWords(N_("Category"), N_("What the source is for statistics that compare jurisdictions.")),
        "article": FieldWords(N_("Article")),
        "origin_level": FieldWords(N_("Whose matters"), N_("Whether these come from above or are set at this level.")),
        "is_proposal": FieldWords(
            N_("Proposals of deputies"), N_("These are suggestions and proposals of deputies and committee members.")
        ),
        "is_petition": FieldWords(N_("These are petitions"), N_("These are petitions; who raised them is protected.")),
        "document_type": FieldWords(
            N_("Usual paper"), N_("The paper these are dispatched with unless another is chosen.")
        ),
    },
    Intake: {
        "paper": FieldWords(N_("Paper of the proposal"), N_("On what a matter is proposed.")),
        "plan_cardinality": FieldWords(
            N_("Plan and matters"), N_("Whether one supervision plan may list many matters.")
        ),
        "article": FieldWords(N_("Article")),
    },
    ProcedureSection: {
        "steps": FieldWords(N_("Steps"), N_("In the order in which a matter takes them.")),
    },
    Step: {
        "key": FieldWords(N_("Key")),
        "kind": FieldWords(N_("Kind of step"), N_("What the step is to the system: which act is done here.")),
        "name": FieldWords(N_("Name"), N_("What the step is called here.")),
        "article": FieldWords(N_("Article")),
        "who": FieldWords(N_("Who does it"), N_("One of these roles does the step.")),
        "approval": FieldWords(N_("Decision"), N_("Who decides at this step, and how. Only approval steps have it.")),
        "required_fields": FieldWords(
            N_("What must be filled in"), N_("The step cannot be left before these are there.")
        ),
        "required_documents": FieldWords(N_("Papers it needs"), N_("These papers must have been issued.")),
        "required_attachments": FieldWords(N_("Files it needs"), N_("These files must be attached.")),
        "limit": FieldWords(N_("The office's own time"), N_("How long the office gives itself for the step.")),
        "returns_to": FieldWords(
            N_("Goes back to"), N_("Where a matter goes when it is returned from here; empty means the step before.")
        ),
        "when": FieldWords(N_("Only for"), N_("Matters that do not fit leave the step out; nothing ticked means all.")),
        "by_supervising_unit": FieldWords(
            N_("By the group that carries the matter"), N_("Only people of the group the matter belongs to.")
        ),
    },
    StepLimit: {
        "rule": FieldWords(N_("Counted in")),
        "amount": FieldWords(N_("Number of days")),
    },
    StepCondition: {
        "sources": FieldWords(N_("Sources")),
        "urgencies": FieldWords(N_("Urgency")),
        "origin_levels": FieldWords(N_("Whose matters")),
        "handling_modes": FieldWords(N_("Way of handling")),
    },
    Numbering: {
        "enabled": FieldWords(N_("Matters are numbered"), N_("Every matter gets a register number.")),
        "at_step": FieldWords(N_("Given at"), N_("The step at which the number is given.")),
        "series": FieldWords(N_("Series")),
        "pattern": FieldWords(N_("Form of the number"), N_("{year} stands for the year, {no} for the running number.")),
        "article": FieldWords(N_("Article")),
    },
    DocumentType: {
        "key": FieldWords(N_("Key")),
        "name": FieldWords(N_("Name"), N_("What the paper is called.")),
        "header": FieldWords(N_("Head of the paper"), N_("How the paper is laid out at the top.")),
        "series": FieldWords(N_("Series")),
        "number_pattern": FieldWords(
            N_("Form of the number"), N_("{year} stands for the year, {no} for the running number.")
        ),
        "article": FieldWords(N_("Article")),
        "audience": FieldWords(N_("Written to"), N_("Who reads the paper.")),
    },
    Dispatch: {
        "document_types": FieldWords(N_("Papers to dispatch with"), N_("A dispatch goes out as one of these.")),
        "scheme_required": FieldWords(
            N_("A scheme comes first"), N_("Nothing is dispatched before there is a supervision scheme.")
        ),
        "require_source_copy": FieldWords(
            N_("The source document goes along"), N_("The original or a copy is attached to the dispatch.")
        ),
        "article": FieldWords(N_("Article")),
    },
    Receipt: {
        "required": FieldWords(N_("Units sign for receipt"), N_("The unit confirms that the paper has arrived.")),
        "may_be_logged_by_office": FieldWords(
            N_("The office may log it"), N_("After a telephone call the office records the receipt.")
        ),
        "require_leader_in_charge": FieldWords(
            N_("The leader in charge is named"), N_("Whoever signs names the leader who answers for the matter.")
        ),
        "decline_window_working_days": FieldWords(
            N_("May be declined within"),
            N_("Working days within which a unit may say that it is not its business; empty means never."),
        ),
        "decline_signed_by_leader": FieldWords(
            N_("Declining needs the leader's signature"), N_("The leader of the unit signs before the paper goes back.")
        ),
        "article": FieldWords(N_("Article")),
    },
    Criterion: {
        "key": FieldWords(N_("Key")),
        "name": FieldWords(N_("Criterion"), N_("What the report is looked at for.")),
    },
    Grade: {
        "key": FieldWords(N_("Key")),
        "name": FieldWords(N_("Grade"), N_("A, B, C, D or the office's own words.")),
    },
    SatisfactionLevel: {
        "key": FieldWords(N_("Key")),
        "name": FieldWords(
            N_("How they answer"), N_("Satisfied, fairly satisfied, not satisfied, or the office's own words.")
        ),
        "second_round": FieldWords(N_("Handled again"), N_("This answer sends the matter round again.")),
    },
    Satisfaction: {
        "asked_of": FieldWords(
            N_("Who is asked"), N_("Those who raised the matter, such as the deputy or the petitioner.")
        ),
        "levels": FieldWords(N_("Answers"), N_("From the best to the worst.")),
        "sources": FieldWords(
            N_("Only for these sources"), N_("Sources whose matters are asked about; nothing ticked means all.")
        ),
        "most_rounds": FieldWords(
            N_("Rounds at most"), N_("How often a matter is handled again before it stays as it is.")
        ),
        "article": FieldWords(N_("Article")),
    },
    Completion: {
        "document_required": FieldWords(N_("A report as a document"), N_("Completion is reported with a document.")),
        "document_no_required": FieldWords(N_("With its number"), N_("The report carries the unit's document number.")),
        "return_allowed": FieldWords(
            N_("May be returned"), N_("A report that does not hold is returned to be done again.")
        ),
        "criteria": FieldWords(N_("Looked at for"), N_("What a completion report is judged by.")),
        "grades": FieldWords(N_("Grades"), N_("Marks a result can be given, the best first.")),
        "satisfaction": FieldWords(
            N_("Satisfaction"), N_("Who is asked whether the reply satisfies, and what follows.")
        ),
        "article": FieldWords(N_("Article")),
    },
    Conclusion: {
        "document_type": FieldWords(
            N_("Paper of the conclusion"), N_("The paper in which the conclusion is served on the unit.")
        ),
        "review_document_type": FieldWords(
            N_("Paper of the review"),
            N_("The paper in which the decision on an objection goes out; empty means that of the conclusion."),
        ),
        "objection_days": FieldWords(
            N_("Time to object"), N_("Calendar days from receipt within which the unit may object.")
        ),
        "review_days": FieldWords(
            N_("Time to review"), N_("Calendar days from the objection within which it is reviewed.")
        ),
        "recusal": FieldWords(N_("Recusal"), N_("Whoever took part in the supervision does not review it.")),
        "article": FieldWords(N_("Article")),
    },
    Delegation: {
        "allowed": FieldWords(
            N_("May be delegated"), N_("The government may have a department supervise in its name.")
        ),
        "most_days": FieldWords(
            N_("At most"), N_("Calendar days for which one delegation holds; empty means as it is written.")
        ),
        "article": FieldWords(N_("Article")),
    },
}
