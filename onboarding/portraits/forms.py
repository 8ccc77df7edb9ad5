from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _


class ManyFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    """Several files, as a list."""

    widget = ManyFiles

    def clean(self, data: Any, initial: Any = None) -> Any:
        """Return the files. Raises ValidationError for none."""
        files: list[UploadedFile[Any]] = [super(ManyFilesField, self).clean(each, initial) for each in data or [None]]
        return files


class PhotosForm(forms.Form):
    """Pictures named by employee number, or a ZIP of them."""

    pictures = ManyFilesField(
        label=_("Pictures, or a ZIP of them"),
        help_text=_("Each is named by an employee number: 00104882.jpg. At most 500 at a time."),
        widget=ManyFiles(attrs={"accept": "image/*,.heic,.zip,application/zip"}),
        error_messages={"required": _("Choose a file first."), "empty": _("The file is empty.")},
    )
