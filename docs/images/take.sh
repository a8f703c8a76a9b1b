#!/usr/bin/env bash
# Takes the README's pictures of the service: bash docs/images/take.sh. Needs Chromium, curl and redis-server.
# Those of the pages are of the running demonstration (dotnet run --project Kapso.Embedded, with its simulated platform), in a
# folder of its own and on a free port; those of the dashboard of the application (dotnet run --project Kapso.AppHost), on the
# ports of its launch profile. Nothing in them is real.
set -euo pipefail
cd "$(dirname "$0")/../.."
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1

work=$(mktemp -d)
service=
finish() {
  if [ -n "$service" ]; then
    kill "$service" 2>/dev/null && wait "$service" || true
  fi
  rm -rf "$work"
}
trap finish EXIT

dotnet build Kapso.Embedded -v q
dotnet build Kapso.Tests -v q
dotnet build Kapso.Silo.Tests -v q
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])' 2>/dev/null || echo 5980)
address=http://127.0.0.1:$port

# A seed, so that the same customers get the same numbers; welcomes by template, so that one without a phone needs a person.
env ASPNETCORE_ENVIRONMENT=Development ASPNETCORE_URLS="$address" Simulator__Seed=1 \
  Kapso__Store__Path="$work/data/kapso.db" Kapso__Platform__RequestsPerMinute=2000 \
  Kapso__Welcome__Flow=template Kapso__Welcome__Template__Name=welcome Kapso__Welcome__Template__Language=en \
  Kapso__Welcome__Template__SenderPhoneNumberId=connected \
  dotnet run --no-build --no-launch-profile --project Kapso.Embedded >"$work/log" 2>&1 &
service=$!
for _ in $(seq 120); do
  curl -fsS "$address/health" >/dev/null 2>&1 && break
  kill -0 "$service" 2>/dev/null || { cat "$work/log" >&2; exit 1; }
  sleep 0.5
done

mkdir "$work/pictures"
KAPSO_BROWSER_TESTS=required KAPSO_PICTURES=$work/pictures KAPSO_PICTURES_FROM=$address \
  KAPSO_PICTURES_SECRETS=$work/data/demonstration.json \
  dotnet test Kapso.Tests --settings whole.runsettings --no-build --filter FullyQualifiedName~DemonstrationPictures
KAPSO_BROWSER_TESTS=required KAPSO_PICTURES=$work/pictures \
  dotnet test Kapso.Silo.Tests --no-build --filter FullyQualifiedName~DashboardPictures
for picture in success-waiting success-connected failure operators-overview operators-customer \
    dashboard-resources dashboard-trace dashboard-logs; do
  [ "$(stat -c %s "$work/pictures/$picture.png")" -le 307200 ] || { echo "$picture.png is larger than 300 KiB." >&2; exit 1; }
  cp "$work/pictures/$picture.png" docs/images/
done
