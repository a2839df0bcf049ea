const words = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/))

/** The fields of Kubernetes 1.34 in which a slip of the pen would leave out what was meant. */
export const podFields =
  words(`activeDeadlineSeconds affinity automountServiceAccountToken containers dnsConfig dnsPolicy
  enableServiceLinks ephemeralContainers hostAliases hostIPC hostNetwork hostPID hostUsers hostname imagePullSecrets
  initContainers nodeName nodeSelector os overhead preemptionPolicy priority priorityClassName readinessGates
  resourceClaims resources restartPolicy runtimeClassName schedulerName schedulingGates securityContext
  serviceAccountName setHostnameAsFQDN shareProcessNamespace subdomain terminationGracePeriodSeconds tolerations
  topologySpreadConstraints volumes`)
export const containerFields = words(`args command env envFrom image imagePullPolicy lifecycle livenessProbe name ports
  readinessProbe resizePolicy resources restartPolicy securityContext startupProbe stdin stdinOnce
  terminationMessagePath terminationMessagePolicy tty volumeDevices volumeMounts workingDir`)
export const probeFields = words(`exec failureThreshold grpc httpGet initialDelaySeconds periodSeconds successThreshold
  tcpSocket terminationGracePeriodSeconds timeoutSeconds`)
export const volumeFields = words(`configMap csi downwardAPI emptyDir ephemeral hostPath image name nfs
  persistentVolumeClaim projected secret`)

/** https://docs.dapr.io/reference/arguments-annotations-overview/, version 1.18. */
export const daprAnnotations = words(`api-token-secret app-channel-address app-health-check-path
  app-health-probe-interval app-health-probe-timeout app-health-threshold app-id app-max-concurrency app-port
  app-protocol app-token-secret block-shutdown-duration config disable-builtin-k8s-secret-store enable-api-logging
  enable-app-health-check enable-debug enable-metrics enable-native-sidecar enable-profiling enabled env
  env-from-secret graceful-shutdown-seconds grpc-port http-read-buffer-size internal-grpc-port log-as-json log-level
  max-body-size metrics-port read-buffer-size sidecar-cpu-limit sidecar-cpu-request sidecar-image
  sidecar-listen-addresses sidecar-memory-limit sidecar-memory-request sidecar-seccomp-profile-type volume-mounts
  volume-mounts-rw`)

/** The settings of the components that are used (components-contrib 1.18). */
export const daprMetadata: Readonly<Record<string, ReadonlySet<string>>> = {
  'pubsub.kafka': words(`brokers authType saslUsername saslPassword saslMechanism caCert clientCert clientKey
    consumerGroup consumerID clientID initialOffset maxMessageBytes consumeRetryInterval consumeRetryEnabled
    heartbeatInterval sessionTimeout version skipVerify disableTls channelBufferSize consumerFetchMin
    consumerFetchDefault clientConnectionTopicMetadataRefreshInterval clientConnectionKeepAliveInterval dialTimeout
    readTimeout writeTimeout metadataTimeout producerRequiredAcks producerRetryMax escapeHeaders compression
    consumerGroupRebalanceStrategy excludeHeaderMetaRegex backOffPolicy backOffDuration backOffMaxRetries
    backOffMaxInterval`),
  'state.redis': words(`redisHost redisUsername redisPassword enableTLS clientCert clientKey failover
    sentinelMasterName redisType redisDB keyPrefix redisMaxRetries redisMinRetryInterval redisMaxRetryInterval
    dialTimeout readTimeout writeTimeout poolSize poolTimeout maxConnAge minIdleConns idleCheckFrequency idleTimeout
    ttlInSeconds`),
}

/** The metadata of the scaler `kafka` (KEDA 2.21). */
export const kedaKafka = words(`bootstrapServers consumerGroup topic lagThreshold activationLagThreshold
  offsetResetPolicy allowIdleConsumers scaleToZeroOnInvalidOffset excludePersistentLag limitToPartitionsWithLag
  version partitionLimitation ensureEvenDistributionOfPartitions tls sasl unsafeSsl`)
