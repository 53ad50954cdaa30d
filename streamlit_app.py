"""Passalong: `streamlit run streamlit_app.py` serves the app and its share pages on one port."""

import streamlit as st

from lib.share.routes import lifespan, middleware, routes

app = st.App("lib/ui/shell.py", routes=routes(), middleware=middleware(), lifespan=lifespan)
