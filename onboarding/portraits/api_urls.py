from __future__ import annotations

from django.urls import path

from onboarding.portraits.api import (
    MyPhotoProposalView,
    MyProposedPhotoView,
    PhotoProposalsView,
    WithdrawPhotoProposalsView,
)

urlpatterns = [
    path("photo-proposals/", PhotoProposalsView.as_view(), name="api_photo_proposals"),
    path("photo-proposals/withdraw/", WithdrawPhotoProposalsView.as_view(), name="api_withdraw_photo_proposals"),
    path("me/photo/proposal/", MyPhotoProposalView.as_view(), name="api_my_photo_proposal"),
    path("me/photo/proposal/picture/", MyProposedPhotoView.as_view(), name="api_my_proposed_photo"),
]
