"""The index: its migrations make exactly its tables, once, and on both databases."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from lib.albums.index import HEAD, MIGRATIONS, Index
from lib.albums.tables import metadata, owner_keys


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.thorough)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'passalong.db'}"
    fresh: Callable[[], str] = request.getfixturevalue("postgres")
    return fresh()


def test_the_migrations_make_exactly_the_tables(url: str) -> None:
    index = Index(url)
    with index.write() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
    index.close()


def test_the_newest_migration_is_the_one_that_the_index_knows() -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    assert ScriptDirectory.from_config(config).get_current_head() == HEAD


def test_opening_again_changes_nothing(url: str) -> None:
    first = Index(url)
    with first.write() as connection:
        connection.execute(sa.insert(owner_keys).values(key_hash="k", person="p", kind="cookie", created_at=1.5))
    first.close()
    again = Index(url)
    assert [row.person for row in again.rows(sa.select(owner_keys))] == ["p"]
    again.close()


def test_a_failed_write_leaves_nothing(url: str) -> None:
    import sqlalchemy as sa

    from lib.albums.tables import reports

    index = Index(url)
    row = {"id": "a", "link_id": "l", "reason": "me", "words": "", "created_at": 1.0}

    def twice() -> None:
        with index.write() as connection:
            connection.execute(sa.insert(reports), [row | {"id": "b"}])
            connection.execute(sa.insert(reports), [row, row])

    with pytest.raises(sa.exc.IntegrityError):
        twice()
    assert index.rows(sa.select(reports)) == []
    index.close()


def test_the_data_folder_is_its_owners_alone(tmp_path: Path) -> None:
    Index(f"sqlite:///{tmp_path / 'new' / 'passalong.db'}").close()
    assert (tmp_path / "new").stat().st_mode & 0o077 == 0
