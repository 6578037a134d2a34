"""`python -m advisor` and the console script."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command line and exit with its code; an interrupt during start-up is no traceback either."""
    try:
        from advisor.cli.app import run

        sys.exit(run(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
