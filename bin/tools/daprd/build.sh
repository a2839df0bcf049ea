#!/usr/bin/env bash
# build.sh [FOLDER]: builds the Dapr sidecar from Go's module registry into FOLDER (by default where learnflow looks for engines).
# Needs Go, whose version go.mod names, and Python 3. The first build takes 3 to 15 minutes; without a change of this folder the next is none.
#
# It is Dapr's own code but for two things: it has the components that components.go lists, not all, and no workflow engine
# (`daprd --version` says no-workflow). The daprd of `dapr init --slim` does as well.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
export CGO_ENABLED=0 GOFLAGS='-mod=readonly -trimpath -buildvcs=false' GOWORK=off
out=${1:-${LEARNFLOW_ENGINE_CACHE:-$HOME/.cache/learnflow/engines}/bin}
for tool in go python3; do
  command -v "$tool" >/dev/null || { echo "$tool is not installed" >&2; exit 2; }
done
mkdir -p "$out"
out=$(realpath "$out")
exec 9>"$out/.lock"
flock 9

recipe=$(find . -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum)
if [ -x "$out/daprd" ] && [ "$(cat "$out/.daprd.recipe" 2>/dev/null)" = "$recipe" ]; then
  echo "daprd: unchanged"
  exit 0
fi

# A copy, because two files are written into it.
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp -r . "$work"
cd "$work"
mkdir -p stub/api/protos
(cd stub && python3 messages.py)
# Dapr's own main without the import that registers every component there is.
source=$(go list -f '{{.Dir}}' github.com/dapr/dapr/cmd/daprd/app)/app.go
sed -e 's/^package app$/package main/' -e 's/^func Run() {$/func main() {/' -e '/cmd\/daprd\/components"$/d' "$source" >main.go
grep -q '^func main() {$' main.go || { echo "Dapr's app.go is another: adapt the lines above" >&2; exit 1; }

version=$(go list -m -f '{{.Version}}' github.com/dapr/dapr)
info=github.com/dapr/dapr/pkg/buildinfo
name=${version#v}+no-workflow
go build -o "$out/.daprd.new" -ldflags \
  "-s -w -X $info.version=$name -X $info.gitversion=$version -X $info.gitcommit=module-$version -X github.com/dapr/kit/logger.DaprVersion=$name" .
mv "$out/.daprd.new" "$out/daprd"
echo "$recipe" >"$out/.daprd.recipe"
echo "daprd: $("$out/daprd" --version) built in $SECONDS s"
