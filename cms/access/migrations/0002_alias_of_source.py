"""Lets each alias of an alias, from before that was done as one is saved, be an alias of the page that both show."""

from django.db import migrations


def flatten(apps, schema_editor):
    """Look at no page but source and alias from now on, as lists do.

    Where an alias between them is closed by what stands above neither, that would open the last one: it is closed to
    all but editors, until they choose who may read it.
    """
    pages = apps.get_model("wagtailcore", "Page").objects
    restrictions = apps.get_model("wagtailcore", "PageViewRestriction").objects
    for alias in pages.filter(alias_of__alias_of__isnull=False).order_by("path"):
        *between, source = _shown_by(alias)
        lost = {step for one in between for step in _steps(one)} - _steps(alias) - _steps(source)
        is_closed = restrictions.filter(page=alias, rule=None).exists()
        if restrictions.filter(page__path__in=lost).exists() and not is_closed:
            restrictions.create(page=alias, restriction_type="login")
        pages.filter(pk=alias.pk).update(alias_of=source)


def _shown_by(alias):
    found = []
    while alias.alias_of:
        alias = alias.alias_of
        found.append(alias)
    return found


def _steps(page):
    """Return the tree paths from the top down to a page: four characters for each level."""
    return {page.path[:end] for end in range(4, len(page.path) + 1, 4)}


class Migration(migrations.Migration):
    dependencies = [("access", "0001_initial")]

    operations = [migrations.RunPython(flatten, migrations.RunPython.noop)]
