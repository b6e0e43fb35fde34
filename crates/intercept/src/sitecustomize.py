"""Lets zscaler-oneapi-sdk-python find the proxy of HTTPS_PROXY, as every other client does. Written by zuno.

That SDK asks only its token of the environment's proxy: its other calls would leave for the real cloud. Where the
caller has set no proxy, it is given that one. Nothing else is touched, and a `sitecustomize` that stands further
along the path runs as if this one were not there.
"""

import functools
import importlib.machinery
import importlib.util
import inspect
import os
import sys
from urllib.parse import urlsplit

MODULE, SESSION, OPTION = "zssdk.zscore.httpsession", "HttpxSession", "proxy_config"


def proxy_of_environment():
    parts = urlsplit(os.environ.get("HTTPS_PROXY") or os.environ.get("https_proxy") or "")
    if not parts.hostname:
        return None
    return {"host": parts.hostname, "port": parts.port, "username": parts.username, "password": parts.password}


def lead(module):
    """Gives each session of the SDK the proxy, unless its caller chose one."""
    session = getattr(module, SESSION, None)
    plain = getattr(session, "__init__", None)
    if plain is None or OPTION not in inspect.signature(plain).parameters:
        return  # another release, which may know the environment itself

    @functools.wraps(plain)
    def __init__(self, *given, **named):
        call = inspect.signature(plain).bind(self, *given, **named)
        if not call.arguments.get(OPTION):
            call.arguments[OPTION] = proxy_of_environment()
        plain(*call.args, **call.kwargs)

    session.__init__ = __init__


class Finder:
    """Waits for the one module, so that programs without that SDK pay nothing."""

    @staticmethod
    def find_spec(name, path=None, target=None):
        if name != MODULE:
            return None
        sys.meta_path.remove(Finder)
        spec = importlib.machinery.PathFinder.find_spec(name, path, target)
        if spec and spec.loader:
            run = spec.loader.exec_module

            def exec_module(module):
                run(module)
                lead(module)

            spec.loader.exec_module = exec_module
        return spec


def run_the_next():
    here = os.path.dirname(os.path.abspath(__file__))
    rest = [folder for folder in sys.path if os.path.abspath(folder or os.curdir) != here]
    spec = importlib.machinery.PathFinder.find_spec("sitecustomize", rest)
    if spec and spec.loader:
        module = importlib.util.module_from_spec(spec)
        sys.modules["sitecustomize"] = module
        spec.loader.exec_module(module)


sys.meta_path.insert(0, Finder)
run_the_next()
