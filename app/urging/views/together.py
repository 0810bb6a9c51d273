"""Urging many units at once 一键催办: from the ledger's ticked rows over a preview to one act."""

from __future__ import annotations

import uuid
from typing import Any
from urllib.parse import urlencode

from flask import flash, redirect, request

from app.deadlines.queries import calendar_for
from app.jurisdictions.rules.profile import UrgingText
from app.kernel import clock
from app.kernel.db import db
from app.kernel.errors import Conflict, HuiyinError, NotFound
from app.kernel.i18n import _, translate
from app.kernel.outbox import list_ways
from app.kernel.web import BusinessView, actor, expose, right
from app.matters.answers import say_beside
from app.matters.presenting.acts import PHRASES
from app.matters.rules import Act
from app.urging import services
from app.urging.forms import TogetherForm
from app.urging.presenting.together import WAYS, together_page
from app.urging.queries.planning import Asked, Planned, find_parts, limits_of, plan_urging, urging_texts
from app.urging.queries.urgings import list_asked_ways
from app.urging.rules import MOST_TOGETHER, SYSTEM, URGING_CHANNELS, URGING_KINDS
from app.urging.schemas import LARGEST_ID

MOST_MATTERS = 100


class TogetherView(BusinessView):
    """Urging many units at once."""

    route_base = "/urging"

    @expose("/chosen", methods=["POST"])
    @right("matter:urge")
    def chosen(self) -> Any:
        """From the ledger's ticked rows to their preview."""
        ids = _ids(request.form.getlist("id"))
        if not ids:
            flash(_("Tick the matters to urge first."), "warning")
            return redirect(f"{request.script_root}/matters/")
        return redirect(f"{request.script_root}/urging/new?{urlencode([('id', str(one)) for one in ids])}", code=303)

    @expose("/new")
    @right("matter:urge")
    def new(self) -> Any:
        """Who would get what, and who is refused why: for chosen matters (``id``), or units' parts (``part``)."""
        kept = _kept(request.args, "part")
        texts = urging_texts(db.session, clock.now())
        asked = request.args.get("kind", "")
        form = TogetherForm()
        form.kind.data = asked if asked in URGING_KINDS else _usual_kind(kept)
        form.message.data = _text(texts, str(form.kind.data), request.args.get("text", ""))
        return self._page(form, kept, chosen=None)

    @expose("/new", methods=["POST"])
    @right("matter:urge")
    def again(self) -> Any:
        """The preview anew, with what has been typed and ticked meanwhile; what could not be ticked before is ticked now."""
        form = TogetherForm(request.form)
        texts = urging_texts(db.session, clock.now())
        if (form.message.data or "").strip() in {text.words for text in texts if text.kind != form.kind.data}:
            form.message.data = _text(texts, str(form.kind.data), "")
        ticked, offered = set(_ids(request.form.getlist("part"))), set(_ids(request.form.getlist("offered")))
        return self._page(form, _kept(request.form, "shown"), chosen=ticked, offered=offered)

    @expose("/send", methods=["POST"])
    @right("matter:urge")
    def send(self) -> Any:
        """Send what was previewed in one act and show its record; refused, the page stands with everything typed in it."""
        form = TogetherForm(request.form)
        parts = _ids(request.form.getlist("part"))
        batch = str(form.batch.data or "")[:40] or uuid.uuid4().hex
        try:
            urgings = services.urge_together(
                db.session,
                actor(),
                parts,
                str(form.channel.data or ""),
                str(form.message.data or ""),
                str(form.kind.data or ""),
                batch=batch,
                wanted=_wanted(form),
                at=clock.now(),
            )
        except NotFound:
            raise
        except HuiyinError as refusal:
            db.session.rollback()
            if isinstance(refusal, Conflict) and refusal.code == "already_sent":
                flash(refusal.sentence(), "warning")
                return redirect(f"{request.script_root}/urging/log?batch={batch}")
            flash(refusal.sentence(), "danger")
            say_beside(form, refusal)
            return self._page(form, _kept(request.form, "shown"), chosen=set(parts)), refusal.status
        flash(_("%(count)s units' parts have been urged.", count=len(urgings)), "success")
        return redirect(f"{request.script_root}/urging/log?batch={batch}")

    def _page(
        self,
        form: TogetherForm,
        kept: list[tuple[str, str]],
        *,
        chosen: set[int] | None,
        offered: set[int] | None = None,
    ) -> Any:
        at, today, asking = clock.now(), clock.today(), actor()
        form.batch.data = form.batch.data or uuid.uuid4().hex
        form.wanted.choices = [(way, translate(WAYS[way])) for way in list_asked_ways(db.session) if way in WAYS]
        matter_ids = [int(value) for name, value in kept if name == "id"]
        part_ids = [int(value) for name, value in kept if name != "id"]
        matters, parts = find_parts(db.session, asking, matter_ids, part_ids, today)
        if not matters:
            raise NotFound()
        if len(parts) > MOST_TOGETHER:
            raise services.too_many()
        if chosen is not None and offered is not None:
            chosen = chosen | ({part.id for part in parts} - offered)
        wanted = Asked(
            _one_of(form.kind.data, URGING_KINDS, "feedback"),
            _one_of(form.channel.data, URGING_CHANNELS, SYSTEM),
            form.message.data or "",
            at,
        )
        lines = plan_urging(db.session, asking, matters, parts, wanted, chosen=chosen)
        seen = {matter.id for matter in matters}
        return self.render_template(
            "urging/together.html",
            page=together_page(
                form,
                lines,
                _ways(lines, wanted, form),
                urging_texts(db.session, at),
                limits_of(db.session, at),
                calendar_for(db.session, asking.jurisdiction_id),
                today,
                request.script_root,
                kept=kept,
                chosen=chosen,
                unseen=len(set(matter_ids) - seen) + len(set(part_ids) - {part.id for part in parts}),
            ),
        )


def _ways(lines: list[Planned], asked: Asked, form: TogetherForm) -> dict[int, tuple[str, ...]]:
    people = {reader.person_id for line in lines for reader in line.readers}
    channels = services.ways_wanted(asked.channel, _wanted(form))
    return list_ways(db.session, people, kind="matter.urged", at=asked.at, channels=channels) if people else {}


def _wanted(form: TogetherForm) -> tuple[str, ...]:
    """The ways out that were ticked; they go with what the system sends and with nothing else."""
    there = list_asked_ways(db.session) if form.channel.data == SYSTEM else ()
    return tuple(way for way in there if way in (form.wanted.data or ()))


def _usual_kind(kept: list[tuple[str, str]]) -> str:
    """What is urged for when nobody has said: signatures, where none of the chosen units has signed yet."""
    matter_ids = [int(value) for name, value in kept if name == "id"]
    part_ids = [int(value) for name, value in kept if name != "id"]
    _matters, parts = find_parts(db.session, actor(), matter_ids, part_ids, clock.today())
    return "receipt" if parts and all(part.state == "notified" for part in parts) else "feedback"


def _text(texts: tuple[UrgingText, ...], kind: str, key: str) -> str:
    """The words the form begins with: the text asked for, the first of its kind, or a usual phrase where there is none."""
    fitting = [text for text in texts if text.kind == kind]
    usual = fitting[0].words if fitting else translate(PHRASES[Act.URGE][1][URGING_KINDS.index(kind)])
    return next((text.words for text in fitting if text.key == key), usual)


def _kept(values: Any, name: str) -> list[tuple[str, str]]:
    """What was chosen: whole matters, and single parts of others. Raises Invalid for more than is urged at once."""
    matters = [("id", str(one)) for one in _ids(values.getlist("id"))]
    parts = [("part", str(one)) for one in _ids(values.getlist(name))]
    if len(matters) > MOST_MATTERS or len(parts) > MOST_TOGETHER:
        raise services.too_many()
    return matters + parts


def _ids(given: list[str]) -> list[int]:
    """Ids out of an address or a form; what is none names nothing that is there."""
    found = [int(one) if one.isascii() and one.isdigit() and len(one) < 20 else 0 for one in given]
    if any(not 0 < one <= LARGEST_ID for one in found):
        raise NotFound()
    return list(dict.fromkeys(found))


def _one_of(value: Any, known: tuple[str, ...], otherwise: str) -> str:
    return str(value) if value in known else otherwise
