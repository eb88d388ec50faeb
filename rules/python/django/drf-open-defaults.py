# ruleid: python.django.drf-open-defaults
REST_FRAMEWORK = {
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.AllowAny"],
    "PAGE_SIZE": 20,
}

# ruleid: python.django.drf-open-defaults
REST_FRAMEWORK = {"DEFAULT_PERMISSION_CLASSES": []}

# ok: python.django.drf-open-defaults
REST_FRAMEWORK = {
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
}

# ok: python.django.drf-open-defaults
REST_FRAMEWORK = {"PAGE_SIZE": 20}

# ok: python.django.drf-open-defaults
OTHER = {"DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.AllowAny"]}
