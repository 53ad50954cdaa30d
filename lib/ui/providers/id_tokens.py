"""One accommodation in the sign-in: ID tokens of Dropbox come without the nonce that was sent.

Authlib refuses such a token, and Streamlit has no setting for it. PKCE and `state` go on protecting the exchange (RFC
9700, 2.1.1: with PKCE a client may rely on it instead of the nonce); a nonce that is there has to be the right one.
Reported in openid/AppAuth-iOS#824 and openiddict/openiddict-core#1713, both read on 2026-11-21.
"""

from __future__ import annotations

from typing import Any

from streamlit.auth_util import get_secrets_auth_section

from lib.services.registry import issuers_without_nonce


def prepare_sign_in() -> None:
    """Do what signing in needs, where the host has set it up. Call once, before the app serves."""
    if get_secrets_auth_section():  # otherwise Authlib is not even imported: a tenth of a second at start
        accept_tokens_without_nonce()


def accept_tokens_without_nonce() -> None:
    """Let the ID tokens of those issuers pass without a nonce."""
    from authlib.oidc.core.claims import IDToken

    if getattr(IDToken.validate_nonce, "passalong", False):
        return
    strictly = IDToken.validate_nonce
    issuers = issuers_without_nonce()

    def validate_nonce(self: Any) -> None:
        if "nonce" in self or self.get("iss") not in issuers:
            strictly(self)

    validate_nonce.passalong = True  # type: ignore[attr-defined]
    IDToken.validate_nonce = validate_nonce
