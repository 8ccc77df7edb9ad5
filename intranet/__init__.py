"""The project: settings, addresses, processes, the home page and the demo organisation."""

from intranet.celery import app as celery_app

__all__ = ["celery_app"]
