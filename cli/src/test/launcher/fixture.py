"""A house of cards for the launcher's tests: a checkout, JDKs and a Maven that are all scripts."""

import os
import shutil
import signal
import stat
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[4]

# A job in the background of a script ignores interrupts, and so would all that it starts.
for ignored in (signal.SIGINT, signal.SIGHUP, signal.SIGQUIT):
    if signal.getsignal(ignored) == signal.SIG_IGN:
        signal.signal(ignored, signal.SIG_DFL)

# Stands in for bin/java: says what it was given, and behaves as FAKE_JAVA asks.
JAVA = r"""#!/usr/bin/env bash
for word in "$@"; do
  case $word in
    -XX:DumpLoadedClassList=*) echo classes >"${word#*=}"; exit 0 ;;
    -XX:AOTCacheOutput=* | -XX:SharedArchiveFile=*)
      [ -z "$FAKE_TRAINING" ] || eval "$FAKE_TRAINING"
      echo training >>"$FAKE_LOG"
      echo cache >"${word#*=}"
      exit 0 ;;
  esac
done
echo java >>"$FAKE_LOG"
printf '%s\n' "$0" "$@"
[ -z "$FAKE_JAVA" ] || eval "$FAKE_JAVA"
"""

# Stands in for mvn: leaves one jar, and says so in the log.
MAVEN = r"""#!/usr/bin/env bash
echo maven >>"$FAKE_LOG"
root=
while [ $# -gt 0 ]; do case $1 in -f) root=${2%/pom.xml} ;; esac; shift; done
[ -z "$FAKE_MAVEN" ] || eval "$FAKE_MAVEN"
mkdir -p "$root/cli/target/quick/nearside/lib"
echo jar >"$root/cli/target/quick/nearside/lib/a.jar"
"""


def script(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(path.stat().st_mode | stat.S_IXUSR)


def jdk(home: Path, version: str, compiler: bool = True) -> Path:
    """Makes a folder that looks like the home of a JDK of this version."""
    script(home / "bin" / "java", JAVA)
    if compiler:
        script(home / "bin" / "javac", "#!/bin/sh\n")
    (home / "release").write_text(
        f'IMPLEMENTOR="Nobody"\nJAVA_RUNTIME_VERSION="{version}+1"\nJAVA_VERSION="{version}"\n'
    )
    return home


class FakeHouse(unittest.TestCase):
    """Gives each test a checkout under a path with blanks, and an environment without a JDK."""

    def setUp(self):
        self.top = Path(tempfile.mkdtemp(prefix="nearside launcher ")).resolve()
        self.addCleanup(shutil.rmtree, self.top, ignore_errors=True)
        self.root = self.top / "check out"
        self.bin = self.top / "bin"
        self.log = self.top / "log"
        self.jvms = self.top / "jvm dir"
        self.source = self.root / "cli/src/main/java/Main.java"
        self.source.parent.mkdir(parents=True)
        self.source.write_text("class Main {}")
        (self.root / "pom.xml").write_text("<project/>")
        (self.root / "cli/pom.xml").write_text("<project/>")
        shutil.copy2(CHECKOUT / "nearside", self.root / "nearside")
        shutil.copytree(CHECKOUT / "cli/src/main/launcher", self.root / "cli/src/main/launcher")
        self.launch = self.root / "cli/target/launch"
        self.cpuinfo = self.top / "cpuinfo"
        self.cpu("fpu avx avx2 fma f16c")
        script(self.bin / "mvn", MAVEN)
        self.tools()
        self.log.write_text("")
        self.env = {
            "PATH": str(self.bin),
            "HOME": str(self.top / "home"),
            "NEARSIDE_JVM_DIRS": str(self.jvms),
            "FAKE_LOG": str(self.log),
            "NEARSIDE_CPUINFO": str(self.cpuinfo),
            "LANG": "C.UTF-8",
            "TMPDIR": str(self.top),
        }

    def cpu(self, flags):
        """The machine has two cores with these features, as Linux lists them."""
        self.cpuinfo.write_text(2 * f"processor\t: 0\nflags\t\t: {flags}\nbugs\t\t: none\n\n")

    def tools(self):
        """PATH has what the launcher may use, and no java of the machine."""
        for tool in (
            "bash cat cp date env find grep head mkdir mv readlink rm sleep tail touch true uname"
        ).split():
            found = shutil.which(tool)
            self.assertIsNotNone(found, f"this test needs {tool}")
            os.symlink(found, self.bin / tool)

    def command(self, *words, **changes):
        """Arguments of subprocess for ./nearside; keyword arguments change the environment."""
        env = {**self.env, **{k: v for k, v in changes.items() if v is not None}}
        return {
            "args": [str(self.root / "nearside"), *words],
            "env": env,
            "stdin": subprocess.DEVNULL,
            "stdout": subprocess.PIPE,
            "stderr": subprocess.PIPE,
            "text": True,
        }

    def run_launcher(self, *words, **changes):
        return subprocess.run(timeout=60, check=False, **self.command(*words, **changes))

    def start_launcher(self, *words, **changes):
        process = subprocess.Popen(**self.command(*words, **changes))
        self.addCleanup(self.end, process)
        return process

    @staticmethod
    def end(process):
        if process.poll() is None:
            process.kill()
            process.communicate()

    def logged(self, word):
        return self.log.read_text().split().count(word)

    def assert_little_but_java(self, verb):
        self.run_launcher(verb)
        for tool in self.bin.iterdir():
            if tool.is_symlink() and tool.name not in ("bash", "env"):
                real = os.readlink(tool)
                tool.unlink()
                script(tool, f'#!/bin/sh\necho {tool.name} >>"$FAKE_LOG"\nexec {real} "$@"\n')
        self.log.write_text("")
        self.run_launcher(verb)
        self.assertEqual(self.log.read_text().split(), ["find", "rm", "java"])

    def wait_for(self, condition, what):
        deadline = time.monotonic() + 20
        while not condition():
            self.assertLess(time.monotonic(), deadline, f"waited in vain: {what}")
            time.sleep(0.05)
