"""One post with all its hardware, for the tests in here; each leaves it idle."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest

from tests.hil.inside.devices import Keypad, Line, Oled
from tests.hil.inside.hub import JSON, Hub
from tests.hil.inside.node import Node
from tests.hil.inside.patience import until
from tests.hil.room import NODE_FILE

FIGURE = "figure"
SHARED = Path("/run/hil")


@dataclass
class Post:
    """The post and whoever stands before it."""

    node: Node
    hub: Hub
    keypad: Keypad
    display: Line
    usb: Line
    oled: Oled

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
def standing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Post]:
    """A post, up and idle; afterwards it ends well, and no code is in its log."""
    node = Node(SHARED / NODE_FILE, tmp_path_factory.mktemp("node"))
    post = Post(node, Hub.of(SHARED), Keypad(), Line(17), Line(27), Oled())
    try:
        node.start()
        yield post
        assert node.stop() == 0
        assert post.power == (False, False)
        assert not post.oled.lit
    finally:
        node.sweep()
        post.keypad.unplug()
        (SHARED / "node.log").write_text(node.log)


@pytest.fixture
def post(standing: Post) -> Post:
    """The post, idle."""
    standing.until_idle()
    assert standing.power == (False, False)
    return standing
