"""Widgets about providers: choose one, sign in, asked and granted, the guided way, and what a host has to do.

Pages use these; nothing here knows a provider's name.
"""

from lib.ui.providers.chooser import choose_provider
from lib.ui.providers.granted import asked_granted
from lib.ui.providers.guided import guided_panel
from lib.ui.providers.mend import mend_panel
from lib.ui.providers.setup import host_setup
from lib.ui.providers.sign_in import credentials_for, set_up, sign_in_ended, sign_in_panel
from lib.ui.providers.taking_back import show_taken, take_back_panel
from lib.ui.providers.verdict import stranger_verdict

__all__ = [
    "asked_granted",
    "choose_provider",
    "credentials_for",
    "guided_panel",
    "host_setup",
    "mend_panel",
    "set_up",
    "show_taken",
    "sign_in_ended",
    "sign_in_panel",
    "stranger_verdict",
    "take_back_panel",
]  # fmt: skip
