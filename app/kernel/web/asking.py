"""Who asks, may they, and the two kinds of no: a sentence for people, problem JSON for machines."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from flask import Response, g, jsonify, redirect, request, url_for
from flask_appbuilder import BaseView

from app.kernel.actor import Actor
from app.kernel.errors import NotFound, Refused
from app.kernel.i18n import N_, _

PUBLIC_MARK, RIGHTS_MARK = "_huiyin_public", "_huiyin_rights"


def find_actor() -> Actor | None:
    """Who is asking, or None when nobody has signed in."""
    return getattr(g, "actor", None)


def actor() -> Actor:
    """Who is asking. Only behind ``right``."""
    found = find_actor()
    if found is None:
        raise Refused("sign_in_needed", N_("Sign in first."))
    return found


def wants_json() -> bool:
    """Whether this is a call of the API rather than of a page."""
    return request.path.startswith("/api/")


def right(*words: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Only those who hold one of these rights here may go on; the others read a sentence, nobody signs in first."""

    def guard(view: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            asking = find_actor()
            if asking is None:
                return ask_to_sign_in()
            if not any(asking.may(word) for word in words):
                raise Refused(
                    "right_missing", N_("Your role here does not allow this. Ask the jurisdiction's administrator.")
                )
            return view(*args, **kwargs)

        setattr(guarded, RIGHTS_MARK, words)
        return guarded

    return guard


def member(view: Callable[..., Any]) -> Callable[..., Any]:
    """Any signed-in member of the jurisdiction (or person of the platform) may go on."""

    @functools.wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        return ask_to_sign_in() if find_actor() is None else view(*args, **kwargs)

    setattr(guarded, RIGHTS_MARK, ("member",))
    return guarded


def member_here(view: Callable[..., Any]) -> Callable[..., Any]:
    """Any member of the jurisdiction in the address may go on; where the address names none, the page does not exist."""

    @functools.wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        if find_actor() is not None and not request.environ.get("huiyin.slug"):
            raise NotFound()
        return member(view)(*args, **kwargs)

    setattr(guarded, RIGHTS_MARK, ("member",))
    return guarded


def public(view: Callable[..., Any]) -> Callable[..., Any]:
    """No sign-in is needed: the health pages and nothing else."""
    setattr(view, PUBLIC_MARK, True)
    return view


def ask_to_sign_in() -> Any:
    """To the sign-in page and back; 401 for a machine. A page does not say whether it exists."""
    if wants_json():
        return problem("sign_in_needed", _("Sign in first."), 401)
    wanted = request.script_root + request.full_path.rstrip("?") if request.method == "GET" else ""
    return redirect(url_for("SignInView.login", next=wanted))


def problem(code: str, sentence: str, status: int, **more: Any) -> Response:
    """An error for a machine (RFC 9457): code, sentence, request id."""
    body = {"code": code, "title": sentence, "status": status, "request_id": g.get("request_id"), **more}
    response = jsonify(body)
    response.status_code = status
    response.mimetype = "application/problem+json"
    return response


class BusinessView(BaseView):
    """Base of our own pages. They carry rights, not FAB permissions."""

    base_permissions: list[str] = []  # noqa: RUF012 - FAB reads it from the class
    route_base = ""
