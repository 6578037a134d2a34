"""`from advisor import load_rules, recommend`: the same advice from Python."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

import advisor
from advisor import AdvisorError, load_rules, recommend
from tests.conftest import Advisor

ROOT = Path(__file__).resolve().parent.parent


def test_the_library_gives_what_the_command_line_gives(advisor: Advisor) -> None:
    advice = recommend(load_rules(), {"async": "must", "docs": "must", "scale": ["medium", "large"]})
    record = json.loads(
        advisor("recommend", "--async", "must", "--docs", "must", "--scale", "medium,large", "--format", "json").out
    )
    assert list(advice.verdict.winners) == record["verdict"]["winners"]
    assert [standing.points for standing in advice.ranking] == [row["points"] for row in record["ranking"]]


def test_bad_answers_are_refused_with_a_suggestion() -> None:
    with pytest.raises(AdvisorError, match='"mst" is not a choice of async') as refused:
        recommend(load_rules(), {"async": "mst"})
    assert refused.value.hint is not None
    assert "must" in refused.value.hint


def test_the_readme_example_runs() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    [code] = re.findall(r"```python\n(.*?)```", readme, re.DOTALL)
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert "fastapi" in done.stdout


def test_every_public_name_is_there_and_nothing_else() -> None:
    assert all(getattr(advisor, name) is not None for name in advisor.__all__)
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = advisor.nothing
