from flask import Flask
from flask_wtf.csrf import CSRFProtect

app = Flask(__name__)
csrf = CSRFProtect(app)
# ruleid: python.flask.csrf-disabled
app.config["WTF_CSRF_ENABLED"] = False
# ruleid: python.flask.csrf-disabled
app.config.update(JWT_COOKIE_CSRF_PROTECT=False)


class ProductionConfig:
    # ruleid: python.flask.csrf-disabled
    WTF_CSRF_ENABLED = False


class TestConfig:
    TESTING = True
    # ok: python.flask.csrf-disabled
    WTF_CSRF_ENABLED = False


# ruleid: python.flask.csrf-disabled
@csrf.exempt
def transfer():
    return "ok"


# ok: python.flask.csrf-disabled
app.config["WTF_CSRF_ENABLED"] = True
# ok: python.flask.csrf-disabled
app.config["WTF_CSRF_SSL_STRICT"] = False


# ok: python.flask.csrf-disabled
def balance():
    return "ok"
