"""What every shipped profile renders to, kept as files that a person has read.

python -m tests.firmware_config.golden    writes them anew; then read the difference before it is committed
"""

from __future__ import annotations

from pathlib import Path

from firmware_config.boot import boot_config
from firmware_config.overlay import OVERLAY, keypad_overlay
from firmware_config.profiles import known_profiles, load_profile
from firmware_config.udev import RULES_FILE, udev_rules
from firmware_config.wiring import wiring_table

FOLDER = Path(__file__).parent / "golden"


def rendered(name: str) -> dict[str, str]:
    """Every text of a profile by its file's name."""
    hardware = load_profile(name).hardware
    texts = {
        "config.txt": boot_config(hardware),
        RULES_FILE: udev_rules(hardware),
        "wiring.en.md": wiring_table(hardware, "en"),
        "wiring.fr.md": wiring_table(hardware, "fr"),
    }
    if hardware.keypad.is_matrix:
        texts[f"{OVERLAY}.dts"] = keypad_overlay(hardware)
    return texts


def write() -> None:
    """Write every profile's texts."""
    for name in known_profiles():
        (FOLDER / name).mkdir(parents=True, exist_ok=True)
        for file_name, text in rendered(name).items():
            (FOLDER / name / file_name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write()
