"""Twenty rows behind SQLAlchemy, for the sites whose framework has no ORM of its own."""

from __future__ import annotations

from typing import Any

from sqlalchemy import create_engine, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

engine = create_engine("sqlite:///rows.sqlite3")


class Base(DeclarativeBase):
    pass


class Product(Base):
    __tablename__ = "product"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]


Base.metadata.create_all(engine)
with Session(engine) as filling:
    filling.add_all(Product(name=f"row {number}") for number in range(20))
    filling.commit()


def all_rows() -> list[dict[str, Any]]:
    with Session(engine) as session:
        return [{"id": row.id, "name": row.name} for row in session.scalars(select(Product).limit(20))]
