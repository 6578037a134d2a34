"""What a request costs its server: processor time, which another program on the machine hardly changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .wire import Site

CLIENTS = 24
BURSTS = 3
ROUNDS = 4


def seconds_for_a_burst(site: Site, path: str) -> float:
    """Processor time of the server for one request, while CLIENTS ask at once BURSTS times."""
    before = site.ask("/used").json["seconds"]
    for _ in range(BURSTS):
        site.ask_at_once(path, CLIENTS)
    return float(site.ask("/used").json["seconds"] - before) / (BURSTS * CLIENTS)


def relative_costs(sites: Mapping[str, Site], path: str) -> dict[str, float]:
    """Cost of one request at each site, the cheapest being 1.

    The rounds go over all sites in turn and the least cost of each counts: what else runs here can only add.
    """
    for site in sites.values():
        site.ask_at_once(path, CLIENTS)
    least = {
        name: min(seconds)
        for name, seconds in zip(
            sites,
            zip(*([seconds_for_a_burst(site, path) for site in sites.values()] for _ in range(ROUNDS)), strict=True),
            strict=True,
        )
    }
    return {name: seconds / min(least.values()) for name, seconds in least.items()}
