"""The screens of answers: for who answers, for leaders, and for those who keep the announcement."""
