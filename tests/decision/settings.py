"""How hard Hypothesis tries: enough to find a wrong claim, few enough for every run."""

from __future__ import annotations

from hypothesis import settings

exact = settings(max_examples=40)
