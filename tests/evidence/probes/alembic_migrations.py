"""Let Alembic write and apply a migration for SQLModel tables in the working directory, then keep a row."""

from __future__ import annotations

import io
import json
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlmodel import Field, Session, SQLModel, create_engine, select

URL = "sqlite:///models.sqlite3"


class Product(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    name: str


config = Config("alembic.ini", stdout=io.StringIO())
command.init(config, "migrations")
config.set_main_option("script_location", "migrations")
config.set_main_option("sqlalchemy.url", URL)
config.attributes["metadata"] = SQLModel.metadata
environment = Path("migrations/env.py")
environment.write_text(
    environment.read_text().replace("target_metadata = None", 'target_metadata = config.attributes["metadata"]')
)
template = Path("migrations/script.py.mako")
template.write_text(template.read_text().replace("import sqlalchemy as sa", "import sqlalchemy as sa\nimport sqlmodel"))
command.revision(config, "first", autogenerate=True)
command.upgrade(config, "head")

engine = create_engine(URL)
with Session(engine) as session:
    session.add(Product(name="lamp"))
    session.commit()
    rows = session.exec(select(Product.name)).all()
engine.dispose()
written = [path.read_text() for path in Path("migrations/versions").glob("*.py")]
print(json.dumps({"migrations": sum("create_table" in text for text in written), "rows": list(rows)}))
