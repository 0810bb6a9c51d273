"""The case file as an answer: opened for whoever asks, or given back with a refusal and everything that was typed.

Kept apart from the views because the urging room's panel stands on the same page.
"""

from __future__ import annotations

from typing import Any

from flask import flash, request

from app.documents import queries as document_queries
from app.kernel import clock
from app.kernel.db import db
from app.kernel.errors import Conflict, HuiyinError, Invalid, NotFound
from app.kernel.web import BusinessView, actor
from app.matters import queries
from app.matters.annexes import annexes_of
from app.matters.forms.case import ActForm, act_form, sent_words
from app.matters.presenting.acts import Asked, Reader, choices, offered
from app.matters.presenting.case import case_page
from app.matters.presenting.record import latest
from app.matters.presenting.unit_side import own_part, receipt_page
from app.matters.queries import CaseFile
from app.matters.queries.desk import member_names
from app.matters.queries.visible import of_office
from app.matters.rules import Act
from app.organisation.queries import list_units


def refused_act(view: BusinessView, matter_id: int, act: str, form: ActForm, refusal: HuiyinError) -> Any:
    """The file again, with why the act was refused, its panel open, and nothing that was typed lost.

    Where the act is no longer on offer, what was typed stands above the file to be copied.
    """
    flash(refusal.sentence(), "danger")
    file, reader = open_file(matter_id)
    if request.args.get("from") == "receipt" and own_part(file, reader) is not None:
        page = receipt_of(file, reader, Asked(act, form=form))
        return view.render_template("matters/receipt.html", page=page), refusal.status
    asked = Asked(act, form=form)
    annexes = annexes_of(db.session, file, reader, asked)
    still = _on_offer(file, act, form) or any(panel.key == act for annex in annexes for panel in annex.acts)
    page = case_page(
        file,
        reader,
        request.args.get("section", ""),
        asked=asked,
        annexes=annexes,
        meanwhile=latest(file) if is_stale(refusal) or not still else "",
        kept=() if still else sent_words(form),
    )
    return view.render_template("matters/case_file.html", page=page), refusal.status


def _on_offer(file: CaseFile, act: str, form: ActForm) -> bool:
    """Whether the act is still offered; a decision that is no step only about the question it was sent for."""
    named = str(form["approval_id"].data) if "approval_id" in form else None
    return any(offer.act.value == act and (named is None or named == str(offer.approval_id)) for offer in file.offers)


def refused_urging(view: BusinessView, matter_id: int, refusal: HuiyinError) -> Any:
    """The file again with the urging panel as it was sent: the urging room's answer to what it refused."""
    file, reader = open_file(matter_id)
    form = act_form(Act.URGE, choices(file, reader, Act.URGE, offered(file).get(Act.URGE, [])), request.form)
    say_beside(form, refusal)
    return refused_act(view, matter_id, Act.URGE.value, form, refusal)


def is_stale(refusal: HuiyinError) -> bool:
    return isinstance(refusal, Conflict)


def say_beside(form: ActForm, refusal: HuiyinError) -> None:
    """Put each field's own sentence beside it."""
    for name, sentence in (refusal.field_sentences() if isinstance(refusal, Invalid) else {}).items():
        here = "files" if name == "attachment_ids" and "files" in form else name
        if here in form:
            form[here].errors = [*form[here].errors, sentence]


def open_file(matter_id: int) -> tuple[CaseFile, Reader]:
    """The file and who reads it. NotFound for what the person may not know of."""
    asking = actor()
    file = queries.case_file(db.session, asking, matter_id, today=clock.today(), at=clock.now())
    matter = file.matter
    votes = [who for one in file.approvals for vote in one.votes for who in (vote.membership_id, vote.on_behalf_of)]
    uploads = [one.uploaded_by for one in file.attachments]
    taken = {one.unit_id for one in file.assignments}
    units: tuple[tuple[str, str], ...] = ()
    if offered(file).keys() & {Act.REASSIGN, Act.DELEGATE}:
        kinds = {"department", "township", "county", "division"} & set(file.profile.units.kinds)
        there = list_units(db.session, kinds=tuple(kinds))
        units = tuple((str(one.id), one.name) for one in there if one.id not in taken)
    names = member_names(db.session, [matter.registered_by, *votes, *uploads])
    return file, Reader(asking, request.script_root, names, units, delegated=file.supervises and not of_office(asking))


def receipt_of(file: CaseFile, reader: Reader, asked: Asked | None = None) -> Any:
    part = own_part(file, reader)
    if part is None or part.document_id is None:
        raise NotFound()
    document = document_queries.get_document(db.session, part.document_id)
    return receipt_page(file, reader, part, document, asked)
