CREATE FUNCTION public.log_entry_append_only() RETURNS trigger
    LANGUAGE plpgsql
    AS $$BEGIN RAISE EXCEPTION 'the journal is append-only'; END$$;
CREATE TABLE public.house (
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    id integer NOT NULL,
    settings jsonb NOT NULL
);
CREATE SEQUENCE public.house_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.house_id_seq OWNED BY public.house.id;
CREATE TABLE public.hub_state (
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    id integer NOT NULL,
    learning_since timestamp with time zone
);
CREATE SEQUENCE public.hub_state_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.hub_state_id_seq OWNED BY public.hub_state.id;
CREATE TABLE public.idempotency (
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    id integer NOT NULL,
    key character varying(255) NOT NULL,
    route character varying(255) NOT NULL,
    result_id text NOT NULL,
    operator_id integer NOT NULL
);
CREATE SEQUENCE public.idempotency_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.idempotency_id_seq OWNED BY public.idempotency.id;
CREATE TABLE public.lease (
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    id character varying(36) NOT NULL,
    granted_at timestamp with time zone NOT NULL,
    total_s bigint NOT NULL,
    req_id character varying(36),
    state_epoch text NOT NULL,
    rev bigint NOT NULL,
    debited_s bigint NOT NULL,
    held boolean NOT NULL,
    intent character varying(16),
    intent_by text,
    closed_at timestamp with time zone,
    charged_s bigint,
    forced boolean NOT NULL,
    doubted boolean NOT NULL,
    post_id character varying(31) NOT NULL,
    session_id character varying(36) NOT NULL,
    target_id character varying(31)
);
CREATE TABLE public.log_entry (
    id bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    action character varying(32) NOT NULL,
    session_id character varying(36),
    post_id character varying(31),
    user_id character varying(36),
    operator text,
    details jsonb NOT NULL,
    ip_address text
);
CREATE SEQUENCE public.log_entry_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.log_entry_id_seq OWNED BY public.log_entry.id;
CREATE TABLE public.operator (
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    id integer NOT NULL,
    name character varying(64) NOT NULL,
    role character varying(16) NOT NULL,
    password_hash text NOT NULL,
    disabled boolean NOT NULL,
    last_login_at timestamp with time zone
);
CREATE SEQUENCE public.operator_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.operator_id_seq OWNED BY public.operator.id;
CREATE TABLE public.post (
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    id character varying(31) NOT NULL,
    name text NOT NULL,
    zone text NOT NULL,
    notes text NOT NULL,
    secret text NOT NULL,
    retired boolean NOT NULL,
    maintenance jsonb,
    throttle jsonb NOT NULL,
    state_epoch text,
    boot_id text,
    client_version text,
    ip_address text,
    mac_address text,
    last_seen_at timestamp with time zone,
    greeted_at timestamp with time zone
);
CREATE TABLE public.request (
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    req_id character varying(36) NOT NULL,
    at timestamp with time zone NOT NULL,
    seconds_added bigint,
    reason character varying(32),
    retry_after_s bigint,
    detail text,
    lease_id character varying(36),
    post_id character varying(31) NOT NULL
);
CREATE TABLE public.session (
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    id character varying(36) NOT NULL,
    status character varying(16) NOT NULL,
    initial_s bigint NOT NULL,
    added_s bigint NOT NULL,
    consumed_s bigint NOT NULL,
    allocated_s bigint NOT NULL,
    on_end character varying(16) NOT NULL,
    code_hash character varying(64),
    code_sealed bytea,
    valid_from timestamp with time zone,
    valid_until timestamp with time zone,
    started_at timestamp with time zone,
    ended_at timestamp with time zone,
    end_reason text,
    category text,
    operator text,
    notes text NOT NULL,
    flag text,
    bound_post_id character varying(31),
    joined_id character varying(36),
    user_id character varying(36)
);
CREATE TABLE public.start_order (
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    id character varying(36) NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    spent boolean NOT NULL,
    post_id character varying(31) NOT NULL,
    session_id character varying(36) NOT NULL
);
CREATE TABLE public.token (
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    id integer NOT NULL,
    hash character varying(64) NOT NULL,
    kind character varying(16) NOT NULL,
    name text NOT NULL,
    expires_at timestamp with time zone,
    last_used_at timestamp with time zone,
    revoked_at timestamp with time zone,
    operator_id integer NOT NULL
);
CREATE SEQUENCE public.token_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.token_id_seq OWNED BY public.token.id;
CREATE TABLE public.tortoise_migrations (
    id integer NOT NULL,
    app character varying(255) NOT NULL,
    name character varying(255) NOT NULL,
    applied_at timestamp with time zone NOT NULL
);
CREATE SEQUENCE public.tortoise_migrations_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.tortoise_migrations_id_seq OWNED BY public.tortoise_migrations.id;
CREATE TABLE public."user" (
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    id character varying(36) NOT NULL,
    display_name text NOT NULL,
    card_number character varying(64),
    contact text,
    category text,
    notes text NOT NULL,
    blocked boolean NOT NULL
);
ALTER TABLE ONLY public.house ALTER COLUMN id SET DEFAULT nextval('public.house_id_seq'::regclass);
ALTER TABLE ONLY public.hub_state ALTER COLUMN id SET DEFAULT nextval('public.hub_state_id_seq'::regclass);
ALTER TABLE ONLY public.idempotency ALTER COLUMN id SET DEFAULT nextval('public.idempotency_id_seq'::regclass);
ALTER TABLE ONLY public.log_entry ALTER COLUMN id SET DEFAULT nextval('public.log_entry_id_seq'::regclass);
ALTER TABLE ONLY public.operator ALTER COLUMN id SET DEFAULT nextval('public.operator_id_seq'::regclass);
ALTER TABLE ONLY public.token ALTER COLUMN id SET DEFAULT nextval('public.token_id_seq'::regclass);
ALTER TABLE ONLY public.tortoise_migrations ALTER COLUMN id SET DEFAULT nextval('public.tortoise_migrations_id_seq'::regclass);
INSERT INTO public.house VALUES ('2026-11-25 22:15:37.901045+00', '2026-11-23 09:00:00+00', 1, '{"code": {"signs": "ABCDEFGHJKLMNPQRSTUVWXYZ23456789", "length": 6}, "grace_s": 60, "language": "en", "idle_text": "Bienvenue", "presets_s": [900, 1800, 3600, 7200], "time_zone": "Europe/Paris", "warn_at_s": [300, 60], "validity_s": 86400, "confirm_keys": false, "on_power_return": "resume"}');
INSERT INTO public.hub_state VALUES ('2026-11-25 22:15:37.901045+00', '2026-11-23 09:00:00+00', 1, '2026-11-23 09:01:30.123456+00');
INSERT INTO public.idempotency VALUES ('2026-11-23 09:00:00+00', '2026-11-23 09:00:00+00', 1, 'key', 'POST /sessions', 'fingerprint full', 1);
INSERT INTO public.lease VALUES ('2026-11-23 09:00:00+00', '2026-11-23 09:00:00+00', 'l1', '2026-11-23 09:00:00+00', 3600, 'req-l1', 'epoch', 1, 0, false, NULL, NULL, NULL, NULL, false, false, 'p01', 's1', NULL);
INSERT INTO public.lease VALUES ('2026-11-23 09:00:00+00', '2026-11-23 09:00:00+00', 'full', '2026-11-23 09:00:00+00', 3600, 'req-full', 'epoch', 4, 70, true, 'transfer', 'marie', '2026-11-23 09:01:30.123456+00', 80, true, true, 'p02', 's2', 'p01');
INSERT INTO public.log_entry VALUES (1, '2026-11-23 09:00:00+00', 'code_issued', NULL, NULL, NULL, NULL, '{}', NULL);
INSERT INTO public.log_entry VALUES (2, '2026-11-23 09:01:30.123456+00', 'time_added', 's1', 'p01', 'u1', 'marie', '{"to": null, "seconds": 300}', '10.0.0.5');
INSERT INTO public.operator VALUES ('2026-11-23 09:00:00+00', '2026-11-23 09:00:00+00', 1, 'marie', 'admin', '$argon2id$', false, '2026-11-23 09:00:00+00');
INSERT INTO public.post VALUES ('2026-11-23 09:00:00+00', '2026-11-23 09:00:00+00', 'p01', 'Post p01', '', '', '', false, NULL, '{"as_of": null, "level": 0, "tries": 5, "level_as_of": null, "locked_until": null}', NULL, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO public.post VALUES ('2026-11-23 09:00:00+00', '2026-11-23 09:00:00+00', 'p02', 'Post p02', '', '', '', false, NULL, '{"as_of": null, "level": 0, "tries": 5, "level_as_of": null, "locked_until": null}', NULL, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO public.post VALUES ('2026-11-23 09:00:00+00', '2026-11-23 09:00:00+00', 'full', 'Post full', 'Hall', 'près de la fenêtre', '$7$line', true, '{"since": "2026-11-23T09:00:00+00:00", "until": "2026-11-23T09:01:30.123456+00:00", "reason": "screen", "total_s": 600, "grant_id": "g1"}', '{"as_of": "2026-11-23T09:00:00+00:00", "level": 3, "tries": 2.5, "level_as_of": "2026-11-23T09:01:30.123456+00:00", "locked_until": "2026-11-23T09:01:30.123456+00:00"}', 'e1', 'b1', '0.1.0', '10.0.0.11', 'aa:bb', '2026-11-23 09:01:30.123456+00', '2026-11-23 09:00:00+00');
INSERT INTO public.request VALUES ('2026-11-23 09:00:00+00', '2026-11-23 09:00:00+00', 'r1', '2026-11-23 09:01:30.123456+00', 300, 'already_in_use', 30, 'Post 2', 'full', 'p01');
INSERT INTO public.session VALUES ('2026-11-23 09:00:00+00', '2026-11-23 09:00:00+00', 's1', 'pending', 3600, 0, 0, 0, 'bank', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '', NULL, NULL, NULL, NULL);
INSERT INTO public.session VALUES ('2026-11-23 09:00:00+00', '2026-11-23 09:00:00+00', 's2', 'pending', 3600, 0, 0, 0, 'bank', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '', NULL, NULL, NULL, NULL);
INSERT INTO public.session VALUES ('2026-11-23 09:00:00+00', '2026-11-23 09:00:00+00', 'full', 'suspended', 3600, 300, 120, 60, 'burn', 'hash', '\x00ff207365616c6564', '2026-11-23 09:00:00+00', '2026-11-23 09:01:30.123456+00', '2026-11-23 09:00:00+00', '2026-11-23 09:01:30.123456+00', 'used_up', 'adult', 'marie', 'two
lines, and ''quotes''', 'surplus', 'p01', 's1', 'u1');
INSERT INTO public.start_order VALUES ('2026-11-23 09:00:00+00', '2026-11-23 09:00:00+00', 'o1', '2026-11-23 09:01:30.123456+00', true, 'p01', 's1');
INSERT INTO public.token VALUES ('2026-11-23 09:00:00+00', '2026-11-23 09:00:00+00', 1, 'hash', 'api', 'script', '2026-11-23 09:01:30.123456+00', NULL, NULL, 1);
INSERT INTO public.tortoise_migrations VALUES (1, 'hub', '0001_initial', '2026-11-25 22:15:37.636459+00');
INSERT INTO public.tortoise_migrations VALUES (2, 'hub', '0002_rules', '2026-11-25 22:15:37.91595+00');
INSERT INTO public."user" VALUES ('2026-11-23 09:00:00+00', '2026-11-23 09:00:00+00', 'u1', 'Ada', 'C-17', 'ada@example.org', 'student', 'kind', true);
SELECT pg_catalog.setval('public.house_id_seq', 1, false);
SELECT pg_catalog.setval('public.hub_state_id_seq', 1, false);
SELECT pg_catalog.setval('public.idempotency_id_seq', 1, true);
SELECT pg_catalog.setval('public.log_entry_id_seq', 2, true);
SELECT pg_catalog.setval('public.operator_id_seq', 1, true);
SELECT pg_catalog.setval('public.token_id_seq', 1, true);
SELECT pg_catalog.setval('public.tortoise_migrations_id_seq', 2, true);
ALTER TABLE ONLY public.house
    ADD CONSTRAINT house_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.hub_state
    ADD CONSTRAINT hub_state_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.idempotency
    ADD CONSTRAINT idempotency_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.lease
    ADD CONSTRAINT lease_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.log_entry
    ADD CONSTRAINT log_entry_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.operator
    ADD CONSTRAINT operator_name_key UNIQUE (name);
ALTER TABLE ONLY public.operator
    ADD CONSTRAINT operator_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.post
    ADD CONSTRAINT post_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.request
    ADD CONSTRAINT request_pkey PRIMARY KEY (req_id);
ALTER TABLE ONLY public.session
    ADD CONSTRAINT session_code_hash_key UNIQUE (code_hash);
ALTER TABLE ONLY public.session
    ADD CONSTRAINT session_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.start_order
    ADD CONSTRAINT start_order_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.token
    ADD CONSTRAINT token_hash_key UNIQUE (hash);
ALTER TABLE ONLY public.token
    ADD CONSTRAINT token_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.tortoise_migrations
    ADD CONSTRAINT tortoise_migrations_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.idempotency
    ADD CONSTRAINT uid_idempotency_key_c29bac UNIQUE (key, operator_id, route);
ALTER TABLE ONLY public.tortoise_migrations
    ADD CONSTRAINT uid_tortoise_mi_app_3803a5 UNIQUE (app, name);
ALTER TABLE ONLY public."user"
    ADD CONSTRAINT user_card_number_key UNIQUE (card_number);
ALTER TABLE ONLY public."user"
    ADD CONSTRAINT user_pkey PRIMARY KEY (id);
CREATE INDEX idx_idempotency_created_2edba4 ON public.idempotency USING btree (created_at);
CREATE INDEX idx_idempotency_operato_c5101b ON public.idempotency USING btree (operator_id);
CREATE INDEX idx_lease_post_id_731cf4 ON public.lease USING btree (post_id);
CREATE INDEX idx_lease_session_ed1ad5 ON public.lease USING btree (session_id);
CREATE INDEX idx_lease_target__7cc4e7 ON public.lease USING btree (target_id);
CREATE INDEX idx_log_entry_action_d54017 ON public.log_entry USING btree (action, at);
CREATE INDEX idx_log_entry_at_b983b4 ON public.log_entry USING btree (at);
CREATE INDEX idx_log_entry_post_id_c04ae5 ON public.log_entry USING btree (post_id, at);
CREATE INDEX idx_log_entry_session_46a7dd ON public.log_entry USING btree (session_id);
CREATE INDEX idx_log_entry_user_id_97c0aa ON public.log_entry USING btree (user_id);
CREATE INDEX idx_request_at_1eaf29 ON public.request USING btree (at);
CREATE INDEX idx_request_lease_i_3556f7 ON public.request USING btree (lease_id);
CREATE INDEX idx_request_post_id_986a5e ON public.request USING btree (post_id);
CREATE INDEX idx_session_bound_p_ca77b4 ON public.session USING btree (bound_post_id);
CREATE INDEX idx_session_created_493c4e ON public.session USING btree (created_at);
CREATE INDEX idx_session_joined__eb7dd5 ON public.session USING btree (joined_id);
CREATE INDEX idx_session_status_5d67a9 ON public.session USING btree (status, created_at);
CREATE INDEX idx_session_user_id_23ddbc ON public.session USING btree (user_id);
CREATE INDEX idx_start_order_post_id_bb960a ON public.start_order USING btree (post_id);
CREATE INDEX idx_start_order_session_b185e5 ON public.start_order USING btree (session_id);
CREATE INDEX idx_token_operato_5c68ed ON public.token USING btree (operator_id);
CREATE UNIQUE INDEX lease_open_post ON public.lease USING btree (post_id) WHERE (closed_at IS NULL);
CREATE UNIQUE INDEX lease_open_session ON public.lease USING btree (session_id) WHERE (closed_at IS NULL);
CREATE INDEX session_validity ON public.session USING btree (valid_until) WHERE ((status)::text = ANY ((ARRAY['pending'::character varying, 'suspended'::character varying])::text[]));
CREATE TRIGGER log_entry_append_only BEFORE UPDATE ON public.log_entry FOR EACH ROW EXECUTE FUNCTION public.log_entry_append_only();
ALTER TABLE ONLY public.idempotency
    ADD CONSTRAINT idempotency_operator_id_fkey FOREIGN KEY (operator_id) REFERENCES public.operator(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.lease
    ADD CONSTRAINT lease_post_id_fkey FOREIGN KEY (post_id) REFERENCES public.post(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.lease
    ADD CONSTRAINT lease_session_id_fkey FOREIGN KEY (session_id) REFERENCES public.session(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.lease
    ADD CONSTRAINT lease_target_id_fkey FOREIGN KEY (target_id) REFERENCES public.post(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.request
    ADD CONSTRAINT request_lease_id_fkey FOREIGN KEY (lease_id) REFERENCES public.lease(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.request
    ADD CONSTRAINT request_post_id_fkey FOREIGN KEY (post_id) REFERENCES public.post(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.session
    ADD CONSTRAINT session_bound_post_id_fkey FOREIGN KEY (bound_post_id) REFERENCES public.post(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.session
    ADD CONSTRAINT session_joined_id_fkey FOREIGN KEY (joined_id) REFERENCES public.session(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.session
    ADD CONSTRAINT session_user_id_fkey FOREIGN KEY (user_id) REFERENCES public."user"(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.start_order
    ADD CONSTRAINT start_order_post_id_fkey FOREIGN KEY (post_id) REFERENCES public.post(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.start_order
    ADD CONSTRAINT start_order_session_id_fkey FOREIGN KEY (session_id) REFERENCES public.session(id) ON DELETE RESTRICT;
ALTER TABLE ONLY public.token
    ADD CONSTRAINT token_operator_id_fkey FOREIGN KEY (operator_id) REFERENCES public.operator(id) ON DELETE RESTRICT;
