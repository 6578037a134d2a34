# /// script
# requires-python = ">=3.11"
# dependencies = [
#   "django>=5.2,<7", "django-tasks-db[compat]>=0.13,<1", "gunicorn>=25",
# ]
# ///
"""Work outside the request in Django: the tasks API and a database worker.

The API is in core since Django 6.0 (`from django.tasks import task`);
django-tasks is the same for 5.2. Core has no worker: django-tasks-db brings
one that takes its work from the database, so nothing is lost on a restart.
"""

import subprocess
import sys

import django
from django.conf import settings
from django.core.management import call_command, execute_from_command_line
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, JsonResponse
from django.urls import path
from django.views.decorators.http import require_GET, require_POST
from gunicorn.app.wsgiapp import run as gunicorn

settings.configure(
    ALLOWED_HOSTS=["localhost", "127.0.0.1"],
    ROOT_URLCONF=__name__,
    INSTALLED_APPS=["django_tasks", "django_tasks_db"],
    TASKS={"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}},
    DATABASES={
        "default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "db"}
    },
)
django.setup()

from django_tasks import TaskResultStatus, default_task_backend
from django_tasks.exceptions import TaskResultDoesNotExist
from jobs import write_report


@require_POST
def order_report(request: HttpRequest) -> JsonResponse:
    job = write_report.enqueue(int(request.GET.get("pages", "1")))
    return JsonResponse({"id": str(job.id)}, status=202)


@require_GET
def show_report(_: HttpRequest, report_id: str) -> JsonResponse:
    try:
        job = default_task_backend.get_result(report_id)
    except TaskResultDoesNotExist:
        return JsonResponse({"error": "no such report"}, status=404)
    if job.status != TaskResultStatus.SUCCESSFUL:
        return JsonResponse({"state": "waiting", "pages": None})
    return JsonResponse({"state": "done", "pages": job.return_value})


urlpatterns = [
    path("reports", order_report),
    path("reports/<uuid:report_id>", show_report),
]
application = get_wsgi_application()

if __name__ == "__main__":
    if sys.argv[1:]:  # app.py db_worker
        execute_from_command_line(sys.argv)
        sys.exit()
    call_command("migrate", verbosity=0)
    # In production two services: app.py db_worker; gunicorn app:application
    subprocess.Popen([sys.executable, __file__, "db_worker", "--interval=0.1"])
    sys.argv[1:] = ["--threads=8", f"{__name__}:application"]
    gunicorn()
