"""Alembic's entry: runs the migrations on the connection that `lib.share.index` hands over."""

from alembic import context

from lib.share.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata, transactional_ddl=False)
context.run_migrations()
