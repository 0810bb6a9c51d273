"""Request ids, headers, and an answer in plain words to every fault."""

from __future__ import annotations

import logging
import uuid
from typing import Any

from flask import Flask, Response, g, render_template, request
from werkzeug.exceptions import HTTPException

from app.kernel.db import db
from app.kernel.errors import HuiyinError, Invalid
from app.kernel.i18n import N_, _
from app.kernel.tenancy import clear_scope
from app.kernel.web.asking import problem, wants_json

log = logging.getLogger("huiyin.web")


def install_answers(app: Flask) -> None:
    """Request ids, headers, and an error page for every fault: never a stack, never SQL."""

    @app.before_request
    def _number() -> None:
        g.request_id = uuid.uuid4().hex[:12]
        if _holds_nul():
            sentence = N_("The input holds a character that cannot be stored (NUL). Remove it and try again.")
            raise Invalid("nul_character", sentence)

    @app.after_request
    def _head(response: Response) -> Response:
        response.headers["X-Request-Id"] = g.get("request_id", "")
        if not request.path.startswith("/static/"):
            response.headers.setdefault("Cache-Control", "no-store")
        return response

    @app.teardown_request
    def _forget(_error: BaseException | None) -> None:
        clear_scope()
        db.session.remove()

    @app.errorhandler(HuiyinError)
    def _refused(error: HuiyinError) -> Any:
        db.session.rollback()
        more = {"fields": error.field_sentences()} if isinstance(error, Invalid) and error.fields else {}
        return _answer(error.code, error.sentence(), error.status, **more)

    @app.errorhandler(HTTPException)
    def _http(error: HTTPException) -> Any:
        status = error.code or 500
        if status in (301, 302, 307, 308):
            return error
        return _answer(f"http_{status}", _http_sentence(status), status)

    @app.errorhandler(Exception)
    def _fault(error: Exception) -> Any:
        db.session.rollback()
        log.exception("fault in request %s", g.get("request_id"))
        sentence = _("Something went wrong on our side. Nothing was saved. Tell the administrator the request number.")
        return _answer("fault", sentence, 500)


def _holds_nul() -> bool:
    """Whether a field carries the one character PostgreSQL cannot store: refused here, once, for every field there is."""
    if request.path in ("/login/", "/api/v1/security/login"):
        return False  # signing in answers every failure with one sentence, this one too
    if request.is_json:
        return b"\\u0000" in request.get_data(cache=True)
    if request.method == "POST":
        return any("\x00" in value for value in request.form.values())
    return wants_json() and any("\x00" in value for value in request.args.values())


def _http_sentence(status: int) -> str:
    known = {
        400: _("The request could not be read. Go back, reload the page and try again."),
        401: _("Sign in first."),
        403: _("Your role here does not allow this. Ask the jurisdiction's administrator."),
        404: _("There is nothing here."),
        405: _("This address does not take that kind of request."),
        413: _("What was sent is larger than allowed. Send less at once."),
        429: _("Too many tries. Wait a minute and try again."),
    }
    return known.get(status, _("The request could not be answered."))


def _answer(code: str, sentence: str, status: int, **more: Any) -> Any:
    if wants_json():
        return problem(code, sentence, status, **more)
    try:
        return render_template(
            "hy/error.html", status=status, sentence=sentence, request_id=g.get("request_id")
        ), status
    except Exception:
        log.exception("the error page itself failed")
        abort_text = f"{status} {sentence} ({g.get('request_id')})"
        return Response(abort_text, status=status, mimetype="text/plain")
