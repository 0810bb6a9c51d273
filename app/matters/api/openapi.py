"""The API described by itself: the payloads that are checked are the payloads that are described."""

from __future__ import annotations

from typing import Any

from app.deadlines.schemas import SIMULATOR_PARAMETERS
from app.matters.schemas import OTHER_PAYLOADS, PAYLOADS, DraftForm

_ERROR = {
    "description": "A refusal: a code, a sentence in the reader's language, the request's number.",
    "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
}
_MATTER = {
    "description": "The matter, whole, with the acts now open to the asker.",
    "content": {"application/json": {"schema": {"type": "object"}}},
}
_ID = {"name": "matter_id", "in": "path", "required": True, "schema": {"type": "integer", "format": "int64"}}

_FILTERS = (
    ("q", "string"),
    ("source_id", "integer"),
    ("state", "string"),
    ("unit_id", "integer"),
    ("light", "string"),
    ("urgency", "string"),
    ("scope", "string"),
    ("kind", "string"),
    ("due_from", "string"),
    ("due_until", "string"),
    ("order", "string"),
    ("page", "integer"),
    ("page_size", "integer"),
)


def document(root: str) -> dict[str, Any]:
    """The OpenAPI document; ``root`` is the jurisdiction's part of the address."""
    schemas: dict[str, Any] = {
        "Problem": {
            "type": "object",
            "properties": {
                "code": {"type": "string"},
                "title": {"type": "string"},
                "status": {"type": "integer"},
                "request_id": {"type": "string"},
                "fields": {"type": "object", "additionalProperties": {"type": "string"}},
            },
        },
    }
    paths: dict[str, Any] = {
        "/api/v1/security/login": {"post": _login()},
        "/api/v1/matters/": {
            "get": _list(),
            "post": _operation("Draw up a matter", _schema(schemas, DraftForm), "201"),
        },
        "/api/v1/simulator": {"get": _simulator()},
        "/api/v1/matters/{matter_id}": {"get": _operation("Show a matter", None, "200", _ID)},
    }
    for act, payload in PAYLOADS.items():
        schema = _schema(schemas, payload)
        with_version = {
            "allOf": [
                schema,
                {"type": "object", "required": ["version"], "properties": {"version": {"type": "integer"}}},
            ]
        }
        path = f"/api/v1/matters/{{matter_id}}/{act.value}"
        paths[path] = {"post": _operation(act.value.replace("_", " ").capitalize(), with_version, "200", _ID)}
    for name, payload in OTHER_PAYLOADS.items():
        operation = _operation(name.replace("_", " ").capitalize(), _schema(schemas, payload), "201", _ID)
        paths[f"/api/v1/matters/{{matter_id}}/{name}"] = {"post": operation}
    return {
        "openapi": "3.0.3",
        "info": {"title": "回音 Huiyin", "version": "1"},
        "servers": [{"url": root or "/"}],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}},
        },
        "security": [{"bearer": []}],
    }


def _schema(schemas: dict[str, Any], payload: Any) -> dict[str, Any]:
    described = payload.model_json_schema(ref_template="#/components/schemas/{model}")
    for name, inner in described.pop("$defs", {}).items():
        schemas[name] = inner
    schemas[payload.__name__] = described
    return {"$ref": f"#/components/schemas/{payload.__name__}"}


def _operation(summary: str, body: dict[str, Any] | None, status: str, *parameters: dict[str, Any]) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "summary": summary,
        "parameters": list(parameters),
        "responses": {status: _MATTER, "401": _ERROR, "403": _ERROR, "404": _ERROR, "409": _ERROR, "422": _ERROR},
    }
    if body is not None:
        operation["requestBody"] = {"required": True, "content": {"application/json": {"schema": body}}}
    return operation


def _list() -> dict[str, Any]:
    return {
        "summary": "List matters",
        "parameters": [{"name": name, "in": "query", "schema": {"type": kind}} for name, kind in _FILTERS],
        "responses": {
            "200": {
                "description": "A page of the ledger.",
                "content": {"application/json": {"schema": {"type": "object"}}},
            },
            "401": _ERROR,
            "422": _ERROR,
        },
    }


def _simulator() -> dict[str, Any]:
    formats = {"date": {"type": "string", "format": "date"}, "time": {"type": "string", "pattern": "^\\d\\d:\\d\\d$"}}
    clock = {
        "type": "object",
        "properties": {
            "stage": {"type": "string"},
            "name": {"type": "string", "description": "What is due, in the reader's language."},
            "article": {"type": "string"},
            "start_on": {"type": "string", "format": "date", "nullable": True},
            "due_on": {"type": "string", "format": "date", "nullable": True},
            "due_until": {"type": "string", "nullable": True, "description": "Until when on the due day."},
            "yellow_on": {"type": "string", "format": "date", "nullable": True},
            "provisional": {"type": "boolean", "description": "A holiday notice still to come may move it."},
            "waits_for": {"type": "string", "nullable": True, "description": "The event that starts it."},
            "note": {"type": "string", "description": "What it waits for, or why it cannot be computed."},
            "explanation": {"type": "array", "items": {"type": "string"}},
        },
    }
    answer = {
        "type": "object",
        "properties": {
            "version": {"type": "integer", "nullable": True},
            "draft": {"type": "boolean"},
            "clocks": {"type": "array", "items": clock},
        },
    }
    parameters = [
        {"name": name, "in": "query", "description": words, "schema": formats.get(kind, {"type": kind})}
        for name, kind, words in (*SIMULATOR_PARAMETERS, ("draft", "boolean", "1 tries the draft of the rules."))
    ]
    return {
        "summary": "When a matter of given facts would be due, and why; nothing is kept",
        "parameters": parameters,
        "responses": {
            "200": {
                "description": "Every clock the matter would have, in the order of its life.",
                "content": {"application/json": {"schema": answer}},
            },
            "401": _ERROR,
            "403": _ERROR,
            "404": _ERROR,
            "422": _ERROR,
        },
    }


def _login() -> dict[str, Any]:
    fields = {name: {"type": "string"} for name in ("username", "password", "provider")}
    fields["refresh"] = {"type": "boolean"}
    return {
        "summary": "Sign in for tokens (provider: db)",
        "security": [],
        "requestBody": {
            "required": True,
            "content": {
                "application/json": {
                    "schema": {"type": "object", "required": ["username", "password", "provider"], "properties": fields}
                }
            },
        },
        "responses": {"200": {"description": "access_token, and refresh_token when asked for."}, "401": _ERROR},
    }
