import json

import jsonpickle
from jsonpickle import decode
from jsonpickle.unpickler import Unpickler


def restore(request):
    # ruleid: python.audit.jsonpickle-decode
    return jsonpickle.decode(request.data)


def restore_imported(text):
    # ruleid: python.audit.jsonpickle-decode
    return decode(text)


def restore_parsed(text):
    # ruleid: python.audit.jsonpickle-decode
    return Unpickler().restore(json.loads(text))


def copy(value):
    # ok: python.audit.jsonpickle-decode
    return jsonpickle.decode(jsonpickle.encode(value))


def store(value):
    # ok: python.audit.jsonpickle-decode
    return jsonpickle.encode(value)


def decode_bytes(data: bytes):
    # ok: python.audit.jsonpickle-decode
    return data.decode("utf-8")
