from __future__ import annotations

from django.urls import path

from conversations import file_views, mention_views, report_views, views

urlpatterns = [
    path("threads/<str:public_id>/comments/", views.comment_thread, name="comment_thread"),
    path("threads/<str:public_id>/closing/", views.closing, name="close_comments"),
    path("threads/<str:public_id>/reaction/", views.react_to_thread, name="react_to_thread"),
    path("threads/<str:public_id>/reactions/", views.thread_reactions, name="thread_reactions"),
    path("threads/<str:public_id>/report/", report_views.report_thread, name="report_thread"),
    path("comments/<str:public_id>/report/", report_views.report_comment, name="report_comment"),
    path("reports/", report_views.reports, name="reports"),
    path("reports/<str:public_id>/", report_views.report, name="report"),
    path("comments/<str:public_id>/reply/", views.reply_form, name="reply_form"),
    path("comments/<str:public_id>/edit/", views.edit, name="edit_comment"),
    path("comments/<str:public_id>/delete/", views.delete, name="delete_comment"),
    path("comments/<str:public_id>/restore/", views.restore, name="restore_comment"),
    path("comments/<str:public_id>/reaction/", views.react_to_comment, name="react_to_comment"),
    path("mentions/", mention_views.mention_people, name="mention_people"),
    path("files/<str:public_id>/", file_views.attachment, name="attachment"),
]
