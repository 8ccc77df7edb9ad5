from __future__ import annotations

from django.urls import path

from notifications.devices import views

urlpatterns = [
    path("notifications/ask/", views.ask_for_notifications, name="ask_for_notifications"),
    path("settings/notifications/devices/", views.notification_devices, name="notification_devices"),
    path("settings/notifications/devices/<slug:public_id>/off/", views.turn_off_device, name="turn_off_device"),
    path("settings/notifications/devices/<slug:public_id>/trial/", views.try_device, name="try_device"),
]
