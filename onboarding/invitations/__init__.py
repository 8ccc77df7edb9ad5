"""Invitations: on the first day, at a set hour, by text message or e-mail, else by a letter. See docs/sign-in.md."""
