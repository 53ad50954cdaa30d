"""What the law asks of a host when somebody reports a picture, what to keep of it, and how to answer."""

from __future__ import annotations

from typing import Final

import streamlit as st

from lib.hosting.duties import duties
from lib.text.later import later
from lib.ui.text import say

_STEPS: Final = (
    later(
        "**Intimate pictures first.** Take the link back when you are not sure: nobody is harmed by a photo that is "
        "gone, and the sender still has it."
    ),
    later(
        "**Is it a child?** Do not copy or send the picture. First note what an authority asks for: the time, the "
        "words of the report and the name of the album. Then take the link back, which deletes the photos."
    ),
    later(
        "**Note the number:** when the report came, when you acted and what you did. Nothing about who visited: that "
        "is not kept."
    ),
    later(
        "**Answer** only if they left a way in their words: thank them, say what is gone since when, and where they "
        "get help."
    ),
)


def show_answering() -> None:
    """Draw the duties with their sources, and the steps of dealing with a report."""
    st.header(say("When something was reported"), anchor=False)
    st.markdown("\n".join(f"{n}. {say(step)}" for n, step in enumerate(_STEPS, 1)))
    with st.expander(say("What the law asks, as far as we know it"), icon=":material/gavel:", key="host.law"):
        st.caption(say("This is no legal advice, and other countries have other rules."))
        for duty in duties():
            st.markdown(
                f"{say(duty.text)}  \n:small[{say(duty.standing)} · {say(duty.when)} · "
                f"[{say('source')}](<{duty.source}>)]"
            )
