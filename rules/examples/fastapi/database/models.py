from datetime import UTC, datetime

from sqlmodel import Field, SQLModel, create_engine

engine = create_engine("sqlite:///notes.sqlite3")


class NewNote(SQLModel):
    """What a client sends."""

    text: str = Field(max_length=200)


class Note(NewNote, table=True):
    """The table."""

    id: int | None = Field(default=None, primary_key=True)
    created: datetime = Field(default_factory=lambda: datetime.now(UTC))


class NoteOut(NewNote):
    """What a client gets."""

    id: int
