"""Signs client assertions ahead of a run, so that the client's own signing is not measured.

    assertions.py ALG COUNT CLIENT_ID AUDIENCE FOLDER

Leaves `lines` (one assertion a line, no two alike), `private.pem`, `public.pem` and `public.jwk` in FOLDER. A key that
is there already is used again.
"""

import base64
import json
import sys
import time
from multiprocessing import Pool
from pathlib import Path

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa, utils

ALG, COUNT, CLIENT, AUDIENCE, FOLDER = sys.argv[1], int(sys.argv[2]), sys.argv[3], sys.argv[4], Path(sys.argv[5])


def b64(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def number(value, size):
    return b64(value.to_bytes(size, "big"))


def make_key():
    return rsa.generate_private_key(65537, 2048) if ALG == "RS256" else ec.generate_private_key(ec.SECP256R1())


def signature(key, message):
    if ALG == "RS256":
        return key.sign(message, padding.PKCS1v15(), hashes.SHA256())
    r, s = utils.decode_dss_signature(key.sign(message, ec.ECDSA(hashes.SHA256())))
    return r.to_bytes(32, "big") + s.to_bytes(32, "big")


def some(work):
    pem, first, last = work
    key = serialization.load_pem_private_key(pem, None)
    head, now, lines = b64(json.dumps({"alg": ALG, "typ": "JWT"}).encode()), int(time.time()), []
    for n in range(first, last):
        claims = {"iss": CLIENT, "sub": CLIENT, "aud": AUDIENCE, "iat": now, "exp": now + 3000, "jti": f"a{n}"}
        text = f"{head}.{b64(json.dumps(claims).encode())}"
        lines.append(f"{text}.{b64(signature(key, text.encode()))}")
    return lines


if __name__ == "__main__":
    kept = FOLDER / "private.pem"
    if not kept.exists():
        kept.write_bytes(make_key().private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
    pem = kept.read_bytes()
    key = serialization.load_pem_private_key(pem, None)
    with Pool() as pool:
        step = max(1, COUNT // 16)
        parts = pool.map(some, [(pem, at, min(at + step, COUNT)) for at in range(0, COUNT, step)])
    (FOLDER / "lines").write_text("".join(line + "\n" for part in parts for line in part))
    public = key.public_key()
    (FOLDER / "public.pem").write_bytes(public.public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo))
    n = public.public_numbers()
    jwk = ({"kty": "RSA", "n": number(n.n, 256), "e": "AQAB"} if ALG == "RS256"
           else {"kty": "EC", "crv": "P-256", "x": number(n.x, 32), "y": number(n.y, 32)})
    (FOLDER / "public.jwk").write_text(json.dumps({**jwk, "alg": ALG, "use": "sig"}))
