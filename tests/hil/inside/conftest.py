"""One post with all its hardware, for the tests in here; each leaves it idle."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest

from node.core.screen import Layout, Picture
from node.core.texts import FRENCH
from tests.hil.inside.devices import Contact, Keypad, Line, Oled
from tests.hil.inside.hub import JSON, Hub
from tests.hil.inside.node import Node
from tests.hil.inside.patience import until
from tests.hil.room import BUTTON, BUZZER, DISPLAY, FEEDBACK, IDLE_TEXT, LED, NODE_FILE, PC, USB

FIGURE = "figure"
SHARED = Path("/run/hil")
IDLE = Picture(Layout.MESSAGE, title=FRENCH.type_code, lines=(IDLE_TEXT,))


@dataclass
class Post:
    """The post and whoever stands before it."""

    node: Node
    hub: Hub
    keypad: Keypad
    display: Line
    usb: Line
    contact: Contact
    pc: Line
    buzzer: Line
    led: Line
    button: Line
    oled: Oled

    @classmethod
    def assembled(cls, folder: Path) -> Post:
        """All of it, the node not started; `folder` is the node's."""
        display = Line(DISPLAY)
        contact = Contact(display, Line(FEEDBACK))
        return cls(
            Node(SHARED / NODE_FILE, folder),
            Hub.of(SHARED),
            Keypad(),
            display,
            Line(USB),
            contact,
            pc=Line(PC),
            buzzer=Line(BUZZER),
            led=Line(LED),
            button=Line(BUTTON),
            oled=Oled(),
        )

    def begin(self) -> None:
        """Start the node, idle; return when it has heard from the hub what the house wants."""
        self.node.start()
        until(lambda: self.oled.shows(IDLE), "the screen asks for a code in the words of the house")

    @property
    def power(self) -> tuple[bool, bool]:
        """Whether the display and the USB are powered, by the levels of their relays' lines."""
        return self.display.high, self.usb.high

    def until_on(self) -> None:
        until(lambda: self.power == (True, True), "both relays are on")

    def until_off(self) -> None:
        until(lambda: self.power == (False, False), "both relays are off")

    def until_idle(self) -> None:
        """The hub has found it, and nobody is at it."""
        until(lambda: self.hub.post()["phase"] == "idle", "the post is idle", every_s=0.2)

    def redeem(self, duration_s: int) -> JSON:
        """A new code, typed; its session, when the relays are on."""
        issued = self.hub.issue(duration_s)
        self.keypad.type(issued["code"])
        self.until_on()
        return issued

    def end(self) -> None:
        """End the stay at the keypad."""
        self.keypad.press("end")
        self.until_off()
        self.until_idle()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """The figures that tests have told."""
    for report in terminalreporter.getreports("passed") + terminalreporter.getreports("failed"):
        for name, value in report.user_properties:
            if report.when == "call" and name == FIGURE:
                terminalreporter.write_line(str(value))


@pytest.fixture
def told(record_property: Callable[[str, object], None]) -> Callable[[str], None]:
    """Tell a figure, for the summary and the report."""
    return partial(record_property, FIGURE)


@pytest.fixture(scope="session")
def assembled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Post]:
    """A post whose node does not run."""
    post = Post.assembled(tmp_path_factory.mktemp("node"))
    try:
        yield post
    finally:
        post.node.sweep()
        post.keypad.unplug()
        post.contact.take_off()
        (SHARED / "node.log").write_text(post.node.log)


@pytest.fixture(scope="session")
def standing(assembled: Post) -> Iterator[Post]:
    """That post, up and idle; afterwards it ends well, and no code is in its log."""
    assembled.begin()
    yield assembled
    assert assembled.node.stop() == 0
    assert assembled.power == (False, False)
    assert not assembled.oled.lit
    assert not [code for code in assembled.hub.codes if code in assembled.node.log]


@pytest.fixture
def post(standing: Post) -> Post:
    """The post, idle."""
    standing.until_idle()
    assert standing.power == (False, False)
    return standing
