"""Everything the README shows has been run: its commands, its output, its lists."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from advisor.cli.app import COMMANDS
from tests.conftest import Advisor

ROOT = Path(__file__).resolve().parent.parent
README = ROOT / "README.md"
CONSOLE = re.compile(r"```console\n(.*?)```", re.DOTALL)


def blocks() -> list[str]:
    return CONSOLE.findall(README.read_text(encoding="utf-8"))


def commands(block: str) -> list[tuple[str, str]]:
    """Split a console block into (command, output) pairs."""
    parts = re.split(r"^\$ (.*)\n", block, flags=re.MULTILINE)
    return list(zip(parts[1::2], parts[2::2], strict=True))


def shown(advisor: Advisor, command: str) -> str:
    """Run one command of the README in a folder of its own and return what a terminal would show."""
    program, *arguments = shlex.split(command)
    assert program == "advisor"
    ran = advisor(*arguments)
    code = "" if ran.code == 0 else f"(exit {ran.code})\n"
    return ran.out + ran.err + code


@pytest.mark.parametrize("number", range(len(blocks())))
def test_the_readme_shows_what_the_program_prints(
    number: int, advisor: Advisor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    block = blocks()[number]
    monkeypatch.chdir(tmp_path)
    real = "".join(f"$ {command}\n{shown(advisor, command)}" for command, _output in commands(block))
    if request.config.getoption("--update-golden"):
        README.write_text(README.read_text(encoding="utf-8").replace(block, real), encoding="utf-8")
        return
    assert real == block


def test_the_lines_for_a_shell_run_in_their_order(
    advisor: Advisor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "project.yaml").write_text("async: must\n", encoding="utf-8")
    (tmp_path / "docs" / "decisions").mkdir(parents=True)
    text = README.read_text(encoding="utf-8")
    lines = [line for block in re.findall(r"```sh\n(.*?)```", text, re.DOTALL) for line in block.splitlines()]
    own = [shlex.split(line, comments=True)[1:] for line in lines if line.startswith("advisor ")]
    [hook] = re.findall(r"entry: advisor (.*)", text)
    codes = {" ".join(words): advisor(*words).code for words in [*own, shlex.split(hook)]}
    assert {line: code for line, code in codes.items() if code} == {
        "recommend --answers project.yaml --expect django --fail-on tie": 1
    }


def test_the_readme_has_console_blocks() -> None:
    assert len(blocks()) >= 3


def test_every_command_is_in_the_readme() -> None:
    text = README.read_text(encoding="utf-8")
    assert [name for name in COMMANDS if f"advisor {name}" not in text] == []


def test_ci_runs_the_test_command_of_the_readme() -> None:
    text = README.read_text(encoding="utf-8")
    [command] = re.findall(r"^python3 -m venv .*pytest$", text, re.MULTILINE)
    assert command in (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()


def test_the_rules_file_of_the_readme_adds_its_flag(advisor: Advisor, tmp_path: Path) -> None:
    [text] = re.findall(r"```yaml\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    own = tmp_path / "paved-road.yaml"
    own.write_text(text, encoding="utf-8")
    ran = advisor("recommend", "--rules", str(own), "--platform", "yes")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("Choose Django")
