import ast
import builtins

import pandas as pd


def calculate(request):
    # ruleid: python.audit.eval-exec
    return eval(request.args["expression"])


def run(script, namespace):
    # ruleid: python.audit.eval-exec
    exec(script, {"__builtins__": {}}, namespace)


def explicit(text):
    # ruleid: python.audit.eval-exec
    return builtins.eval(text)


def formatted(name, value):
    # ruleid: python.audit.eval-exec
    exec(f"{name} = {value!r}")


def literal():
    # ok: python.audit.eval-exec
    return eval("1 + 1")


def data(text):
    # ok: python.audit.eval-exec
    return ast.literal_eval(text)


def version():
    scope = {}
    # ok: python.audit.eval-exec
    exec(open("package/version.py").read(), scope)
    return scope["__version__"]


def frame(df: pd.DataFrame, expression):
    # ok: python.audit.eval-exec
    return df.eval(expression)


def network(model):
    # ok: python.audit.eval-exec
    model.eval()
    return model
