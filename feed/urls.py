from __future__ import annotations

from django.urls import path

from feed import composer_views, poll_views, reader_views, views, waiting_views, writing_views

urlpatterns = [
    path("posts/new/", composer_views.new_post, name="new_post"),
    path("posts/new/seen-by/", composer_views.seen_by, name="seen_by"),
    path("posts/drafts/<str:place>/", composer_views.draft, name="post_draft"),
    path("posts/drafts/<str:place>/discard/", composer_views.throw_away_draft, name="discard_post_draft"),
    path("posts/drafts/<str:place>/restore/", composer_views.restore_draft, name="restore_post_draft"),
    path("posts/saved/", views.saved_posts, name="saved_posts"),
    path("posts/waiting/", waiting_views.waiting_posts, name="waiting_posts"),
    path("posts/waiting/<str:public_id>/edit/", waiting_views.edit, name="edit_planned"),
    path("posts/waiting/<str:public_id>/take-back/", waiting_views.take_back, name="take_back_planned"),
    path("posts/waiting/<str:public_id>/decide/", waiting_views.decide, name="decide_planned"),
    path("posts/queue/<str:public_id>/", waiting_views.queue, name="post_queue"),
    path("posts/<str:public_id>/", views.post, name="post"),
    path("posts/<str:public_id>/history/", views.post_history, name="post_history"),
    path("posts/<str:public_id>/edit/", writing_views.edit, name="edit_post"),
    path("posts/<str:public_id>/delete/", writing_views.delete, name="delete_post"),
    path("posts/<str:public_id>/restore/", writing_views.restore, name="restore_post"),
    path("posts/<str:public_id>/share/", writing_views.share, name="share_post"),
    path("posts/<str:public_id>/unshare/<str:token>/", writing_views.unshare, name="unshare_post"),
    path("posts/<str:public_id>/settle/", writing_views.settle, name="settle_post"),
    path("posts/<str:public_id>/save/", writing_views.save, name="save_post"),
    path("posts/<str:public_id>/poll/", poll_views.poll, name="poll"),
    path("posts/<str:public_id>/poll/close/", poll_views.close, name="close_poll"),
    path("posts/<str:public_id>/pin/<str:group_id>/", writing_views.pin, name="pin_post"),
    path("posts/<str:public_id>/readers/", reader_views.post_readers, name="post_readers"),
    path("people/<str:public_id>/follow/", reader_views.follow, name="follow_person"),
    path("feed/seen/", reader_views.see_posts, name="see_posts"),
    path("feed/older/", views.older_posts, name="older_posts"),
    path("feed/new-count/", views.new_count, name="new_count"),
    path("feed/groups/<str:public_id>/older/", views.older_group_posts, name="older_group_posts"),
]
