import smtplib
from email.message import EmailMessage
from email.mime.text import MIMEText

from flask import Flask, request

app = Flask(__name__)


@app.route("/contact", methods=["POST"])
def contact():
    text = "Subject: " + request.form["subject"] + "\r\n\r\n" + request.form["text"]
    with smtplib.SMTP("localhost") as server:
        # ruleid: python.injection.mail-header-from-request
        server.sendmail("web@example.com", "team@example.com", text)
    return "sent"


def build(subject, body):
    message = MIMEText(body)
    # ruleid: python.injection.mail-header-from-request
    message["Subject"] = subject
    return message


@app.route("/feedback", methods=["POST"])
def feedback():
    message = build(request.form["subject"], "thanks")
    # ok: python.injection.mail-header-from-request
    message.add_header("Reply-To", "team@example.com")
    return "sent"


@app.route("/order", methods=["POST"])
def order():
    message = MIMEText("An order came in")
    # ruleid: python.injection.mail-header-from-request
    message["Reply-To"] = request.form["email"]
    with smtplib.SMTP("localhost") as server:
        # ok: python.injection.mail-header-from-request
        server.sendmail("web@example.com", "team@example.com", message.as_string())
    return "sent"


@app.route("/safe", methods=["POST"])
def safe():
    message = EmailMessage()
    # ok: python.injection.mail-header-from-request
    message["Subject"] = request.form["subject"]
    with smtplib.SMTP("localhost") as server:
        server.send_message(message)
    return "sent"


@app.route("/clean", methods=["POST"])
def clean():
    message = MIMEText("hello")
    # ok: python.injection.mail-header-from-request
    message["Subject"] = request.form["subject"].replace("\r", "").replace("\n", "")
    return message.as_string()
