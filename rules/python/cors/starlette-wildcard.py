from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware
from starlette.middleware import Middleware

app = FastAPI()
# ruleid: python.cors.starlette-wildcard
app.add_middleware(
    CORSMiddleware,
    allow_origins=["*"],
    allow_credentials=True,
    allow_methods=["*"],
)

# ruleid: python.cors.starlette-wildcard
app.add_middleware(CORSMiddleware, allow_origin_regex=".*")

# ruleid: python.cors.starlette-wildcard
middleware = [Middleware(CORSMiddleware, allow_origins=["*"])]

origins = ["*"]
# ruleid: python.cors.starlette-wildcard
app.add_middleware(CORSMiddleware, allow_origins=origins)

# ok: python.cors.starlette-wildcard
app.add_middleware(
    CORSMiddleware,
    allow_origins=["https://app.example.com"],
    allow_methods=["*"],
    allow_headers=["*"],
)

# ok: python.cors.starlette-wildcard
app.add_middleware(CORSMiddleware, allow_origin_regex=r"https://.*\.example\.com")
