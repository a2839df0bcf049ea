#!/usr/bin/env bash
# A control plane of ordinary processes for tests, on loopback, without root. All it makes lies in one folder.
#   cluster.sh up FOLDER PORT     etcd, API server, controller manager, scheduler, and two nodes that kwok plays; prints the kubeconfig.
#                                 Takes the five ports after PORT too. Pods on the played nodes run nothing.
#   cluster.sh down FOLDER        ends and removes everything
# The programs are those of build.sh, in ${LEARNFLOW_ENGINE_CACHE:-~/.cache/learnflow/engines}/bin.
set -euo pipefail
verb=${1:-} folder=$(realpath -m "${2:?a folder}") port=${3:-0}
bin=${LEARNFLOW_ENGINE_CACHE:-$HOME/.cache/learnflow/engines}/bin
pki=$folder/pki
services=10.96.0.0/16
export KUBECONFIG=$pki/admin.kubeconfig

# Every command line names the folder, by which the process is known again.
alive() { [[ -f $folder/$1.pid ]] && tr '\0' ' ' <"/proc/$(<"$folder/$1.pid")/cmdline" 2>/dev/null | grep -qF "$folder/"; }
start() { # NAME COMMAND...
  local name=$1
  shift
  env -u HTTP_PROXY -u HTTPS_PROXY -u http_proxy -u https_proxy setsid "$@" >"$folder/$name.log" 2>&1 </dev/null &
  echo $! >"$folder/$name.pid"
}
wait_for() { # NAME SECONDS COMMAND...: until the command succeeds; fails at once when the process has ended
  local name=$1 end=$((SECONDS + $2))
  shift 2
  until "$@" >/dev/null 2>&1; do
    if ! kill -0 "$(<"$folder/$name.pid")" 2>/dev/null || ((SECONDS > end)); then
      tail -n 15 "$folder/$name.log" >&2
      echo "$name did not come up" >&2
      exit 1
    fi
    sleep 0.2
  done
}
certificate() { # NAME SUBJECT [SUBJECT_ALT_NAMES]
  openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$pki/$1.key" -subj "$2" 2>/dev/null |
    openssl x509 -req -CA "$pki/ca.crt" -CAkey "$pki/ca.key" -CAcreateserial -days 2 -out "$pki/$1.crt" 2>/dev/null -extfile <(
      printf 'keyUsage=digitalSignature\nextendedKeyUsage=serverAuth,clientAuth\n%s\n' "${3:+subjectAltName=$3}")
}
client() { # NAME SUBJECT: a certificate and the kubeconfig that uses it
  certificate "$1" "$2"
  cat >"$pki/$1.kubeconfig" <<Y
apiVersion: v1
kind: Config
clusters: [{name: test, cluster: {server: "https://127.0.0.1:$port", certificate-authority: "$pki/ca.crt"}}]
users: [{name: $1, user: {client-certificate: "$pki/$1.crt", client-key: "$pki/$1.key"}}]
contexts: [{name: test, context: {cluster: test, user: $1}}]
current-context: test
Y
}
make_pki() {
  mkdir -m 700 "$pki"
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$pki/ca.key" -out "$pki/ca.crt" -days 2 -subj /CN=test-ca \
    -addext keyUsage=critical,keyCertSign,cRLSign 2>/dev/null
  openssl genrsa -out "$pki/sa.key" 2048 2>/dev/null
  openssl rsa -in "$pki/sa.key" -pubout -out "$pki/sa.pub" 2>/dev/null
  certificate apiserver /CN=kube-apiserver "DNS:localhost,DNS:kubernetes.default.svc,IP:127.0.0.1,IP:10.96.0.1"
  client admin /O=system:masters/CN=admin
  client kwok /O=system:masters/CN=kwok
  client controller-manager /CN=system:kube-controller-manager
  client scheduler /CN=system:kube-scheduler
  client nobody /CN=nobody
}
node() { # NAME
  cat <<Y
---
apiVersion: v1
kind: Node
metadata:
  name: $1
  annotations: {kwok.x-k8s.io/node: fake, node.alpha.kubernetes.io/ttl: "0"}
  labels: {type: kwok, kubernetes.io/arch: amd64, kubernetes.io/os: linux, kubernetes.io/hostname: $1, topology.kubernetes.io/zone: zone-$1}
status:
  allocatable: {cpu: "32", memory: 256Gi, pods: "110", ephemeral-storage: 256Gi}
  capacity: {cpu: "32", memory: 256Gi, pods: "110", ephemeral-storage: 256Gi}
Y
}
up() {
  local etcd=http://127.0.0.1:$((port + 1))
  mkdir -m 700 "$folder"
  make_pki
  start etcd "$bin/etcd" --data-dir "$folder/etcd" --unsafe-no-fsync --log-level warn --listen-client-urls "$etcd" --advertise-client-urls "$etcd" \
    --listen-peer-urls "http://127.0.0.1:$((port + 2))" --initial-advertise-peer-urls "http://127.0.0.1:$((port + 2))" \
    --initial-cluster "default=http://127.0.0.1:$((port + 2))"
  start kube-apiserver "$bin/kube-apiserver" --etcd-servers="$etcd" --secure-port="$port" --bind-address=127.0.0.1 \
    --tls-cert-file="$pki/apiserver.crt" --tls-private-key-file="$pki/apiserver.key" --client-ca-file="$pki/ca.crt" \
    --service-account-key-file="$pki/sa.pub" --service-account-signing-key-file="$pki/sa.key" \
    --service-account-issuer=https://kubernetes.default.svc --service-cluster-ip-range=$services --authorization-mode=Node,RBAC \
    --enable-admission-plugins=NodeRestriction --allow-privileged=true --advertise-address=10.255.255.254 --endpoint-reconciler-type=none
  wait_for kube-apiserver 180 "$bin/kubectl" get --raw /readyz
  start kube-controller-manager "$bin/kube-controller-manager" --kubeconfig="$pki/controller-manager.kubeconfig" \
    --service-account-private-key-file="$pki/sa.key" --root-ca-file="$pki/ca.crt" --use-service-account-credentials --leader-elect=false \
    --bind-address=127.0.0.1 --secure-port=$((port + 3))
  start kube-scheduler "$bin/kube-scheduler" --kubeconfig="$pki/scheduler.kubeconfig" --leader-elect=false \
    --bind-address=127.0.0.1 --secure-port=$((port + 4))
  wait_for kube-controller-manager 120 "$bin/kubectl" -n default get serviceaccount default
  start kwok "$bin/kwok" --kubeconfig="$pki/kwok.kubeconfig" --manage-all-nodes=false \
    --manage-nodes-with-annotation-selector=kwok.x-k8s.io/node=fake --node-lease-duration-seconds=40 --cidr=10.245.0.1/16 --node-ip=127.0.0.1 \
    --server-address="127.0.0.1:$((port + 5))"
  { node fake-1; node fake-2; } >"$folder/nodes.yaml"
  "$bin/kubectl" apply --server-side -f "$folder/nodes.yaml" >/dev/null
  "$bin/kubectl" wait --for=condition=Ready node/fake-1 node/fake-2 --timeout=120s >/dev/null
  echo "$KUBECONFIG"
}
down() {
  [[ -d $pki && -O $folder ]] || { echo "$folder is no cluster of yours" >&2; exit 1; }
  local name
  for name in kwok kube-scheduler kube-controller-manager kube-apiserver etcd; do
    if alive "$name"; then kill -KILL "$(<"$folder/$name.pid")"; fi
    for _ in {1..100}; do alive "$name" || break; sleep 0.05; done
  done
  rm -rf --one-file-system "$folder"
}

case $verb in
  up) up ;;
  down) down ;;
  *) sed -n '2,6s/^# \?//p' "${BASH_SOURCE[0]}" >&2; exit 2 ;;
esac
