import marshal
from marshal import load

from marshmallow import Schema


def read(data):
    # ruleid: python.deserialization.marshal-load
    return marshal.loads(data)


def read_file(path):
    with open(path, "rb") as f:
        # ruleid: python.deserialization.marshal-load
        return load(f)


def copy(value):
    # ok: python.deserialization.marshal-load
    return marshal.loads(marshal.dumps(value))


def schema_load(schema: Schema, data):
    # ok: python.deserialization.marshal-load
    return schema.loads(data)
