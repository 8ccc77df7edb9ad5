from __future__ import annotations

from django.urls import path

from feed import views, writing_views

urlpatterns = [
    path("posts/new/", writing_views.new_post, name="new_post"),
    path("posts/new/seen-by/", writing_views.seen_by, name="seen_by"),
    path("posts/<str:public_id>/", views.post, name="post"),
    path("posts/<str:public_id>/history/", views.post_history, name="post_history"),
    path("posts/<str:public_id>/edit/", writing_views.edit, name="edit_post"),
    path("posts/<str:public_id>/delete/", writing_views.delete, name="delete_post"),
    path("posts/<str:public_id>/restore/", writing_views.restore, name="restore_post"),
    path("posts/<str:public_id>/share/", writing_views.share, name="share_post"),
    path("posts/<str:public_id>/settle/", writing_views.settle, name="settle_post"),
    path("posts/<str:public_id>/pin/<str:group_id>/", writing_views.pin, name="pin_post"),
    path("feed/older/", views.older_posts, name="older_posts"),
    path("feed/new-count/", views.new_count, name="new_count"),
    path("feed/groups/<str:public_id>/older/", views.older_group_posts, name="older_group_posts"),
]
