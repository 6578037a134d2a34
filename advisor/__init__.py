"""Choose between web frameworks for reasons that can be checked.

The same advice as the command line gives, from Python::

    from advisor import load_rules, recommend

    advice = recommend(load_rules(), {"async": "must", "docs": "must"})
    print(advice.verdict.winners)
"""

TYPE_CHECKING = False  # what `typing` says, without an import that takes as long as Python's own start
if TYPE_CHECKING:
    from advisor.decision import recommend as recommend
    from advisor.errors import AdvisorError as AdvisorError
    from advisor.knowledge import load_rules as load_rules

__version__ = "0.1.0"
__all__ = ["AdvisorError", "__version__", "load_rules", "recommend"]

# Names are resolved when first used: `advisor --version` must not pay for the decision core.
_HOMES = {
    "AdvisorError": "advisor.errors",
    "load_rules": "advisor.knowledge",
    "recommend": "advisor.decision",
}


def __getattr__(name: str) -> object:
    """Import a public name from its room on first use."""
    if name not in _HOMES:
        raise AttributeError(f"module 'advisor' has no attribute {name!r}")
    from importlib import import_module

    value = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value
