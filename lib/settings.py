"""What the host can set: one frozen object from `.streamlit/secrets.toml` and the environment.

The environment wins. A setting `public_url` is `public_url` in the table `[passalong]` of secrets.toml, and
`PASSALONG_PUBLIC_URL` in the environment. Everything has a default that works on one machine.
"""

from __future__ import annotations

import functools
import os
import re
import tomllib
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from lib.problems import Problem

ROOT = Path(__file__).resolve().parent.parent
MEGABYTE = 1_000_000
_ADDRESS = re.compile(r"(?P<origin>https?://[^/@?#\s]+)(?P<below>(?:/[A-Za-z0-9._~-]+)*)")
MIN_SECRET = 16
MIN_SECRET_SIGNS = 6  # different ones: "aaaa…" is long and no secret
MIN_ACCESS_PASSWORD = 8  # https://pages.nist.gov/800-63-4/sp800-63b.html, and wrong ones make guessing slow


def origin_of(address: str) -> str:
    """Return scheme, name and port of an http(s) address.

    >>> origin_of("https://home.example.org/photos")
    'https://home.example.org'
    """
    return "/".join(address.split("/")[:3])


def _origin(value: str) -> str:
    value = value.rstrip("/")
    scheme, _, rest = value.partition("://")
    if scheme not in {"http", "https"} or not rest or "/" in rest or "@" in rest or "?" in rest or "#" in rest:
        msg = "has to be an address such as https://photos.example.org, without a path"
        raise ValueError(msg)
    return value


class SettingsProblem(Problem):
    """A setting has a value that cannot work."""

    title = "A setting needs a look"
    fix = "Correct it in .streamlit/secrets.toml or in the environment, then start the app again."


def _secrets_file() -> Path:
    return Path(os.environ.get("PASSALONG_SECRETS_FILE", ROOT / ".streamlit" / "secrets.toml"))


class _SecretsTable(PydanticBaseSettingsSource):
    """The table `[passalong]` of secrets.toml."""

    def get_field_value(self, field: Any, field_name: str) -> tuple[Any, str, bool]:
        raise NotImplementedError

    def __call__(self) -> dict[str, Any]:
        path = _secrets_file()
        if not path.is_file():
            return {}
        try:
            table = tomllib.loads(path.read_text(encoding="utf-8")).get("passalong", {})
        except tomllib.TOMLDecodeError as error:
            msg = f"{path.name} is not valid TOML: {error}."
            raise SettingsProblem(msg) from error
        if not isinstance(table, dict):
            msg = f"[passalong] in {path.name} has to be a table of settings."
            raise SettingsProblem(msg)
        return table


class Settings(BaseSettings):
    """All settings of one running app, checked once at start. Sizes in bytes, times in the unit of the name."""

    model_config: ClassVar[SettingsConfigDict] = SettingsConfigDict(
        env_prefix="PASSALONG_", frozen=True, extra="forbid", env_ignore_empty=True
    )

    # Where the app lives
    public_url: str | None = Field(None, description="the address at which other people reach this app, https://…")
    allowed_hosts: tuple[str, ...] = Field(
        (), description="further names under which this server answers, beside that of public_url and local ones"
    )
    nearby_name: str = Field(
        "passalong", pattern=r"^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$",
        description='the name that phones of the same network find, without its ending .local; "off" for none',
    )  # fmt: skip
    data_dir: Path = Field(ROOT / "data", description="a folder for the index, the photos and the drafts")
    cache_dir: Path | None = Field(
        None, description="a folder for what is made once and can be made again; without one, data_dir/cache"
    )
    database_url: str | None = Field(None, description="an SQLAlchemy URL; without one, SQLite in data_dir")
    photos_url: str | None = Field(
        None, description="an obstore URL (file:, s3:, gs:, az:); without one, data_dir/photos"
    )
    photos_options: dict[str, str] = Field(
        default_factory=dict, description="options of the photo store, such as endpoint"
    )
    secret_key: SecretStr | None = Field(None, description="signs cookies and tickets; without one, made in data_dir")
    old_secret_key: SecretStr | None = Field(
        None, description="the secret_key of before: what was made with it goes on working while it stands here"
    )
    trusted_proxies: tuple[str, ...] = Field((), description="addresses of proxies whose X-Forwarded-For is believed")
    log_addresses: bool = Field(
        default=False, description="name addresses in the lines about attacks, in place of a hash of the network"
    )

    # A way to this computer from outside, for a while: "Make my links reachable"
    tunnel_ssh: str | None = Field(
        None, pattern=r"^[^@\s]+@[^@\s]+$", description="an SSH server of your own, as name@server or name@server:port"
    )
    tunnel_port: Annotated[int, Field(ge=1, le=65_535, description="the port that this server opens for it")] = 8080
    tunnel_url: str | None = Field(
        None, description="the address at which that port is reached from outside, https://…; else http, and the port"
    )
    tunnel_key: Path | None = Field(None, description="a private key file for it; without one, those in ~/.ssh")
    ngrok_token: SecretStr | None = Field(None, description="the token of an ngrok account")

    outside_look: str | None = Field(
        None, pattern=r"^https?://.*\{address\}",
        description="an address with {address} in it, of a service that opens that address from elsewhere and answers "
        "with a 2xx status where it could; for `python -m lib host-check`",
    )  # fmt: skip

    # Backups: `python -m lib backup`
    backup_options: dict[str, str] = Field(
        default_factory=dict, description="options of the store that backups go to, such as endpoint"
    )
    backup_passphrase: SecretStr | None = Field(None, description="encrypts backups; without it nobody reads them")

    # Photos. 80 MB is above what phones make: 200 megapixels as JPEG, 48 as raw. Large ones are made smaller while
    # they are decoded, so the memory below is enough for 250 megapixels; photos that do not fit into it together wait
    # their turn.
    max_photo_bytes: Annotated[int, Field(ge=1_000, le=1_000 * MEGABYTE)] = 80 * MEGABYTE
    max_photo_pixels: Annotated[int, Field(ge=10_000, le=500_000_000)] = 250_000_000
    photo_memory_bytes: Annotated[
        int, Field(ge=100 * MEGABYTE, description="memory that photos take while they are worked on, all together")
    ] = 400 * MEGABYTE
    max_photos: Annotated[int, Field(ge=1, le=500, description="photos in one album")] = 30
    workers: Annotated[int, Field(ge=1, le=64, description="photos prepared at the same time")] = min(
        4, os.cpu_count() or 1
    )

    # Links
    default_link_days: Annotated[int, Field(ge=1, le=365)] = 30
    max_link_days: Annotated[int, Field(ge=1, le=365)] = 365
    draft_life_s: Annotated[int, Field(ge=60, le=86_400)] = 3_600
    undo_grace_s: Annotated[int, Field(ge=0, le=3_600, description="how long a taken-back link can be undone")] = 10

    http_api: bool = Field(
        default=True, description="scripts and Shortcuts of a sender may ask below /api/1, with a token of My links"
    )

    notify_origins: tuple[str, ...] = Field(
        (), description="origins inside the network, such as http://ntfy.home:8080, to which senders may have messages "
        "about their links sent; without any, only to the internet",
    )  # fmt: skip

    # Who may create links, and how much
    who_may_create: Literal["anyone", "password", "signed_in"] | None = Field(
        None, description='"anyone", "password" or "signed_in"; a host on a public address has to choose'
    )
    access_password: SecretStr | None = Field(None, description='asked for when who_may_create = "password"')
    host_password: SecretStr | None = Field(
        None, description="opens the host's page at /host; without one it opens only on this computer itself"
    )
    metrics_token: SecretStr | None = Field(
        None, description="switches on /metrics, for Prometheus, which sends it as its bearer token"
    )
    links_per_hour: Annotated[int, Field(ge=1, description="new links per visitor")] = 30
    visitor_bytes: Annotated[int, Field(ge=1, description="photo bytes kept per visitor")] = 500 * MEGABYTE
    network_bytes: Annotated[
        int, Field(ge=1, description="photo bytes kept for new visitors of one network (IPv4 /24, IPv6 /56)")
    ] = 2_000 * MEGABYTE
    network_links_per_hour: Annotated[int, Field(ge=1, description="new links of new visitors of one network")] = 120
    host_bytes: Annotated[int, Field(ge=1, description="photo bytes kept in all")] = 20_000 * MEGABYTE

    known_share: Annotated[
        float, Field(ge=0, le=0.9, description="part of host_bytes that is kept for visitors who were here before")
    ] = 0.2

    # The link doctor
    link_browser: bool = Field(
        default=False,
        description="let a headless Chromium look once at pages that are only a program; needs the extra: "
        "pip install --group browser, and Chromium",
    )

    # Providers: the host's own app registrations and, for a private installation, tokens
    dropbox_app_key: str | None = None
    dropbox_app_secret: SecretStr | None = None
    dropbox_refresh_token: SecretStr | None = None
    google_api_key: SecretStr | None = None
    google_authorized_user: SecretStr | None = Field(
        None, description="the JSON that `python -m lib connect google` prints"
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - pydantic's signature
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - pydantic's signature
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments first, then the environment, then secrets.toml."""
        return init_settings, env_settings, _SecretsTable(settings_cls)

    @field_validator("secret_key", "old_secret_key", "metrics_token")
    @classmethod
    def _hard_to_guess(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None:
            text = value.get_secret_value()
            if len(text) < MIN_SECRET or len(set(text)) < MIN_SECRET_SIGNS:
                msg = f"has to have {MIN_SECRET} characters at least, as from: openssl rand -hex 32"
                raise ValueError(msg)
        return value

    @field_validator("access_password", "host_password")
    @classmethod
    def _long_enough(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and len(value.get_secret_value()) < MIN_ACCESS_PASSWORD:
            msg = f"has to have {MIN_ACCESS_PASSWORD} characters at least"
            raise ValueError(msg)
        return value

    @field_validator("public_url")
    @classmethod
    def _with_or_without_path(cls, value: str | None) -> str | None:
        if value is None:
            return None
        found = _ADDRESS.fullmatch(value.rstrip("/"))
        if found is None or not {".", ".."}.isdisjoint(found["below"].split("/")):
            msg = "has to be an address such as https://photos.example.org or https://home.example.org/photos"
            raise ValueError(msg)
        return found[0]

    @field_validator("tunnel_url")
    @classmethod
    def _origin_only(cls, value: str | None) -> str | None:
        return None if value is None else _origin(value)

    @field_validator("notify_origins")
    @classmethod
    def _origins_only(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(_origin(one).lower() for one in value)

    @property
    def public_origin(self) -> str | None:
        """The public address without its path."""
        return origin_of(self.public_url) if self.public_url else None

    @property
    def below(self) -> str:
        """The path of the public address below which this app lives: "/photos", or nothing for a host of its own."""
        return _ADDRESS.fullmatch(self.public_url)["below"] if self.public_url else ""  # type: ignore[index] # checked

    @property
    def cache_folder(self) -> Path:
        """The folder of what is made once; its contents may be deleted at any time."""
        return self.cache_dir or self.data_dir / "cache"

    @property
    def index_url(self) -> str:
        """The SQLAlchemy URL of the index."""
        return self.database_url or f"sqlite:///{self.data_dir / 'passalong.db'}"

    @property
    def store_url(self) -> str:
        """The obstore URL of the photo bytes."""
        return self.photos_url or (self.data_dir / "photos").resolve().as_uri()


def read_settings(**overrides: Any) -> Settings:
    """Read and check all settings. Raises `SettingsProblem` that names the setting and what it may be."""
    try:
        return Settings(**overrides)
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0]) if first["loc"] else "settings"
        reason = first["msg"].removeprefix("Value error, ")
        if first["type"] == "extra_forbidden":
            reason = "is not a setting of this app; see .streamlit/secrets.example.toml"
        field = Settings.model_fields.get(name)
        wanted = f" It is {field.description}." if field and field.description else ""
        msg = f"{name}: {reason}.{wanted}"
        raise SettingsProblem(msg) from error


@functools.cache
def settings() -> Settings:
    """Return the settings of this process, read once."""
    return read_settings()


def below() -> str:
    """Return what stands between this app's host and its own paths: "/photos" where `public_url` has a path, else "".

    Every address in a page begins with it. Requests lose it before anything looks at them: see `lib.front.below`.
    """
    return settings().below
