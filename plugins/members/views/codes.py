"""Where a code of an application or a claim leads. Looking uses nothing up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.cache import never_cache

from cms.mail.services.codes import CodeRefusedError, code_refusal
from cms.mail.views.codes import SESSION_KEY, entered_code

if TYPE_CHECKING:
    from cms.mail.models import Code


@method_decorator(never_cache, name="dispatch")
class CodeStep(View):
    """A page that somebody who has entered a code may use."""

    http_method_names = ["get", "head", "post"]
    purpose: str
    template_name: str
    code: Code

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Ask for a code where none was entered; say what became of one that allows nothing any more."""
        code = entered_code(request, self.purpose)
        if code is None:
            return redirect("mail:code")
        if refusal := code_refusal(code=code):
            return self.page(request, 410, refusal=refusal)
        self.code = code
        self.look_up()
        return super().dispatch(request, *args, **kwargs)

    def look_up(self) -> None:
        """Find what the code is about."""
        raise NotImplementedError

    def page(self, request: HttpRequest, status: int = 200, **context: Any) -> HttpResponse:
        return render(request, self.template_name, context, status=status)


class ConfirmStep(CodeStep):
    """Lets count what was sent in, once its sender has seen it again."""

    template_name = "members/confirm.html"
    heading: Any = ""
    received: Any = ""
    what_comes: Any = ""
    again: Any = ""
    again_url: Any = ""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page(request, rows=self.rows())

    def post(self, request: HttpRequest) -> HttpResponse:
        """Confirm, or say why that can't be."""
        try:
            self.confirm()
        except CodeRefusedError as refused:
            return self.page(request, 410, refusal=str(refused))
        except ValidationError as error:
            return self.page(request, 409, refusal=" ".join(error.messages))
        request.session.pop(SESSION_KEY, None)
        return self.page(request, done=True)

    def rows(self) -> list[tuple[Any, Any]]:
        """Return label and value of what was sent in."""
        raise NotImplementedError

    def confirm(self) -> None:
        """Let it count. Raises `CodeRefusedError`, and `ValidationError` where that can't be any more."""
        raise NotImplementedError

    def page(self, request: HttpRequest, status: int = 200, **context: Any) -> HttpResponse:
        words = {name: getattr(self, name) for name in ("heading", "received", "what_comes", "again", "again_url")}
        return super().page(request, status, **words, **context)
