"""The pages that a recipient meets: what they show, what they send, and what counts as a view."""

from __future__ import annotations

import gzip
import io
import re
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from babel import Locale
from babel.numbers import format_decimal
from PIL import Image
from starlette.types import Message

from lib.albums import LinkInfo, Share
from lib.albums.problems import LinkGone
from lib.photos import find_leftovers
from lib.recipients.gate import VISIT_COOKIE, unlocked_cookie
from lib.recipients.pages import SCRIPT
from lib.recipients.translations import LANGUAGES, translation, translation_for
from lib.services.base import Preview, Wishes
from tests.albums.conftest import OTHER, OWNER, Door, Maker, Photos, picture

MakeLink = Callable[..., LinkInfo]
DoorOf = Callable[[Share], Door]
AS_PICTURE = {"sec-fetch-dest": "image", "sec-fetch-site": "same-origin", "sec-fetch-mode": "no-cors"}
BOTS = (
    "WhatsApp/2.23.20.0", "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
    "TelegramBot (like TwitterBot)", "Mozilla/5.0 (compatible; Discordbot/2.0; +https://discordapp.com)",
    "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)", "Twitterbot/1.0", "LinkedInBot/1.0",
    "Mozilla/5.0 (compatible; TikTokSpider; ttspider-feedback@tiktok.com)", "Snap URL Preview Service",
    "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", "SkypeUriPreview Preview/0.5", "",
)  # fmt: skip


async def test_the_share_page_shows_title_words_photos_and_facts(share: Share, door: Door, make_link: MakeLink) -> None:
    link = make_link(
        share, title="By the sea", words="Love,\nAna", expires_at=datetime(2026, 12, 24, 9, 30, tzinfo=UTC)
    )
    page = (await door.visitor().get(link.path)).text
    assert '<h1 dir="auto">By the sea</h1>' in page
    assert "Love,\nAna" in page
    assert "3 photos · " in page
    assert "works until 24 December 2026" in page
    assert "never by whom" in page
    for n in (1, 2, 3):
        assert f'alt="Photo {n} of 3"' in page
    assert re.findall("<script[^>]*>", page) == [f'<script src="{SCRIPT}" type="module">']
    assert "style=" not in page


async def test_every_photo_is_served_clean_with_strict_headers(share: Share, door: Door, make_link: MakeLink) -> None:
    link = make_link(share)
    visitor = door.visitor()
    for path, kind in (("p/1.jpg", "image/jpeg"), ("p/1-small.jpg", "image/jpeg"), ("save/1.jpg", "image/jpeg")):
        answer = await visitor.get(f"{link.path}/{path}")
        assert answer.status_code == 200
        assert answer.headers["content-type"] == kind
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["content-security-policy"] == "default-src 'none'; sandbox"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert "noindex" in answer.headers["x-robots-tag"]
        assert answer.headers["cache-control"] == "private, no-cache"
        assert find_leftovers(answer.content) == ()
        with Image.open(io.BytesIO(answer.content)) as image:
            image.load()
    saved = await visitor.get(f"{link.path}/save/2.jpg")
    assert saved.headers["content-disposition"] == 'attachment; filename="photo-02.jpg"'


async def test_the_page_has_a_policy_that_allows_our_one_script_and_no_frame_or_stranger(
    share: Share, door: Door, make_link: MakeLink
) -> None:
    answer = await door.visitor().get(make_link(share).path)
    policy = answer.headers["content-security-policy"]
    assert policy == (
        "default-src 'none'; img-src 'self'; media-src 'self'; style-src 'self'; form-action 'self'; "
        f"frame-ancestors 'none'; base-uri 'none'; script-src share.example{SCRIPT}; connect-src share.example/s/; "
        "require-trusted-types-for 'script'"
    )
    assert answer.headers["cross-origin-opener-policy"] == "same-origin"
    assert "set-cookie" not in answer.headers, "an open link sets no cookie"


@pytest.mark.parametrize("host", ["evil.example; script-src *", 'a"b', "a b", "", "x" * 300])
async def test_a_strange_host_never_gets_into_the_policy(
    share: Share, door: Door, make_link: MakeLink, host: str
) -> None:
    policy = (await door.visitor(host=host).get(make_link(share).path)).headers["content-security-policy"]
    assert "script-src" not in policy
    assert "default-src 'none'" in policy


async def test_behind_a_proxy_the_script_comes_from_the_address_that_people_see(
    local_share: Maker, door_of: DoorOf, make_link: MakeLink
) -> None:
    share = local_share(public_url="https://photos.example.org")
    answer = await door_of(share).visitor(host="127.0.0.1:8501").get(make_link(share).path)
    policy = answer.headers["content-security-policy"]
    assert f"script-src 127.0.0.1:8501{SCRIPT} photos.example.org{SCRIPT};" in policy


async def test_the_script_is_small_and_kept_by_browsers(door: Door) -> None:
    async with door.visitor(accept_encoding="gzip") as visitor:
        answer = await visitor.get(SCRIPT)
        assert int(answer.headers["content-length"]) < 8_000
        assert "immutable" in answer.headers["cache-control"]
        assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
        assert (await visitor.post(SCRIPT)).status_code == 405


async def test_the_page_weighs_less_than_ten_kilobytes(share: Share, door: Door, photos: Photos) -> None:
    many = Photos(photos.data * 10, [])
    link = share.links.create(OWNER, share.intake.take(OWNER, many.album(words="w" * 1000)), Wishes())
    async with door.visitor(accept_encoding="gzip") as visitor:
        page = await visitor.get(link.path)
        assert page.headers["content-encoding"] == "gzip"
        sheet = re.search(r'href="(/s/_/page\.[0-9a-f]+\.css)"', page.text)
        assert sheet
        style = await visitor.get(sheet[1])
        assert "immutable" in style.headers["cache-control"]
        icon = await visitor.get("/s/_/icon.svg")
    weight = int(page.headers["content-length"]) + int(style.headers["content-length"])
    assert weight + len(gzip.compress(icon.content)) < 10_000
    assert page.text.count("<img") == 30


async def test_nothing_more_is_read_for_a_reader_who_has_left(share: Share, door: Door, make_link: MakeLink) -> None:
    link = make_link(share)
    sent: list[int] = []

    async def send(message: Message) -> None:
        sent.append(len(message.get("body", b"")))

    requests: list[Message] = [{"type": "http.request", "body": b""}, {"type": "http.disconnect"}]

    async def receive() -> Message:
        return requests.pop(0) if requests else {"type": "http.disconnect"}

    scope = {"type": "http", "method": "GET", "path": f"{link.path}/photos.zip", "headers": [], "scheme": "http"}
    await door.recipient(scope, receive, send)
    assert 0 < sum(sent) < link.size_bytes, "the zip stopped before its end"


async def test_a_zip_holds_all_photos_under_clean_names_with_no_date(
    share: Share, door: Door, make_link: MakeLink, clean_photos: tuple[bytes, ...]
) -> None:
    answer = await door.visitor().get(f"{make_link(share).path}/photos.zip")
    assert int(answer.headers["content-length"]) == len(answer.content)
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == ["photo-01.jpg", "photo-02.jpg", "photo-03.jpg"]
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert {info.compress_type for info in archive.infolist()} == {zipfile.ZIP_STORED}
        assert not any(info.comment or info.extra for info in archive.infolist())
        assert tuple(archive.read(name) for name in archive.namelist()) == clean_photos


async def test_png_photos_keep_their_kind(share: Share, door: Door) -> None:
    png = picture(1, (300, 200), "PNG")
    link = share.links.create(OWNER, share.intake.take(OWNER, Photos((png,), []).album()), Wishes())
    visitor = door.visitor()
    assert f"{link.path}/p/1.png" in (await visitor.get(link.path)).text, "one photo alone is shown in full"
    assert (await visitor.get(f"{link.path}/p/1.png")).headers["content-type"] == "image/png"
    assert (await visitor.get(f"{link.path}/p/1.jpg")).status_code == 404
    assert (await visitor.get(f"{link.path}/p/1-small.jpg")).headers["content-type"] == "image/jpeg"


async def test_one_photo_large_has_neighbours_and_a_way_back(share: Share, door: Door, make_link: MakeLink) -> None:
    link = make_link(share)
    visitor = door.visitor()
    first, second = [(await visitor.get(f"{link.path}/{n}")).text for n in (1, 2)]
    assert "<title>Photo 1 of 3</title>" in first
    assert "<title>Photo 2 of 3</title>" in second
    for page in (first, second):  # one page holds all of them: a swipe loads nothing but the next picture
        assert [f'id="p{n}"' in page for n in (1, 2, 3, 4)] == [True, True, True, False]
        assert re.findall('rel="(?:prev|next)" href="([^"]+)"', page) == ["#p2", "#p1", "#p3", "#p2"]
        assert f'href="{link.path}#photos"' in page
    assert first.count('loading="lazy"') == 2
    assert (await visitor.get(f"{link.path}/4")).status_code == 404


async def test_without_downloads_there_is_nothing_to_save(share: Share, door: Door, make_link: MakeLink) -> None:
    link = make_link(share, allow_download=False)
    visitor = door.visitor()
    assert "photos.zip" not in (await visitor.get(link.path)).text
    assert "save/" not in (await visitor.get(f"{link.path}/1")).text
    for path in ("photos.zip", "save/1.jpg"):
        assert (await visitor.get(f"{link.path}/{path}")).status_code == 404
    assert (await visitor.get(f"{link.path}/p/1.jpg")).status_code == 200


@pytest.mark.parametrize(
    ("asked", "status", "span"),
    [
        ("bytes=0-9", 206, (0, 10)), ("bytes=5-", 206, (5, None)), ("bytes=-7", 206, (-7, None)),
        ("bytes=0-99999999", 206, (0, None)), ("bytes=99999999-", 416, None), ("bytes=9-3", 416, None),
        ("bytes=-0", 416, None), ("bytes=0-1,3-4", 200, (0, None)), ("lines=1-2", 200, (0, None)),
        ("bytes=-", 200, (0, None)),
    ],
)  # fmt: skip
async def test_ranges_are_served(
    share: Share, door: Door, make_link: MakeLink, clean_photos: tuple[bytes, ...], asked: str, status: int,
    span: tuple[int, int | None] | None,
) -> None:  # fmt: skip
    answer = await door.visitor().get(f"{make_link(share).path}/p/1.jpg", headers={"range": asked})
    assert answer.status_code == status
    if span is not None:
        assert answer.content == clean_photos[0][slice(*span)]
        assert int(answer.headers["content-length"]) == len(answer.content)


async def test_a_head_says_what_a_get_would_and_spends_nothing(share: Share, door: Door, make_link: MakeLink) -> None:
    link = make_link(share)
    visitor = door.visitor()
    for path in ("", "/1", "/p/1.jpg", "/p/1-small.jpg", "/photos.zip", "/report"):
        got, head = await visitor.get(link.path + path), await visitor.head(link.path + path)
        assert head.content == b""
        assert head.status_code == got.status_code
        assert {**head.headers, "etag": ""} == {**got.headers, "etag": ""}


async def test_a_view_of_an_open_link_is_a_browser_that_loads_its_first_photo(
    share: Share, door: Door, make_link: MakeLink
) -> None:
    link = make_link(share)
    visitor = door.visitor()
    await visitor.get(link.path)
    assert share.links.get(OWNER, link.id).views == 0
    first = await visitor.get(f"{link.path}/p/1-small.jpg", headers=AS_PICTURE)
    for n in (2, 3):
        await visitor.get(f"{link.path}/p/{n}-small.jpg", headers=AS_PICTURE)
    await visitor.get(f"{link.path}/p/1.jpg", headers=AS_PICTURE)
    await door.settled()
    assert share.links.get(OWNER, link.id).views == 1

    again = await visitor.get(
        f"{link.path}/p/1-small.jpg", headers=AS_PICTURE | {"if-none-match": first.headers["etag"]}
    )
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", first.headers["etag"])
    await door.settled()
    assert share.links.get(OWNER, link.id).views == 1, "a reload is the same visit"

    stale = re.sub(r"-(\d+)\"$", lambda m: f'-{int(m[1]) - 4}"', first.headers["etag"])
    later = await visitor.get(f"{link.path}/p/1-small.jpg", headers=AS_PICTURE | {"if-none-match": stale})
    await door.settled()
    assert later.status_code == 200
    assert share.links.get(OWNER, link.id).views == 2, "half an hour later it is another visit"


@pytest.mark.parametrize(
    "headers",
    [
        {"user-agent": "WhatsApp/2.2"} | AS_PICTURE,
        {"sec-fetch-dest": "image", "sec-fetch-site": "cross-site"},
        {"sec-fetch-dest": "document", "sec-fetch-site": "same-origin"},
        {"sec-purpose": "prefetch"} | AS_PICTURE,
        {"purpose": "prefetch"} | AS_PICTURE,
        {"range": "bytes=0-10"} | AS_PICTURE,
        {"accept": "*/*"},
    ],
    ids=str,
)
async def test_what_is_no_person_looking_is_no_view(
    share: Share, door: Door, make_link: MakeLink, headers: dict[str, str]
) -> None:
    link = make_link(share)
    await door.visitor().get(f"{link.path}/p/1-small.jpg", headers=headers)
    await door.settled()
    assert share.links.get(OWNER, link.id).views == 0


async def test_an_old_browser_counts_by_what_it_accepts(share: Share, door: Door, make_link: MakeLink) -> None:
    link = make_link(share)
    await door.visitor().get(f"{link.path}/p/1-small.jpg", headers={"accept": "image/webp,*/*;q=0.5"})
    await door.settled()
    assert share.links.get(OWNER, link.id).views == 1


@pytest.mark.parametrize("agent", BOTS)
async def test_a_preview_machine_is_counted_apart(share: Share, door: Door, make_link: MakeLink, agent: str) -> None:
    link, limited = make_link(share), make_link(share, max_views=1)
    async with door.visitor(user_agent=agent) as bot:
        for found in (link, limited):
            assert (await bot.get(found.path)).status_code == 200
    await door.settled()
    for found in (link, limited):
        seen = share.links.get(OWNER, found.id)
        assert (seen.views, seen.bot_previews) == (0, 1)


async def test_the_owners_own_look_opens_every_door_and_costs_nothing(
    share: Share, door: Door, make_link: MakeLink
) -> None:
    link = make_link(share, max_views=1, password="abcd")
    me = door.visitor(cookie=f"passalong_owner={share.cookies.value(OWNER)}")
    page = await me.get(link.path)
    assert "your own link" in page.text
    for path in ("/p/1.jpg", "/p/1-small.jpg", "/photos.zip"):
        assert (await me.get(link.path + path)).status_code == 200
    await door.settled()
    seen = share.links.get(OWNER, link.id)
    assert (seen.views, seen.own_looks) == (0, 1)


async def test_a_limited_link_waits_for_a_gesture_and_then_shows_everything(
    share: Share, door: Door, make_link: MakeLink
) -> None:
    link = make_link(share, title="Secret title", words="Secret words", max_views=2)
    visitor = door.visitor()
    gate = await visitor.get(link.path)
    assert "Show the photos\u00a0· 2 views left" in gate.text
    assert "Secret" not in gate.text
    assert gate.headers["cache-control"] == "private, no-store"
    pressed = await visitor.post(f"{link.path}/open")
    assert (pressed.status_code, pressed.headers["location"]) == (303, link.path)
    page = await visitor.get(link.path)
    assert "Secret title" in page.text
    assert page.headers["cache-control"] == "private, no-store"
    for path in ("p/1.jpg", "p/1-small.jpg", "p/2.jpg", "photos.zip", "save/1.jpg", "1"):
        answer = await visitor.get(f"{link.path}/{path}")
        assert answer.status_code == 200
        assert answer.headers["cache-control"] == "private, no-store"
        assert "etag" not in answer.headers
    for _ in range(3):
        await visitor.get(link.path)
        await visitor.post(f"{link.path}/open")
    assert share.links.get(OWNER, link.id).views == 1, "reloads within the visit are free"
    assert "1 view left" in (await door.visitor().get(link.path)).text


async def test_the_pass_that_the_proof_uses_opens_the_link_until_it_is_taken_back(
    share: Share, door: Door, make_link: MakeLink
) -> None:
    link = make_link(share, password="abcd", max_views=1)
    with pytest.raises(LinkGone):
        unlocked_cookie(share, OTHER, link.id)
    inside = {"cookie": unlocked_cookie(share, OWNER, link.id)}
    assert (await door.visitor().get(f"{link.path}/p/1.jpg", headers=inside)).status_code == 200
    assert share.links.get(OWNER, link.id).views == 0
    share.links.revoke(OWNER, link.id)
    for path in share.links.addresses(OWNER, link.id):
        assert (await door.visitor().get(path, headers=inside)).status_code == 404, path


async def test_a_browser_that_keeps_no_cookie_loses_no_view(share: Share, door: Door, make_link: MakeLink) -> None:
    link = make_link(share, max_views=1)
    answer = await door.visitor().post(f"{link.path}/open")
    assert "No view was used" in answer.text
    assert share.links.get(OWNER, link.id).views == 0


async def test_a_password_opens_and_a_wrong_one_says_so(share: Share, door: Door, make_link: MakeLink) -> None:
    link = make_link(share, title="Secret title", password="Ünïcode 1")
    visitor = door.visitor()
    gate = await visitor.get(link.path)
    assert 'type="password"' in gate.text
    wrong = await visitor.post(f"{link.path}/open", data={"password": "guess"})
    assert wrong.status_code == 403
    assert "not right" in wrong.text
    assert "guess" not in wrong.text
    assert VISIT_COOKIE not in visitor.cookies
    # The same letters written in another way, with the space that a phone adds.
    page = await visitor.open(link, password="U\u0308ni\u0308code 1 ")
    assert "Secret title" in page.text
    assert share.links.get(OWNER, link.id).views == 1


async def test_the_cookie_is_short_lived_scoped_to_the_link_and_out_of_reach_of_scripts(
    share: Share, door_of: DoorOf, make_link: MakeLink
) -> None:
    link = make_link(share, max_views=5)
    door = door_of(share)
    visitor = door.visitor()
    visitor._transport = httpx.ASGITransport(door.recipient)  # noqa: SLF001 - as below, over https
    visitor.base_url = httpx.URL("https://share.example")
    await visitor.get(link.path)
    cookie = (await visitor.post(f"{link.path}/open")).headers["set-cookie"]
    assert cookie.startswith(f"{VISIT_COOKIE}=")
    for part in (f"Path={link.path}", "Max-Age=1200", "HttpOnly", "SameSite=Lax", "Secure"):
        assert part in cookie.split("; ")


@pytest.mark.parametrize("preview", [Preview.BLURRED, Preview.COVER])
async def test_a_preview_card_is_made_where_it_is_wished(
    share: Share, door: Door, make_link: MakeLink, preview: Preview
) -> None:
    link = make_link(share, title='Sea "2026"', preview=preview)
    visitor = door.visitor()
    page = (await visitor.get(link.path)).text
    assert f'<meta property="og:image" content="http://share.example{link.path}/preview.jpg">' in page
    assert '<meta property="og:title" content="Sea &#34;2026&#34;">' in page
    card = await visitor.get(f"{link.path}/preview.jpg")
    assert len(card.content) <= 300_000
    assert find_leftovers(card.content) == ()
    with Image.open(io.BytesIO(card.content)) as image:
        assert image.size == (1200, 630)


async def test_no_preview_is_the_default_and_tells_no_title(share: Share, door: Door, make_link: MakeLink) -> None:
    link = make_link(share, title="Secret title")
    visitor = door.visitor()
    page = (await visitor.get(link.path)).text
    assert "og:image" not in page
    assert '<meta property="og:title" content="Photos">' in page
    assert (await visitor.get(f"{link.path}/preview.jpg")).status_code == 404


@pytest.mark.parametrize("wishes", [{"password": "abcd"}, {"max_views": 3}])
async def test_a_gated_link_has_no_preview_whatever_was_wished(
    share: Share, door: Door, make_link: MakeLink, wishes: dict[str, object]
) -> None:
    link = make_link(share, preview=Preview.COVER, **wishes)
    visitor = door.visitor()
    assert "og:image" not in (await visitor.get(link.path)).text
    assert (await visitor.get(f"{link.path}/preview.jpg")).status_code == 404
    await visitor.open(link, password="abcd")
    assert (await visitor.get(f"{link.path}/preview.jpg")).status_code == 404


async def test_a_report_reaches_the_host_and_says_thank_you(share: Share, door: Door, make_link: MakeLink) -> None:
    link = make_link(share)
    visitor = door.visitor()
    assert "Report these photos" in (await visitor.get(f"{link.path}/report")).text
    sent = await visitor.post(f"{link.path}/report", data={"reason": "me", "words": "Please take me off <b>"})
    assert "Thank you" in sent.text
    (report,) = share.reports.all()
    assert (report.reason, report.words, report.link_id) == ("me", "Please take me off <b>", link.id)
    form = (await visitor.get(f"{link.path}/report")).text
    assert re.findall('name="reason" value="([a-z]+)"', form) == ["intimate", "child", "me", "harm", "spam", "other"]
    assert "come first in line" in (await visitor.post(f"{link.path}/report", data={"reason": "child"})).text
    assert [one.reason for one in share.reports.all()] == ["child", "me"]
    for _ in range(5):
        last = await visitor.post(f"{link.path}/report", data={"reason": "spam"})
    assert last.status_code == 429
    assert len(share.reports.all()) == 5


@pytest.mark.parametrize(
    "glued", [".", ")", ",", "…", "!", "'", "%20Have", "?fbclid=abc", "?utm=1&fbclid=2", "/", "》"]
)
async def test_text_that_a_chat_glued_to_the_link_does_no_harm(
    share: Share, door: Door, make_link: MakeLink, glued: str
) -> None:
    link = make_link(share)
    assert (await door.visitor().get(link.path + glued)).status_code == 200


@pytest.mark.parametrize("language", LANGUAGES)
async def test_every_language_has_every_page(share: Share, door: Door, make_link: MakeLink, language: str) -> None:
    near = datetime.now(UTC) + timedelta(hours=3)
    link, limited = make_link(share), make_link(share, max_views=2, expires_at=near)
    locked = make_link(share, password="abcd")
    mine = translation(language)
    async with door.visitor(accept_language=f"{language}-XX,{language};q=0.9,en;q=0.1") as visitor:
        seen = [
            (await visitor.get(link.path)).text,
            (await visitor.get(f"{link.path}/1")).text,
            (await visitor.get(f"{link.path}/report")).text,
            (await visitor.get(locked.path)).text,
            (await visitor.get("/s/" + "A" * 22)).text,
            (await visitor.open(limited)).text,
        ]
    for page in seen:
        assert f'<html lang="{language}" dir="{mine.direction}">' in page
        assert "{" not in page
    assert "UTC" in seen[-1]
    if language != "en":
        assert mine["gone"] != translation("en")["gone"]


def test_all_languages_have_the_same_texts_with_the_same_gaps() -> None:
    english = translation("en")
    for language in LANGUAGES:
        mine = translation(language)
        assert mine.text.keys() == english.text.keys()
        for key, text in mine.text.items():
            assert set(re.findall(r"\{\w+\}", text)) == set(re.findall(r"\{\w+\}", english[key])), (language, key)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_form_that_a_number_asks_for_is_there(language: str) -> None:
    mine, rule = translation(language), Locale.parse(language, sep="-").plural_form
    assert mine.forms.keys() == translation("en").forms.keys()
    for key, forms in mine.forms.items():
        assert {rule(n) for n in (0, 1, 2, 3, 5, 11, 21, 100)} <= forms.keys() | {"many"}, (language, key)
        for form, text in forms.items():
            gaps = set(re.findall(r"\{\w+\}", translation("en").forms[key]["other"]))
            may_miss = {"{n}"} if form in {"zero", "one", "two"} else set()  # "a video" says its number in a word
            assert gaps - may_miss <= set(re.findall(r"\{\w+\}", text)) <= gaps, (language, key, form)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("photos", [1, 2, 5, 21])
def test_what_an_album_holds_is_counted_in_every_language(language: str, photos: int) -> None:
    told = translation(language).contents(photos, 0)
    assert "{" not in told
    written = format_decimal(photos, locale=language.replace("-", "_"))
    assert photos <= 2 or written in told, "Arabic has words of their own for one and two"


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "en"), ("*", "en"), ("xx", "en"), ("de", "de"), ("in-ID,in;q=0.9", "id"), ("xx,fr;q=0.3,es;q=0.7", "es"),
        ("ja", "ja"), ("zh-TW,zh;q=0.9", "zh-Hant"), ("zh-CN", "zh-Hans"), ("tl-PH", "fil"), ("ar-EG", "ar"),
        ("PT-br", "pt"), ("fr;q=nonsense,it", "it"), ("tr;q=0,it;q=0.1", "it"), ("de;q=9", "en"), (",;,;;q=", "en"),
    ],
)  # fmt: skip
def test_the_language_follows_the_browser(header: str, language: str) -> None:
    assert translation_for(header).language == language


async def test_a_store_that_does_not_answer_is_told_kindly(
    local_share: Maker, door_of: DoorOf, make_link: MakeLink
) -> None:
    share = local_share()
    link = make_link(share)
    share.store.delete_all("albums")
    visitor = door_of(share).visitor()
    assert (await visitor.get(link.path)).status_code == 200
    assert (await visitor.get(f"{link.path}/p/1.jpg")).status_code == 404
    assert (await visitor.get(f"{link.path}/photos.zip")).status_code == 404
