"""The description of a contract: OpenAPI 3.1."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from collector.api.contract import Contract, Operation

REF = "#/components/schemas/{name}"
TOKEN = {
    "type": "http",
    "scheme": "bearer",
    "description": "A token of this collector; it sees the customers it was made for.",
}


class Problem(msgspec.Struct, kw_only=True):
    """An error (RFC 9457): what went wrong, and what to do about it."""

    type: str
    title: str
    status: int
    detail: str


def document(contract: Contract, version: str, about: str) -> dict[str, Any]:
    """The whole description, ready for JSON."""
    kinds = [Problem, *(kind for op in contract.operations for kind in (op.answer, op.body, op.query) if kind)]
    schemas, components = msgspec.json.schema_components(kinds, ref_template=REF)
    refs = dict(zip(map(repr, kinds), schemas, strict=True))
    queries = {_name(refs[repr(op.query)]) for op in contract.operations}
    paths: dict[str, dict[str, Any]] = {}
    for operation in contract.operations:
        known = components[_name(refs[repr(operation.query)])]
        paths.setdefault(operation.path, {})[operation.method.lower()] = _described(operation, refs, known)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Pagewarden", "version": version, "description": about, "license": {"name": "Apache-2.0"}},
        "servers": [{"url": "/"}],
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "schemas": {name: _plain(schema) for name, schema in components.items() if name not in queries},
            "securitySchemes": {"token": TOKEN},
        },
    }


def _name(ref: Mapping[str, Any]) -> str:
    return str(ref["$ref"]).rpartition("/")[2]


def _described(operation: Operation, refs: Mapping[str, Any], query: Mapping[str, Any]) -> dict[str, Any]:
    summary, _, more = operation.about.partition("\n\n")
    made: dict[str, Any] = {
        "operationId": operation.name,
        "tags": [operation.path.split("/")[3]],
        "summary": " ".join(summary.split()),
        "description": " ".join(more.split()) or " ".join(summary.split()),
        "parameters": [*_path_parameters(operation), *_query_parameters(query)],
        "responses": {"200": _content("Done.", "application/json", refs[repr(operation.answer)])}
        | {
            status: _content(words, "application/problem+json", refs[repr(Problem)])
            for status, words in _errors(operation)
        },
    }
    if operation.body:
        made["requestBody"] = {
            "required": True,
            "content": {"application/json": {"schema": refs[repr(operation.body)]}},
        }
    return made


def _errors(operation: Operation) -> Iterable[tuple[str, str]]:
    yield "400", "The request is not understood: an unknown, repeated or wrong parameter."
    yield "401", "No token, or one that is not good."
    if operation.may_write:
        yield "403", "The token may only read."
    if "{ident}" in operation.path:
        yield "404", "Nothing by this id, or nothing this token may see."
    if operation.body:
        yield "413", "The body is too large."
        yield "415", "The body is not application/json."
        yield "422", "The body is JSON, but not what is expected here."
    yield "503", "The database does not answer now; Retry-After says when to ask again."


def _path_parameters(operation: Operation) -> list[dict[str, Any]]:
    names = re.findall(r"\{(\w+)\}", operation.path)
    return [{"name": name, "in": "path", "required": True, "schema": {"type": "string"}} for name in names]


def _query_parameters(query: Mapping[str, Any]) -> Iterable[dict[str, Any]]:
    for name, schema in query.get("properties", {}).items():
        words = {key: value for key, value in schema.items() if key != "description"}
        yield {"name": name, "in": "query", "description": schema.get("description", ""), "schema": words}


def _content(words: str, media: str, schema: Mapping[str, Any]) -> dict[str, Any]:
    return {"description": words, "content": {media: {"schema": schema}}}


def _plain(value: Any) -> Any:
    """Docstrings without the line breaks of the source."""
    if isinstance(value, dict):
        return {
            key: " ".join(item.split()) if key == "description" and isinstance(item, str) else _plain(item)
            for key, item in value.items()
        }
    return [_plain(item) for item in value] if isinstance(value, list) else value
