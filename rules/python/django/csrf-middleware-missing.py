# ruleid: python.django.csrf-middleware-missing
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
]

# ruleid: python.django.csrf-middleware-missing
MIDDLEWARE = ["django.contrib.sessions.middleware.SessionMiddleware"]

# ok: python.django.csrf-middleware-missing
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
]

# ok: python.django.csrf-middleware-missing
MIDDLEWARE = ["django.middleware.common.CommonMiddleware"]
