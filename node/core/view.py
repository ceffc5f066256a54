"""The post as the patron sees it: one picture for every state, the most urgent first."""

from __future__ import annotations

from dataclasses import replace
from textwrap import wrap

from hub.wire.terms import DenyReason, HubLink, Language
from node.core.events import Moment
from node.core.lease import open_lease
from node.core.ledger import up_to_s
from node.core.screen import Layout, Picture
from node.core.state import DeskNotice, Flash, Post, Say
from node.core.tables import DialogueState, PowerState
from node.core.texts import TEXTS, Lines, Texts
from node.core.uplink import remaining_s

WIDTH = 21
"""Signs on a line of the small type."""
ROWS = 3
PAGE_MS = 4_000
BAR_STEPS = 64


def picture(post: Post, moment: Moment) -> Picture:
    """What the screen shows at this moment; all of it blinks while the desk looks for the post."""
    if moment.ms >= post.identify_until_ms:
        return _picture(post, moment)
    free = post.record.lease is None and post.flash is None and post.dialogue is DialogueState.IDLE
    return replace(_message(TEXTS[post.speaks].here) if free else _picture(post, moment), blink=True)


def _picture(post: Post, moment: Moment) -> Picture:
    texts, now_ms = TEXTS[post.speaks], moment.ms
    if post.flash is not None:
        return _flash(post, post.flash, texts, now_ms)
    if post.dialogue is DialogueState.CHECKING:
        return _message(texts.spent if post.power is PowerState.SPENT else texts.checking)
    if post.dialogue is DialogueState.ENTERING:
        return _typing(post, texts, now_ms)
    if post.power is PowerState.GRACE:
        return _grace(post, texts, now_ms)
    if post.notice is not None:
        return _notice(post, post.notice, texts, now_ms)
    if post.power is PowerState.RUNNING:
        return replace(_clock(post, texts.time_left, texts, now_ms), time_only=True)
    return _unpowered(post, texts, now_ms)


def self_test(language: Language) -> Picture:
    """The test picture, for whoever checks the display with their own eyes."""
    title, *lines = TEXTS[language].self_test
    return Picture(Layout.PATTERN, title=title, lines=tuple(lines))


def _unpowered(post: Post, texts: Texts, now_ms: int) -> Picture:
    if post.maintenance:
        return _message(texts.maintenance)
    if post.journal_down:
        return _message(texts.out_of_order)
    if post.dialogue is DialogueState.LOCKED_OUT:
        return _locked(post, texts, now_ms)
    if post.link.state is not HubLink.OK:
        return _message(texts.no_hub)
    idle = wrap(post.settings.idle_text, WIDTH, max_lines=ROWS, placeholder="…")
    return _message((texts.type_code, *idle))


def _flash(post: Post, flash: Flash, texts: Texts, now_ms: int) -> Picture:
    if flash.what is DenyReason.LOCKED_OUT:
        return _locked(post, texts, now_ms)
    if flash.what is Say.ADDED:
        return _clock(post, _added(flash.seconds, texts), texts, now_ms)
    if flash.what is Say.BALANCE:
        return _clock(post, texts.said[Say.BALANCE][0], texts, now_ms)
    if isinstance(flash.what, Say):
        return _message(texts.said[flash.what])
    if isinstance(flash.what, DenyReason):
        return _message(_about(texts.denied[flash.what], flash.detail))
    return _message(texts.over[flash.what])


def _added(seconds: int, texts: Texts) -> str:
    minutes, rest = divmod(seconds, 60)
    return texts.added_seconds.format(seconds) if rest else texts.added_minutes.format(minutes)


def _message(lines: Lines) -> Picture:
    return Picture(Layout.MESSAGE, title=lines[0], lines=lines[1:])


def _about(lines: Lines, detail: str) -> Lines:
    """The lines with another post's name in its place; without a name, without the line that is for it."""
    told = [line.replace("{}", detail) for line in lines[1:] if detail or "{}" not in line]
    rows = [row for line in told for row in wrap(line, WIDTH)]
    return (lines[0], *rows[:ROWS])


def _typing(post: Post, texts: Texts, now_ms: int) -> Picture:
    missing = post.settings.code_length - len(post.entry)
    hints = {0: texts.confirm, 1: texts.one_missing}
    hint = hints.get(missing) or texts.missing.format(missing)
    blink = now_ms < post.blink_until_ms
    slots = post.settings.code_length
    return Picture(Layout.CODE, title=texts.your_code, big=post.entry, lines=(hint,), blink=blink, slots=slots)


def _clock(post: Post, title: str, texts: Texts, now_ms: int) -> Picture:
    left_s = remaining_s(post, now_ms)
    return Picture(
        Layout.CLOCK,
        title=title,
        big=clock_text(left_s),
        lines=(texts.keys,),
        bar=_bar(left_s, open_lease(post).total_s),
        blink=now_ms < post.blink_until_ms,
    )


def _bar(left: int, whole: int) -> float:
    # Rounded up: as long as there is time there is some bar. The house may set its grace to 0 during one.
    return min(1.0, -(-left * BAR_STEPS // whole) / BAR_STEPS) if whole else 0.0


def _grace(post: Post, texts: Texts, now_ms: int) -> Picture:
    left_s = up_to_s(post.grace_until_ms - now_ms)
    hint = (texts.power_off_soon,)
    bar = _bar(left_s, post.settings.grace_s)
    return Picture(Layout.CLOCK, title=texts.save_work, big=clock_text(left_s), lines=hint, bar=bar, blink=True)


def _locked(post: Post, texts: Texts, now_ms: int) -> Picture:
    left_s = up_to_s(post.locked_until_ms - now_ms)
    return Picture(Layout.CLOCK, title=texts.locked, big=clock_text(left_s), lines=(texts.locked_hint,))


def _notice(post: Post, notice: DeskNotice, texts: Texts, now_ms: int) -> Picture:
    """The desk's words, page by page; during a stay the time left stands above them."""
    rows = wrap(notice.text, WIDTH)
    pages = [tuple(rows[first : first + ROWS]) for first in range(0, len(rows), ROWS)] or [()]
    page = pages[(now_ms - notice.since_ms) // PAGE_MS % len(pages)]
    running = post.power is PowerState.RUNNING
    title = f"{texts.time_left} {clock_text(remaining_s(post, now_ms))}" if running else texts.from_desk
    return Picture(Layout.NOTICE, title=title, lines=page)


def next_page_ms(notice: DeskNotice, now_ms: int) -> int:
    """When the next page of a notice is due."""
    return now_ms + PAGE_MS - (now_ms - notice.since_ms) % PAGE_MS


def clock_text(seconds: int) -> str:
    """A duration as people read it, in at most 7 signs: `4:05`, `59:59`, `1:00:00`, `25h00`, `596523h`."""
    minutes, rest = divmod(seconds, 60)
    hours, minutes_of_hour = divmod(minutes, 60)
    if hours == 0:
        return f"{minutes}:{rest:02}"
    if hours < 10:
        return f"{hours}:{minutes_of_hour:02}:{rest:02}"
    return f"{hours}h{minutes_of_hour:02}" if hours < 1000 else f"{hours}h"
