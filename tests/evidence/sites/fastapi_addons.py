"""FastAPI with a table by SQLModel, screens by SQLAdmin, and a page by Jinja."""

from __future__ import annotations

from typing import Annotated

from fastapi import FastAPI, Form, Request, Response
from fastapi.templating import Jinja2Templates
from jinja2 import DictLoader, Environment, select_autoescape
from sqladmin import Admin, ModelView
from sqlmodel import Field, SQLModel, create_engine


class Product(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    name: str


engine = create_engine("sqlite:///fastapi_addons.sqlite3")
SQLModel.metadata.create_all(engine)
app = FastAPI()
admin = Admin(app, engine)
templates = Jinja2Templates(
    env=Environment(loader=DictLoader({"page.html": "<b>{{ name }}</b>"}), autoescape=select_autoescape())
)


class Products(ModelView, model=Product):
    column_list = (Product.name,)


admin.add_view(Products)


@app.post("/page")
def page(request: Request, name: Annotated[str, Form()]) -> Response:
    return templates.TemplateResponse(request, "page.html", {"name": name})
