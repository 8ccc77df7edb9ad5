from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("announcements", "0003_add_schedule_approval_updates_and_follow_up"),
    ]

    operations = [
        migrations.AddField(
            model_name="announcement",
            name="urgent_reason",
            field=models.CharField(blank=True, db_default="", default="", max_length=200),
        ),
    ]
