"""A link by HTTP, from its photos to the proof that it is gone; and everything that is refused on the way."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from lib.albums import Share
from lib.albums.host import open_share
from lib.albums.tokens import Scope
from lib.http_api.operations import BASE, OPERATIONS, Operation
from lib.photos import find_leftovers
from lib.settings import read_settings
from tests.conftest import RunningApp, running_app
from tests.http_api.conftest import NOBODY, OWNER, Caller
from tests.pictures import photo_with_secrets


def files(*numbers: int) -> list[tuple[str, tuple[str, bytes, str]]]:
    return [("photos", (f"IMG_{n}.jpg", photo_with_secrets(n), "image/jpeg")) for n in numbers]


def made(client: httpx.Client, *numbers: int, **fields: str) -> dict[str, Any]:
    answer = client.post("/links", data=fields, files=files(*numbers))
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def served(url: str) -> list[bytes]:
    """Return every picture that a recipient's page shows."""
    where = url[url.index("/s/") :]
    paths = set(re.findall(rf'src="({re.escape(where)}/p/[^"]+)"', httpx.get(url).text))
    return [httpx.get(url.removesuffix(where) + path).content for path in paths]


def test_a_link_from_its_photos_to_the_proof(caller: Caller) -> None:
    client = caller()
    link = made(client, 1, 2, title="By the sea", words="For you", expires="7d", name="Ana", question="like")
    assert link["stranger"] == {"opens": True, "clean": True, "door": False, "photos": 2, "failure": ""}
    assert link["removed"]["position"] == 2
    assert [one["name"] for one in link["items"]] == ["IMG_1.jpg", "IMG_2.jpg"]
    assert (link["title"], link["name"], link["max_views"], link["question"]) == ("By the sea", "Ana", None, "like")
    assert 6 <= (datetime.fromisoformat(link["expires_at"]) - datetime.now(UTC)).days <= 7
    got = served(link["url"])
    assert len(got) == 2
    assert not any(find_leftovers(one) for one in got)

    assert link["id"] in [one["id"] for one in client.get("/links").json()["links"]]
    assert client.get("/links", params={"search": "Ana"}).json()["found"] >= 1
    assert client.get("/links", params={"search": "no such name", "page": "99999"}).json()["links"] == []
    here = f"/links/{link['id']}"
    changed = client.patch(here, json={"title": "At the lake", "password": "open sesame", "max_views": 9, "idle": "3d"})
    assert (changed.status_code, changed.json()["title"]) == (200, "At the lake")
    assert (changed.json()["has_password"], changed.json()["max_views"]) == (True, 9)
    assert "At the lake" not in httpx.get(link["url"]).text  # behind the password
    free = client.patch(here, json={"password": None, "max_views": None, "words": ""}).json()
    assert (free["has_password"], free["max_views"], free["words"]) == (False, None, "")
    assert "At the lake" in httpx.get(link["url"]).text

    more = client.post(f"{here}/photos", files=files(3)).json()
    assert [one["name"] for one in more["items"]] == ["IMG_1.jpg", "IMG_2.jpg", "IMG_3.jpg"]
    out = client.delete(f"{here}/photos/{more['items'][0]['id']}").json()
    assert out["proven"]
    assert out["addresses"] >= 2
    assert client.get(here).json()["photos"] == 2
    refused = client.get(f"{here}/proof")
    assert refused.status_code == 409

    back = client.delete(here).json()
    assert back["state"] == "taken_back"
    assert back["proof"]["proven"]
    assert back["proof"]["addresses"] > 10
    assert httpx.get(link["url"]).status_code == 404
    assert client.post(f"{here}/undo").json()["state"] == "live"
    assert httpx.get(link["url"]).status_code == 200
    assert client.delete(here).json()["proof"]["proven"]
    assert client.delete(here).status_code == 200  # twice is no error
    assert client.get(f"{here}/proof").json()["proven"]
    assert client.patch(here, json={"title": "x"}).status_code == 400


def test_photos_with_one_key_come_to_one_link_and_sent_twice_are_there_once(caller: Caller) -> None:
    client = caller(Scope.CREATE)
    first = made(client, 1, key="holiday", title="First")
    again = made(client, 1, key="holiday", title="Second")
    joined = made(client, 4, 1, key="holiday")
    assert first["url"] == again["url"] == joined["url"]
    assert (first["photos"], again["photos"], joined["photos"]) == (1, 1, 2)
    assert joined["title"] == "First"
    assert (first["stranger"]["photos"], joined["stranger"]["photos"]) == (1, 2)  # looked at anew
    assert made(client, 1, 1)["photos"] == 1
    assert made(client, 1)["url"] != first["url"]


def test_a_broken_photo_leaves_what_its_key_already_made_as_it_was(caller: Caller) -> None:
    client = caller()
    link = made(client, 1, key="as it was")
    parts = [*files(2), ("photos", ("notes.txt", b"not a photo", "text/plain"))]
    refused = client.post("/links", data={"key": "as it was"}, files=parts)
    assert (refused.status_code, refused.json()["title"]) == (422, "Nothing was kept")
    assert refused.json()["detail"] == "1 file cannot be used, so nothing was kept."
    assert "skip_refused" in refused.json()["fix"]
    assert client.get(f"/links/{link['id']}").json()["photos"] == 1
    assert len(served(link["url"])) == 1
    with_the_rest = client.post("/links", data={"key": "as it was", "skip_refused": "yes"}, files=parts)
    assert (with_the_rest.status_code, with_the_rest.json()["photos"]) == (201, 2)


def test_nothing_is_added_to_a_link_that_is_over(caller: Caller) -> None:
    client = caller()
    link = made(client, 1, key="over")
    here = f"/links/{link['id']}"
    client.delete(here)
    for answer in (client.post("/links", data={"key": "over"}, files=files(2)),
                   client.post(f"{here}/photos", files=files(2))):  # fmt: skip
        assert (answer.status_code, answer.json()["title"]) == (400, "This link is over")
        assert "taken back or has expired" in answer.json()["detail"]
        assert answer.json()["fix"] == "Create a new link."


def test_every_refusal_says_what_happened_and_what_to_do(caller: Caller) -> None:
    client = caller()
    link = made(client, 1)
    told = {
        "a proof of a living link": client.get(f"/links/{link['id']}/proof"),
        "an unknown link": client.get("/links/nothing"),
        "no photo": client.post("/links", data={"title": "x"}, files=[("photos", ("", b"", ""))]),
        "an unknown field": client.post(f"/links/{link['id']}/photos", data={"title": "x"}, files=files(1)),
        "a change of nothing": client.patch(f"/links/{link['id']}", json={}),
    }
    said = {what: (one.json()["title"], one.json()["detail"], one.json()["fix"]) for what, one in told.items()}
    refused, other = "This choice does not work", "Choose another value."
    assert said == {
        "a proof of a living link": (
            "This link still works", "It opens for whoever has it.", "Take it back first."
        ),
        "an unknown link": (
            "This link is not in your list", "There is no such link among yours.",
            "Load the page again. Links made on another device come here with your recovery code.",
        ),
        "no photo": (
            "There are no photos yet", "A link opens photos, and none were chosen.", "Choose at least one photo."
        ),
        "an unknown field": (refused, "Beside the photos, only their size can be named.", other),
        "a change of nothing": (refused, "Nothing was named that should change.", other),
    }  # fmt: skip


def test_a_photo_may_be_the_whole_body(caller: Caller) -> None:
    answer = caller(Scope.CREATE).post(
        "/links", params={"title": "Raw", "expires": "1d", "password": ""}, content=photo_with_secrets(5),
        headers={"Content-Type": "image/jpeg", "X-File-Name": "na%C3%AFve.jpg"},
    )  # fmt: skip
    assert answer.status_code == 201
    assert (answer.json()["title"], answer.json()["items"][0]["name"]) == ("Raw", "naïve.jpg")


def test_a_broken_photo_costs_nothing_and_makes_no_half_link(caller: Caller, share: Share) -> None:
    client = caller()
    before = share.status()
    parts = [*files(1), ("photos", ("notes.txt", b"not a photo", "text/plain"))]
    refused = client.post("/links", files=parts)
    assert refused.status_code == 422
    assert [one["name"] for one in refused.json()["refused"]] == ["notes.txt"]
    after = share.status()
    assert (after.live_links, after.draft_photos) == (before.live_links, before.draft_photos)
    kept = client.post("/links", data={"skip_refused": "yes"}, files=parts)
    assert kept.status_code == 201
    assert (kept.json()["photos"], len(kept.json()["refused"])) == (1, 1)
    alone = client.post("/links", data={"skip_refused": "yes"}, files=parts[1:])
    assert alone.status_code == 422
    here = f"/links/{kept.json()['id']}"
    assert client.post(f"{here}/photos", files=parts[1:]).status_code == 422
    assert client.delete(f"{here}/photos/{kept.json()['items'][0]['id']}").status_code == 400  # the last one stays
    assert client.get(here).json()["photos"] == 1


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"expires": "soon"}, "time"),
        ({"expires": "99y"}, ""),
        ({"max_views": "many"}, "max_views"),
        ({"max_views": "0"}, ""),
        ({"titel": "x"}, "titel"),
        ({"size": "Huge"}, "size"),
        ({"preview": "x"}, "preview"),
        ({"title": "x" * 2_000}, "title"),
        ({"password": "abc"}, ""),
        ({"key": "k" * 200}, "key"),
    ],
)
def test_a_wish_that_cannot_be_kept_is_refused_before_anything_is_made(
    caller: Caller, share: Share, fields: dict[str, str], says: str
) -> None:
    before = share.status()
    answer = caller().post("/links", data=fields, files=files(1))
    assert answer.status_code == 400
    assert says in answer.json()["detail"]
    assert "abc" not in answer.text
    after = share.status()
    assert (after.live_links, after.draft_photos) == (before.live_links, before.draft_photos)


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b"null", b"{", b"{}", b"\xff", b"[" * 50_000, b'{"title": 3}', b'{"max_views": "9"}',
     b'{"state": "live"}', b'{"expires": null}', b'{"idle": "x"}', b'{"max_views": -1}', b'{"question": "x"}'],
)  # fmt: skip
def test_a_change_that_makes_no_sense_changes_nothing(caller: Caller, body: bytes) -> None:
    client = caller()
    link = made(client, 1, key="to be changed")
    answer = client.patch(f"/links/{link['id']}", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code in {400, 413}, answer.text
    assert client.get(f"/links/{link['id']}").json() | {"views": 0} == {
        name: value for name, value in link.items() if name not in {"removed", "refused", "stranger"}
    } | {"views": 0}


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""])
def test_what_is_neither_a_form_nor_a_photo_is_refused(caller: Caller, kind: str) -> None:
    answer = caller().post("/links", content=b"x=1", headers={"Content-Type": kind})
    assert answer.status_code in {400, 403}
    assert answer.json()["fix"]


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda one: one.name)
def test_a_token_does_what_it_was_made_for_and_nothing_else(caller: Caller, operation: Operation) -> None:
    path = operation.path.format(link="x", photo="y")
    others = caller(*(set(Scope) - {operation.scope})).request(operation.method, path)
    assert (others.status_code, others.json()["title"]) == (403, "This token is not for that")
    assert caller(operation.scope).request(operation.method, path).status_code != 403 or operation.takes_photos
    for wrong in ("nothing", "passalong_" + "A" * 43, OWNER):
        unknown = caller(token=wrong).request(operation.method, path)
        assert unknown.status_code == 401
        assert unknown.headers["www-authenticate"] == "Bearer"


def test_another_owners_link_is_not_there(caller: Caller) -> None:
    mine = made(caller(), 1)
    other = caller(owner=NOBODY)
    here = f"/links/{mine['id']}"
    assert mine["id"] not in [one["id"] for one in other.get("/links").json()["links"]]
    for method, path in (("GET", here), ("DELETE", here), ("POST", f"{here}/undo"), ("GET", f"{here}/proof"),
                         ("DELETE", f"{here}/photos/{mine['items'][0]['id']}")):  # fmt: skip
        assert other.request(method, path).status_code == 404, path
    assert other.patch(here, json={"title": "mine now"}).status_code == 404
    assert other.post(f"{here}/photos", files=files(2)).status_code == 404
    assert httpx.get(mine["url"]).status_code == 200


def test_a_token_that_was_ended_is_nobody_and_no_answer_is_kept_anywhere(caller: Caller, share: Share) -> None:
    client = caller()
    answer = client.get("/links")
    assert answer.headers["cache-control"] == "private, no-store"
    assert "set-cookie" not in answer.headers
    for token in share.tokens.all(OWNER):
        share.tokens.end(OWNER, token.id)
    assert client.get("/links").status_code == 401


def test_what_is_not_in_the_table_is_not_there(app: RunningApp) -> None:
    for method, path in (("GET", "/"), ("PUT", "/links"), ("GET", "/links/a/b/c"), ("DELETE", "/links")):
        answer = httpx.request(method, app.url + BASE + path)
        assert answer.status_code in {404, 405}, path
    assert "passalong_" not in app.logged()


def test_every_operation_is_in_the_document_and_every_name_of_it_leads_somewhere(app: RunningApp) -> None:
    document = httpx.get(f"{app.url}{BASE}/openapi.json").json()
    named = {(method.upper(), path) for path, one in document["paths"].items() for method in one}
    assert named == {(one.method, one.path) for one in OPERATIONS}
    assert document["servers"] == [{"url": app.url + BASE}]

    def follow(node: Any) -> None:
        if isinstance(node, dict):
            if "$ref" in node:
                assert node["$ref"].rsplit("/", 1)[-1] in document["components"]["schemas"]
            for value in node.values():
                follow(value)
        elif isinstance(node, list):
            for value in node:
                follow(value)

    follow(document["paths"])
    follow(document["components"])


def test_a_host_can_ask_for_its_password_and_can_switch_all_of_it_off(tmp_path: Path) -> None:
    (tmp_path / "off").mkdir()
    rule = {"PASSALONG_WHO_MAY_CREATE": "password", "PASSALONG_ACCESS_PASSWORD": "the host's own word"}
    with running_app(tmp_path, **rule) as app:
        told = read_settings(data_dir=app.data_dir, who_may_create="password", access_password="the host's own word")
        knew = open_share(told)
        without = open_share(read_settings(data_dir=app.data_dir, links_per_hour=9))
        tokens = [one.tokens.make(OWNER, name="x", scopes=[Scope.CREATE]) for one in (knew, without)]
        bearers = [{"Authorization": f"Bearer {token}"} for token in tokens]
        where = f"{app.url}{BASE}/links"
        codes = [httpx.post(where, files=files(1), headers=one, timeout=60).status_code for one in bearers]
        assert codes == [201, 400]
    with running_app(tmp_path / "off", PASSALONG_HTTP_API="false") as app:
        for path in ("/links", "/openapi.json"):
            assert httpx.get(app.url + BASE + path).status_code == 404
