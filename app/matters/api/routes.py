"""The addresses of the API."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from flask import Response, jsonify, request

from app.kernel import clock
from app.kernel.db import db
from app.kernel.errors import Invalid
from app.kernel.i18n import N_, _
from app.kernel.web import BusinessView, actor, expose, member, member_here, right
from app.matters import queries, services
from app.matters.api.answers import case_answer, row_answer
from app.matters.api.openapi import document

SEE = ("matter:read_all", "matter:read_unit", "matter:approve")
FILTERS = frozenset(
    {
        *("q", "source_id", "state", "unit_id", "light", "urgency", "scope", "kind", "due_from", "due_until"),
        *("mine", "open_only", "order", "page", "page_size"),
    }
)
MATTER = "/matters/<int(max=9223372036854775807):matter_id>"


class MattersApi(BusinessView):
    """List, show, draw up, and every act."""

    route_base = "/api/v1"
    default_view = "matters"

    @expose("/matters/")
    @right(*SEE)
    def matters(self) -> Response:
        """The ledger: the filters of the page, ``page`` from 1, ``page_size`` up to 100."""
        page, page_size = _whole("page", 1), _whole("page_size", 25)
        wanted = ledger_filter(request.args)
        found = queries.ledger(
            db.session, actor(), wanted, today=clock.today(), at=clock.now(), page=page, page_size=page_size
        )
        return jsonify(
            count=found.total,
            page=page,
            page_size=min(page_size, queries.MAX_PAGE_SIZE),
            result=[row_answer(row) for row in found.rows],
        )

    @expose("/matters/", methods=["POST"])
    @right("matter:register")
    def draw_up(self) -> tuple[Response, int]:
        """Draw up a draft; it changes nothing for anybody until it is submitted."""
        matter = services.run_draw_up(db.session, actor(), _body(), at=clock.now())
        return self._matter(matter.id), 201

    @expose(MATTER)
    @right(*SEE)
    def matter(self, matter_id: int) -> Response:
        """One matter whole: content, units, clocks with their explanations, reports, and the acts open to the asker."""
        return self._matter(matter_id)

    @expose(MATTER + "/<string:action>", methods=["POST"])
    @member_here
    def act(self, matter_id: int, action: str) -> Response:
        """Do one act. The body carries ``version``, the version it was decided on, and the act's own fields."""
        queries.get_matter(db.session, actor(), matter_id)
        payload = _body()
        version = payload.pop("version", None)
        if not isinstance(version, int) or isinstance(version, bool):
            field = {"version": N_("A whole number is needed.")}
            raise Invalid("version_needed", N_("Say which version of the matter this was decided on."), field)
        services.run_act(db.session, actor(), matter_id, action, payload, expected_version=version, at=clock.now())
        return self._matter(matter_id)

    def _matter(self, matter_id: int) -> Response:
        return jsonify(
            case_answer(queries.case_file(db.session, actor(), matter_id, today=clock.today(), at=clock.now()))
        )

    @expose("/openapi.json")
    @member
    def openapi(self) -> Response:
        """What this API takes and gives, for machines."""
        return jsonify(document(request.script_root))

    @expose("/docs")
    @member
    def docs(self) -> Any:
        """The same for people, with a form to try it; every asset is our own."""
        address = request.script_root + "/api/v1/openapi.json"
        return self.render_template("matters/api_docs.html", title=_("API"), openapi_url=address)


def _body() -> dict[str, Any]:
    """The JSON object of the request. Anything else is refused with a sentence."""
    payload = request.get_json(silent=True)
    if not isinstance(payload, dict):
        raise Invalid("json_needed", N_("The body must be a JSON object."))
    return payload


def _whole(name: str, default: int) -> int:
    text = request.args.get(name, "")
    if not text:
        return default
    if not text.isascii() or not text.isdigit() or not 1 <= int(text[:10]) <= 1_000_000:
        raise Invalid("bad_page", N_("The page number or size in the address is not a number."))
    return int(text)


def ledger_filter(args: Mapping[str, str]) -> queries.LedgerFilter:
    """The filter an address asks for. Unknown words and dates that are none are refused with a sentence."""
    unknown = set(args) - FILTERS
    if unknown:
        raise Invalid("bad_filter", N_("The filter in the address is not one of this list's."))
    light, order = args.get("light", ""), args.get("order", "newest")
    if light not in ("", "ok", "warn", "bad", "hold", "done") or order not in queries.ORDERS:
        raise Invalid("bad_filter", N_("The filter in the address is not one of this list's."))
    return queries.LedgerFilter(
        q=args.get("q", "")[:100],
        source_id=_id(args.get("source_id")),
        state=args.get("state", "")[:20],
        unit_id=_id(args.get("unit_id")),
        light=light,
        urgency=args.get("urgency", "")[:12],
        scope_key=args.get("scope", "")[:40],
        kind_key=args.get("kind", "")[:40],
        due_from=_day(args.get("due_from")),
        due_until=_day(args.get("due_until")),
        mine=args.get("mine") == "1",
        open_only=args.get("open_only") == "1",
        order=order,
    )


def _id(text: str | None) -> int | None:
    if not text:
        return None
    if not text.isascii() or not text.isdigit() or len(text) > 18:
        raise Invalid("bad_filter", N_("The filter in the address is not one of this list's."))
    return int(text)


def _day(text: str | None) -> dt.date | None:
    if not text:
        return None
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise Invalid("bad_date", N_("Give a date such as 2026-10-08.")) from None
