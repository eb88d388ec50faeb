import fastapi
from fastapi import FastAPI
from starlette.applications import Starlette

from mycompany.settings import settings

# ruleid: python.debug.starlette-debug
app = FastAPI(title="Orders", debug=True)

# ruleid: python.debug.starlette-debug
site = Starlette(debug=True, routes=[])

api = fastapi.FastAPI()
# ruleid: python.debug.starlette-debug
api.debug = True

# ok: python.debug.starlette-debug
quiet = FastAPI(title="Orders")

# ok: python.debug.starlette-debug
configured = FastAPI(debug=settings.debug)

# ok: python.debug.starlette-debug
explicit = Starlette(debug=False, routes=[])
