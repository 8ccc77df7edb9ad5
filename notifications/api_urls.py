from __future__ import annotations

from django.urls import path

from notifications import api
from notifications.devices import api as devices

urlpatterns = [
    path("notifications/", api.NotificationList.as_view(), name="api_notifications"),
    path("notifications/read/", api.NotificationsRead.as_view(), name="api_notifications_read"),
    path("notifications/counters/", api.Counters.as_view(), name="api_notification_counters"),
    path("notifications/<slug:public_id>/read/", api.NotificationRead.as_view(), name="api_notification_read"),
    path("devices/", devices.DevicesView.as_view(), name="api_devices"),
    path("devices/<slug:public_id>/", devices.DeviceView.as_view(), name="api_device"),
]
