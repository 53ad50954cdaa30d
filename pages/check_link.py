"""Paste links and learn whether a stranger can open them, why not, and which taps mend it."""

import streamlit as st

from lib.ui import uploads
from lib.ui.check import asking, cards, finder, lists
from lib.ui.providers import mend_panel
from lib.ui.text import say

st.title(say("Check a link"), anchor=False)
st.markdown(say("Will they be able to open it? Paste the link, or the whole message. You learn what they will see."))

text = st.text_area(
    say("Link or message"),
    key="check.text",
    on_change=asking.shorten,
    height=110,
    placeholder=say("https://photos.app.goo.gl/…"),
    help=say("One link, many lines, or a whole message with links in it."),
)
with st.expander(say("Many links? Use a file"), icon=":material/table_rows:", key="check.file_open"):
    file = uploads.file_uploader(say("Text or CSV file with links"), type=["csv", "txt", "tsv"], max_upload_size=5)
links = asking.links_of(text, file)
for limit in asking.limits_met(text, links):
    st.info(limit, icon=":material/info:")
controls = st.container()
links = lists.keep(links) if links else []

phase = st.session_state["check.phase"]
to_ask = [link for link in links if link.may_ask]
unasked = [link for link in to_ask if link.url not in asking.results()]
with controls:
    button = st.empty()
    if phase == "asking":
        button.button(say("Stop"), icon=":material/stop_circle:", on_click=asking.stop, width="stretch")
    elif phase == "stopped" and unasked and len(unasked) < len(to_ask):
        button.button(
            say("Go on"), type="primary", icon=":material/play_arrow:", on_click=asking.go_on, width="stretch"
        )
    else:
        button.button(
            say("Check"), type="primary", icon=":material/stethoscope:", on_click=asking.start, width="stretch"
        )
    admitted = phase != "asking" or not links or asking.admitted()
    st.caption(say("Links are opened from this server without any account. They are not kept and not logged."))
    if not links and phase == "asking":
        st.info(say("There is nothing to check yet: paste a link above."), icon=":material/content_paste:")
        st.session_state["check.phase"] = ""

if links:
    device = st.radio(
        say("Show the steps for"),
        list(cards.DEVICES),
        format_func=lambda one: say(cards.DEVICES[one]),
        key="check.device",
        horizontal=True,
    )
    results = [asking.result_of(link) for link in links]
    many = len(links) > lists.ON_ONE_PAGE // 2
    progress = st.container()
    shown = lists.choose(results) if many else range(len(links))
    slots = {}
    drawn: set[int] = set()
    for place in shown:
        slots[place] = st.empty()

    def show(place: int, result: cards.Result) -> None:
        """Draw one card in its place."""
        if place not in slots:
            return
        waiting = phase == "asking" and admitted and links[place] in unasked and not result["checked_at"]
        if many:
            line, icon = cards.short(result, place + 1)
            key = None if place in drawn else f"check.card.{place}"  # one run may draw a card twice, but not its key
            drawn.add(place)
            with slots[place].expander(line, icon=icon, key=key):
                cards.card(result, device, waiting=waiting)
        else:
            with slots[place].container(border=True):
                cards.card(result, device, waiting=waiting)

    for place in shown:
        show(place, results[place])
    if phase == "asking" and admitted:
        with progress:
            asking.ask(links, show)
        st.rerun()
    if len(links) == 1 and results[0]["opens"] is False and (mended := mend_panel(links[0].url, "check.mend_button")):
        st.success(say("Anyone with this link can open it now. Press Check to look again."), icon=":material/build:")
        st.code(mended.url, language=None, wrap_lines=True)
    if len(results) > 1:
        lists.take_away(results)

st.header(say("It does not work for them?"), anchor=False)
st.markdown(say("Type what they tell you, or what their screen says. You do not need the link for that."))
finder.find_symptom({asking.result_of(link)["verdict"] for link in links}, asking.start if unasked else None)
