ALTER TABLE "agent_intent" ADD COLUMN "pause_reason_id" text;--> statement-breakpoint
ALTER TABLE "agent_intent" ADD COLUMN "paused_until" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "organization" ADD COLUMN "pause_reasons" jsonb DEFAULT '[]'::jsonb NOT NULL;