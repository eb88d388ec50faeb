from flask import Flask

app = Flask(__name__)
# ruleid: python.cookies.flask-session-cookie-flags
app.config["SESSION_COOKIE_SECURE"] = False
# ruleid: python.cookies.flask-session-cookie-flags
app.config.update(
    SESSION_COOKIE_HTTPONLY=False,
    SESSION_COOKIE_SAMESITE="Lax",
)


class ProductionConfig:
    DEBUG = False
    # ruleid: python.cookies.flask-session-cookie-flags
    REMEMBER_COOKIE_SECURE = False


class SafeConfig:
    # ok: python.cookies.flask-session-cookie-flags
    SESSION_COOKIE_SECURE = True


class TestConfig:
    TESTING = True
    # ok: python.cookies.flask-session-cookie-flags
    SESSION_COOKIE_SECURE = False


# ok: python.cookies.flask-session-cookie-flags
app.config["SESSION_COOKIE_SECURE"] = True
# ok: python.cookies.flask-session-cookie-flags
app.config["SESSION_REFRESH_EACH_REQUEST"] = False
