import os

import boto3
import openai
import stripe
from azure.identity import ClientSecretCredential


def storage():
    # ruleid: python.credentials.hardcoded-cloud-key
    return boto3.client(
        "s3",
        aws_access_key_id=os.environ["KEY_ID"],
        aws_secret_access_key="example-cloud-secret",
    )


def session():
    # ruleid: python.credentials.hardcoded-cloud-key
    return boto3.Session(aws_secret_access_key="example-cloud-secret")


def azure(tenant, client):
    # ruleid: python.credentials.hardcoded-cloud-key
    return ClientSecretCredential(tenant, client, "example-client-secret")


# ruleid: python.credentials.hardcoded-cloud-key
stripe.api_key = "example-payment-secret"


def model():
    # ok: python.credentials.hardcoded-cloud-key
    return openai.OpenAI(api_key=os.environ["MODEL_API_KEY"])


def local_model():
    # ok: python.credentials.hardcoded-cloud-key
    return openai.OpenAI(base_url="http://localhost:8000/v1", api_key="not-needed")


def mocked_storage():
    # ok: python.credentials.hardcoded-cloud-key
    return boto3.client("s3", aws_access_key_id="testing", aws_secret_access_key="testing")


def storage_default():
    # ok: python.credentials.hardcoded-cloud-key
    return boto3.client("s3")
