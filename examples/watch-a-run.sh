#!/bin/sh
# Starts a review with the plain temporal command, watches it, and fetches its result. Needs a running service:
#   koubou up --detach --root .
#   eval "$(koubou status --export)"   # or: export TEMPORAL_ADDRESS=host:port, as `koubou up` prints it
set -eu

temporal=${TEMPORAL:-temporal}
request=${1:-examples/requests/review.json}
id=${2:-example-$$}

"$temporal" workflow start --type review --task-queue koubou --workflow-id "$id" --input-file "$request" --output json

while :; do
  progress=$("$temporal" workflow query --workflow-id "$id" --name progress --output json 2>/dev/null || true)
  printf '%s\n' "$progress" | tr -d ' \n' | sed -n 's/.*"phase":"\([^"]*\)".*/phase \1/p' >&2
  "$temporal" workflow describe --workflow-id "$id" --output json | grep -q '"status": *"WORKFLOW_EXECUTION_STATUS_RUNNING"' || break
  sleep 1
done

"$temporal" workflow result --workflow-id "$id" --output json
