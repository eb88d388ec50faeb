import uuid
from uuid import uuid1, uuid4


def start_reset(user):
    # ruleid: python.crypto.uuid1-token
    user.reset_token = str(uuid.uuid1())
    user.save()


def new_session(store):
    # ruleid: python.crypto.uuid1-token
    session_id = uuid1().hex
    store[session_id] = {}
    return session_id


def api_key():
    # ok: python.crypto.uuid1-token
    api_key = uuid4().hex
    return api_key


def event():
    # ok: python.crypto.uuid1-token
    event_id = uuid.uuid1()
    return event_id
