#!/usr/bin/env bash
# build.sh [FOLDER]: builds Kubernetes and etcd as one program (hyper, linked to the name of each of its commands) and kwok, which plays nodes,
# from Go's module registry into FOLDER (by default where learnflow looks for engines). Needs Go, whose version go.mod names. The first build
# takes 5 to 15 minutes; without a change of this folder the next is none.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
export CGO_ENABLED=0 GOFLAGS='-mod=readonly -trimpath -buildvcs=false' GOWORK=off
out=${1:-${LEARNFLOW_ENGINE_CACHE:-$HOME/.cache/learnflow/engines}/bin}
command -v go >/dev/null || { echo "go is not installed" >&2; exit 2; }
mkdir -p "$out"
out=$(realpath "$out")
exec 9>"$out/.kubernetes.lock"
flock 9

recipe=$(find . -type f ! -name cluster.sh -print0 | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum)
build() { # NAME PACKAGE [OPTION...]
  if [ -x "$out/$1" ] && [ "$(cat "$out/.$1.recipe" 2>/dev/null)" = "$recipe" ]; then
    echo "$1: unchanged"
    return
  fi
  local start=$SECONDS
  go build "${@:3}" -o "$out/.$1.new" "$2"
  mv "$out/.$1.new" "$out/$1"
  echo "$recipe" >"$out/.$1.recipe"
  echo "$1: built in $((SECONDS - start)) s"
}

version=$(go list -m -f '{{.Version}}' k8s.io/kubernetes)
IFS=. read -r major minor _ <<<"${version#v}"
info=k8s.io/component-base/version
build hyper ./hyper -ldflags \
  "-s -w -X $info.gitVersion=$version -X $info.gitMajor=$major -X $info.gitMinor=$minor -X $info.gitTreeState=clean"
build kwok sigs.k8s.io/kwok/cmd/kwok -ldflags '-s -w'
for name in kube-apiserver kube-controller-manager kube-scheduler kubectl etcd; do ln -sf hyper "$out/$name"; done
