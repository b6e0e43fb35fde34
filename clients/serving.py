"""A zuno server for a while, and the variables that point clients at it."""

import contextlib
import json
import os
import re
import secrets
import subprocess
import sys

CLIENT = ["--client-id", "clients-suite", "--client-secret", "only-for-this-run"]


def _ready_address(server):
    """The address in the server's first lines on stdout; waits for that and for nothing else."""
    seen = []
    for line in server.stdout:
        seen.append(line)
        found = re.search(r"http://127\.0\.0\.1:\d+", line)
        if found:
            return found.group(0)
    sys.exit("the server ended before it was ready:\n" + "".join(seen))


def printed(zuno, address, environment, *flags):
    """The variables that `zuno env` prints for the server at an address."""
    command = [zuno, "env", "--json", *flags, "--server", address, *CLIENT]
    said = subprocess.run(command, check=True, text=True, stdout=subprocess.PIPE, env={**os.environ, **environment})
    return json.loads(said.stdout)


@contextlib.contextmanager
def serving(zuno):
    """Runs `zuno serve --memory`; yields its address and the variables of `zuno env`."""
    own = {"ZUNO_LOG": "error", **os.environ, "ZUNO_OPERATOR_TOKEN": secrets.token_urlsafe()}
    server = subprocess.Popen([zuno, "serve", "--memory", "--listen", "127.0.0.1:0", *CLIENT],
                              stdout=subprocess.PIPE, text=True, env=own)
    try:
        address = _ready_address(server)
        yield address, printed(zuno, address, own)
    finally:
        server.terminate()
        try:
            server.wait(timeout=10)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()
