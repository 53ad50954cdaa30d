"""Create a link."""

import streamlit as st

st.title("Create a link")
