# The server with both built front ends. The workspace tree is copied as it is: Node runs the TypeScript sources
# themselves, but only outside node_modules, so the rooms cannot be packed into it.
FROM node:24-slim AS tools
ENV CI=true
RUN npm install --global pnpm@12.21.0
WORKDIR /srv/guidebar
COPY . .

FROM tools AS front-ends
RUN pnpm install --frozen-lockfile --filter @guidebar/sidebar... --filter @guidebar/admin...
ENV NODE_ENV=production
RUN pnpm --filter @guidebar/sidebar --filter @guidebar/admin exec vite build

# Without optional packages there is no embedded database in the image: production has its own MongoDB.
# --filter-prod leaves out the rooms that only the server's tests use.
FROM tools AS server
RUN pnpm install --prod --no-optional --frozen-lockfile --filter-prod @guidebar/server...

FROM node:24-slim
ENV NODE_ENV=production
WORKDIR /srv/guidebar
COPY --from=server /srv/guidebar ./
COPY --from=front-ends /srv/guidebar/apps/sidebar/dist ./apps/sidebar/dist
COPY --from=front-ends /srv/guidebar/apps/admin/dist ./apps/admin/dist
USER node
EXPOSE 4600
CMD ["node", "apps/server/src/main.ts"]
