# The workers of Koubou. The Temporal server is a service of its own (docker-compose.yml) and is not in here.

FROM node:24-bookworm-slim AS build
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts --no-fund --no-audit
COPY . .
# The same files as in the published package.
RUN npm pack --pack-destination /tmp && mkdir /koubou && tar -xzf /tmp/koubou-*.tgz -C /koubou --strip-components=1

FROM node:24-bookworm-slim AS dependencies
WORKDIR /koubou
COPY package.json package-lock.json .npmrc ./
# The image has its own Node 24, so the one from npm is taken out again (190 MB).
RUN npm ci --omit=dev --ignore-scripts --no-fund --no-audit && rm -rf node_modules/node-linux-*

FROM node:24-bookworm-slim
RUN apt-get update \
  && apt-get install -y --no-install-recommends ca-certificates git tini \
  && rm -rf /var/lib/apt/lists/*
COPY --from=dependencies /koubou/node_modules /opt/koubou/node_modules
COPY --from=build /koubou /opt/koubou
RUN ln -s /opt/koubou/bin/koubou.js /usr/local/bin/koubou
ENV NODE_ENV=production
USER node
WORKDIR /home/node
ENTRYPOINT ["tini", "--", "koubou"]
CMD ["worker"]
