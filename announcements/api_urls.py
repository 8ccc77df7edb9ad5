from __future__ import annotations

from django.urls import path

from announcements.api import following_up, reading, sending, writing

urlpatterns = [
    path("announcements/", writing.AnnouncementList.as_view(), name="api_announcements"),
    path("announcements/<str:public_id>/", writing.AnnouncementDetail.as_view(), name="api_announcement"),
    path("announcements/<str:public_id>/publish/", sending.Publish.as_view(), name="api_publish_announcement"),
    path("announcements/<str:public_id>/schedule/", sending.Schedule.as_view(), name="api_schedule_announcement"),
    path("announcements/<str:public_id>/take-back/", sending.TakeBack.as_view(), name="api_take_back_announcement"),
    path("announcements/<str:public_id>/approve/", sending.Approve.as_view(), name="api_approve_announcement"),
    path("announcements/<str:public_id>/send-back/", sending.SendBack.as_view(), name="api_send_back_announcement"),
    path(
        "announcements/<str:public_id>/countersign/",
        sending.Countersign.as_view(),
        name="api_countersign_announcement",
    ),
    path("announcements/<str:public_id>/correct/", writing.Correct.as_view(), name="api_correct_announcement"),
    path("announcements/<str:public_id>/history/", writing.History.as_view(), name="api_announcement_history"),
    path("announcements/<str:public_id>/restore/", writing.Restore.as_view(), name="api_restore_announcement"),
    path("announcements/<str:public_id>/trial/", writing.Trial.as_view(), name="api_try_announcement"),
    path("announcements/<str:public_id>/update/", writing.Update.as_view(), name="api_update_announcement"),
    path("announcements/<str:public_id>/picture/", writing.Picture.as_view(), name="api_announcement_picture"),
    path("announcements/<str:public_id>/withdraw/", sending.Withdraw.as_view(), name="api_withdraw_announcement"),
    path("announcements/<str:public_id>/seen/", reading.Seen.as_view(), name="api_see_announcement"),
    path(
        "announcements/<str:public_id>/acknowledge/", reading.Acknowledge.as_view(), name="api_acknowledge_announcement"
    ),
    path("announcements/<str:public_id>/remind/", following_up.Remind.as_view(), name="api_remind_of_announcement"),
    path("announcements/<str:public_id>/progress/", following_up.Progress.as_view(), name="api_announcement_progress"),
    path(
        "announcements/<str:public_id>/progress/units/",
        following_up.UnitProgress.as_view(),
        name="api_announcement_unit_progress",
    ),
    path(
        "announcements/<str:public_id>/progress/figures.<str:kind>",
        following_up.Export.as_view(),
        name="api_export_figures",
    ),
    path("announcements/<str:public_id>/follow-up/", following_up.FollowUp.as_view(), name="api_ask_leaders"),
]
