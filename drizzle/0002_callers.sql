DROP INDEX "caller_number_key";--> statement-breakpoint
CREATE INDEX "caller_number_idx" ON "caller" USING btree ("organization_id","number");