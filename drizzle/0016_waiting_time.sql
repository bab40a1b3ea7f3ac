ALTER TABLE "queue" ADD COLUMN "waiting_time" jsonb;--> statement-breakpoint
ALTER TABLE "queue" ADD COLUMN "waiting_time_every_seconds" integer DEFAULT 120 NOT NULL;--> statement-breakpoint
ALTER TABLE "visit" ADD COLUMN "predicted_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "visit" ADD COLUMN "predicted_by" text;--> statement-breakpoint
ALTER TABLE "visit" ADD COLUMN "predicted_ms" integer;--> statement-breakpoint
ALTER TABLE "visit" ADD COLUMN "predicted_low_ms" integer;--> statement-breakpoint
ALTER TABLE "visit" ADD COLUMN "predicted_high_ms" integer;--> statement-breakpoint
ALTER TABLE "visit" ADD COLUMN "average_ms" integer;