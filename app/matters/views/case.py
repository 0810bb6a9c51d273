"""The case file and the acts done on it; a unit's receipt and reports; the notice on paper."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, request
from werkzeug.datastructures import CombinedMultiDict

from app.documents import queries as document_queries
from app.documents import services as document_services
from app.kernel import clock
from app.kernel.db import db
from app.kernel.errors import HuiyinError, Invalid, NotFound, someone_else_was_faster
from app.kernel.i18n import N_, _, translate
from app.kernel.pages import Link
from app.kernel.web import BusinessView, actor, expose, member_here, right
from app.matters import queries
from app.matters.annexes import annexes_of
from app.matters.answers import is_stale, open_file, receipt_of, refused_act, say_beside
from app.matters.file_views import file_store
from app.matters.forms.case import ActForm, act_form
from app.matters.presenting.acts import Asked, Reader, choices, offered
from app.matters.presenting.case import case_page
from app.matters.presenting.common import matter_href
from app.matters.presenting.record import latest
from app.matters.presenting.unit_side import (
    KINDS,
    document_name,
    letter_of,
    own_part,
    report_acts,
    report_page,
)
from app.matters.queries import CaseFile
from app.matters.rules import PER_QUESTION, Act
from app.matters.schemas import PAYLOADS
from app.matters.services.running import run_act

# Acts of the case file; a draft is changed on its own page, urging is the urging room's.
ACTS = frozenset(PAYLOADS) - {Act.EDIT}
WAYS = ", ".join(f"'{act.value}'" for act in sorted(ACTS))
WHOLE = "<int(max=9223372036854775807):matter_id>"

DONE: dict[Act, str] = {
    Act.SUBMIT: N_("Submitted for approval."),
    Act.APPROVE: N_("Your approval is recorded."),
    Act.RETURN: N_("The proposal was returned with your reason."),
    Act.REGISTER: N_("The matter is registered and numbered."),
    Act.SCHEME: N_("The scheme is on file."),
    Act.DISPATCH: N_("Dispatched: every unit has its notice."),
    Act.ACKNOWLEDGE: N_("Receipt is signed."),
    Act.LOG_RECEIPT: N_("The receipt is logged."),
    Act.DECLINE: N_("The part went back to the office."),
    Act.CONFIRM_DECLINE: N_("The part went back to the office."),
    Act.REJECT_DECLINE: N_("Your unit keeps its part."),
    Act.REASSIGN: N_("Another unit has the notice now."),
    Act.REPORT_PROGRESS: N_("The progress report is filed."),
    Act.EXPLAIN_DELAY: N_("The explanation is on record."),
    Act.REPORT_COMPLETION: N_("The completion report is filed."),
    Act.ACCEPT: N_("The completion report is accepted."),
    Act.RETURN_FOR_REWORK: N_("The report was returned for rework."),
    Act.RECORD_SATISFACTION: N_("The answer is on record."),
    Act.SERVE_CONCLUSION: N_("The conclusion is served."),
    Act.ACKNOWLEDGE_CONCLUSION: N_("The conclusion is signed for."),
    Act.LOG_CONCLUSION_RECEIPT: N_("The receipt is logged."),
    Act.OBJECT: N_("The objection is filed; you will be told the decision."),
    Act.WAIVE_OBJECTION: N_("Recorded: your unit does not object."),
    Act.DECIDE_OBJECTION: N_("The decision is sent to the unit."),
    Act.DELEGATE: N_("The supervision is delegated."),
    Act.END_DELEGATION: N_("The delegation has ended."),
    Act.CLOSE_OUT: N_("The matter is closed out."),
    Act.ARCHIVE: N_("The matter is archived."),
    Act.SUSPEND: N_("The clock is paused."),
    Act.INSTRUCT: N_("The instruction is recorded."),
    Act.RESUME: N_("The clock runs again."),
    Act.CANCEL: N_("The matter is cancelled."),
    Act.REOPEN: N_("The matter is open again."),
    Act.REQUEST_EXTENSION: N_("The extension is asked for."),
    Act.WITHDRAW_EXTENSION: N_("The request is withdrawn; the date stands."),
    Act.AGREE: N_("Your agreement is recorded."),
    Act.REFUSE: N_("Refused; whoever asked is told why."),
}


class CaseView(BusinessView):
    """One matter: reading it and acting on it."""

    route_base = ""

    @expose(f"/matters/{WHOLE}")
    @member_here
    def case(self, matter_id: int) -> Any:
        """The file with one of its parts open; ``act`` and ``part`` open a panel."""
        asked = Asked(request.args.get("act", ""), request.args.get("part", ""))
        return self.render_template("matters/case_file.html", page=_page(matter_id, asked))

    @expose(f"/matters/{WHOLE}/<any({WAYS}):act>", methods=["POST"])
    @member_here
    def act(self, matter_id: int, act: str) -> Any:
        """Do one act and go back to the file; refused, the panel stays open with everything typed in it."""
        wanted = Act(act)
        form, refusal = _attempt(matter_id, wanted)
        if refusal is None:
            flash(_done(matter_id, wanted), "success")
            return redirect(_onwards(matter_id))
        return refused_act(self, matter_id, wanted.value, form, refusal)

    @expose(f"/matters/{WHOLE}/receipt")
    @member_here
    def receipt(self, matter_id: int) -> Any:
        """The notice as the unit reads it, to sign for or to decline."""
        file, reader = open_file(matter_id)
        asked = Asked(request.args.get("act", ""), request.args.get("part", ""))
        return self.render_template("matters/receipt.html", page=receipt_of(file, reader, asked))

    @expose(f"/matters/{WHOLE}/report", methods=["GET", "POST"])
    @member_here
    def report(self, matter_id: int) -> Any:
        """The form of a report, and filing it."""
        act = KINDS.get(request.args.get("kind", ""))
        if request.method == "POST":
            if act is None:
                raise NotFound()
            form, refusal = _attempt(matter_id, act)
            if refusal is None:
                flash(translate(DONE[act]), "success")
                return redirect(_onwards(matter_id))
            file, reader = open_file(matter_id)
            if act not in report_acts(file):
                return refused_act(self, matter_id, act.value, form, refusal)
            flash(refusal.sentence(), "danger")
            page = _report(file, reader, act, form, meanwhile=latest(file) if is_stale(refusal) else "")
            return self.render_template("matters/report_form.html", page=page), refusal.status
        file, reader = open_file(matter_id)
        possible = report_acts(file)
        if not possible:
            if own_part(file, reader) is None:
                raise NotFound()
            flash(_("There is nothing to report on this matter now."), "info")
            return redirect(matter_href(request.script_root, matter_id))
        act = act if act in possible else possible[0]
        return self.render_template("matters/report_form.html", page=_report(file, reader, act))

    @expose("/documents/<int(max=9223372036854775807):document_id>/print")
    @right("attachment:read")
    def paper(self, document_id: int) -> Any:
        """An issued notice on paper."""
        asking, root = actor(), request.script_root
        document = queries.get_issued(db.session, asking, document_id)
        if document.matter_id is None:
            kinds, back = document_queries.list_document_types(db.session, clock.now()), ""
        else:
            kinds = open_file(document.matter_id)[0].profile.document_types
            back = f"{matter_href(root, document.matter_id)}?section=documents"
        name = document_name(kinds, document)
        letter = letter_of(document, name)
        document_services.note_download(
            db.session, asking, "document", document_id, matter_id=document.matter_id, at=clock.now()
        )
        return self.render_template(
            "documents/notice_print.html",
            title=name,
            letter=letter,
            withdrawn=document.status == "void",
            back_url=back,
            download=Link(_("Download Word"), f"{root}/documents/{document_id}.docx", "download"),
        )


def _done(matter_id: int, act: Act) -> str:
    """What has been done; a declining that waits for its signature has not been done yet."""
    if act is Act.DECLINE and queries.find_matter(db.session, actor(), matter_id) is not None:
        file, reader = open_file(matter_id)
        part = own_part(file, reader)
        if part is not None and part.decline_proposed_at is not None:
            return _("Proposed: your unit's leader has to sign it now.")
    return translate(DONE[act])


def _attempt(matter_id: int, act: Act) -> tuple[ActForm, HuiyinError | None]:
    """Read the form, keep its files, do the act. The form comes back with its errors beside the refusal."""
    file, reader = open_file(matter_id)
    given: CombinedMultiDict[str, Any] = CombinedMultiDict([request.form, request.files])
    verdicts = offered(file).get(act, [])
    part = request.form.get("approval_id", "") if act in PER_QUESTION else ""
    form = act_form(act, choices(file, reader, act, verdicts, part), given)
    try:
        if _version() != file.matter.version:
            raise someone_else_was_faster()
        if verdicts:
            form.validate()
            if form.errors:
                raise Invalid("input_refused", N_("Some of what was entered cannot be taken."))
            _keep_files(file, reader, form)
        sent = {name: form[name].data for name in PAYLOADS[act].model_fields if name in form}
        payload = {name: value for name, value in sent.items() if value is not None}
        run_act(db.session, reader.actor, matter_id, act.value, payload, expected_version=_version(), at=clock.now())
    except NotFound:
        raise
    except document_services.SecretFile as refusal:
        document_services.note_refused_file(db.session, reader.actor, refusal, at=clock.now())
        return form, refusal
    except HuiyinError as refusal:
        db.session.rollback()
        say_beside(form, refusal)
        return form, refusal
    return form, None


def _keep_files(file: CaseFile, reader: Reader, form: ActForm) -> None:
    """Store what came along; a file that has been taken stays and is ticked when the form comes back."""
    for name, kind in (("files", "report"), ("copy", "copy")):
        if name not in form:
            continue
        sent = form[name].data if isinstance(form[name].data, list) else [form[name].data]
        for one in sent:
            if not getattr(one, "filename", ""):
                continue
            kept = document_services.add_attachment(
                db.session,
                reader.actor,
                matter_id=file.matter.id,
                kind=kind,
                file_name=one.filename,
                stream=one.stream,
                at=clock.now(),
                store=file_store(),
            )
            form[name].flags.required = False
            if "attachment_ids" in form:
                form["attachment_ids"].choices = [*form["attachment_ids"].choices, (str(kept.id), kept.file_name)]
                form["attachment_ids"].data = [*(form["attachment_ids"].data or []), str(kept.id)]


def _version() -> int:
    sent = request.form.get("version", "")
    return int(sent) if sent.isdecimal() and len(sent) < 10 else -1


def _page(matter_id: int, asked: Asked) -> Any:
    file, reader = open_file(matter_id)
    return case_page(
        file,
        reader,
        request.args.get("section", ""),
        asked=asked,
        show=request.args.get("show", ""),
        annexes=annexes_of(db.session, file, reader, asked),
    )


def _report(file: CaseFile, reader: Reader, act: Act, form: ActForm | None = None, meanwhile: str = "") -> Any:
    part = own_part(file, reader)
    if part is None:
        raise NotFound()
    fresh = form or act_form(act, choices(file, reader, act, offered(file)[act]))
    return report_page(file, reader, part, act, fresh, meanwhile=meanwhile)


def _onwards(matter_id: int) -> str:
    """Back to the file; to the desk when the act has taken the matter out of sight."""
    root = request.script_root
    found = queries.find_matter(db.session, actor(), matter_id)
    return matter_href(root, matter_id) if found is not None else f"{root}/"


VIEWS = [CaseView]
