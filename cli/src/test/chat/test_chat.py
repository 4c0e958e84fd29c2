"""`nearside run` at a terminal: the real program with a real model, driven through a pseudo-terminal.

Run: python3 -m unittest discover -s cli/src/test/chat -p 'test_chat.py'

NEARSIDE_TEST_COMMAND   the program, as words for a shell (default: this checkout's ./nearside)
NEARSIDE_TEST_MODEL     the model, a chat model (default: the program's own default model, which
                        must have been pulled; without it these tests are skipped)
NEARSIDE_TEST_SECONDS   how long to wait for anything (default 120)
"""

import codecs
import fcntl
import json
import os
import pty
import re
import select
import shlex
import signal
import struct
import subprocess
import tempfile
import termios
import time
import unittest
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[4]
COMMAND = shlex.split(os.environ.get("NEARSIDE_TEST_COMMAND", "")) or [str(CHECKOUT / "nearside")]
MODEL = os.environ.get("NEARSIDE_TEST_MODEL", "smollm2:135m")
SECONDS = float(os.environ.get("NEARSIDE_TEST_SECONDS", "120"))
ESCAPE = re.compile(r"\x1b(?:\[[0-9;?<=>]*[ -/]*[@-~]|[=>78]|\][^\x07\x1b]*(?:\x07|\x1b\\))")
PROMPT = ">>> "
CTRL_C, CTRL_D, UP, LEFT, ENTER = "\x03", "\x04", "\x1b[A", "\x1b[D", "\r"
LONG_TASK = "Write a very long story about a fox, a river and a mountain."

# A job in the background of a script ignores interrupts, and so would all that it starts.
for ignored in (signal.SIGINT, signal.SIGHUP, signal.SIGQUIT):
    if signal.getsignal(ignored) == signal.SIG_IGN:
        signal.signal(ignored, signal.SIG_DFL)


def words(*more):
    """The command line of a run whose answers are always the same."""
    return [*COMMAND, "run", "-m", MODEL, "--offline", "--temperature", "0", "--ctx", "1024", *more]


def environment(**changes):
    return {**os.environ, "TERM": "xterm-256color", **changes}


def remarks(err):
    """What the program said; without the launcher the JVM adds a line of its own."""
    return b"".join(line for line in err.splitlines(True) if b"incubator modules" not in line)


class Terminal:
    """A person at a terminal in which a command runs."""

    def __init__(self, command, **changes):
        self.read_all = ""
        self.unread = ""
        self.decoder = codecs.getincrementaldecoder("utf-8")("ignore")
        self.master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 100, 0, 0))
        self.slave = slave
        self.sane = termios.tcgetattr(slave)[3]
        stdin = changes.pop("stdin", slave)
        stdout = changes.pop("stdout", slave)

        def own_terminal():
            os.setsid()
            fcntl.ioctl(slave, termios.TIOCSCTTY, 0)

        self.process = subprocess.Popen(
            command, stdin=stdin, stdout=stdout, stderr=slave, env=environment(**changes),
            preexec_fn=own_terminal, pass_fds=(slave,),
        )

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        os.close(self.slave)
        os.close(self.master)

    def type(self, text):
        os.write(self.master, text.encode())

    def read(self, until, seconds=SECONDS):
        """What appears up to and with `until`, without escape sequences."""
        end = time.monotonic() + seconds
        while True:
            seen = ESCAPE.sub("", self.unread).replace("\r\n", "\n")
            if until in seen:
                upto = seen.index(until) + len(until)
                self.unread = seen[upto:]
                return seen[:upto]
            if time.monotonic() > end:
                raise AssertionError(f"{until!r} did not appear in {seconds} s, but {seen!r}")
            self.take()

    def take(self):
        """Takes what has been printed, if anything was."""
        if select.select([self.master], [], [], 0.05)[0]:
            text = self.decoder.decode(os.read(self.master, 65536))
            self.unread += text
            self.read_all += text

    def ask(self, line, until=PROMPT):
        """Types a line; what appears after its echo, up to the next prompt."""
        self.type(line + ENTER)
        self.read("\n")
        return self.read(until)

    def exit_code(self):
        """The exit code, while what is still printed is read."""
        end = time.monotonic() + SECONDS
        while self.process.poll() is None and time.monotonic() < end:
            self.take()
        return self.process.poll()

    def is_sane(self):
        """Whether the terminal echoes and collects lines as it did before."""
        flags = termios.ECHO | termios.ICANON | termios.ISIG
        return termios.tcgetattr(self.slave)[3] & flags == self.sane & flags


class Chat(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        probe = subprocess.run(
            words("-p", "Hi", "-n", "1"), stdin=subprocess.DEVNULL, capture_output=True, text=True,
            timeout=600, check=False, env=environment(),
        )
        if probe.returncode != 0 and "pull" in probe.stderr + probe.stdout:
            raise unittest.SkipTest(f"the model {MODEL} is not here: {probe.stderr.strip()}")
        if probe.returncode != 0:
            raise AssertionError(f"{probe.args} failed: {probe.stderr}")

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="nearside chat ")
        self.addCleanup(folder.cleanup)
        self.file = Path(folder.name) / "chat.json"

    def chat(self, *more, **changes):
        terminal = Terminal(words(*more), **changes)
        self.addCleanup(terminal.__exit__)
        terminal.read(PROMPT)
        return terminal

    def leave(self, terminal, key="/bye" + ENTER):
        terminal.type(key)
        self.assertEqual(terminal.exit_code(), 0)
        self.assertTrue(terminal.is_sane(), "the terminal echoes again")

    def saved(self, terminal):
        terminal.ask(f"/save {self.file}")
        return [(m["role"], m["content"]) for m in json.loads(self.file.read_text())["messages"]]

    def test_turns_build_on_each_other_and_verbose_tells_timings(self):
        chat = self.chat("--verbose", "-n", "12")
        first = chat.ask("My name is Ada.")
        numbers = re.search(r"prompt (\d+) tokens \((\d+) cached\).*reply (\d+) tokens", first)
        self.assertIsNotNone(numbers, first)
        self.assertIn("tok/s", first)
        self.assertIn("first token after", first)
        second = chat.ask("What is my name?")
        again = re.search(r"prompt (\d+) tokens \((\d+) cached\)", second)
        self.assertGreater(int(again[1]), int(numbers[1]), "the first turn is in the prompt")
        self.assertGreater(int(again[2]), 0, "what was computed for it is used again")
        shown = chat.ask("/show messages")
        self.assertLess(shown.index("My name is Ada."), shown.index("What is my name?"))
        self.assertEqual(len(self.saved(chat)), 4)
        self.leave(chat)

    def test_chinese_and_emoji_come_through_and_survive_save_clear_load(self):
        text = "用一句话介绍北京 👍🏽 żółć"
        chat = self.chat("-n", "4", LC_ALL="", LANG="C")
        chat.type(text)
        self.assertIn(text, chat.read("żółć"))
        chat.type(ENTER)
        chat.read(PROMPT)
        before = self.saved(chat)
        self.assertEqual(before[0], ("user", text))
        chat.ask("/clear")
        self.assertNotIn(text, chat.ask("/show messages"))
        self.assertIn("Loaded 2 turns", chat.ask(f"/load {self.file}"))
        self.assertEqual(self.saved(chat), before)
        self.leave(chat)

    def test_ctrl_c_stops_the_reply_and_keeps_the_chat(self):
        chat = self.chat()
        chat.type(LONG_TASK + ENTER)
        chat.read("\n")
        chat.read(" ")
        chat.read(" ")
        began = time.monotonic()
        chat.type(CTRL_C)
        chat.read("(stopped)")
        self.assertLess(time.monotonic() - began, 1)
        chat.read(PROMPT)
        turns = self.saved(chat)
        self.assertEqual([role for role, _ in turns], ["user", "assistant"])
        self.assertTrue(turns[1][1], "what was said is kept")
        chat.ask("/set max-tokens 3")
        chat.ask("Go on.")
        self.assertEqual(len(self.saved(chat)), 4)
        self.leave(chat)

    def test_ctrl_c_drops_the_line_and_ctrl_d_leaves(self):
        chat = self.chat()
        chat.type("/bye" + CTRL_C)
        chat.read(PROMPT)
        chat.type(CTRL_C)
        chat.read("/bye leaves")
        chat.read(PROMPT)
        self.leave(chat, CTRL_D)

    def test_lines_are_edited_and_come_back(self):
        chat = self.chat("-n", "1")
        chat.type("/set systm" + LEFT + "e" + ENTER)
        chat.read("No system prompt.")
        chat.read(PROMPT)
        chat.type(UP)
        chat.read("/set system")
        chat.type(" Be brief." + ENTER)
        chat.read("The system prompt is set.")
        chat.read(PROMPT)
        self.assertIn("Be brief.", chat.ask("/show system"))
        self.leave(chat)

    def test_several_lines_are_one_question(self):
        chat = self.chat("-n", "1")
        chat.type('"""first' + ENTER)
        chat.read("... ")
        chat.type("/second" + ENTER)
        chat.read("... ")
        chat.ask('third"""')
        chat.type("one \\" + ENTER)
        chat.read("... ")
        chat.ask("two")
        chat.type("\x1b[200~pasted\nlines " + "long " * 300 + "\x1b[201~")
        chat.ask("")
        users = [text for role, text in self.saved(chat) if role == "user"]
        self.assertEqual(users[:2], ["first\n/second\nthird", "one \ntwo"])
        self.assertEqual(users[2].split(), ["pasted", "lines"] + ["long"] * 300)
        self.leave(chat)

    def test_commands_answer_and_mistakes_are_told(self):
        chat = self.chat("-n", "2")
        self.assertIn("top-k = 5", chat.ask("/set parameter top-k 5"))
        self.assertIn("top-k = 5", chat.ask("/show parameters"))
        for wrong, said in (
            ("/nonsense", "unknown command"),
            ("/set parameter nonsense 1", "unknown parameter"),
            ("/set parameter top-k many", "expected a number"),
            ("/load " + str(self.file), "no such file"),
            ("/save /nonsense/chat.json", "can't be saved"),
            ("/show nonsense", "nothing to show"),
        ):
            with self.subTest(wrong):
                self.assertIn(said, chat.ask(wrong))
        chat.ask("/set parameter temperature -1")
        chat.ask("Hello")
        chat.ask("")
        self.assertIn("context", chat.ask("/show info"))
        chat.ask("/set parameter temperature 0")
        self.assertIn("prompt is longer than the context", chat.ask("word " * 1200))
        self.leave(chat)

    def test_a_terminal_that_can_do_nothing_is_enough(self):
        chat = self.chat("-n", "2", TERM="dumb")
        chat.ask("Hello")
        self.assertEqual(len(self.saved(chat)), 2)
        self.assertNotIn("\x1b[2m", chat.read_all)
        self.leave(chat)

    def test_terminating_leaves_a_sane_terminal(self):
        chat = self.chat()
        chat.process.send_signal(signal.SIGTERM)
        self.assertEqual(chat.exit_code() % 256, 143)
        self.assertTrue(chat.is_sane())

    def test_standard_output_elsewhere_gets_the_answers_alone(self):
        with self.file.open("wb") as out:
            chat = Terminal(words("-n", "5"), stdout=out)
            self.addCleanup(chat.__exit__)
            chat.read(PROMPT)
            chat.ask("Hello")
            self.leave(chat)
        answer = self.file.read_text()
        self.assertTrue(answer.strip())
        for foreign in ("\x1b", PROMPT, "Hello\n", "/help"):
            self.assertNotIn(foreign, answer)

    def test_piped_text_is_appended_to_the_prompt(self):
        reader, writer = os.pipe()
        with os.fdopen(writer, "w") as pipe:
            pipe.write("The sky is blue.")
        run = Terminal(words("-p", "Repeat:", "-n", "5", "--verbose"), stdin=reader)
        self.addCleanup(run.__exit__)
        os.close(reader)
        self.assertNotIn(PROMPT, run.read("end: "))
        self.assertEqual(run.exit_code(), 0)


class OneShot(unittest.TestCase):
    setUpClass = Chat.__dict__["setUpClass"]

    def start(self, *more):
        return subprocess.Popen(
            words(*more), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, env=environment(),
        )

    def test_pipes_get_no_escape_codes(self):
        out, err = self.start("-p", "Hello", "-n", "5", "--verbose").communicate(timeout=SECONDS)
        self.assertTrue(out.strip())
        self.assertNotIn(b"\x1b", out + err)
        self.assertIn(b"tok/s", err)
        self.assertNotIn(b"tok/s", out)

    def test_ctrl_c_keeps_what_was_said_and_exits_with_130(self):
        with self.start("-p", LONG_TASK) as run:
            first = run.stdout.read(1)
            began = time.monotonic()
            run.send_signal(signal.SIGINT)
            rest, err = run.communicate(timeout=SECONDS)
            self.assertLess(time.monotonic() - began, 5)
        self.assertEqual(run.returncode, 130)
        self.assertTrue((first + rest).endswith(b"\n"))
        self.assertEqual(remarks(err), b"")

    def test_a_reader_who_goes_ends_the_reply_quietly(self):
        with self.start("-p", LONG_TASK) as run:
            run.stdout.read(1)
            run.stdout.close()
            self.assertEqual(run.wait(timeout=SECONDS), 0)
            self.assertEqual(remarks(run.stderr.read()), b"")


if __name__ == "__main__":
    unittest.main()
