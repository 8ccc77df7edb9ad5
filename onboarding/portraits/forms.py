from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

# With more than this the command is quicker, and nobody waits at a screen.
MOST_AT_ONCE = 500
MAX_UPLOAD_BYTES = 300 * 1024 * 1024


class ManyFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    """Several files, as a list."""

    widget = ManyFiles

    def clean(self, data: Any, initial: Any = None) -> Any:
        """Return the files. Raises ValidationError for none, and for more than may be sent at once."""
        files: list[UploadedFile[Any]] = [super(ManyFilesField, self).clean(each, initial) for each in data or [None]]
        if sum(file.size or 0 for file in files) > MAX_UPLOAD_BYTES:
            text = _("Together the files are too large. At most %(size)d MB fit.")
            raise forms.ValidationError(text, params={"size": MAX_UPLOAD_BYTES // 1024 // 1024})
        return files


class PhotosForm(forms.Form):
    """Pictures named by employee number, or a ZIP of them."""

    pictures = ManyFilesField(
        label=_("Pictures, or a ZIP of them"),
        help_text=_("Each is named by an employee number: 00104882.jpg. At most 500 at a time."),
        widget=ManyFiles(attrs={"accept": "image/*,.heic,.zip,application/zip"}),
        error_messages={"required": _("Choose a file first."), "empty": _("The file is empty.")},
    )
