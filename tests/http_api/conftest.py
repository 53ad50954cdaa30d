"""The app as it runs, its data folder from inside, and a caller with a token."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from lib.albums import Share
from lib.albums.host import open_share
from lib.albums.tokens import Scope
from lib.settings import read_settings
from tests.conftest import RunningApp, running_app

OWNER = "owner-secret-of-the-api"
NOBODY = "another-owner-of-the-api"
Caller = Callable[..., httpx.Client]


@pytest.fixture(scope="session")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningApp]:
    with running_app(tmp_path_factory.mktemp("api"), PASSALONG_LINKS_PER_HOUR="1000") as running:
        yield running


@pytest.fixture(scope="session")
def share(app: RunningApp) -> Iterator[Share]:
    opened = open_share(read_settings(data_dir=app.data_dir))
    yield opened
    opened.close()


@pytest.fixture
def caller(app: RunningApp, share: Share) -> Iterator[Caller]:
    """Make a client with a token; every answer that it gets is held against the served document."""
    opened: list[httpx.Client] = []
    served: dict[str, Any] = httpx.get(f"{app.url}/api/1/openapi.json").json()

    def hold(answer: httpx.Response) -> None:
        answer.read()
        path = answer.request.url.path.removeprefix("/api/1").split("/")
        for name, operations in served["paths"].items():
            wanted = name.split("/")
            if len(wanted) == len(path) and all(w == p or w[:1] == "{" for w, p in zip(wanted, path, strict=True)):
                told = operations[answer.request.method.lower()]["responses"]
                break
        else:
            raise AssertionError(f"not in the document: {answer.request.url}")
        said = told.get(str(answer.status_code), told["default"])
        ((kind, shape),) = said["content"].items()
        assert answer.headers["content-type"] == kind
        schema = {"$ref": shape["schema"]["$ref"], "components": served["components"]}
        try:
            Draft202012Validator(schema).validate(answer.json())
        except ValidationError as error:
            raise AssertionError(f"{answer.request.method} {name}: {error.message}") from error

    def make(*scopes: Scope, owner: str = OWNER, token: str = "") -> httpx.Client:
        token = token or share.tokens.make(owner, name="a test", scopes=scopes or tuple(Scope))
        client = httpx.Client(
            base_url=f"{app.url}/api/1", headers={"Authorization": f"Bearer {token}"}, timeout=60,
            event_hooks={"response": [hold]},
        )  # fmt: skip
        opened.append(client)
        return client

    yield make
    for client in opened:
        client.close()
    for owner in (OWNER, NOBODY):
        for one in share.tokens.all(owner):
            share.tokens.end(owner, one.id)
