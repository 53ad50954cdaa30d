"""Requests that nobody would send, against every route beside the app: a minute in each run, an hour when asked.

`FUZZ_EXAMPLES=1000000 pytest tests/albums/test_fuzz.py` takes about an hour.
"""

from __future__ import annotations
