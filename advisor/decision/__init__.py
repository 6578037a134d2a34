"""The pure core: score, bounds, verdict, sensitivity, next need.

`recommend` is the plain path; `next_need` serves the interview, `why_not` and `diff` the commands of those names.
What the plain path does not need is imported on first use.
"""

from __future__ import annotations

from advisor.decision.advise import recommend
from advisor.decision.asking import next_need

__all__ = ["next_need", "recommend"]
