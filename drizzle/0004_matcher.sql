CREATE TABLE "agent_skill" (
	"organization_id" text NOT NULL,
	"user_id" text NOT NULL,
	"skill_id" text NOT NULL,
	"level" integer NOT NULL,
	CONSTRAINT "agent_skill_user_id_skill_id_pk" PRIMARY KEY("user_id","skill_id")
);
--> statement-breakpoint
ALTER TABLE "agent_skill" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "skill" (
	"id" text PRIMARY KEY NOT NULL,
	"organization_id" text NOT NULL,
	"name" text NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "skill_organization_name_key" UNIQUE("organization_id","name")
);
--> statement-breakpoint
ALTER TABLE "skill" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "member" ADD COLUMN "wrap_up_seconds" integer;--> statement-breakpoint
ALTER TABLE "number" ADD COLUMN "needs" jsonb DEFAULT '[]'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "number" ADD COLUMN "credit_seconds" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "number" ADD COLUMN "strict" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "queue" ADD COLUMN "parallel_agents" integer DEFAULT 3 NOT NULL;--> statement-breakpoint
ALTER TABLE "queue" ADD COLUMN "needs" jsonb DEFAULT '[]'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "queue" ADD COLUMN "best_skill_first" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "queue" ADD COLUMN "credit_seconds" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "queue" ADD COLUMN "strict" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "queue" ADD COLUMN "keep_place_seconds" integer DEFAULT 300 NOT NULL;--> statement-breakpoint
ALTER TABLE "agent_skill" ADD CONSTRAINT "agent_skill_organization_id_organization_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organization"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "agent_skill" ADD CONSTRAINT "agent_skill_user_id_user_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."user"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "agent_skill" ADD CONSTRAINT "agent_skill_skill_id_skill_id_fk" FOREIGN KEY ("skill_id") REFERENCES "public"."skill"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "skill" ADD CONSTRAINT "skill_organization_id_organization_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organization"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "agent_skill_skill_idx" ON "agent_skill" USING btree ("skill_id");--> statement-breakpoint
CREATE POLICY "own_organization" ON "agent_skill" AS PERMISSIVE FOR ALL TO "vaxel_web" USING (organization_id = current_setting('vaxel.organization', true)) WITH CHECK (organization_id = current_setting('vaxel.organization', true));--> statement-breakpoint
CREATE POLICY "own_organization" ON "skill" AS PERMISSIVE FOR ALL TO "vaxel_web" USING (organization_id = current_setting('vaxel.organization', true)) WITH CHECK (organization_id = current_setting('vaxel.organization', true));--> statement-breakpoint
-- The app's role: rows of its own organization, by the policies above.
GRANT SELECT, INSERT, UPDATE, DELETE ON "skill", "agent_skill" TO vaxel_web;
