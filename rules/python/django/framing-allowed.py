from django.http import HttpResponse
from django.views.decorators.clickjacking import xframe_options_exempt, xframe_options_sameorigin

# ruleid: python.django.framing-allowed
X_FRAME_OPTIONS = "ALLOWALL"


# ruleid: python.django.framing-allowed
@xframe_options_exempt
def widget(request):
    return HttpResponse("widget")


# ok: python.django.framing-allowed
@xframe_options_sameorigin
def inner(request):
    return HttpResponse("inner")


class Settings:
    # ok: python.django.framing-allowed
    X_FRAME_OPTIONS = "DENY"
