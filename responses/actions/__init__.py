"""Every write to answer forms and what comes back."""

from responses.actions.deciding import merge_needs, set_need_state, split_need
from responses.actions.exports import record_export
from responses.actions.forms import (
    FormFacts,
    close_answer_form,
    remove_answer_form,
    reopen_answer_form,
    save_answer_form,
)
from responses.actions.needs import NeedFacts, finish_answer, name_answerer, send_need, take_back_need
from responses.actions.retention import delete_old_answers
from responses.actions.volunteers import (
    answer_for_volunteer,
    pick_volunteer,
    sign_up,
    withdraw_leavers,
    withdraw_sign_up,
)

__all__ = [
    "FormFacts",
    "NeedFacts",
    "answer_for_volunteer",
    "close_answer_form",
    "delete_old_answers",
    "finish_answer",
    "merge_needs",
    "name_answerer",
    "pick_volunteer",
    "record_export",
    "remove_answer_form",
    "reopen_answer_form",
    "save_answer_form",
    "send_need",
    "set_need_state",
    "sign_up",
    "split_need",
    "take_back_need",
    "withdraw_leavers",
    "withdraw_sign_up",
]
