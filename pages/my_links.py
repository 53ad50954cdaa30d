"""My links."""

import streamlit as st

st.title("My links")
