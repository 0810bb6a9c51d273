"""Drawing a matter up and changing a draft."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import flash, redirect, request

from app.deadlines.rules import ClockChoice
from app.documents.queries import list_attachments
from app.documents.services import SecretFile, note_refused_file
from app.jurisdictions.queries import get_version_in_force, procedure_of, profile_of
from app.kernel import clock
from app.kernel.actor import Actor
from app.kernel.db import db
from app.kernel.errors import Conflict, HuiyinError, Invalid, NotFound, Refused
from app.kernel.i18n import _
from app.kernel.pages import Link
from app.kernel.web import BusinessView, actor, as_id, expose, right
from app.matters import queries
from app.matters.file_views import file_store
from app.matters.forms.registering import RegisterForm, payload_of, register_form
from app.matters.models import Matter
from app.matters.pages import DuePreview, RegisterPage
from app.matters.presenting import registering as present
from app.matters.presenting.common import matter_href
from app.matters.queries.case import list_assignments
from app.matters.queries.desk import find_similar, member_names
from app.matters.queries.preview import preview_clocks
from app.matters.queries.routing import find_carrier, suggest_leads
from app.matters.rules import REASONS, Act, decide
from app.matters.schemas import DraftForm, read_payload
from app.matters.services import draft_of
from app.matters.services.writing import NewFile, write_up
from app.matters.views.office import unit_names, version_of
from app.organisation.queries import list_units

FILE_FIELDS = ("original", "copy")


class RegisterView(BusinessView):
    """The form in which a matter is drawn up."""

    route_base = "/matters"

    @expose("/register", methods=["GET", "POST"])
    @right("matter:register")
    def register(self) -> Any:
        """A new matter."""
        asking = actor()
        if request.method == "GET":
            return self._page(asking, _form(formdata=None, data=_usual()))
        return self._take(asking, _form(formdata=request.form), None)

    @expose("/<int(max=9223372036854775807):matter_id>/edit", methods=["GET", "POST"])
    @right("matter:register")
    def edit(self, matter_id: int) -> Any:
        """A draft."""
        asking = actor()
        matter = queries.get_matter(db.session, asking, matter_id)
        verdict = decide(queries.case_of(db.session, asking, matter, today=clock.today(), at=clock.now()), Act.EDIT)
        if verdict.reason is not None:
            refusal = Refused if verdict.reason in ("right_missing", "not_your_step") else Conflict
            raise refusal(verdict.reason, REASONS[verdict.reason])
        if request.method == "GET":
            kept = present.stored(matter, list_assignments(db.session, matter.id))
            return self._page(asking, _form(formdata=None, data=kept), matter)
        return self._take(asking, _form(formdata=request.form), matter)

    @expose("/due-preview")
    @right("matter:register")
    def due_preview(self) -> Any:
        """What the dates would be, for the register page's side card."""
        form = _form(formdata=request.args)
        form.validate()
        return self.render_template("matters/_due_preview.html", preview=_preview(actor(), form))

    def _take(self, asking: Actor, form: RegisterForm, matter: Matter | None) -> Any:
        """Keep or submit what was typed, or come back with everything typed and a sentence at each field."""
        act = request.form.get("act", "draft")
        if not form.validate():
            return self._page(asking, form, matter), 422
        if act == "preview":
            return self._page(asking, form, matter)
        matter_id = matter.id if matter is not None else None
        try:
            kept = write_up(
                db.session,
                asking,
                draft_of(db.session, read_payload(DraftForm, {"title": "", **payload_of(form)})),  # type: ignore[arg-type]
                matter_id=matter_id,
                expected_version=version_of(request.form) if matter_id is not None else None,
                files=_files(),
                store=file_store(),
                submit=act == "submit",
                at=clock.now(),
            )
        except NotFound:
            raise
        except HuiyinError as error:
            if isinstance(error, SecretFile):
                note_refused_file(db.session, asking, error, at=clock.now())
            _mark(form, error)
            again = queries.get_matter(db.session, asking, matter_id) if matter_id is not None else None
            return self._page(asking, form, again), error.status
        if act == "submit":
            flash(_("“%(title)s” was submitted for approval.", title=kept.title), "success")
            return redirect(matter_href(request.script_root, kept.id))
        flash(_("The draft was saved."), "success")
        return redirect(f"{matter_href(request.script_root, kept.id)}/edit")

    def _page(self, asking: Actor, form: RegisterForm, matter: Matter | None = None) -> Any:
        return self.render_template("matters/register_form.html", page=_register_page(asking, form, matter))


def _usual() -> dict[str, object]:
    return {"urgency": "normal", "secrecy_level": "internal"}


def _form(**given: Any) -> RegisterForm:
    version = get_version_in_force(db.session, clock.now())
    profile = profile_of(db.session, version.id)
    offer = present.offer(
        profile,
        procedure_of(db.session, version.id).steps[0],
        sources=queries.list_sources(db.session),
        units=list_units(db.session),
        leaders=queries.list_leaders(db.session, profile),
        plans=queries.list_plans(db.session),
    )
    return register_form(offer, **given)


def _files() -> list[NewFile]:
    return [
        NewFile(kind, file.filename, file.stream)
        for kind in FILE_FIELDS
        for file in request.files.getlist(kind)
        if file.filename
    ]


def _mark(form: RegisterForm, error: HuiyinError) -> None:
    """A refusal at the fields it speaks of; what speaks of none stands above them all."""
    told = error.field_sentences() if isinstance(error, Invalid) else {}
    for name, sentence in told.items():
        field = present.FIELD_OF.get(name, name)
        if field in form:
            form[field].errors = [*form[field].errors, sentence]
        else:
            flash(sentence, "danger")
    if not told:
        flash(error.sentence(), "danger")


def _register_page(asking: Actor, form: RegisterForm, matter: Matter | None) -> RegisterPage:
    root = request.script_root
    similar = find_similar(db.session, asking, form.title.data or "", not_id=matter.id if matter else None)
    attached = list_attachments(db.session, matter.id) if matter is not None else []
    names = member_names(db.session, [one.uploaded_by for one in attached])
    return RegisterPage(
        title=_("Change the draft") if matter is not None else _("Register a matter"),
        form=form,
        groups=present.groups(),
        action=f"{matter_href(root, matter.id)}/edit" if matter is not None else f"{root}/matters/register",
        preview_url=f"{root}/matters/due-preview",
        preview_fields=tuple(name for name in present.PREVIEW_FIELDS if name in form),
        preview=_preview(asking, form),
        submit_label=_("Submit for approval"),
        back_href=f"{root}/matters/",
        words=present.unit_words(list_units(db.session)),
        duplicates=tuple(
            Link(f"{one.title}（{one.register_no}）" if one.register_no else one.title, matter_href(root, one.id))
            for one in similar
        ),
        existing=present.kept_files(attached, names, root),
        version=_version(matter),
    )


def _version(matter: Matter | None) -> int | None:
    """The version the form is about: the one it was opened with, so that what another saved meanwhile is not overwritten."""
    if matter is None:
        return None
    return version_of(request.form) if request.method == "POST" else matter.version


def _preview(asking: Actor, form: RegisterForm) -> DuePreview:
    today = clock.today()
    said = form.source_id.data or ""
    source = next((one for one in queries.list_sources(db.session) if str(one.id) == said), None)
    if source is None:
        return present.preview([], today, known_source=False)

    def day(name: str) -> Any:
        return form[name].data if name in form and not form[name].errors else None

    def said_word(name: str) -> str:
        return (form[name].data or "") if name in form else ""

    profile = profile_of(db.session, get_version_in_force(db.session, clock.now()).id)
    choice = ClockChoice(
        source=source.key,
        urgency=form.urgency.data or "normal",
        origin_level=form.origin_level.data or source.origin_level,
        handling_mode=said_word("handling_mode") or profile.handling_modes[0],
        session=said_word("session") or None,
        meeting_on=day("meeting_on"),
        exposed_on=day("exposed_on"),
        instruction_on=day("instruction_on"),
        stated_due_on=day("stated_due_on"),
        feedback_due_on=day("feedback_due_on"),
        instructed_due_on=day("instructed_due_on"),
        hurried=said_word("hurried") == "yes",
    ).under(profile.readings)
    seen = present.preview(preview_clocks(db.session, asking, choice, today), today, known_source=True)
    said_words = " ".join(str(form[name].data or "") for name in ("title", "content") if name in form)
    lead_unit_id = as_id(said_word("lead_unit_id"))
    carrier = find_carrier(
        db.session,
        profile,
        leader_id=as_id(said_word("instruction_leader_id")),
        lead_unit_id=lead_unit_id,
        drawer_id=asking.unit_id,
    )
    by_line = profile.routing.strategy == "functional_line" and lead_unit_id is None
    return replace(
        seen,
        carrier=present.carrier_words(carrier, unit_names(), profile.routing.article) if carrier else None,
        leads=tuple((one.name, one.line) for one in suggest_leads(db.session, source, said_words)) if by_line else (),
    )


VIEWS = [RegisterView]
