import os

BASE_DIR = "/srv/app"

# ruleid: python.debug.django-debug
DEBUG = True

ALLOWED_HOSTS = ["www.example.com"]

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
]

ROOT_URLCONF = "shop.urls"

# ruleid: python.debug.django-debug
DEBUG = True

# ok: python.debug.django-debug
DEBUG_TOOLBAR = True

if os.environ.get("DJANGO_DEVELOPMENT"):
    # ok: python.debug.django-debug
    DEBUG = True


class Parser:
    def parse(self):
        # ok: python.debug.django-debug
        verbose = True
        return verbose
