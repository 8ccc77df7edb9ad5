"""The screens of the directory, one file per noun."""
