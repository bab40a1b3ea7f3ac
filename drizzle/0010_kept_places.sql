CREATE TABLE "kept_place" (
	"organization_id" text NOT NULL,
	"cell" integer NOT NULL,
	"queue_id" text NOT NULL,
	"caller_token" text NOT NULL,
	"rank_at" timestamp (3) with time zone NOT NULL,
	"strict" boolean NOT NULL,
	"waited_ms" bigint NOT NULL,
	"until" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "kept_place_organization_id_caller_token_queue_id_pk" PRIMARY KEY("organization_id","caller_token","queue_id")
);
--> statement-breakpoint
ALTER TABLE "kept_place" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE INDEX "kept_place_until_idx" ON "kept_place" USING btree ("cell","until");--> statement-breakpoint
CREATE POLICY "own_organization" ON "kept_place" AS PERMISSIVE FOR ALL TO "vaxel_web" USING (organization_id = current_setting('vaxel.organization', true)) WITH CHECK (organization_id = current_setting('vaxel.organization', true));