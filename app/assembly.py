"""回音 Huiyin: the application, put together."""

from __future__ import annotations

import datetime as dt
import secrets
from pathlib import Path
from typing import Any

from flask import Flask
from flask_appbuilder import AppBuilder
from flask_talisman import Talisman
from flask_wtf.csrf import CSRFProtect
from werkzeug.security import generate_password_hash

from app import models  # noqa: F401 - every table must be known before the first query
from app.kernel import form_words, health, templates
from app.kernel.db import db
from app.kernel.events import install_chain
from app.kernel.tenancy import JurisdictionPrefix, install_guard, self_test
from app.kernel.web import install_answers
from app.organisation.security import HuiyinSecurityManager
from config import Settings, load_settings

ROOT = Path(__file__).resolve().parent.parent
LANGUAGES = {"zh": {"flag": "cn", "name": "中文"}, "en": {"flag": "gb", "name": "English"}}
_PASSWORD_HASH = "scrypt:32768:8:3"  # noqa: S105 - the method's name and cost (OWASP's floor), no secret
_TEST_PASSWORD_HASH = "pbkdf2:sha256:1000"  # noqa: S105

_CSP = {
    "default-src": "'self'",
    "script-src": "'self'",
    "style-src": ["'self'", "'unsafe-inline'"],
    "img-src": ["'self'", "data:"],
    "object-src": "'none'",
    "frame-ancestors": "'none'",
    "form-action": "'self'",
    "base-uri": "'self'",
}


def create_app(settings: Settings | None = None) -> Flask:
    """The WSGI application for one installation.

    Refuses to start (ScopeError) when the database role could pass row-level security or the session guard does not filter.
    """
    settings = settings or load_settings()
    app = Flask("app", root_path=str(ROOT / "app"))
    app.config.update(_configuration(settings))
    app.extensions["huiyin.settings"] = settings
    db.init_app(app)
    CSRFProtect(app)
    Talisman(
        app,
        force_https=False,
        session_cookie_secure=settings.cookie_secure,
        strict_transport_security=settings.cookie_secure,
        content_security_policy=_CSP,
        content_security_policy_nonce_in=["script-src"],
        frame_options="DENY",
    )
    install_answers(app)
    templates.install(app)
    form_words.install(app)
    health.install(app)
    with app.app_context():
        install_guard(db.session)
        install_chain(db.session)
        appbuilder = AppBuilder(app, db.session, security_manager_class=HuiyinSecurityManager)
        _open_rooms(app, appbuilder)
        self_test(db.engine)
        db.session.remove()
    app.wsgi_app = JurisdictionPrefix(app.wsgi_app)  # type: ignore[method-assign]
    return app


def prepare_data(app: Flask) -> None:
    """The national calendar: without it no due date can be computed."""
    from app.deadlines.services import seed_national_calendar

    with app.app_context():
        seed_national_calendar(db.session)
        db.session.commit()
        db.session.remove()


def _configuration(settings: Settings) -> dict[str, Any]:
    method = _TEST_PASSWORD_HASH if settings.testing else _PASSWORD_HASH
    return {
        "SECRET_KEY": settings.secret_key,
        "JWT_SECRET_KEY": settings.jwt_secret,
        "JWT_REFRESH_TOKEN_EXPIRES": dt.timedelta(hours=12),  # as long as a sign-in in the browser lasts at most
        "SEND_FILE_MAX_AGE_DEFAULT": dt.timedelta(minutes=10),
        "HUIYIN_AUDIT_KEY": settings.audit_key,
        "TESTING": settings.testing,
        "PROPAGATE_EXCEPTIONS": False,
        "SQLALCHEMY_DATABASE_URI": settings.database_url,
        "SQLALCHEMY_ENGINE_OPTIONS": {
            "pool_pre_ping": True,
            "pool_size": 10,
            "connect_args": {"connect_timeout": 5, "options": "-c timezone=UTC -c statement_timeout=15000"},
        },
        "APP_NAME": "回音",
        "MAX_CONTENT_LENGTH": 64 * 1024 * 1024,
        "MAX_FORM_MEMORY_SIZE": 2 * 1024 * 1024,  # a regulation's articles on one page; files are not counted
        "MAX_FORM_PARTS": 4000,
        "FAB_BASE_TEMPLATE": "hy/base.html",
        "FAB_INDEX_VIEW": "app.matters.views.IndexView",
        "FAB_CREATE_DB": False,
        "FAB_UPDATE_PERMS": False,
        "FAB_ADD_SECURITY_PERMISSION_VIEW": False,
        "FAB_ADD_SECURITY_VIEW_MENU_VIEW": False,
        "FAB_ADD_SECURITY_PERMISSION_VIEWS_VIEW": False,
        "FAB_API_SWAGGER_UI": False,
        "FAB_ADD_OPENAPI_VIEWS": False,
        "FAB_ADD_MENU_API": False,
        "FAB_PASSWORD_HASH_METHOD": method,
        "AUTH_DB_FAKE_PASSWORD_HASH_CHECK": generate_password_hash(secrets.token_hex(8), method),
        "AUTH_ROLE_PUBLIC": "Public",
        "RATELIMIT_ENABLED": not settings.testing,
        "RATELIMIT_STORAGE_URI": settings.limiter_url,
        "RATELIMIT_IN_MEMORY_FALLBACK_ENABLED": True,
        "RATELIMIT_IN_MEMORY_FALLBACK": "30 per minute",
        "BABEL_DEFAULT_LOCALE": "zh",
        "LANGUAGES": LANGUAGES,
        "BABEL_TRANSLATION_DIRECTORIES": str(ROOT / "translations"),
        "WTF_CSRF_CHECK_DEFAULT": False,  # the security manager checks, because it knows tokens from cookies
        "WTF_CSRF_TIME_LIMIT": None,
        "SESSION_COOKIE_PATH": "/",
        "SESSION_COOKIE_NAME": "huiyin",
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SECURE": settings.cookie_secure,
        "TRUSTED_HOSTS": list(settings.trusted_hosts) or None,
    }


def _open_rooms(app: Flask, appbuilder: AppBuilder) -> None:
    """Each room registers its own pages and handlers; nothing is found by magic."""
    from app import navigation
    from app.deadlines import api as deadline_api
    from app.deadlines import views as deadline_views
    from app.documents import views as document_views
    from app.jurisdictions import views as jurisdiction_views
    from app.matters import api as matter_api
    from app.matters import settings_views
    from app.matters import views as matter_views
    from app.matters.running_here import LedgerByVersion
    from app.notifications import views as notification_views
    from app.organisation import views as organisation_views
    from app.organisation.rights_here import OrganisationRights
    from app.platform import views as platform_views
    from app.reporting import views as reporting_views
    from app.urging import api as urging_api
    from app.urging import views as urging_views

    app.extensions["huiyin.rights"] = OrganisationRights()
    app.extensions["huiyin.running"] = LedgerByVersion()
    for room in (
        organisation_views,
        jurisdiction_views,
        notification_views,
        document_views,
        deadline_views,
        matter_views,
        matter_api,
        settings_views,
        urging_views,
        deadline_api,
        urging_api,
        reporting_views,
        platform_views,
    ):
        room.register(appbuilder)
    navigation.install(app, appbuilder)


__all__ = ["create_app"]
