"""Secrets of the share host: tokens of links, hashes of owners, signed tickets and unlock cookies.

A link's token is never stored. It is derived from the link's id and the host's secret key, so that its owner can be
shown the link again, and the index keeps only its hash: a stolen copy of the database opens nothing.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from cryptography.fernet import Fernet, InvalidToken
from itsdangerous import BadSignature, URLSafeTimedSerializer

from lib.settings import Settings

TOKEN_CHARS: Final = 22  # 132 bits
CODE_ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford: no I, L, O, U to confuse
CODE_GROUPS: Final = 5  # of four letters: 100 bits
_MISREAD: Final = str.maketrans({"I": "1", "L": "1", "O": "0", "U": "V"})


def new_id() -> str:
    """Return a fresh unguessable id (132 bits)."""
    return secrets.token_urlsafe(17)[:TOKEN_CHARS]


def hashed(secret: str) -> str:
    """Return the hash under which the index knows a secret. Secrets here hold 100 bits and more: no salt is needed."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def new_code() -> str:
    """Return a fresh recovery code, to be written down: five groups of four letters and digits."""
    groups = ("".join(secrets.choice(CODE_ALPHABET) for _ in range(4)) for _ in range(CODE_GROUPS))
    return "-".join(groups)


def normalised_code(typed: str) -> str:
    """Return a typed recovery code in its one form: no spaces, capitals, letters that are easily misread mended."""
    return "".join(c for c in typed.upper() if c.isascii() and c.isalnum()).translate(_MISREAD)


@dataclass(frozen=True)
class Keys:
    """Everything that follows from the host's one secret key."""

    secret: bytes = field(repr=False)

    def _derive(self, purpose: str, what: str = "") -> bytes:
        return hmac.new(self.secret, f"{purpose}\0{what}".encode(), hashlib.sha256).digest()

    def token(self, link_id: str) -> str:
        """Return the token in a link's address."""
        return base64.urlsafe_b64encode(self._derive("link", link_id)).decode()[:TOKEN_CHARS]

    def path(self, link_id: str) -> str:
        """Return the path of a link's page: a secret."""
        return f"/s/{self.token(link_id)}"

    def account_owner(self, subject: str) -> str:
        """Return the owner secret of a signed-in person, the same on every device."""
        return base64.urlsafe_b64encode(self._derive("account", subject)).decode().rstrip("=")

    @staticmethod
    def same(given: str, wanted: str) -> bool:
        """Compare two secrets without telling by the time where they differ."""
        return hmac.compare_digest(given.encode("utf-8", "surrogatepass"), wanted.encode())

    def box(self, text: str) -> str:
        """Encrypt a text for the index."""
        return self._fernet().encrypt(text.encode()).decode()

    def unbox(self, boxed: str) -> str | None:
        """Decrypt a text of the index; None when it was made with another key."""
        try:
            return self._fernet().decrypt(boxed.encode()).decode()
        except InvalidToken:
            return None

    def _fernet(self) -> Fernet:
        return Fernet(base64.urlsafe_b64encode(self._derive("box")))

    def sign(self, purpose: str, value: list[str | int]) -> str:
        """Sign a small value with the time; `read` gives it back within its life."""
        return self._signer(purpose).dumps(value)

    def read(self, purpose: str, signed: str, max_age_s: float) -> list[str | int] | None:
        """Return a value signed for this purpose, or None when it is forged or too old."""
        try:
            value = self._signer(purpose).loads(signed, max_age=int(max_age_s))
        except BadSignature:
            return None
        return value if isinstance(value, list) else None

    def _signer(self, purpose: str) -> URLSafeTimedSerializer:
        return URLSafeTimedSerializer(
            self._derive("sign", purpose), salt=purpose, signer_kwargs={"digest_method": hashlib.sha256}
        )


def open_keys(settings: Settings) -> Keys:
    """Return the keys of this host; without a setting, the secret is made once in the data folder."""
    if settings.secret_key is not None:
        return Keys(hashlib.sha256(settings.secret_key.get_secret_value().encode()).digest())
    return Keys(_secret_of(settings.data_dir / "secret.key"))


def _secret_of(path: Path) -> bytes:
    """Read the secret, or make it. Two processes that start at once end with the same one."""
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        fresh = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_hex(32))
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(fresh, path)  # fails where another process was first, which is just as good
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return bytes.fromhex(path.read_text().strip())
