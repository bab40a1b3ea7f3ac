CREATE TABLE "refused_fact" (
	"cell" integer NOT NULL,
	"epoch" bigint NOT NULL,
	"n" bigint NOT NULL,
	"organization_id" text NOT NULL,
	"type" text NOT NULL,
	"reason" text NOT NULL,
	"fact" "bytea" NOT NULL,
	"at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "refused_fact_cell_epoch_n_pk" PRIMARY KEY("cell","epoch","n")
);
--> statement-breakpoint
ALTER TABLE "refused_fact" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "history_cursor" ADD COLUMN "refused" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
CREATE POLICY "own_organization" ON "refused_fact" AS PERMISSIVE FOR ALL TO "vaxel_web" USING (organization_id = current_setting('vaxel.organization', true)) WITH CHECK (organization_id = current_setting('vaxel.organization', true));