from __future__ import annotations

from django.urls import path

from announcements import api

urlpatterns = [
    path("announcements/", api.AnnouncementList.as_view(), name="api_announcements"),
    path("announcements/<str:public_id>/", api.AnnouncementDetail.as_view(), name="api_announcement"),
    path("announcements/<str:public_id>/publish/", api.Publish.as_view(), name="api_publish_announcement"),
    path("announcements/<str:public_id>/correct/", api.Correct.as_view(), name="api_correct_announcement"),
    path("announcements/<str:public_id>/withdraw/", api.Withdraw.as_view(), name="api_withdraw_announcement"),
    path("announcements/<str:public_id>/seen/", api.Seen.as_view(), name="api_see_announcement"),
    path("announcements/<str:public_id>/acknowledge/", api.Acknowledge.as_view(), name="api_acknowledge_announcement"),
    path("announcements/<str:public_id>/remind/", api.Remind.as_view(), name="api_remind_of_announcement"),
    path("announcements/<str:public_id>/progress/", api.Progress.as_view(), name="api_announcement_progress"),
]
