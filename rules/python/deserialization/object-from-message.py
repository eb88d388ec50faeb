import json
import pickle
import socket

import redis
import requests
import zmq
from kafka import KafkaConsumer

cache = redis.Redis()
r = redis.Redis()


def serve(port):
    with socket.create_server(("", port)) as server:
        connection, _ = server.accept()
        data = connection.recv(65536)
        # ruleid: python.deserialization.object-from-message
        return pickle.loads(data)


def jobs():
    for message in KafkaConsumer("jobs"):
        run(message.value)


def run(payload):
    # ruleid: python.deserialization.object-from-message
    job = pickle.loads(payload)
    job.run()


def cached(key):
    value = r.get(key)
    if value is not None:
        # ok: python.deserialization.object-from-message
        return pickle.loads(value)
    return None


def queued():
    _, value = r.blpop("jobs")
    # ruleid: python.deserialization.object-from-message
    return pickle.loads(value)


def model():
    answer = requests.get("http://models.internal/latest", timeout=10)
    # ruleid: python.deserialization.object-from-message
    return pickle.loads(answer.content)


def safe_jobs():
    for message in KafkaConsumer("jobs"):
        # ok: python.deserialization.object-from-message
        print(json.loads(message.value))


def subscribe():
    receiver = zmq.Context().socket(zmq.PULL)
    # ok: python.deserialization.object-from-message
    return receiver.recv_json()


def local():
    # ok: python.deserialization.object-from-message
    return pickle.loads(pickle.dumps([1, 2]))
