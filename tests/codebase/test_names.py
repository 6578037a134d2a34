"""Patterns of names mean what shells mean by them."""

from __future__ import annotations

from fnmatch import fnmatchcase

from hypothesis import example, given
from hypothesis import strategies as st

from advisor.codebase.walk import Names

WORDS = st.text("ab*?[]", min_size=1, max_size=5)


@given(st.lists(WORDS, max_size=4), st.text("ab[]", max_size=5))
@example(["*"], "")
@example(["a*b"], "ab")
@example(["*a*"], "bab")
@example(["?a"], "ba")
def test_a_name_is_one_of_them_when_a_shell_says_so(words: list[str], name: str) -> None:
    assert (name in Names(words)) == any(name == word or fnmatchcase(name, word) for word in words)
