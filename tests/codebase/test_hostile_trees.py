"""What lies in folders besides code: links, pipes, giants, other encodings, and things that vanish."""

from __future__ import annotations

import os
import socket
import threading
from pathlib import Path
from time import process_time
from typing import Any

import pytest

from advisor.codebase import conclude, scan
from advisor.codebase.cache import yaml_data
from advisor.codebase.gather import MOST_BYTES
from advisor.codebase.manifests import MOST_BYTES_WRITTEN
from advisor.errors import AdvisorError

from .trees import APP, write


def reasons(folder: Path) -> dict[str, str]:
    return {skipped.path: skipped.why for skipped in scan(folder, jobs=1).skipped}


def test_a_link_that_leads_into_itself_is_not_followed(tmp_path: Path) -> None:
    write(tmp_path, {"a/app.py": APP})
    (tmp_path / "a" / "round").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "a" / "again.py").symlink_to("app.py")
    found = scan(tmp_path, jobs=1)
    assert found.python_files == 1
    assert [skipped.path for skipped in found.skipped] == ["a/again.py"]


def test_a_link_out_of_the_folder_is_not_read(tmp_path: Path) -> None:
    write(tmp_path, {"outside/app.py": APP, "inside/readme.py": ""})
    (tmp_path / "inside" / "app.py").symlink_to(tmp_path / "outside" / "app.py")
    assert scan(tmp_path / "inside", jobs=1).primary is None


def test_pipes_and_sockets_are_skipped_and_nothing_waits_for_them(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.py")
    os.mkfifo(tmp_path / "pyproject.toml")
    os.mkfifo(tmp_path / ".gitignore")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(os.path.relpath(tmp_path / "socket.py"))
        assert set(reasons(tmp_path)) == {"pipe.py", "socket.py"}


def test_a_giant_is_skipped_without_being_read_whole(tmp_path: Path) -> None:
    with (tmp_path / "giant.py").open("wb") as file:
        file.truncate(1 << 30)
    assert reasons(tmp_path) == {"giant.py": f"larger than {MOST_BYTES >> 20} MiB"}


def test_the_largest_file_that_is_read_is_read(tmp_path: Path) -> None:
    write(tmp_path, {"big.py": APP.encode() + b"#" * (MOST_BYTES - len(APP))})
    found = scan(tmp_path, jobs=1)
    assert found.primary is not None
    assert found.skipped == ()


def test_nul_bytes_are_no_text(tmp_path: Path) -> None:
    write(tmp_path, {"binary.py": b"import os\0\0"})
    assert reasons(tmp_path) == {"binary.py": "holds NUL bytes: not text"}


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-32", "utf-8-sig", "latin-1", "cp1252", "shift-jis"])
def test_other_encodings_still_say_what_they_import(tmp_path: Path, encoding: str) -> None:
    text = APP + "# ende\n"
    mark = b"\xff\xfe" if encoding == "utf-16-le" else b""
    write(tmp_path, {"app.py": mark + text.encode(encoding)})
    found = scan(tmp_path, jobs=1)
    assert found.primary is not None
    assert found.primary.routes == 1


def test_bytes_that_are_no_text_at_all_do_no_harm(tmp_path: Path) -> None:
    write(
        tmp_path,
        {"app.py": APP.encode() + b"x = '\xff\xfe\x80'\r\n\x0c\x1b[31m", "noise.py": bytes(range(1, 256)) * 99},
    )
    found = scan(tmp_path, jobs=1)
    assert found.primary is not None
    assert all(str(place).isprintable() for place in found.facts["routes"].evidence)


def test_line_ends_of_every_system_count_alike(tmp_path: Path) -> None:
    for name, end in (("unix", "\n"), ("windows", "\r\n"), ("old", "\r")):
        folder = write(tmp_path / name, {"app.py": APP.replace("\n", end)})
        found = scan(folder, jobs=1)
        assert [(place.line, place.what) for place in found.facts["routes"].evidence] == [(6, "@app.route('/')")], name


USES = """from flask import Flask

app = Flask(__name__)


def register(rule, view):
    app.add_url_rule(rule, view_func=view)


TEXT = '''
register("/none", print)
'''
register("/first", print); rest = "%s"
register("/second", '''w''')
""" % ("x" * 3000)
SCRIPT = "/* The first. */\ncreate table one (a integer);\n"
WRITTEN = {
    "unix": lambda text: text.encode(),
    "windows": lambda text: text.replace("\n", "\r\n").encode(),
    "old": lambda text: text.replace("\n", "\r").encode(),
    "marked": lambda text: b"\xef\xbb\xbf" + text.encode(),
    "utf-16": lambda text: text.encode("utf-16"),
    "utf-32": lambda text: text.encode("utf-32"),
}


@pytest.mark.parametrize("way", WRITTEN)
def test_what_is_read_a_second_time_is_read_as_at_first(tmp_path: Path, way: str) -> None:
    written = WRITTEN[way]
    write(tmp_path, {"app.py": written(USES), "migrations/1.sql": written(SCRIPT)})
    found = scan(tmp_path, jobs=1)
    assert [(place.line, place.what[:26]) for place in found.facts["routes"].evidence] == [
        (13, 'register("/first", print);'), (14, "register(\"/second\", '''w''")
    ]  # fmt: skip
    assert [(place.line, place.what) for place in found.facts["migrations"].evidence] == [
        (2, "create table one (a integer);")
    ]


@pytest.mark.parametrize("way", WRITTEN)
def test_words_that_say_a_fact_are_read_as_at_first(tmp_path: Path, way: str) -> None:
    write(tmp_path, {"app.py": WRITTEN[way](APP + "\nTOKEN = request.headers.get('Authorization')\n")})
    (place,) = scan(tmp_path, jobs=1).facts["auth"].evidence
    assert (place.line, place.what) == (9, "TOKEN = request.headers.get('Authorization')")


@pytest.mark.parametrize("after", ["gone", "pipe", "link", "folder", "other"])
def test_a_file_that_changes_before_it_is_read_again_does_no_harm(
    tmp_path: Path, after: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, {"app.py": USES, "views.py": "from app import register\n\nregister('/third', print)\n"})
    file = tmp_path / "views.py"
    resolved = conclude.resolve

    def change(*read: Any) -> Any:
        file.unlink()
        if after == "pipe":
            os.mkfifo(file)
        elif after == "link":
            file.symlink_to(tmp_path / "app.py")
        elif after == "folder":
            file.mkdir()
        elif after == "other":
            file.write_bytes(b"\0")
        return resolved(*read)

    monkeypatch.setattr(conclude, "resolve", change)
    assert {place.path for place in scan(tmp_path, jobs=1).facts["routes"].evidence} == {"app.py"}


def test_names_that_no_encoding_knows_can_be_shown(tmp_path: Path) -> None:
    write(tmp_path, {os.fsdecode(b"caf\xe9/app.py"): APP})
    found = scan(tmp_path, jobs=1)
    assert found.primary is not None
    assert str(found.as_json()).encode()


def test_an_unreadable_folder_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, {"open/app.py": APP, "shut/app.py": APP})
    listed = os.scandir

    def scandir(path: str) -> object:
        if path.rstrip("/").endswith("shut"):
            raise PermissionError(13, "Permission denied")
        return listed(path)

    monkeypatch.setattr(os, "scandir", scandir)
    assert reasons(tmp_path) == {"shut": "permission denied"}


def test_a_file_that_vanishes_before_it_is_read_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, {"app.py": APP, "gone.py": APP})
    opened = os.open

    def vanish(path: str, flags: int, *more: int) -> int:
        if path.endswith("gone.py"):
            Path(path).unlink()
        return opened(path, flags, *more)

    monkeypatch.setattr(os, "open", vanish)
    assert reasons(tmp_path) == {"gone.py": "no such file or directory"}


def test_a_tree_as_deep_as_the_system_allows_is_walked(tmp_path: Path) -> None:
    folder = tmp_path
    while len(str(folder)) < 3000:
        folder = folder / ("d" * 200)
    folder.mkdir(parents=True)
    write(folder, {"app.py": APP})
    assert scan(tmp_path, jobs=1).primary is not None


@pytest.mark.parametrize("text", ['"""' * 9999 + "\n", "(" * 99999, "'" * 99999, "@a.b." * 9999, "class X(" * 9999,
                                  "from x import (" * 9999, "\\" * 99999, "{{" * 50000, "x[" * 50000, "# '" * 50000],
                         ids=range(10))  # fmt: skip
def test_text_made_to_be_slow_is_not(tmp_path: Path, text: str) -> None:
    write(tmp_path, {"app.py": APP + text + "\n" + APP, "web.py": f"import tornado.web\n{text}\n"})
    assert scan(tmp_path, jobs=1).python_files == 2


def test_no_folder_is_said_plainly(tmp_path: Path) -> None:
    with pytest.raises(AdvisorError, match="no such folder"):
        scan(tmp_path / "missing")
    (tmp_path / "file").touch()
    with pytest.raises(AdvisorError, match="is no folder"):
        scan(tmp_path / "file")
    with pytest.raises(AdvisorError, match='"": no such folder'):
        scan("")


def test_an_empty_folder_says_nothing(tmp_path: Path) -> None:
    found = scan(tmp_path)
    assert (found.primary, found.python_files, dict(found.answers)) == (None, 0, {})


@pytest.mark.parametrize("spoiled", ["pipe", "device", "folder", "nothing", "noise"])
def test_markers_that_were_kept_are_only_used_whole(
    tmp_path: Path, spoiled: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    source = tmp_path / "m.yaml"
    source.write_text("a: [1, two]\n", encoding="utf-8")
    assert yaml_data(str(source))[0] == {"a": [1, "two"]}
    (entry,) = (tmp_path / "framework-advisor").iterdir()
    whole = entry.read_bytes()
    entry.unlink()
    if spoiled == "pipe":
        os.mkfifo(entry)
    elif spoiled == "device":
        entry.symlink_to("/dev/zero")
    elif spoiled == "folder":
        entry.mkdir()
    else:
        entry.write_bytes(whole[:-1] if spoiled == "noise" else b"")
    assert yaml_data(str(source))[0] == {"a": [1, "two"]}
    assert entry.is_dir() or entry.read_bytes() == whole
    assert len(list(entry.parent.iterdir())) == 1


def test_a_program_with_threads_is_not_forked(tmp_path: Path) -> None:
    write(tmp_path, {f"m{number}.py": APP for number in range(500)})
    done = threading.Event()
    waiting = threading.Thread(target=done.wait)
    waiting.start()
    try:
        assert scan(tmp_path, jobs=4).python_files == 500
    finally:
        done.set()
        waiting.join()


MANIFESTS = [
    ("pyproject.toml", "x = " + "[" * 5000),
    ("pyproject.toml", "x = " + "9" * 5000),
    ("pyproject.toml", "a" + ".a" * 9999 + " = 1\n"),
    ("pyproject.toml", "project = 1\ntool = []\n"),
    ("pyproject.toml", "[project]\nname = 1\ndependencies = {a = 1}\noptional-dependencies = [1]\n"),
    ("Pipfile", "[packages]\na = [[1]]\n"),
    ("Pipfile.lock", '{"default": ' * 9999),
    ("Pipfile.lock", '{"default": {"a": ' + "9" * 5000 + "}}"),
    ("Pipfile.lock", '{"default": 1}'),
    ("setup.py", "n = (3, 8)\nsetup(python_requires='%s{}{}'.format(*n))\n"),
    ("setup.py", "n = (3, 8)\nsetup(python_requires='50%{}{}'.format(*n))\n"),
]


@pytest.mark.parametrize(("name", "text"), MANIFESTS, ids=range(len(MANIFESTS)))
def test_a_manifest_that_says_nothing_sound_does_not_stop_a_scan(tmp_path: Path, name: str, text: str) -> None:
    write(tmp_path, {"app.py": APP, name: text})
    found = scan(tmp_path, jobs=1)
    assert [use.framework for use in found.frameworks] == ["flask"]
    assert [skipped for skipped in found.skipped if skipped.why not in ("not TOML", "not JSON")] == []


def test_a_manifest_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    write(tmp_path, {"pyproject.toml": "[project\n", "Pipfile.lock": "{", "a/setup.py": "#" * (MOST_BYTES_WRITTEN + 1)})
    assert reasons(tmp_path) == {
        "Pipfile.lock": "not JSON", "a/setup.py": "not read beyond 256 KiB", "pyproject.toml": "not TOML"
    }  # fmt: skip


SLOW = {
    "many dependencies": ("pyproject.toml", "[project]\ndependencies = [" + "'ab',\n" * 2000 + "]\n"),
    "many locked": ("Pipfile.lock", '{"default": {' + ",\n".join(f'"a{n}": {{}}' for n in range(9999)) + "}}"),
    "a list that never ends": ("setup.py", "install_requires=[" * 9999),
    "a text that never ends": ("setup.py", "install_requires=[" + '\\"' * 40_000),
    "many variables": ("setup.py", "install_requires=" + " ".join(f"a{n}" for n in range(9999))),
    "blank lines behind a variable": ("setup.py", "install_requires=a\n" + "\n" * 60_000),
    "many strings": ("setup.py", "install_requires=[" + "'a'," * 40_000),
    "blank lines behind a header": ("setup.cfg", "[metadata]\n" + "\n" * 40_000),
    "many headers": ("setup.cfg", "[metadata]\na\n" * 9999),
    "many requirements": ("requirements.txt", "a\n" * 100_000),
    "many stars": (".gitignore", "*a" * 20 + "*b\n"),
    "many folders between stars": (".gitignore", "**/a/" * 20 + "b\n"),
    "nothing between stars": (".gitignore", "**/" * 30 + "b\n"),
    "many rules": (".gitignore", "".join(f"*{n}\n" for n in range(20_000))),
    "a long rule": (".gitignore", "*a" * 50_000),
    "decorators of nothing": ("web.py", APP + "@app.route('/x')\n" * 5000),
    "calls that never end": ("web.py", APP + "f = Flask(\n" * 9999),
    "a word many times on one line": ("web.py", "from flask import Flask as a\n" + "a, " * 40_000),
    "imports that stand under nothing": ("web.py", " import flask\n" * 5000),
    "an import without end": ("wsgi.py", "from a import b, " * 9999),
    "classes of nothing": ("web.py", APP + "class A(B):\n" * 9999),
}  # fmt: skip


@pytest.mark.parametrize("case", SLOW)
def test_a_file_beside_the_code_that_is_made_to_be_slow_is_not(tmp_path: Path, case: str) -> None:
    name, text = SLOW[case]
    write(tmp_path, {"app.py": APP, name: text, "a" * 200 + ".py": APP, "a/" * 40 + "x.py": APP})
    began = process_time()
    assert scan(tmp_path, jobs=1).primary is not None
    assert process_time() - began < 2


REGISTRAR = APP + "def add(rule, view):\n    app.add_url_rule(rule)\n"
LOOP = APP + "def load(table):\n    for a, b in table:\n        app.add_url_rule(a, b)\n"
LARGE = {
    "uses": (REGISTRAR, "add('/x', view)\n"),
    "uses that hand on": (REGISTRAR + "def several(name):\n", "    add(name, view)\n"),
    "uses in a class": (REGISTRAR + "class Several:\n", "    add(name, view)\n"),
    "uses that never end": (REGISTRAR, "add( " + "x + " * 20 + "\n"),
    "uses on one line": (REGISTRAR, "add(name, view);"),
    "decorators": (REGISTRAR, "@add\n"),
    "one use with many words": (REGISTRAR + "add(", "'GET', "),
    "one name many times": (REGISTRAR, "def add(rule):\n    app.add_url_rule(rule)\nadd('/x')\n"),
    "one name that hands on": (REGISTRAR, "def add(rule):\n    app.add_url_rule(rule)\n    add(rule)\n"),
    "a function without end": (REGISTRAR + "def more(rule):\n", "    x.add_url_rule(rule, view)\n"),
    "many parameters": (REGISTRAR + "def more(" + "a, " * 50_000 + "):\n", "    app.add_url_rule(b)\n"),
    "loops without end": (REGISTRAR, "    for a" + " in" * 180 + "\n    app.add_url_rule(a)\n"),
    "loops behind": (REGISTRAR + "def more(a):\n", "app.add_url_rule(a) for " + ",x" * 500 + "\n"),
    "tables in loops": (REGISTRAR, "    for a in (1,\n    2]:\n        app.add_url_rule(a)\n"),
    "tables of tables": (REGISTRAR, "    for a in [\n        app.add_url_rule(a,\n"),
    "pairs": (LOOP, '("/a", Some),\n'),
    "pairs that never end": (LOOP, '("/a", ' + "a." * 50 + "\n"),
    "paths that never end": ("from django.urls import path\nx = [\n", "    path(rule\n"),
    "subclasses": ("from werkzeug.routing import Rule\n" + REGISTRAR, "class A(Rule): pass\n"),
    "quotes that never end": (REGISTRAR, "add(" + '\\"' * 900 + "\n"),
    "applications in one function": (REGISTRAR + "def make():\n", " f = Flask(a)\n"),
    "applications in many functions": (REGISTRAR, "def make():\n a = Flask(a)\n"),
    "imports that never end": ("import flask\n", "from flask import (\n"),
    "classes that never end": ("import flask\n", "class A[\n"),
    "one word": (REGISTRAR + "def authed():\n    ", "KeystoneAuthMiddleware_render"),
    "steps": ("import os\n", "def " + "migrat" * 300 + "\n"),
}


def spent(folder: Path, text: str) -> float:
    """Return the seconds that the processor needs to scan one file."""
    write(folder, {"migrations.py": text, "app.py": APP})
    began = process_time()
    assert scan(folder, jobs=1).primary is not None
    return process_time() - began


SMALL = 1 << 15
MORE = 4
SQUARE = MORE * MORE


@pytest.mark.parametrize("case", LARGE)
def test_a_larger_file_takes_more_time_by_as_much_as_it_is_larger(tmp_path: Path, case: str) -> None:
    head, part = LARGE[case]
    few = SMALL // len(part)
    small = spent(tmp_path, head + part * few)
    large = spent(tmp_path, head + part * (few * MORE))
    assert large < SQUARE * 0.7 * max(small, 0.02)


def test_many_functions_that_register_are_not_looked_for(tmp_path: Path) -> None:
    text = "".join(f"def f{n}(rule):\n    app.add_url_rule(rule)\nf{n}('/x')\n" for n in range(8_000))
    small = spent(tmp_path, REGISTRAR + text[: len(text) // MORE])
    assert spent(tmp_path, REGISTRAR + text) < SQUARE * 0.7 * small
    assert scan(tmp_path, jobs=1).facts["routes"].count == 8_003


@pytest.mark.parametrize("text", ["<div id=app " * 5000, "<div " * 12_000, "<div id=app>" + " " * 60_000], ids=range(3))
def test_a_page_made_to_be_slow_is_not(tmp_path: Path, text: str) -> None:
    shown = "@app.route('/one')\ndef one():\n    return render_template('index.html')\n"
    write(tmp_path, {"app.py": "from flask import render_template\n" + APP + shown, "templates/index.html": text})
    began = process_time()
    assert scan(tmp_path, jobs=1).facts["templates"].present
    assert process_time() - began < 2
