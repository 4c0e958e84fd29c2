#!/usr/bin/env python3
"""Load on a server that speaks OpenAI's Chat Completions: Nearside's, or llama.cpp's beside it.

    load.py URL --model smollm2:135m throughput --streams 1 8 [--against URL]
    load.py URL --model smollm2:135m fair --streams 8
    load.py URL --model smollm2:135m soak --streams 32 --minutes 10 --pid 1234
    load.py URL --model smollm2:135m prefix --tokens 2000
    load.py URL --model smollm2:135m speculation --against URL --runs 12

throughput   tokens per second of so many equal replies at once; of two servers in turn
fair         the slowest of equal streams against their mean
soak         streams with random cancellations, slow readers and over-long prompts; then whether
             anything failed that should not, memory of process PID at start and end, and what the
             server says of its blocks (/metrics)
prefix       time to first token of a prompt, of another that begins with the same words, and of the
             third turn of a chat about them; run again after a restart of the server, `first` is
             what blocks on disk make of it
speculation  the same requests in turn at this server and at one started with --no-speculation: whether
             the replies are the same, and how much sooner they end, for texts to be edited and for
             chat

Only the standard library is used. Prints one JSON object.
"""

import argparse
import asyncio
import collections
import json
import random
import statistics
import sys
import time
import urllib.parse

WORDS = (
    "river stone garden window morning letter engine castle forest silver market harbour "
    "teacher winter planet music bridge paper mountain story ocean dinner painter clock"
).split()

# A small model can copy these; it makes up its own when the words are drawn by lot.
SENTENCES = """\
The library opens at nine in the morning and closes at six in the evening.
Visitors may borrow up to five books at a time.
Anna works in the garden behind the house every day.
The train to the coast leaves from platform four at noon.
Last winter the river froze for the first time in twenty years.
The new bridge connects the old town with the villages on the other side.
Her brother repairs bicycles in a small shop near the station.
Most people here grow potatoes, beans and apples.
The museum shows paintings, maps and old photographs of the harbour.
On Sundays the market is full of people from the whole valley.
The teacher asked the children to draw a picture of their street.
A small dog slept under the table while we had dinner.
The engine was loud, but the ship moved slowly through the fog.
In the evening the workers sat together and told stories.
The doctor said that he should drink more water and sleep longer.
Tom bought a lamp, two chairs and a green carpet.
The road to the castle is narrow and has many curves.
After the rain the whole forest smelled of wet leaves.
The baker starts his work at three o'clock in the night.
We found an old letter between the pages of the book.
""".splitlines()


class Failed(Exception):
    """The server answered with an error."""


class Client:
    def __init__(self, url, model, key):
        self.url = urllib.parse.urlsplit(url)
        self.model = model
        self.key = key

    async def open(self, method, path, body=b""):
        reader, writer = await asyncio.open_connection(
            self.url.hostname, self.url.port or 80, limit=1 << 20
        )
        head = [
            f"{method} {path} HTTP/1.1",
            f"Host: {self.url.netloc}",
            "Connection: close",
            "Content-Type: application/json",
            f"Content-Length: {len(body)}",
        ]
        if self.key:
            head.append(f"Authorization: Bearer {self.key}")
        writer.write("\r\n".join(head).encode() + b"\r\n\r\n" + body)
        await writer.drain()
        status = int((await reader.readline()).split()[1])
        chunked = False
        while (line := (await reader.readline()).strip()):
            chunked |= line.lower() == b"transfer-encoding: chunked"
        return status, reader, writer, chunked

    @staticmethod
    async def text(reader, chunked):
        """The whole body."""
        if not chunked:
            return (await reader.read()).decode()
        out = b""
        while (size := int((await reader.readline()).strip() or b"0", 16)) > 0:
            out += await reader.readexactly(size)
            await reader.readline()
        return out.decode()

    async def tokens(self, prompt, tokens, **more):
        """Tokens of a whole reply."""
        body = {
            "model": self.model,
            "messages": [{"role": "user", "content": prompt}],
            "max_tokens": tokens,
        } | more
        status, reader, writer, chunked = await self.open(
            "POST", "/v1/chat/completions", json.dumps(body).encode()
        )
        try:
            text = await self.text(reader, chunked)
        finally:
            writer.close()
        if status != 200:
            raise Failed(f"{status} {text[:300]}")
        return json.loads(text)["usage"]["completion_tokens"]

    async def wait(self):
        """Until it listens and says that it is well, a minute at most."""
        end = time.monotonic() + 60
        while True:
            try:
                status, _ = await self.get("/health")
                if status == 200:
                    return
            except OSError:
                pass  # not yet
            if time.monotonic() > end:
                raise Failed(f"nobody answers at {self.url.geturl()}")
            await asyncio.sleep(0.2)

    async def get(self, path):
        status, reader, writer, chunked = await self.open("GET", path)
        try:
            return status, await self.text(reader, chunked)
        finally:
            writer.close()

    async def stream(self, prompt, tokens, pause=0.0, give_up_after=None, **more):
        """One streamed reply: (text, pieces, times). Gives up after so many pieces."""
        body = {
            "model": self.model,
            "messages": [{"role": "user", "content": prompt}],
            "max_tokens": tokens,
            "stream": True,
        } | more
        began = time.perf_counter()
        status, reader, writer, chunked = await self.open(
            "POST", "/v1/chat/completions", json.dumps(body).encode()
        )
        try:
            if status != 200:
                raise Failed(f"{status} {(await self.text(reader, chunked))[:300]}")
            text, times, ended = "", [], False
            while line := await reader.readline():
                if not line.startswith(b"data: "):
                    continue
                data = line[6:].strip()
                if data == b"[DONE]":
                    ended = True
                    break
                chunk = json.loads(data)
                if "error" in chunk:
                    raise Failed(json.dumps(chunk["error"])[:300])
                for choice in chunk.get("choices", []):
                    piece = choice.get("delta", {}).get("content")
                    if piece:
                        text += piece
                        times.append(time.perf_counter() - began)
                if give_up_after is not None and len(times) >= give_up_after:
                    return text, times, True
                if pause:
                    await asyncio.sleep(pause)
            if not ended:
                raise Failed("the stream broke off")
            return text, times, False
        finally:
            writer.close()


def question(rng, words=12):
    return "Tell a long story about " + " and ".join(rng.choice(WORDS) for _ in range(words)) + "."


async def throughput(client, args):
    servers = {"server": client}
    if args.against:
        servers["against"] = Client(args.against, args.model, args.key)
    more = {"ignore_eos": True} if args.ignore_eos else {}
    rates = {name: {streams: [] for streams in args.streams} for name in servers}
    for run in range(-1, args.runs):
        for streams in args.streams:
            rng = random.Random(f"{args.seed} {run} {streams}")
            questions = [question(rng) for _ in range(streams)]  # new ones: replies are remembered
            for name, server in servers.items():
                began = time.perf_counter()
                replies = await asyncio.gather(
                    *(server.tokens(q, args.tokens, temperature=0, **more) for q in questions)
                )
                seconds = time.perf_counter() - began
                if run >= 0:  # the first warms up
                    rates[name][streams].append(sum(replies) / seconds)
    out = {}
    for name, by_streams in rates.items():
        medians = {str(n): statistics.median(r) for n, r in by_streams.items()}
        least = medians[str(min(args.streams))]
        out[name] = {
            "median": medians,
            "runs": {str(n): r for n, r in by_streams.items()},
            "most_to_least": medians[str(max(args.streams))] / least,
        }
    return out


async def fair(client, args):
    rng = random.Random(1)
    streams = args.streams[0]
    await client.stream("Say hello.", 8)
    replies = await asyncio.gather(
        *(client.stream(question(rng), args.tokens, temperature=0) for _ in range(streams))
    )
    rates = [len(times) / times[-1] for _, times, _ in replies]
    mean = statistics.mean(rates)
    return {"rates": rates, "slowest_to_mean": min(rates) / mean}


def resident(pid):
    with open(f"/proc/{pid}/status") as lines:
        return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmRSS"))


async def soak(client, args):
    end = time.monotonic() + args.minutes * 60
    counts = {"whole": 0, "cancelled": 0, "slow": 0, "refused": 0}
    wrong = []
    memory = []
    began = time.monotonic()

    async def user(number):
        rng = random.Random(number)
        while time.monotonic() < end:
            kind = rng.random()
            try:
                if kind < 0.5:
                    await client.stream(question(rng), rng.randint(4, 120))
                    counts["whole"] += 1
                elif kind < 0.8:
                    await client.stream(question(rng), 200, give_up_after=rng.randint(0, 40))
                    counts["cancelled"] += 1
                elif kind < 0.92:
                    await client.stream(question(rng), 40, pause=rng.random() * 0.2)
                    counts["slow"] += 1
                else:
                    try:
                        await client.stream("word " * 20000, 8)
                        wrong.append("a prompt that is too long was answered")
                    except Failed as e:
                        if not str(e).startswith("400 "):
                            raise
                        counts["refused"] += 1
            except (Failed, OSError, ValueError, asyncio.IncompleteReadError) as e:
                wrong.append(f"{type(e).__name__}: {e}")

    async def watch():
        while time.monotonic() < end:
            if args.pid:
                memory.append((round(time.monotonic() - began), resident(args.pid)))
            await asyncio.sleep(5)

    await asyncio.gather(watch(), *(user(n) for n in range(args.streams[0])))
    await asyncio.sleep(3)  # cancelled streams end within a step
    status, metrics = await client.get("/metrics")
    wanted = ("block", "running", "waiting")
    lines = [
        line
        for line in metrics.splitlines()
        if status == 200 and not line.startswith("#") and any(w in line for w in wanted)
    ]
    return {
        "counts": counts,
        "wrong": dict(collections.Counter(wrong).most_common(20)),
        "wrong_count": len(wrong),
        "memory": memory[:: max(1, len(memory) // 20)],
        "metrics": lines,
    }


async def prefix(client, args):
    rng = random.Random(args.seed)
    await client.stream("Say hello.", 8)
    text = story(rng, args.tokens // 9)  # a sentence has so many, as most vocabularies cut it
    common = "Read this text and answer the question behind it.\n\n" + text

    async def asked(messages, tokens=8):
        text, times, _ = await client.stream("", tokens, temperature=0, messages=messages)
        if not times:
            raise Failed("an empty reply: try another --seed")
        return {"ttft_ms": 1000 * times[0], "reply": text}

    def user(text):
        return {"role": "user", "content": text}

    first = await asked([user(common + "\n\nWhat is this?")])
    second = await asked([user(common + "\n\nWhat does it say?")])
    chat = [user(common + "\n\nIs it long?")]
    for again in ("Why?", "Tell me more about it.", None):
        turn = await asked(chat, 48)
        if again:
            chat += [{"role": "assistant", "content": turn["reply"]}, user(again)]
    return {
        "first": first,
        "second": second,
        "third_turn": turn,
        "second_to_first": second["ttft_ms"] / first["ttft_ms"],
        "third_turn_to_first": turn["ttft_ms"] / first["ttft_ms"],
    }


def story(rng, sentences):
    return " ".join(
        f"The {rng.choice(WORDS)} saw the {rng.choice(WORDS)} near the {rng.choice(WORDS)}."
        for _ in range(sentences)
    )


def tasks(rng):
    """Requests of both kinds; each has its own words, for a server may remember what it said."""
    a, b = rng.sample(WORDS, 2)
    text = " ".join(rng.sample(SENTENCES, 10))
    old = rng.choice([word.strip(".,") for word in text.split() if len(word) > 5])
    return {
        "edit": f'Copy the following text exactly, but replace the word "{old}" with "{a}":\n\n{text}',
        "chat": f"Tell me a story about a {a} and a {b}.",
    }


async def speculation(client, args):
    plain = Client(args.against, args.model, args.key)
    rng = random.Random(args.seed)
    seconds = {"edit": ([], []), "chat": ([], [])}
    different = 0
    for run in range(-1, args.runs):
        for kind, prompt in tasks(rng).items():
            replies = []
            for server in (client, plain) if run % 2 else (plain, client):
                text, times, _ = await server.stream(prompt, args.tokens, temperature=0)
                replies.append((server is plain, text, times[-1] - times[0]))
            replies.sort(key=lambda reply: reply[0])
            different += replies[0][1] != replies[1][1]
            if run >= 0:  # the first warms up
                for which, _, took in replies:
                    seconds[kind][which].append(took)
    out = {"different_replies": different}
    for kind, (on, off) in seconds.items():
        each = sorted(b / a for a, b in zip(on, off))
        out[kind] = {
            "speed_ratio": sum(off) / sum(on),
            "median": statistics.median(each),
            "least": each[0],
            "most": each[-1],
        }
    return out


JOBS = {
    "throughput": throughput,
    "fair": fair,
    "soak": soak,
    "prefix": prefix,
    "speculation": speculation,
}


async def run(client, args):
    await client.wait()
    if args.against:
        await Client(args.against, args.model, args.key).wait()
    return await JOBS[args.what](client, args)


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("url", help="the server, such as http://127.0.0.1:11500")
    parser.add_argument("--model", default="smollm2:135m", help="default: %(default)s")
    parser.add_argument("--key", help="an API key, if the server asks for one")
    parser.add_argument("what", choices=JOBS, help="see above")
    parser.add_argument(
        "--streams", type=int, nargs="+", default=[8], help="how many at once; default: 8"
    )
    parser.add_argument("--tokens", type=int, default=128, help="of a reply, or a prefix (128)")
    parser.add_argument("--runs", type=int, default=3, help="how often; default: %(default)s")
    parser.add_argument("--minutes", type=float, default=10, help="of a soak (%(default)s)")
    parser.add_argument("--pid", type=int, help="the server's process: a soak tells its memory")
    parser.add_argument("--seed", type=int, default=1, help="of the questions (%(default)s)")
    parser.add_argument("--against", help="the address of another server")
    parser.add_argument("--ignore-eos", action="store_true", help="replies of full length")
    args = parser.parse_args()
    client = Client(args.url, args.model, args.key)
    try:
        result = asyncio.run(run(client, args))
    except Failed as e:
        sys.exit(f"load.py: {e}")
    json.dump(result, sys.stdout, indent=1)
    print()


if __name__ == "__main__":
    main()
