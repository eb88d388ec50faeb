import json
import sqlite3
import subprocess

from anthropic import Anthropic
from openai import OpenAI

client = OpenAI()
TOOLS = {}


def ask(prompt):
    response = client.chat.completions.create(model="m", messages=[{"role": "user", "content": prompt}])
    return response.choices[0].message.content


def calculate(question):
    code = ask("Write Python for: " + question)
    # ruleid: python.injection.code-from-model-output
    exec(code)


def shell(question):
    message = Anthropic().messages.create(model="m", max_tokens=100, messages=[{"role": "user", "content": question}])
    command = message.content[0].text.strip()
    # ruleid: python.injection.code-from-model-output
    return subprocess.check_output(command, shell=True)


def query(question):
    connection = sqlite3.connect("shop.db")
    statement = ask("Write SQL for: " + question)
    # ruleid: python.injection.code-from-model-output
    return connection.execute(statement).fetchall()


def tool(question):
    answer = json.loads(ask(question))
    # ok: python.injection.code-from-model-output
    return TOOLS[answer["name"]](answer["value"])


def stored(question):
    connection = sqlite3.connect("shop.db")
    # ok: python.injection.code-from-model-output
    connection.execute("INSERT INTO answers VALUES (?)", (ask(question),))


def version():
    ask("hello")
    # ok: python.injection.code-from-model-output
    return subprocess.check_output("git rev-parse HEAD", shell=True)
