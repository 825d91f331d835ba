"""The one row that says which plugins are on."""

from django.db import models


class SiteState(models.Model):
    """Plugin states, the chosen theme and a generation that every change raises. There is one row, number 1."""

    plugins = models.JSONField(default=dict, editable=False)
    theme = models.CharField(max_length=50, blank=True)
    generation = models.PositiveBigIntegerField(default=1, editable=False)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="plugin_api_one_site_state")]

    def __str__(self) -> str:
        return f"generation {self.generation}"
