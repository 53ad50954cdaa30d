"""At the foot of a page: the languages, each by its own name."""

from __future__ import annotations

from html import escape
from urllib.parse import urlencode, urlsplit

import streamlit as st

from lib.front.language import choices
from lib.ui.text import language, say


def language_links() -> None:
    """Draw a link for every language. It brings the page again, with its address, in that language.

    Where a page ends with a button that is always in reach, they would stand between it and what it is about.
    """
    if not st.session_state["page.languages"]:
        return
    path = urlsplit(st.context.url or "/").path or "/"
    query = urlencode(st.query_params.to_dict())
    links = (
        f'<strong lang="{code}">{escape(name)}</strong>'
        if spoken
        else f'<a href="{escape(address)}" target="_self" lang="{code}" hreflang="{code}">{escape(name)}</a>'
        for code, name, address, spoken in choices(language(), f"{path}?{query}" if query else path)
    )
    st.html(f'<nav class="front-languages" aria-label="{escape(say("Language"))}">{"".join(links)}</nav>')
