"""Who announced a hand-over decides who undoes it. What was announced before is the secretariat's: nobody is named too many."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("members", "0003_name_uses_of_the_register")]

    operations = [
        migrations.AddField(
            model_name="handover",
            name="announced_by_role",
            field=models.CharField(
                blank=True,
                choices=[
                    ("section_head", "Section head"),
                    ("lead", "Lead contact"),
                    ("deputy", "Deputy contact"),
                ],
                default="",
                editable=False,
                max_length=20,
            ),
            preserve_default=False,
        ),
    ]
