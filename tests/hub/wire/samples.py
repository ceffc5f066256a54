"""One literal of every message as it crosses the broker, beside the message that it is."""

from __future__ import annotations

from hub.wire.messages import (
    Deny,
    Event,
    Finding,
    Findings,
    Grant,
    Hello,
    HubReport,
    Identify,
    Incident,
    Lease,
    Message,
    Notice,
    PostReport,
    PostSettings,
    Redeem,
    SelfTest,
    Settle,
    Settled,
    Start,
    Summary,
    Sync,
    ToldLease,
)
from hub.wire.terms import (
    Action,
    DenyReason,
    HubLink,
    IncidentKind,
    Intent,
    Language,
    LeaseState,
    Phase,
    PostStatus,
    PowerReturn,
    Relay,
    SessionStatus,
    SettleReason,
)

A = "aaaaaaaa-0000-4000-8000-000000000001"
B = "bbbbbbbb-0000-4000-8000-000000000002"
C = "cccccccc-0000-4000-8000-000000000003"

GOLDEN: list[tuple[str, Message]] = [
    (
        (
            f'{{"v":1,"boot_id":"{A}","state_epoch":"{B}","version":"0.1.0","protocol":[1,1],"leases":['
            f'{{"lease_id":"{A}","rev":2,"total_s":3600,"debited_s":120,"state":"open","reason":null}},'
            f'{{"lease_id":"{C}","rev":1,"total_s":60,"debited_s":60,"state":"closed","reason":"expired"}}],'
            '"ip":"10.0.0.11","mac":"dc:a6:32:00:00:01","hardware":{"board":"Raspberry Pi 4"},"clock_synced":true}'
        ),
        Hello(
            boot_id=A,
            state_epoch=B,
            version="0.1.0",
            protocol=(1, 1),
            leases=(
                ToldLease(A, 2, 3600, 120, LeaseState.OPEN),
                ToldLease(C, 1, 60, 60, LeaseState.CLOSED, SettleReason.EXPIRED),
            ),
            ip="10.0.0.11",
            mac="dc:a6:32:00:00:01",
            hardware={"board": "Raspberry Pi 4"},
            clock_synced=True,
        ),
    ),
    (
        f'{{"v":1,"req_id":"{A}","state_epoch":"{B}","lease_id":null,"code":"K7M2QX","start_id":null}}',
        Redeem(A, B, code="K7M2QX"),
    ),
    (
        f'{{"v":1,"req_id":"{A}","state_epoch":"{B}","lease_id":null,"code":null,"start_id":"{C}"}}',
        Redeem(A, B, start_id=C),
    ),
    (
        f'{{"v":1,"lease_id":"{A}","rev":3,"total_s":3900,"debited_s":1800,"state_epoch":"{B}","reason":"paused_here"}}',
        Settle(A, 3, 3900, 1800, B, SettleReason.PAUSED_HERE),
    ),
    (
        f'{{"v":1,"incident_id":"{A}","kind":"relay_mismatch","detail":"écran"}}',
        Incident(A, IncidentKind.RELAY_MISMATCH, "écran"),
    ),
    (
        f'{{"v":1,"lease_id":"{A}","rev":2,"total_s":3900,"state":"open","req_id":"{B}","intent":null,"seconds_added":300}}',
        Lease(A, 2, 3900, LeaseState.OPEN, B, seconds_added=300),
    ),
    (
        (
            f'{{"v":1,"lease_id":"{A}","rev":4,"total_s":3900,"state":"revoked","req_id":null,"intent":"transfer",'
            '"seconds_added":null}'
        ),
        Lease(A, 4, 3900, LeaseState.REVOKED, intent=Intent.TRANSFER),
    ),
    (
        f'{{"v":1,"req_id":"{A}","reason":"locked_out","retry_after_s":30,"detail":null}}',
        Deny(A, DenyReason.LOCKED_OUT, 30),
    ),
    (
        f'{{"v":1,"req_id":"{A}","reason":"already_in_use","retry_after_s":null,"detail":"Post 1"}}',
        Deny(A, DenyReason.ALREADY_IN_USE, detail="Post 1"),
    ),
    (f'{{"v":1,"start_id":"{A}","ttl_s":30}}', Start(A, 30)),
    (f'{{"v":1,"lease_id":"{A}"}}', Settled(A)),
    (
        f'{{"v":1,"notice_id":"{A}","text":"On ferme à 18 h","ttl_s":60}}',
        Notice(A, "On ferme à 18 h", 60),
    ),
    (f'{{"v":1,"identify_id":"{A}","ttl_s":30}}', Identify(A, 30)),
    (f'{{"v":1,"test_id":"{A}"}}', SelfTest(A)),
    (
        (
            f'{{"v":1,"test_id":"{A}","findings":[{{"what":"relay display","ok":true,"told":"on","advice":""}},'
            '{"what":"écran","ok":false,"told":"does not answer","advice":"look at its four wires"}]}'
        ),
        Findings(
            A,
            (
                Finding("relay display", ok=True, told="on"),
                Finding("écran", ok=False, told="does not answer", advice="look at its four wires"),
            ),
        ),
    ),
    (
        (
            f'{{"v":1,"hub_epoch":"{A}","utc":"2026-11-22T10:00:00Z","lease":{{"lease_id":"{B}","rev":1,"total_s":3600,'
            f'"state":"open","req_id":"{C}","intent":null,"seconds_added":null}},"revoked":["{A}"],"settled":["{B}","{C}"],'
            f'"maintenance":{{"grant_id":"{C}","total_s":600}},"settings":{{"language":"en","warn_at_s":[600,60],'
            '"grace_s":30,"code_length":9,"code_signs":"0123456789","idle_text":"Bonjour","confirm_keys":true,'
            '"on_power_return":"pause"},'
            f'"state_epoch":"{A}","locked_for_s":90}}'
        ),
        Sync(
            hub_epoch=A,
            utc="2026-11-22T10:00:00Z",
            lease=Lease(B, 1, 3600, req_id=C),
            revoked=(A,),
            settled=(B, C),
            maintenance=Grant(C, 600),
            settings=PostSettings(Language.EN, (600, 60), 30, 9, "0123456789", "Bonjour", True, PowerReturn.PAUSE),
            state_epoch=A,
            locked_for_s=90,
        ),
    ),
    (
        (
            f'{{"v":1,"online":true,"phase":"running","lease_id":"{A}","rev":1,"total_s":3600,"debited_s":130,'
            '"remaining_s":3475,"grace_left_s":0,"retry_after_s":0,"relays":{"display":"on","usb":"off"},'
            f'"faults":["keypad"],"hub_link":"no_hub","uptime_s":86400,"boot_id":"{B}","state_epoch":"{C}",'
            '"version":"0.1.0","seq":17}'
        ),
        PostReport(
            online=True,
            phase=Phase.RUNNING,
            lease_id=A,
            rev=1,
            total_s=3600,
            debited_s=130,
            remaining_s=3475,
            relays={"display": Relay.ON, "usb": Relay.OFF},
            faults=("keypad",),
            hub_link=HubLink.NO_HUB,
            uptime_s=86400,
            boot_id=B,
            state_epoch=C,
            version="0.1.0",
            seq=17,
        ),
    ),
    (
        f'{{"v":1,"online":true,"hub_epoch":"{A}","version":"0.1.0","protocol":[1,1]}}',
        HubReport(online=True, hub_epoch=A, version="0.1.0"),
    ),
    (
        (
            f'{{"v":1,"seq":17,"at":"2026-11-22T10:00:00.123456Z","action":"time_added","post":"p01","session":"{A}",'
            '"details":{"seconds":300,"nested":[null,true,1.5,"é"]}}'
        ),
        Event(
            seq=17,
            at="2026-11-22T10:00:00.123456Z",
            action=Action.TIME_ADDED,
            post="p01",
            session=A,
            details={"seconds": 300, "nested": [None, True, 1.5, "é"]},
        ),
    ),
    (
        '{"v":1,"at":"2026-11-22T10:00:00Z","posts":{"available":3,"offline":1},"sessions":{"pending":4}}',
        Summary(
            at="2026-11-22T10:00:00Z",
            posts={PostStatus.AVAILABLE: 3, PostStatus.OFFLINE: 1},
            sessions={SessionStatus.PENDING: 4},
        ),
    ),
]

SPARSE: list[tuple[str, Message]] = [
    (
        f'{{"v":1,"boot_id":"{A}","state_epoch":"{B}","version":"","protocol":[1,2]}}',
        Hello(A, B, "", (1, 2)),
    ),
    (f'{{"v":1,"req_id":"{A}","state_epoch":"{B}"}}', Redeem(A, B)),
    (f'{{"v":1,"incident_id":"{A}","kind":"help"}}', Incident(A, IncidentKind.HELP)),
    (f'{{"v":1,"lease_id":"{A}","rev":1,"total_s":60}}', Lease(A, 1, 60)),
    (f'{{"v":1,"req_id":"{A}","reason":"used_up"}}', Deny(A, DenyReason.USED_UP)),
    (
        f'{{"v":1,"hub_epoch":"{A}","utc":"2026-11-22T10:00:00Z","settings":{{}}}}',
        Sync(A, "2026-11-22T10:00:00Z"),
    ),
    (
        f'{{"v":1,"test_id":"{A}","findings":[{{"what":"keypad","ok":true}}]}}',
        Findings(A, (Finding("keypad", ok=True),)),
    ),
    ('{"v":1,"online":false}', PostReport(online=False)),
    ('{"v":1,"online":false}', HubReport(online=False)),
    (
        '{"v":1,"seq":0,"at":"2026-11-22T10:00:00Z","action":"backup"}',
        Event(0, "2026-11-22T10:00:00Z", Action.BACKUP),
    ),
]
"""Messages as an older sender might write them: only what must be there."""

REQUIRED: dict[type[Message], set[str]] = {
    Hello: {"boot_id", "state_epoch", "version", "protocol"},
    Redeem: {"req_id", "state_epoch"},
    Settle: {"lease_id", "rev", "total_s", "debited_s", "state_epoch", "reason"},
    Incident: {"incident_id", "kind"},
    Sync: {"hub_epoch", "utc"},
    Lease: {"lease_id", "rev", "total_s"},
    Deny: {"req_id", "reason"},
    Settled: {"lease_id"},
    Start: {"start_id", "ttl_s"},
    Notice: {"notice_id", "text", "ttl_s"},
    Identify: {"identify_id", "ttl_s"},
    SelfTest: {"test_id"},
    Findings: {"test_id", "findings"},
    PostReport: {"online"},
    HubReport: {"online"},
    Event: {"seq", "at", "action"},
    Summary: {"at", "posts", "sessions"},
}
