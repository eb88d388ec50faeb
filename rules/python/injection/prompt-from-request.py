from anthropic import Anthropic
from fastapi import FastAPI
from flask import Flask, request
from openai import OpenAI

app = Flask(__name__)
api = FastAPI()
client = OpenAI()
TONES = {"short": "Answer in one sentence.", "long": "Explain in detail."}


@app.route("/ask", methods=["POST"])
def ask():
    persona = request.form["persona"]
    messages = [
        # ruleid: python.injection.prompt-from-request
        {"role": "system", "content": "You are " + persona},
        {"role": "user", "content": request.form["question"]},
    ]
    return client.chat.completions.create(model="m", messages=messages).choices[0].message.content


@api.post("/summary")
def summary(text: str, style: str):
    # ruleid: python.injection.prompt-from-request
    answer = Anthropic().messages.create(model="m", max_tokens=10, system=f"Write {style}", messages=[])
    return {"summary": answer.content[0].text}


def instruct(rules):
    # ruleid: python.injection.prompt-from-request
    return client.responses.create(model="m", instructions=rules, input="hello")


@app.route("/rules", methods=["POST"])
def rules():
    return instruct("Follow: %s" % request.get_json()["rules"]).output_text


@app.route("/user", methods=["POST"])
def user():
    messages = [
        # ok: python.injection.prompt-from-request
        {"role": "system", "content": "You are helpful"},
        # ok: python.injection.prompt-from-request
        {"role": "user", "content": request.form["question"]},
    ]
    return client.chat.completions.create(model="m", messages=messages).choices[0].message.content


@app.route("/tone", methods=["POST"])
def tone():
    # ok: python.injection.prompt-from-request
    messages = [{"role": "system", "content": TONES[request.form["tone"]]}]
    return client.chat.completions.create(model="m", messages=messages).choices[0].message.content
