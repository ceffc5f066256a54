"""The OLED: an SSD1306, SSD1309 or SH1106 on I2C or SPI, through luma."""

from __future__ import annotations

from node.adapters.screen_luma.light import Light, Night
from node.adapters.screen_luma.panel import Panel, Wire, oled, oled_on_spi
from node.adapters.screen_luma.screen import REFRESH_MS, SHIFT_MS, SHIFTS, LumaScreen

__all__ = [
    "REFRESH_MS",
    "SHIFTS",
    "SHIFT_MS",
    "Light",
    "LumaScreen",
    "Night",
    "Panel",
    "Wire",
    "oled",
    "oled_on_spi",
]
