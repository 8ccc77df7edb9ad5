from __future__ import annotations

from django.urls import path

from feed import api

urlpatterns = [
    path("posts/", api.PostsView.as_view(), name="api_posts"),
    path("posts/<str:public_id>/", api.OnePostView.as_view(), name="api_post"),
    path("posts/<str:public_id>/comments/", api.PostCommentsView.as_view(), name="api_post_comments"),
    path("posts/<str:public_id>/reactions/", api.PostReactionsView.as_view(), name="api_post_reactions"),
    path("comments/<str:public_id>/", api.OneCommentView.as_view(), name="api_comment"),
]
