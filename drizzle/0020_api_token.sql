CREATE TABLE "api_token" (
	"id" text PRIMARY KEY NOT NULL,
	"organization_id" text NOT NULL,
	"name" text NOT NULL,
	"role" text NOT NULL,
	"token_hash" text NOT NULL,
	"made_by" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"last_used_at" timestamp (3) with time zone
);
--> statement-breakpoint
ALTER TABLE "api_token" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "api_token" ADD CONSTRAINT "api_token_organization_id_organization_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organization"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "api_token_hash_key" ON "api_token" USING btree ("token_hash");--> statement-breakpoint
CREATE INDEX "api_token_organization_idx" ON "api_token" USING btree ("organization_id","name");--> statement-breakpoint
CREATE POLICY "own_organization" ON "api_token" AS PERMISSIVE FOR ALL TO "vaxel_web" USING (organization_id = current_setting('vaxel.organization', true)) WITH CHECK (organization_id = current_setting('vaxel.organization', true));--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE, DELETE ON "api_token" TO vaxel_web;--> statement-breakpoint
-- As vaxel_find_session: by the one key that only the rightful holder has, before any organization is known.
CREATE FUNCTION vaxel_find_api_token(hash text)
RETURNS TABLE (id text, organization_id text, name text, role text, language text, expires_at timestamptz, last_used_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT t.id, t.organization_id, t.name, t.role, o.language, t.expires_at, t.last_used_at
  FROM public.api_token t JOIN public.organization o ON o.id = t.organization_id
  WHERE t.token_hash = hash
$$;--> statement-breakpoint
REVOKE ALL ON FUNCTION vaxel_find_api_token(text) FROM PUBLIC;--> statement-breakpoint
GRANT EXECUTE ON FUNCTION vaxel_find_api_token(text) TO vaxel_web;
