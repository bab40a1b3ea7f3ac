CREATE TABLE "forward" (
	"id" text PRIMARY KEY NOT NULL,
	"organization_id" text NOT NULL,
	"call_id" text NOT NULL,
	"visit_id" text,
	"queue_id" text NOT NULL,
	"number" text NOT NULL,
	"why" text NOT NULL,
	"showing" text,
	"started_at" timestamp (3) with time zone NOT NULL,
	"connected_at" timestamp (3) with time zone,
	"ended_at" timestamp (3) with time zone,
	"outcome" text,
	"code" integer,
	"talked_ms" integer,
	"ore" integer DEFAULT 0 NOT NULL,
	"stopped_by" text
);
--> statement-breakpoint
ALTER TABLE "forward" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE INDEX "forward_time_idx" ON "forward" USING btree ("organization_id","started_at");--> statement-breakpoint
CREATE POLICY "own_organization" ON "forward" AS PERMISSIVE FOR ALL TO "vaxel_web" USING (organization_id = current_setting('vaxel.organization', true)) WITH CHECK (organization_id = current_setting('vaxel.organization', true));--> statement-breakpoint
GRANT SELECT ON "forward" TO vaxel_web;
