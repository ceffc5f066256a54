"""The OpenAPI 3.1 document, made from the declarations that answer the requests."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any, get_args

from aiohttp import web
from aiohttp.hdrs import IF_MATCH, METH_GET
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from hub.adapters.web.conditional import ETAG
from hub.adapters.web.declare import ROOT, Endpoint, Nothing
from hub.adapters.web.examples import example
from hub.adapters.web.idempotency import HEADER
from hub.adapters.web.shapes import ProblemShape

DOCUMENT: web.AppKey[Callable[[], dict[str, Any]]] = web.AppKey("document")
"""Where a request finds what makes the document of its application, the first time that somebody wants it."""
_REF = "#/components/schemas/{model}"
_PATH_PARAMETER = re.compile(r"\{(\w+)\}")


def document(endpoints: Iterable[Endpoint], version: str) -> dict[str, Any]:
    """The whole document, as JSON values."""
    declared = list(endpoints)
    models: dict[tuple[type[BaseModel], Any], None] = {(ProblemShape, "serialization"): None}
    for one in declared:
        models |= dict.fromkeys((model, "validation") for model in (one.body,) if model not in (None, Nothing))
        models |= dict.fromkeys((model, "serialization") for model in _shapes(one.answer))
    references, schemas = models_json_schema(list(models), ref_template=_REF)
    paths: dict[str, Any] = {}
    for one in declared:
        paths.setdefault(ROOT + one.path, {})[one.method.lower()] = _operation(one, references)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Poste Public",
            "version": version,
            "summary": "The desk's side of a room of public computers",
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": "/"}],
        "paths": paths,
        "components": {
            "schemas": schemas.get("$defs", {}),
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


def _shapes(answer: Any) -> list[type[BaseModel]]:
    """The models in an answer's type: itself, or those of a union and of its lists."""
    if isinstance(answer, type) and issubclass(answer, BaseModel):
        return [answer]
    return [model for part in get_args(answer) for model in _shapes(part)]


def _operation(one: Endpoint, references: dict[Any, Any]) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": one.handle.__name__,
        "summary": one.summary,
        "tags": [one.path.split("/")[1]],
        "security": [] if one.role is None else [{"token": []}],
        "parameters": _parameters(one),
        "responses": _responses(one, references),
    }
    if one.role is not None:
        operation["description"] = f"Needs the role {one.role}."
    if one.body not in (None, Nothing):
        schema = references[one.body, "validation"]
        content = {"schema": schema, "example": example(one.body, whole=False)}
        operation["requestBody"] = {"required": True, "content": {"application/json": content}}
    return operation


def _parameters(one: Endpoint) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in _PATH_PARAMETER.findall(one.path)
    ]
    if one.query is not None:
        schema = one.query.model_json_schema(ref_template=_REF)
        definitions = schema.get("$defs", {})
        found += [
            {"name": name, "in": "query", "schema": _inlined(part, definitions)}
            for name, part in schema["properties"].items()
        ]
    if one.shows is not None or one.once:
        text = "Repeat a request with the same key, and it is done once."
        found.append({"name": HEADER, "in": "header", "description": text, "schema": {"type": "string"}})
    if "expected" in one.takes:
        text = "The ETag of what is to be changed: refused (412) when somebody else has changed it since."
        found.append({"name": str(IF_MATCH), "in": "header", "description": text, "schema": {"type": "string"}})
    return found


def _inlined(schema: Any, definitions: dict[str, Any]) -> Any:
    """A parameter's schema without references: they are few and small."""
    if isinstance(schema, list):
        return [_inlined(part, definitions) for part in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        return _inlined(definitions[schema["$ref"].rpartition("/")[2]], definitions)
    return {name: _inlined(part, definitions) for name, part in schema.items()}


def _responses(one: Endpoint, references: dict[Any, Any]) -> dict[str, Any]:
    answer: dict[str, Any] = {"description": HTTPStatus(one.status).phrase}
    if one.answer is not None:
        shown = {"schema": _answer_schema(one.answer, references), "example": example(one.answer)}
        answer["content"] = {"application/json": shown}
        if one.csv:
            answer["content"]["text/csv"] = {"schema": {"type": "string"}}
    if one.tagged:
        text = "the version of the record, for If-Match"
        answer["headers"] = {ETAG: {"description": text, "schema": {"type": "string"}}}
    problem = {
        "description": "A problem",
        "content": {"application/problem+json": {"schema": references[ProblemShape, "serialization"]}},
    }
    return {str(one.status): answer, **{str(int(status)): problem for status in _problems(one)}, "default": problem}


def _answer_schema(answer: Any, references: dict[Any, Any]) -> dict[str, Any]:
    if isinstance(answer, type) and issubclass(answer, BaseModel):
        return dict(references[answer, "serialization"])
    if getattr(answer, "__origin__", None) is list:
        return {"type": "array", "items": _answer_schema(get_args(answer)[0], references)}
    return {"anyOf": [_answer_schema(part, references) for part in get_args(answer)]}


def _problems(one: Endpoint) -> list[int]:
    """The statuses of what may be refused: 409 wherever something is to be done, for its state may forbid it."""
    found = {HTTPStatus.UNPROCESSABLE_ENTITY, HTTPStatus.SERVICE_UNAVAILABLE, *one.refuses}
    if one.role is not None:
        found |= {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}
        if one.method != METH_GET:
            found.add(HTTPStatus.CONFLICT)
    if "{" in one.path:
        found.add(HTTPStatus.NOT_FOUND)
    if one.body is not None:
        found |= {
            HTTPStatus.BAD_REQUEST,
            HTTPStatus.REQUEST_TIMEOUT,
            HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
        }
    if "expected" in one.takes:
        found |= {HTTPStatus.BAD_REQUEST, HTTPStatus.PRECONDITION_FAILED}
    return sorted(found)
