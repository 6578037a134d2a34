"""`advisor why-not`."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from tests.conftest import Advisor


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("behind", "flask --async must --docs must"),
        ("ruled-out", "fastapi --admin must --full-stack must"),
        ("leads", "django --full-stack must"),
        ("no-basis", "flask"),
    ],
)
@pytest.mark.parametrize("columns", [80, 40])
def test_golden_explanations(
    advisor: Advisor, golden: Callable[[str, str], None], name: str, arguments: str, columns: int
) -> None:
    ran = advisor("why-not", *arguments.split(), columns=columns)
    assert (ran.code, ran.err) == (0, "")
    golden(f"why-not/{name}-{columns}.txt", ran.out)


def test_every_claimed_change_flips_the_advice_through_the_command_line(advisor: Advisor) -> None:
    base = {"async": "must", "docs": "must", "size": "medium"}
    flags = [word for need, choice in base.items() for word in (f"--{need}", choice)]
    for rival in ("django", "flask"):
        found = json.loads(advisor("why-not", rival, *flags, "--format", "json").out)
        assert found["flips"]
        for flip in found["flips"]:
            changed = base | {change["need"]: change["to"] for change in flip["changes"]}
            again = [word for need, choice in changed.items() for word in (f"--{need}", choice)]
            record = json.loads(advisor("recommend", *again, "--format", "json").out)
            assert record["verdict"]["winners"] == [rival]


def test_an_unknown_framework_is_refused_with_the_nearest(advisor: Advisor) -> None:
    ran = advisor("why-not", "flsk")
    assert ran == (2, "", 'error: unknown framework "flsk"\nhint:  did you mean "flask"?\n')
