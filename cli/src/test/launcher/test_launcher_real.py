"""What ./nearside does with the real JDK and Maven: a copy of this checkout is built and started.

Run: python3 -m unittest discover -s cli/src/test/launcher -p 'test_launcher_real.py'
It needs JDK 25, Maven and what Maven needs (network, or a filled local repository).
"""

import os
import pty
import shutil
import signal
import socket
import subprocess
import tempfile
import unittest
from pathlib import Path

from fixture import CHECKOUT

# A verb that no release will have: a usage error, by a start that may compute.
NO_VERB = "no-such-verb"


class RealLauncher(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.top = Path(tempfile.mkdtemp(prefix="nearside real ")).resolve()
        cls.addClassCleanup(shutil.rmtree, cls.top, ignore_errors=True)
        cls.root = cls.top / "check out"
        ignored = shutil.ignore_patterns("target", ".git", "__pycache__", "node_modules")
        shutil.copytree(CHECKOUT, cls.root, ignore=ignored, symlinks=True)
        cls.home = cls.top / "home of nearside"
        cls.home.mkdir()
        cls.first = cls.run_launcher("--version")
        if cls.first.returncode != 0:
            raise AssertionError(f"the first use failed:\n{cls.first.stderr}")
        image = (cls.root / "cli/target/launch/image").read_text().strip()
        cls.caches = sorted((cls.root / f"cli/target/launch/image-{image}/aot").glob("*/*.aot"))

    @classmethod
    def command(cls, *words, **changes):
        # With vector kernels more can go wrong: the JVM's stderr goes through a filter.
        env = {**os.environ, "NEARSIDE_HOME": str(cls.home), "NEARSIDE_KERNELS": "vector", **changes}
        return {"args": [str(cls.root / "nearside"), *words], "env": env, "text": True}

    @classmethod
    def run_launcher(cls, *words, **changes):
        return subprocess.run(
            stdin=subprocess.DEVNULL, capture_output=True, timeout=600, check=False,
            **cls.command(*words, **changes),
        )

    @staticmethod
    def has_machine_code():
        """Whether this is a CPU that machine code serves on."""
        path = Path("/proc/cpuinfo")
        lines = path.read_text().splitlines() if path.exists() else []
        flags = next((line.split() for line in lines if line.startswith("flags")), [])
        return {"avx512bw", "avx512dq", "avx512vl", "avx512_vnni"} <= set(flags)

    def run_with(self, cache, **changes):
        """Runs what starts with this AOT cache: the version, or a usage error by a start that may compute."""
        kernels = {"machine.aot": "machine", "vector.aot": "vector"}.get(cache)
        if kernels is None:
            return self.run_launcher("--version", **changes)
        return self.run_launcher(NO_VERB, NEARSIDE_KERNELS=kernels, **changes)

    def test_first_use_prints_progress_and_the_answer(self):
        self.assertRegex(self.first.stdout, r"^nearside \d+\.\d+")
        progress = [line for line in self.first.stderr.splitlines() if not line.endswith(" …")]
        self.assertEqual(progress, [], "only progress lines on stderr")

    def test_second_use_prints_nothing_on_stderr(self):
        result = self.run_launcher("--version")
        self.assertEqual((result.returncode, result.stderr), (0, ""))
        self.assertEqual(result.stdout, self.first.stdout)

    def test_starts_that_compute_print_no_jvm_warnings(self):
        for kernels in ("", "scalar", "vector"):
            with self.subTest(kernels=kernels):
                result = self.run_launcher(NO_VERB, NEARSIDE_KERNELS=kernels)
                self.assertEqual(result.returncode, 2)
                self.assertEqual(result.stdout, "")
                self.assertIn(NO_VERB, result.stderr)
                self.assertNotIn("WARNING", result.stderr)

    def test_aot_caches_are_used(self):
        machine = ["machine.aot"] if self.has_machine_code() else []
        names = [cache.name for cache in self.caches]
        self.assertEqual(names, [*machine, "plain.aot", "vector.aot"])
        for name in names:
            with self.subTest(cache=name):
                result = self.run_with(name, NEARSIDE_JVM_OPTIONS="-Xlog:class+load")
                self.assertRegex(
                    result.stdout + result.stderr,
                    r"dev\.nearside\.cli\.Main source: shared objects file",
                )

    def test_bad_aot_cache_is_silently_passed_over(self):
        expected = {cache: self.run_with(cache.name) for cache in self.caches}
        for cache in self.caches:
            whole = cache.read_bytes()
            self.addCleanup(cache.write_bytes, whole)
            cuts = {f"cut at {n}": whole[:n] for n in (0, 100, len(whole) // 2, len(whole) - 5000)}
            for name, content in {**cuts, "garbage": os.urandom(100_000)}.items():
                with self.subTest(cache=cache.name, content=name):
                    cache.write_bytes(content)
                    self.assert_same(self.run_with(cache.name), expected[cache])
            with self.subTest(cache=cache.name, content="missing"):
                cache.unlink()
                self.assert_same(self.run_with(cache.name), expected[cache])

    def test_jars_newer_than_the_cache_are_silently_accepted(self):
        expected = self.run_launcher("--version")
        for jar in self.caches[0].parents[2].glob("lib/*.jar"):
            before = jar.stat()
            self.addCleanup(os.utime, jar, ns=(before.st_atime_ns, before.st_mtime_ns))
            os.utime(jar)
        self.assert_same(self.run_launcher("--version"), expected)

    def assert_same(self, result, expected):
        for part in ("returncode", "stdout", "stderr"):
            self.assertEqual(getattr(result, part), getattr(expected, part))

    def test_jvm_that_cannot_start_says_why(self):
        for word in ("--version", NO_VERB):
            with self.subTest(word=word):
                result = self.run_launcher(word, NEARSIDE_JVM_OPTIONS="-Xmx1k")
                self.assertEqual(result.returncode, 1)
                self.assertIn("Too small maximum heap", result.stderr)

    def test_crash_output_is_not_lost(self):
        # A debugger's port with suspend=y stops the JVM before main, for as long as we like.
        debug = "-agentlib:jdwp=transport=dt_socket,server=y,suspend=y,address=127.0.0.1:0"
        process = subprocess.Popen(
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            **self.command(NO_VERB, NEARSIDE_JVM_OPTIONS=debug),
        )
        self.addCleanup(process.kill)
        self.assertIn("Listening", process.stdout.readline())
        process.send_signal(signal.SIGSEGV)
        out, err = process.communicate(timeout=60)
        self.assertNotEqual(process.returncode, 0)
        self.assertIn("A fatal error has been detected", out + err)
        self.assertNotIn("Using incubator modules", out + err)
        self.assertTrue((self.home / f"hs_err_pid{process.pid}.log").exists())

    def test_stderr_may_be_a_socket(self):
        ours, theirs = socket.socketpair()
        with ours, theirs:
            command = self.command(NO_VERB)
            subprocess.run(stdin=subprocess.DEVNULL, stderr=theirs, timeout=60, check=False, **command)
            theirs.close()
            self.assertIn(NO_VERB, ours.makefile().read())

    def test_both_streams_in_one_file_keep_both(self):
        path = self.top / "both"
        with path.open("w") as file:
            file.write("before\n")
            file.flush()
            for word in (NO_VERB, "--version"):
                subprocess.run(stdout=file, stderr=subprocess.STDOUT, timeout=60, check=False,
                               **self.command(word))
        text = path.read_text()
        self.assertTrue(text.startswith("before\n"))
        self.assertIn(NO_VERB, text)
        self.assertTrue(text.endswith(self.first.stdout))

    def test_on_a_terminal_no_jvm_warnings_either(self):
        for words in (["--version"], [NO_VERB]):
            with self.subTest(words=words):
                self.assertNotIn("WARNING", self.on_terminal(*words))

    def on_terminal(self, *words):
        main, end = pty.openpty()
        process = subprocess.Popen(stdin=end, stdout=end, stderr=end, **self.command(*words))
        os.close(end)
        text = b""
        while True:
            try:
                piece = os.read(main, 4096)
            except OSError:  # Linux reports the other end's close this way.
                piece = b""
            if not piece:
                break
            text += piece
        os.close(main)
        process.wait(timeout=60)
        return text.decode()

    def test_a_start_finds_its_classes_in_the_cache(self):
        for cache in self.caches:
            with self.subTest(cache=cache.name):
                with tempfile.TemporaryDirectory() as folder:  # at a path without blanks
                    log = Path(folder, "log")
                    option = f"-Xlog:class+load:file={log}:none"
                    self.run_with(cache.name, NEARSIDE_JVM_OPTIONS=option)
                    lines = log.read_text().splitlines()
                ours = [line for line in lines
                        if line.startswith(("dev.nearside.", "picocli.")) and "$$" not in line]
                cached = [line for line in ours if "shared objects file" in line]
                self.assertGreater(len(ours), 20)
                self.assertGreater(len(cached), 0.9 * len(ours), set(ours) - set(cached))


if __name__ == "__main__":
    unittest.main()
