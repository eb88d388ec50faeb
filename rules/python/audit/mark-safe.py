import bleach
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _


def badge(user):
    # ruleid: python.audit.mark-safe
    return mark_safe(f"<b>{user.name}</b>")


def comment(text):
    # ruleid: python.audit.mark-safe
    return mark_safe(text)


def link(url):
    # ruleid: python.audit.mark-safe
    return SafeString("<a href='%s'>open</a>" % url)


def safe_badge(user):
    # ok: python.audit.mark-safe
    return format_html("<b>{}</b>", user.name)


def literal():
    # ok: python.audit.mark-safe
    return mark_safe("<hr>")


def translated():
    # ok: python.audit.mark-safe
    return mark_safe(_("<b>Welcome</b>"))


def cleaned(text):
    # ok: python.audit.mark-safe
    return mark_safe(bleach.clean(text))
