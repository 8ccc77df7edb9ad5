from __future__ import annotations

from django.urls import path

from responses.views import answering, keeping, leading

urlpatterns = [
    path("announcements/<str:public_id>/answer/", answering.answer, name="answer_announcement"),
    path("announcements/<str:public_id>/answer/need/", answering.send, name="send_announcement_need"),
    path("announcements/<str:public_id>/answer/take-back/", answering.take_back, name="take_back_announcement_need"),
    path("announcements/<str:public_id>/answer/finish/", answering.finish, name="finish_announcement_answer"),
    path("announcements/<str:public_id>/answer/name/<str:unit_id>/", answering.name, name="name_announcement_answerer"),
    path("announcements/<str:public_id>/answer/sign-up/", answering.enlist, name="sign_up_for_announcement"),
    path("announcements/<str:public_id>/answer/withdraw/", answering.withdraw, name="withdraw_from_announcement"),
    path("announcements/<str:public_id>/answer/my-people/", leading.own_volunteers, name="announcement_own_volunteers"),
    path("manage/announcements/<str:public_id>/answer-form/", keeping.answer_form, name="announcement_answer_form"),
    path("manage/announcements/<str:public_id>/responses/", keeping.responses, name="announcement_responses"),
    path("manage/announcements/<str:public_id>/responses/need/", keeping.change_need, name="change_announcement_need"),
    path("manage/announcements/<str:public_id>/responses/merge/", keeping.merge, name="merge_announcement_needs"),
    path("manage/announcements/<str:public_id>/responses/pick/", keeping.pick, name="pick_announcement_volunteer"),
    path("manage/announcements/<str:public_id>/responses/close/", keeping.close, name="close_announcement_answers"),
    path(
        "manage/announcements/<str:public_id>/responses.<str:kind>",
        keeping.export,
        name="export_announcement_answers",
    ),
]
