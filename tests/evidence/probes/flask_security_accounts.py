"""Users, roles and log-in by Flask-Security, as one JSON document."""

from __future__ import annotations

import json

from flask import Flask
from flask_security import Security, SQLAlchemyUserDatastore, hash_password, permissions_required
from flask_security.models import fsqla_v3
from flask_sqlalchemy import SQLAlchemy

app = Flask(__name__)
app.config.update(
    SECRET_KEY="only for this probe",
    SECURITY_PASSWORD_SALT="only for this probe",
    SQLALCHEMY_DATABASE_URI="sqlite://",
    WTF_CSRF_ENABLED=False,
)
db = SQLAlchemy(app)
fsqla_v3.FsModels.set_db_info(db)


class Role(db.Model, fsqla_v3.FsRoleMixin):  # type: ignore[name-defined]  # the extension makes the base at run time
    pass


class User(db.Model, fsqla_v3.FsUserMixin):  # type: ignore[name-defined]  # as above
    pass


store = SQLAlchemyUserDatastore(db, User, Role)
Security(app, store)


@app.get("/view")
@permissions_required("view")
def view() -> str:
    return "seen"


@app.get("/delete")
@permissions_required("delete")
def delete() -> str:
    return "gone"


with app.app_context():
    db.create_all()
    clerks = store.create_role(name="clerks", permissions={"view"})
    store.create_user(email="clerk@example.org", password=hash_password("battery staple"), roles=[clerks])
    db.session.commit()
    kept = store.find_user(email="clerk@example.org")
    hashed = kept.password != "battery staple" and kept.verify_and_update_password("battery staple")

stranger, clerk = app.test_client(), app.test_client()
entered = clerk.post("/login", data={"email": "clerk@example.org", "password": "battery staple"})
print(
    json.dumps(
        {
            "keeps users": kept is not None,
            "hashes passwords": bool(hashed),
            "logs in": entered.status_code == 302 and stranger.get("/view").status_code != 200,
            "groups and permissions": [clerk.get(path).status_code for path in ("/view", "/delete")] == [200, 403],
            "signed sessions": "session=" in entered.headers.get("Set-Cookie", ""),
        }
    )
)
