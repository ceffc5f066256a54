BEGIN TRANSACTION;
CREATE TABLE "house" (
    "created_at" TIMESTAMP NOT NULL,
    "updated_at" TIMESTAMP NOT NULL,
    "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    "settings" JSON NOT NULL
);
INSERT INTO "house" VALUES('2026-11-25 22:15:31.364922+00:00','2026-11-23 09:00:00+00:00',1,'{"language": "en", "time_zone": "Europe/Paris", "presets_s": [900, 1800, 3600, 7200], "validity_s": 86400, "code": {"length": 6, "signs": "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"}, "warn_at_s": [300, 60], "grace_s": 60, "idle_text": "Bienvenue", "confirm_keys": false, "on_power_return": "resume"}');
CREATE TABLE "hub_state" (
    "created_at" TIMESTAMP NOT NULL,
    "updated_at" TIMESTAMP NOT NULL,
    "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    "learning_since" TIMESTAMP
);
INSERT INTO "hub_state" VALUES('2026-11-25 22:15:31.364922+00:00','2026-11-23 09:00:00+00:00',1,'2026-11-23 09:01:30.123456+00:00');
CREATE TABLE "idempotency" (
    "created_at" TIMESTAMP NOT NULL,
    "updated_at" TIMESTAMP NOT NULL,
    "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    "key" VARCHAR(255) NOT NULL,
    "route" VARCHAR(255) NOT NULL,
    "result_id" TEXT NOT NULL,
    "operator_id" INT NOT NULL REFERENCES "operator" ("id") ON DELETE RESTRICT,
    CONSTRAINT "uid_idempotency_key_c29bac" UNIQUE ("key", "operator_id", "route")
);
INSERT INTO "idempotency" VALUES('2026-11-23 09:00:00+00:00','2026-11-23 09:00:00+00:00',1,'key','POST /sessions','fingerprint full',1);
CREATE TABLE "lease" (
    "created_at" TIMESTAMP NOT NULL,
    "updated_at" TIMESTAMP NOT NULL,
    "id" VARCHAR(36) NOT NULL  PRIMARY KEY,
    "granted_at" TIMESTAMP NOT NULL,
    "total_s" BIGINT NOT NULL,
    "req_id" VARCHAR(36),
    "state_epoch" TEXT NOT NULL,
    "rev" BIGINT NOT NULL,
    "debited_s" BIGINT NOT NULL,
    "held" INT NOT NULL,
    "intent" VARCHAR(16),
    "intent_by" TEXT,
    "closed_at" TIMESTAMP,
    "charged_s" BIGINT,
    "forced" INT NOT NULL,
    "doubted" INT NOT NULL,
    "post_id" VARCHAR(31) NOT NULL REFERENCES "post" ("id") ON DELETE RESTRICT,
    "session_id" VARCHAR(36) NOT NULL REFERENCES "session" ("id") ON DELETE RESTRICT,
    "target_id" VARCHAR(31) REFERENCES "post" ("id") ON DELETE RESTRICT
);
INSERT INTO "lease" VALUES('2026-11-23 09:00:00+00:00','2026-11-23 09:00:00+00:00','l1','2026-11-23 09:00:00+00:00',3600,'req-l1','epoch',1,0,0,NULL,NULL,NULL,NULL,0,0,'p01','s1',NULL);
INSERT INTO "lease" VALUES('2026-11-23 09:00:00+00:00','2026-11-23 09:00:00+00:00','full','2026-11-23 09:00:00+00:00',3600,'req-full','epoch',4,70,1,'transfer','marie','2026-11-23 09:01:30.123456+00:00',80,1,1,'p02','s2','p01');
CREATE TABLE "log_entry" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    "at" TIMESTAMP NOT NULL,
    "action" VARCHAR(32) NOT NULL,
    "session_id" VARCHAR(36),
    "post_id" VARCHAR(31),
    "user_id" VARCHAR(36),
    "operator" TEXT,
    "details" JSON NOT NULL,
    "ip_address" TEXT
);
INSERT INTO "log_entry" VALUES(1,'2026-11-23 09:00:00+00:00','code_issued',NULL,NULL,NULL,NULL,'{}',NULL);
INSERT INTO "log_entry" VALUES(2,'2026-11-23 09:01:30.123456+00:00','time_added','s1','p01','u1','marie','{"seconds": 300, "to": null}','10.0.0.5');
CREATE TABLE "operator" (
    "created_at" TIMESTAMP NOT NULL,
    "updated_at" TIMESTAMP NOT NULL,
    "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    "name" VARCHAR(64) NOT NULL UNIQUE,
    "role" VARCHAR(16) NOT NULL,
    "password_hash" TEXT NOT NULL,
    "disabled" INT NOT NULL,
    "last_login_at" TIMESTAMP
);
INSERT INTO "operator" VALUES('2026-11-23 09:00:00+00:00','2026-11-23 09:00:00+00:00',1,'marie','admin','$argon2id$',0,'2026-11-23 09:00:00+00:00');
CREATE TABLE "post" (
    "created_at" TIMESTAMP NOT NULL,
    "updated_at" TIMESTAMP NOT NULL,
    "id" VARCHAR(31) NOT NULL  PRIMARY KEY,
    "name" TEXT NOT NULL,
    "zone" TEXT NOT NULL,
    "notes" TEXT NOT NULL,
    "secret" TEXT NOT NULL,
    "retired" INT NOT NULL,
    "maintenance" JSON,
    "throttle" JSON NOT NULL,
    "state_epoch" TEXT,
    "boot_id" TEXT,
    "client_version" TEXT,
    "ip_address" TEXT,
    "mac_address" TEXT,
    "last_seen_at" TIMESTAMP,
    "greeted_at" TIMESTAMP
);
INSERT INTO "post" VALUES('2026-11-23 09:00:00+00:00','2026-11-23 09:00:00+00:00','p01','Post p01','','','',0,NULL,'{"tries": 5, "level": 0, "as_of": null, "level_as_of": null, "locked_until": null}',NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "post" VALUES('2026-11-23 09:00:00+00:00','2026-11-23 09:00:00+00:00','p02','Post p02','','','',0,NULL,'{"tries": 5, "level": 0, "as_of": null, "level_as_of": null, "locked_until": null}',NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "post" VALUES('2026-11-23 09:00:00+00:00','2026-11-23 09:00:00+00:00','full','Post full','Hall','près de la fenêtre','$7$line',1,'{"grant_id": "g1", "total_s": 600, "since": "2026-11-23T09:00:00+00:00", "reason": "screen", "until": "2026-11-23T09:01:30.123456+00:00"}','{"tries": 2.5, "level": 3, "as_of": "2026-11-23T09:00:00+00:00", "level_as_of": "2026-11-23T09:01:30.123456+00:00", "locked_until": "2026-11-23T09:01:30.123456+00:00"}','e1','b1','0.1.0','10.0.0.11','aa:bb','2026-11-23 09:01:30.123456+00:00','2026-11-23 09:00:00+00:00');
CREATE TABLE "request" (
    "created_at" TIMESTAMP NOT NULL,
    "updated_at" TIMESTAMP NOT NULL,
    "req_id" VARCHAR(36) NOT NULL  PRIMARY KEY,
    "at" TIMESTAMP NOT NULL,
    "seconds_added" BIGINT,
    "reason" VARCHAR(32),
    "retry_after_s" BIGINT,
    "detail" TEXT,
    "lease_id" VARCHAR(36) REFERENCES "lease" ("id") ON DELETE RESTRICT,
    "post_id" VARCHAR(31) NOT NULL REFERENCES "post" ("id") ON DELETE RESTRICT
);
INSERT INTO "request" VALUES('2026-11-23 09:00:00+00:00','2026-11-23 09:00:00+00:00','r1','2026-11-23 09:01:30.123456+00:00',300,'already_in_use',30,'Post 2','full','p01');
CREATE TABLE "session" (
    "created_at" TIMESTAMP NOT NULL,
    "updated_at" TIMESTAMP NOT NULL,
    "id" VARCHAR(36) NOT NULL  PRIMARY KEY,
    "status" VARCHAR(16) NOT NULL,
    "initial_s" BIGINT NOT NULL,
    "added_s" BIGINT NOT NULL,
    "consumed_s" BIGINT NOT NULL,
    "allocated_s" BIGINT NOT NULL,
    "on_end" VARCHAR(16) NOT NULL,
    "code_hash" VARCHAR(64)  UNIQUE,
    "code_sealed" BLOB,
    "valid_from" TIMESTAMP,
    "valid_until" TIMESTAMP,
    "started_at" TIMESTAMP,
    "ended_at" TIMESTAMP,
    "end_reason" TEXT,
    "category" TEXT,
    "operator" TEXT,
    "notes" TEXT NOT NULL,
    "flag" TEXT,
    "bound_post_id" VARCHAR(31) REFERENCES "post" ("id") ON DELETE RESTRICT,
    "joined_id" VARCHAR(36) REFERENCES "session" ("id") ON DELETE RESTRICT,
    "user_id" VARCHAR(36) REFERENCES "user" ("id") ON DELETE RESTRICT
);
INSERT INTO "session" VALUES('2026-11-23 09:00:00+00:00','2026-11-23 09:00:00+00:00','s1','pending',3600,0,0,0,'bank',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'',NULL,NULL,NULL,NULL);
INSERT INTO "session" VALUES('2026-11-23 09:00:00+00:00','2026-11-23 09:00:00+00:00','s2','pending',3600,0,0,0,'bank',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'',NULL,NULL,NULL,NULL);
INSERT INTO "session" VALUES('2026-11-23 09:00:00+00:00','2026-11-23 09:00:00+00:00','full','suspended',3600,300,120,60,'burn','hash',X'00FF207365616C6564','2026-11-23 09:00:00+00:00','2026-11-23 09:01:30.123456+00:00','2026-11-23 09:00:00+00:00','2026-11-23 09:01:30.123456+00:00','used_up','adult','marie','two
lines, and ''quotes''','surplus','p01','s1','u1');
CREATE TABLE "start_order" (
    "created_at" TIMESTAMP NOT NULL,
    "updated_at" TIMESTAMP NOT NULL,
    "id" VARCHAR(36) NOT NULL  PRIMARY KEY,
    "expires_at" TIMESTAMP NOT NULL,
    "spent" INT NOT NULL,
    "post_id" VARCHAR(31) NOT NULL REFERENCES "post" ("id") ON DELETE RESTRICT,
    "session_id" VARCHAR(36) NOT NULL REFERENCES "session" ("id") ON DELETE RESTRICT
);
INSERT INTO "start_order" VALUES('2026-11-23 09:00:00+00:00','2026-11-23 09:00:00+00:00','o1','2026-11-23 09:01:30.123456+00:00',1,'p01','s1');
CREATE TABLE "token" (
    "created_at" TIMESTAMP NOT NULL,
    "updated_at" TIMESTAMP NOT NULL,
    "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    "hash" VARCHAR(64) NOT NULL UNIQUE,
    "kind" VARCHAR(16) NOT NULL,
    "name" TEXT NOT NULL,
    "expires_at" TIMESTAMP,
    "last_used_at" TIMESTAMP,
    "revoked_at" TIMESTAMP,
    "operator_id" INT NOT NULL REFERENCES "operator" ("id") ON DELETE RESTRICT
);
INSERT INTO "token" VALUES('2026-11-23 09:00:00+00:00','2026-11-23 09:00:00+00:00',1,'hash','api','script','2026-11-23 09:01:30.123456+00:00',NULL,NULL,1);
CREATE TABLE "tortoise_migrations" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    "app" VARCHAR(255) NOT NULL,
    "name" VARCHAR(255) NOT NULL,
    "applied_at" TIMESTAMP NOT NULL,
    CONSTRAINT "uid_tortoise_mi_app_3803a5" UNIQUE ("app", "name")
);
INSERT INTO "tortoise_migrations" VALUES(1,'hub','0001_initial','2026-11-25 22:15:31.209474+00:00');
INSERT INTO "tortoise_migrations" VALUES(2,'hub','0002_rules','2026-11-25 22:15:31.367951+00:00');
CREATE TABLE "user" (
    "created_at" TIMESTAMP NOT NULL,
    "updated_at" TIMESTAMP NOT NULL,
    "id" VARCHAR(36) NOT NULL  PRIMARY KEY,
    "display_name" TEXT NOT NULL,
    "card_number" VARCHAR(64)  UNIQUE,
    "contact" TEXT,
    "category" TEXT,
    "notes" TEXT NOT NULL,
    "blocked" INT NOT NULL
);
INSERT INTO "user" VALUES('2026-11-23 09:00:00+00:00','2026-11-23 09:00:00+00:00','u1','Ada','C-17','ada@example.org','student','kind',1);
CREATE INDEX "idx_log_entry_at_b983b4" ON "log_entry" ("at");
CREATE INDEX "idx_log_entry_session_46a7dd" ON "log_entry" ("session_id");
CREATE INDEX "idx_log_entry_user_id_97c0aa" ON "log_entry" ("user_id");
CREATE INDEX "idx_log_entry_action_d54017" ON "log_entry" ("action", "at");
CREATE INDEX "idx_log_entry_post_id_c04ae5" ON "log_entry" ("post_id", "at");
CREATE INDEX "idx_idempotency_operato_c5101b" ON "idempotency" ("operator_id");
CREATE INDEX "idx_idempotency_created_2edba4" ON "idempotency" ("created_at");
CREATE INDEX "idx_token_operato_5c68ed" ON "token" ("operator_id");
CREATE INDEX "idx_session_bound_p_ca77b4" ON "session" ("bound_post_id");
CREATE INDEX "idx_session_joined__eb7dd5" ON "session" ("joined_id");
CREATE INDEX "idx_session_user_id_23ddbc" ON "session" ("user_id");
CREATE INDEX "idx_session_status_5d67a9" ON "session" ("status", "created_at");
CREATE INDEX "idx_session_created_493c4e" ON "session" ("created_at");
CREATE INDEX "idx_lease_post_id_731cf4" ON "lease" ("post_id");
CREATE INDEX "idx_lease_session_ed1ad5" ON "lease" ("session_id");
CREATE INDEX "idx_lease_target__7cc4e7" ON "lease" ("target_id");
CREATE INDEX "idx_request_at_1eaf29" ON "request" ("at");
CREATE INDEX "idx_request_lease_i_3556f7" ON "request" ("lease_id");
CREATE INDEX "idx_request_post_id_986a5e" ON "request" ("post_id");
CREATE INDEX "idx_start_order_post_id_bb960a" ON "start_order" ("post_id");
CREATE INDEX "idx_start_order_session_b185e5" ON "start_order" ("session_id");
CREATE UNIQUE INDEX lease_open_session ON lease (session_id) WHERE closed_at IS NULL;
CREATE UNIQUE INDEX lease_open_post ON lease (post_id) WHERE closed_at IS NULL;
CREATE INDEX session_validity ON session (valid_until) WHERE status IN ('pending', 'suspended');
CREATE TRIGGER log_entry_append_only BEFORE UPDATE ON log_entry
        BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('tortoise_migrations',2);
INSERT INTO "sqlite_sequence" VALUES('house',1);
INSERT INTO "sqlite_sequence" VALUES('hub_state',1);
INSERT INTO "sqlite_sequence" VALUES('log_entry',2);
INSERT INTO "sqlite_sequence" VALUES('operator',1);
INSERT INTO "sqlite_sequence" VALUES('token',1);
INSERT INTO "sqlite_sequence" VALUES('idempotency',1);
COMMIT;
