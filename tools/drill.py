#!/usr/bin/env python3
"""What can go wrong, done to the real server: it answers or drops each thing cleanly and goes on.

    drill.py --home ~/.nearside
    drill.py --home ~/.nearside --only kill idle -- java ... -m dev.nearside.cli/dev.nearside.cli.Main

What stands after -- starts Nearside; without it ./nearside does. The model (--model) is taken from
the store in --home by links; everything else happens in a folder that is removed at the end.

kill       kill -9 while streams run and keys and values are written, five times: it comes up again
           at its port and gives the same answer to the same seeded question
broken     kept keys and values that were truncated, emptied and overwritten: found out, dropped
full       the disk fills up while they are kept: by space, and by files (root only: mounts tmpfs)
deaf       clients that never read
idle       10,000 connections that say nothing, held by processes of their own
body       100 MB in one request, with and without a length
json       malformed JSON, in each dialect
utf8       invalid UTF-8

After each of them a usual question must be answered as before. Only the standard library is used.
Prints a report; the exit code is 1 if anything failed.
"""

import argparse
import contextlib
import http.client
import json
import os
import pathlib
import queue
import random
import resource
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
WORDS = "river stone garden window morning letter engine castle forest silver market".split()
START_SECONDS = 120
SECONDS = 120  # for one answer
MANY = 10_000
HOLDERS = 4  # processes that hold connections, each from an address of its own


class Wrong(Exception):
    """What a drill found."""


def check(holds, message):
    if not holds:
        raise Wrong(message)


class Server:
    """A Nearside process over a home folder."""

    def __init__(self, command, home, model, *flags, port=0):
        self.model = model
        self.lines = []
        env = dict(os.environ, NEARSIDE_HOME=str(home), NEARSIDE_OFFLINE="1")
        env.pop("NEARSIDE_HOST", None)
        self.process = subprocess.Popen(
            [*command, "serve", "--port", str(port), *flags, model],
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            errors="replace",
        )
        listening = queue.Queue()
        threading.Thread(target=self._read, args=(listening,), daemon=True).start()
        try:
            uri = listening.get(timeout=START_SECONDS)
        except queue.Empty:
            uri = None
        if uri is None:
            self.stop()
            raise Wrong("the server does not start:\n" + "".join(self.lines[-20:]))
        self.host, self.port = uri.removeprefix("http://").rstrip("/").split(":")
        self.port = int(self.port)

    def _read(self, listening):
        for line in self.process.stderr:
            self.lines.append(line)
            if line.startswith("listening at "):
                listening.put(line.split()[2])
        listening.put(None)

    @property
    def pid(self):
        """The process that listens, which a launcher may have started."""
        children = pathlib.Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        with contextlib.suppress(OSError):
            for pid in [str(self.process.pid), *children.read_text().split()]:
                if pathlib.Path(f"/proc/{pid}/comm").read_text().strip() == "java":
                    return int(pid)
        return self.process.pid

    def connect(self, timeout=None):
        timeout = timeout or SECONDS
        return http.client.HTTPConnection(self.host, self.port, timeout=timeout)

    def request(self, method, path, body=None, timeout=None):
        connection = self.connect(timeout)
        try:
            connection.request(method, path, body, {"Content-Type": "application/json"})
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def chat(self, content, timeout=None, **more):
        """(text, cached tokens) of a whole reply."""
        body = {"model": self.model, "messages": [{"role": "user", "content": content}]} | more
        status, answer = self.request("POST", "/v1/chat/completions", json.dumps(body), timeout)
        check(status == 200, f"a chat is answered with {status}: {answer[:200]!r}")
        answer = json.loads(answer)
        details = answer["usage"].get("prompt_tokens_details", {})
        return answer["choices"][0]["message"]["content"], details.get("cached_tokens", 0)

    def metric(self, name):
        _, answer = self.request("GET", "/metrics")
        values = [
            float(line.rsplit(" ", 1)[1])
            for line in answer.decode().splitlines()
            if line.startswith((name + "{", name + " "))
        ]
        check(values, f"/metrics has no {name}")
        return sum(values)

    def resident(self):
        with open(f"/proc/{self.pid}/status") as lines:
            return next(int(li.split()[1]) for li in lines if li.startswith("VmRSS")) // 1024

    def kill(self):
        for pid in {self.pid, self.process.pid}:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.process.wait()

    def stop(self):
        if self.process.poll() is None:
            self.process.terminate()
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.kill()
            raise Wrong("SIGTERM does not end the server") from None

    def check_log(self):
        traces = [li for li in self.lines if li.startswith("\tat ") or "Exception in thread" in li]
        check(not traces, "the server's log has a stack trace:\n" + "".join(self.lines[-40:]))


class Drill:
    def __init__(self, args, folder):
        self.args = args
        self.home = folder / "home"
        self.kv = self.home / "kv"
        self.rng = random.Random(args.seed)
        self.expected = None
        self.home.mkdir()
        for part in ("blobs", "manifests", "seals"):
            source = args.home / part
            if source.is_dir():
                shutil.copytree(source, self.home / part, copy_function=link)

    def start(self, *flags, port=0):
        server = Server(self.args.command, self.home, self.args.model, *flags, port=port)
        try:
            self.usual(server)
        except BaseException:
            server.kill()
            raise
        return server

    @contextlib.contextmanager
    def server(self, *flags):
        server = self.start(*flags)
        try:
            yield server
            self.usual(server)
            self.settled(server)
        finally:
            server.stop()
        server.check_log()

    def usual(self, server, timeout=None):
        """The question that always has the same answer; returns how many tokens were cached."""
        question = "Here are words: " + " ".join(WORDS * 25) + ". Say something about them."
        text, cached = server.chat(question, timeout, seed=7, temperature=0.8, max_tokens=24)
        if self.expected is None:
            self.expected = text
        check(text == self.expected, f"another answer: {text!r}, not {self.expected!r}")
        return cached

    @staticmethod
    def settled(server):
        end = time.monotonic() + 20
        while server.metric("nearside_kv_blocks_used") > 0:
            check(time.monotonic() < end, "blocks are still in use though nobody asks")
            time.sleep(0.2)

    def prompt(self, words=600):
        return "Tell me of " + " ".join(self.rng.choice(WORDS) for _ in range(words))

    def stream(self, server, **more):
        """A connection whose reply has begun."""
        body = {
            "model": server.model,
            "messages": [{"role": "user", "content": self.prompt()}],
            "stream": True,
        } | more
        connection = server.connect()
        connection.request("POST", "/v1/chat/completions", json.dumps(body))
        return connection

    # the drills

    def kill(self):
        server = self.start()
        seconds = []
        for turn in range(self.args.kills):
            before = self.blocks()
            streams = [self.stream(server) for _ in range(6)]
            end = time.monotonic() + 60
            while self.blocks() <= before + self.rng.randrange(12):
                check(time.monotonic() < end, "no keys and values are written")
                time.sleep(0.002)
            server.kill()
            for stream in streams:
                stream.close()
            began = time.monotonic()
            server = self.start(port=server.port)
            seconds.append(time.monotonic() - began)
        cached = self.usual(server)
        self.settled(server)
        server.stop()
        server.check_log()
        with self.server() as server:
            pass
        check(cached > 0, "nothing was kept")
        half = len(list(self.kv.glob(".*.tmp")))
        return (
            f"{self.args.kills} times; up and answered again after {max(seconds):.1f} s at most;"
            f" {self.blocks()} blocks kept, {half} half-written ones left for the clean-up"
        )

    def blocks(self):
        return sum(name.endswith(".kv") for name in os.listdir(self.kv)) if self.kv.is_dir() else 0

    def broken(self):
        with self.server() as server:
            server.chat(self.prompt(), max_tokens=8)
        files = sorted(self.kv.glob("*.kv"))
        check(files, "nothing was kept")
        for number, file in enumerate(files):
            data = bytearray(file.read_bytes())
            match number % 5:
                case 0:
                    data = data[: len(data) // 2]
                case 1:
                    data = bytearray()
                case 2:
                    data[len(data) - 1 - number % 1000] ^= 0x40  # what is kept
                case 3:
                    data[number % 56] ^= 0x01  # the head
                case 4:
                    data = bytearray(self.rng.randbytes(len(data)))
            file.write_bytes(data)
        server = Server(self.args.command, self.home, self.args.model)
        try:
            cached = self.usual(server)
            check(cached == 0, f"{cached} tokens came out of broken files")
            told = sum("is broken" in line for line in server.lines)
            check(told > 0, "nobody is told")
        finally:
            server.stop()
        server.check_log()
        with self.server():
            pass
        return f"{len(files)} files broken in five ways; the first of a prompt is told and deleted"

    def full(self):
        if os.geteuid() != 0:
            return None
        report = []
        for name, options in {
            "space": f"size={(1 << 30) + (12 << 20)}",  # the server leaves 1 GiB free
            "files": "size=4g,nr_inodes=24",
        }.items():
            shutil.rmtree(self.kv, ignore_errors=True)
            self.kv.mkdir(mode=0o700)
            mount(self.kv, options)
            try:
                with self.server() as server:
                    for _ in range(6):
                        server.chat(self.prompt(), max_tokens=4)
                    check(any("not kept on disk" in li for li in server.lines), "nobody is told")
                    check(self.usual(server) > 0, "what is in memory was lost")
                    report.append(f"{name}: {self.blocks()} blocks fitted")
                check(not list(self.kv.glob(".*.tmp")), "half-written blocks are left")
                with self.server():
                    pass
            finally:
                unmount(self.kv)
        with self.server():
            pass
        return "; ".join(report) + "; told once, answers go on"

    def deaf(self):
        with self.server("--idle", "5s") as server:
            sockets = []
            for _ in range(8):
                s = socket.socket()
                s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
                s.connect((server.host, server.port))
                body = json.dumps(
                    {
                        "model": server.model,
                        "messages": [{"role": "user", "content": "Count."}],
                        "stream": True,
                        "logprobs": True,
                        "top_logprobs": 20,
                        "ignore_eos": True,
                        "max_tokens": 1800,
                    }
                )
                head = f"POST /v1/chat/completions HTTP/1.1\r\nHost: {server.host}\r\n"
                s.sendall(f"{head}Content-Length: {len(body)}\r\n\r\n{body}".encode())
                sockets.append(s)
            time.sleep(2)
            began = time.monotonic()
            self.usual(server)
            waited = time.monotonic() - began
            before = server.resident()
            end = time.monotonic() + 300
            while server.metric("nearside_kv_blocks_used") > 0:
                check(time.monotonic() < end, "readers that do not read are never dropped")
                time.sleep(0.5)
            dropped = sum(not ends(s) for s in sockets)
            check(dropped > 0, "all replies were sent whole to readers that do not read")
            return (
                f"8 of them, {dropped} dropped; a question meanwhile took {waited:.1f} s;"
                f" memory {before} MB then, {server.resident()} MB after"
            )

    def idle(self):
        with self.server() as server:
            each = MANY // HOLDERS
            address = [server.host, str(server.port)]
            holders = [
                subprocess.Popen(
                    [sys.executable, __file__, "--hold", *address, f"127.0.0.{n + 2}", str(each)],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    text=True,
                )
                for n in range(HOLDERS)
            ]
            try:
                opened = [holder.stdout.readline().strip() for holder in holders]
                check(all(o == f"open {each}" for o in opened), f"connections failed: {opened}")
                files = len(os.listdir(f"/proc/{server.pid}/fd"))
                began = time.monotonic()
                self.usual(server)
                seconds = time.monotonic() - began
                for holder in holders:
                    holder.stdin.write("count\n")
                    holder.stdin.flush()
                still = sum(int(holder.stdout.readline().split()[1]) for holder in holders)
                memory = server.resident()
            finally:
                for holder in holders:
                    holder.stdin.close()
                    holder.wait(60)
            check(files >= MANY, f"the server has {files} open files only")
            return (
                f"{MANY} open at once from {HOLDERS} processes; a question meanwhile took"
                f" {seconds:.1f} s, and {still} were open after it; {memory} MB"
            )

    def body(self):
        with self.server() as server:
            before = server.resident()
            answers = []
            for is_chunked in (False, True):
                connection = server.connect()
                connection.putrequest("POST", "/v1/chat/completions")
                connection.putheader("Content-Type", "application/json")
                if is_chunked:
                    connection.putheader("Transfer-Encoding", "chunked")
                else:
                    connection.putheader("Content-Length", str(100 << 20))
                connection.endheaders()
                piece = b" " * (1 << 20)
                try:
                    for _ in range(100):
                        data = b"%x\r\n%s\r\n" % (len(piece), piece) if is_chunked else piece
                        connection.send(data)
                    connection.send(b"0\r\n\r\n" if is_chunked else b"")
                except OSError:
                    pass  # it may hang up before all is sent; the answer is there all the same
                try:
                    answers.append(connection.getresponse().status)
                except (OSError, http.client.HTTPException):
                    answers.append("dropped")
                connection.close()
            check(all(a in (413, "dropped") for a in answers), f"answered with {answers}")
            grown = server.resident() - before
            check(grown < 64, f"the server holds {grown} MB more")
            return f"{answers[0]} with a length, {answers[1]} without; {grown} MB more memory"

    def json(self):
        bad = [b"", b"{", b"[]", b'"x"', b"{'model': 1}", b'{"model": "m", }', b"\x00", b"nul"]
        bad += [b"[" * 100_000, b'{"messages": ' + b"[" * 5000 + b"]" * 5000 + b"}", b'{"a":1}{']
        paths = ["/v1/chat/completions", "/v1/completions", "/v1/responses", "/v1/embeddings"]
        paths += ["/v1/messages", "/api/chat", "/api/generate", "/completion", "/tokenize"]
        with self.server() as server:
            self.refused(server, paths, bad)
        return f"{len(bad)} bodies × {len(paths)} endpoints: 400 and an error in JSON each"

    def utf8(self):
        raw = [b"\xff\xfe", b"\xc3\x28", b"\xed\xa0\x80", b"\xf8\x88\x80\x80\x80", b"\xc0\x80"]
        model = self.args.model.encode()
        bodies = [
            b'{"model": "%s", "messages": [{"role": "user", "content": "%s"}]}' % (model, text)
            for text in raw
        ]
        paths = ["/v1/chat/completions", "/v1/messages", "/api/chat"]
        with self.server() as server:
            self.refused(server, paths, bodies)
        return f"{len(bodies)} bodies × {len(paths)} endpoints: 400 and an error in JSON each"

    @staticmethod
    def refused(server, paths, bodies):
        for path in paths:
            for body in bodies:
                status, answer = server.request("POST", path, body)
                check(status == 400, f"{path} answers {body[:40]!r} with {status}")
                check("error" in json.loads(answer), f"{path}: no error in {answer[:100]!r}")


def ends(s):
    """Reads what there is of a stream and closes it; whether the stream came to its end."""
    tail = b""
    with contextlib.suppress(OSError), s:
        s.settimeout(5)
        while data := s.recv(1 << 16):
            tail = (tail + data)[-200:]
    return b"[DONE]" in tail


def link(source, target):
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


def mount(folder, options):
    subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", folder], check=True)


def unmount(folder):
    subprocess.run(["umount", folder], check=True)


def hold(host, port, source, count):
    """Opens connections and says nothing, until standard input ends."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    sockets = []
    try:
        for _ in range(int(count)):
            s = socket.create_connection((host, int(port)), 60, (source, 0))
            s.setblocking(False)
            sockets.append(s)
        print("open", len(sockets), flush=True)
    except OSError as e:
        print("open", len(sockets), e, flush=True)
    for _ in sys.stdin:
        still = 0
        for s in sockets:
            try:
                still += s.recv(1) != b""
            except BlockingIOError:
                still += 1
            except OSError:
                pass
        print("still", still, flush=True)


DRILLS = ["kill", "broken", "full", "deaf", "idle", "body", "json", "utf8"]


def main():
    if sys.argv[1:2] == ["--hold"]:
        hold(*sys.argv[2:])
        return 0
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    default = pathlib.Path(os.environ.get("NEARSIDE_HOME", pathlib.Path.home() / ".nearside"))
    parser.add_argument(
        "--home", type=pathlib.Path, default=default, help="where the model is (%(default)s)"
    )
    parser.add_argument("--model", default="smollm2:135m", help="default: %(default)s")
    parser.add_argument(
        "--only",
        nargs="+",
        choices=DRILLS,
        default=DRILLS,
        metavar="DRILL",
        help=f"some of {', '.join(DRILLS)}",
    )
    parser.add_argument("--kills", type=int, default=5, help="default: %(default)s")
    parser.add_argument("--seed", type=int, default=1, help="default: %(default)s")
    parser.add_argument("command", nargs="*", default=[], help="starts Nearside (./nearside)")
    args = parser.parse_args()
    args.command = args.command or [str(ROOT / "nearside")]
    failed = 0
    with tempfile.TemporaryDirectory(prefix="nearside-drill-") as folder:
        drill = Drill(args, pathlib.Path(folder))
        for name in args.only:
            began = time.monotonic()
            try:
                report = getattr(drill, name)()
                verdict = "skipped: needs root" if report is None else "ok: " + report
            except (Wrong, OSError, http.client.HTTPException, ValueError) as e:
                verdict = f"FAILED: {type(e).__name__}: {e}"
                failed += 1
            print(f"{name:8}{time.monotonic() - began:6.0f} s  {verdict}", flush=True)
    print("all well" if failed == 0 else f"{failed} of {len(args.only)} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
