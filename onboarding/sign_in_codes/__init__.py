"""One-time codes: the way in for whoever has no e-mail yet, or has forgotten the password. See docs/sign-in.md."""
