from django.http import HttpResponseRedirect
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme


def go(request):
    # ruleid: python.audit.django-redirect
    return redirect(request.GET["url"])


def after_login(request):
    target = request.GET.get("next", "/")
    # ruleid: python.audit.django-redirect
    return HttpResponseRedirect(target)


def posted(request):
    # ruleid: python.audit.django-redirect
    return redirect(request.POST.get("next"))


def safe(request):
    target = request.GET.get("next", "/")
    if not url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}):
        target = "/"
    # ok: python.audit.django-redirect
    return redirect(target)


def resolved(request):
    # ok: python.audit.django-redirect
    return redirect(safe_target(request.GET.get("next")))


def named(request):
    # ok: python.audit.django-redirect
    return redirect("orders:show", pk=request.GET["pk"])


def fixed(request):
    # ok: python.audit.django-redirect
    return HttpResponseRedirect("/orders/")
