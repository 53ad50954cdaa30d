"""The browsers inside chat apps, by the names they give themselves, and the hint that each gets."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Callable

import pytest

from lib.albums import LinkInfo, Share
from lib.recipients.bots import is_bot
from lib.recipients.in_app import TABLE, in_app_browser
from lib.recipients.translations import LANGUAGES, translation
from tests.albums.conftest import Door

MakeLink = Callable[..., LinkInfo]

_IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 19_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)"
_ANDROID = "Mozilla/5.0 (Linux; Android 16; Pixel 10 Build/BP1A; wv) AppleWebKit/537.36 (KHTML, like Gecko)"
_CHROME = "Version/4.0 Chrome/146.0.0.0 Mobile Safari/537.36"

AGENTS = [
    (f"{_IPHONE} Mobile/22B83 musical_ly_37.2.0 JsSdk/2.0 NetType/WIFI Channel/App Store ByteLocale/de", "tiktok"),
    (f"{_ANDROID} {_CHROME} trill_370202 JsSdk/1.0 AppName/trill BytedanceWebview/d8a21c6", "tiktok"),
    (f"{_IPHONE} Mobile/22B83 Instagram 391.0.0.27 (iPhone17,1; iOS 19_1; de_DE; scale=3.00)", "instagram"),
    (f"{_IPHONE} Mobile/22B83 [FBAN/FBIOS;FBAV/537.0.0.30;FBDV/iPhone17,1]", "facebook"),
    (f"{_ANDROID} {_CHROME} [FB_IAB/FB4A;FBAV/537.0.0.30;]", "facebook"),
    (f"{_IPHONE} Mobile/22B83 [FBAN/MessengerForiOS;FBAV/530.0.0.20]", "messenger"),
    (f"{_ANDROID} {_CHROME} MicroMessenger/8.0.60(0x28003c35) NetType/WIFI Language/zh_CN", "wechat"),
    (f"{_ANDROID} {_CHROME} WhatsApp/2.26.20.75", "whatsapp"),
    (f"{_ANDROID} {_CHROME} Line/15.20.0/IAB", "line"),
    (f"{_ANDROID} {_CHROME} Telegram-Android/12.2.3 (Google Pixel 10; Android 16; SDK 36; HIGH)", "telegram"),
    (f"{_IPHONE} Mobile/22B83 Snapchat/13.60.0.43 (like Safari/8622.1.0)", "snapchat"),
    (f"{_ANDROID} {_CHROME} Zalo android/2411 ZaloTheme/light", "zalo"),
    (f"{_IPHONE} Mobile/22B83 Viber/26.4.0", "viber"),
    (f"{_IPHONE} Mobile/22B83 Twitter for iPhone/11.40", "x"),
    (f"{_ANDROID} {_CHROME} TwitterAndroid", "x"),
    (f"{_IPHONE} Mobile/22B83 Discord/300.0", "discord"),
    (f"{_IPHONE} Version/19.1 Mobile/22B83 Safari/604.1", None),
    (f"{_ANDROID} Chrome/146.0.0.0 Mobile Safari/537.36", None),
    ("Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0", None),
    ("", None),
]


@pytest.mark.parametrize(("agent", "app"), AGENTS)
def test_an_apps_own_browser_is_known_by_its_name(agent: str, app: str | None) -> None:
    found = in_app_browser(agent)
    assert (found.id if found else None) == app
    assert not agent or not is_bot(agent), "a person, not a machine that draws previews"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("agent", [agent for agent, app in AGENTS if app])
def test_every_app_has_one_hint_in_every_language(language: str, agent: str) -> None:
    app = in_app_browser(agent)
    assert app is not None
    for hint in (app.save_hint(translation(language)), app.password_hint(translation(language))):
        assert app.label in hint
        assert "{" not in hint
        assert "  " not in hint
        assert app.saving == "hold" or app.sign in hint


def test_each_of_the_three_claims_of_a_row_has_a_source_of_its_own_or_says_that_none_was_found() -> None:
    with TABLE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            for claim in ("name", "saving", "place"):
                source, sure = row[f"{claim}_source"], row[f"{claim}_confidence"]
                assert source.startswith("https://") or (source, sure) == ("none found", "K")
                assert sure != "M" or dt.date.fromisoformat(row[f"{claim}_date"])
            assert dt.date.fromisoformat(row["as_of"])
            assert row["saving"] in {"hold", "outside"}


async def test_the_hint_stands_on_the_page_and_before_a_password(share: Share, door: Door, make_link: MakeLink) -> None:
    open_link, locked, kept = (
        make_link(share),
        make_link(share, password="three odd words"),
        make_link(share, allow_download=False),
    )
    inside = door.visitor(user_agent=AGENTS[0][0])
    assert "You are inside TikTok, where saving often fails." in (await inside.get(open_link.path)).text
    gate = (await inside.get(locked.path)).text
    assert gate.index("You are inside TikTok. You can type the password here") < gate.index("<input")
    assert "inside TikTok" not in (await inside.get(kept.path)).text, "nothing can be saved there"
    usual = door.visitor()
    for link in (open_link, locked):
        assert "You are inside" not in (await usual.get(link.path)).text
