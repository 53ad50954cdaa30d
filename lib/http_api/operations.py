"""What can be asked of the HTTP API: one table, from which the routes and the document are made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from pydantic import BaseModel

from lib.albums.tokens import Scope
from lib.http_api.shapes import (
    ChangedPhotos,
    LinkAndPhotos,
    LinkChange,
    LinkList,
    LinkShape,
    MadeLink,
    NewLink,
    Proof,
    TakenBackLink,
)

BASE: Final = "/api/1"


@dataclass(frozen=True, slots=True)
class Operation:
    """One thing to ask for. `name` is the method of `LinkApi` that answers."""

    name: str
    method: str
    path: str  # below BASE
    scope: Scope
    summary: str
    answers: type[BaseModel]
    takes: type[BaseModel] | None = None
    takes_photos: bool = False
    query: tuple[tuple[str, str], ...] = ()  # name, and what it is


OPERATIONS: Final = (
    Operation("make", "POST", "/links", Scope.CREATE, "Make a link of photos", MadeLink, NewLink, takes_photos=True),
    Operation(
        "list", "GET", "/links", Scope.READ, "List your links", LinkList,
        query=(("search", "in names and titles"), ("page", "from 1; 20 links each")),
    ),
    Operation("get", "GET", "/links/{link}", Scope.READ, "Look at one link and its photos", LinkAndPhotos),
    Operation("change", "PATCH", "/links/{link}", Scope.CHANGE, "Change a link that works", LinkAndPhotos, LinkChange),
    Operation(
        "add", "POST", "/links/{link}/photos", Scope.CHANGE, "Add photos; everybody sees them at once", ChangedPhotos,
        takes_photos=True,
    ),
    Operation(
        "take_out", "DELETE", "/links/{link}/photos/{photo}", Scope.CHANGE, "Take a photo out, and prove it", Proof
    ),
    Operation("take_back", "DELETE", "/links/{link}", Scope.TAKE_BACK, "Take a link back, and prove it", TakenBackLink),
    Operation(
        "undo", "POST", "/links/{link}/undo", Scope.TAKE_BACK, "Undo taking back, within its few seconds", LinkShape
    ),
    Operation(
        "prove", "GET", "/links/{link}/proof", Scope.TAKE_BACK, "Open every address of a link that is over again", Proof
    ),
)  # fmt: skip
