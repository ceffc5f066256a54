"""Which input devices are taken: by name, path or USB number, and found again wherever they come back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import pytest
from evdev import ecodes

from node.adapters.keypad_evdev import OpenDevice, finder
from tests.fakes.keypad import PipeDevice


class Machine:
    """A folder of device files, and what opening each of them gives."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.opened: list[PipeDevice] = []
        self._devices: dict[str, PipeDevice] = {}

    def plug(
        self, number: int, name: str = "pad", usb: tuple[int, int] = (1, 2), codes: Iterable[int] = range(1, 128)
    ) -> str:
        path = str(self.folder / f"event{number}")
        Path(path).touch()
        self._devices[path] = PipeDevice(name, path, usb, codes)
        return path

    def unplug(self, path: str) -> None:
        Path(path).unlink()
        self._devices.pop(path).close()

    def paths(self) -> list[str]:
        return list(self._devices)

    def open(self, path: str) -> OpenDevice:
        self.opened.append(self._devices[path])
        return self.opened[-1]

    def close(self) -> None:
        for device in [*self.opened, *self._devices.values()]:
            device.close()


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[Machine]:
    made = Machine(tmp_path)
    yield made
    made.close()


def has_enter(codes: Iterable[int]) -> bool:
    return ecodes.KEY_ENTER in codes


def found(machine: Machine, *match: str, held: Sequence[str] = ()) -> list[str]:
    find = finder(match, has_enter, paths=machine.paths, opened=machine.open)
    return [Path(device.path).name for device in find(held)]


def test_without_a_match_every_device_that_can_confirm_is_taken(machine: Machine) -> None:
    machine.plug(1, codes=[ecodes.KEY_POWER])
    machine.plug(3)
    machine.plug(2)
    machine.plug(4, codes=[])
    assert found(machine) == ["event2", "event3"]
    assert [Path(device.path).name for device in machine.opened if device.closed] == ["event1", "event4"]


def test_a_match_is_a_part_of_the_name_whatever_its_case(machine: Machine) -> None:
    machine.plug(1, "SIGMACHIP USB Numeric Pad")
    machine.plug(2, "Other keyboard")
    assert found(machine, "usb numeric") == ["event1"]


def test_a_match_is_a_usb_number(machine: Machine) -> None:
    machine.plug(1, usb=(0x046D, 0xC31C))
    machine.plug(2, usb=(0x046D, 0xC31D))
    assert found(machine, "046D:c31c") == ["event1"]


def test_a_match_is_a_path_or_a_link_to_it_wherever_it_leads_now(machine: Machine, tmp_path: Path) -> None:
    first, second = machine.plug(1), machine.plug(2)
    link = tmp_path / "usb-Pad-event-kbd"
    link.symlink_to("event2")
    assert found(machine, second) == ["event2"]
    find = finder([str(link)], has_enter, paths=machine.paths, opened=machine.open)
    assert [device.path for device in find(())] == [second]
    machine.unplug(second)
    assert find(()) == []
    third = machine.plug(7)
    link.unlink()
    link.symlink_to("event7")
    assert [device.path for device in find(())] == [third]
    assert first not in [device.path for device in machine.opened if not device.closed]


def test_several_matches_take_several_devices(machine: Machine) -> None:
    machine.plug(1, "Numeric pad")
    machine.plug(2, "Card reader", usb=(0x1234, 0xABCD))
    machine.plug(3, "Mouse with keys")
    assert found(machine, "numeric", "1234:abcd") == ["event1", "event2"]


def test_what_is_held_is_not_opened_again(machine: Machine) -> None:
    held, _ = machine.plug(1), machine.plug(2)
    assert found(machine, held=[held]) == ["event2"]
    assert [Path(device.path).name for device in machine.opened] == ["event2"]


def test_what_is_not_wanted_is_opened_once(machine: Machine) -> None:
    machine.plug(1, "Mouse")
    find = finder(["pad"], has_enter, paths=machine.paths, opened=machine.open)
    assert find(()) == find(()) == []
    assert len(machine.opened) == 1


def test_a_link_may_come_after_its_device(machine: Machine, tmp_path: Path) -> None:
    path, link = machine.plug(1), tmp_path / "usb-Pad-event-kbd"
    find = finder([str(link)], has_enter, paths=machine.paths, opened=machine.open)
    assert find(()) == []
    machine.plug(1)
    link.symlink_to("event1")
    assert [device.path for device in find(())] == [path]


def test_another_device_under_the_number_of_an_unwanted_one_is_looked_at(machine: Machine, tmp_path: Path) -> None:
    path = machine.plug(1, "Mouse")
    find = finder(["pad"], has_enter, paths=machine.paths, opened=machine.open)
    assert find(()) == []
    machine.unplug(path)
    machine.plug(1, "Pad")
    assert [device.name for device in find(())] == ["Pad"]


def test_a_device_that_is_gone_by_now_or_not_ours_is_left(machine: Machine) -> None:
    gone, _ = machine.plug(1), machine.plug(2)
    Path(gone).unlink()

    def refused(path: str) -> OpenDevice:
        raise PermissionError(13, "Permission denied", path)

    assert finder([], has_enter, paths=machine.paths, opened=refused)(()) == []
    assert found(machine) == ["event2"]
