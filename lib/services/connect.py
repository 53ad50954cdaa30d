"""Connect the host's own account once, in a terminal: `python -m lib connect dropbox` and `… connect google`.

What is printed belongs in `.streamlit/secrets.toml`. It opens that account, so it is printed to the terminal only.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Final

from lib.services.base import ProviderProblem
from lib.services.problems import KINDS, NotSetUp, SignInNeeded
from lib.settings import Settings

Ask = Callable[[str], str]
Say = Callable[[str], None]
PLACES: Final = {"dropbox": "dropbox", "google": "google_drive", "google-drive": "google_drive"}


def connect(
    which: str, settings: Settings, *, client_file: Path | None = None, ask: Ask = input, say: Say = print
) -> str:
    """Walk through connecting one account and return the lines for secrets.toml. Raises `ProviderProblem`."""
    flows = {"dropbox": _dropbox, "google_drive": _google}
    if which not in PLACES:
        raise NotSetUp(f"{which!r} cannot be connected.", fix="Say dropbox or google.")
    lines = flows[PLACES[which]](settings, client_file, ask, say)
    say("\nPut this under [passalong] in .streamlit/secrets.toml and keep that file to yourself:\n")
    say(lines)
    return lines


def _dropbox(settings: Settings, _: Path | None, ask: Ask, say: Say) -> str:
    """PKCE, no redirect: the person pastes the code that Dropbox shows."""
    import requests
    from dropbox import DropboxOAuth2FlowNoRedirect

    from lib.services.dropbox.description import SCOPES

    key = settings.dropbox_app_key or ask("The App key of your app (see lib/services/dropbox/setup.md): ").strip()
    if not key:
        raise NotSetUp("Without an App key there is nothing to connect.", fix="Follow lib/services/dropbox/setup.md.")
    flow = DropboxOAuth2FlowNoRedirect(
        key,
        use_pkce=True,
        token_access_type="offline",  # noqa: S106 - a kind of token, not one
        scope=list(SCOPES),
    )
    say(f"\n1. Open this page and sign in:\n\n   {flow.start()}\n\n2. Press Continue, then Allow.\n")
    code = ask("3. Paste the code that Dropbox shows: ").strip()
    try:
        result = flow.finish(code)
    except requests.HTTPError as error:
        raise SignInNeeded(
            "Dropbox did not take the code.", fix="Run the command again: a code works once and for a few minutes."
        ) from error
    except requests.RequestException as error:
        raise KINDS["ConnectionCut"]("Dropbox could not be reached.", fix="Check the network and try again.") from error
    _all_there(set(SCOPES), set((result.scope or "").split()), "Tick them under Permissions and press Submit first.")
    return f"dropbox_app_key = {json.dumps(key)}\ndropbox_refresh_token = {json.dumps(result.refresh_token)}"


def _google(_: Settings, client_file: Path | None, ask: Ask, say: Say) -> str:
    """PKCE through a page on this computer, which Google calls back."""
    from google_auth_oauthlib.flow import InstalledAppFlow
    from oauthlib.oauth2 import OAuth2Error  # type: ignore[import-untyped]

    from lib.services.google_drive.description import SCOPES

    path = client_file or Path(ask("The JSON file of your client (see lib/services/google_drive/setup.md): ").strip())
    try:
        flow = InstalledAppFlow.from_client_secrets_file(str(path), list(SCOPES))
    except (OSError, ValueError, AttributeError, KeyError) as error:
        raise NotSetUp(
            f"{path.name or 'The file'} is not the JSON file of a Google client.",
            fix="Download it again: Google Auth Platform, Clients, your Desktop client, Download JSON.",
        ) from error
    say("\nA browser opens. Sign in, tick the box about Google Drive, and press Continue.\n")
    try:
        found = flow.run_local_server(
            port=0, authorization_prompt_message="{url}\n", access_type="offline", prompt="consent"
        )
    except OAuth2Error as error:
        raise SignInNeeded("Google did not allow it.", fix="Run the command again and press Continue.") from error
    _all_there(set(SCOPES), set(found.scopes or ()), "Run the command again and tick the box about Google Drive.")
    kept = {
        "client_id": found.client_id, "client_secret": found.client_secret, "refresh_token": found.refresh_token,
        "type": "authorized_user",
    }  # fmt: skip
    return f"google_authorized_user = {json.dumps(json.dumps(kept))}"


def _all_there(needed: set[str], given: set[str], fix: str) -> None:
    missing = sorted(needed - given)
    if missing:
        problem: type[ProviderProblem] = KINDS["PermissionMissing"]
        raise problem(f"The sign-in lacks {', '.join(missing)}.", fix=fix)
