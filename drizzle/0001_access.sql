-- What the web role may do at all; which rows, row-level security decides. Nothing here for jobs and worker: they are the owner.
GRANT USAGE ON SCHEMA public TO vaxel_web;--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE, DELETE ON "session", "device", "queue", "member", "number", "schedule", "schedule_rule" TO vaxel_web;--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE ON "user" TO vaxel_web;--> statement-breakpoint
GRANT SELECT, UPDATE ON "organization" TO vaxel_web;--> statement-breakpoint
-- The audit is written and read, never changed: only the worker sets applied_at.
GRANT SELECT, INSERT ON "configuration_version" TO vaxel_web;--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE ON "operation_key" TO vaxel_web;--> statement-breakpoint
GRANT SELECT ON "agent_intent", "caller", "call", "visit", "offer", "fact_chunk" TO vaxel_web;--> statement-breakpoint
-- Before somebody is known there is no organization to set, so these two look through row-level security, each by one
-- exact key that only the rightful holder has.
CREATE FUNCTION vaxel_find_session(hash text)
RETURNS TABLE (user_id text, organization_id text, role text, name text, email text, language text, expires_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT u.id, u.organization_id, u.role, u.name, u.email, u.language, s.expires_at
  FROM public.session s JOIN public."user" u ON u.id = s.user_id
  WHERE s.token_hash = hash AND u.active
$$;--> statement-breakpoint
CREATE FUNCTION vaxel_find_sign_in(address text)
RETURNS TABLE (user_id text, organization_id text, password_hash text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT u.id, u.organization_id, u.password_hash
  FROM public."user" u WHERE u.email = lower(address) AND u.active
$$;--> statement-breakpoint
REVOKE ALL ON FUNCTION vaxel_find_session(text), vaxel_find_sign_in(text) FROM PUBLIC;--> statement-breakpoint
GRANT EXECUTE ON FUNCTION vaxel_find_session(text), vaxel_find_sign_in(text) TO vaxel_web;
