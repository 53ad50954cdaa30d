"""The three pages draw, take any address, and say so when a table is broken."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from lib.ui.state import SLOTS

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def a_visitor(monkeypatch: pytest.MonkeyPatch) -> None:
    """Say who visits: `AppTest` has no browser that could bring a cookie."""
    monkeypatch.setattr("lib.ui.picker.through_server.state.owner", lambda: "visitor-of-the-page-tests-0001")
    monkeypatch.setattr("lib.ui.picker.through_server.signed_in", lambda: False)


def shell() -> None:
    """Draw the one page that a test wants, with all others beside it to lead to."""
    import streamlit as st

    from lib.front import PAGES
    from lib.settings import ROOT

    pages = [
        st.Page(
            ROOT / "pages" / one.file, url_path=one.path or "home", default=one.file == st.session_state["test.page"]
        )
        for one in PAGES
    ]
    st.navigation(pages, position="hidden").run()


def page(name: str, **address: str) -> AppTest:
    test = AppTest.from_function(shell, default_timeout=20)
    test.session_state["test.page"] = name
    for key, value in SLOTS.items():
        test.session_state[key] = value.copy() if isinstance(value, dict | list) else value
    for key, value in address.items():
        test.query_params[key] = value
    return test


TITLES = [
    ("guide.py", "Send photos by a link"),
    ("compare_storage.py", "Compare storage"),
    ("privacy_checklist.py", "Privacy checklist"),
]


@pytest.mark.parametrize(("name", "title"), TITLES)
def test_the_page_draws_under_its_title(name: str, title: str) -> None:
    drawn = page(name).run()
    assert [one.value for one in drawn.title] == [title]
    assert not drawn.exception


def shown(test: AppTest) -> str:
    kinds = (test.markdown, test.info, test.success, test.header, test.caption, test.error)
    return "\n".join(str(one.value) for kind in kinds for one in kind)


def test_the_answers_in_the_address_decide() -> None:
    test = page("guide.py", who="chat", count="few", keep="no", device="iphone").run()
    assert "**Attach them.** A message carries up to 9 photos" in shown(test)
    assert "0 of 3 steps done" in str([one.proto for one in test.get("progress")])
    assert [one.value for one in test.subheader][:3] == [
        "1. See what the photos reveal",
        "2. Attach and send",
        "3. Say what it is",
    ]


@pytest.mark.parametrize(
    "address",
    [
        {"q": "no-such-answer"},
        {"q": "<script>alert(1)</script>"},
        {"q": "x" * 5000},
        {"provider": "<img src=x>"},
        {
            "who": "nobody",
            "count": "-1",
            "device": "fridge",
            "route": "teleport",
            "read": "all",
            "step": "99",
            "concern": "aliens",
        },
        {"q": ""},
    ],
    ids="-".join,
)
def test_an_address_with_anything_in_it_still_draws_the_guide(address: dict[str, str]) -> None:
    test = page("guide.py", **address).run()
    assert not test.exception
    assert [one.value for one in test.title] == ["Send photos by a link"]
    assert "<script" not in shown(test)
    assert "<img" not in shown(test)
    if address.get("q"):
        assert "that your link names is not here" in shown(test)


@pytest.mark.parametrize("stale", [{"who": "chat"}, {"who": "chat", "count": "few"}])
def test_two_presses_in_a_row_are_both_kept(stale: dict[str, str]) -> None:
    """The second one comes with the address of before the first; the browser had no time to change it."""
    test = page("guide.py", who="chat", count="few").run()
    test.radio(key="guide.ask.keep").set_value("no").run()
    test.query_params.clear()
    test.query_params.update(stale)
    test.radio(key="guide.ask.device").set_value("iphone").run()
    assert test.session_state["guide.answers"] == {"who": "chat", "count": "few", "keep": "no", "device": "iphone"}
    assert dict(test.query_params)["keep"] == "no"  # and the address catches up


def test_going_back_in_the_browser_takes_an_answer_back() -> None:
    test = page("guide.py", who="chat").run()
    test.radio(key="guide.ask.count").set_value("few").run()
    test.query_params.clear()
    test.query_params["who"] = "chat"
    test.run()
    assert test.session_state["guide.answers"] == {"who": "chat"}


def test_an_address_chooses_the_provider_of_the_menu_words() -> None:
    test = page("guide.py", q="make-a-link", provider="dropbox", device="web").run()
    assert "**Open Dropbox and sign in**" in shown(test)
    assert "click **Upload**, choose your photos" in shown(test)
    assert "Point at the file or folder and click **Share**." in shown(test)
    assert "page of 18 June 2025, read on 21 November 2026" in shown(test)


def test_a_device_without_known_words_says_so_and_where_they_are_known() -> None:
    test = page("guide.py", q="make-a-link", provider="flickr", device="android").run()
    assert "We do not know the menu words of Flickr on this device. We know them for: Computer." in shown(test)


@pytest.mark.parametrize("typed", ["<b>bold</b><script>alert(1)</script>", "[x](javascript:alert(1))", "\\0", "%00"])
def test_the_search_box_never_repeats_what_was_typed(typed: str) -> None:
    test = page("guide.py").run()
    test.text_input(key="guide.search").input(typed).run()
    assert not test.exception
    assert typed not in shown(test)


def test_every_answer_has_an_address_of_its_own() -> None:
    from lib.guide.search import entries

    for one in entries()[::5]:
        test = page("guide.py", q=one.id).run()
        assert not test.exception
        assert one.title in shown(test)


def test_wishes_lead_to_a_ranking_with_reasons() -> None:
    test = page("compare_storage.py").run()
    test.checkbox(key="compare.need.e2ee").check()
    test.checkbox(key="compare.need.password").check().run()
    assert not test.exception
    assert "### 1. Proton Drive" in shown(test)
    assert "End-to-end encrypted: the provider cannot see your photos." in shown(test)


def test_the_evidence_of_other_pages_ticks_an_item() -> None:
    test = page("privacy_checklist.py")
    test.session_state["checklist.evidence"] = {"expiry_set": "Your link ends on 21 December 2026."}
    test.run()
    box = test.checkbox(key="checklist.tick.expiry")
    assert box.value
    assert box.disabled
    assert "Your link ends on 21 December 2026." in [one.value for one in test.text]


@pytest.mark.parametrize(
    ("address", "title"),
    [
        ({"q": "virus"}, "Can a photo or a link give me a virus? · Passalong"),
        ({"route": "link"}, "Send a link · Passalong"),
        ({"concern": "threats"}, "Stop. Do not pay, and do not send anything more · Passalong"),
        ({}, None),
    ],
    ids=str,
)
def test_the_tab_is_named_after_what_is_on_screen(
    address: dict[str, str], title: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    named: list[str] = []
    monkeypatch.setattr("streamlit.set_page_config", lambda *, page_title: named.append(page_title))
    assert not page("guide.py", **address).run().exception
    assert named == ([title] if title else [])


def test_who_is_young_is_asked_before_the_answer_and_the_answer_says_so() -> None:
    test = page("guide.py", who="new", count="few", keep="no", device="iphone").run()
    told = shown(test)
    assert "Is one of you under 18?** Say so first." in told
    assert "your school or your home" in told
    assert "Is one of you under 18?" in [one.label for one in test.radio]


def test_originals_by_chat_are_shown_step_by_step_for_both_apps_and_say_what_to_know() -> None:
    told = shown(page("guide.py", q="as-a-file", device="android").run())
    for words in ("**In WhatsApp**", "**In Telegram**", "then **Document**", "Tap **File**", "No link comes out of it"):
        assert words in told
    assert "check the link here" not in told


def test_a_provider_that_surprises_people_says_so_before_its_menus() -> None:
    told = shown(page("guide.py", route="link", provider="imgur").run())
    assert "**Imgur:** Blocked in the United Kingdom" in told


@pytest.mark.parametrize(
    "address",
    [
        {"concern": "threats"},
        {"concern": "threats", "route": "link"},
        {"who": "new", "age": "child"},
        {"who": "new", "age": "child", "route": "link", "device": "iphone"},
    ],
    ids=str,
)
def test_beside_a_stop_stands_no_way_to_send_something(address: dict[str, str]) -> None:
    """Must not happen: who is told to stop reads a way to a stranger below it, by whatever address they came."""
    test = page("guide.py", **address).run()
    drawn = shown(test)
    assert "Who helps" in "\n".join(one.value for one in test.subheader)
    assert "The four ways" not in drawn
    assert "The other ways" not in drawn
    assert not test.get("progress")


def test_who_comes_for_a_way_reads_it_without_being_asked_again_but_is_still_asked_whether_to_stop() -> None:
    test = page("guide.py", route="link", device="android", provider="dropbox").run()
    assert "Send a link" in shown(test)
    assert [one.label for one in test.radio] == ["Device"]
    assert any("is it one of these" in one.proto.label for one in test.get("button_group"))
    (ask,) = (one for one in test.button if one.label == "Which way fits?")
    ask.click().run()
    assert "Who are the photos for" in str([one.label for one in test.radio])
