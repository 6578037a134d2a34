"""Make a new Django project in the working directory, as its tutorial does, and say what is in it.

Run in a bare install; the last line printed is a JSON document. The project stays there for servers to run.
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import django
from django.conf import global_settings
from django.core.management import call_command, get_commands

GENERATE = """
from django.core.management import call_command

call_command("startproject", "site_project", ".")
call_command("startapp", "shop")
"""
MODELS = """
from django.db import models


class Product(models.Model):
    name = models.CharField(max_length=30)

    def __str__(self):
        return self.name
"""
ADMIN = """
from django.contrib import admin

from shop.models import Product

admin.site.register(Product)
"""
OWN_SETTINGS = """
INSTALLED_APPS += ["shop"]
DEBUG = False
ALLOWED_HOSTS = ["127.0.0.1", "testserver"]
# The default hasher is slow on purpose; nothing here is about its strength.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
"""


def make_project(urls: str) -> dict[str, Any]:
    """Generate a project and an app, count what was written, then add a model, its admin and the URLs."""
    # In a process of its own: generating configures Django, which can be done only once.
    subprocess.run([sys.executable, "-S", "-s", "-c", GENERATE], check=True)
    written = sorted(path for path in Path().rglob("*.py") if "__pycache__" not in path.parts)
    lines = [line for path in written for line in path.read_text().splitlines()]
    Path("shop/models.py").write_text(MODELS)
    Path("shop/admin.py").write_text(ADMIN)
    Path("site_project/urls.py").write_text(Path(urls).read_text())
    with Path("site_project/settings.py").open("a") as settings:
        settings.write(OWN_SETTINGS)
    return {
        "files": len(written),
        "lines": sum(1 for line in lines if line.strip() and not line.strip().startswith("#")),
        "in an app": sorted(path.relative_to("shop").as_posix() for path in written if path.parts[0] == "shop"),
    }


def data() -> dict[str, Any]:
    """Write a migration from a model, apply it, and keep a row."""
    call_command("makemigrations", "shop", verbosity=0)
    call_command("migrate", verbosity=0)
    from shop.models import Product  # models exist only after setup

    Product.objects.create(name="lamp")
    Product.objects.bulk_create(Product(name=f"row {number}") for number in range(19))
    return {
        "migrations": [path.name for path in Path("shop/migrations").glob("0001_*.py")],
        "rows": list(Product.objects.filter(name__startswith="la").values_list("name", flat=True)),
    }


def accounts() -> dict[str, Any]:
    """Keep a user, check a password and a permission, and log in."""
    from django.contrib.auth.models import Group, Permission, User  # as above
    from django.test import Client  # as above

    User.objects.create_superuser("root", password="correct horse")
    clerk = User.objects.create_user("clerk", password="battery staple", is_staff=True)
    clerks = Group.objects.create(name="clerks")
    clerks.permissions.add(Permission.objects.get(codename="view_product"))
    clerk.groups.add(clerks)
    clerk = User.objects.get(username="clerk")
    return {
        "keeps users": User.objects.count() == 2,
        "hashes passwords": clerk.password != "battery staple" and clerk.check_password("battery staple"),
        "logs in": Client().login(username="clerk", password="battery staple"),
        "groups and permissions": clerk.has_perms(["shop.view_product"]) and not clerk.has_perm("shop.delete_product"),
        "signed sessions": bool(call_session()),
    }


def call_session() -> str:
    """Store something in a session and return the value that comes back."""
    from django.contrib.sessions.backends.db import SessionStore  # as above

    kept = SessionStore()
    kept["color"] = "red"
    kept.create()
    return str(SessionStore(session_key=kept.session_key)["color"])


def back_office() -> dict[str, Any]:
    """Walk through the admin as its first user: refused, logged in, listing, adding."""
    from django.test import Client  # as above

    browser = Client()
    stranger = browser.get("/admin/")
    browser.login(username="root", password="correct horse")
    added = browser.post("/admin/shop/product/add/", {"name": "chair"})
    listing = browser.get("/admin/shop/product/").content.decode()
    return {
        "stranger": [stranger.status_code, stranger.headers.get("Location", "")],
        "added": added.status_code,
        "lists": [name for name in ("lamp", "chair") if name in listing],
        "lists users": browser.get("/admin/auth/user/").status_code,
    }


def forms() -> dict[str, Any]:
    """Check a bad form by hand, the way a view must."""
    from django import forms as library  # as above

    class Order(library.Form):
        name = library.CharField()
        price = library.FloatField()
        quantity = library.IntegerField()

    order = Order({"name": "x", "price": "abc"})
    return {"valid": order.is_valid(), "fields named": sorted(order.errors)}


def templates() -> dict[str, Any]:
    from django.template import engines  # as above

    page = engines["django"].from_string("{% for x in names %}<b>{{ x }}</b>{% endfor %}")
    return {"page": page.render({"names": ["<i>"]})}


def async_gaps() -> dict[str, Any]:
    """Which parts of the ORM refuse to run on an event loop."""
    from django.db import transaction  # as above
    from shop.models import Product  # as above

    async def plain_query() -> int:
        return Product.objects.count()

    async def async_query() -> int:
        return await Product.objects.acount()

    async def transact() -> None:
        async with transaction.atomic():  # type: ignore[attr-defined]  # its absence is what is asked
            pass

    return {
        "plain query": outcome(plain_query()),
        "async query": outcome(async_query()),
        "transaction": outcome(transact()),
    }


def outcome(work: Any) -> str:
    """The result of a coroutine as text, or the name of its exception."""
    try:
        return str(asyncio.run(work))
    except Exception as failure:  # whatever it is, its name is the fact
        return type(failure).__name__


def removable_parts() -> dict[str, list[str]]:
    """The system check's errors when one default part is taken away or replaced."""
    from django.conf import settings  # as above
    from django.core.checks import run_checks  # as above
    from django.test import override_settings  # as above

    def errors(**changed: Any) -> list[str]:
        with override_settings(**changed):
            return sorted({found.id for found in run_checks() if found.is_serious() and found.id})

    def middleware_without(word: str) -> list[str]:
        return [name for name in settings.MIDDLEWARE if word not in name]

    other_engine = [{"BACKEND": "django.template.backends.dummy.TemplateStrings", "DIRS": []}]
    return {
        "nothing": errors(),
        "template engine": errors(TEMPLATES=other_engine),
        "sessions": errors(MIDDLEWARE=middleware_without("sessions")),
        "accounts": errors(MIDDLEWARE=middleware_without("auth")),
        "messages": errors(MIDDLEWARE=middleware_without("messages")),
    }


def main() -> None:
    sys.path.insert(0, str(Path.cwd()))
    facts: dict[str, Any] = {"version": django.VERSION[:2], "generated": make_project(sys.argv[1])}
    os.environ["DJANGO_SETTINGS_MODULE"] = "site_project.settings"
    django.setup()
    from django.conf import settings  # read only now that the project is there

    facts |= {
        "settings": sum(1 for name in dir(global_settings) if name.isupper()),
        "apps": [name for name in settings.INSTALLED_APPS if name != "shop"],
        "middleware": list(settings.MIDDLEWARE),
        "commands": sorted(get_commands()),
        "data": data(),
        "accounts": accounts(),
        "back office": back_office(),
        "forms": forms(),
        "templates": templates(),
        "async": async_gaps(),
        "removable": removable_parts(),
    }
    print(json.dumps(facts))


main()
