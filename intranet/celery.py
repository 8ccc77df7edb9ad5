"""The Celery application. Tasks hurry what the database already knows must happen."""

from __future__ import annotations

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "intranet.settings")

app = Celery("tunet")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
