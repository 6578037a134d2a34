"""What a request costs its server: processor time, which another program on the machine hardly changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .wire import Site

CLIENTS = 24
BURSTS = 3
ROUNDS = 3
MOST_ROUNDS = 15
CLEAR = 1.15


def seconds_for_a_burst(site: Site, path: str) -> float:
    """Processor time of the server for one request, while CLIENTS ask at once BURSTS times."""
    before = site.ask("/used").json["seconds"]
    for _ in range(BURSTS):
        site.ask_at_once(path, CLIENTS)
    return float(site.ask("/used").json["seconds"] - before) / (BURSTS * CLIENTS)


def relative_costs(sites: Mapping[str, Site], path: str, *, boundary: float) -> dict[str, float]:
    """Cost of one request at each site, the cheapest being 1.

    The rounds go over all sites in turn and the least cost of each counts: what else runs here can only add. There
    are as many rounds as it takes for every ratio to be clear of `boundary`, on whichever side, within MOST_ROUNDS.
    """
    for site in sites.values():
        site.ask_at_once(path, CLIENTS)
    least = dict.fromkeys(sites, float("inf"))
    costs: dict[str, float] = {}
    for done in range(1, MOST_ROUNDS + 1):
        for name, site in sites.items():
            least[name] = min(least[name], seconds_for_a_burst(site, path))
        costs = {name: seconds / min(least.values()) for name, seconds in least.items()}
        if done >= ROUNDS and all(cost < boundary / CLEAR or cost > boundary * CLEAR for cost in costs.values()):
            break
    return costs
