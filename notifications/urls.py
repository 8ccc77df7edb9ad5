from __future__ import annotations

from django.urls import path

from notifications import unsubscribe_views, views
from notifications.choices import urls as choices
from notifications.devices import urls as devices
from notifications.operating import urls as operating

urlpatterns = [
    path("notifications/", views.notifications, name="notifications"),
    path("notifications/read/", views.read_all, name="read_notifications"),
    path("notifications/counters/", views.counters, name="notification_counters"),
    path("notifications/catch-up/", views.missed, name="notification_catch_up"),
    path("notifications/unsubscribe/<str:token>/", unsubscribe_views.unsubscribe, name="unsubscribe"),
    *choices.urlpatterns,
    *devices.urlpatterns,
    *operating.urlpatterns,
    path("notifications/<slug:public_id>/", views.open_notification, name="open_notification"),
]
