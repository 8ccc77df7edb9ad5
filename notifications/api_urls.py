from __future__ import annotations

from django.urls import path

from notifications import api

urlpatterns = [
    path("notifications/", api.NotificationList.as_view(), name="api_notifications"),
    path("notifications/read/", api.NotificationsRead.as_view(), name="api_notifications_read"),
    path("notifications/counters/", api.Counters.as_view(), name="api_notification_counters"),
    path("notifications/<slug:public_id>/read/", api.NotificationRead.as_view(), name="api_notification_read"),
]
