import os

from pymongo import MongoClient
from sqlalchemy import create_engine

# ruleid: python.credentials.password-in-url
engine = create_engine("postgresql://app:example-password-for-tests@db.example.com/shop")

# ruleid: python.credentials.password-in-url
mongo = MongoClient("mongodb://app:example-password-for-tests@mongo.example.com:27017/")

# ruleid: python.credentials.password-in-url
CELERY_BROKER_URL = "amqp://worker:example-password-for-tests@queue.example.com//"


def configure(app):
    # ruleid: python.credentials.password-in-url
    app.config["SQLALCHEMY_DATABASE_URI"] = "mysql+pymysql://app:example-password-for-tests@localhost/shop"


# ok: python.credentials.password-in-url
safe_engine = create_engine(os.environ["DATABASE_URL"])

# ok: python.credentials.password-in-url
local_engine = create_engine("sqlite:///local.db")

# ok: python.credentials.password-in-url
without_password = create_engine("postgresql://app@db.example.com/shop")

# ok: python.credentials.password-in-url
template = "postgresql://{user}:{password}@{host}/{db}"

# ok: python.credentials.password-in-url
documented = "postgresql://user:password@localhost/db"
