"""Starts servers, loads them with wrk, and reads their memory. Loopback only; everything started here is stopped here."""

import json
import os
import re
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

HERE = Path(__file__).resolve().parent
CACHE = Path(os.environ.get("ZUNO_BENCH") or Path.home() / ".cache/zuno/bench")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """A process that answers HTTP. `{port}` in its arguments is a free port; without one it prints its address."""

    live = []

    def __init__(self, name, argv, variables=None, folder=None):
        self.name, port = name, None
        if any("{port}" in word for word in [*argv, *(variables or {}).values()]):
            port = free_port()
        fill = lambda word: word.replace("{port}", str(port))
        began = time.monotonic()
        self.process = subprocess.Popen(
            [fill(word) for word in argv], cwd=folder, start_new_session=True, stdin=subprocess.DEVNULL,
            env={**os.environ, **{key: fill(value) for key, value in (variables or {}).items()}},
            stdout=subprocess.DEVNULL if port else subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        Server.live.append(self)
        self.url = f"http://127.0.0.1:{port}" if port else self._printed_address()
        self._first_answer(began + 60)
        self.start_ms = (time.monotonic() - began) * 1000

    def _printed_address(self):
        for line in self.process.stdout:
            found = re.search(r"http://127\.0\.0\.1:\d+", line)
            if found:
                return found.group(0)
        raise SystemExit(f"{self.name} ended before it was ready")

    def _first_answer(self, deadline):
        """Polls until any HTTP answer comes, whatever its status."""
        while time.monotonic() < deadline:
            try:
                urllib.request.urlopen(self.url, timeout=5).close()
                return
            except urllib.error.HTTPError:
                return
            except OSError:
                if self.process.poll() is not None:
                    raise SystemExit(f"{self.name} ended before it was ready") from None
                time.sleep(0.001)
        self.stop()
        raise SystemExit(f"{self.name} did not answer within a minute")

    def rss_mb(self):
        """Resident memory of the process and all that it started, in MB."""
        parents, sizes = {}, {}
        for status in Path("/proc").glob("[0-9]*/status"):
            try:
                text = status.read_text()
            except OSError:
                continue
            pid = int(status.parent.name)
            parents[pid] = int(re.search(r"PPid:\s+(\d+)", text)[1])
            size = re.search(r"VmRSS:\s+(\d+)", text)
            sizes[pid] = int(size[1]) if size else 0

        def ours(pid):
            while pid > 1:
                if pid == self.process.pid:
                    return True
                pid = parents.get(pid, 0)
            return False

        return round(sum(size for pid, size in sizes.items() if ours(pid)) / 1024, 1)

    def stop(self):
        try:
            os.killpg(self.process.pid, 15)
            self.process.wait(timeout=10)
        except ProcessLookupError:
            pass
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, 9)
            self.process.wait()

    @classmethod
    def stop_all(cls):
        for each in cls.live:
            if each.process.poll() is None:
                each.stop()


class Shot:
    """One request shape: what wrk sends again and again."""

    def __init__(self, url, method="GET", headers=None, body=None, lines=None, connections=16):
        """`lines`, a file or a list, are what %LINE% in the URL or the body stands for, in turn."""
        parts = urllib.parse.urlsplit(url)
        self.url, self.connections, self.at = f"{parts.scheme}://{parts.netloc}", connections, 0
        self.variables = {"METHOD": method, "HEADERS": "\n".join(f"{k}: {v}" for k, v in (headers or {}).items()),
                          "URL_PATH": (parts.path or "/") + (parts.query and f"?{parts.query}")}
        self.files = []
        if body is not None:
            self.variables["BODY_FILE"] = self._file(body)
        if isinstance(lines, list):
            lines = self._file("".join(f"{line}\n" for line in lines))
        if lines:
            self.variables["LINES_FILE"] = str(lines)

    def _file(self, text):
        file = tempfile.NamedTemporaryFile("w")
        file.write(text)
        file.flush()
        self.files.append(file)
        return file.name

    def fire(self, seconds, last=None):
        """Requests per second, latency in microseconds, and refusals, of one run."""
        variables = {**self.variables, "FIRST": str(self.at), **({"LAST": str(last)} if last else {})}
        said = subprocess.run(
            ["wrk", "-t1", f"-c{self.connections}", f"-d{seconds}s", "-s", str(HERE / "load.lua"), self.url],
            env={**os.environ, **variables}, text=True, capture_output=True, timeout=seconds + 60)
        found = re.search(r"^\{.*\}$", said.stdout, re.MULTILINE)
        if not found:
            raise SystemExit(f"wrk on {self.url}: {said.stdout}{said.stderr}")
        result = json.loads(found[0])
        self.at += result["requests"] + 2 * self.connections  # numbers in flight are used up too
        result["per_second"] = round(result["requests"] / result["seconds"], 1)
        return result


def compare(shots, rounds, seconds):
    """Fires each shot in turn, round after round, and keeps each one's best run. `shots`: name -> Shot."""
    for shot in shots.values():
        shot.fire(1)
    best = {}
    for _ in range(rounds):
        for name, shot in shots.items():
            run = shot.fire(seconds)
            if name not in best or run["per_second"] > best[name]["per_second"]:
                best[name] = run
    return best


def single_sync_rate(folder, seconds=2):
    """How often per second one writer can append 1 KiB and have the disk keep it."""
    with tempfile.NamedTemporaryFile(dir=folder) as file:
        count, end = 0, time.monotonic() + seconds
        while time.monotonic() < end:
            os.write(file.fileno(), b"x" * 1024)
            os.fdatasync(file.fileno())
            count += 1
        return round(count / seconds, 1)
