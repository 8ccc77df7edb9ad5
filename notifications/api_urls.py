from __future__ import annotations

from django.urls import path

from notifications import api
from notifications.choices import api as choices
from notifications.devices import api as devices
from notifications.operating import api as operating

urlpatterns = [
    path("notifications/", api.NotificationList.as_view(), name="api_notifications"),
    path("notifications/read/", api.NotificationsRead.as_view(), name="api_notifications_read"),
    path("notifications/counters/", api.Counters.as_view(), name="api_notification_counters"),
    path("notifications/<slug:public_id>/read/", api.NotificationRead.as_view(), name="api_notification_read"),
    path("me/notification-settings/", choices.MyNotificationSettings.as_view(), name="api_notification_settings"),
    path("units/<str:public_id>/quiet-hours/", choices.UnitHours.as_view(), name="api_unit_quiet_hours"),
    path("devices/", devices.DevicesView.as_view(), name="api_devices"),
    path("devices/<slug:public_id>/", devices.DeviceView.as_view(), name="api_device"),
    path("devices/<slug:public_id>/trial/", devices.DeviceTrial.as_view(), name="api_device_trial"),
    path("deliveries/", operating.DeliveriesHealth.as_view(), name="api_deliveries"),
    path("deliveries/again/", operating.DeliveriesAgain.as_view(), name="api_deliveries_again"),
    path("deliveries/give-up/", operating.DeliveriesGivenUp.as_view(), name="api_deliveries_give_up"),
    path("deliveries/jobs/again/", operating.JobsAgain.as_view(), name="api_deliveries_jobs_again"),
]
