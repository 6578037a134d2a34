"""`advisor examples`: the grid, one example, two side by side, and saving."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from advisor.cli.app import run
from advisor.knowledge import load_rules

RULES = load_rules()
Advisor = Callable[..., tuple[int, str, str]]


@pytest.fixture
def advisor(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Advisor:
    """Run a command line; returns exit code, stdout and stderr."""
    for name in ("FORCE_COLOR", "NO_COLOR", "ACCESSIBLE", "TERM"):
        monkeypatch.delenv(name, raising=False)

    def command(*arguments: str, columns: int = 80, **environment: str) -> tuple[int, str, str]:
        with monkeypatch.context() as patch:
            patch.setenv("COLUMNS", str(columns))
            for name, value in environment.items():
                patch.setenv(name, value)
            code = run(["examples", *arguments])
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return command


def test_the_grid_has_a_line_for_every_topic_and_a_column_for_every_framework(advisor: Advisor) -> None:
    code, out, _ = advisor("list")
    assert code == 0
    header = next(line for line in out.splitlines() if line.startswith("topic"))
    assert header.split() == ["topic", *(alternative.name for alternative in RULES.alternatives)]
    for example in RULES.examples:
        assert re.search(rf"^{example.topic} +\d+ ", out, flags=re.MULTILINE)


@pytest.mark.parametrize(("columns", "first"), [(80, "json-api "), (40, "json-api "), (36, "json-api Django: ")])
def test_the_grid_fits_the_terminal(advisor: Advisor, columns: int, first: str) -> None:
    _, out, _ = advisor("list", columns=columns)
    grid = out.split("\n\n")[1].splitlines()
    assert max(map(len, grid)) <= columns
    assert next(line for line in grid if line.startswith("json-api")).startswith(first)


def test_one_topic_lists_only_that(advisor: Advisor) -> None:
    _, out, _ = advisor("list", "--topic", "validation")
    assert "validation" in out
    assert "websocket" not in out
    for example in RULES.examples:
        assert (example.shows in out) == (example.topic == "validation")


def test_json_lists_every_example_with_what_is_needed_to_run_it(advisor: Advisor) -> None:
    _, out, _ = advisor("list", "--format", "json")
    document = json.loads(out)
    assert {(row["alternative"], row["topic"]) for row in document["examples"]} == {
        (example.alternative, example.topic) for example in RULES.examples
    }
    first = document["examples"][0]
    assert first["run"] == RULES.examples[0].run
    assert first["try"][0] == {
        "command": RULES.examples[0].try_lines[0][0],
        "output": RULES.examples[0].try_lines[0][1],
    }


@pytest.mark.parametrize(
    ("arguments", "message", "hint"),
    [
        (("list", "--topic", "validatoin"), "no such topic", 'did you mean "validation"?'),
        (("list", "--format", "jsn"), "unknown format", 'did you mean "json"?'),
        (("show", "fastapi/valid"), "no such example", 'did you mean "fastapi/validation"?'),
        (("show", "flask/validation", "--beside", "djnago"), "--beside: no such", 'did you mean "django/validation"?'),
        (("save", "fastapi/validation"), "where to", "advisor examples save FRAMEWORK/TOPIC DIR"),
    ],
)
def test_a_wrong_word_is_refused_with_a_suggestion(
    advisor: Advisor, arguments: tuple[str, ...], message: str, hint: str
) -> None:
    code, out, err = advisor(*arguments)
    assert code == 2
    assert out == ""
    assert message in err
    assert hint in err


def test_an_example_is_shown_with_how_to_run_and_try_it(advisor: Advisor) -> None:
    code, out, _ = advisor("show", "fastapi/validation")
    example = next(found for found in RULES.examples if (found.alternative, found.topic) == ("fastapi", "validation"))
    assert code == 0
    assert example.shows in out
    assert "run    uv run app.py" in out
    assert example.try_lines[0][0] in out
    assert (Path(RULES.folder) / example.path).read_text(encoding="utf-8").strip() in out


def test_two_examples_stand_side_by_side_where_the_width_allows(advisor: Advisor) -> None:
    _, out, _ = advisor("show", "fastapi/validation", "--beside", "flask", columns=180)
    rows = [line.split("│") for line in out.splitlines() if "│" in line]
    assert [part.strip() for part in rows[0]] == ["fastapi/validation", "flask/validation"]
    assert any("FastAPI(title" in row[0] and "APIFlask" not in row[0] for row in rows)
    assert len({line.index("│") for line in out.splitlines() if "│" in line}) == 1


@pytest.mark.parametrize(("columns", "options"), [(100, ()), (180, ("--plain",))])
def test_two_examples_follow_each_other_where_it_does_not(
    advisor: Advisor, columns: int, options: tuple[str, ...]
) -> None:
    _, out, _ = advisor("show", "fastapi/validation", "--beside", "flask", *options, columns=columns)
    assert "│" not in out
    assert out.index("--- examples/fastapi/validation/app.py") < out.index("--- examples/flask/validation/app.py")


def test_colour_changes_no_letter_of_the_code(advisor: Advisor) -> None:
    for arguments in (("show", "django/admin", "--all-files"), ("show", "flask/websocket", "--beside", "fastapi")):
        _, bare, _ = advisor(*arguments, columns=180)
        _, coloured, _ = advisor(*arguments, columns=180, FORCE_COLOR="1")
        assert "\x1b[" in coloured
        shown = [re.sub(r"\x1b\[[\d;]*m", "", line).rstrip() for line in coloured.splitlines()]
        assert shown == [line.rstrip() for line in bare.splitlines()]


def test_a_saved_example_is_a_copy_and_the_next_command_is_printed(advisor: Advisor, tmp_path: Path) -> None:
    folder = tmp_path / "my try"
    code, out, _ = advisor("save", "django/database", str(folder))
    example = next(found for found in RULES.examples if (found.alternative, found.topic) == ("django", "database"))
    assert code == 0
    assert out == f"cd '{folder}' && uv run app.py\n"
    source = Path(RULES.folder) / "examples/django/database"
    saved = {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    assert saved == {
        str((Path(RULES.folder) / path).relative_to(source)): (Path(RULES.folder) / path).read_bytes()
        for path in example.files
    }


def test_the_printed_command_is_one_that_a_shell_understands(advisor: Advisor, tmp_path: Path) -> None:
    _, out, _ = advisor("save", "flask/json-api", str(tmp_path / "it's $HOME"))
    entered = subprocess.run(["sh", "-c", f"{out.split(' && ')[0]} && ls"], capture_output=True, text=True, check=True)
    assert entered.stdout == "app.py\n"


def test_several_examples_are_saved_into_a_folder_each(advisor: Advisor, tmp_path: Path) -> None:
    _, out, _ = advisor("save", "flask/json-api", "django/json-api", "flask/json-api", str(tmp_path))
    assert {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file()} == {
        "flask/json-api/app.py",
        "django/json-api/app.py",
    }
    assert len(out.splitlines()) == 2


def test_nothing_is_overwritten_unless_told(advisor: Advisor, tmp_path: Path) -> None:
    (tmp_path / "models.py").write_text("mine", encoding="utf-8")
    code, _, err = advisor("save", "fastapi/database", str(tmp_path))
    assert code == 2
    assert "models.py" in err
    assert "--force" in err
    assert [path.name for path in tmp_path.iterdir()] == ["models.py"]
    code, _, _ = advisor("save", "fastapi/database", str(tmp_path), "--force")
    assert code == 0
    assert "class Note" in (tmp_path / "models.py").read_text(encoding="utf-8")


def test_saving_where_no_folder_can_be_made_is_told_in_one_line(advisor: Advisor, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    code, _, err = advisor("save", "flask/json-api", str(tmp_path / "file" / "below"))
    assert code == 2
    assert err.startswith("error: cannot save to ")
    (tmp_path / "there" / "app.py").mkdir(parents=True)
    code, _, err = advisor("save", "flask/json-api", str(tmp_path / "there"), "--force")
    assert code == 2
    assert "no file, but in the way" in err
    (tmp_path / "here").mkdir()
    os.mkfifo(tmp_path / "here" / "app.py")
    code, _, err = advisor("save", "flask/json-api", str(tmp_path / "here"), "--force")
    assert code == 2
    assert "no file, but in the way" in err
    assert (tmp_path / "here" / "app.py").is_fifo()


@pytest.fixture
def own_rules(tmp_path: Path) -> Path:
    """A rules author's file that extends the shipped one and has an example of its own beside it."""
    folder = tmp_path / "rules"
    (folder / "examples/flask/mail/src/mail").mkdir(parents=True)
    (folder / "examples/flask/mail/src/mail/app.py").write_text("print('sent')\n", encoding="utf-8")
    (folder / "examples/flask/mail/LICENSE").write_bytes(b"free\xff")
    (folder / "examples.yaml").write_text(
        """\
topics:
  mail: {title: Mail, task: Sends mail., criteria: [built-in-features]}
examples:
  flask:
    mail: {shows: One line., file: src/mail/app.py, files: [LICENSE]}
  django:
    mail: {why_not: It is in core.}
""",
        encoding="utf-8",
    )
    own = folder / "own.yaml"
    own.write_text('format: 1\nname: own\nversion: "1"\nextends: web-frameworks\n', encoding="utf-8")
    return own


def test_a_rules_author_adds_examples_as_data_beside_the_rules(advisor: Advisor, own_rules: Path) -> None:
    _, out, _ = advisor("list", "--topic", "mail", "--rules", str(own_rules))
    assert re.search(r"^mail +none +1 +-  Mail$", out, flags=re.MULTILINE)
    assert "django/mail: It is in core." in out
    _, out, _ = advisor("show", "flask/mail", "--all-files", "--rules", str(own_rules))
    assert "run    uv run src/mail/app.py" in out
    assert "print('sent')" in out
    assert "free\N{REPLACEMENT CHARACTER}" in out
    code, out, err = advisor("show", "django/mail", "--rules", str(own_rules))
    assert (code, out) == (2, "")
    assert "It is in core." in err
    _, shipped, _ = advisor("show", "fastapi/json-api", "--rules", str(own_rules))
    assert "class NewBook" in shipped


def test_an_example_of_an_extended_file_is_saved_like_its_own(
    advisor: Advisor, own_rules: Path, tmp_path: Path
) -> None:
    target = tmp_path / "saved"
    code, _, err = advisor("save", "flask/mail", "django/database", str(target), "--rules", str(own_rules))
    assert (code, err) == (0, "")
    assert (target / "flask/mail/LICENSE").read_bytes() == b"free\xff"
    assert (target / "flask/mail/src/mail/app.py").is_file()
    assert (target / "django/database/notes/migrations/0001_initial.py").is_file()


def test_an_example_whose_files_have_gone_is_told(advisor: Advisor, own_rules: Path) -> None:
    advisor("list", "--rules", str(own_rules))
    (own_rules.parent / "examples/flask/mail/LICENSE").unlink()
    code, _, err = advisor("save", "flask/mail", str(own_rules.parent / "saved"), "--rules", str(own_rules))
    assert code == 2
    assert "LICENSE" in err
    assert not (own_rules.parent / "saved").exists()
