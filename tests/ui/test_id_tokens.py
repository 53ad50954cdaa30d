"""Which ID tokens pass without a nonce."""

from __future__ import annotations

import pytest
from authlib.oidc.core.claims import CodeIDToken
from joserfc.errors import InvalidClaimError, MissingClaimError

from lib.ui.providers.id_tokens import accept_tokens_without_nonce


@pytest.mark.parametrize(
    ("claims", "refused"),
    [
        ({"iss": "https://www.dropbox.com"}, None),
        ({"iss": "https://www.dropbox.com", "nonce": "sent"}, None),
        ({"iss": "https://www.dropbox.com", "nonce": "another"}, InvalidClaimError),
        ({"iss": "https://accounts.google.com"}, MissingClaimError),
        ({"iss": "https://accounts.google.com", "nonce": "sent"}, None),
        ({}, MissingClaimError),
    ],
)
def test_only_an_issuer_known_for_it_may_leave_the_nonce_out(
    claims: dict[str, str], refused: type[Exception] | None
) -> None:
    accept_tokens_without_nonce()
    accept_tokens_without_nonce()  # twice is once
    token = CodeIDToken(claims, {}, {}, {"nonce": "sent"})
    if refused is None:
        token.validate_nonce()
    else:
        with pytest.raises(refused):
            token.validate_nonce()
