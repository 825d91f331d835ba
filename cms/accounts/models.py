"""People who log in, and the organisations they work for."""

from django.contrib.auth.models import AbstractUser


class User(AbstractUser):
    """A person with an account. `username` is the login ID; several people may share one mail address."""
