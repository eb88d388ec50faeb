from werkzeug.debug import DebuggedApplication
from werkzeug.serving import run_simple

from mycompany.web import application


def wrap():
    # ruleid: python.debug.werkzeug-debugger
    return DebuggedApplication(application, evalex=True)


def wrap_positional():
    # ruleid: python.debug.werkzeug-debugger
    return DebuggedApplication(application, True)


def serve():
    # ruleid: python.debug.werkzeug-debugger
    run_simple("localhost", 5000, application, use_debugger=True, use_reloader=True)


def wrap_without_console():
    # ok: python.debug.werkzeug-debugger
    return DebuggedApplication(application, evalex=False)


def serve_plain():
    # ok: python.debug.werkzeug-debugger
    run_simple("localhost", 5000, application)
