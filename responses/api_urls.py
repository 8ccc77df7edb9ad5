from __future__ import annotations

from django.urls import path

from responses.api import forms, needs, volunteers

FORM = "announcements/<str:public_id>/answer-form/"

urlpatterns = [
    path(FORM, forms.Form.as_view(), name="api_announcement_form"),
    path(f"{FORM}close/", forms.Close.as_view(), name="api_announcement_form_close"),
    path(f"{FORM}reopen/", forms.Reopen.as_view(), name="api_announcement_form_reopen"),
    path(f"{FORM}finish/", needs.Finish.as_view(), name="api_announcement_form_finish"),
    path(f"{FORM}answerer/", needs.Answerer.as_view(), name="api_announcement_form_answerer"),
    path(f"{FORM}needs/", needs.Needs.as_view(), name="api_announcement_form_needs"),
    path(f"{FORM}needs/take-back/", needs.TakeBack.as_view(), name="api_announcement_form_take_back"),
    path(f"{FORM}needs/take/", needs.Take.as_view(), name="api_announcement_form_take"),
    path(f"{FORM}needs/done/", needs.Done.as_view(), name="api_announcement_form_done"),
    path(f"{FORM}needs/reopen/", needs.OpenAgain.as_view(), name="api_announcement_form_open_again"),
    path(f"{FORM}needs/merge/", needs.Merge.as_view(), name="api_announcement_form_merge"),
    path(f"{FORM}needs/split/", needs.Split.as_view(), name="api_announcement_form_split"),
    path(f"{FORM}sign-up/", volunteers.OwnSignUp.as_view(), name="api_announcement_form_sign_up"),
    path(f"{FORM}sign-ups/", volunteers.SignUps.as_view(), name="api_announcement_form_sign_ups"),
    path(f"{FORM}sign-ups/assign/", volunteers.Pick.as_view(), name="api_announcement_form_assign"),
    path(f"{FORM}my-people/", volunteers.OwnPeople.as_view(), name="api_announcement_form_my_people"),
    path(f"{FORM}export/", forms.Export.as_view(), name="api_announcement_form_export"),
]
