"""The API of answers, under `announcements/{id}/answer-form/`. Thin: one look-up, one action."""
