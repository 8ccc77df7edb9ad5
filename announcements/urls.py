from __future__ import annotations

from django.urls import path

from announcements.views import approving, correcting, following_up, managing, reading, sending, team, trying, writing

urlpatterns = [
    path("announcements/", reading.announcements, name="announcements"),
    path("announcements/on-top/", reading.on_top, name="announcements_on_top"),
    path("announcements/<str:public_id>/", reading.announcement, name="announcement"),
    path("announcements/<str:public_id>/answers/", reading.answers, name="announcement_answers"),
    path("announcements/<str:public_id>/why/", reading.why, name="why_announcement"),
    path("announcements/<str:public_id>/seen/", reading.seen, name="see_announcement"),
    path("announcements/<str:public_id>/close-band/", reading.close_band, name="close_band"),
    path("announcements/<str:public_id>/acknowledge/", reading.acknowledge, name="acknowledge_announcement"),
    path("announcements/<str:public_id>/print/", reading.print_announcement, name="print_announcement"),
    path("announcements/<str:public_id>/history/", correcting.history, name="announcement_history"),
    path("announcements/<str:public_id>/my-team/", team.my_team, name="announcement_team"),
    path("announcements/<str:public_id>/my-team/print/", team.print_my_team, name="print_announcement_team"),
    path(
        "announcements/<str:public_id>/my-team/<str:person_id>/",
        team.follow_up_person,
        name="follow_up_person_otherwise",
    ),
    path("manage/announcements/", managing.manage_announcements, name="manage_announcements"),
    path("manage/announcements/new/", writing.write_announcement, name="new_announcement"),
    path("manage/announcements/<str:public_id>/", writing.write_announcement, name="write_announcement"),
    path("manage/announcements/<str:public_id>/publish/", sending.publish, name="publish_announcement"),
    path("manage/announcements/<str:public_id>/take-back/", sending.take_back, name="take_back_announcement"),
    path("manage/announcements/<str:public_id>/approve/", approving.approve, name="approve_announcement"),
    path("manage/announcements/<str:public_id>/send-back/", approving.send_back, name="send_back_announcement"),
    path("manage/announcements/<str:public_id>/delete/", writing.throw_away, name="delete_announcement"),
    path("manage/announcements/<str:public_id>/restore/", writing.take_back, name="restore_announcement"),
    path("manage/announcements/<str:public_id>/trial/", trying.trial, name="announcement_trial"),
    path("manage/announcements/<str:public_id>/update/", writing.write_update, name="update_announcement"),
    path("manage/announcements/<str:public_id>/correct/", correcting.correct, name="correct_announcement"),
    path("manage/announcements/<str:public_id>/withdraw/", sending.withdraw, name="withdraw_announcement"),
    path("manage/announcements/<str:public_id>/figures/", following_up.figures, name="announcement_figures"),
    path("manage/announcements/<str:public_id>/units/", following_up.units, name="announcement_units"),
    path("manage/announcements/<str:public_id>/remind/", following_up.remind, name="remind_of_announcement"),
    path("manage/announcements/<str:public_id>/follow-up/", following_up.ask_leaders, name="ask_leaders_to_follow_up"),
    path("manage/announcements/<str:public_id>/figures.<str:kind>", following_up.export, name="export_figures"),
]
