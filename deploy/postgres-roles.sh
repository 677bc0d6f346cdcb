#!/bin/sh
# Runs once, when the database folder is new: one role for Temporal, which makes its own databases, and one for Koubou's store.
set -eu

psql --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres \
  --set temporal_password="$TEMPORAL_DB_PASSWORD" --set koubou_password="$KOUBOU_DB_PASSWORD" <<'SQL'
create role temporal login createdb password :'temporal_password';
create role koubou login password :'koubou_password';
create database koubou owner koubou;
SQL
