import json
import os
import shlex
import socket
import sqlite3
import subprocess

import paho.mqtt.client as mqtt
from kafka import KafkaConsumer


def work():
    for message in KafkaConsumer("jobs"):
        job = json.loads(message.value)
        # ruleid: python.injection.command-from-message
        os.system("ffmpeg -i " + job["path"] + " out.mp4")


def serve(port):
    server = socket.create_server(("", port))
    connection, _ = server.accept()
    run(connection.recv(1024).decode())


def run(line):
    # ruleid: python.injection.command-from-message
    subprocess.run("report " + line, shell=True, check=True)


def on_message(client, userdata, message):
    # ruleid: python.injection.command-from-message
    subprocess.Popen(f"notify {message.payload.decode()}", shell=True)


def nightly():
    cursor = sqlite3.connect("hosts.db").cursor()
    cursor.execute("SELECT name FROM hosts")
    for (name,) in cursor.fetchall():
        # ruleid: python.injection.command-from-message
        os.popen("ping -c 1 %s" % name)


def work_safely():
    for message in KafkaConsumer("jobs"):
        job = json.loads(message.value)
        # ok: python.injection.command-from-message
        subprocess.run(["ffmpeg", "-i", job["path"], "out.mp4"], check=True)


def quoted(port):
    server = socket.create_server(("", port))
    connection, _ = server.accept()
    # ok: python.injection.command-from-message
    os.system("report " + shlex.quote(connection.recv(1024).decode()))


def start():
    client = mqtt.Client()
    client.on_message = on_message
    # ok: python.injection.command-from-message
    os.system("mosquitto -d")
