ALTER TABLE "temporary_schedule" ADD COLUMN "phone_number" integer;--> statement-breakpoint
ALTER TABLE "temporary_schedule" ADD COLUMN "phone_agents" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "temporary_schedule" ADD CONSTRAINT "temporary_schedule_organization_phone_key" UNIQUE("organization_id","phone_number");