"""The editors of a jurisdiction's profile: page by page, on a draft that holds for nobody until it is published."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import flash, redirect, request

from app.jurisdictions import services
from app.jurisdictions.models import ProfileVersion
from app.jurisdictions.presenting.editor import (
    EditorPage,
    base_of,
    draft_diagram,
    next_page,
    section_lines,
)
from app.jurisdictions.presenting.form import FormDrawer, errors_by_name
from app.jurisdictions.presenting.names import Names
from app.jurisdictions.presenting.places import FaultLine, Places
from app.jurisdictions.queries import find_draft, get_version_in_force
from app.jurisdictions.rights import rights_here
from app.jurisdictions.rules import Fault, ProfileError, faults, parse_profile, with_live_rights
from app.jurisdictions.rules.editing import (
    Shape,
    StrangeForm,
    Values,
    add_row,
    filled,
    move_row,
    page_shapes,
    read,
    remove_row,
    with_articles,
)
from app.jurisdictions.rules.profile.wording import PAGES, SectionPage
from app.kernel import clock
from app.kernel.db import db
from app.kernel.errors import Conflict, Invalid, NotFound
from app.kernel.i18n import N_, _, translate
from app.kernel.web import BusinessView, actor, as_id, expose, right

NOT_OF_THE_FORM = ("csrf_token", "do", "base", "revision", "pasted")


@dataclass
class Editing:
    """One page and what it is about: the stored document, what is in force, what was typed."""

    page: SectionPage
    draft: ProfileVersion | None
    document: dict[str, Any]
    before: dict[str, Any]
    values: Values = field(default_factory=dict)
    data: dict[str, Any] = field(default_factory=dict)

    @property
    def shapes(self) -> tuple[Shape, ...]:
        """The fields of the page."""
        return page_shapes(self.page.fields)

    @property
    def as_typed(self) -> dict[str, Any]:
        """The document with what was typed in its place."""
        others = {name: value for name, value in self.document.items() if name not in self.page.fields}
        return others | self.data


class ProfileEditorView(BusinessView):
    """One address for every page of the profile."""

    route_base = "/settings/profile/edit"

    @expose("/")
    @right("profile:read")
    def start(self) -> Any:
        """The first page."""
        return redirect(address_of(PAGES[0]))

    @expose("/<section>", methods=["GET"])
    @right("profile:read")
    def edit(self, section: str) -> Any:
        """The page as it is stored: in the draft, or, without one, as it is in force."""
        here = open_page(section)
        here.values = filled(here.shapes, here.document)
        here.data = {name: here.document.get(name) for name in here.page.fields}
        return self._draw(here, at=request.args.get("at", "")[:200])

    @expose("/<section>", methods=["POST"])
    @right("profile:write")
    def save(self, section: str) -> Any:
        """Keep the page in the draft, or change the rows of the form without keeping anything yet."""
        here = open_page(section)
        act, _colon, name = request.form.get("do", "save").partition(":")
        if act == "discard":
            return discard(here)
        _take_form(here)
        if act in ("add", "remove", "up", "down"):
            return self._draw(here, fresh=_change_rows(here, act, name), unsaved=True)
        if act == "articles":
            _paste_articles(here, replace=name == "replace")
            return self._draw(here, unsaved=True)
        return self._keep(here, go_on=act == "next")

    def _keep(self, here: Editing, *, go_on: bool) -> Any:
        here.data = _with_rights(here)
        sections = {name: here.data.get(name) for name in here.page.fields}
        try:
            parse_profile({name: value for name, value in here.as_typed.items() if value is not None})
        except ProfileError as error:
            return self._draw(here, refusals=error.faults, unsaved=True), 422
        try:
            if request.form.get("base") != base_of(here.page, here.document):
                raise Conflict("page_changed", FASTER)
            changed = store(here, sections)
        except Conflict as error:
            db.session.rollback()
            again = open_page(here.page.key)
            again.values, again.data = here.values, here.data
            return self._draw(again, conflict=error.sentence(), unsaved=True), 409
        kept = _("Kept in the draft. It holds for nobody until it is published.")
        flash(kept if changed else _("Nothing was different."), "success")
        following = next_page(here.page, request.script_root) if go_on else None
        return redirect(following.href if following else address_of(here.page))

    def _draw(
        self,
        here: Editing,
        *,
        at: str = "",
        fresh: str = "",
        refusals: tuple[Fault, ...] = (),
        conflict: str = "",
        unsaved: bool = False,
    ) -> Any:
        root, rights = request.script_root, rights_here()
        live = rights.live(db.session)
        stored = with_live_rights(parse_profile(here.document), live)
        places = Places(here.document, root, rights.label, here.before)
        found = faults(stored, rights.known())
        lines = [places.line(fault) for fault in found]
        typed = here.as_typed
        as_typed = Places(typed, root, rights.label, here.before)
        errors = errors_by_name(refusals, as_typed.sentence)
        if not refusals and not unsaved:
            errors = errors_by_name(found, places.sentence)
        names = Names(typed, here.before)
        drawer = FormDrawer(
            names,
            here.values,
            here.data,
            errors,
            at or next(iter(errors if refusals else ()), ""),
            fresh,
            frozenset(live),
        )
        page = editor_page(
            here,
            lines,
            names,
            controls=drawer.controls(here.shapes),
            diagram=draft_diagram(typed, root, here.before) if here.page.key == "procedure" else None,
            simulator=here.page.key == "deadlines",
            unsaved=unsaved,
            refusals=tuple(as_typed.line(fault) for fault in refusals),
            conflict=conflict,
        )
        return self.render_template("settings/profile/edit.html", page=page)


def editor_page(here: Editing, lines: list[FaultLine], names: Names, **shown: Any) -> EditorPage:
    """The page with what every page of the editor shows: the pages beside it, the faults of the whole draft, the articles."""
    root = request.script_root
    return EditorPage(
        key=here.page.key,
        title=translate(here.page.title),
        intro=translate(here.page.intro),
        root=root,
        sections=section_lines(here.page, root, here.document, here.before, lines),
        revision=here.draft.revision if here.draft else 0,
        base=base_of(here.page, here.document),
        may_write=actor().may("profile:write"),
        has_draft=here.draft is not None,
        state=_state(here),
        faults=tuple(sorted(lines, key=lambda line: line.page != here.page.key)),
        articles=tuple(names.cited()),
        next=next_page(here.page, root),
        **shown,
    )


class ProfileDiagramView(BusinessView):
    """The live picture beside the form of the procedure."""

    route_base = "/settings/profile/diagram"

    @expose("", methods=["POST"])
    @right("profile:read")
    def diagram(self) -> Any:
        """The procedure of an unsaved form as a picture. Nothing is kept."""
        here = open_page("procedure")
        _take_form(here)
        drawn = draft_diagram(here.as_typed, request.script_root, here.before)
        return self.render_template("settings/_diagram.html", drawn=drawn)


FASTER = N_(
    "Somebody else has saved this page meanwhile. What you typed is still here: save again to replace theirs, or open the page"
    " anew to see theirs first."
)


def open_page(section: str) -> Editing:
    """The page of that word, over the draft or what is in force. NotFound for a stranger, or where nothing is in force."""
    page = next((one for one in PAGES if one.key == section), None)
    if page is None:
        raise NotFound()
    in_force = get_version_in_force(db.session, clock.now())
    draft = find_draft(db.session)
    return Editing(page, draft, dict((draft or in_force).document), dict(in_force.document))


def _take_form(here: Editing) -> None:
    """What was typed, and what it means so far. Refuses a form that is none of ours (Invalid)."""
    here.values = {name: request.form.getlist(name) for name in request.form if name not in NOT_OF_THE_FORM}
    try:
        here.data = read(here.shapes, here.values)
    except StrangeForm as error:
        raise Invalid(
            "strange_form", N_("This form does not fit the page. Open the page again and enter the changes anew.")
        ) from error


def _change_rows(here: Editing, act: str, name: str) -> str:
    """Add, take out or move a row of the form. The name of the row that is open then."""
    row = name
    if act == "add":
        here.values, row = add_row(here.shapes, here.values, name)
    elif act == "remove":
        here.values, row = remove_row(here.values, name), ""
    else:
        here.values, row = move_row(here.values, name, -1 if act == "up" else 1)
    here.data = read(here.shapes, here.values)
    return row


def _paste_articles(here: Editing, *, replace: bool) -> None:
    """Take the articles out of a pasted text into the form."""
    here.values, found = with_articles(here.values, request.form.get("pasted", ""), replace=replace)
    here.data = read(here.shapes, here.values)
    if found:
        flash(_("%(count)s articles were found. Look through them, then save.", count=found), "info")
    else:
        flash(_("No article was found: each must begin a line with 第…条."), "warning")


def _with_rights(here: Editing) -> dict[str, Any]:
    """What a role may do is set on the matrix: here a known role keeps its rights, a new one begins with another's."""
    if "roles" not in here.data:
        return here.data
    stored = {role["key"]: list(role.get("rights", ())) for role in here.document.get("roles", ())}
    live = rights_here().live(db.session)
    rows = []
    for row in here.data["roles"]:
        like = str((row.get("rights") or {}).get("like"))
        key = row.get("key", "")
        rights = list(live[like]) if like in live and key not in live else stored.get(key, [])
        rows.append({**row, "rights": rights})
    return here.data | {"roles": rows}


def store(here: Editing, sections: Mapping[str, Any]) -> bool:
    """Keep the sections in the draft, which begins with the first change. Whether anything was different."""
    asking, now = actor(), clock.now()
    wanted = parse_profile({name: value for name, value in here.as_typed.items() if value is not None})
    if wanted == parse_profile(here.document):
        return False
    draft = here.draft or services.start_draft(db.session, asking, at=now)
    services.save_sections(db.session, asking, sections, expected_revision=draft.revision, at=now)
    return True


def discard(here: Editing) -> Any:
    seen = as_id(request.form.get("revision", ""))
    if here.draft is not None:
        services.discard_draft(db.session, actor(), expected_revision=seen or 0, at=clock.now())
        flash(_("The draft is gone; everything is as it is in force."), "success")
    return redirect(address_of(here.page))


def address_of(page: SectionPage) -> str:
    return f"{request.script_root}/settings/profile/edit/{page.key}"


def _state(here: Editing) -> str:
    if here.draft is None:
        return _("In force; the first change begins a draft")
    begun = clock.local_date(here.draft.started_at).isoformat() if here.draft.started_at else ""
    return _("Draft after version %(number)s, begun %(day)s", number=here.draft.base_number or 0, day=begun)
