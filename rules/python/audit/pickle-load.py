import base64
import json
import pickle
import pickle as pk
from pickle import loads

import dill


def from_cookie(request):
    # ruleid: python.audit.pickle-load
    return pickle.loads(base64.b64decode(request.cookies["prefs"]))


def from_file(path):
    with open(path, "rb") as f:
        # ruleid: python.audit.pickle-load
        return pk.load(f)


def from_queue(message):
    # ruleid: python.audit.pickle-load
    return loads(message.body)


def from_dill(stream):
    # ruleid: python.audit.pickle-load
    return dill.load(stream)


def unpickler(stream):
    # ruleid: python.audit.pickle-load
    return pickle.Unpickler(stream, encoding="latin1").load()


def deep_copy(value):
    # ok: python.audit.pickle-load
    return pickle.loads(pickle.dumps(value, protocol=4))


def round_trip(value):
    data = pickle.dumps(value)
    # ok: python.audit.pickle-load
    return pickle.loads(data)


def from_json(text):
    # ok: python.audit.pickle-load
    return json.loads(text)


def write(value, stream):
    # ok: python.audit.pickle-load
    pickle.dump(value, stream)
