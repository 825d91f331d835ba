"""Wagtail's migrations leave rows with English names behind, which staff read in lists."""

from django.db import migrations

ROOT = ("Root", "サイト全体")
GROUPS = [("Editors", "編集者"), ("Moderators", "承認者")]
WORKFLOW = ("Moderators approval", "公開前の承認")
TASK = ("Moderators approval", "承認者による承認")


def rename(apps, schema_editor):
    _rename(apps, old=0, new=1)


def rename_back(apps, schema_editor):
    _rename(apps, old=1, new=0)


def _rename(apps, *, old, new):
    page = apps.get_model("wagtailcore", "Page")
    page.objects.filter(depth=1, title=ROOT[old]).update(title=ROOT[new], draft_title=ROOT[new])
    apps.get_model("wagtailcore", "Collection").objects.filter(depth=1, name=ROOT[old]).update(name=ROOT[new])
    for names in GROUPS:
        apps.get_model("auth", "Group").objects.filter(name=names[old]).update(name=names[new])
    apps.get_model("wagtailcore", "Workflow").objects.filter(name=WORKFLOW[old]).update(name=WORKFLOW[new])
    apps.get_model("wagtailcore", "Task").objects.filter(name=TASK[old]).update(name=TASK[new])


class Migration(migrations.Migration):

    dependencies = [
        ("pages", "0001_initial"),
        # These find the groups by their English names.
        ("wagtailadmin", "0001_create_admin_access_permissions"),
        ("wagtaildocs", "0002_initial_data"),
        ("wagtailimages", "0002_initial_data"),
    ]

    operations = [migrations.RunPython(rename, rename_back)]
