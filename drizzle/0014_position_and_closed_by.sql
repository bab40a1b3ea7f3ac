ALTER TABLE "queue" ADD COLUMN "closed_by" jsonb DEFAULT '{}'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "queue" ADD COLUMN "position" jsonb;--> statement-breakpoint
ALTER TABLE "queue" ADD COLUMN "position_every_seconds" integer DEFAULT 60 NOT NULL;--> statement-breakpoint
ALTER TABLE "queue" ADD COLUMN "position_most" integer DEFAULT 10 NOT NULL;