"""Every page of the desk is recorded now, not only those of organisations."""

from django.db import migrations, models


def rename(old: str, new: str) -> migrations.RunPython:
    def forwards(apps, schema_editor):
        apps.get_model("members", "RegisterAccess").objects.filter(use=old).update(use=new)

    def backwards(apps, schema_editor):
        apps.get_model("members", "RegisterAccess").objects.filter(use=new).update(use=old)

    return migrations.RunPython(forwards, backwards)


class Migration(migrations.Migration):
    dependencies = [("members", "0002_no_overlap")]

    operations = [
        rename("organisation", "record"),
        migrations.AlterField(
            model_name="registeraccess",
            name="use",
            field=models.CharField(
                choices=[
                    ("list", "Listed"),
                    ("record", "Opened"),
                    ("export", "Exported"),
                    ("directory", "Looked up people"),
                ],
                max_length=20,
                verbose_name="what was done",
            ),
        ),
    ]
