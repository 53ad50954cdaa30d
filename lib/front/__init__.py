"""The front door: what leaves this server before and around the app's own pages.

Streamlit brings one page for all addresses, large files and large fonts, as they are. Here they get a name, a
description, a first look, the room that they need on the line, and the headers that guard them. Nothing here knows a
hashed name of Streamlit by heart: where its page or its files look otherwise, they leave as Streamlit wrote them.
"""

from lib.front.door import Front
from lib.front.pages import PAGES, AppPage

__all__ = ["PAGES", "AppPage", "Front"]
