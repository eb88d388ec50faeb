import os
import smtplib

import paramiko
import psycopg2
import pymysql as mysql
import redis
from psycopg2 import connect


def database():
    # ruleid: python.credentials.hardcoded-connection-password
    return psycopg2.connect(host="db.example.com", user="app", password="example-password-for-tests")


def database_imported():
    # ruleid: python.credentials.hardcoded-connection-password
    return connect(dbname="shop", password="example-password-for-tests")


def mysql_database():
    # ruleid: python.credentials.hardcoded-connection-password
    return mysql.connect(
        host="db.example.com",
        user="app",
        passwd="example-password-for-tests",
    )


def cache():
    # ruleid: python.credentials.hardcoded-connection-password
    return redis.Redis(host="cache.example.com", password="example-password-for-tests")


def remote(host):
    client = paramiko.SSHClient()
    # ruleid: python.credentials.hardcoded-connection-password
    client.connect(host, username="deploy", password="example-password-for-tests")
    return client


def mail(message):
    with smtplib.SMTP_SSL("mail.example.com") as server:
        # ruleid: python.credentials.hardcoded-connection-password
        server.login("robot@example.com", "example-password-for-tests")
        server.send_message(message)


def database_environment():
    # ok: python.credentials.hardcoded-connection-password
    return psycopg2.connect(host="db.example.com", user="app", password=os.environ["DB_PASSWORD"])


def cache_without_password():
    # ok: python.credentials.hardcoded-connection-password
    return redis.Redis(host="localhost", password="")


def mail_environment(message):
    with smtplib.SMTP_SSL("mail.example.com") as server:
        # ok: python.credentials.hardcoded-connection-password
        server.login("robot@example.com", os.environ["MAIL_PASSWORD"])


def login_test(client):
    # ok: python.credentials.hardcoded-connection-password
    return client.login("user", "example-password-for-tests")


def login_test_by_name(client):
    # ok: python.credentials.hardcoded-connection-password
    return client.login(username="user", password="example-password-for-tests")


def mail_by_name(message):
    with smtplib.SMTP("mail.example.com") as server:
        # ruleid: python.credentials.hardcoded-connection-password
        server.login(user="robot@example.com", password="example-password-for-tests")
        server.send_message(message)
