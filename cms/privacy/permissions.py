"""Who may erase people."""

ERASE = "accounts.delete_user"
