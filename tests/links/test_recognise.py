"""What the text of a link shows: shapes, cuts, damage, repairs, detours, and every kind of bad input."""

# ruff: noqa: RUF001 - signs of other scripts that look like ours are what people write behind a link

from __future__ import annotations

import base64
import datetime as dt
import re
from collections.abc import Callable
from random import Random
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.links.check import offline
from lib.links.ids import ALPHABETS, PERHAPS_LOWERED, IdRule, chance_without_capital, find_fault
from lib.links.known import provider, providers
from lib.links.recognise import MAX_LINKS, Recognised, recognise, recognise_all
from lib.links.rules import Shape, Wrapper, expiries, wrappers
from lib.links.text import MAX_TEXT_CHARS

OWN = "https://share.example.net"
NOW = dt.datetime(2026, 11, 21, tzinfo=dt.UTC)
NOTES = {"REPAIRED", "PORT", "HTTP_ONLY", "EXPIRES_AT"}


def every_shape() -> list[tuple[str, Shape]]:
    return [(each.id, shape) for each in providers() for shape in each.shapes]


def every_example() -> list[tuple[str, Shape, str]]:
    return [
        (each.id, shape, example if example.startswith("http") else OWN + example)
        for each in providers()
        for shape in each.shapes
        for example in shape.examples
    ]


EXAMPLES = every_example()
SHARED = [
    (name, shape, url) for name, shape, url in EXAMPLES if shape.role in {"share", "direct"} and not shape.verdict
]


def read(text: str) -> Recognised:
    return recognise(text, own_origins=frozenset({OWN}), now=NOW)


def codes(link: Recognised) -> set[str]:
    return {each.code for each in link.findings}


@pytest.mark.parametrize(("name", "shape", "url"), EXAMPLES, ids=lambda value: value if isinstance(value, str) else "")
def test_every_example_of_the_rule_files_is_recognised(name: str, shape: Shape, url: str) -> None:
    link = named(read(url), name)
    if (
        "*" in provider(name).hosts
        and shape.verdict
        and not shape.shows_product(link.host, url.partition("#")[0].partition(link.host)[2])
    ):
        assert (link.provider, link.verdict, link.may_ask) == ("other", "", True)  # a path alone names nobody
        return
    verdict = "" if shape.verdict in NOTES else shape.verdict
    assert (link.provider, link.kind, link.url, link.verdict) == (name, shape.kind, url, verdict)
    if not shape.verdict:
        assert codes(link) - NOTES == set()


def named(link: Recognised, name: str) -> Recognised:
    """A link as it is once an answer of the product that people host themselves was seen."""
    return next((link.as_guessed(guess) for guess in link.maybe if guess.provider == name), link)


@pytest.mark.parametrize(
    "url",
    [
        "https://www.some-network.example/share/1YxwPSZJfw/",
        "https://pictures.example.com/share/abcdefghijklmnopqrstuvwxyz0123456789abcd",
        "https://www.some-forum.example/r/photos/s/AbCdEfGhIj",
        "https://pan.some-store.example/s/1AbCdEfGhIjKlMnOpQrStUv",
        "https://www.some-network.example/s/AbCdEfGhIjKlMnO",
        "https://www.some-gallery.example/gallery/summer-holidays-2025-abc",
        "https://photos.example.com/f/0123456789",
        "https://www.example.com/library/albums",
        "https://www.example.com/apps/photos",
        "https://www.example.com/sharing/AbCdEfGhI",
        "https://www.example.com/admin.php",
    ],
)
def test_a_path_alone_names_nobody(url: str) -> None:
    link = read(url)
    assert (link.provider, link.label, link.verdict, link.may_ask) == ("other", "The server", "", True)


@pytest.mark.parametrize(
    ("url", "product"),
    [
        ("https://cloud.example.org/s/I961hNtsMJkUl6O", "nextcloud"),
        ("https://example.org/files/index.php/s/I961hNtsMJkUl6O", "nextcloud"),
        ("https://photos.example.org/immich/share/8JuZpiiN1sbQ4-6Zf8rtrcEfzwRDyfmWZQATS-qhRih5UB70x4b-0tMv1vL-L9yFG8M",
         "immich"),
        ("https://nas.example.org/photo/mo/sharing/YnVLkdg5n", "synology"),
        ("https://pictures.example.org/picture.php?/1042/category/57", "piwigo"),
    ],
)  # fmt: skip
def test_a_product_is_named_where_the_link_itself_shows_a_sign_of_it(url: str, product: str) -> None:
    assert read(url).provider == product


def noticed(link: Recognised) -> bool:
    """Whether the text of a link shows, for sure or as a hint, that something is wrong with it."""
    return bool(codes(link) - NOTES)


def parts_that_matter(shape: Shape, url: str) -> int:
    """The place behind the last character of a link without which it opens something else or nothing."""
    if "cut" in shape.seen_live:
        return len(url)
    link = read(url)
    link = link if link.ids or not link.maybe else link.as_guessed(link.maybe[0])
    checked = {link.ids[group] for group in shape.ids if group in link.ids}
    checked |= {link.ids.get(need.name or "key", "") or link.ids.get("id", "") for need in shape.needs}
    return max(url.find(value) + len(value) for value in checked if value in url)


def cuts(shape: Shape, url: str) -> list[Recognised]:
    """A link cut at every place behind its host, up to the last one that matters."""
    start = url.index("/", len("https://")) + 1
    return [read(url[:place]) for place in range(start, parts_that_matter(shape, url))]


@pytest.mark.parametrize(("name", "shape", "url"), SHARED, ids=lambda value: value if isinstance(value, str) else "")
def test_a_link_that_is_cut_anywhere_is_noticed_or_of_a_form_that_says_it_is_seen_live(
    name: str, shape: Shape, url: str
) -> None:
    whole = read(url).url
    for cut in cuts(shape, url):
        assert noticed(cut) or "cut" in cut.seen_live or cut.url == whole, (name, cut.url)


@pytest.mark.parametrize(("name", "shape", "url"), SHARED, ids=lambda value: value if isinstance(value, str) else "")
def test_a_link_whose_capitals_are_lost_is_noticed_or_has_lost_nothing(name: str, shape: Shape, url: str) -> None:
    lowered = read(url.lower())
    if noticed(lowered) or "case" in lowered.seen_live:
        return
    link = read(url)
    ids = {group: value for group, value in link.ids.items() if group in shape.ids}
    alphabets = {provider(name).ids[rule].alphabet for group, rule in shape.ids.items() if group in ids}
    case_blind = all(chance_without_capital(alphabet, "abcdefgh") == 1 for alphabet in alphabets)
    assert case_blind or url == url.lower(), (name, url)
    assert (lowered.provider, lowered.kind, lowered.verdict) == (link.provider, link.kind, link.verdict)
    assert {group: lowered.ids[group] for group in ids} == {group: value.lower() for group, value in ids.items()}


CLAIMS = [(name, shape, damage) for name, shape in every_shape() for damage in shape.seen_live]


@pytest.mark.parametrize(("name", "shape", "damage"), CLAIMS, ids=[f"{name} {damage}" for name, _, damage in CLAIMS])
def test_no_form_of_a_link_says_without_need_that_damage_is_only_seen_live(
    name: str, shape: Shape, damage: str
) -> None:
    examples = [url for other, same, url in EXAMPLES if (other, same) == (name, shape)]
    assert examples, "a claim without an example that proves it"
    if damage == "cut":
        unseen = [cut for url in examples for cut in cuts(shape, url) if not noticed(cut)]
        assert any(name in {cut.provider, *(guess.provider for guess in cut.maybe)} for cut in unseen)
        return
    rules = [provider(name).ids[rule] for rule in shape.ids.values()]
    few_letters = [(rule, "a" + "2" * (max(rule.lengths) - 1)) for rule in rules]
    told_apart = [rule for rule, value in few_letters if chance_without_capital(rule.alphabet, value) < 1]
    assert not rules or any(rule in told_apart and not find_fault(rule, value) for rule, value in few_letters)


MIXED = [
    (each.id, rule)
    for each in providers()
    for rule in each.ids.values()
    if chance_without_capital(rule.alphabet, "a") < 1
]


@given(st.sampled_from(MIXED), st.integers(min_value=0), st.randoms(use_true_random=False))
@settings(max_examples=300, deadline=None)
def test_any_id_of_mixed_letters_that_has_become_small_is_noticed(
    rule_of: tuple[str, IdRule], far: int, random: Random
) -> None:
    _, rule = rule_of
    length = rule.lengths[far % len(rule.lengths)] if rule.lengths else 64
    value = "".join(random.choice(ALPHABETS[rule.alphabet]) for _ in range(length))
    lowered = value.lower()
    fault = find_fault(rule, lowered)
    chance = chance_without_capital(rule.alphabet, lowered)
    assert fault is not None or chance > PERHAPS_LOWERED
    assert fault is None or not fault.sure  # however odd an id looks, it is opened before anything is said


@pytest.mark.parametrize(
    ("alphabet", "value", "chance"),
    [
        ("base62", "abcde", 1 / 32),
        ("base62", "a1b2c", 1 / 8),
        ("base58", "abcdef", (25 / 49) ** 6),
        ("digits", "12345", 1),
        ("hex", "abcdef", 1),
        ("lower", "abcdef", 1),
    ],
)
def test_the_chance_of_no_capital_is_the_share_of_small_letters_for_each_letter(
    alphabet: str, value: str, chance: float
) -> None:
    assert chance_without_capital(alphabet, value) == pytest.approx(chance)


def test_a_short_id_without_capitals_is_a_hint_with_its_odds_and_is_still_asked() -> None:
    link = read("https://flic.kr/p/nkokxq")
    assert link.verdict == ""
    assert link.may_ask
    assert [(each.code, each.sure) for each in link.findings] == [("CASE_LOST", False)]
    assert "one of 57 links" in link.findings[0].text
    assert offline(link).hints == (link.findings[0].text,)


@pytest.mark.parametrize(("name", "shape", "url"), SHARED, ids=lambda value: value if isinstance(value, str) else "")
def test_a_link_without_its_key_is_noticed(name: str, shape: Shape, url: str) -> None:
    for need in shape.needs:
        if need.part == "fragment":
            without = url[: url.index("#")] if not shape.fragment else url[: url.rindex("!")]
        else:
            without = re.sub(rf"([?&]){need.name}=[^&#]*&?", r"\1", url)
        found = codes(read(without))
        assert "KEY_MISSING" in found or (need.part == "fragment" and found & {"ACCOUNT_BOUND", "TRUNCATED"}), (
            name,
            without,
        )


def test_one_wrong_last_character_is_noticed_where_the_id_has_a_structure() -> None:
    alphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
    url = next(url for name, _, url in SHARED if "photos.app.goo.gl" in url)
    noticed = sum(bool(codes(read(url[:-1] + letter)) - NOTES) for letter in alphabet if letter != url[-1])
    assert noticed / (len(alphabet) - 1) > 0.9


@given(st.text(max_size=300))
@settings(max_examples=400, deadline=None)
def test_recognise_never_raises_on_any_text(text: str) -> None:
    link = recognise(text)
    assert link.verdict or link.may_ask or link.findings
    list(recognise_all(text))


@given(
    st.sampled_from([url for _, _, url in EXAMPLES]),
    st.lists(
        st.tuples(
            st.integers(0, 200), st.sampled_from(list("%#?&/\\@:[]()!…\u200b\u202e\x00 \n\tüA0-_=+")), st.booleans()
        ),
        max_size=6,
    ),
)
@settings(max_examples=400, deadline=None)
def test_recognise_never_raises_on_a_damaged_link(url: str, changes: list[tuple[int, str, bool]]) -> None:
    for far, letter, replace in changes:
        place = min(far, len(url))
        url = url[:place] + letter + url[place + replace :]
    link = read(url)
    assert all(each.text for each in link.findings)


@given(st.sampled_from([url for _, _, url in SHARED]), st.text(alphabet=" \n.,;:!?()*~’”»", max_size=5))
@settings(max_examples=300, deadline=None)
def test_punctuation_around_a_link_never_changes_what_it_is(url: str, around: str) -> None:
    assert read(f"Look: {around[::-1]} {url}{around} bye").url.startswith(url.rstrip(".,;:!?()*~’”»")[:20])
    assert read(f"({url}).").url == url


GOOD = next(url for name, shape, url in SHARED if name == "google_drive" and shape.kind == "file" and "usp" not in url)
MEGA = next(url for name, shape, url in SHARED if name == "mega" and shape.kind == "file")


@pytest.mark.parametrize(
    "text",
    [
        f"{GOOD}.",
        f"{GOOD}…look",
        f"<{GOOD}>",
        f"[my photo]({GOOD})",
        f"**{GOOD}**",
        f"“{GOOD}”",
        GOOD.replace("https", "hxxps"),
        GOOD.replace("https://", ""),
        GOOD.replace("https://", "https:/"),
        GOOD.replace("https://", "https//").replace("https//", "https:"),
        GOOD.replace("https://", "https://https://"),
        GOOD.replace("https://", "Https://"),
        GOOD[:40] + "\u200b" + GOOD[40:],
        GOOD[:40] + "\u202e" + GOOD[40:],
        GOOD[:50] + "\n" + GOOD[50:],
        GOOD[:50] + " " + GOOD[50:],
        GOOD.replace(":", "%3A").replace("/", "%2F"),
        f'<a href="{GOOD}">photo</a>',
    ],
)
def test_a_link_is_freed_of_what_stuck_to_it(text: str) -> None:
    link = read(text)
    if "…" in text:
        assert link.verdict
        return
    assert link.url.partition("/edit")[0] == GOOD.partition("/edit")[0] or link.url.lower() == GOOD.lower()
    assert link.verdict == ""


PHOTOS = next(url for name, _, url in SHARED if name == "google_photos" and "app.goo.gl" in url)
BOX = next(url for name, shape, url in SHARED if name == "dropbox" and "rlkey" in url and "&" in url)


@pytest.mark.parametrize(
    "around",
    [
        "{}。見てね", "照片在这里：{}，快看", "（{}）", "「{}」", "{}؟", "{}۔", "{}।", "{}！", "{}😍", "{}❤️",
        "{}👍🏽 super",
        "😍{}", "“{}”", "„{}“", "»{}«", "‹{}›", "{}→ da", "{}見てください", "{}입니다", "_{}_", "__{}__", "_see {}_",
        "***{}***",
        "||{}||", "[url]{}[/url]", "[URL={}]photos[/URL]", "[img]{}[/img]", "{}&nbsp;", "&lt;{}&gt;", "&quot;{}&quot;",
        "&nbsp;{}&nbsp;Anna", "'{}'", "['{}', 1]", '{{"url":"{}"}}', "{}\\", "{}\\n", "{}|", "{}<br>", "({}),", "[{}].",
        "{}%20", "{}%E2%80%8B", "Album:{}", "{}%22", "{}—", "[1]: {}", "{}\r\nSent from my iPhone",
        "{}Sent from my iPhone",
        "{}viel Spaß",
        "{};-)",
        "{}^^", "{}:)", "{}<3", "> {}", "{}!!!", "{}...", "{} …", "`{}`", "~~{}~~", "{}»", "url({})", "<{}|our photos>",
    ],
)  # fmt: skip
def test_what_stands_around_a_link_in_a_message_is_not_part_of_it(around: str) -> None:
    found = [each.url for each in recognise_all(around.format(PHOTOS), now=NOW)]
    assert found == [PHOTOS]
    assert read(around.format(PHOTOS)).verdict == ""


@pytest.mark.parametrize(
    "change",
    [
        lambda url: url.replace("https://", "https//"),
        lambda url: url.replace("https://", "https：//"),
        lambda url: url.replace("https://", "https：／／"),
        lambda url: url.replace("https://", "ｈｔｔｐｓ：／／"),
        lambda url: url.replace("https://", "https;//"),
        lambda url: url.replace("https://", "https ://"),
        lambda url: url.replace("https://", "https:// "),
        lambda url: url.replace("https://", "https:\\"),
        lambda url: url.replace("https://", "https.//"),
        lambda url: url.replace("photos.app.goo.gl", "photos,app,goo,gl"),
        lambda url: url.replace("https://", "htps://"),
        lambda url: url.replace("https://", "ttps://"),
        lambda url: url.replace("https://", "htttps://"),
        lambda url: url.replace("https://", "hxxps[:]//"),
        lambda url: url.replace(".", "[.]"),
        lambda url: url.replace("https://", "").replace(".", "[.]"),
        lambda url: url.replace(".", "(dot)"),
        lambda url: url.replace(".", "。"),
        lambda url: url.replace("/", "\\/"),
        lambda url: url.replace("app.", "app. "),
        lambda url: quote(quote(url, safe=""), safe=""),
        lambda url: url[:40] + "\n> " + url[40:],
        lambda url: "> " + url[:38] + "=\n> " + url[38:],
        lambda url: url[:30] + "\r\n" + url[30:36] + "\r\n" + url[36:],
    ],
)
def test_a_link_that_a_program_or_a_person_wrote_in_another_way_is_read(change: Callable[[str], str]) -> None:
    link = read(f"Look: {change(PHOTOS)} bye")
    assert (link.url, link.verdict) == (PHOTOS, "")


def test_the_coding_of_mail_is_undone_in_a_link() -> None:
    coded = BOX.replace("=", "=3D")
    assert read(coded).url == BOX
    assert read(coded[:60] + "=\r\n" + coded[60:]).url == BOX
    assert read(f"> {coded[:60]}=\n> {coded[60:]}").url == BOX


def test_a_value_that_begins_like_the_coding_of_mail_is_left_alone() -> None:
    url = "https://photos.example.org/album?name=3D-prints&page=2"
    assert read(url).url == url


@pytest.mark.parametrize("between", [",", ", ", ";", "|", " ", "\n", "", "，", "、"])
def test_two_links_that_were_joined_are_two(between: str) -> None:
    assert [each.url for each in recognise_all(PHOTOS + between + MEGA)] == [PHOTOS, MEGA]


def test_a_link_inside_another_link_is_left_there() -> None:
    url = "https://photos.example.org/open?url=https://photos.example.org/album"
    assert [each.url for each in recognise_all(url)] == [url]


def test_a_link_with_letters_of_other_scripts_in_its_path_stays_whole() -> None:
    for url in ("https://cloud.example.org/photos/Fotos_Äpfel/Büro.jpg", "https://ja.example.org/wiki/写真"):
        assert read(f"{url} .").url == url


def test_html_code_in_a_link_is_undone() -> None:
    link = read("https://photos.example.org/a?x=1&amp;y=2")
    assert link.url == "https://photos.example.org/a?x=1&y=2"
    assert link.repaired


def inside(wrapper: Wrapper, url: str) -> str:
    """A link as a detour packs it."""
    if wrapper.how == "proofpoint_v3":
        starred, coded = url.replace("#", "*"), base64.urlsafe_b64encode(b"#").decode().rstrip("=")
        return wrapper.example.replace("{link}", starred).replace("Iw", coded)
    packed = {
        "base64": lambda: base64.b64encode(url.encode()).decode(),
        "bing": lambda: base64.urlsafe_b64encode(url.encode()).decode().rstrip("="),
        "proofpoint_v2": lambda: quote(url, safe="").replace("-", "%2D").replace("_", "%5F").replace("%", "-"),
        "underscores": lambda: url,
    }.get(wrapper.how, lambda: quote(url, safe=""))()
    return wrapper.example.replace("{link}", packed) if "{link}" in wrapper.example else wrapper.example + packed


UNPACKED = [each for each in wrappers() if each.how not in {"hidden", "translated", "amp"}]


@pytest.mark.parametrize("wrapper", UNPACKED, ids=lambda each: f"{each.host} {each.label}")
def test_a_link_is_taken_out_of_every_detour_with_its_key(wrapper: Wrapper) -> None:
    for url in (GOOD, MEGA):
        link = read(inside(wrapper, url))
        assert link.url == url
        assert link.verdict == ""
        assert any(wrapper.label in each.text for each in link.findings)


def test_a_filter_that_hides_the_link_is_named_and_the_link_is_opened() -> None:
    for wrapper in (each for each in wrappers() if each.how == "hidden"):
        link = read(wrapper.example)
        assert link.may_ask
        assert any(each.code == "HIDDEN" and wrapper.label in each.text for each in link.findings)


def test_a_translated_page_gives_the_page_itself() -> None:
    assert read("https://my--photos-example-org.translate.goog/a/1?x=2&_x_tr_sl=de&_x_tr_tl=en").url == (
        "https://my-photos.example.org/a/1?x=2"
    )


@pytest.mark.parametrize(
    "copy",
    [
        "https://www.google.com/amp/s/my-photos.example.org/a/1?x=2",
        "https://www.google.de/amp/s/my-photos.example.org/a/1?x=2&usqp=mq331AQ",
        "https://my--photos-example-org.cdn.ampproject.org/c/s/my-photos.example.org/a/1?amp_js_v=a6&x=2",
        "https://my--photos-example-org.cdn.ampproject.org/v/s/my-photos.example.org/a/1?x=2&amp_gsa=1",
    ],
)
def test_an_amp_copy_gives_the_page_itself(copy: str) -> None:
    assert read(copy).url == "https://my-photos.example.org/a/1?x=2"


@pytest.mark.parametrize(
    "page", ["https://www.google.com/amp/", "https://www.google.com/amp/s/", "https://x.cdn.ampproject.org/c/v0.js"]
)
def test_what_is_no_amp_copy_stays_what_it_is(page: str) -> None:
    assert read(page).url == page


@pytest.mark.parametrize(
    "around",
    [
        "https://eur01.safelinks.protection.outlook.com/?url={twice}&data=05",
        "https://eur01.safelinks.protection.outlook.com/?url={once}&data=05%7C02&reserved=0",
        "https://urldefense.com/v3/__{star}__;Iw!!GjvTz_vk!US3$",
        "https://urldefense.com/v3/__{star}",  # what told which sign the star was is cut off
        "https://urldefense.com/v3/__{slash}__;Iw!!GjvTz_vk!US3$",
        "{coded}",
    ],
)
def test_a_key_that_a_mail_filter_wrote_in_another_way_is_whole_again(around: str) -> None:
    text = {
        "once": quote(MEGA, safe=""),
        "twice": quote(MEGA.replace("#", "%23"), safe=""),
        "star": MEGA.replace("#", "*"),
        "slash": MEGA.replace("#", "*").replace("https://", "https:/"),
        "coded": MEGA.replace("#", "%23"),
    }
    link = read(around.format(**text))
    assert (link.url, link.verdict) == (MEGA, "")
    assert link.repaired


@pytest.mark.parametrize("wrapper", [each for each in UNPACKED if each.filter], ids=lambda each: each.label)
def test_a_key_that_a_mail_filter_lost_is_blamed_on_the_filter(wrapper: Wrapper) -> None:
    link = read(inside(wrapper, MEGA.partition("#")[0]))
    assert link.verdict == "KEY_CUT_BY_FILTER"
    assert not link.may_ask
    assert any(wrapper.label in each.text for each in link.findings)
    steps = offline(link).steps("iphone")
    assert any("chat" in step for step in steps)
    assert not steps[0].startswith("Copy")


def test_detours_inside_detours_are_undone_and_end() -> None:
    url = GOOD
    for _ in range(2):
        url = "https://www.google.com/url?url=" + quote(url, safe="")
    assert read(url).url == GOOD
    for _ in range(20):
        url = "https://www.google.com/url?url=" + quote(url, safe="")
    read(url)


@pytest.mark.parametrize("kind", expiries(), ids=lambda each: each.label)
def test_a_signed_address_tells_its_end(kind: object) -> None:
    for example in kind.examples:
        assert read(example).verdict == "EXPIRED_URL"
        early = recognise(example, now=dt.datetime(2023, 1, 1, tzinfo=dt.UTC))
        assert "EXPIRES_AT" in codes(early)
        assert early.may_ask


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "NOT_A_LINK"),
        ("   \n ", "NOT_A_LINK"),
        ("see you at the beach", "NOT_A_LINK"),
        ("ann@example.org", "NOT_A_LINK"),
        ("javascript:alert(1)", "NOT_A_LINK"),
        ("data:image/png;base64,AAAA", "NOT_A_LINK"),
        ("ftp://example.org/a.jpg", "NOT_A_LINK"),
        ("intent://x#Intent;end", "NOT_A_LINK"),
        ("file:///Users/ann/beach.jpg", "LOCAL_ONLY"),
        ("content://media/external/images/1", "LOCAL_ONLY"),
        ("blob:https://example.org/1", "LOCAL_ONLY"),
        ("smb://nas/photos", "LOCAL_ONLY"),
        ("C:\\Users\\ann\\beach.jpg", "LOCAL_ONLY"),
        ("/Users/ann/Pictures/beach.jpg", "LOCAL_ONLY"),
        ("localhost:8501/s/abc", "LOCAL_ONLY"),
        ("http://localhost/a", "LOCAL_ONLY"),
        ("http://192.168.1.5/photo", "LOCAL_ONLY"),
        ("192.168.1.5:5000/photo", "LOCAL_ONLY"),
        ("http://[::1]/a", "LOCAL_ONLY"),
        ("http://2130706433/", "LOCAL_ONLY"),
        ("http://0x7f000001/", "LOCAL_ONLY"),
        ("http://0177.0.0.1/", "LOCAL_ONLY"),
        ("http://nas.local/photo", "LOCAL_ONLY"),
        ("https://nas/photo", "LOCAL_ONLY"),
        ("https://box.tailnet.ts.net/share", "LOCAL_ONLY"),
        ("\\\\nas\\photos\\beach.jpg", "LOCAL_ONLY"),
        ("http://fritz.nas/photos", "LOCAL_ONLY"),
        ("https://192-168-178-15.name.direct.quickconnect.to:5001/photo/mo/sharing/AbC", "LOCAL_ONLY"),
        ("http://10.0.0.5.nip.io/album", "LOCAL_ONLY"),
        ("http://134744072/", "UNSAFE_URL"),
        ("https://ann:secret@drive.google.com/file/d/x", "UNSAFE_URL"),
        ("https://example.org:22/a", "UNSAFE_URL"),
        ("https://example.org/" + "a" * 9_000, "UNSAFE_URL"),
        ("https://drive.google.com/file/d/1abc...", "TRUNCATED"),
        ("https://photos.example.org/albums/sum…er-2025", "TRUNCATED"),
        ("https://www.dropbox.com/request/abcdefghijklmnopqrstu", "UPLOAD_REQUEST"),
        ("https://drive.google.com/drive/my-drive", "ACCOUNT_BOUND"),
    ],
)
def test_bad_input_has_words_and_is_never_asked(text: str, code: str) -> None:
    link = read(text)
    assert link.verdict == code
    assert all(each.text for each in link.findings)
    if code != "TRUNCATED":
        assert not link.may_ask


@pytest.mark.parametrize("text", ["https://photos.example.org/albums/1...", "https://photos.example.org/albums/1…"])
def test_dots_behind_a_link_are_a_hint_because_they_may_end_a_sentence(text: str) -> None:
    link = read(text)
    assert (link.url, link.verdict, link.may_ask) == ("https://photos.example.org/albums/1", "", True)
    assert [(each.code, each.sure) for each in link.findings] == [("TRUNCATED", False)]


@pytest.mark.parametrize("text", [GOOD[:55], GOOD.lower(), PHOTOS[:-2], PHOTOS.lower(), MEGA[:-1]])
def test_an_odd_id_is_a_hint_with_odds_and_is_still_opened(text: str) -> None:
    link = read(text)
    assert (link.verdict, link.may_ask) == ("", True)
    assert any(re.search(r"\d", each.text) for each in link.findings)
    assert offline(link).code == "LOOKS_ODD"


def test_a_message_gives_all_its_links_once_and_in_order() -> None:
    text = f"Hi! First {GOOD}, then {MEGA}\nand again {GOOD}. Bye"
    assert [each.url for each in recognise_all(text)] == [GOOD, MEGA]


def test_a_hundred_thousand_lines_stop_at_the_limit() -> None:
    text = "\n".join(f"https://example.org/photos/{number}" for number in range(100_000))
    assert len(list(recognise_all(text))) == MAX_LINKS


@pytest.mark.parametrize("letter", ["a", " ", "h", "https:", "(", "\u200b", "a.", "/", "%3A", "www."])
def test_ten_megabytes_of_anything_are_read_and_never_fetched(letter: str) -> None:
    text = letter * (10_000_000 // len(letter))
    assert len(text) > MAX_TEXT_CHARS
    assert {found.code for found in recognise(text).findings} & {"NOT_A_LINK", "UNSAFE_URL"}


def test_nothing_that_is_printed_holds_a_link() -> None:
    assert GOOD[30:60] not in repr(read(GOOD))
    assert MEGA.partition("#")[2] not in repr(read(MEGA))


def test_an_id_is_never_repaired() -> None:
    cut = GOOD.partition("/edit")[0][:-3]
    assert read(cut).url == cut
    assert read(cut).ids["id"] in GOOD
