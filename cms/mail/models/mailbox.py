"""Where mail ends that must not leave the machine."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from .delivery import Delivery


class MailboxItem(models.Model):
    """A message as its recipient's mail server would have got it, octet by octet."""

    delivery = models.OneToOneField(Delivery, on_delete=models.CASCADE, related_name="mailbox_item")
    octets = models.BinaryField(editable=False)
    received_at = models.DateTimeField(_("received at"), auto_now_add=True)

    class Meta:
        verbose_name = _("delivered mail")
        verbose_name_plural = _("delivered mail")
        ordering = ["-pk"]
        default_permissions = ("view",)

    def __str__(self) -> str:
        return self.delivery.address
