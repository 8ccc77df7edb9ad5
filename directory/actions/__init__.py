"""Every write of the directory, one file per noun."""

from directory.actions.audit import record_audit_event
from directory.actions.house_rules import accept_house_rules
from directory.actions.organisation import change_second_pair_of_eyes
from directory.actions.photos import remove_photo, store_photo
from directory.actions.profiles import change_profile, change_settings
from directory.actions.roles import grant_role, take_back_role
from directory.actions.sign_ins import record_sign_in
from directory.actions.tokens import create_api_token, revoke_api_token
from directory.people import refresh_people

__all__ = [
    "accept_house_rules",
    "change_profile",
    "change_second_pair_of_eyes",
    "change_settings",
    "create_api_token",
    "grant_role",
    "record_audit_event",
    "record_sign_in",
    "refresh_people",
    "remove_photo",
    "revoke_api_token",
    "store_photo",
    "take_back_role",
]
