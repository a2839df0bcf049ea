#!/usr/bin/env bash
# definitions.sh [FOLDER]: writes the definitions of the operators' resources that the manifests use, from package registries, into FOLDER (by default
# where platform/manifests/admission.cluster.test.ts looks for them). Needs Go, and Java 21 or newer with Maven for Strimzi's; JAVA_HOME may name it.
set -euo pipefail
out=${1:-${LEARNFLOW_ENGINE_CACHE:-$HOME/.cache/learnflow/engines}/definitions}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$out"

from_module() { # MODULE FOLDER
  local folder
  folder=$(go mod download -json "$1" | sed -n 's/^\t"Dir": "\(.*\)",\?$/\1/p')
  for file in "$folder/$2"/*.yaml; do
    case $file in *kustomization*) ;; *) cp --no-preserve=mode "$file" "$out/" ;; esac
  done
  echo "$1"
}
from_module github.com/cloudnative-pg/cloudnative-pg@v1.30.0 config/crd/bases
from_module github.com/dapr/dapr@v1.18.3 charts/dapr/crds
from_module github.com/kedacore/keda/v2@v2.21.0 config/crd/bases
from_module github.com/kong/kubernetes-configuration@v1.0.0 config/crd/ingress-controller
from_module sigs.k8s.io/gateway-api@v1.4.1 config/crd/standard

java=${JAVA_HOME:+$JAVA_HOME/bin/}java
major=$("$java" -version 2>&1 | sed -n 's/.* version "\([0-9]*\).*/\1/p') || true
if ((${major:-0} < 21)); then
  echo "Strimzi's are left out: Java ${major:-is not there}, 21 is needed" >&2
  exit 1
fi
cat >"$work/pom.xml" <<'POM'
<project><modelVersion>4.0.0</modelVersion><groupId>learnflow</groupId><artifactId>definitions</artifactId><version>1</version><dependencies>
<dependency><groupId>io.strimzi</groupId><artifactId>api</artifactId><version>1.2.0</version></dependency>
<dependency><groupId>io.strimzi</groupId><artifactId>crd-generator</artifactId><version>1.2.0</version></dependency>
</dependencies></project>
POM
(cd "$work" && mvn -B -q org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies -DoutputDirectory=libs -DincludeScope=runtime)
model=io.strimzi.api.kafka.model
for class in kafka.Kafka topic.KafkaTopic nodepool.KafkaNodePool; do
  "$java" -cp "$work/libs/*" io.strimzi.crdgenerator.CrdGenerator --label app:strimzi --target-kube 1.16+ --crd-api-version v1 --api-versions v1 \
    --storage-version v1 --yaml "$model.$class=$out/strimzi-${class##*.}.yaml"
done
echo io.strimzi:api:1.2.0
