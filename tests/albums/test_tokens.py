"""Tokens for scripts: shown once, kept as a hash, for what they were made for, and ended with what ends browsers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from time import time
from typing import Any

import pytest
import sqlalchemy as sa

from lib.albums import LinkInfo, Share
from lib.albums.keys import hashed
from lib.albums.problems import LinkGone, MayNotCreate, TokenEnded, TooFast, WishRefused
from lib.albums.tables import owner_keys
from lib.albums.tokens import MAX_TOKENS, NOTED_EACH_S, Scope
from tests.albums.conftest import OTHER, OWNER

MakeLink = Callable[..., LinkInfo]
Maker = Callable[..., Share]
ALL = tuple(Scope)


def made(share: Share, owner: str = OWNER, **how: Any) -> str:
    return share.tokens.make(owner, **({"name": "Shortcut", "scopes": ALL} | how))


def test_a_token_owns_what_its_maker_owns_and_is_kept_as_its_hash(any_share: Maker, make_link: MakeLink) -> None:
    share = any_share()
    link, token = make_link(share), made(share, scopes=[Scope.READ])
    assert token.startswith("passalong_")
    found = share.tokens.find(token)
    assert found
    assert (found.name, found.scopes, found.ends_at, found.last_used_at) == ("Shortcut", {Scope.READ}, None, None)
    assert share.links.get(token, link.id).id == link.id
    with pytest.raises(LinkGone):
        share.links.get(made(share, OTHER), link.id)
    kept = share.index.rows(sa.select(owner_keys).where(owner_keys.c.kind == "token"))
    assert all(token not in str(value) for row in kept for value in row)
    assert token not in repr(found)


def test_what_is_no_token_is_found_nowhere(share: Share) -> None:
    token = made(share)
    code = share.owners.recovery_code(OTHER)
    for other in ("", OWNER, code, token[:-1], token + "A", token.upper(), "passalong_" + "A" * 5_000, hashed(token)):
        assert share.tokens.find(other) is None, other[:20]
    assert share.tokens.find(token)


def test_an_ended_token_is_nobody_also_in_the_middle_of_something(share: Share) -> None:
    token, other = made(share), made(share, name="Other")
    ids = {one.name: one.id for one in share.tokens.all(OWNER)}
    share.tokens.end(OTHER, ids["Shortcut"])
    assert share.tokens.find(token), "somebody else ended nothing"
    share.tokens.end(OWNER, ids["Shortcut"])
    share.tokens.end(OWNER, ids["Shortcut"])
    assert share.tokens.find(token) is None
    assert share.tokens.find(other)
    with pytest.raises(TokenEnded):
        share.albums.open(token)


def test_its_time_ends_it(share: Share) -> None:
    token = made(share, life_s=60)
    found = share.tokens.find(token)
    assert found
    assert found.ends_at
    assert abs(found.ends_at - datetime.now(UTC) - timedelta(seconds=60)) < timedelta(seconds=30)
    with share.index.write() as connection:
        connection.execute(sa.update(owner_keys).where(owner_keys.c.kind == "token").values(ends_at=time() - 1))
    assert share.tokens.find(token) is None
    assert share.tokens.all(OWNER)[0].has_ended, "listed until it is taken away"


def test_its_use_is_noted_to_the_hour(share: Share) -> None:
    token = made(share)
    found = share.tokens.find(token)
    assert found
    share.tokens.used(found)
    again = share.tokens.find(token)
    assert again
    assert again.last_used_at
    assert again.last_used_at.timestamp() % NOTED_EACH_S == 0
    assert again.last_used_at <= datetime.now(UTC)


def test_what_ends_browsers_ends_tokens(share: Share) -> None:
    token, kept = made(share), made(share, OTHER)
    share.owners.recovery_code(OWNER, keep_others=True)
    assert share.tokens.find(token)
    code = share.owners.recovery_code(OWNER)
    assert share.tokens.find(token) is None, "a new code, because the old one may have been seen"
    phone = "phone-secret-0123456789-0123456789"
    share.owners.recover(phone, code)
    of_phone, of_first = made(share, phone, browser=phone), made(share, OWNER)
    share.owners.sign_out(OWNER, hashed(phone))
    assert share.tokens.find(of_phone) is None, "made in the browser that was signed out"
    assert share.tokens.find(of_first)
    share.owners.sign_out(OWNER)
    assert share.tokens.find(of_first) is None
    assert share.tokens.find(kept), "another person's"


def test_a_token_moves_with_its_person(share: Share, make_link: MakeLink) -> None:
    token, link = made(share), make_link(share)
    account = share.owners.for_account("google|1")
    share.owners.claim(OWNER, account)
    assert share.links.get(token, link.id).id == link.id
    assert [one.name for one in share.tokens.all(account)] == ["Shortcut"]


@pytest.mark.parametrize("bad", [{"name": " "}, {"name": "x" * 61}, {"scopes": []}])
def test_a_token_without_name_or_purpose_is_refused(share: Share, bad: dict[str, Any]) -> None:
    with pytest.raises(WishRefused):
        made(share, **bad)
    assert share.tokens.all(OWNER) == []


def test_nobody_needs_more_tokens_than_there_may_be(share: Share) -> None:
    for _ in range(MAX_TOKENS):
        made(share)
    with pytest.raises(TooFast, match=str(MAX_TOKENS)):
        made(share)
    made(share, OTHER)


def test_a_token_creates_links_as_its_maker_may(local_share: Maker) -> None:
    asks = {"who_may_create": "password", "access_password": "three odd words"}
    share = local_share(**asks)
    token = made(share)
    found = share.tokens.find(token)
    assert found
    share.admission.check(token, **share.tokens.may_create(found))
    changed = local_share(**asks | {"access_password": "other odd words", "links_per_hour": 29})
    with pytest.raises(MayNotCreate):
        changed.admission.check(token, **changed.tokens.may_create(found))
    accounts = local_share(who_may_create="signed_in")
    with pytest.raises(MayNotCreate):
        accounts.admission.check(token, **accounts.tokens.may_create(found))
    of_account = accounts.tokens.find(made(accounts, signed_in=True))
    assert of_account
    accounts.admission.check(OWNER, **accounts.tokens.may_create(of_account))
