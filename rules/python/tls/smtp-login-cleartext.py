import smtplib
import ssl
from smtplib import SMTP


def send(host, user, password, message):
    server = smtplib.SMTP(host, 25)
    # ruleid: python.tls.smtp-login-cleartext
    server.login(user, password)
    server.send_message(message)
    server.quit()


def send_with(host, user, password, message):
    with SMTP(host) as server:
        server.ehlo()
        # ruleid: python.tls.smtp-login-cleartext
        server.login(user, password)
        server.send_message(message)


def send_starttls(host, user, password, message):
    server = smtplib.SMTP(host, 587)
    server.ehlo()
    server.starttls(context=ssl.create_default_context())
    # ok: python.tls.smtp-login-cleartext
    server.login(user, password)
    server.send_message(message)


def send_with_starttls(host, user, password, message):
    with smtplib.SMTP(host, 587) as server:
        server.starttls()
        # ok: python.tls.smtp-login-cleartext
        server.login(user, password)
        server.send_message(message)


def send_optional(host, user, password, message, secure):
    server = smtplib.SMTP(host, 587)
    if secure:
        server.ehlo()
        server.starttls()
    # ok: python.tls.smtp-login-cleartext
    server.login(user, password)
    server.send_message(message)


def send_ssl(host, user, password, message):
    with smtplib.SMTP_SSL(host, 465) as server:
        # ok: python.tls.smtp-login-cleartext
        server.login(user, password)
        server.send_message(message)
