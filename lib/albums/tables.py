"""The index: albums, photos, links and what belongs to them, as SQLAlchemy Core tables.

Times are seconds since 1970, UTC. No address and no user agent of anybody is ever a column here; of a sender's network
there is a hash that only this host's key can make, for as long as photos are kept. The migrations in `migrations/` make
these tables; a test proves that both agree.
"""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa

metadata: Final = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# A person is the hash of an owner secret, until a recovery code or an account joins two of them.
owner_keys: Final = sa.Table(
    "owner_keys",
    metadata,
    sa.Column("key_hash", sa.String(64), primary_key=True),
    sa.Column("person", sa.String(64), nullable=False, index=True),
    sa.Column("kind", sa.String(16), nullable=False),  # "cookie", "code", "token", or "look": an own look only
    sa.Column("created_at", sa.Double, nullable=False),
    # Of a token only: see `lib.albums.tokens`
    sa.Column("name", sa.Text),
    sa.Column("scopes", sa.Text),  # with spaces between them
    sa.Column("ends_at", sa.Double),
    sa.Column("last_used_at", sa.Double),  # rounded down to the hour
    sa.Column("made_by", sa.String(64)),  # the hash of the browser's secret in which it was made
    sa.Column("admitted", sa.String(32)),  # "signed_in", or a keyed hash of the host's access password of then
)

# What a person shares, from the first photo on. A draft has no link yet; "over" means that its photos are deleted.
albums: Final = sa.Table(
    "albums",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("person", sa.String(64), nullable=False),
    sa.Column("key", sa.String(128), nullable=False),  # names an album that comes from a program, across retries
    sa.Column("network", sa.String(32)),  # a keyed hash of where it was begun, while its photos are kept: for quotas
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("words", sa.Text, nullable=False),
    sa.Column("state", sa.String(8), nullable=False),  # draft, ready, over
    sa.Column("created_at", sa.Double, nullable=False),
    sa.Column("touched_at", sa.Double, nullable=False),
    sa.Column("choices", sa.JSON, nullable=False, server_default="{}"),  # see `lib.albums.choices`
    sa.Column("watermark", sa.Text, nullable=False, server_default=""),  # across every photo
    sa.Column("password_hash", sa.Text),
    sa.Column("result", sa.Text),  # its result, encrypted: a link elsewhere, what a stranger saw
    # The sweep looks at an album when this moment has come. It may come too early, never too late.
    sa.Column("due_at", sa.Double, nullable=False, server_default="0", index=True),
    sa.Column("lighten_at", sa.Double, index=True),  # photos wait for lighter copies; NULL: none does
    sa.Column("over_at", sa.Double),
    sa.Column("emptied_at", sa.Double),  # its bytes are deleted
    sa.Column("changed_at", sa.Double, nullable=False, server_default="0"),  # a photo came or went
    # Kept as photos come and go, in the same transaction
    sa.Column("photo_count", sa.Integer, nullable=False, server_default="0"),  # everything that is shown
    sa.Column("video_count", sa.Integer, nullable=False, server_default="0"),
    sa.Column("size_bytes", sa.BigInteger, nullable=False, server_default="0"),  # of what is shown, in full
    sa.Column("kept_bytes", sa.BigInteger, nullable=False, server_default="0"),  # with grid sizes and what was removed
    sa.UniqueConstraint("person", "key"),
    sa.Index(None, "person", "state", "touched_at"),
)

photos: Final = sa.Table(
    "album_photos",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("album_id", sa.String(32), sa.ForeignKey("albums.id"), nullable=False),
    sa.Column("number", sa.Integer, nullable=False),  # in its addresses: from 1, and never given to another photo
    sa.Column("position", sa.Double, nullable=False),  # in the order
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("label", sa.Text, nullable=False, server_default=""),  # the name that recipients read
    sa.Column("price", sa.Text, nullable=False, server_default=""),
    sa.Column("caption", sa.Text, nullable=False),
    sa.Column("media_type", sa.String(32), nullable=False),
    sa.Column("width", sa.Integer, nullable=False),
    sa.Column("height", sa.Integer, nullable=False),
    sa.Column("size_bytes", sa.BigInteger, nullable=False),
    sa.Column("small_bytes", sa.BigInteger, nullable=False),
    sa.Column("avif_bytes", sa.BigInteger),  # of its lighter copy; 0: none is worth it, NULL: not looked at yet
    sa.Column("small_avif_bytes", sa.BigInteger, nullable=False, server_default="0"),
    sa.Column("plain_bytes", sa.BigInteger, nullable=False, server_default="0"),  # without watermark; 0: it has none
    sa.Column("crc32", sa.BigInteger, nullable=False),  # of the full photo, for the zip
    sa.Column("small_crc32", sa.BigInteger),  # of the other forms, to tell damage; NULL: not noted
    sa.Column("avif_crc32", sa.BigInteger),
    sa.Column("small_avif_crc32", sa.BigInteger),
    sa.Column("damaged_at", sa.Double),  # the store gave other bytes than were written
    sa.Column("original_size_bytes", sa.BigInteger, nullable=False),
    sa.Column("report", sa.JSON, nullable=False),  # only kinds of hidden data once the album has a link
    sa.Column("notes", sa.JSON, nullable=False),
    sa.Column("upload_key", sa.String(64)),  # names one photo across retries of its upload
    sa.Column("added_at", sa.Double, nullable=False),
    sa.Column("removed_at", sa.Double),
    sa.UniqueConstraint("album_id", "number"),
)

# Bytes kept by each person, for each network (a keyed hash with "net:" before it), and by all together (""): changed
# with each photo, in its transaction.
totals: Final = sa.Table(
    "totals",
    metadata,
    sa.Column("person", sa.String(64), primary_key=True),
    sa.Column("bytes", sa.BigInteger, nullable=False),
)

links: Final = sa.Table(
    "links",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("album_id", sa.String(32), sa.ForeignKey("albums.id"), nullable=False),
    sa.Column("key", sa.String(128), nullable=False),
    sa.Column("person", sa.String(64), nullable=False),
    sa.Column("token_hash", sa.String(64), nullable=False, unique=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("created_at", sa.Double, nullable=False),
    sa.Column("expires_at", sa.Double, nullable=False, index=True),  # as things stand: a visit may move it
    sa.Column("idle_s", sa.Double),  # a sliding end: so long after the last visit …
    sa.Column("ends_by", sa.Double),  # … and at the latest then
    sa.Column("password_hash", sa.Text),
    sa.Column("max_views", sa.Integer),
    sa.Column("allow_download", sa.Boolean, nullable=False),
    sa.Column("preview", sa.String(8), nullable=False),
    sa.Column("version", sa.Integer, nullable=False),  # of the password and the state: ends unlock cookies
    sa.Column("revoked_at", sa.Double, index=True),
    sa.Column("views", sa.Integer, nullable=False),
    sa.Column("bot_previews", sa.Integer, nullable=False),
    sa.Column("own_looks", sa.Integer, nullable=False),
    sa.Column("first_view_at", sa.Double),  # rounded down to the hour
    sa.Column("last_view_at", sa.Double),  # rounded down to the hour
    sa.Column("wrong_passwords", sa.Integer, nullable=False),  # in a row, without an hour of quiet between them
    sa.Column("wrong_at", sa.Double),
    sa.Column("question", sa.String(8), nullable=False, server_default="none"),  # asked of whoever opens it
    sa.Column("answers_seen_at", sa.Double, nullable=False, server_default="0"),  # its sender's last look at answers
    sa.Column("network", sa.String(32)),  # see `albums`
    sa.UniqueConstraint("album_id", "key"),
    sa.Column("over_at", sa.Double),  # its end was noticed: it stays over, whatever the clock says later
    sa.Index(None, "network", "created_at"),
    sa.Index(None, "over_at", "expires_at"),
    sa.Index(None, "person", "created_at"),
)

# What recipients answered. One row for one browser on one link; it goes with the link.
answers: Final = sa.Table(
    "answers",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("link_id", sa.String(32), sa.ForeignKey("links.id"), nullable=False),
    sa.Column("key_hash", sa.String(64), nullable=False),  # of the secret in the recipient's cookie
    sa.Column("question", sa.String(8), nullable=False),  # that was answered
    sa.Column("chosen", sa.JSON, nullable=False),  # number of a photo -> how many
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("words", sa.Text, nullable=False),
    sa.Column("created_at", sa.Double, nullable=False),
    sa.Column("changed_at", sa.Double, nullable=False),
    sa.UniqueConstraint("link_id", "key_hash"),
)

remembered: Final = sa.Table(
    "remembered",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("person", sa.String(64), nullable=False, index=True),
    sa.Column("same_as", sa.String(64), nullable=False),  # hash of provider and address: one row for one link
    sa.Column("box", sa.Text, nullable=False),  # the link, encrypted
    sa.Column("created_at", sa.Double, nullable=False),
    sa.Column("revoked_at", sa.Double),
    sa.UniqueConstraint("person", "same_as"),
)

reports: Final = sa.Table(
    "reports",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("link_id", sa.String(32), nullable=False, index=True),
    sa.Column("reason", sa.String(16), nullable=False),
    sa.Column("words", sa.Text, nullable=False),
    sa.Column("created_at", sa.Double, nullable=False),
    sa.Column("closed_at", sa.Double),  # by the host
    sa.Column("photo", sa.Integer),  # the number of the photo that it is about, where they said so
    sa.Column("answered_at", sa.Double),  # by the sender
    sa.Index(None, "closed_at", "created_at"),
)

# What a sender wants to hear of a link, and where. It goes with the link.
notifications: Final = sa.Table(
    "notifications",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("link_id", sa.String(32), sa.ForeignKey("links.id"), nullable=False),
    sa.Column("way", sa.String(8), nullable=False),  # push, ntfy, webhook
    sa.Column("same_as", sa.String(64), nullable=False, index=True),  # hash of way and address
    sa.Column("box", sa.Text, nullable=False),  # the address and what belongs to it, encrypted
    sa.Column("events", sa.String(64), nullable=False),  # with spaces between them
    sa.Column("created_at", sa.Double, nullable=False),
    sa.Column("ending_told_at", sa.Double),  # that the link ends was noted to be told
    sa.UniqueConstraint("link_id", "same_as"),
)

# What happened and waits to be told: noted where it happens, sent by the running app.
outbox: Final = sa.Table(
    "outbox",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("notification_id", sa.String(32), sa.ForeignKey("notifications.id"), nullable=False),
    sa.Column("event", sa.String(8), nullable=False),
    sa.Column("created_at", sa.Double, nullable=False),
    sa.Column("due_at", sa.Double, nullable=False, index=True),  # of the next try
    sa.Column("tries", sa.Integer, nullable=False),
    sa.UniqueConstraint("notification_id", "event"),
)

# How often something happened on a UTC day, such as an upload that was refused: numbers, of nobody.
happened: Final = sa.Table(
    "happened",
    metadata,
    sa.Column("day", sa.Integer, primary_key=True),  # since 1970
    sa.Column("event", sa.String(32), primary_key=True),
    sa.Column("count", sa.Integer, nullable=False),
)

# What this program notes for itself: a mark of the host's key.
host_notes: Final = sa.Table(
    "host_notes",
    metadata,
    sa.Column("name", sa.String(32), primary_key=True),
    sa.Column("value", sa.Text, nullable=False),
    sa.Column("created_at", sa.Double, nullable=False),
)
