# web, worker and jobs: one image, three commands (docker-compose.yml).
# As in pbx/Dockerfile: web lets announcements be heard.
FROM debian:sid-slim AS sounds
RUN apt-get update && apt-get install -y --no-install-recommends espeak-ng jq sox && rm -rf /var/lib/apt/lists/*
COPY pbx/sounds /sounds
RUN /sounds/make.sh /announcements

FROM node:26-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --include=dev --include=optional --ignore-scripts --no-audit --no-fund
COPY svelte.config.js vite.config.ts tsconfig.json ./
COPY src src
COPY static static
RUN npm run build && npm prune --omit=dev --omit=optional --ignore-scripts --no-audit --no-fund

FROM node:26-bookworm-slim
WORKDIR /app
ENV NODE_ENV=production NODE_OPTIONS="--disable-warning=ExperimentalWarning --enable-source-maps"
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/build build
COPY package.json ./
COPY src src
COPY drizzle drizzle
COPY --from=sounds /announcements /usr/share/vaxel/announcements
# The worker's volumes take their owner from here; Asterisk reads the second.
RUN install -d -o node -g node -m 700 /var/lib/vaxel && install -d -o node -g node -m 755 /var/lib/vaxel-sounds
USER node
EXPOSE 3000
CMD ["node", "src/web/index.ts"]
