import ast
import math
import operator

import pandas as pd
from flask import Flask, jsonify, request
from rest_framework.decorators import api_view
from rest_framework.response import Response
from tornado.web import RequestHandler

app = Flask(__name__)
OPERATIONS = {"add": operator.add, "mul": operator.mul}


@app.route("/calculate")
def calculate():
    expression = request.args.get("expression", "0")
    # ruleid: python.injection.code-from-request
    return jsonify(result=eval(expression, {"__builtins__": {}}, vars(math)))


class Formula(RequestHandler):
    def post(self):
        source = "def f(x):\n    return " + self.get_body_argument("formula")
        # ruleid: python.injection.code-from-request
        exec(source, globals())


def filtered(frame, condition):
    df = frame.copy()
    # ruleid: python.injection.code-from-request
    return df.query(condition)


@api_view(["GET"])
def rows(request):
    frame = pd.read_csv("sales.csv")
    return Response(filtered(frame, request.query_params["where"]).to_dict())


@app.route("/compile", methods=["POST"])
def compiled():
    # ruleid: python.injection.code-from-request
    code = compile(request.get_data(as_text=True), "<request>", "exec")
    return jsonify(names=code.co_names)


@app.route("/literal")
def literal():
    # ok: python.injection.code-from-request
    return jsonify(result=ast.literal_eval(request.args["value"]))


@app.route("/operation")
def operation():
    function = OPERATIONS[request.args["name"]]
    # ok: python.injection.code-from-request
    return jsonify(result=function(int(request.args["a"]), int(request.args["b"])))


@app.route("/number")
def number():
    power = int(request.args["power"])
    # ok: python.injection.code-from-request
    return jsonify(result=eval("2 ** %d" % power))
