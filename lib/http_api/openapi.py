"""The document of the HTTP API, in OpenAPI 3.1: made of the table of operations and the shapes, so that it is true."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from typing import Any, Final

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from lib.http_api.operations import BASE, OPERATIONS, Operation
from lib.http_api.shapes import ApiRefusal

_SCHEMA: Final = "#/components/schemas/{model}"
_PHOTOS: Final = {
    "type": "array", "items": {"type": "string", "contentMediaType": "application/octet-stream"},
    "description": "one or more files, under any names",
}  # fmt: skip
_RAW: Final = {
    "schema": {"type": "string", "contentMediaType": "application/octet-stream"},
}  # fmt: skip


@functools.cache
def document(server: str) -> dict[str, Any]:
    """Return the whole document, for a server at this address."""
    shapes = {model for one in OPERATIONS for model in (one.answers, one.takes) if model is not None} | {ApiRefusal}
    _, made = models_json_schema(
        [(model, "serialization" if model in _ANSWERS else "validation") for model in sorted(shapes, key=_name)],
        ref_template=_SCHEMA,
    )  # fmt: skip
    paths: dict[str, dict[str, Any]] = {}
    for one in OPERATIONS:
        paths.setdefault(one.path, {})[one.method.lower()] = _operation(one, made["$defs"])
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Passalong",
            "version": "1",
            "description": "Your own links: photos are cleaned as on the pages, and a link is opened as a stranger "
            "before you get it. A token is made under My links.",
        },
        "servers": [{"url": server + BASE}],
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "schemas": made["$defs"],
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


_ANSWERS: Final = frozenset(one.answers for one in OPERATIONS) | {ApiRefusal}


def _name(model: type[BaseModel]) -> str:
    return model.__name__


def _operation(one: Operation, schemas: Mapping[str, Any]) -> dict[str, Any]:
    told: dict[str, Any] = {
        "operationId": one.name,
        "summary": one.summary,
        "description": f"The token has to be allowed: {one.scope.value}.",
        "parameters": [
            *({"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
              for name in re.findall(r"\{(\w+)\}", one.path)),
            *({"name": name, "in": "query", "description": meaning, "schema": {"type": "string"}}
              for name, meaning in one.query),
        ],
        "responses": {
            "201" if one.name == "make" else "200": _json("Done.", one.answers.__name__),
            "default": {
                "description": "Not done, and why.",
                "content": {"application/problem+json": {"schema": _ref(ApiRefusal.__name__)}},
            },
        },
    }  # fmt: skip
    if one.takes_photos:
        fields = schemas[one.takes.__name__]["properties"] if one.takes else {}
        told["requestBody"] = {
            "required": True,
            "content": {
                "multipart/form-data": {
                    "schema": {"type": "object", "properties": {**fields, "photos": _PHOTOS}, "required": ["photos"]}
                },
                "image/*": _RAW,
            },
        }
    elif one.takes:
        told["requestBody"] = {
            "required": True, "content": {"application/json": {"schema": _ref(one.takes.__name__)}},
        }  # fmt: skip
    return told


def _json(meaning: str, shape: str) -> dict[str, Any]:
    return {"description": meaning, "content": {"application/json": {"schema": _ref(shape)}}}


def _ref(shape: str) -> dict[str, str]:
    return {"$ref": _SCHEMA.format(model=shape)}
