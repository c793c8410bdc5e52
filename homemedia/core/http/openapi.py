"""The OpenAPI 3.1 document of the whole server, made from the signatures of its routes."""

import re
from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

import msgspec

from homemedia.core.http.routes import Needs, Route, answer_type, schema_types
from homemedia.core.http.wire import Wire

REF = "#/components/schemas/{name}"
_SECURITY: dict[Needs, list[dict[str, list[str]]]] = {
    Needs.USER: [{"bearer": []}, {"cookie": []}],
    Needs.ADMIN: [{"bearer": []}, {"cookie": []}],
    Needs.MEDIA: [{"bearer": []}, {"cookie": []}, {"token": []}],
}


class ErrorBody(Wire, frozen=True, kw_only=True):
    """The one error body."""

    error: str
    message: str
    status_code: int
    code: str
    details: list[dict[str, Any]]


def document(routes: Iterable[Route], *, version: str) -> dict[str, Any]:
    """The document as plain dicts and lists; the same routes give the same document, byte for byte."""
    listed = list(routes)
    queries = [route.query for route in listed if route.query is not None]
    kinds = [*schema_types(listed), *queries, ErrorBody]
    schemas, components = msgspec.json.schema_components(kinds, ref_template=REF, schema_hook=_anything)
    known = dict(zip((id(kind) for kind in kinds), schemas, strict=True))
    query_names = {schema["$ref"].rsplit("/", 1)[1] for schema in (known[id(query)] for query in queries)}
    paths: dict[str, dict[str, Any]] = {}
    for route in sorted(listed, key=lambda found: (found.path, found.method)):
        path = re.sub(r"\{(\w+):[^}]*\}", r"{\1}", route.path)
        paths.setdefault(path, {})[route.method.lower()] = _operation(route, known, components)
    return {
        "openapi": "3.1.0",
        "info": {"title": "HomeMedia", "version": version, "license": {"name": "GPL-3.0-or-later"}},
        "paths": paths,
        "components": {
            # Parameters are listed with their operation; as schemas of their own nobody refers to them.
            "schemas": {name: kind for name, kind in sorted(components.items()) if name not in query_names},
            "securitySchemes": {
                "bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"},
                "cookie": {"type": "apiKey", "in": "cookie", "name": "immich_access_token"},
                "token": {"type": "apiKey", "in": "query", "name": "token"},
            },
        },
    }


def _anything(kind: type) -> dict[str, Any]:
    """The schema of a value that may be anything.

    Raises:
        NotImplementedError: for every other type msgspec does not know.
    """
    if kind is object:
        return {"description": "Anything."}
    raise NotImplementedError


def _operation(route: Route, known: dict[int, Any], components: dict[str, Any]) -> dict[str, Any]:
    operation: dict[str, Any] = {
        # One handler may answer under two prefixes; an id names one address.
        "operationId": route.name.replace("Routes.", ".") + (".v1" if route.path.startswith("/api/v1/") else ""),
        "tags": [route.slice],
        "summary": route.summary,
        "security": _SECURITY[route.needs] if route.needs else [],
        "parameters": [*_path_parameters(route), *_query_parameters(route, known, components)],
        "responses": _responses(route, known),
    }
    if route.body is not None:
        operation["requestBody"] = {
            "required": not route.body_is_optional,
            "content": {"application/json": {"schema": known[id(route.body)]}},
        }
    return operation


def _path_parameters(route: Route) -> list[dict[str, Any]]:
    return [
        {
            "name": name,
            "in": "path",
            "required": True,
            "schema": {"type": "integer", "minimum": 0} if kind is int else {"type": "string"},
        }
        for name, kind in route.path_types.items()
    ]


def _query_parameters(route: Route, known: dict[int, Any], components: dict[str, Any]) -> list[dict[str, Any]]:
    if route.query is None:
        return []
    schema = known[id(route.query)]
    if "$ref" in schema:
        schema = components[schema["$ref"].rsplit("/", 1)[1]]
    required = set(schema.get("required", ()))
    return [
        {"name": name, "in": "query", "required": name in required, "schema": kind}
        for name, kind in schema["properties"].items()
    ]


def _responses(route: Route, known: dict[int, Any]) -> dict[str, Any]:
    answer = answer_type(route)
    if answer is not None:
        content: dict[str, Any] = {"application/json": {"schema": known[id(answer)]}}
    else:
        content = {route.produces: {}}
    good: dict[str, Any] = {}
    for status in (route.status, *route.also):
        good[str(status)] = {"description": HTTPStatus(status).phrase}
        if status != HTTPStatus.NO_CONTENT:
            good[str(status)]["content"] = content
    return {
        **good,
        "default": {
            "description": "A refusal, with a sentence and a stable code",
            "content": {"application/json": {"schema": {"$ref": REF.format(name="ErrorBody")}}},
        },
    }
