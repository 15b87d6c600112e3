"""A small IMAP server on the loopback address, for what no real one does: it counts, forgets and breaks off as told."""

import re
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage

PASSWORD = "correct horse battery staple"
_SEARCH = re.compile(r"UID SEARCH UID (\d+):(\d+) UNDELETED UNDRAFT")
_FETCH = re.compile(r"UID FETCH (\d+) \(UID BODY\.PEEK\[\]<(\d+)\.(\d+)>\)")


@dataclass
class Post:
    """What is in the post office: messages by their numbers, everything that was asked, sizes of what was given."""

    messages: dict[int, bytes] = field(default_factory=dict)
    validity: int = 7
    breaks_at: int = 0
    asked: list[str] = field(default_factory=list)
    given: list[int] = field(default_factory=list)
    port: int = 0

    def add(self, message: bytes | str) -> int:
        number = max(self.messages, default=0) + 1
        self.messages[number] = message.encode() if isinstance(message, str) else message
        return number

    def fetched(self) -> list[int]:
        return [int(found[1]) for line in self.asked if (found := _FETCH.match(line))]


def a_letter(number: int, text: str = "", *, reply_to: int = 0, name: str = "Ann") -> bytes:
    letter = EmailMessage()
    letter["From"] = f"{name} <{name.lower()}@example.org>"
    letter["Date"] = f"Fri, 9 Aug 2019 10:{number % 60:02}:00 +0000"
    letter["Message-ID"] = f"<{number}@example.org>"
    letter["Subject"] = "Water"
    if reply_to:
        letter["In-Reply-To"] = f"<{reply_to}@example.org>"
    letter.set_content(text or f"I say {number}.")
    return letter.as_bytes()


class _Handler(socketserver.StreamRequestHandler):
    """One connection; `post` is set by `serve`."""

    post: Post

    def handle(self) -> None:
        self.say("* OK here")
        for line in self.rfile:
            tag, _space, command = line.decode().strip().partition(" ")
            verb = command.split(" ")[0]
            self.post.asked.append("LOGIN" if verb == "LOGIN" else command)
            ended = self.answer(verb, command)
            if ended is None:
                return
            self.say(f"{tag} {ended}")

    def say(self, line: str) -> None:
        self.wfile.write(line.encode() + b"\r\n")

    def answer(self, verb: str, command: str) -> str | None:
        """Say what a command asks for, and return how the answer ends; None where the connection does."""
        if verb == "LOGIN" and PASSWORD not in command:
            return f"NO wrong password in {command}"
        if verb == "EXAMINE" and "Absent" in command:
            return "NO no such folder"
        if verb == "CAPABILITY":
            self.say("* CAPABILITY IMAP4rev1")
        elif verb == "EXAMINE":
            self.say(f"* OK [UIDVALIDITY {self.post.validity}] numbers")
            self.say(f"* OK [UIDNEXT {max(self.post.messages, default=0) + 1}] next")
        elif found := _SEARCH.match(command):
            first, last = int(found[1]), int(found[2])
            listed = [number for number in self.post.messages if first <= number <= last]
            self.say("* SEARCH " + " ".join(map(str, listed)))
        elif found := _FETCH.match(command):
            number, start, size = map(int, found.groups())
            if number == self.post.breaks_at:
                return None
            self.give(number, start, size)
        return "OK done"

    def give(self, number: int, start: int, size: int) -> None:
        """A piece of a message, after word of another that nobody asked about."""
        self.say("* 1 FETCH (UID 999 FLAGS (\\Seen))")
        if number in self.post.messages:
            piece = self.post.messages[number][start : start + size]
            self.post.given.append(len(piece))
            self.wfile.write(b"* %d FETCH (UID %d BODY[]<%d> {%d}\r\n" % (number, number, start, len(piece)))
            self.wfile.write(piece + b")\r\n")


@contextmanager
def serve(post: Post) -> Iterator[Post]:
    """Serve a post office until the block ends; its port is set."""
    handler = type("Handler", (_Handler,), {"post": post})
    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    post.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield post
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
