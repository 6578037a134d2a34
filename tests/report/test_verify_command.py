"""`advisor verify` as a script sees it: what it says, and its exit code."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from advisor.decision import recommend
from advisor.knowledge import load_rules
from advisor.report.json_format import to_json

ROOT = Path(__file__).resolve().parents[2]


def run(path: Path, stdin: str = "") -> tuple[int, str, str]:
    command = [sys.executable, "-m", "advisor", "verify", str(path)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "NO_COLOR": "1"}
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, env=environment, input=stdin, cwd=path.parent
    )
    return done.returncode, done.stdout, done.stderr


def test_it_says_that_advice_holds_and_what_moved_when_it_does_not(tmp_path: Path) -> None:
    rules = load_rules()
    text = to_json(recommend(rules, {"async": "must", "docs": "must"}))
    winner = json.loads(text)["verdict"]["winners"][0]
    name = rules.alternative(winner).name
    file = tmp_path / "report.json"
    file.write_text(text, encoding="utf-8")
    nothing = "Nothing moved: the same rules and tool give every byte again."
    assert run(file) == (0, f"The advice holds: {name}.\n{nothing}\n", "")

    other = next(alternative for alternative in rules.alternatives if alternative.id != winner)
    file.write_text(
        text.replace(f'"winners": [\n      "{winner}"', f'"winners": [\n      "{other.id}"'), encoding="utf-8"
    )
    code, out, _ = run(file)
    assert code == 1
    assert out.startswith(f"The pick changed: it was {other.name} and is {name}.\n")
    assert "it was edited" in out

    file.write_text("{", encoding="utf-8")
    code, out, error = run(file)
    assert (code, out) == (2, "")
    assert "not a report: line 1, column 2" in error
