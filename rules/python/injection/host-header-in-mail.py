import smtplib
from email.message import EmailMessage

from django.core.mail import send_mail
from flask import Flask, current_app, request
from flask_mail import Mail, Message

app = Flask(__name__)
mail = Mail(app)


@app.route("/forgot", methods=["POST"])
def forgot():
    link = request.host_url + "reset/" + new_token()
    # ruleid: python.injection.host-header-in-mail
    mail.send(Message("New password", recipients=["a@example.com"], body="Open " + link))
    return "sent"


def reset(request):
    link = "https://%s/reset/%s" % (request.META["HTTP_HOST"], new_token())
    # ruleid: python.injection.host-header-in-mail
    send_mail("New password", link, "web@example.com", ["a@example.com"])


def deliver(text):
    message = EmailMessage()
    # ruleid: python.injection.host-header-in-mail
    message.set_content(text)
    smtplib.SMTP("localhost").send_message(message)


@app.route("/invite", methods=["POST"])
def invite():
    deliver(f"Join at {request.url_root}join")
    return "sent"


@app.route("/forgot-safe", methods=["POST"])
def forgot_safe():
    link = current_app.config["SITE_URL"] + "/reset/" + new_token()
    # ok: python.injection.host-header-in-mail
    mail.send(Message("New password", recipients=["a@example.com"], body="Open " + link))
    return "sent"


def reset_checked(request):
    host = request.META["HTTP_HOST"]
    if host not in ("shop.example.com", "www.example.com"):
        return
    # ok: python.injection.host-header-in-mail
    send_mail("New password", "https://" + host + "/reset", "web@example.com", ["a@example.com"])


@app.route("/note", methods=["POST"])
def note():
    # ok: python.injection.host-header-in-mail
    mail.send(Message("Note", recipients=["a@example.com"], body="Somebody wrote a note"))
    return request.host


def new_token():
    return "example-token-for-tests"
