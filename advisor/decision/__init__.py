"""The pure core: score, bounds, verdict, sensitivity, next need.

`recommend` is the plain path; `next_need` serves the interview, `why_not` and `diff` the commands of those names.
What a path does not need is imported on first use: a command that only shows the rules pays for no decision.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from advisor.decision.advise import recommend as recommend
    from advisor.decision.asking import next_need as next_need

__all__ = ["next_need", "recommend"]


def __getattr__(name: str) -> object:
    """Import a public name from its module on first use."""
    if name not in __all__:
        raise AttributeError(f"module 'advisor.decision' has no attribute {name!r}")
    from advisor.decision import advise, asking

    globals().update(recommend=advise.recommend, next_need=asking.next_need)
    return globals()[name]
