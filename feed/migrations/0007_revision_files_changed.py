from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("feed", "0006_line_marker")]

    operations = [
        migrations.AddField("postrevision", "files_changed", models.BooleanField(default=False)),
    ]
