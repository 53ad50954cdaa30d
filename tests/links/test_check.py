"""Every provider in every state, through the real fetcher with its guard on."""

from __future__ import annotations

import asyncio
import datetime as dt
import socket
import ssl
from collections import Counter
from pathlib import Path

import pytest
import trustme
from aiohttp.abc import AbstractResolver, ResolveResult
from internet import ADDRESS, SmallInternet, answer, page, redirect
from states import (
    BADGER,
    DB_FILE,
    ENTE,
    FILE,
    IC_ALBUM,
    IC_OLD,
    IMMICH,
    MEGA_FILE,
    NEXT,
    OWN,
    STATES,
    TO_GOOGLE,
    State,
    drive_page,
    icloud_album,
    image,
    link,
    unknown_id,
)
from states_2026 import MORE_STATES
from states_services import SERVICE_STATES

from lib.links import ApiKeys, Fetcher, check_link, check_links
from lib.links.check import browsers
from lib.links.fetch import Limits
from lib.links.known import common, provider, providers
from lib.links.recognise import recognise
from lib.links.rules import BASES
from lib.links.verdicts import verdicts

EVERY = (*STATES, *MORE_STATES, *SERVICE_STATES)
KEYS = ApiKeys(google_api_key="a-key", dropbox_app_auth="a-pair")
QUICK = Limits(total_s=0.6, first_byte_s=0.4, per_host_rate=1_000)


async def judged(internet: SmallInternet, fetcher: Fetcher, state: State) -> str:
    internet.play(*state.routes)
    keys = KEYS if state.keys else None
    return (await check_link(state.link, fetcher, keys=keys, look_inside=False, in_app=False)).code


async def test_every_state_of_every_provider_is_told_apart(internet: SmallInternet, tmp_path: Path) -> None:
    internet.elsewhere["wrong.example.net"] = [[ADDRESS]]
    async with internet.fetcher() as fetcher, internet.fetcher(limits=QUICK) as hurried:
        got = {
            state.name: await judged(internet, hurried if state.expected == "TIMEOUT" else fetcher, state)
            for state in EVERY
        }
    table = Counter((state.expected, got[state.name]) for state in EVERY)
    lines = [f"{'as it is':<22} {'verdict':<22} {'n':>3}"]
    lines += [
        f"{is_so:<22} {said:<22} {n:>3}{'' if is_so == said else '  <-- wrong'}"
        for (is_so, said), n in sorted(table.items())
    ]
    false_open = [s.name for s in EVERY if verdicts()[got[s.name]].opens and not verdicts()[s.expected].opens]
    right = sum(n for (is_so, said), n in table.items() if is_so == said)
    untold = sum(verdicts()[code].opens is None for code in got.values())
    lines += [f"{right} of {len(EVERY)} states right; could not tell: {untold}; false open: {len(false_open)}"]
    (tmp_path / "matrix.txt").write_text("\n".join(lines), encoding="utf-8")
    print("\n" + "\n".join(lines))  # noqa: T201 - the matrix is what this test is for; see it with pytest -s
    assert false_open == []
    wrong = [(s.name, s.expected, got[s.name]) for s in EVERY if s.expected != got[s.name]]
    assert wrong == [], wrong


async def test_no_link_is_called_firmly_open_before_its_picture_was_decoded(internet: SmallInternet) -> None:
    internet.elsewhere["wrong.example.net"] = [[ADDRESS]]
    promised = {"OPEN_PHOTO", "OPEN_ALBUM", "OPEN_VIEW_ONLY", "OPEN_REGION_RISK", "OPEN_HEAVY", "HTTP_ONLY"}
    firm = []
    async with internet.fetcher() as fetcher:
        for state in (each for each in EVERY if each.expected != "TIMEOUT"):
            internet.play(*state.routes)
            checked = await check_link(state.link, fetcher, keys=KEYS if state.keys else None, in_app=False)
            kept_here = bool(checked.place.provider) and provider(checked.place.provider).kept_here
            if checked.code in promised and checked.confidence == "firm" and not kept_here:
                firm.append(any("could be decoded" in each.text for each in checked.evidence))
    assert len(firm) > 10
    assert all(firm)


async def test_a_short_list_is_proven_without_being_told_to(internet: SmallInternet) -> None:
    broken, whole, named = (
        "https://photos.example.org/a.jpg", "https://photos.example.org/b.jpg", link("flickr", "photo")
    )  # fmt: skip
    internet.play(
        (r"/a\.jpg", image(b"\xff\xd8\xff\xe0 not really")),
        (r"/b\.jpg", image()),
        (r"^www\.flickr", page('<meta property="og:image" content="https://live.staticflickr.com/1/2_3_b.jpg">')),
        (r"staticflickr", page("", 404)),
    )
    async with internet.fetcher() as fetcher:
        got = dict([found async for found in check_links([broken, whole, named], fetcher)])
    assert [got[n].opens for n in range(3)] == [None, True, None]
    assert got[1].confidence == "firm"


def test_the_states_cover_every_verdict_that_asking_can_give() -> None:
    given = {rule.verdict for each in (*providers(), *common()) for rule in each.rules} - {"", "OPEN_FILE"}
    assert given - {state.expected for state in STATES} == set()
    assert len(STATES) >= 150


@pytest.mark.parametrize("each", [*providers(), *common()], ids=lambda each: each.id)
def test_rules_stand_in_the_order_in_which_they_are_believed(each: object) -> None:
    for probe in each.probes or {"": None}:
        order = [BASES.index(r.basis) for r in each.rules if r.verdict and (not r.probe or probe in r.probe)]
        assert order == sorted(order), probe


@pytest.mark.parametrize("each", [*providers(), *common()], ids=lambda each: each.id)
def test_every_rule_names_a_verdict_and_words(each: object) -> None:
    for rule in each.rules:
        assert rule.verdict in {*verdicts(), "", "OPEN_FILE"}
        assert rule.verdict or rule.then
        assert rule.seen.endswith(".")
    for steps in each.steps:
        assert set(steps.verdicts) <= verdicts().keys()
        assert steps.source
        assert set(steps.steps) == {"iphone", "android", "web"}


async def test_a_page_without_a_sign_that_we_know_is_never_called_open(internet: SmallInternet) -> None:
    internet.play((r".", page("<html><h1>Welcome</h1><p>photos album share public open</p></html>")))
    async with internet.fetcher() as fetcher:
        for each in providers():
            for shape in each.shapes:
                for example in shape.examples:
                    if example.startswith("http"):
                        checked = await check_link(example, fetcher, in_app=False)
                        assert not checked.opens, (each.id, shape.kind)


async def test_old_rules_make_us_less_sure(internet: SmallInternet) -> None:
    internet.play((r"/file/d/", TO_GOOGLE))
    async with internet.fetcher() as fetcher:
        fresh = await check_link(FILE, fetcher, in_app=False, today=provider("google_drive").as_of)
        old = await check_link(
            FILE, fetcher, in_app=False, today=provider("google_drive").as_of + dt.timedelta(days=181)
        )
    assert (fresh.confidence, old.confidence) == ("firm", "likely")
    assert any("less sure" in each.text for each in old.evidence)


async def test_damage_in_the_text_explains_what_the_provider_answers(internet: SmallInternet) -> None:
    cut = FILE.partition("/view")[0].partition("/edit")[0][:-8]
    internet.play((r"/file/d/", page("", 404)))
    async with internet.fetcher() as fetcher:
        assert (await check_link(cut, fetcher, in_app=False)).code == "TRUNCATED"
        internet.play((r"/file/d/", drive_page("beach.jpg", "image/jpeg", 10)))
        opened = await check_link(cut, fetcher, in_app=False)
    assert opened.code == "OPEN_PHOTO"
    assert any("rule about its form may be out of date" in each.text for each in opened.evidence)


def seen_live(damage: str) -> list[tuple[str, str]]:
    """Damaged examples of every form that says so, of which the text shows nothing."""
    found: dict[str, tuple[str, str]] = {}
    for each in providers():
        for shape in each.shapes:
            for url in shape.examples if damage in shape.seen_live else ():
                first = url.index("/", len("https://")) + 1
                damaged = [url[:place] for place in range(first, len(url))] if damage == "cut" else [url.lower()]
                unseen = [each for each in damaged if damage in (r := recognise(each)).seen_live and not r.findings]
                found |= {bad: (each.id, bad) for bad in (*unseen[:1], *unseen[-1:])}
    return list(found.values())


@pytest.mark.parametrize(
    ("damage", "provider_id", "damaged"),
    [(damage, *row) for damage in ("cut", "case") for row in seen_live(damage)],
)
async def test_damage_that_the_text_cannot_show_is_named_before_anything_else_when_the_provider_finds_nothing(
    internet: SmallInternet, damage: str, provider_id: str, damaged: str
) -> None:
    internet.play(*unknown_id(provider_id))
    async with internet.fetcher() as fetcher:
        checked = await check_link(damaged, fetcher, in_app=False)
    assert (checked.code, checked.opens) == ("NOT_FOUND", False)
    codes = [each.code for each in checked.causes]
    assert codes[-1] == "GONE"
    if damage == "cut":
        assert codes[0] == "TRUNCATED"
        assert "cut off" in checked.causes[0].cause
        assert "original" in checked.steps("iphone")[0]
        assert "removed" not in checked.steps("iphone")[0]
    else:
        assert "CASE_LOST" in codes[:2]


async def test_a_hint_of_lost_capitals_lowers_nothing_of_an_open_link_and_comes_first_when_it_is_not_found(
    internet: SmallInternet,
) -> None:
    lowered = link("flickr", "guest pass").lower()
    og = '<meta property="og:image" content="https://live.staticflickr.com/1/2_3_b.jpg">'
    async with internet.fetcher() as fetcher:
        internet.play((r"staticflickr", image()), (r"flickr", page(og)))
        opened = await check_link(lowered, fetcher, in_app=False, look_inside=False)
        internet.play(*unknown_id("flickr"))
        closed = await check_link(lowered, fetcher, in_app=False)
    assert [(each.code, each.sure) for each in opened.link.findings] == [("CASE_LOST", False)]
    assert (opened.code, opened.confidence) == ("OPEN_PHOTO", provider("flickr").confidence)
    assert not any("capital" in each.text for each in opened.evidence)
    assert closed.code == "NOT_FOUND"
    assert [each.code for each in closed.causes][:2] == ["CASE_LOST", "TRUNCATED"]
    assert any("capital" in each.text for each in closed.evidence)


async def test_a_link_whose_form_shows_that_it_is_whole_is_not_suspected(internet: SmallInternet) -> None:
    internet.play(*unknown_id("google_drive"))
    async with internet.fetcher() as fetcher:
        checked = await check_link(FILE, fetcher, in_app=False)
    assert (checked.code, checked.causes) == ("GONE_OR_PRIVATE", ())


async def test_a_provider_that_knew_the_link_is_believed(internet: SmallInternet) -> None:
    internet.play((r"^we\.tl", page("Transfer expired")))
    async with internet.fetcher() as fetcher:
        checked = await check_link(link("wetransfer", "transfer"), fetcher, in_app=False)
    assert (checked.code, checked.causes) == ("EXPIRED", ())


@pytest.mark.parametrize("each", providers(), ids=lambda each: each.id)
async def test_an_unknown_id_gets_a_closed_verdict_from_every_provider(internet: SmallInternet, each: object) -> None:
    shared = [
        url if url.startswith("http") else f"http://{ADDRESS}:{internet.plain_port}{url}"
        for shape in each.shapes
        if shape.role == "share" and not shape.verdict
        for url in shape.examples
    ]
    own = frozenset({f"http://{ADDRESS}:{internet.plain_port}"})
    internet.play(*unknown_id(each.id))
    async with internet.fetcher(own) as fetcher:
        for url in shared:
            checked = await check_link(url, fetcher, in_app=False, own_origins=own)
            assert checked.opens is False, url
            assert checked.code in {"GONE", "GONE_OR_PRIVATE", "EXPIRED", "NOT_FOUND"}, url


async def test_links_that_only_their_owner_opens_are_not_asked(internet: SmallInternet) -> None:
    internet.play((r".", page("")))
    async with internet.fetcher() as fetcher:
        for each in providers():
            for shape in each.shapes:
                if shape.role in {"own", "upload"}:
                    for example in shape.examples:
                        # A path alone names nobody: without a sign of the product it is opened like any page.
                        if example.startswith("http") and recognise(example).provider != "other":
                            assert (await check_link(example, fetcher)).code in {"ACCOUNT_BOUND", "UPLOAD_REQUEST"}
    assert internet.asked == []


async def test_asking_never_harms_the_sender(internet: SmallInternet) -> None:
    internet.play(BADGER, (r".", answer({"error": "invalid token"}, 401)))
    async with internet.fetcher() as fetcher:
        for example in (ENTE, link("pcloud", "file or folder"), link("wetransfer", "transfer"), NEXT, MEGA_FILE):
            await check_link(example, fetcher)
    everything = " ".join(internet.asked)
    for harmful in ("/public-collection/info", "/diff", "getpublinkdownload", "/prepare-download"):
        assert harmful not in everything
    assert '"g":1' not in " ".join(request["body"] for request in internet.requests)


async def test_a_key_behind_the_hash_is_never_sent(internet: SmallInternet) -> None:
    internet.play((r".", answer([-9])))
    async with internet.fetcher() as fetcher:
        for example in (MEGA_FILE, ENTE, link("proton_drive", "file or folder")):
            await check_link(example, fetcher)
            key = example.partition("#")[2]
            assert not any(key in str(request) for request in internet.requests)


async def test_icloud_follows_only_hosts_of_apple(internet: SmallInternet) -> None:
    internet.play((r"webstream", answer({}, 330, X_Apple_MMe_Host="p1-sharedstreams.icloud.com.evil.example.org")))
    async with internet.fetcher() as fetcher:
        checked = await check_link(IC_OLD, fetcher, in_app=False)
    assert checked.code == "UNRECOGNISED_PAGE"
    assert not any("evil" in where for where in internet.asked)


async def test_an_album_at_apple_is_counted_and_a_list_that_fails_changes_nothing(internet: SmallInternet) -> None:
    counts = {}
    async with internet.fetcher() as fetcher:
        for name, routes in {
            "seven": icloud_album(photos=7),
            "more": icloud_album(photos=100, more=True),
            "refused": icloud_album(photos=7, status=500),
            "elsewhere": icloud_album(photos=7, partition="https://evil.example.org"),
        }.items():
            internet.play(*routes)
            checked = await check_link(IC_ALBUM, fetcher, in_app=False)
            counts[name] = (checked.code, checked.facts.get("count"), bool(checked.facts.get("more")))
            assert not any("evil" in where for where in internet.asked)
            assert "token" not in str(checked.facts)
    assert counts == {
        "seven": ("OPEN_ALBUM", "7", False),
        "more": ("OPEN_ALBUM", "100", True),
        "refused": ("OPEN_ALBUM", None, False),
        "elsewhere": ("OPEN_ALBUM", None, False),
    }


async def test_where_dropbox_may_allow_viewing_only_that_is_said(internet: SmallInternet) -> None:
    internet.play((r"dl=0", page("<html>")), (r"dl=1", page("", 403)))
    async with internet.fetcher() as fetcher:
        checked = await check_link(DB_FILE, fetcher, in_app=False)
    assert checked.opens is None
    assert any("Whether viewing alone is allowed, we could not tell." in each.text for each in checked.evidence)


async def test_tiktoks_browser_gets_another_answer_and_that_is_said(internet: SmallInternet) -> None:
    def by_browser(request: dict[str, str]) -> object:
        return TO_GOOGLE if "BytedanceWebview" in request["user-agent"] else drive_page("beach.jpg", "image/jpeg", 10)

    internet.play((r"/file/d/", by_browser), (r".", image()))
    async with internet.fetcher() as fetcher:
        checked = await check_link(FILE, fetcher)
    assert checked.code == "OPEN_PHOTO"
    assert [(view.verdict, view.differs) for view in checked.in_app] == [("NEEDS_SIGNIN", True)] * len(browsers())
    assert "dead end" in verdicts()["NEEDS_SIGNIN"].sees


async def test_the_same_answer_in_tiktoks_browser_is_no_difference(internet: SmallInternet) -> None:
    internet.play((r"/file/d/", TO_GOOGLE))
    async with internet.fetcher() as fetcher:
        checked = await check_link(FILE, fetcher)
    assert [view.differs for view in checked.in_app] == [False] * len(browsers())


async def test_the_same_answer_is_called_the_same_in_tiktoks_browser(internet: SmallInternet) -> None:
    internet.play(*unknown_id("flickr"))
    async with internet.fetcher() as fetcher:
        checked = await check_link(link("flickr", "album"), fetcher)
    assert checked.code == "NOT_FOUND"
    assert {(view.verdict, view.line, view.differs) for view in checked.in_app} == {(checked.code, checked.line, False)}


async def test_an_open_photo_is_looked_into(internet: SmallInternet) -> None:
    import io

    from PIL import Image

    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x010F], exif[0x0110] = "Canon", "EOS R5"
    exif.get_ifd(0x8825).update({1: "N", 2: (48.0, 8.0, 0.0), 3: "E", 4: (11.0, 34.0, 0.0)})
    Image.new("RGB", (900, 600), (10, 90, 160)).save(out, "JPEG", exif=exif)
    internet.play((r"example", image(out.getvalue())))
    async with internet.fetcher() as fetcher:
        checked = await check_link(OWN, fetcher)
    photo = checked.photo
    assert photo is not None
    assert (photo.kind, photo.size_bytes, photo.original) == ("JPEG", len(out.getvalue()), True)
    assert photo.seconds_slow == pytest.approx(len(out.getvalue()) * 8 / 1_600_000 + 0.15, abs=0.06)
    assert any("Canon" in each for each in photo.private)
    assert photo.metadata["latitude"] == pytest.approx(48.13, abs=0.01)
    assert photo.preview.startswith(b"\xff\xd8")
    assert b"Canon" not in photo.preview
    assert checked.to_dict()["photo"]["size_bytes"] == len(out.getvalue())


async def test_a_broken_picture_is_not_the_photo(internet: SmallInternet) -> None:
    internet.play((r"example", image(b"\xff\xd8\xff\xe0 not really")))
    async with internet.fetcher() as fetcher:
        checked = await check_link(OWN, fetcher)
    assert checked.opens is None
    assert "damaged" in checked.line
    assert checked.photo is None


async def test_a_picture_that_downloads_stays_that_when_it_was_looked_into(internet: SmallInternet) -> None:
    internet.play((r"example", image(kind="application/octet-stream")))
    async with internet.fetcher() as fetcher:
        checked = await check_link(OWN, fetcher, in_app=False)
    assert (checked.code, checked.line) == ("OPEN_FORMAT_RISK", "Open, but it downloads instead of showing.")
    assert checked.photo is not None


async def test_an_open_verdict_is_firm_only_when_the_picture_was_decoded(internet: SmallInternet) -> None:
    internet.play((r"example", image()))
    async with internet.fetcher() as fetcher:
        seen = await check_link(OWN, fetcher, look_inside=False, in_app=False)
        named = await check_link(OWN, fetcher, look_inside=False, in_app=False, prove=False)
    assert (seen.code, seen.confidence) == ("OPEN_PHOTO", "firm")
    assert (named.code, named.confidence) == ("OPEN_PHOTO", "likely")


@pytest.mark.parametrize(
    ("own_ca", "ended", "codes"),
    [
        (True, True, {"TLS_EXPIRED"}),
        (False, False, {"TLS_UNTRUSTED", "TLS_CHAIN"}),
    ],
)
async def test_a_certificate_that_phones_refuse_is_named(
    internet: SmallInternet,
    own_ca: bool,  # noqa: FBT001 - one of three of a table
    ended: bool,  # noqa: FBT001
    codes: set[str],
) -> None:
    ca = internet.ca if own_ca else trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    last_year = dt.datetime.now(dt.UTC) - dt.timedelta(days=365)
    ca.issue_cert("photos.example.org", not_after=last_year if ended else None).configure_cert(context)
    server = await asyncio.start_server(internet.serve, ADDRESS, 0, ssl=context)
    internet.tls_port = server.sockets[0].getsockname()[1]
    try:
        async with internet.fetcher() as fetcher:
            checked = await check_link(OWN, fetcher, in_app=False)
    finally:
        server.close()
    assert checked.code in codes
    assert checked.opens is False
    assert "TikTok's browser" in checked.sees or "phone" in checked.sees
    assert internet.asked == []


async def test_a_name_that_changes_its_address_is_stopped(internet: SmallInternet) -> None:
    internet.elsewhere["rebind.example.org"] = [[ADDRESS], ["127.0.0.1"]]
    internet.play((r"^rebind", redirect("http://rebind.example.org/again")))
    async with internet.fetcher() as fetcher:
        checked = await check_link("https://rebind.example.org/x", fetcher, in_app=False)
    assert checked.code == "DNS"
    assert len(internet.asked) == 1


async def test_a_name_with_one_public_and_one_inner_address_is_stopped(internet: SmallInternet) -> None:
    internet.elsewhere["rebind.example.org"] = [[ADDRESS, "10.0.0.1"]]
    internet.play((r".", image()))
    async with internet.fetcher() as fetcher:
        checked = await check_link("https://rebind.example.org/x", fetcher, in_app=False)
        unknown = await check_link("https://nowhere.example.net/x", fetcher, in_app=False)
    assert internet.asked == []
    assert checked.code == unknown.code == "DNS", "which names exist inside must not show"
    assert [each.text for each in checked.evidence] == [each.text for each in unknown.evidence]


async def test_cookies_end_with_their_check_and_no_proxy_is_used(
    internet: SmallInternet, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    internet.play((r"/1$", page("", 302, Location="/2", Set_Cookie="a=1; Path=/")), (r".", image()))
    async with internet.fetcher() as fetcher:
        await check_link(OWN, fetcher)
        await check_link(OWN, fetcher)
    with_cookie = [request["target"] for request in internet.requests if "cookie" in request]
    assert set(with_cookie) == {"/2"}
    first = [request for request in internet.requests if request["target"].endswith("/1")]
    assert len(first) >= 2
    assert not any("cookie" in request for request in first)


async def test_a_key_for_a_providers_interface_does_not_travel_on(internet: SmallInternet) -> None:
    internet.play((r"^api\.dropboxapi", redirect("https://www.dropbox.com/x")), (r".", page("")))
    async with internet.fetcher() as fetcher:
        await check_link(DB_FILE, fetcher, keys=KEYS)
    with_key = [request["host"] for request in internet.requests if "authorization" in request]
    assert set(with_key) == {"api.dropboxapi.com"}


async def test_many_links_come_as_they_are_ready_and_stop_when_nobody_listens(internet: SmallInternet) -> None:
    internet.play((r".", image()))
    many = [f"https://photos.example.org/pictures/{number}" for number in range(60)]
    async with internet.fetcher() as fetcher:
        results = {place: checked.code async for place, checked in check_links(many, fetcher)}
        assert results == dict.fromkeys(range(60), "OPEN_PHOTO")
        internet.play((r".", image()))
        running = check_links([f"{url}?again" for url in many], fetcher, at_once=4)
        async for _ in running:
            break
        await running.aclose()
    assert len(internet.asked) < 20


async def test_one_host_is_never_asked_more_than_a_few_times_at_once(internet: SmallInternet) -> None:
    at_once = most = 0

    async def slowly(writer: asyncio.StreamWriter) -> None:
        nonlocal at_once, most
        at_once += 1
        most = max(most, at_once)
        await asyncio.sleep(0.02)
        at_once -= 1
        writer.write(b"HTTP/1.1 404 x\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")

    from internet import Reply

    internet.play((r".", Reply(play=slowly)))
    async with internet.fetcher() as fetcher:
        links = [f"https://photos.example.org/{number}" for number in range(30)]
        assert len([place async for place, _ in check_links(links, fetcher)]) == 30
    assert most <= 4


async def test_links_of_this_app_are_asked_at_its_own_origin_only(internet: SmallInternet) -> None:
    own = f"http://{ADDRESS}:{internet.plain_port}"
    internet.play((r"/s/gone", page("", 404)), (r".", page("")))
    async with internet.fetcher(frozenset({own})) as fetcher:
        checked = await check_link(f"{own}/s/" + "a1B2" * 5 + "cD", fetcher, own_origins=frozenset({own}), in_app=False)
        assert checked.link.provider == "this_server"
        assert checked.code in {"UNRECOGNISED_PAGE", "GONE"}
        other = await check_link("http://127.0.0.1:8080/s/x", fetcher, own_origins=frozenset({own}))
        assert other.code == "LOCAL_ONLY"


async def test_immich_shows_its_photo_through_the_small_copy(internet: SmallInternet) -> None:
    internet.play(
        (r"/api/shared-links/me", answer({"type": "ALBUM", "album": {"albumName": "Summer"}, "assets": [{"id": "a"}]})),
        (r"/thumbnail", image()),
    )
    async with internet.fetcher() as fetcher:
        checked = await check_link(IMMICH, fetcher)
    assert checked.facts["title"] == "Summer"
    assert checked.photo is not None
    assert not checked.photo.original


class NoNames(AbstractResolver):
    """A computer without a way to the internet."""

    async def resolve(
        self,
        host: str,  # noqa: ARG002 - aiohttp's signature
        port: int = 0,  # noqa: ARG002
        family: socket.AddressFamily = socket.AF_UNSPEC,  # noqa: ARG002
    ) -> list[ResolveResult]:
        raise OSError(None, "no name server")

    async def close(self) -> None:
        """Nothing to close."""


@pytest.mark.parametrize(
    ("link", "code"),
    [
        ("https://photos.app.goo.gl/AbCdEfGhJkLmNpQr5", "CHECKER_OFFLINE"),  # a name that everybody knows
        ("https://drive.google.com/file/d/1abc/view", "CHECKER_OFFLINE"),  # an odd id is a hint and settles nothing
        ("https://no-such-name.example/photo.jpg", "DNS"),
        ("https://no-such-cloud.example/s/AbCdEfGhJkLmNpQ", "DNS"),  # somebody's own server
    ],
)
async def test_a_checker_without_internet_does_not_blame_the_link(link: str, code: str) -> None:
    async with Fetcher(resolver=NoNames()) as fetcher:
        checked = await check_link(link, fetcher, in_app=False)
    assert checked.code == code
    assert checked.opens is (None if code == "CHECKER_OFFLINE" else False)
