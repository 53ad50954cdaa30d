"""When not to send: what not to do, why, what to do now, and who helps."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from lib.facts import HelpLine
from lib.guide.content import Stop
from lib.guide.helpers import countries, helpers
from lib.guide.template import fill
from lib.ui.guide.evidence import sources

ANYWHERE = "Another country"


def show_stop(stop: Stop, age: str) -> None:
    """Draw a stop. `age` is the answer to the question of age, or empty."""
    told = [fill(line) for line in (stop.why, *stop.do)]
    st.error(f"**{stop.title}.** {told[0].text}", icon=":material/front_hand:")
    st.markdown("\n".join(f"{number}. {line.text}" for number, line in enumerate(told[1:], 1)))
    with st.container(key="guide-help"):
        st.subheader("Who helps", anchor=False)
        st.selectbox("Where do you live?", [ANYWHERE, *countries()], key="guide.country")
        country = st.session_state["guide.country"] or ANYWHERE
        _lines(helpers(stop.topics, "" if country == ANYWHERE else country, age))
    sources((one for line in told for one in line.facts), f"guide-{stop.id}-sources")


def _lines(lines: Sequence[HelpLine]) -> None:
    for line in lines:
        where = f" · {line.country}" if line.country else ""
        phone = f" · call **{line.phone}**" if line.phone else ""
        st.markdown(
            f"**[{line.name}]({line.address})**{where}{phone}  \n{line.what}  \n"
            f":small[{line.confidence.text} · {line.when} · [source](<{line.source}>)]"
        )
    st.caption("In danger right now? Call the police or the emergency number of your country.")
