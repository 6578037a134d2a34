# /// script
# requires-python = ">=3.11"
# dependencies = [
#   "fastapi>=0.165,<1", "greenlet>=3.2", "itsdangerous>=2.2",
#   "python-multipart>=0.0.20", "sqladmin>=0.32,<1", "sqlmodel>=0.0.50,<0.1",
#   "uvicorn>=0.50",
# ]
# ///
"""A back office for staff in FastAPI: SQLAdmin over your SQLAlchemy models.

SQLAdmin makes list, search and forms from a model. Who may enter is your
code (here one password stands for real accounts), its forms carry no CSRF
token: the session cookie is therefore not sent by other sites at all.
"""

import os
import secrets
from decimal import Decimal

import uvicorn
from fastapi import FastAPI, Request
from sqladmin import Admin, ModelView
from sqladmin.authentication import AuthenticationBackend
from sqlmodel import Field, Session, SQLModel, create_engine, select

PASSWORD = os.environ.get("ADMIN_PASSWORD", "analytical-engine")
SECRET_KEY = os.environ.get("SECRET_KEY") or secrets.token_hex(32)

app = FastAPI()
engine = create_engine("sqlite:///db")


class Product(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(max_length=80, unique=True)
    price: Decimal = Field(max_digits=8, decimal_places=2)
    stock: int = 0


class Staff(AuthenticationBackend):
    async def login(self, request: Request) -> bool:
        sent = str((await request.form()).get("password", ""))
        right = secrets.compare_digest(sent.encode(), PASSWORD.encode())
        request.session["staff"] = right
        return right

    async def logout(self, request: Request) -> bool:
        request.session.clear()
        return True

    async def authenticate(self, request: Request) -> bool:
        return bool(request.session.get("staff"))


class Products(ModelView, model=Product):
    name_plural = "Products"
    column_list = ["name", "price", "stock"]
    column_searchable_list = ["name"]


admin = Admin(
    app, engine, authentication_backend=Staff(SECRET_KEY, same_site="strict")
)
admin.add_view(Products)

if __name__ == "__main__":
    SQLModel.metadata.create_all(engine)  # migrations: see `database`
    with Session(engine) as session:
        if session.exec(select(Product)).first() is None:
            session.add(Product(name="Teapot", price=Decimal("24.00"), stock=3))
            session.commit()
    # In production: uvicorn app:app
    uvicorn.run(app, port=int(os.environ.get("PORT", "8000")))
