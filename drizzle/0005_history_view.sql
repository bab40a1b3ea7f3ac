CREATE INDEX "fact_chunk_position_idx" ON "fact_chunk" USING btree ("organization_id","cell","first_epoch","first_n");--> statement-breakpoint
CREATE INDEX "fact_chunk_checkpoint_idx" ON "fact_chunk" USING btree ("organization_id","cell","first_epoch","first_n") WHERE checkpoint is not null;--> statement-breakpoint
GRANT SELECT ON "history_cursor" TO vaxel_web;
