"""Sign-in: FAB's security manager with the holes closed.

Sign-ins are rows that can be ended; a new password ends all of them and every token; five failures lock an account for a
quarter of an hour, by form and by API alike; FAB's own user, role, group and password-reset pages do not exist here. Inside
a jurisdiction rights come from memberships only: FAB's roles are for the platform's staff and count nothing there.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import secrets
from collections.abc import Callable
from typing import Any

from flask import Flask, Response, abort, current_app, flash, g, redirect, request, session
from flask_appbuilder.security.forms import LoginForm_db
from flask_appbuilder.security.sqla.manager import SecurityManager
from flask_appbuilder.security.views import AuthDBView, expose, no_cache
from flask_appbuilder.utils.base import get_safe_redirect
from flask_jwt_extended import verify_jwt_in_request
from flask_login import current_user, login_user, user_logged_in, user_logged_out
from flask_login.utils import _create_identifier
from werkzeug.security import check_password_hash

from app.jurisdictions.models import Jurisdiction
from app.jurisdictions.queries import find_by_slug
from app.kernel import clock
from app.kernel.actor import Actor
from app.kernel.db import db
from app.kernel.errors import Gone, HuiyinError, Refused
from app.kernel.events import record
from app.kernel.i18n import N_, _
from app.kernel.tenancy import Scope, bind_scope
from app.kernel.web import problem, public, wants_json
from app.organisation import queries, services
from app.organisation.models import Person
from app.organisation.permissions import PLATFORM_RIGHTS
from app.organisation.rules import MAX_PASSWORD
from app.organisation.services import PLATFORM_ROLE

IDLE = dt.timedelta(minutes=30)
ABSOLUTE = dt.timedelta(hours=12)
_SEEN_EVERY = dt.timedelta(minutes=1)

# Where somebody with a one-time password may go: to a password of his own, out, and to the other language.
_BEFORE_OWN_PASSWORD = {"OwnPageView.me", "OwnPageView.change_password", "SignInView.logout", "LocaleView.index"}


# What stays when a jurisdiction is not open: going away, the language; its export for those who may take it away.
_AT_THE_DOOR = {"SignInView.logout", "LocaleView.index"}
_EXPORT = {"ExportView.index", "ExportView.make", "ExportView.download"}

_NOT_OPEN: dict[str, Callable[[Jurisdiction], HuiyinError]] = {
    "preparing": lambda here: Refused(
        "jurisdiction_preparing",
        N_("%(name)s is still being prepared. Its administrator tells you when you can start."),
        name=here.name,
    ),
    "suspended": lambda here: Refused(
        "jurisdiction_suspended",
        N_("%(name)s is halted (%(reason)s). Nobody can work in it until it runs again; nothing is lost."),
        name=here.name,
        reason=here.status_reason or "",
    ),
    "closed": lambda here: Gone(
        "jurisdiction_closed",
        N_("%(name)s is closed. Its records were handed to its administrator."),
        name=here.name,
    ),
}


class SignInView(AuthDBView):
    """The sign-in page. One sentence for every failure, so that it does not say who has an account."""

    @expose("/login/", methods=["GET", "POST"])
    @no_cache
    @public
    def login(self) -> Any:
        """Sign in and go where one was going."""
        if find_person() is not None:
            return redirect(_where_one_was_going())
        form = LoginForm_db()
        if form.validate_on_submit():
            person = self.appbuilder.sm.auth_user_db(form.username.data, form.password.data)
            if person:
                login_user(person, remember=False)
                return redirect(_where_one_was_going())
            # one sentence for every failure
            flash(_("The name or the password is not right, or the account is locked for a while."), "warning")
        return self.render_template(self.login_template, title=_("Sign in"), form=form, appbuilder=self.appbuilder)

    @expose("/logout/")
    @public
    def logout(self) -> Any:
        """End this sign-in for good: a copied cookie is worth nothing afterwards."""
        return super().logout()


def find_person() -> Person | None:
    """The signed-in person, whatever the jurisdiction."""
    user = g.get("user")
    return user if user is not None and getattr(user, "is_authenticated", False) else None


class HuiyinSecurityManager(SecurityManager):
    """See the module."""

    user_model = Person
    authdbview = SignInView

    def register_views(self) -> None:
        """Only what we want: signing in by form and by API."""
        self.appbuilder.add_api(self.security_api)
        self.auth_view = self.authdbview()
        self.appbuilder.add_view_no_menu(self.auth_view)
        api = next(view for view in self.appbuilder.baseviews if isinstance(view, self.security_api))
        for blueprint in (self.auth_view.blueprint, api.blueprint):
            self.limiter.limit("30 per minute", methods=["POST"], key_func=_who_tries)(blueprint)

    # -- who asks, and where ------------------------------------------------------------------------------------------

    def before_request(self) -> Any:
        """Find the person (cookie or token) and the jurisdiction (URL), bind the scope; a stranger to it gets 404."""
        g.actor, g.standing_slug = None, request.environ.get("huiyin.slug")
        g.user = current_user
        if (request.endpoint or "").endswith("static"):
            return None
        bearer = request.headers.get("Authorization", "").lower().startswith("bearer ")
        if bearer:
            # a token speaks for itself: a cookie sent along gives nothing and needs no CSRF token
            g.user = None
            verify_jwt_in_request(optional=False, refresh=(request.path == "/api/v1/security/refresh"))
            g.user = g.get("token_person")
        elif request.method not in ("GET", "HEAD", "OPTIONS", "TRACE") and request.path != "/api/v1/security/login":
            current_app.extensions["csrf"].protect()
        person = find_person()
        if person is None:
            return None
        self._stand(person)
        if person.must_change_password and request.endpoint not in _BEFORE_OWN_PASSWORD:
            if wants_json():
                raise Refused(
                    "password_change_needed", N_("Sign in on the page once and choose a password of your own.")
                )
            return redirect(request.script_root + "/me/")
        return None

    def _stand(self, person: Person) -> None:
        slug = g.standing_slug
        if not slug:
            bind_scope(db.session, Scope(person_id=person.id))
            staff = any(role.name == PLATFORM_ROLE for role in person.roles)
            g.actor = Actor(person.id, person.get_full_name(), None, rights=PLATFORM_RIGHTS if staff else frozenset())
            return
        jurisdiction = find_by_slug(db.session, slug)
        if jurisdiction is None:
            abort(404)
        bind_scope(db.session, Scope(jurisdiction.id, person.id))
        g.jurisdiction = jurisdiction
        g.actor = queries.find_actor(db.session, person, today=clock.today())
        if g.actor is None:
            abort(404)
        if jurisdiction.status != "active":
            self._stand_at_the_door(jurisdiction)

    def _stand_at_the_door(self, jurisdiction: Jurisdiction) -> None:
        """Before it runs a jurisdiction is its administrator's; halted or closed it is nobody's, its export apart."""
        asking: Actor = g.actor
        if jurisdiction.status == "preparing" and (asking.may("membership:write") or asking.may("profile:write")):
            return
        left = asking.rights & {"jurisdiction:export"} if jurisdiction.status != "preparing" else frozenset()
        g.actor = dataclasses.replace(asking, rights=left)
        if request.endpoint in _AT_THE_DOOR or (left and request.endpoint in _EXPORT):
            return
        raise _NOT_OPEN[jurisdiction.status](jurisdiction)

    def load_user(self, pk: Any) -> Person | None:
        """The person of a cookie, while its sign-in row is alive and no newer password exists."""
        if not request or "_user_id" not in session:
            found: Person | None = super().load_user(pk)
            return found
        signed_in = queries.find_signed_in(db.session, session.get("sid") or "")
        if signed_in is None:
            return None
        row, person = signed_in
        now = clock.now()
        if (
            not person.is_active
            or str(person.id) != str(pk)
            or row.revoked_at is not None
            or row.auth_version != person.auth_version
            or now - row.seen_at > IDLE
            or now - row.created_at > ABSOLUTE
        ):
            return None
        if now - row.seen_at > _SEEN_EVERY:
            services.note_session_seen(db.session, row.sid, at=now)
        return person

    def load_user_jwt(self, _header: Any, data: dict[str, Any]) -> Person | None:
        """The person of a token, unless the password is newer than the token."""
        person = super(SecurityManager, self).load_user(data["sub"])
        if person is None or data.get("av") != person.auth_version:
            return None
        g.token_person = g.user = person
        return person

    def create_login_manager(self, app: Flask) -> Any:
        """As FAB's, with our sign-in rows hung on Flask-Login's signals."""
        manager = super().create_login_manager(app)
        real = app._get_current_object() if hasattr(app, "_get_current_object") else app
        user_logged_in.connect(self._signed_in, real, weak=False)
        user_logged_out.connect(self._signed_out, real, weak=False)
        return manager

    def create_jwt_manager(self, app: Flask) -> Any:
        """Tokens carry the version of the password they were made under."""
        manager = super().create_jwt_manager(app)
        manager.additional_claims_loader(self._claims)
        manager.unauthorized_loader(lambda _why: ask_for_token())
        manager.invalid_token_loader(lambda _why: ask_for_token())
        manager.expired_token_loader(lambda _header, _data: ask_for_token())
        manager.user_lookup_error_loader(lambda _header, _data: ask_for_token())
        return manager

    def _claims(self, identity: Any) -> dict[str, Any]:
        person = self.get_user_by_id(int(identity))
        return {"av": getattr(person, "auth_version", 0)}

    def _signed_in(self, _app: Any, user: Person, **_more: Any) -> None:
        locale = user.locale or session.get("locale")
        services.revoke_user_session(db.session, session.get("sid") or "", at=clock.now())
        session.clear()
        sid = secrets.token_urlsafe(32)
        session.update(_user_id=str(user.id), _fresh=True, _id=_create_identifier(), sid=sid)
        if locale:
            session["locale"] = locale
        services.open_user_session(db.session, user, sid=sid, address=request.remote_addr, at=clock.now())

    def _signed_out(self, _app: Any, **_more: Any) -> None:
        services.revoke_user_session(db.session, session.pop("sid", ""), at=clock.now())

    def auth_user_db(self, username: str, password: str) -> Person | None:
        """Check a password, for the form and the API alike. Whatever the reason for a refusal, it takes the same time.

        FAB's own also takes a mail address and any spelling of the name, both past the lock.
        """
        now, name = clock.now(), (username or "").replace("\0", "").strip()[:64]
        person = queries.find_person_by_sign_in(db.session, name)
        locked = person is not None and person.locked_until is not None and person.locked_until > now
        usable = person is not None and bool(person.active) and bool(person.password) and not locked
        expected = person.password if person is not None and usable else None
        fits = check_password_hash(
            expected or current_app.config["AUTH_DB_FAKE_PASSWORD_HASH_CHECK"], (password or "")[: MAX_PASSWORD + 1]
        )
        known = person.id if person is not None else 0
        if locked:
            self._note("sign_in.refused_locked", known, name)
            return None
        if expected is None or not fits or not password:
            if person is not None:
                services.note_sign_in(db.session, person.id, succeeded=False, at=now)
            self._note("sign_in.failed", known, name)
            return None
        services.note_sign_in(db.session, known, succeeded=True, at=now)
        self._note("sign_in.succeeded", known, name)
        return person

    def _note(self, kind: str, person_id: int, username: str) -> None:
        # sign-ins belong to no jurisdiction: they go into the system's chain
        who = Actor(person_id or None, (username or "")[:60], None)
        record(db.session, who, kind, "person", person_id, clock.now(), address=request.remote_addr)
        db.session.commit()

    # -- what FAB asks about permissions --------------------------------------------------------------------------------

    def _has_view_access(self, user: Any, permission_name: str, view_name: str) -> bool:
        """FAB's question, answered from our rights: ``can_read`` on ``unit`` is ``unit:read``."""
        asking: Actor | None = g.get("actor")
        return asking is not None and asking.may(f"{view_name}:{permission_name.removeprefix('can_')}")

    def _get_user_permission_view_menus(self, user: Any, permission_name: str, view_menus_name: Any) -> set[str]:
        return set()

    def get_user_roles(self, user: Any = None) -> list[Any]:
        """Inside a jurisdiction FAB's roles do not exist."""
        return [] if request.environ.get("huiyin.slug") else super().get_user_roles(user)

    def is_item_public(self, permission_name: str, view_name: str) -> bool:
        """Nothing is public."""
        return False

    def get_public_permissions(self) -> list[Any]:
        """Nothing is public."""
        return []


def _where_one_was_going() -> str:
    """The page that asked for the sign-in, when it is one of ours; else the front page."""
    wanted = request.args.get("next", "")
    return str(get_safe_redirect(wanted)) if wanted else f"{request.script_root}/"


def ask_for_token() -> Response:
    """The answer to a token that is missing, spoilt, expired or ended: one sentence for all of them."""
    return problem("token_refused", _("This token is not valid. Sign in again."), 401)


def _who_tries() -> str:
    """Whom the limit counts: the name tried and the address it came from, since an office sits behind one address."""
    name = request.form.get("username") or (
        (request.get_json(silent=True) or {}).get("username") if request.is_json else ""
    )
    return f"{request.remote_addr}:{str(name or '')[:60].lower()}"


__all__ = ["HuiyinSecurityManager", "SignInView", "find_person"]
