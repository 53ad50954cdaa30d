"""Secrets of the share host: tokens of links, hashes of owners, signed tickets and unlock cookies.

A link's token is never stored. It is derived from the link's id and the host's secret key, so that its owner can be
shown the link again, and the index keeps only its hash: a stolen copy of the database opens nothing.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import ipaddress
import os
import re
import secrets
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from cryptography.fernet import Fernet, InvalidToken
from itsdangerous import BadSignature, URLSafeTimedSerializer
from pydantic import SecretStr

from lib.albums.guesses import network
from lib.albums.problems import KeyBroken, KeyLost
from lib.settings import Settings

KEY_BYTES: Final = 32  # of the secret in it, written as hexadecimal digits
KEY_FILE: Final = "secret.key"
OLD_KEY_FILE: Final = "secret.old.key"  # the previous one, after a rotation
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
    older: tuple[Keys, ...] = ()  # of earlier keys: what they made goes on working

    @property
    def mark(self) -> str:
        """What the index keeps to tell this key from another one; it opens nothing."""
        return self._derive("mark").hex()[:32]

    def _derive(self, purpose: str, what: str = "") -> bytes:
        return hmac.new(self.secret, f"{purpose}\0{what}".encode(), hashlib.sha256).digest()

    def token(self, link_id: str) -> str:
        """Return the token in a link's address."""
        return base64.urlsafe_b64encode(self._derive("link", link_id)).decode()[:TOKEN_CHARS]

    def path(self, link_id: str, token_hash: str) -> str:
        """Return the path of a link's page: a secret. Empty where the link was made with a key that is lost."""
        for keys in (self, *self.older):
            token = keys.token(link_id)
            if hashed(token) == token_hash:
                return f"/s/{token}"
        return ""

    def account_owner(self, subject: str) -> str:
        """Return the owner secret of a signed-in person, the same on every device."""
        return base64.urlsafe_b64encode(self._derive("account", subject)).decode().rstrip("=")

    def hash_of(self, purpose: str, what: str) -> str:
        """Return a hash, in hexadecimal digits, that nobody without the key can make or try out."""
        return self._derive(purpose, what).hex()

    def network_mark(self, address: str) -> str | None:
        """Return the keyed hash under which the index counts a network; None for an address that tells nothing.

        What comes from this computer, or from inside its own network, may be a proxy through which everybody comes.
        """
        try:
            found = ipaddress.ip_address(address.partition("%")[0])
        except ValueError:
            return None
        if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped is not None:
            found = found.ipv4_mapped
        return self.hash_of("network", network(address))[:32] if found.is_global else None

    @staticmethod
    def same(given: str, wanted: str) -> bool:
        """Compare two secrets without telling by the time where they differ."""
        return hmac.compare_digest(given.encode("utf-8", "surrogatepass"), wanted.encode())

    def box(self, text: str) -> str:
        """Encrypt a text for the index."""
        return self._fernet().encrypt(text.encode()).decode()

    def unbox(self, boxed: str) -> str | None:
        """Decrypt a text of the index; None when it was made with another key."""
        for keys in (self, *self.older):
            try:
                return keys._fernet().decrypt(boxed.encode()).decode()  # noqa: SLF001 - another one of these
            except InvalidToken:
                continue
        return None

    def _fernet(self) -> Fernet:
        return Fernet(base64.urlsafe_b64encode(self._derive("box")))

    def sign(self, purpose: str, value: list[str | int]) -> str:
        """Sign a small value with the time; `read` gives it back within its life."""
        return self._signer(purpose).dumps(value)

    def read(self, purpose: str, signed: str, max_age_s: float) -> list[str | int] | None:
        """Return a value signed for this purpose, or None when it is forged or too old."""
        for keys in (self, *self.older):
            try:
                value = keys._signer(purpose).loads(signed, max_age=int(max_age_s))  # noqa: SLF001 - another one of these
            except BadSignature:
                continue
            return value if isinstance(value, list) else None
        return None

    def seal(self, owner: str) -> str:
        """Return what shows that this server gave an owner their secret."""
        return base64.urlsafe_b64encode(self._derive("owner", owner)).decode()[:TOKEN_CHARS]

    def sealed(self, owner: str, seal: str) -> bool:
        """Say whether this server gave an owner their secret."""
        return any(self.same(seal, keys.seal(owner)) for keys in (self, *self.older))

    def _signer(self, purpose: str) -> URLSafeTimedSerializer:
        return URLSafeTimedSerializer(
            self._derive("sign", purpose), salt=purpose, signer_kwargs={"digest_method": hashlib.sha256}
        )


def open_keys(settings: Settings, *, may_make: bool = True) -> Keys:
    """Return the keys of this host; without a setting, the secret is made once in the data folder.

    Raises `KeyLost` where it is missing and may not be made, and `KeyBroken`.
    """
    older = []
    if settings.old_secret_key is not None:
        older.append(Keys(_of_setting(settings.old_secret_key)))
    if (before := settings.data_dir / OLD_KEY_FILE).exists():
        older.append(Keys(_read_secret(before)))
    if settings.secret_key is not None:
        return Keys(_of_setting(settings.secret_key), tuple(older))
    return Keys(_secret_of(settings.data_dir / KEY_FILE, may_make=may_make), tuple(older))


def _of_setting(secret: SecretStr) -> bytes:
    return hashlib.sha256(secret.get_secret_value().encode()).digest()


def _read_secret(path: Path) -> bytes:
    text = path.read_text(encoding="ascii", errors="replace").strip()
    if re.fullmatch(rf"[0-9a-f]{{{2 * KEY_BYTES}}}", text) is None:
        raise KeyBroken(path.name)
    return bytes.fromhex(text)


def _secret_of(path: Path, *, may_make: bool) -> bytes:
    """Read the secret, or make it. Two processes that start at once end with the same one."""
    if not path.exists():
        if not may_make:
            raise KeyLost
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        fresh = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_hex(KEY_BYTES))
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(fresh, path)  # fails where another process was first, which is just as good
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return _read_secret(path)
