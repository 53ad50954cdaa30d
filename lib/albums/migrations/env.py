"""Alembic's entry: runs the migrations on the connection that `lib.albums.index` hands over."""

from alembic import context

from lib.albums.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata, transactional_ddl=False)
context.run_migrations()
