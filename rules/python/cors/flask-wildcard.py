from flask import Flask
from flask_cors import CORS, cross_origin

app = Flask(__name__)
# ruleid: python.cors.flask-wildcard
CORS(app)
# ruleid: python.cors.flask-wildcard
CORS(app, supports_credentials=True)
# ruleid: python.cors.flask-wildcard
CORS(app, origins="*")
# ruleid: python.cors.flask-wildcard
CORS(app, resources={r"/api/*": {"origins": "*"}})


@app.route("/public")
# ruleid: python.cors.flask-wildcard
@cross_origin()
def public():
    return "ok"


@app.route("/partner")
# ok: python.cors.flask-wildcard
@cross_origin(origins=["https://partner.example.com"])
def partner():
    return "ok"


# ok: python.cors.flask-wildcard
CORS(app, origins=["https://app.example.com"], supports_credentials=True)
# ok: python.cors.flask-wildcard
CORS(app, resources={r"/api/*": {"origins": "https://app.example.com"}})
# ok: python.cors.flask-wildcard
cors = CORS()
