"""Nothing that a person waits for looks through the links of everybody: every query plan, at 10,000 links."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import time
from typing import Any

import sqlalchemy as sa

from lib.albums import LinkInfo, LinkState, Share
from lib.albums.answers import Fate
from lib.albums.happened import VIEW
from lib.albums.index import Index
from lib.albums.sheet import SheetItem
from lib.albums.tables import albums, links
from lib.albums.tokens import Scope
from lib.photos import prepare_photo
from lib.services.base import LinkQuestion, Wishes
from tests.albums.conftest import OTHER, OWNER, Maker, picture
from tests.albums.filled import fill
from tests.albums.test_share import elsewhere

FILLED = {"albums", "photos", "links", "totals"}  # what `fill` writes; PostgreSQL scans other tables as they are empty


@contextmanager
def asked(index: Index) -> Iterator[list[tuple[str, Any]]]:
    """Collect every statement that is run, with its values."""
    found: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, values: Any, _context: Any, many: bool) -> None:  # noqa: FBT001
        if statement.lstrip().split(None, 1)[0] in {"SELECT", "INSERT", "UPDATE", "DELETE", "WITH"}:
            found.append((statement, values[0] if many else values))

    engine = index._engine  # noqa: SLF001 - a look behind the scenes
    sa.event.listen(engine, "before_cursor_execute", note)
    quick = index.quick

    def noted(statement: sa.Select[Any]) -> Callable[[Any], Any]:
        return lambda values: index.rows(statement, values)  # through the engine, so that it is seen

    index.quick = noted  # type: ignore[method-assign]
    try:
        yield found
    finally:
        index.quick = quick  # type: ignore[method-assign]
        sa.event.remove(engine, "before_cursor_execute", note)


def scans(index: Index, statement: str, values: Any) -> list[str]:
    """Return the large tables that a statement looks through from one end to the other."""
    with index.write() as connection:
        if index.is_sqlite:
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values).fetchall()
            return [row[3] for row in plan if re.match(r"SCAN (?!CONSTANT|\()\w+", row[3])]
        usual = set(_planned(connection, statement, values))
        connection.exec_driver_sql("SET LOCAL enable_seqscan = off")  # then only what has no fitting index is scanned
        return sorted(usual & FILLED | set(_planned(connection, statement, values)))


def _planned(connection: sa.Connection, statement: str, values: Any) -> Iterator[str]:
    told = connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {statement}", values).scalar_one()
    plan = told if isinstance(told, list) else json.loads(told)
    yield from _seq_scans(plan[0]["Plan"])


def _seq_scans(node: dict[str, Any]) -> Iterator[str]:
    if node["Node Type"] == "Seq Scan":
        yield node["Relation Name"]
    for inner in node.get("Plans", ()):
        yield from _seq_scans(inner)


def ask_and_answer(share: Share, link: LinkInfo) -> None:
    share.links.change(OWNER, link.id, question=LinkQuestion.LIKE)
    found = share.visits.find(link.path[3:])
    assert found
    for words in ("first", "second"):
        assert share.answers.put(found, "a secret", {1: 1}, words=words) is Fate.KEPT
    assert share.answers.own(link.id, "a secret")
    assert len(share.answers.all(OWNER, link.album_id)) == 1
    share.answers.look(OWNER, link.id)


def whole_visit(share: Share) -> None:
    """Do everything that a sender and a recipient can do, and sweep."""
    album = share.albums.open(OWNER)
    share.tickets.write(OWNER, album)
    share.photos.check_room(OWNER, album)
    a, b, c = (
        share.photos.add(
            OWNER, album, name="a.jpg", photo=prepare_photo(picture(n, (60, 40))), upload_key=f"key-{n}"
        ).id
        for n in range(3)
    )
    share.albums.choose(OWNER, album, title="Sea", password="three words here", idle_s=86_400)
    share.albums.keep(OWNER, album, seen={"opens": True})
    assert share.albums.latest(OWNER) == album
    share.photos.reorder(OWNER, album, [c, a, b])
    share.photos.remove(OWNER, album, b)
    share.photos.restore(OWNER, album, b)
    share.admission.check(OWNER)
    link = share.links.make(OWNER, album)
    share.albums.get(OWNER, album)
    share.photos.remove(OWNER, album, a)
    share.photos.addresses(OWNER, album, a)
    share.photos.cover(OWNER, album)
    share.photos.describe(OWNER, album, {c: SheetItem("The dog", "free", "A good one")})
    share.links.create(OWNER, album, Wishes(name="Ben"))
    assert len(share.links.page(OWNER, search="ben").links) == 1
    share.links.all(OWNER)
    share.links.of_path(OWNER, link.path)
    share.links.change(OWNER, link.id, name="Ana", password=None)
    found = share.visits.find(link.path[3:])
    assert found
    for row in share.visits.photos_of(album):
        assert share.visits.photo_of(album, row.number) == row
    assert share.visits.spend(found)
    share.visits.count_bot(link.id)
    share.visits.count_wrong_password(link.id)
    share.reports.add(link.id, "me", "words", 1)
    for asked_out in share.reports.asked_out(OWNER):
        share.reports.answer(OWNER, asked_out.id)
    share.reports.add(link.id, "child", "")
    assert (share.reports.all()[0].reason, share.happened.lately(7)[VIEW]) == ("child", 1)
    assert share.lighter.step()
    ask_and_answer(share, link)
    share.links.revoke(OWNER, link.id)
    share.links.undo(OWNER, link.id)
    share.links.addresses(OWNER, link.id)
    share.remembered.add(OWNER, elsewhere("https://drive.example/a"))
    share.remembered.all(OWNER)
    share.owners.recover(OTHER, share.owners.recovery_code(OWNER))
    share.owners.claim(OWNER, share.owners.for_account("google|1"))
    assert share.links.revoke_all(share.owners.for_account("google|1")) == 2
    share.clean_up.sweep()
    draft = share.albums.open(OTHER)
    share.albums.delete(OTHER, draft)
    late = share.albums.open(OTHER)
    share.photos.add(OTHER, late, name="a.jpg", photo=prepare_photo(picture(4, (60, 40))))
    with share.index.write() as connection:
        connection.execute(sa.update(albums).where(albums.c.id == late).values(touched_at=0.0, due_at=0.0))


def the_rest(share: Share, owner: str = "owner-secret-of-cleo-123456789") -> None:
    """Do what people do more seldom: edits, tokens, other devices, links elsewhere, and what the host does."""
    album = share.albums.open(owner, address="203.0.113.9")
    first, second = (
        share.photos.add(owner, album, name="a.jpg", photo=prepare_photo(picture(n, (60, 40)))).id for n in (5, 6)
    )
    share.photos.mark(owner, album, "Sample")
    first, second = (photo.id for photo in share.photos.all(owner, album))
    fresh = share.photos.replace(owner, album, first, photo=prepare_photo(picture(7, (60, 40))))
    share.photos.remove(owner, album, second)
    share.photos.discard(owner, album, second)
    share.visits.note_damage(fresh.id)
    assert share.photos.damaged(owner, album) == []
    link = share.links.make(owner, album)
    found = share.visits.find(link.path[3:])
    assert found
    assert share.visits.still_open(link.path[3:], found.version)
    share.visits.count_own_look(link.id)
    share.links.get(owner, link.id)
    share.owners.looks_as(owner)
    share.owners.was_here_before_seals(owner)
    token = share.tokens.make(owner, name="Shortcut", scopes=[Scope.CREATE])
    (known,) = share.tokens.all(owner)
    assert share.tokens.find(token) == known
    share.tokens.used(known)
    share.tokens.end(owner, known.id)
    assert len(share.owners.browsers(owner)) == 1
    share.owners.sign_out(owner)
    away = share.albums.open(owner, address="203.0.113.9")
    share.photos.add(owner, away, name="a.jpg", photo=prepare_photo(picture(8, (60, 40))))
    share.albums.sent_elsewhere(owner, away, elsewhere("https://drive.example/b"))
    (kept,) = share.remembered.all(owner)
    share.remembered.mark_revoked(owner, kept.id)
    share.remembered.forget(owner, kept.id)
    share.reports.add(link.id, "other", "words", None)
    assert not share.reports.close("unknown")
    assert share.links.revoke_as_host(link.id)


def test_no_request_looks_through_everybody_s_links(both_stores: Maker) -> None:
    share = both_stores(links_per_hour=100)
    fill(share, 10_000)
    assert scans(share.index, "SELECT id FROM albums WHERE words = 'x'", ()), "a full scan is noticed"
    assert scans(share.index, "SELECT sum(bytes) FROM totals", ()) or not share.index.is_sqlite
    with asked(share.index) as statements:
        opened = Share(share.settings, share.index, share.store, share.keys)  # its quick reads are noted too
        the_rest(opened)
        whole_visit(opened)
        assert opened.clean_up.sweep().drafts == 1
    seen: dict[str, list[str]] = {}
    for statement, values in statements:
        if statement not in seen:
            seen[statement] = scans(share.index, statement, values)
    assert len(seen) > 100
    assert {statement: found for statement, found in seen.items() if found} == {}


def test_a_sweep_with_nothing_to_do_asks_four_small_questions(any_share: Maker) -> None:
    share = any_share()
    fill(share, 2_000)
    share.clean_up.sweep()
    with asked(share.index) as statements:
        assert not share.clean_up.sweep()
    assert len(statements) == 4
    assert all(statement.startswith("SELECT") for statement, _ in statements)


def test_my_links_come_in_pages_and_are_found_by_name_and_title(any_share: Maker) -> None:
    share = any_share(links_per_hour=1_000)
    album = share.albums.open(OWNER)
    share.photos.add(OWNER, album, name="a.jpg", photo=prepare_photo(picture(1, (60, 40))))
    share.albums.choose(OWNER, album, title="100% by the_sea")
    first = share.links.make(OWNER, album)
    for number in range(44):
        share.links.create(OWNER, album, Wishes(name=f"Guest {number}"))
    share.links.revoke(OWNER, first.id)
    page = share.links.page(OWNER)
    assert (len(page.links), page.number, page.pages, page.found, page.total, page.living) == (20, 1, 3, 45, 45, 44)
    assert page.links[0].name == "Guest 43", "newest first"
    everything = [link.id for n in (1, 2, 3) for link in share.links.page(OWNER, number=n).links]
    assert everything == [link.id for link in share.links.all(OWNER)]
    assert share.links.page(OWNER, number=99).number == 3
    assert {link.name for link in share.links.page(OWNER, search="guest 1").links} == {
        "Guest 1", *(f"Guest 1{n}" for n in range(10))
    }  # fmt: skip
    assert share.links.page(OWNER, search="100%").found == 45
    assert share.links.page(OWNER, search="the_sea").found == 45
    assert share.links.page(OWNER, search="guest_1").found == 0, "what is searched is text, not a pattern"
    assert share.links.page(OTHER, search="guest").found == 0


def test_taking_back_two_thousand_links_is_one_statement(any_share: Maker) -> None:
    share = any_share()
    fill(share, 2_000)
    person = share.owners.person(OWNER)
    with share.index.write() as connection:
        connection.execute(sa.update(links).values(person=person))
        connection.execute(sa.update(albums).values(person=person))
    with asked(share.index) as statements:
        assert share.links.revoke_all(OWNER) == 2_000
    assert sum(statement.startswith("UPDATE links") for statement, _ in statements) == 1
    assert len(statements) <= 3
    assert {link.state for link in share.links.all(OWNER)} == {LinkState.TAKEN_BACK}
    assert share.links.revoke_all(OWNER) == 0
    with share.index.write() as connection:
        late = connection.execute(sa.select(sa.func.count()).where(albums.c.due_at > time() + 60)).scalar()
    assert late == 0, "their photos go when the time for undoing is over"
