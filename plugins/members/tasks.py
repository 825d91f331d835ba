"""Recurring work."""

from django_tasks import task

from .services.applications import applications_forget
from .services.claims import claim_code_send, claims_forget
from .services.imports import imports_forget
from .services.uses import uses_forget


@task(backend="jobs")
def forget_imports() -> int:
    """Delete what is needed no longer: uploaded files, old applications and claims, old records of who looked."""
    return imports_forget() + applications_forget() + claims_forget() + uses_forget()


@task(backend="jobs")
def send_claim_code(pk: int) -> bool:
    """Mail the code of a claim, where there is anybody to mail it to."""
    return claim_code_send(pk=pk)
