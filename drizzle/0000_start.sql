CREATE TABLE "agent_intent" (
	"agent_id" text PRIMARY KEY NOT NULL,
	"organization_id" text NOT NULL,
	"cell" integer NOT NULL,
	"on_shift" boolean NOT NULL,
	"shift_since" timestamp (3) with time zone,
	"device_id" text,
	"queue_ids" text[] NOT NULL,
	"paused" boolean NOT NULL,
	"pause_reason" text,
	"changed_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "agent_intent" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "caller" (
	"organization_id" text NOT NULL,
	"token" text PRIMARY KEY NOT NULL,
	"number" text,
	"name" text,
	"seen_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "caller" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "device" (
	"id" text PRIMARY KEY NOT NULL,
	"organization_id" text NOT NULL,
	"user_id" text NOT NULL,
	"kind" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "device" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "organization" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"time_zone" text NOT NULL,
	"country" text NOT NULL,
	"language" text NOT NULL,
	"cell" integer DEFAULT 1 NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "organization" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "session" (
	"token_hash" text PRIMARY KEY NOT NULL,
	"organization_id" text NOT NULL,
	"user_id" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "session" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "user" (
	"id" text PRIMARY KEY NOT NULL,
	"organization_id" text NOT NULL,
	"role" text NOT NULL,
	"name" text NOT NULL,
	"email" text NOT NULL,
	"language" text NOT NULL,
	"plan" text NOT NULL,
	"password_hash" text,
	"active" boolean DEFAULT true NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "user" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "schedule" (
	"id" text PRIMARY KEY NOT NULL,
	"organization_id" text NOT NULL,
	"name" text NOT NULL,
	"time_zone" text NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "schedule_organization_name_key" UNIQUE("organization_id","name")
);
--> statement-breakpoint
ALTER TABLE "schedule" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "schedule_rule" (
	"id" text PRIMARY KEY NOT NULL,
	"organization_id" text NOT NULL,
	"schedule_id" text NOT NULL,
	"position" integer NOT NULL,
	"effect" text NOT NULL,
	"reason" text,
	"frequency" text NOT NULL,
	"every" integer DEFAULT 1 NOT NULL,
	"by_day" text[],
	"by_month_day" integer[],
	"by_month" integer[],
	"by_set_pos" integer[],
	"intervals" jsonb NOT NULL,
	"valid_from" date,
	"valid_to" date
);
--> statement-breakpoint
ALTER TABLE "schedule_rule" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "member" (
	"organization_id" text NOT NULL,
	"queue_id" text NOT NULL,
	"user_id" text NOT NULL,
	"tier" integer DEFAULT 1 NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"added_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "member_queue_id_user_id_pk" PRIMARY KEY("queue_id","user_id")
);
--> statement-breakpoint
ALTER TABLE "member" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "number" (
	"id" text PRIMARY KEY NOT NULL,
	"organization_id" text NOT NULL,
	"e164" text NOT NULL,
	"queue_id" text,
	"language" text NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "number" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "queue" (
	"id" text PRIMARY KEY NOT NULL,
	"organization_id" text NOT NULL,
	"name" text NOT NULL,
	"kind" text NOT NULL,
	"distribution" text DEFAULT 'longest-idle' NOT NULL,
	"schedule_id" text,
	"welcome" jsonb,
	"first" jsonb,
	"repeated" jsonb,
	"closed" jsonb,
	"repeat_every_seconds" integer DEFAULT 45 NOT NULL,
	"ring_seconds" integer DEFAULT 20 NOT NULL,
	"wrap_up_seconds" integer DEFAULT 30 NOT NULL,
	"logout_after_unanswered" integer DEFAULT 3 NOT NULL,
	"declines_count" boolean DEFAULT true NOT NULL,
	"service_level_seconds" integer DEFAULT 30 NOT NULL,
	"service_level_target_percent" integer DEFAULT 80 NOT NULL,
	"short_abandon_seconds" integer DEFAULT 5 NOT NULL,
	"warn_seconds" integer DEFAULT 45 NOT NULL,
	"bad_seconds" integer DEFAULT 120 NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "queue_organization_name_key" UNIQUE("organization_id","name")
);
--> statement-breakpoint
ALTER TABLE "queue" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "configuration_version" (
	"organization_id" text NOT NULL,
	"entity" text NOT NULL,
	"id" text NOT NULL,
	"version" integer NOT NULL,
	"value" jsonb,
	"operation" text NOT NULL,
	"by" text,
	"at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"applied_at" timestamp (3) with time zone,
	"sequence" bigint GENERATED ALWAYS AS IDENTITY (sequence name "configuration_version_sequence_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	CONSTRAINT "configuration_version_organization_id_entity_id_version_pk" PRIMARY KEY("organization_id","entity","id","version")
);
--> statement-breakpoint
ALTER TABLE "configuration_version" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "operation_key" (
	"organization_id" text NOT NULL,
	"key" text NOT NULL,
	"operation" text NOT NULL,
	"input_hash" text NOT NULL,
	"result" jsonb,
	"at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "operation_key_organization_id_key_pk" PRIMARY KEY("organization_id","key")
);
--> statement-breakpoint
ALTER TABLE "operation_key" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "call" (
	"id" text PRIMARY KEY NOT NULL,
	"organization_id" text NOT NULL,
	"arrived_at" timestamp (3) with time zone NOT NULL,
	"finished_at" timestamp (3) with time zone,
	"number_id" text NOT NULL,
	"dialled" text NOT NULL,
	"queue_id" text NOT NULL,
	"caller_token" text,
	"withheld" boolean NOT NULL,
	"outcome" text,
	"reason" text,
	"ended_by" text
);
--> statement-breakpoint
ALTER TABLE "call" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "fact_chunk" (
	"organization_id" text NOT NULL,
	"cell" integer NOT NULL,
	"from" timestamp (3) with time zone NOT NULL,
	"first_epoch" bigint NOT NULL,
	"first_n" bigint NOT NULL,
	"last_epoch" bigint NOT NULL,
	"last_n" bigint NOT NULL,
	"count" integer NOT NULL,
	"facts" "bytea" NOT NULL,
	"checkpoint" jsonb,
	CONSTRAINT "fact_chunk_organization_id_cell_from_first_epoch_first_n_pk" PRIMARY KEY("organization_id","cell","from","first_epoch","first_n")
);
--> statement-breakpoint
ALTER TABLE "fact_chunk" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "history_cursor" (
	"cell" integer PRIMARY KEY NOT NULL,
	"epoch" bigint NOT NULL,
	"n" bigint NOT NULL,
	"at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "offer" (
	"id" text PRIMARY KEY NOT NULL,
	"organization_id" text NOT NULL,
	"visit_id" text NOT NULL,
	"call_id" text NOT NULL,
	"queue_id" text NOT NULL,
	"agent_id" text NOT NULL,
	"device_id" text NOT NULL,
	"offered_at" timestamp (3) with time zone NOT NULL,
	"ring_until" timestamp (3) with time zone NOT NULL,
	"ringing_at" timestamp (3) with time zone,
	"ended_at" timestamp (3) with time zone,
	"outcome" text,
	"cause" text,
	"unanswered_in_row" integer,
	"why" jsonb NOT NULL
);
--> statement-breakpoint
ALTER TABLE "offer" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "visit" (
	"id" text PRIMARY KEY NOT NULL,
	"organization_id" text NOT NULL,
	"call_id" text NOT NULL,
	"queue_id" text NOT NULL,
	"caller_token" text,
	"withheld" boolean NOT NULL,
	"queued_at" timestamp (3) with time zone NOT NULL,
	"credit_seconds" integer NOT NULL,
	"strict" boolean NOT NULL,
	"because" text NOT NULL,
	"ended_at" timestamp (3) with time zone,
	"outcome" text,
	"waited_ms" integer,
	"agent_id" text,
	"talk_started_at" timestamp (3) with time zone,
	"talk_ended_at" timestamp (3) with time zone,
	"talked_ms" integer,
	"talk_ended_by" text,
	"talk_lost" boolean
);
--> statement-breakpoint
ALTER TABLE "visit" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "agent_intent" ADD CONSTRAINT "agent_intent_organization_id_organization_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organization"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "caller" ADD CONSTRAINT "caller_organization_id_organization_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organization"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "device" ADD CONSTRAINT "device_organization_id_organization_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organization"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "device" ADD CONSTRAINT "device_user_id_user_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."user"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "session" ADD CONSTRAINT "session_organization_id_organization_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organization"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "session" ADD CONSTRAINT "session_user_id_user_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."user"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "user" ADD CONSTRAINT "user_organization_id_organization_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organization"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "schedule" ADD CONSTRAINT "schedule_organization_id_organization_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organization"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "schedule_rule" ADD CONSTRAINT "schedule_rule_organization_id_organization_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organization"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "schedule_rule" ADD CONSTRAINT "schedule_rule_schedule_id_schedule_id_fk" FOREIGN KEY ("schedule_id") REFERENCES "public"."schedule"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "member" ADD CONSTRAINT "member_organization_id_organization_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organization"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "member" ADD CONSTRAINT "member_queue_id_queue_id_fk" FOREIGN KEY ("queue_id") REFERENCES "public"."queue"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "member" ADD CONSTRAINT "member_user_id_user_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."user"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "number" ADD CONSTRAINT "number_organization_id_organization_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organization"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "number" ADD CONSTRAINT "number_queue_id_queue_id_fk" FOREIGN KEY ("queue_id") REFERENCES "public"."queue"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "queue" ADD CONSTRAINT "queue_organization_id_organization_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organization"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "queue" ADD CONSTRAINT "queue_schedule_id_schedule_id_fk" FOREIGN KEY ("schedule_id") REFERENCES "public"."schedule"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "configuration_version" ADD CONSTRAINT "configuration_version_organization_id_organization_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organization"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "operation_key" ADD CONSTRAINT "operation_key_organization_id_organization_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organization"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "agent_intent_cell_idx" ON "agent_intent" USING btree ("cell");--> statement-breakpoint
CREATE UNIQUE INDEX "caller_number_key" ON "caller" USING btree ("organization_id","number");--> statement-breakpoint
CREATE UNIQUE INDEX "device_user_kind_key" ON "device" USING btree ("user_id","kind");--> statement-breakpoint
CREATE INDEX "session_user_idx" ON "session" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "session_expires_idx" ON "session" USING btree ("expires_at");--> statement-breakpoint
CREATE UNIQUE INDEX "user_email_key" ON "user" USING btree ("email");--> statement-breakpoint
CREATE INDEX "user_organization_idx" ON "user" USING btree ("organization_id","name");--> statement-breakpoint
CREATE UNIQUE INDEX "schedule_rule_position_key" ON "schedule_rule" USING btree ("schedule_id","position");--> statement-breakpoint
CREATE INDEX "member_user_idx" ON "member" USING btree ("user_id");--> statement-breakpoint
CREATE UNIQUE INDEX "number_e164_key" ON "number" USING btree ("e164");--> statement-breakpoint
CREATE INDEX "number_queue_idx" ON "number" USING btree ("queue_id");--> statement-breakpoint
CREATE INDEX "configuration_version_unapplied_idx" ON "configuration_version" USING btree ("sequence") WHERE applied_at is null;--> statement-breakpoint
CREATE INDEX "configuration_version_time_idx" ON "configuration_version" USING btree ("organization_id","at");--> statement-breakpoint
CREATE INDEX "call_time_idx" ON "call" USING btree ("organization_id","arrived_at");--> statement-breakpoint
CREATE INDEX "call_caller_idx" ON "call" USING btree ("organization_id","caller_token","arrived_at");--> statement-breakpoint
CREATE INDEX "offer_visit_idx" ON "offer" USING btree ("visit_id");--> statement-breakpoint
CREATE INDEX "offer_agent_time_idx" ON "offer" USING btree ("organization_id","agent_id","offered_at");--> statement-breakpoint
CREATE INDEX "visit_queue_time_idx" ON "visit" USING btree ("organization_id","queue_id","queued_at");--> statement-breakpoint
CREATE INDEX "visit_agent_time_idx" ON "visit" USING btree ("organization_id","agent_id","queued_at");--> statement-breakpoint
CREATE INDEX "visit_call_idx" ON "visit" USING btree ("call_id");--> statement-breakpoint
CREATE POLICY "own_organization" ON "agent_intent" AS PERMISSIVE FOR ALL TO "vaxel_web" USING (organization_id = current_setting('vaxel.organization', true)) WITH CHECK (organization_id = current_setting('vaxel.organization', true));--> statement-breakpoint
CREATE POLICY "own_organization" ON "caller" AS PERMISSIVE FOR ALL TO "vaxel_web" USING (organization_id = current_setting('vaxel.organization', true)) WITH CHECK (organization_id = current_setting('vaxel.organization', true));--> statement-breakpoint
CREATE POLICY "own_organization" ON "device" AS PERMISSIVE FOR ALL TO "vaxel_web" USING (organization_id = current_setting('vaxel.organization', true)) WITH CHECK (organization_id = current_setting('vaxel.organization', true));--> statement-breakpoint
CREATE POLICY "own_organization" ON "organization" AS PERMISSIVE FOR ALL TO "vaxel_web" USING (id = current_setting('vaxel.organization', true)) WITH CHECK (id = current_setting('vaxel.organization', true));--> statement-breakpoint
CREATE POLICY "own_organization" ON "session" AS PERMISSIVE FOR ALL TO "vaxel_web" USING (organization_id = current_setting('vaxel.organization', true)) WITH CHECK (organization_id = current_setting('vaxel.organization', true));--> statement-breakpoint
CREATE POLICY "own_organization" ON "user" AS PERMISSIVE FOR ALL TO "vaxel_web" USING (organization_id = current_setting('vaxel.organization', true)) WITH CHECK (organization_id = current_setting('vaxel.organization', true));--> statement-breakpoint
CREATE POLICY "own_organization" ON "schedule" AS PERMISSIVE FOR ALL TO "vaxel_web" USING (organization_id = current_setting('vaxel.organization', true)) WITH CHECK (organization_id = current_setting('vaxel.organization', true));--> statement-breakpoint
CREATE POLICY "own_organization" ON "schedule_rule" AS PERMISSIVE FOR ALL TO "vaxel_web" USING (organization_id = current_setting('vaxel.organization', true)) WITH CHECK (organization_id = current_setting('vaxel.organization', true));--> statement-breakpoint
CREATE POLICY "own_organization" ON "member" AS PERMISSIVE FOR ALL TO "vaxel_web" USING (organization_id = current_setting('vaxel.organization', true)) WITH CHECK (organization_id = current_setting('vaxel.organization', true));--> statement-breakpoint
CREATE POLICY "own_organization" ON "number" AS PERMISSIVE FOR ALL TO "vaxel_web" USING (organization_id = current_setting('vaxel.organization', true)) WITH CHECK (organization_id = current_setting('vaxel.organization', true));--> statement-breakpoint
CREATE POLICY "own_organization" ON "queue" AS PERMISSIVE FOR ALL TO "vaxel_web" USING (organization_id = current_setting('vaxel.organization', true)) WITH CHECK (organization_id = current_setting('vaxel.organization', true));--> statement-breakpoint
CREATE POLICY "own_organization" ON "configuration_version" AS PERMISSIVE FOR ALL TO "vaxel_web" USING (organization_id = current_setting('vaxel.organization', true)) WITH CHECK (organization_id = current_setting('vaxel.organization', true));--> statement-breakpoint
CREATE POLICY "own_organization" ON "operation_key" AS PERMISSIVE FOR ALL TO "vaxel_web" USING (organization_id = current_setting('vaxel.organization', true)) WITH CHECK (organization_id = current_setting('vaxel.organization', true));--> statement-breakpoint
CREATE POLICY "own_organization" ON "call" AS PERMISSIVE FOR ALL TO "vaxel_web" USING (organization_id = current_setting('vaxel.organization', true)) WITH CHECK (organization_id = current_setting('vaxel.organization', true));--> statement-breakpoint
CREATE POLICY "own_organization" ON "fact_chunk" AS PERMISSIVE FOR ALL TO "vaxel_web" USING (organization_id = current_setting('vaxel.organization', true)) WITH CHECK (organization_id = current_setting('vaxel.organization', true));--> statement-breakpoint
CREATE POLICY "own_organization" ON "offer" AS PERMISSIVE FOR ALL TO "vaxel_web" USING (organization_id = current_setting('vaxel.organization', true)) WITH CHECK (organization_id = current_setting('vaxel.organization', true));--> statement-breakpoint
CREATE POLICY "own_organization" ON "visit" AS PERMISSIVE FOR ALL TO "vaxel_web" USING (organization_id = current_setting('vaxel.organization', true)) WITH CHECK (organization_id = current_setting('vaxel.organization', true));