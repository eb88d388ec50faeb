import uvicorn
from uvicorn import run

from mycompany.settings import settings


def main():
    # ruleid: python.debug.uvicorn-reload
    uvicorn.run("shop.main:app", host="127.0.0.1", port=8000, reload=True)


def imported():
    # ruleid: python.debug.uvicorn-reload
    run("shop.main:app", reload=True)


def safe():
    # ok: python.debug.uvicorn-reload
    uvicorn.run("shop.main:app", host="127.0.0.1", port=8000)


def configured():
    # ok: python.debug.uvicorn-reload
    uvicorn.run("shop.main:app", reload=settings.development)
