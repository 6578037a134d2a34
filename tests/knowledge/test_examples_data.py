"""The data file of the examples: what it may say and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from advisor.errors import AdvisorError
from advisor.knowledge.examples import load_examples, read_examples
from advisor.knowledge.model import Example, Gap

DATA = """\
tested: {packages: {flask: 3.1.3}}
topics:
  hello: {title: Hello, task: Says hello., criteria: [small]}
  admin: {title: A back office, task: Staff log in., criteria: [back-office, small]}
examples:
  flask:
    hello:
      shows: Five lines.
      packages: [flask]
      try: [{command: curl -s localhost:8000, output: hello}]
    admin:
      why_not: There is none in this framework.
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of a rules author with one example."""
    (tmp_path / "examples/flask/hello").mkdir(parents=True)
    (tmp_path / "examples/flask/hello/app.py").write_text("print('hello')\n", encoding="utf-8")
    (tmp_path / "examples.yaml").write_text(DATA, encoding="utf-8")
    return tmp_path


def defects_of(folder: Path, data: str) -> tuple[str, ...]:
    (folder / "examples.yaml").write_text(data, encoding="utf-8")
    return read_examples(folder, ["flask"], ["small", "back-office"]).defects


def test_an_example_is_read_with_what_its_topic_says(folder: Path) -> None:
    grid = load_examples(folder, ["flask"], ["small", "back-office"])
    assert grid.examples == (
        Example(
            alternative="flask",
            topic="hello",
            title="Hello",
            shows="Five lines.",
            path="examples/flask/hello/app.py",
            files=("examples/flask/hello/app.py",),
            run="uv run app.py",
            try_lines=(("curl -s localhost:8000", "hello"),),
            criteria=("small",),
            versions={"flask": "3.1.3"},
        ),
    )
    assert grid.gaps == (Gap("flask", "admin", "There is none in this framework."),)


def test_rules_without_a_data_file_have_no_examples(tmp_path: Path) -> None:
    assert load_examples(tmp_path, ["flask"], []) == ((), (), (), ())


def test_all_defects_are_told_together_with_their_lines(folder: Path) -> None:
    data = (
        DATA.replace("  flask:\n", "  flaks: {}\n  flask:\n")
        .replace("criteria: [small]", "criteria: [smal]")
        .replace("packages: [flask]", "packages: [flsk]")
        .replace("command:", "comand:")
    )
    assert defects_of(folder, data) == (
        'examples.yaml:3: topics.hello.criteria: unknown criterion "smal"; did you mean "small"?',
        'examples.yaml:6: examples.flaks: unknown alternative "flaks"; did you mean "flask"?',
        'examples.yaml:11: examples.flask.hello.try.0.comand: unknown key "comand"; did you mean "command"?',
        'examples.yaml:11: examples.flask.hello.try.0.command: "command" is missing or no text',
        'examples.yaml:10: examples.flask.hello.packages: no tested version of "flsk"; did you mean "flask"?',
    )
    with pytest.raises(AdvisorError, match=r"5 defects in the examples") as refused:
        load_examples(folder, ["flask"], ["small", "back-office"])
    assert refused.value.message.count("\n") == 5


@pytest.mark.parametrize(
    ("line", "defect"),
    [
        ("    helo: {shows: x}", '6: examples.flask.helo: unknown topic "helo"; did you mean "hello"?'),
        ("    hello: [x]", "6: examples.flask.hello: expected a mapping with words as keys"),
        ("    hello: {shows: x, file: other.py}", '6: examples.flask.hello.file: there is no file "other.py" in'),
        ("    hello: {shows: x, files: app.py}", "6: examples.flask.hello.files: expected a list of words"),
        ("    hello: {shows: x, try: curl}", "6: examples.flask.hello.try: expected a list of {command, output}"),
        ("    hello: {shows: 1}", '6: examples.flask.hello.shows: "shows" is missing or no text'),
        ("    hello: {why_not: x, shows: x}", "6: examples.flask.hello: why_not says that there is no example"),
    ],
)
def test_a_cell_that_makes_no_sense_is_refused(folder: Path, line: str, defect: str) -> None:
    head = DATA.partition("    hello:\n")[0].replace("tested: {packages: {flask: 3.1.3}}\n", "")
    (found,) = defects_of(folder, head + line + "\n")
    assert found.startswith(f"examples.yaml:{defect}")


@pytest.mark.parametrize(
    "name", ["../../../secret.py", "../hello2/app.py", "/etc/hostname", "link.py", "out/secret.py"]
)
def test_a_path_that_leaves_its_folder_is_refused(folder: Path, name: str) -> None:
    (folder / "secret.py").write_text("", encoding="utf-8")
    (folder / "examples/flask/hello2").mkdir()
    (folder / "examples/flask/hello2/app.py").write_text("", encoding="utf-8")
    (folder / "examples/flask/hello/link.py").symlink_to(folder / "secret.py")
    (folder / "examples/flask/hello/out").symlink_to(folder)
    for data in (
        DATA.replace("shows: Five", f"file: {name}\n      shows: Five"),
        DATA.replace("shows: Five", f"files: [{name}]\n      shows: Five"),
    ):
        (defect,) = defects_of(folder, data)
        assert f'"{name}" leaves its folder examples/flask/hello' in defect


def test_a_cell_that_is_a_link_to_elsewhere_is_refused(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    (elsewhere / "app.py").write_text("", encoding="utf-8")
    (folder / "examples/flask/hello/app.py").unlink()
    (folder / "examples/flask/hello").rmdir()
    (folder / "examples/flask/hello").symlink_to(elsewhere)
    (defect,) = defects_of(folder, DATA)
    assert "leads out of examples" in defect


def test_broken_yaml_is_told_with_its_place(folder: Path) -> None:
    (defect,) = defects_of(folder, "topics: {\n  a: [}\n")
    assert defect == "examples.yaml:2:7: is not YAML: did not find expected node content"
    assert "examples.yaml:1: the file: expected a mapping" in defects_of(folder, "- a\n")[0]
