CREATE TABLE "sound" (
	"id" text PRIMARY KEY NOT NULL,
	"organization_id" text NOT NULL,
	"name" text NOT NULL,
	"kind" text NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"removed_at" timestamp (3) with time zone
);
--> statement-breakpoint
ALTER TABLE "sound" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "sound_file" (
	"organization_id" text NOT NULL,
	"sound_id" text NOT NULL,
	"language" text NOT NULL,
	"ms" integer NOT NULL,
	"content" "bytea" NOT NULL,
	CONSTRAINT "sound_file_sound_id_language_pk" PRIMARY KEY("sound_id","language")
);
--> statement-breakpoint
ALTER TABLE "sound_file" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "queue" ADD COLUMN "music" text;--> statement-breakpoint
ALTER TABLE "sound" ADD CONSTRAINT "sound_organization_id_organization_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organization"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sound_file" ADD CONSTRAINT "sound_file_organization_id_organization_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organization"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sound_file" ADD CONSTRAINT "sound_file_sound_id_sound_id_fk" FOREIGN KEY ("sound_id") REFERENCES "public"."sound"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "sound_organization_name_key" ON "sound" USING btree ("organization_id","name") WHERE removed_at is null;--> statement-breakpoint
CREATE POLICY "own_organization" ON "sound" AS PERMISSIVE FOR ALL TO "vaxel_web" USING (organization_id = current_setting('vaxel.organization', true)) WITH CHECK (organization_id = current_setting('vaxel.organization', true));--> statement-breakpoint
CREATE POLICY "own_organization" ON "sound_file" AS PERMISSIVE FOR ALL TO "vaxel_web" USING (organization_id = current_setting('vaxel.organization', true)) WITH CHECK (organization_id = current_setting('vaxel.organization', true));--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE, DELETE ON "sound" TO vaxel_web;--> statement-breakpoint
GRANT SELECT, INSERT, DELETE ON "sound_file" TO vaxel_web;
