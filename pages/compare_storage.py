"""Compare storage."""

import streamlit as st

st.title("Compare storage")
