import os
from getpass import getpass

# ruleid: python.credentials.hardcoded-password-assignment
DB_PASSWORD = "example-password-for-tests"

# ruleid: python.credentials.hardcoded-password-assignment
smtp_pass: str = "example-mail-password"


class Config:
    # ruleid: python.credentials.hardcoded-password-assignment
    JWT_SECRET = "example-signing-secret"
    # ok: python.credentials.hardcoded-password-assignment
    PASSWORD_FIELD = "password"
    # ok: python.credentials.hardcoded-password-assignment
    API_KEY_HEADER = "X-Api-Key"


# ruleid: python.credentials.hardcoded-password-assignment
def connect(host, user="app", password="example-password-for-tests"):
    return host, user, password


# ruleid: python.credentials.hardcoded-password-assignment
SETTINGS = {"host": "db.example.com", "password": "example-password-for-tests"}

# ruleid: python.credentials.hardcoded-password-assignment
token_key = os.getenv("SECRET_KEY", "example-fallback-secret")


def configure(app, client):
    # ruleid: python.credentials.hardcoded-password-assignment
    client.api_key = "example-api-secret"
    # ok: python.credentials.hardcoded-password-assignment
    app.config["SECRET_KEY"] = os.environ["SECRET_KEY"]


# ok: python.credentials.hardcoded-password-assignment
password = os.environ["DB_PASSWORD"]
# ok: python.credentials.hardcoded-password-assignment
password = getpass("Password: ")
# ok: python.credentials.hardcoded-password-assignment
password = ""
# ok: python.credentials.hardcoded-password-assignment
SECRET_KEY = "<your secret key here>"
# ok: python.credentials.hardcoded-password-assignment
password_error = "wrong password"
# ok: python.credentials.hardcoded-password-assignment
secret = "projects/shop/secrets/db/versions/latest"
# ok: python.credentials.hardcoded-password-assignment
api_key = "API_KEY_VARIABLE"
# ok: python.credentials.hardcoded-password-assignment
labels = {"password": "Password", "secret": "Your secret"}
# ok: python.credentials.hardcoded-password-assignment
token_type = "bearer"
