"""What the worker runs: it imports this module by name."""

import time

from django_tasks import task


@task()
def write_report(pages: int) -> int:
    time.sleep(1)  # stands for slow work
    return pages
