from __future__ import annotations

from django.urls import path

from responses import api

FORM = "announcements/<str:public_id>/answer-form/"

urlpatterns = [
    path(FORM, api.Form.as_view(), name="api_announcement_form"),
    path(f"{FORM}close/", api.Close.as_view(), name="api_announcement_form_close"),
    path(f"{FORM}reopen/", api.Reopen.as_view(), name="api_announcement_form_reopen"),
    path(f"{FORM}finish/", api.Finish.as_view(), name="api_announcement_form_finish"),
    path(f"{FORM}answerer/", api.Answerer.as_view(), name="api_announcement_form_answerer"),
    path(f"{FORM}needs/", api.Needs.as_view(), name="api_announcement_form_needs"),
    path(f"{FORM}needs/take-back/", api.TakeBack.as_view(), name="api_announcement_form_take_back"),
    path(f"{FORM}needs/take/", api.Take.as_view(), name="api_announcement_form_take"),
    path(f"{FORM}needs/done/", api.Done.as_view(), name="api_announcement_form_done"),
    path(f"{FORM}needs/reopen/", api.OpenAgain.as_view(), name="api_announcement_form_open_again"),
    path(f"{FORM}needs/merge/", api.Merge.as_view(), name="api_announcement_form_merge"),
    path(f"{FORM}needs/split/", api.Split.as_view(), name="api_announcement_form_split"),
    path(f"{FORM}sign-up/", api.OwnSignUp.as_view(), name="api_announcement_form_sign_up"),
    path(f"{FORM}sign-ups/", api.SignUps.as_view(), name="api_announcement_form_sign_ups"),
    path(f"{FORM}sign-ups/assign/", api.Pick.as_view(), name="api_announcement_form_assign"),
    path(f"{FORM}my-people/", api.OwnPeople.as_view(), name="api_announcement_form_my_people"),
    path(f"{FORM}export/", api.Export.as_view(), name="api_announcement_form_export"),
]
