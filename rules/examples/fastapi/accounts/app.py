# /// script
# requires-python = ">=3.11"
# dependencies = [
#   "fastapi>=0.165,<1", "pwdlib[argon2]>=0.3", "pyjwt>=2.10",
#   "python-multipart>=0.0.20", "uvicorn>=0.50",
# ]
# ///
"""Accounts in FastAPI: bearer tokens; there is no user store in core.

FastAPI reads the token and shows a login in /docs. Users, password hashing,
making and checking tokens, and permissions are your code with small
libraries. fastapi-users brings them ready made, but is only maintained now.
"""

import os
import secrets
from datetime import UTC, datetime, timedelta
from typing import Annotated

import jwt
import uvicorn
from fastapi import Depends, FastAPI, HTTPException
from fastapi.security import OAuth2PasswordBearer, OAuth2PasswordRequestForm
from pwdlib import PasswordHash
from pydantic import BaseModel

app = FastAPI()
passwords = PasswordHash.recommended()  # argon2
bearer = OAuth2PasswordBearer(tokenUrl="token")
SECRET_KEY = os.environ.get("SECRET_KEY") or secrets.token_hex(32)


class User(BaseModel):
    name: str
    password: str
    may: set[str] = set()


USERS = {  # stands for a table: see the `database` example
    user.name: user
    for user in (
        User(
            name="ada",
            password=passwords.hash("analytical-engine"),
            may={"view members"},
        ),
        User(name="bob", password=passwords.hash("just-a-visitor")),
    )
}
NOBODY = passwords.hash(secrets.token_hex())
LoginForm = Annotated[OAuth2PasswordRequestForm, Depends()]


@app.post("/token")
def log_in(form: LoginForm) -> dict[str, str]:
    user = USERS.get(form.username)
    # An unknown name takes as long as a wrong password: both verify a hash.
    right = passwords.verify(form.password, user.password if user else NOBODY)
    if user is None or not right:
        raise HTTPException(401, "wrong name or password")
    claims = {"sub": user.name, "exp": datetime.now(UTC) + timedelta(hours=1)}
    token = jwt.encode(claims, SECRET_KEY, algorithm="HS256")
    return {"access_token": token, "token_type": "bearer"}


def current_user(token: Annotated[str, Depends(bearer)]) -> User:
    try:
        claims = jwt.decode(token, SECRET_KEY, algorithms=["HS256"])
        return USERS[claims["sub"]]
    except (jwt.InvalidTokenError, KeyError):
        raise HTTPException(401, "log in first") from None


CurrentUser = Annotated[User, Depends(current_user)]


@app.get("/me")
def me(user: CurrentUser) -> str:
    return f"Hello {user.name}"


@app.get("/members")
def members(user: CurrentUser) -> list[str]:
    if "view members" not in user.may:
        raise HTTPException(403, "not allowed")
    return sorted(USERS)


if __name__ == "__main__":
    # In production: uvicorn app:app
    uvicorn.run(app, port=int(os.environ.get("PORT", "8000")))
