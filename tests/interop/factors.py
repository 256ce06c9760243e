"""One-time codes and access tokens, made as a user's device and an identity provider make them."""

import base64
import hashlib
import hmac
import json
import pathlib
import struct
import subprocess
import time


def totp(key: str, offset: int = 0) -> str:
    digest = hmac.new(base64.b32decode(key), struct.pack(">q", int(time.time()) // 30 + offset), hashlib.sha1).digest()
    at = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[at : at + 4])[0] & 0x7FFFFFFF) % 1000000:06d}"


def encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


class TokenIssuer:
    def __init__(self, folder: pathlib.Path):
        self.key, self.public = folder / "key.pem", folder / "public.pem"
        subprocess.run(["openssl", "genrsa", "-out", self.key, "2048"], check=True, capture_output=True)
        subprocess.run(["openssl", "pkey", "-in", self.key, "-pubout", "-out", self.public], check=True)

    def section(self) -> str:
        return f'\n[access_tokens]\nissuer = "https://id.example"\naudience = "iris"\npublic_keys = ["{self.public}"]\n'

    def token(self, subject: str, **changes) -> str:
        claims = {"iss": "https://id.example", "aud": "iris", "sub": subject, "exp": int(time.time()) + 300} | changes
        text = encoded(json.dumps({"alg": "RS256", "typ": "JWT"}).encode()) + "." + encoded(json.dumps(claims).encode())
        signature = subprocess.run(["openssl", "dgst", "-sha256", "-sign", self.key], input=text.encode(), capture_output=True, check=True).stdout
        return text + "." + encoded(signature)
