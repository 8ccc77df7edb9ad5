"""The texts of the screens: found in code and templates, kept in one catalogue per app and language."""
