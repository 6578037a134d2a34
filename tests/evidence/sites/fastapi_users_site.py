"""FastAPI with user accounts by fastapi-users, wired as its own guide does.

The table is a dictionary: the adapter for SQLAlchemy that fastapi-users offers holds SQLAlchemy below 2.1.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import Annotated, Any

from fastapi import Depends, FastAPI
from fastapi_users import BaseUserManager, FastAPIUsers, UUIDIDMixin, schemas
from fastapi_users.authentication import AuthenticationBackend, BearerTransport, JWTStrategy
from fastapi_users.db import BaseUserDatabase

SECRET = "only for this site, and long enough for its signature"


@dataclass
class User:
    email: str
    hashed_password: str
    is_active: bool = True
    is_superuser: bool = False
    is_verified: bool = False
    id: uuid.UUID = field(default_factory=uuid.uuid4)


class Table(BaseUserDatabase[User, uuid.UUID]):
    rows: dict[uuid.UUID, User]

    def __init__(self) -> None:
        self.rows = {}

    async def get(self, id: uuid.UUID) -> User | None:  # noqa: A002  # the name that the interface has
        return self.rows.get(id)

    async def get_by_email(self, email: str) -> User | None:
        return next((user for user in self.rows.values() if user.email == email), None)

    async def create(self, create_dict: dict[str, Any]) -> User:
        user = User(**create_dict)
        self.rows[user.id] = user
        return user


class UserManager(UUIDIDMixin, BaseUserManager[User, uuid.UUID]):
    reset_password_token_secret = SECRET
    verification_token_secret = SECRET


table = Table()


async def manager() -> UserManager:
    return UserManager(table)


def strategy() -> JWTStrategy[User, uuid.UUID]:
    return JWTStrategy(SECRET, lifetime_seconds=60)


app = FastAPI()
tokens = AuthenticationBackend("tokens", BearerTransport("login"), strategy)
users = FastAPIUsers[User, uuid.UUID](manager, [tokens])
app.include_router(users.get_register_router(schemas.BaseUser[uuid.UUID], schemas.BaseUserCreate))
app.include_router(users.get_auth_router(tokens))


@app.get("/mine")
async def mine(user: Annotated[User, Depends(users.current_user())]) -> dict[str, Any]:
    return {"email": user.email, "kept": user.hashed_password, "fields": list(schemas.BaseUser.model_fields)}
