#!/usr/bin/env bash
# Takes the README's pictures of the operators' pages: bash docs/images/take.sh. Needs Chromium.
# The pages are those of the service in a test's process, with the customers of the browser tests: nothing in them is real.
set -euo pipefail
cd "$(dirname "$0")/../.."
pictures=$(mktemp -d)
trap 'rm -rf "$pictures"' EXIT
KAPSO_BROWSER_TESTS=required KAPSO_PICTURES=$pictures dotnet test Kapso.Tests --filter FullyQualifiedName~Pictures
cp "$pictures/overview-light-1280.png" docs/images/operators-overview.png
cp "$pictures/customer-id-cust-held-dark-1280.png" docs/images/operators-customer.png
for picture in docs/images/operators-*.png; do
  [ "$(stat -c %s "$picture")" -le 307200 ] || { echo "$picture is larger than 300 KiB." >&2; exit 1; }
done
