import hmac

from werkzeug.security import check_password_hash


def login(username, password):
    # ruleid: python.credentials.password-compared-to-literal
    if username == "admin" and password == "example-password-for-tests":
        return True
    return False


def login_form(request):
    # ruleid: python.credentials.password-compared-to-literal
    if request.form["password"] != "example-password-for-tests":
        raise PermissionError
    # ruleid: python.credentials.password-compared-to-literal
    return request.form.get("api_key") == "example-api-key"


def safe(user, password):
    # ok: python.credentials.password-compared-to-literal
    return check_password_hash(user.password_hash, password)


def empty(password):
    # ok: python.credentials.password-compared-to-literal
    if password == "":
        raise ValueError("password is required")


def default_check(settings):
    # ok: python.credentials.password-compared-to-literal
    if settings.secret_key == "changeme":
        raise RuntimeError("set a secret key")


def kind(grant_type):
    # ok: python.credentials.password-compared-to-literal
    return grant_type == "password"


def test_round_trip(user):
    # ok: python.credentials.password-compared-to-literal
    assert user.password == "example-password-for-tests"
