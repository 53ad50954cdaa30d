"""When not to send: what not to do, why, what to do now, and who helps."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from lib.facts import HelpLine
from lib.guide.content import Stop
from lib.guide.helpers import countries, helpers
from lib.ui.guide.evidence import sources, told
from lib.ui.text import language, say

ANYWHERE = "Another country"


def show_stop(stop: Stop, age: str) -> None:
    """Draw a stop. `age` is the answer to the question of age, or empty."""
    lines = [told(line) for line in (stop.why, *stop.do)]
    st.error(f"**{say(stop.title)}.** {lines[0].text}", icon=":material/front_hand:")
    st.markdown("\n".join(f"{number}. {line.text}" for number, line in enumerate(lines[1:], 1)))
    with st.container(key="guide-help"):
        st.subheader(say("Who helps"), anchor=False)
        st.selectbox(say("Where do you live?"), [ANYWHERE, *countries()], key="guide.country", format_func=_country)
        country = st.session_state["guide.country"] or ANYWHERE
        _lines(helpers(stop.topics, "" if country == ANYWHERE else country, age))
    sources((one for line in lines for one in line.facts), f"guide-{stop.id}-sources")


def _lines(lines: Sequence[HelpLine]) -> None:
    for line in lines:
        where = f" · {_country(line.country)}" if line.country else ""
        phone = f" · {say('call {number}', number=f'**{line.phone}**')}" if line.phone else ""
        st.markdown(
            f"**[{line.name}]({line.address})**{where}{phone}  \n{say(line.what)}  \n"
            f":small[{say(line.confidence.text)} · {say(line.when)} · [{say('source')}](<{line.source}>)]"
        )
    st.caption(say("In danger right now? Call the police or the emergency number of your country."))


def _country(name: str) -> str:
    """Return a country's name in the visitor's language, as CLDR has it."""
    if name == ANYWHERE:
        return say("Another country")
    from babel import Locale

    spoken = Locale.parse(language()).territories
    code = next((code for code, english in Locale.parse("en").territories.items() if english == name), "")
    return str(spoken.get(code, name))
