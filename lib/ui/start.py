"""What happens once, when the app starts: the host is told what is wrong, and everything heavy is loaded."""

from __future__ import annotations

import gc
import importlib
import logging
import pkgutil
import threading
from typing import Final

from streamlit import config

import lib.ui
from lib.facts import table_problems
from lib.guide.content import content_problems
from lib.services.access import is_this_computer
from lib.services.reader import services
from lib.settings import settings
from lib.tunnels.nearby import nearby
from lib.ui.visit import bound_address

_log = logging.getLogger("passalong")

# What Streamlit and our pages load at their first use. Here nobody waits for it.
_HEAVY: Final = (
    "streamlit.dataframe_util", "streamlit.elements.lib.column_types", "streamlit.components.v2", "pandas", "altair",
)  # fmt: skip


def tell_host() -> None:
    """Look through services, fact tables and the guide's words, beside the start, and log what cannot be trusted.

    A service whose files are wrong is left out; a broken table stops the pages that need it, with the same
    words; everything else works.
    """
    threading.Thread(target=_look, name="passalong-tables", daemon=True).start()


def be_found_nearby() -> None:
    """Give this computer a name in its network, where others of it may reach the app at all."""
    if settings().public_url is None and not is_this_computer(bound_address()):
        nearby.start(settings().nearby_name, int(config.get_option("server.port")))


def load_ahead() -> None:
    """Load what pages need before the first visitor comes, and keep Streamlit's garbage collection away from it.

    After each run of a page Streamlit collects garbage of the whole process. Modules, classes and tables are never
    garbage: frozen, they are skipped, and a tap costs a tenth of the time. Collecting stays on.
    """
    for module in pkgutil.walk_packages(lib.ui.__path__, "lib.ui."):
        if module.name != "lib.ui.shell":  # that one draws
            importlib.import_module(module.name)
    for name in _HEAVY:
        importlib.import_module(name)
    table_problems()
    content_problems()
    gc.collect()
    gc.freeze()


def _look() -> None:
    for problem in (*services().left_out, *table_problems(), *content_problems()):
        _log.warning("%s: %s %s", problem.title, problem, problem.fix)
