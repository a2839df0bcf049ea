#!/usr/bin/env python3
# Writes api/protos/protos.go: the messages of the workflow engine as Dapr 1.18.3 uses them, with their fields and without their encoding.
S='*wrapperspb.StringValue'; T='*timestamppb.Timestamp'
M={
'HistoryEvent':[('EventId','int32'),('Timestamp',T),('EventType','isHistoryEvent_EventType'),('Router','*TaskRouter')],
'TaskRouter':[('SourceAppID','string'),('TargetAppID','*string')],
'WorkflowInstance':[('InstanceId','string'),('ExecutionId',S)],
'ParentInstanceInfo':[('TaskScheduledId','int32'),('Name',S),('Version',S),('WorkflowInstance','*WorkflowInstance'),('AppID','*string')],
'RerunParentInstanceInfo':[('InstanceID','string')],
'TraceContext':[('TraceParent','string'),('TraceState',S)],
'WorkflowVersion':[('Patches','[]string'),('Name','string')],
'WorkflowStartedEvent':[('Version','*WorkflowVersion')],
'ExecutionStartedEvent':[('Name','string'),('Version',S),('Input',S),('WorkflowInstance','*WorkflowInstance'),('ParentInstance','*ParentInstanceInfo'),('ScheduledStartTimestamp',T),('ParentTraceContext','*TraceContext'),('Tags','map[string]string'),('Attestation','*ChildCompletionAttestation'),('SignerCertificate','[]byte')],
'ExecutionCompletedEvent':[('WorkflowStatus','OrchestrationStatus'),('Result',S),('FailureDetails','*TaskFailureDetails')],
'ExecutionTerminatedEvent':[('Input',S),('Recurse','bool')],
'ExecutionSuspendedEvent':[('Input',S)],
'ExecutionResumedEvent':[('Input',S)],
'ExecutionStalledEvent':[('Reason','StalledReason'),('Description','*string')],
'EventRaisedEvent':[('Name','string'),('Input',S)],
'TaskScheduledEvent':[('Name','string'),('Version',S),('Input',S),('ParentTraceContext','*TraceContext'),('TaskExecutionId','string'),('RerunParentInstanceInfo','*RerunParentInstanceInfo'),('HistoryPropagationScope','*HistoryPropagationScope'),('Tags','map[string]string')],
'TaskCompletedEvent':[('TaskScheduledId','int32'),('Result',S),('TaskExecutionId','string'),('Attestation','*ActivityCompletionAttestation'),('SignerCertificate','[]byte')],
'TaskFailedEvent':[('TaskScheduledId','int32'),('FailureDetails','*TaskFailureDetails'),('TaskExecutionId','string'),('Attestation','*ActivityCompletionAttestation'),('SignerCertificate','[]byte')],
'TaskFailureDetails':[('ErrorType','string'),('ErrorMessage','string'),('StackTrace',S),('InnerFailure','*TaskFailureDetails'),('IsNonRetriable','bool')],
'TimerCreatedEvent':[('FireAt',T),('Name','*string'),('RerunParentInstanceInfo','*RerunParentInstanceInfo'),('Origin','isTimerCreatedEvent_Origin')],
'TimerOriginExternalEvent':[('Name','string')],
'TimerFiredEvent':[('FireAt',T),('TimerId','int32')],
'ChildWorkflowInstanceCreatedEvent':[('InstanceId','string'),('Name','string'),('Version',S),('Input',S),('ParentTraceContext','*TraceContext'),('RerunParentInstanceInfo','*RerunParentInstanceInfo'),('HistoryPropagationScope','*HistoryPropagationScope')],
'ChildWorkflowInstanceCompletedEvent':[('TaskScheduledId','int32'),('Result',S),('Attestation','*ChildCompletionAttestation'),('SignerCertificate','[]byte')],
'ChildWorkflowInstanceFailedEvent':[('TaskScheduledId','int32'),('FailureDetails','*TaskFailureDetails'),('Attestation','*ChildCompletionAttestation'),('SignerCertificate','[]byte')],
'PropagatedHistory':[('Chunks','[]*PropagatedHistoryChunk')],
'PropagatedHistoryChunk':[('AppId','string'),('InstanceId','string'),('WorkflowName','string'),('StartEventIndex','int32'),('EventCount','int32'),('RawEvents','[][]byte'),('RawSignatures','[][]byte'),('SigningCertChains','[][]byte')],
'ActivityInvocation':[('HistoryEvent','*HistoryEvent'),('PropagatedHistory','*PropagatedHistory')],
'ActivityRequest':[('WorkflowInstance','*WorkflowInstance'),('TaskId','int32'),('Name','string')],
'ActivityResponse':[('InstanceId','string'),('TaskId','int32')],
'WorkflowRequest':[('InstanceId','string')],
'WorkflowResponse':[('InstanceId','string')],
'PurgeInstancesResponse':[('DeletedInstanceCount','int32')],
'ListInstanceIDsRequest':[('ContinuationToken','*string'),('PageSize','*uint32')],
'ListInstanceIDsResponse':[('InstanceIds','[]string'),('ContinuationToken','*string')],
'GetInstanceHistoryRequest':[('InstanceId','string')],
'GetInstanceHistoryResponse':[('Events','[]*HistoryEvent')],
'BackendWorkflowState':[('Inbox','[]*HistoryEvent'),('History','[]*HistoryEvent'),('CustomStatus',S),('Generation','uint64')],
'BackendWorkflowStateMetadata':[(n,'uint64') for n in 'InboxLength HistoryLength Generation SignatureLength SigningCertificateLength ExternalSigningCertificateLength'.split()],
'WorkflowRuntimeState':[('InstanceId','string'),('NewEvents','[]*HistoryEvent'),('OldEvents','[]*HistoryEvent'),('PendingTasks','[]*HistoryEvent'),('PendingTimers','[]*HistoryEvent'),('PendingMessages','[]*WorkflowRuntimeStateMessage'),('StartEvent','*ExecutionStartedEvent'),('ContinuedAsNew','bool'),('CustomStatus',S),('Stalled','*ExecutionStalledEvent'),('CompletedEvent','*ExecutionCompletedEvent'),('CompletedTime',T)],
'WorkflowRuntimeStateMessage':[('HistoryEvent','*HistoryEvent'),('TargetInstanceId','string'),('PropagatedHistory','*PropagatedHistory')],
'CreateWorkflowInstanceRequest':[('StartEvent','*HistoryEvent'),('PropagatedHistory','*PropagatedHistory')],
'WorkflowMetadata':[('InstanceId','string'),('Name','string'),('RuntimeStatus','OrchestrationStatus'),('CreatedAt',T),('StartedAt',T),('LastUpdatedAt',T),('CompletedAt',T),('Input',S),('Output',S),('CustomStatus',S),('FailureDetails','*TaskFailureDetails'),('ParentInstanceId','string'),('ParentAppId',S),('Version',S)],
'DurableTimer':[('TimerEvent','*HistoryEvent'),('Generation','uint64')],
'RerunWorkflowFromEventRequest':[('SourceInstanceID','string'),('EventID','uint32'),('NewInstanceID','*string'),('OverwriteInput','bool'),('Input',S),('NewChildWorkflowInstanceID','*string')],
'HistorySignature':[('StartEventIndex','uint64'),('EventCount','uint64'),('PreviousSignatureDigest','[]byte'),('EventsDigest','[]byte'),('CertificateIndex','uint64'),('Signature','[]byte')],
'SigningCertificate':[('Certificate','[]byte')],
'ExternalSigningCertificate':[('Digest','[]byte'),('Certificate','[]byte')],
'ChildCompletionAttestation':[],
'ActivityCompletionAttestation':[],
'ChildCompletionAttestationPayload':[('TerminalStatus','TerminalStatus'),('SignerCertDigest','[]byte')],
'ActivityCompletionAttestationPayload':[('TerminalStatus','ActivityTerminalStatus'),('SignerCertDigest','[]byte')],
}
ONE={'HistoryEvent':('EventType',[(n,n+'Event') for n in 'WorkflowStarted ExecutionStarted ExecutionCompleted ExecutionTerminated ExecutionSuspended ExecutionResumed ExecutionStalled EventRaised TaskScheduled TaskCompleted TaskFailed TimerCreated TimerFired ChildWorkflowInstanceCreated ChildWorkflowInstanceCompleted ChildWorkflowInstanceFailed'.split()]),
'TimerCreatedEvent':('Origin',[('ExternalEvent','TimerOriginExternalEvent')])}
ENUM={'OrchestrationStatus':'ORCHESTRATION_STATUS_RUNNING ORCHESTRATION_STATUS_COMPLETED ORCHESTRATION_STATUS_CONTINUED_AS_NEW ORCHESTRATION_STATUS_FAILED ORCHESTRATION_STATUS_CANCELED ORCHESTRATION_STATUS_TERMINATED ORCHESTRATION_STATUS_PENDING ORCHESTRATION_STATUS_SUSPENDED ORCHESTRATION_STATUS_STALLED',
'StalledReason':'PATCH_MISMATCH VERSION_NOT_AVAILABLE PAYLOAD_SIZE_EXCEEDED',
'HistoryPropagationScope':'HISTORY_PROPAGATION_SCOPE_NONE HISTORY_PROPAGATION_SCOPE_OWN HISTORY_PROPAGATION_SCOPE_LINEAGE',
'TerminalStatus':'TERMINAL_STATUS_UNSPECIFIED TERMINAL_STATUS_COMPLETED TERMINAL_STATUS_FAILED',
'ActivityTerminalStatus':'ACTIVITY_TERMINAL_STATUS_UNSPECIFIED ACTIVITY_TERMINAL_STATUS_COMPLETED ACTIVITY_TERMINAL_STATUS_FAILED'}
o=['// Code generated by messages.py. DO NOT EDIT.','package protos','import (',' "strconv"',' "google.golang.org/protobuf/reflect/protoreflect"',' "google.golang.org/protobuf/types/known/emptypb"',' "google.golang.org/protobuf/types/known/timestamppb"',' "google.golang.org/protobuf/types/known/wrapperspb"',')','func hollow() protoreflect.Message { return (&emptypb.Empty{}).ProtoReflect() }']
for e,vs in ENUM.items():
  o.append(f'type {e} int32\nfunc (x {e}) String() string {{ return strconv.Itoa(int(x)) }}\nfunc (x {e}) Enum() *{e} {{ return &x }}\nconst (')
  for i,v in enumerate(vs.split()): o.append(f' {e}_{v} {e} = {i}')
  o.append(')')
for m,fs in M.items():
  o.append(f'type {m} struct {{')
  o+= [f' {n} {t}' for n,t in fs]
  o.append('}'); o.append(f'func (x *{m}) ProtoReflect() protoreflect.Message {{ return hollow() }}'); o.append(f'func (x *{m}) String() string {{ return "{m}" }}')
  for n,t in fs:
    if t in('*string','*uint32','*int32') or (t.startswith('*') and t[1:] in ENUM):
      r=t[1:]; o.append(f'func (x *{m}) Get{n}() (r {r}) {{ if x != nil && x.{n} != nil {{ r = *x.{n} }}; return }}')
    else: o.append(f'func (x *{m}) Get{n}() (r {t}) {{ if x != nil {{ r = x.{n} }}; return }}')
  if m in ONE:
    f,vs=ONE[m]; i=f'is{m}_{f}'
    o.append(f'type {i} interface {{ {i}() }}')
    for n,t in vs:
      o.append(f'type {m}_{n} struct {{ {n} *{t} }}\nfunc (*{m}_{n}) {i}() {{}}\nfunc (x *{m}) Get{n}() *{t} {{ if x != nil {{ if v, ok := x.{f}.(*{m}_{n}); ok {{ return v.{n} }} }}; return nil }}')
open('api/protos/protos.go','w').write('\n'.join(o)+'\n')
