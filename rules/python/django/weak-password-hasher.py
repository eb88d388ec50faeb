from django.contrib.auth.hashers import make_password

# ruleid: python.django.weak-password-hasher
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

# ruleid: python.django.weak-password-hasher
PASSWORD_HASHERS = (
    "django.contrib.auth.hashers.UnsaltedSHA1PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
)

# ok: python.django.weak-password-hasher
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.MD5PasswordHasher",
]


def store(user, password):
    # ruleid: python.django.weak-password-hasher
    user.password = make_password(password, hasher="md5")


def store_safe(user, password):
    # ok: python.django.weak-password-hasher
    user.password = make_password(password)
