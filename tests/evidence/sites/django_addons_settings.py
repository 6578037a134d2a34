"""The new project with the usual API add-ons switched on."""

from __future__ import annotations

from site_project import settings as new_project
from site_project.settings import *  # noqa: F403  # settings extend each other this way

INSTALLED_APPS = [*new_project.INSTALLED_APPS, "rest_framework", "drf_spectacular"]
ROOT_URLCONF = "django_addons_urls"
REST_FRAMEWORK = {"DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema", "UNAUTHENTICATED_USER": None}
