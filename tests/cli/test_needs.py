"""`advisor needs`."""

from __future__ import annotations

import json

from advisor.knowledge.model import Rules
from tests.conftest import Advisor


def test_json_lists_every_need_with_its_choices(advisor: Advisor, shipped: Rules) -> None:
    record = json.loads(advisor("needs", "--format", "json").out)
    assert [need["id"] for need in record["needs"]] == [need.id for need in shipped.needs]
    pain = next(need for need in record["needs"] if need["id"] == "pain")
    assert pain["applies_when"] == {"legacy": ["django", "flask", "fastapi", "other"]}
    assert all(choice["choose_if"] for need in record["needs"] for choice in need["choices"])


def test_text_fits_the_screen(advisor: Advisor) -> None:
    for columns in (80, 40):
        ran = advisor("needs", columns=columns)
        assert ran.code == 0
        assert max(map(len, ran.out.splitlines())) <= columns


def test_an_unknown_format_is_refused(advisor: Advisor) -> None:
    ran = advisor("needs", "--format", "yaml")
    assert (ran.code, ran.out) == (2, "")
