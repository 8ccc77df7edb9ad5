"""What a password may not be, beyond what Django looks at."""

from __future__ import annotations

from django.contrib.auth.password_validation import UserAttributeSimilarityValidator
from django.utils.translation import gettext as _

# What colleagues know, or find in the directory.
OWN_FACTS = (
    *("username", "employee_number", "email", "work_phone", "private_mobile"),
    *("first_name", "last_name", "chosen_name", "nickname", "full_name"),
)


class OwnFactsValidator(UserAttributeSimilarityValidator):
    """Refuses one's own name, e-mail address, telephone or employee number, or what is much like it."""

    def __init__(self) -> None:
        super().__init__(OWN_FACTS)

    def get_error_message(self) -> str:
        """Return what is wrong."""
        return _("The password is too like your name, your e-mail address or one of your numbers.")

    def get_help_text(self) -> str:
        """Return what to think of while choosing."""
        return _("Not your name, your e-mail address or one of your numbers.")
