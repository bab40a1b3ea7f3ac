ALTER TABLE "organization" ALTER COLUMN "outgoing" SET DEFAULT '{"allowed":["+46"],"barred":["+46900","+46939","+46944","+4699"],"callsPerMinute":30,"prices":[{"prefix":"+467","orePerMinute":60},{"prefix":"+46","orePerMinute":20}],"dayMostOre":100000,"talkMostMinutes":240}'::jsonb;--> statement-breakpoint
UPDATE "organization" SET "outgoing" = '{"talkMostMinutes":240}'::jsonb || "outgoing";
