"""Which tests a worker gets together, and in which order: the whole suite on two cores in little more than its work.

Nothing here decides what is tested: with `-n0` all tests run in the order of their files.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from xdist.scheduler import LoadGroupScheduling

if TYPE_CHECKING:
    import pytest
    from xdist.workermanage import WorkerController

ONE_BY_ONE = ("tests/examples/test_containers.py", "tests/examples/test_running.py")
"""Modules whose tests share nothing, each with a server of its own: last, to fill what is left of a worker's time."""

LONGEST = (
    "waits-in-a-row",
    "browser",
    "mypy-examples",
    "evidence-addons",
    "evidence-django",
    "mypy",
    "tests/cli/test_imports.py",
    "evidence-fastapi",
    "evidence-flask",
)
"""Handed out first, so that no worker is left with one of them when the others have nothing more to do.

The very first does nothing but wait, while the other workers have the cores to themselves.
"""


class ModuleScheduling(LoadGroupScheduling):
    """A module's tests, or those of an `xdist_group`, go to one worker: what they share is made once."""

    def _split_scope(self, nodeid: str) -> str:
        group: str = super()._split_scope(nodeid)
        module = nodeid.partition("::")[0]
        return module if group == nodeid and module not in ONE_BY_ONE else group

    def _assign_work_unit(self, node: WorkerController) -> None:
        longest = next((scope for scope in LONGEST if scope in self.workqueue), None)
        if longest is not None:
            self.workqueue.move_to_end(longest, last=False)
        super()._assign_work_unit(node)


def scheduler(config: pytest.Config, log: object) -> ModuleScheduling | None:
    """The scheduler of the suite where tests are spread over workers as it asks for; else xdist's own."""
    return ModuleScheduling(config, log) if config.getoption("dist") == "loadgroup" else None
