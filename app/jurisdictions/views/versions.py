"""The profile's front page: draft, check, publish, withdraw, and the history of versions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from flask import flash, redirect, request
from wtforms import Form

from app.jurisdictions import services
from app.jurisdictions.desk import PRESET, Desk, preset_label, version_label
from app.jurisdictions.forms import PublishForm, RevisionForm, StartForm, UploadForm, WithdrawForm
from app.jurisdictions.models import ProfileVersion
from app.jurisdictions.presenting.differences import Teller
from app.jurisdictions.presenting.overview import (
    ChangedSection,
    DraftCard,
    OverviewPage,
    PresetOffer,
    VersionLine,
    done,
    note_of,
    state_of,
)
from app.jurisdictions.presenting.places import Places
from app.jurisdictions.queries import get_numbered, profile_of
from app.jurisdictions.rights import rights_here
from app.jurisdictions.rules import Profile, digest_of, faults
from app.jurisdictions.rules.citing import strangers
from app.jurisdictions.running import running_here
from app.kernel import clock
from app.kernel.db import db
from app.kernel.errors import HuiyinError, NotFound
from app.kernel.i18n import _
from app.kernel.pages import Act, Link
from app.kernel.web import BusinessView, actor, expose, right

HOME = "/settings/profile/"
CURRENT = "current"


class ProfileView(BusinessView):
    """The versions of a jurisdiction's profile."""

    route_base = "/settings/profile"

    @expose("/")
    @right("profile:read")
    def overview(self) -> Any:
        """What is in force, what comes, the draft, and everything that was before."""
        return draw(self, Desk(actor()))

    @expose("/start", methods=["POST"])
    @right("profile:write")
    def start(self) -> Any:
        """Begin a draft from the version in force, an older one, or a preset."""
        desk = Desk(actor())
        form = _start_form(desk, request.form)
        chosen = form.origin.data or CURRENT
        try:
            profile = None if chosen == CURRENT else desk.side(chosen).profile
            services.start_draft(
                db.session,
                desk.asking,
                at=clock.now(),
                profile=profile,
                preset=chosen.removeprefix(PRESET) if chosen.startswith(PRESET) else None,
                note=form.note.data or "",
            )
        except NotFound:
            raise
        except HuiyinError as error:
            return refused(self, "start", form, error)
        flash(_("The draft is begun. It holds for nobody until it is published."), "success")
        return redirect(home())

    @expose("/discard", methods=["POST"])
    @right("profile:write")
    def discard(self) -> Any:
        """Give the draft up."""
        form = RevisionForm(request.form)
        try:
            services.discard_draft(db.session, actor(), expected_revision=revision_of(form), at=clock.now())
        except HuiyinError as error:
            return refused(self, "discard", form, error)
        flash(_("The draft is gone. What is in force stays as it is."), "success")
        return redirect(home())

    @expose("/publish", methods=["POST"])
    @right("profile:write")
    def publish(self) -> Any:
        """Make the draft the next version."""
        form = PublishForm(request.form)
        desk = Desk(actor())
        if not form.validate():
            return draw(self, desk, {"publish": form}), 422
        try:
            version = services.publish_draft(
                db.session,
                desk.asking,
                known_rights=rights_here().known(),
                live_rights=desk.live,
                effective_on=form.effective_on.data,
                note=form.note.data,
                expected_revision=revision_of(form),
                at=clock.now(),
            )
        except HuiyinError as error:
            return refused(self, "publish", form, error)
        flash(
            _(
                "Version %(number)s is published and in force from %(day)s. Running matters keep theirs.",
                number=version.number,
                day=version.effective_on,
            ),
            "success",
        )
        return redirect(home())

    @expose("/withdraw", methods=["POST"])
    @right("profile:write")
    def withdraw(self) -> Any:
        """Take back a version that is not yet in force."""
        form = WithdrawForm(request.form)
        number = form.number.data or ""
        version = get_numbered(db.session, int(number) if number.isascii() and number.isdigit() else 0)
        try:
            services.withdraw_version(db.session, actor(), version.id, note=form.note.data or "", at=clock.now())
        except HuiyinError as error:
            return refused(self, f"withdraw-{number}", form, error)
        flash(_("Version %(number)s is withdrawn.", number=number), "success")
        return redirect(home())


def home() -> str:
    """The address of the front page."""
    return request.script_root + HOME


def revision_of(form: Any) -> int:
    """The revision of the draft the reader decided on; one that never was for what is no number."""
    said = form.revision.data or ""
    return int(said) if said.isascii() and said.isdigit() and len(said) < 10 else -1


def refused(view: BusinessView, key: str, form: Form, error: HuiyinError) -> Any:
    """The front page again with the panel open, everything typed in it, and the sentence that says why."""
    db.session.rollback()
    sentences = error.field_sentences() if hasattr(error, "field_sentences") else {}
    for name, sentence in sentences.items():
        if name in form:
            form[name].errors = [sentence]
    form.form_errors.append(error.sentence())
    return draw(view, Desk(actor()), {key: form}), error.status


def draw(view: BusinessView, desk: Desk, came_back: Mapping[str, Form] | None = None) -> Any:
    """The front page. ``came_back`` are forms that were refused, by the key of their panel."""
    return view.render_template("settings/profile/overview.html", page=_page(desk, came_back or {}))


def _page(desk: Desk, came_back: Mapping[str, Form]) -> OverviewPage:
    running = running_here().open_by_version(db.session, desk.asking)
    lines = {version.id: _line(desk, version, running, came_back) for version in desk.versions}
    current = desk.in_force
    coming = [
        version
        for version in desk.versions
        if version.status == "published" and current is not None and version.number > current.number
    ]
    title = profile_of(db.session, current.id).regulation.title if current is not None else ""
    return OverviewPage(
        regulation=title,
        in_force=lines[current.id] if current is not None else None,
        coming=tuple(lines[version.id] for version in reversed(coming)),
        draft=_draft(desk, came_back) if desk.draft is not None else None,
        history=tuple(lines.values()),
        offer=_offer(desk),
        acts=_acts(desk, came_back),
    )


def _acts(desk: Desk, came_back: Mapping[str, Form]) -> tuple[Act, ...]:
    if desk.draft is not None or not desk.asking.may("profile:write"):
        return ()
    return (
        Act(
            "start",
            _("Start a draft"),
            _("Start the draft"),
            f"{request.script_root}/settings/profile/start",
            _("Nothing changes for anybody until the draft is published."),
            "primary",
            "pen",
            came_back.get("start") or _start_form(desk, None),
            "start" in came_back,
        ),
    )


def _start_form(desk: Desk, given: Any) -> StartForm:
    form = StartForm(given)
    choices = [(CURRENT, _("What is in force"))] if desk.in_force is not None else []
    others = [(word, label) for word, label in desk.words() if word != "draft"]
    return form.offer([*choices, *others])


def _line(
    desk: Desk, version: ProfileVersion, running: Mapping[int, int], came_back: Mapping[str, Form]
) -> VersionLine:
    root, here = request.script_root, f"{request.script_root}/settings/profile"
    state, tone = state_of(version, desk.in_force)
    before = next((one.number for one in desk.versions if one.number < version.number), None)
    links = [Link(_("Export"), f"{here}/export?version={version.number}", "download")]
    if before is not None:
        links.insert(0, Link(_("What it changed"), f"{here}/compare?left={before}&right={version.number}", "list"))
    coming = version.status == "published" and desk.in_force is not None and version.number > desk.in_force.number
    return VersionLine(
        number=version.number,
        title=version_label(version.number),
        state=state,
        tone=tone,
        effective_on=version.effective_on,
        published=done(desk.acts, version, "profile.published"),
        note=note_of(version),
        withdrawn=done(desk.acts, version, "profile.withdrawn") if version.status == "withdrawn" else None,
        withdrawn_note=version.withdrawn_reason or "",
        running=running.get(version.id, 0),
        running_href=root + running_here().href(version.number),
        links=tuple(links),
        withdraw=_withdraw(version, came_back) if coming and desk.asking.may("profile:write") else None,
    )


def _withdraw(version: ProfileVersion, came_back: Mapping[str, Form]) -> Act:
    key = f"withdraw-{version.number}"
    return Act(
        key,
        _("Withdraw"),
        _("Withdraw the version"),
        f"{request.script_root}/settings/profile/withdraw",
        _("Version %(number)s will not come into force. Its number is not given again.", number=version.number),
        "danger",
        "back",
        came_back.get(key) or WithdrawForm(data={"number": str(version.number)}),
        key in came_back,
    )


def _draft(desk: Desk, came_back: Mapping[str, Form]) -> DraftCard:
    draft = desk.draft
    if draft is None:
        raise NotFound()
    root, rights = request.script_root, rights_here()
    profile = desk.draft_profile()
    before = desk.in_force.document if desk.in_force is not None else None
    places = Places(draft.document, root, rights.label, before)
    found = tuple(places.line(fault) for fault in faults(profile, rights.known()))
    here = f"{root}/settings/profile"
    base = desk.in_force.number if desk.in_force is not None else None
    return DraftCard(
        started=done(desk.acts, draft, "profile.draft_started"),
        changed=done(desk.acts, draft, "profile.draft_changed"),
        base=version_label(draft.base_number) if draft.base_number else "",
        revision=draft.revision,
        note=draft.note or "",
        sections=_sections(desk, profile),
        faults=found,
        uncited=len(strangers(profile)),
        edit_href=f"{here}/edit/",
        compare_href=f"{here}/compare?left={base}&right=draft" if base else "",
        impact_href=f"{here}/impact" if base else "",
        acts=_draft_acts(
            desk, draft, came_back, tuple(Link(f"{one.place}：{one.sentence}", one.href) for one in found)
        ),
    )


def _sections(desk: Desk, profile: Profile) -> tuple[ChangedSection, ...]:
    if desk.in_force is None:
        return ()
    left = profile_of(db.session, desk.in_force.id)
    groups = Teller(left, profile, rights_here().label, request.script_root).groups()
    return tuple(ChangedSection(group.title, len(group.lines)) for group in groups)


def _draft_acts(
    desk: Desk, draft: ProfileVersion, came_back: Mapping[str, Form], missing: tuple[Link, ...]
) -> tuple[Act, ...]:
    if not desk.asking.may("profile:write"):
        return ()
    here, known = f"{request.script_root}/settings/profile", {"revision": str(draft.revision)}
    first: dict[str, Any] = {**known, "effective_on": _first_day(desk)}
    return (
        Act(
            "publish",
            _("Publish"),
            _("Publish the draft"),
            f"{here}/publish",
            _(
                "New matters follow it from the day you choose. Running matters keep the version they were listed under."
            ),
            "primary",
            "check",
            came_back.get("publish") or PublishForm(data=first),
            "publish" in came_back,
            missing=missing,
        ),
        Act(
            "upload",
            _("Upload a folder"),
            _("Put it in the draft's place"),
            f"{here}/upload",
            _("What the zip file says replaces the whole draft. A file with a fault is refused and nothing changes."),
            "plain",
            "upload",
            came_back.get("upload") or UploadForm(data=known),
            "upload" in came_back,
        ),
        Act(
            "discard",
            _("Discard"),
            _("Discard the draft"),
            f"{here}/discard",
            _("Everything changed in the draft is lost. What is in force stays as it is."),
            "danger",
            "close",
            came_back.get("discard") or RevisionForm(data=known),
            "discard" in came_back,
        ),
    )


def _first_day(desk: Desk) -> dt.date:
    """The first day a new version may come into force: tomorrow, or the day of the last one that is to come."""
    days = [version.effective_on for version in desk.versions if version.status == "published" and version.effective_on]
    return max([clock.today() + dt.timedelta(days=1), *days[:1]])


def _offer(desk: Desk) -> PresetOffer | None:
    preset = desk.changed_preset
    if preset is None or not desk.asking.may("profile:write"):
        return None
    here = f"{request.script_root}/settings/profile"
    left = "draft" if desk.draft is not None else str(desk.in_force.number) if desk.in_force is not None else ""
    return PresetOffer(
        preset_label(preset),
        f"{here}/compare?left={left}&right=preset:{preset.key}",
        f"{here}/preset/settle",
        digest_of(preset.profile),
    )
