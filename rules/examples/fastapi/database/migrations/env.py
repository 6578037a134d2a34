# What `alembic init` writes, without its logging and its offline mode.
from alembic import context
from models import engine
from sqlmodel import SQLModel

with engine.connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=SQLModel.metadata,
        render_as_batch=True,  # SQLite alters tables by copying them
    )
    with context.begin_transaction():
        context.run_migrations()
