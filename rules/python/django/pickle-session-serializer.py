from django.conf import settings

INSTALLED_APPS = ["django.contrib.sessions"]

# ruleid: python.django.pickle-session-serializer
SESSION_SERIALIZER = "django.contrib.sessions.serializers.PickleSerializer"

if settings.DEBUG:
    # ruleid: python.django.pickle-session-serializer
    SESSION_SERIALIZER = "django.contrib.sessions.serializers.PickleSerializer"

# ok: python.django.pickle-session-serializer
SESSION_ENGINE = "django.contrib.sessions.backends.db"

# ok: python.django.pickle-session-serializer
OLD_SERIALIZER = "django.contrib.sessions.serializers.PickleSerializer"


class JsonSettings:
    # ok: python.django.pickle-session-serializer
    SESSION_SERIALIZER = "django.contrib.sessions.serializers.JSONSerializer"
