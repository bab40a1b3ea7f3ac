CREATE TABLE "temporary_schedule" (
	"id" text PRIMARY KEY NOT NULL,
	"organization_id" text NOT NULL,
	"name" text NOT NULL,
	"effect" text NOT NULL,
	"waiting" text NOT NULL,
	"minutes" integer NOT NULL,
	"target" jsonb NOT NULL,
	"on" jsonb,
	"version" integer DEFAULT 1 NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "temporary_schedule_organization_name_key" UNIQUE("organization_id","name")
);
--> statement-breakpoint
ALTER TABLE "temporary_schedule" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "queue" ADD COLUMN "tags" text[] DEFAULT '{}' NOT NULL;--> statement-breakpoint
ALTER TABLE "temporary_schedule" ADD CONSTRAINT "temporary_schedule_organization_id_organization_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organization"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE POLICY "own_organization" ON "temporary_schedule" AS PERMISSIVE FOR ALL TO "vaxel_web" USING (organization_id = current_setting('vaxel.organization', true)) WITH CHECK (organization_id = current_setting('vaxel.organization', true));--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE, DELETE ON "temporary_schedule" TO vaxel_web;
