"""Nothing that is loaded or scanned is executed, nothing is sent, and no foreign text steers the terminal."""

from __future__ import annotations

import ast
import json
import socket
from pathlib import Path

import pytest

from tests.conftest import Advisor
from tests.fuzz.judging import outcome, steers
from tests.knowledge.tiny import TINY, changed

ROOT = Path(__file__).resolve().parents[2]
SPITEFUL = "\x1b[31mred\x1b[0m\u202eback\x07\u009b2J\x1b]0;title\x07"


def test_only_safe_loaders_are_named_anywhere() -> None:
    for path in sorted((ROOT / "advisor").rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        nodes = [node for node in ast.walk(tree) if isinstance(node, ast.Attribute | ast.Name)]
        named = {node.attr if isinstance(node, ast.Attribute) else node.id for node in nodes}
        assert not named & {
            "FullLoader",
            "UnsafeLoader",
            "Loader" if "yaml" in named else "",
            "full_load",
            "unsafe_load",
        }
        assert not named & {"eval", "exec", "execfile", "run_path", "run_module"}, path


@pytest.mark.parametrize(
    "text",
    [
        "x: !!python/object/apply:os.system [touch pwned]\n",
        "!!python/object/new:subprocess.Popen [[touch, pwned]]\n",
        "x: !!python/name:os.system\n",
        "async: !!python/object/apply:pathlib.Path.touch [pwned]\n",
    ],
)
@pytest.mark.parametrize(
    "reader", ["recommend --rules", "recommend --answers", "rules test --cases", "verify", "batch"]
)
def test_a_tag_that_would_run_something_is_refused(
    text: str, reader: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("x.yaml").write_text(text, encoding="utf-8")
    assert outcome([*reader.split(), "x.yaml"]).code == 2
    assert [path.name for path in tmp_path.iterdir()] == ["x.yaml"]


def test_a_scanned_code_base_is_not_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    trap = "from pathlib import Path\nPath('pwned').touch()\nfrom flask import Flask\napp = Flask(__name__)\n"
    for name in ("app.py", "setup.py", "conftest.py", "sitecustomize.py", "flask.py", "typer.py", "yaml.py", "json.py"):
        (tmp_path / name).write_text(trap, encoding="utf-8")
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "x"\ndependencies = ["flask"]\n', encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    for command in ("scan", "scan --format json", "recommend --codebase .", "scan --each"):
        assert outcome(command.split()).code == 0
    assert not (tmp_path / "pwned").exists()


def test_no_command_opens_a_socket(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_arguments: object, **_settings: object) -> None:
        raise AssertionError("a socket was opened")

    for name in ("socket", "create_connection", "getaddrinfo"):
        monkeypatch.setattr(socket, name, refused)
    monkeypatch.chdir(tmp_path)
    assert outcome(["recommend", "--async", "must", "--output", "r.json"]).code == 0
    for command in (
        "recommend --async must --format html", "recommend --async must --format adr", "compare", "needs", "scan",
        "why-not flask", "examples list", "rules check", "rules show", "schema", "verify r.json", "diff r.json r.json",
        "recommend --async must --format markdown", "examples show flask/json-api",
    ):  # fmt: skip
        assert outcome(command.split()).code == 0, command
    assert outcome(["batch"], b'{"async": "must"}\n').code == 0


@pytest.mark.parametrize("output", ["text", "markdown", "adr", "html", "json"])
def test_spiteful_text_of_a_report_does_not_steer_the_terminal(output: str, tmp_path: Path) -> None:
    report = json.loads(outcome(["recommend", "--legacy", "flask", "--async", "must", "--format", "json"]).out)
    report["answers"]["async"]["evidence"] = [SPITEFUL]
    report["legacy"]["figures"] = [SPITEFUL]
    report["report"] = {"title": SPITEFUL, "project": SPITEFUL, "author": SPITEFUL}
    path = tmp_path / "r.json"
    path.write_text(json.dumps(report), encoding="utf-8")
    found = outcome(["recommend", "--from", str(path), "--format", output])
    assert (found.code, found.err) == (0, "")
    assert not [sign for sign in found.out if steers(sign)]
    coloured = outcome(["recommend", "--from", str(path)], environment={"FORCE_COLOR": "1"})
    assert "\x1b[31mred" not in coloured.out
    assert "\x1b]0;" not in coloured.out


def test_spiteful_names_in_a_code_base_do_not_steer_the_terminal(tmp_path: Path) -> None:
    (tmp_path / "a\x1b[31m\u202eb.py").write_text(
        "from flask import Flask\napp = Flask(__name__)\n@app.route('/\x1b[2J\u202e')\ndef f(): ...\n", encoding="utf-8"
    )
    for more in ((), ("--detail",), ("--format", "json")):
        found = outcome(["scan", str(tmp_path), *more])
        assert found.code == 0
        assert not [sign for sign in found.out + found.err if steers(sign)]
    coloured = outcome(["scan", str(tmp_path), "--detail"], environment={"FORCE_COLOR": "1"})
    assert "a\x1b[31m" not in coloured.out
    assert "\u202e" not in coloured.out


@pytest.mark.parametrize("title", [SPITEFUL, "\u200bx\u2066"])
def test_spiteful_rules_do_not_steer_the_terminal(title: str, tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_text(changed(("title: Two tools", f"title: {json.dumps(title)}")), encoding="utf-8")
    for command in ("recommend", "needs", "rules check", "rules show", "compare", "recommend --format html"):
        found = outcome([*command.split(), "--rules", str(path)])
        assert found.code in (0, 2)
        assert not [sign for sign in found.out + found.err if steers(sign)]


@pytest.mark.parametrize(
    "words", [("--set", SPITEFUL), ("--async", SPITEFUL), (SPITEFUL,), ("--output", SPITEFUL + "/x.md")]
)
def test_spiteful_arguments_are_shown_escaped(words: tuple[str, ...]) -> None:
    found = outcome(["recommend", *(word.replace("\x00", "") for word in words)])
    assert found.code == 2
    assert not [sign for sign in found.err if steers(sign)]


def test_an_example_that_became_a_link_to_elsewhere_is_not_shown(tmp_path: Path, advisor: Advisor) -> None:
    cell = tmp_path / "rules" / "examples" / "hammer" / "hit"
    cell.mkdir(parents=True)
    (tmp_path / "secret").write_text("secret words", encoding="utf-8")
    (cell / "app.py").write_text("print(1)\n", encoding="utf-8")
    (tmp_path / "rules" / "tiny.yaml").write_text(TINY, encoding="utf-8")
    (tmp_path / "rules" / "examples.yaml").write_text(
        "topics: {hit: {title: T, task: T}}\nexamples: {hammer: {hit: {shows: s}}}\n", encoding="utf-8"
    )
    show = ("examples", "show", "hammer/hit", "--rules", str(tmp_path / "rules" / "tiny.yaml"))
    assert "print(1)" in advisor(*show).out
    (cell / "app.py").unlink()
    (cell / "app.py").symlink_to(tmp_path / "secret")
    ran = advisor(*show)
    assert (ran.code, ran.out) == (2, "")
    assert "leaves its folder" in ran.err


@pytest.mark.parametrize(
    "text",
    [
        "[" * 5000,
        "- " * 5000,
        "a: " + "{a: " * 5000,
        "a: &a [x, x, x, x, x, x, x, x, x]\n"
        + "".join(f"{chr(98 + n)}: &{chr(98 + n)} [{', '.join(['*' + chr(97 + n)] * 9)}]\n" for n in range(9)),
        '{"a":' * 100_000,
    ],
    ids=["flow", "block", "mapping", "laughs", "json"],
)
@pytest.mark.parametrize(
    "reader", ["recommend --rules", "recommend --answers", "rules test --cases", "verify", "batch"]
)
def test_depth_and_aliases_have_limits(text: str, reader: str, tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_text(text, encoding="utf-8")
    found = outcome([*reader.split(), str(path)])
    assert found.code == 2
    assert found.seconds < 2


@pytest.mark.parametrize("text", ["[" * 5000, "x: &a [*a]\n", "\xff", "topics: !!python/name:os.system\n"])
def test_the_grid_of_examples_has_the_same_limits(text: str, tmp_path: Path) -> None:
    (tmp_path / "tiny.yaml").write_text(TINY, encoding="utf-8")
    (tmp_path / "examples.yaml").write_bytes(text.encode("latin-1"))
    found = outcome(["examples", "list", "--rules", str(tmp_path / "tiny.yaml")])
    assert (found.code, found.err.count("error: ")) == (2, 1)
