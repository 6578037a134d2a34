"""Walk a folder without following links, without leaving it, and without reading what is ignored."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

from advisor.codebase.ignore import MOST_BYTES, IgnoreFile, parse_ignore
from advisor.codebase.model import Skipped

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from re import Pattern

SHIPPED, TESTS, EXAMPLES, DOCS, VENDORED, TEMPLATE = range(6)

MANIFESTS = frozenset(
    ("pyproject.toml", "setup.py", "setup.cfg", "pipfile", "pipfile.lock", "poetry.lock", "uv.lock", "pdm.lock",
     "environment.yml", "environment.yaml", ".python-version", "runtime.txt")
)  # fmt: skip
HOSTING = ("dockerfile", "containerfile", "procfile", "docker-compose", "compose.y", "gunicorn", "uwsgi", "supervisor",
           "app.y", "render.y", "fly.toml", "nixpacks", "railway", "deployment.y")  # fmt: skip
HOSTING_ENDS = (".dockerfile", ".service", ".wsgi", "production.ini", "development.ini", "paste.ini", "deploy.ini")
#: Scripts that start something; those that only test, build or install it are called otherwise.
STARTING = ("start", "run", "entry", "docker", "boot", "serve", "server", "gunicorn", "uvicorn", "web", "app", "cmd")

#: A page of this name is the body of a message.
MAIL_ENDS = ("_mail", "_email", "-mail", "-email")

#: More folders or files than any code base holds are a mistake (a mounted disk, a generated maze).
MOST_ENTRIES = 5_000_000


class PythonFile(NamedTuple):
    """A Python file that is not ignored."""

    path: str  #: relative to the root
    place: int  #: SHIPPED, TESTS, …


class Tree(NamedTuple):
    """What lies in a folder."""

    root: str
    python: list[PythonFile]
    manifests: list[PythonFile]
    hosting: list[str]
    pages: list[str]  #: template files that are shown to users
    scripts: list[str]  #: changes of a schema in SQL
    packages: set[str]  #: names of folders with an `__init__.py`
    skipped: list[Skipped]


class Names:
    """Names, and patterns of names as shells have them."""

    def __init__(self, words: Iterable[str]) -> None:
        self.plain = frozenset(words)
        patterns = [word for word in self.plain if not _is_literal(word)]
        # What begins or ends with one star is told without an expression, which takes longer to get ready than to ask.
        self.beginnings = tuple(word[:-1] for word in patterns if word.endswith("*") and _is_literal(word[:-1]))
        self.endings = tuple(word[1:] for word in patterns if word.startswith("*") and _is_literal(word[1:]))
        told = {f"{word}*" for word in self.beginnings} | {f"*{word}" for word in self.endings}
        others = [word for word in patterns if word not in told]
        self.others = _expression(others) if others else None

    def __contains__(self, name: str) -> bool:
        """Say whether a name is one of them."""
        return (
            name in self.plain
            or name.startswith(self.beginnings)
            or name.endswith(self.endings)
            or (self.others is not None and self.others.match(name) is not None)
        )


def _is_literal(word: str) -> bool:
    return not any(sign in word for sign in "*?[")


def _expression(words: list[str]) -> Pattern[str]:
    import re
    from fnmatch import translate

    return re.compile("|".join(map(translate, words)))


class Places:
    """Says what a folder or file is for, from its name alone."""

    def __init__(self, places: Mapping[str, Iterable[str]]) -> None:
        self.skipped = frozenset(places["skipped"])
        kinds = (
            ("tests", TESTS),
            ("examples", EXAMPLES),
            ("docs", DOCS),
            ("vendored", VENDORED),
            ("templates", TEMPLATE),
        )
        self.folders = [(Names(places[key]), place) for key, place in kinds]
        self.test_files = Names(places["test_files"])
        self.generated = tuple(word.lstrip("*") for word in places["generated_files"])
        self.page_files = frozenset(places["page_files"])
        self.page_folders = frozenset(places["page_folders"])
        self.mail_folders = frozenset(places["mail_folders"])
        self._known: dict[str, int] = {}

    def folder(self, name: str, above: int) -> int:
        """Return the place of a folder, given the place of the folder it is in."""
        if above != SHIPPED:
            return above
        name = name.lower()
        place = self._known.get(name)
        if place is None:
            place = next((place for names, place in self.folders if name in names), SHIPPED)
            self._known[name] = place
        return place

    def file(self, name: str, above: int) -> int:
        """Return the place of a Python file."""
        if above != SHIPPED:
            return above
        if name.endswith(self.generated):
            return VENDORED
        return TESTS if "test" in name and name in self.test_files else above


class _Folder(NamedTuple):
    path: str  #: relative, ending in "/", or "" for the root
    place: int
    code: int  #: the place of Python files in it, which among templates are no code of the project
    pages: int  #: 0 no template folder above, 1 inside one, 2 inside one for mail
    ignores: tuple[IgnoreFile, ...] | None  #: None where rules are not honoured


def walk(root: str, places: Places) -> Tree:
    """List what can matter below a folder. Links are not followed; what cannot be listed is in `skipped`.

    Rules that ignore every Python file are not honoured: files that are tracked all the same are never ignored.
    """
    tree = _walk(root, places, honoured=True)
    if not tree.python:
        everything = _walk(root, places, honoured=False)
        if everything.python:
            everything.skipped.append(Skipped(".gitignore", "ignores every Python file: not honoured"))
            return everything
    return tree


def _walk(root: str, places: Places, *, honoured: bool) -> Tree:
    tree = Tree(root, [], [], [], [], [], set(), [])
    stack = [_Folder("", SHIPPED, SHIPPED, 0, _rules_above(tree) if honoured else None)]
    seen = 0
    while stack and seen < MOST_ENTRIES:
        folder = stack.pop()
        try:
            with os.scandir(f"{root}/{folder.path}") as found:
                entries = list(found)
        except OSError as problem:
            tree.skipped.append(Skipped(folder.path.rstrip("/") or ".", _reason(problem)))
            continue
        seen += len(entries)
        _list_folder(tree, folder, entries, places, stack)
    if stack:
        tree.skipped.append(Skipped(stack[-1].path, "the folder holds too many entries"))
    return tree


def _list_folder(
    tree: Tree, folder: _Folder, entries: list[os.DirEntry[str]], places: Places, stack: list[_Folder]
) -> None:
    names = {entry.name for entry in entries}
    if folder.path and "pyvenv.cfg" in names:
        return
    here = _with_own_rules(tree, folder, names)
    for entry in entries:
        name = entry.name
        dot = name.rfind(".")
        end = name[dot:] if dot > 0 else ""
        if end == ".py":
            _python_file(tree, here, entry, places)
        elif end and end in places.page_files:
            _page_file(tree, here, entry)
        elif end == ".sql":
            _script_file(tree, here, entry)
        elif entry.is_dir(follow_symlinks=False):
            inner = _enter(here, name, places)
            if inner:
                stack.append(inner)
        elif not end or end in _OTHER or name.startswith(_CONTAINERS):
            _other_file(tree, here, entry)


def _with_own_rules(tree: Tree, folder: _Folder, names: set[str]) -> _Folder:
    """Return the folder with what only its content tells: ignore rules, and whether templates lie here."""
    ignores = folder.ignores
    if ".gitignore" in names and ignores is not None:
        more = _read_ignore(tree, f"{folder.path}.gitignore", folder.path)
        ignores = (*ignores, more) if more else ignores
    if "__init__.py" in names and folder.path:
        tree.packages.add(folder.path.rstrip("/").rpartition("/")[2])
    code = TEMPLATE if folder.pages == 1 and "__init__.py" not in names and folder.place == SHIPPED else folder.place
    return folder._replace(ignores=ignores, code=code)


def _python_file(tree: Tree, folder: _Folder, entry: os.DirEntry[str], places: Places) -> None:
    path = folder.path + entry.name
    if not _plain_file(tree, folder, entry) or _ignored(path, entry.name, folder.ignores):
        return
    tree.python.append(PythonFile(path, places.file(entry.name, folder.code)))
    if entry.name.lower() in MANIFESTS:
        tree.manifests.append(PythonFile(path, folder.place))


def _page_file(tree: Tree, folder: _Folder, entry: os.DirEntry[str]) -> None:
    path = folder.path + entry.name
    wanted = (
        folder.pages == 1
        and not entry.name.partition(".")[0].endswith(MAIL_ENDS)
        and folder.place == SHIPPED
        and entry.is_file(follow_symlinks=False)
    )
    if wanted and not _ignored(path, entry.name, folder.ignores):
        tree.pages.append(path)


def _script_file(tree: Tree, folder: _Folder, entry: os.DirEntry[str]) -> None:
    path = folder.path + entry.name
    lower = path.lower()
    if folder.place != SHIPPED or not ("migrat" in lower or "upgrade" in lower):
        return
    if entry.is_file(follow_symlinks=False) and not _ignored(path, entry.name, folder.ignores):
        tree.scripts.append(path)


_CONTAINERS = ("Dockerfile", "Containerfile")
_OTHER = frozenset((".toml", ".txt", ".cfg", ".lock", ".yml", ".yaml", ".ini", ".in", ".dev", ".prod", ".pip", ".sh",
                    ".service", ".wsgi", ".conf", ".dockerfile"))  # fmt: skip


def _enter(folder: _Folder, name: str, places: Places) -> _Folder | None:
    lower = name.lower()
    if name[0] == "." or lower in places.skipped:
        return None
    path = folder.path + name
    if _ignored(path, name, folder.ignores, folder=True):
        return None
    pages = folder.pages
    if lower in places.page_folders:
        pages = max(pages, 1)
    if lower in places.mail_folders:
        pages = 2
    place = places.folder(name, folder.place)
    return _Folder(f"{path}/", place, place, pages, folder.ignores)


def _other_file(tree: Tree, folder: _Folder, entry: os.DirEntry[str]) -> None:
    lower = entry.name.lower()
    path = folder.path + entry.name
    above = folder.path.rstrip("/").rpartition("/")[2].lower()
    named = "requirement" in lower or above.startswith("require")
    listed = lower in MANIFESTS or (named and lower.endswith((".txt", ".in", ".pip")))
    hosts = lower.startswith(HOSTING) or lower.endswith(HOSTING_ENDS)
    hosts = hosts or (lower.endswith(".sh") and lower.startswith(STARTING) and "test" not in lower)
    if not (listed or hosts) or not entry.is_file(follow_symlinks=False):
        return
    if _ignored(path, entry.name, folder.ignores):
        return
    if listed:
        tree.manifests.append(PythonFile(path, folder.place))
    if hosts and folder.place == SHIPPED:
        tree.hosting.append(path)


def _plain_file(tree: Tree, folder: _Folder, entry: os.DirEntry[str]) -> bool:
    if entry.is_file(follow_symlinks=False):
        return True
    if not entry.is_dir(follow_symlinks=False):
        why = "a link: not followed" if entry.is_symlink() else "not a regular file"
        tree.skipped.append(Skipped(folder.path + entry.name, why))
    return False


def _ignored(path: str, name: str, ignores: tuple[IgnoreFile, ...] | None, *, folder: bool = False) -> bool:
    for ignore in reversed(ignores or ()):
        said = ignore.says(path, name, folder=folder)
        if said is not None:
            return said
    return False


def _rules_above(tree: Tree) -> tuple[IgnoreFile, ...]:
    """Return the ignore rules of the repository that the root lies in, from its top down; none without one."""
    here = os.path.realpath(tree.root)
    names: list[str] = []
    while not os.path.lexists(f"{here}/.git"):
        here, _, name = here.rpartition("/")
        if not name:
            return ()
        names.insert(0, name)
    found = [_read_ignore(tree, "../" * len(names) + ".git/info/exclude", "", "/".join([*names, ""]))]
    for at in range(len(names)):
        up = "../" * (len(names) - at)
        found.append(_read_ignore(tree, f"{up}.gitignore", "", "/".join([*names[at:], ""])))
    return tuple(rules for rules in found if rules)


def _read_ignore(tree: Tree, path: str, base: str, way: str = "") -> IgnoreFile | None:
    try:
        data = read_bounded(f"{tree.root}/{path}", MOST_BYTES)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as problem:
        tree.skipped.append(Skipped(path, _reason(problem)))
        return None
    return parse_ignore(data.decode("utf-8", "replace"), base, way)


def read_bounded(path: str, most: int) -> bytes:
    """Read the beginning of a regular file; a device or a pipe gives nothing instead of hanging."""
    handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        return os.read(handle, most)
    finally:
        os.close(handle)


def _reason(problem: OSError) -> str:
    return (problem.strerror or str(problem)).lower()
