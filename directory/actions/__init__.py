"""Every write of the directory, one file per noun."""

from directory.actions.absences import end_absence, set_absence
from directory.actions.audit import record_audit_event
from directory.actions.house_rules import accept_house_rules
from directory.actions.organisation import change_second_pair_of_eyes
from directory.actions.photos import remove_photo, restore_photo, store_photo, use_picture
from directory.actions.profiles import change_profile, change_settings, hide_profile_hint
from directory.actions.roles import grant_role, take_back_role
from directory.actions.sign_ins import record_sign_in
from directory.actions.tokens import create_api_token, revoke_api_token
from directory.actions.units import rename_unit
from directory.people import refresh_people

__all__ = [
    "accept_house_rules",
    "change_profile",
    "change_second_pair_of_eyes",
    "change_settings",
    "create_api_token",
    "end_absence",
    "grant_role",
    "hide_profile_hint",
    "record_audit_event",
    "record_sign_in",
    "refresh_people",
    "remove_photo",
    "rename_unit",
    "restore_photo",
    "revoke_api_token",
    "set_absence",
    "store_photo",
    "take_back_role",
    "use_picture",
]
