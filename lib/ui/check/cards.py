"""One card for each link: the verdict, what they will see, who can mend it and how, and what was seen."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any, Final

import streamlit as st

from lib.links.check import limits
from lib.settings import ROOT
from lib.text.later import later
from lib.ui.text import say

Result = dict[str, Any]

DEVICES: Final = {"iphone": "iPhone", "android": "Android", "web": later("Web")}
CONFIDENCES: Final = {
    "firm": later("We are sure of this."),
    "likely": later("This is likely, not certain."),
    "unsure": later("We are not sure of this."),
}
_SCREENSHOT: Final = 240  # pixels: the layout can be seen, and a phone has room
_SHOWN: Final = 12  # characters of a link's code: enough to compare, too few to open it
_HOW: Final = {
    "redirect": later("where it leads"),
    "api": later("what the service told us"),
    "status": later("the server's answer"),
    "structure": later("the page"),
    "text": later("words on the page"),
    "text of the link": later("the text of the link"),
    "connection": later("the connection"),
    "age": later("our own rules"),
}
# Where Markdown would begin a link by itself; a word joiner behind it, which nobody sees, keeps it from that.
_LINKS_ITSELF: Final = re.compile(r"www(?=\.)|https?:(?=/)|[\w.+-](?=@)", re.IGNORECASE)
_BOXES: Final = {"green": st.success, "red": st.error, "orange": st.warning}
_MARKS: Final = {
    "green": ":material/check_circle:", "red": ":material/cancel:", "orange": ":material/warning:",
}  # fmt: skip


def card(result: Result, device: str | None, *, waiting: bool = False) -> None:
    """Show everything known about one link."""
    _BOXES.get(result["colour"], st.info)(f"**{_escaped(say(result['line']))}**", icon=result["icon"])
    _about(result, waiting=waiting)
    for text in dict.fromkeys(each["text"] for each in result["findings"] if each["code"] == result["verdict"]):
        st.markdown(f":material/info: {_escaped(say(text))}")
    if result["repaired"]:
        _repaired(result)
    for hint in result["hints"]:
        st.markdown(f":material/lightbulb: {_escaped(say(hint))}")
    if result["verdict"] in {"NOT_CHECKED", "LOOKS_ODD"}:
        return
    st.markdown(f":material/visibility: **{say('They will see:')}** {_escaped(say(result['sees']))}")
    if result["causes"]:
        causes = (_escaped(say(each["cause"])) for each in result["causes"])
        listed = "\n".join(f"{number}. {cause}" for number, cause in enumerate(causes, 1))
        title = say("Possible causes, the most likely first:")
        st.markdown(f":material/troubleshoot: **{title}**\n\n{listed}")
    if result["opens"] and result["photo"]:
        _photo(result["photo"])
    if result["screenshot"]:
        st.image(
            result["screenshot"],
            caption=say("What a stranger's browser showed"),
            alt=say("Picture of the page as a stranger's browser showed it"),
            width=_SCREENSHOT,
        )
    if result["note"]:
        st.markdown(f":material/info: {_escaped(say(result['note']))}")
    _steps(result, device or "web")
    _in_app(result)
    _evidence(result)


def short(result: Result, number: int) -> tuple[str, str]:
    """Return a card's one line in a long list, and its icon."""
    mark = _MARKS.get(result["colour"], ":material/help:")
    return f"{number}. {_escaped(say(result['line']))} {_escaped(name(result['url'] or result['written']))}", mark


def name(link: str) -> str:
    """Return what tells a link from others without showing all of it: its host, and the end of its longest part."""
    host, _, rest = link.partition("://")[2].partition("/") if "://" in link else ("", "", link)
    longest = rest if len(rest) <= _SHOWN else max(re.split(r"[/?&=#!]", rest), key=len)
    end = longest if len(longest) <= _SHOWN else f"…{longest[-_SHOWN:]}"
    return f"{host.removeprefix('www.')}/{end}" if host else end


def _escaped(text: str) -> str:
    """Keep a text from being read as Markdown, and an address in it (a title may hold one) from becoming a link."""
    text = _LINKS_ITSELF.sub("\\g<0>\u2060", text)
    return "".join(f"\\{letter}" if letter in "\\`*_{}[]<>#|$~:" else letter for letter in text)


def _about(result: Result, *, waiting: bool) -> None:
    facts = result["facts"]
    about = [name(result["url"])] if result["url"] else []
    about += [result["label"] or say("No service"), say(result["kind"])]
    about += [f"“{facts[fact]}”" for fact in ("title", "name") if facts.get(fact)][:1]
    if facts.get("count", "").isdigit() and result["opens"]:
        n = int(facts["count"])
        about.append(
            say.counted("{n} item or more", "{n} items or more", n)
            if facts.get("more")
            else say.counted("{n} item", "{n} items", n)
        )
    if result["checked_at"]:
        about.append(say(CONFIDENCES[result["confidence"]]))
    st.caption(" · ".join(_escaped(each) for each in about if each))
    if result.get("led_to"):
        leads = say("It leads to {link}", link=_escaped(name(result["led_to"])))
        st.caption(f":material/shortcut: {leads}")
    if waiting:
        st.caption(f":material/hourglass_top: {say('Opening it now…')}")


def _repaired(result: Result) -> None:
    text = " ".join(say(each["text"]) for each in result["findings"] if each["code"] == "REPAIRED")
    st.info(f"**{say('We removed what was stuck to the link.')}** {_escaped(text)}", icon=":material/healing:")
    if result["opens"] is False:  # nothing that is worth sending
        return
    left, right = st.columns(2)
    with left:
        st.caption(say("The link itself: send this one"))
        st.code(result["url"], language=None, wrap_lines=True)
    with right:
        st.caption(say("As you pasted it"))
        st.code(result["written"], language=None, wrap_lines=True)


def _steps(result: Result, device: str) -> None:
    steps = result["steps"].get(device) or []
    if not steps or result["colour"] == "green":
        if result["colour"] == "green" and not (result["photo"] or {}).get("private"):
            st.markdown(f":material/thumb_up: {say('Nothing to mend.')}")
        return
    st.markdown(f":material/build: **{say(result['who'])}**")
    st.markdown("\n".join(f"{number}. {_escaped(say(step))}" for number, step in enumerate(steps, 1)))


def _photo(photo: Result) -> None:
    if photo["preview"]:
        seen = say("What they get to see, made small by this app")
        st.image(photo["preview"], caption=seen, alt=say("Preview of the photo behind the link"), width=270)
    slow = limits()["slow_4g"]
    told = {
        "kind": photo["kind"], "size": say.size(photo["size_bytes"]), "n": f"{photo['seconds_slow']:g}",
        "line": say(slow["label"]),
    }  # fmt: skip
    served = (
        say("{kind}, {size}: about {n} seconds on {line}. It is the file as it was uploaded.", **told)
        if photo["original"]
        else say("{kind}, {size}: about {n} seconds on {line}. It is a smaller copy made by the service.", **told)
    )
    st.markdown(f":material/image: {served}")
    if photo["private"]:
        listed = "\n".join(f"- {_escaped(each)}" for each in photo["private"][:12])
        st.warning(
            f"**{say('Private data is still inside this photo.')}** {say('Whoever saves it can read:')}\n\n{listed}\n\n"
            + say("Clean the photo with this app, then share the clean one."),
            icon=":material/location_on:",
        )
        st.page_link(ROOT / "pages" / "create_link.py", label=say("Make a clean link"), icon=":material/add_link:")
        if photo["metadata"].get("place"):
            place = photo["metadata"]["place"]
            near = say("It was taken near {place}.", place=_escaped(str(place.get("name", ""))))
            st.markdown(f":material/map: {near}")
    elif photo["looked_inside"] and photo["original"]:
        st.markdown(f":material/shield: {say('No private data was found inside the photo.')}")


def _in_app(result: Result) -> None:
    views = result["in_app"]
    if not views:
        return
    differs = any(view["differs"] for view in views)
    with st.expander(say("As TikTok's browser sees it"), icon=":material/smartphone:", expanded=differs):
        for view in views:
            mark = f":material/difference: **{say('Different:')}** " if view["differs"] else ""
            st.markdown(f"- **{_escaped(view['browser'])}.** {mark}{_escaped(say(view['line']))}")
        if differs:
            st.markdown(say("Tell them: open it in Safari or Chrome, with the dots at the corner."))
        if result["verdict"] in {"NEEDS_SIGNIN", "NEEDS_REQUEST", "ORG_ONLY"}:
            st.markdown(
                say(
                    "Inside TikTok's browser nobody is signed in, and sign-in pages refuse to work there. So "
                    "“it works in my Chrome” does not mean that it works for them."
                )
            )
        st.caption(
            say("Simulated: only the words by which that browser names itself, without its scripts and storage.")
        )


def _evidence(result: Result) -> None:
    with st.expander(say("What was seen"), icon=":material/search:"):
        for seen in result["evidence"]:
            status = f", {say('status {n}', n=seen['status'])}" if seen["status"] else ""
            where = f" ({_escaped(seen['host'])}{status})" if seen["host"] else ""
            st.markdown(f"- {_escaped(say(seen['text']))} *{say(_HOW.get(seen['basis'], seen['basis']))}*{where}")
        if result["checked_at"]:
            st.caption(
                say(CONFIDENCES[result["confidence"]])
                + " "
                + say(
                    "Looked at on {moment}, with {n} requests and without any account. Code: {code}",
                    moment=say.moment(datetime.fromisoformat(result["checked_at"])),
                    n=result["requests"],
                    code=result["verdict"],
                )
            )
        else:
            st.caption(say("From the text of the link alone; nobody was asked. Code: {code}", code=result["verdict"]))
