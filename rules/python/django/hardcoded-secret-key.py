import os

from django.conf import settings

# ruleid: python.django.hardcoded-secret-key
SECRET_KEY = "example-signing-secret"

INSTALLED_APPS = ["django.contrib.auth"]

# ruleid: python.django.hardcoded-secret-key
SECRET_KEY = os.environ.get("DJANGO_SECRET_KEY", "example-fallback-secret")

# ok: python.django.hardcoded-secret-key
SECRET_KEY = os.environ["DJANGO_SECRET_KEY"]

# ok: python.django.hardcoded-secret-key
SECRET_KEY = ""

# ok: python.django.hardcoded-secret-key
LANGUAGE_CODE = "en-us"


def standalone():
    # ruleid: python.django.hardcoded-secret-key
    settings.configure(SECRET_KEY="example-signing-secret", USE_TZ=True)
