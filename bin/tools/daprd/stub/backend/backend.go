// Package backend has the types that Dapr needs to compile; its worker and its client do nothing.
package backend

import (
	"context"
	"strconv"
	"time"

	"google.golang.org/grpc"

	"github.com/dapr/durabletask-go/api"
	"github.com/dapr/durabletask-go/api/protos"
)

type (
	HistoryEvent                  = protos.HistoryEvent
	WorkflowMetadata              = protos.WorkflowMetadata
	WorkflowRuntimeState          = protos.WorkflowRuntimeState
	WorkflowRuntimeStateMessage   = protos.WorkflowRuntimeStateMessage
	CreateWorkflowInstanceRequest = protos.CreateWorkflowInstanceRequest
	RerunWorkflowFromEventRequest = protos.RerunWorkflowFromEventRequest
	DurableTimer                  = protos.DurableTimer
	BackendWorkflowStateMetadata  = protos.BackendWorkflowStateMetadata
	HistorySignature              = protos.HistorySignature
	SigningCertificate            = protos.SigningCertificate
	ExternalSigningCertificate    = protos.ExternalSigningCertificate
	ChildCompletionAttestation    = protos.ChildCompletionAttestation
	ActivityCompletionAttestation = protos.ActivityCompletionAttestation
)

type WorkflowWorkItem struct {
	OutgoingHistory map[int32]*protos.PropagatedHistory
	InstanceID      api.InstanceID
	NewEvents       []*HistoryEvent
	RetryCount      int32
	State           *WorkflowRuntimeState
	Properties      map[string]any
	IncomingHistory *protos.PropagatedHistory
}

type ActivityWorkItem struct {
	SequenceNumber  int64
	InstanceID      api.InstanceID
	NewEvent        *HistoryEvent
	Result          *HistoryEvent
	Properties      map[string]any
	IncomingHistory *protos.PropagatedHistory
}

type Backend interface {
	CreateWorkflowInstance(context.Context, *HistoryEvent) error
}

type (
	Executor             interface{}
	Logger               interface{}
	TaskWorker           interface{}
	grpcOpt              func()
	NewTaskWorkerOptions func()
)

type WorkflowWorkerOptions struct {
	Backend             Backend
	Executor            Executor
	InProcessExecutor   Executor
	InProcessNamePrefix string
	Logger              Logger
	AppID               string
}

type TaskHubWorker interface {
	Start(context.Context) error
	Shutdown(context.Context) error
}

type TaskHubClient interface {
	ScheduleNewWorkflow(context.Context, string, ...api.NewWorkflowOptions) (api.InstanceID, error)
	FetchWorkflowMetadata(context.Context, api.InstanceID) (*WorkflowMetadata, error)
	TerminateWorkflow(context.Context, api.InstanceID, ...api.TerminateOptions) error
	PurgeWorkflowState(context.Context, api.InstanceID, ...api.PurgeOptions) error
	RaiseEvent(context.Context, api.InstanceID, string, ...api.RaiseEventOptions) error
	SuspendWorkflow(context.Context, api.InstanceID, string) error
	ResumeWorkflow(context.Context, api.InstanceID, string) error
}

func NewGrpcExecutor(Backend, Logger, ...grpcOpt) (Executor, func(grpc.ServiceRegistrar)) {
	return nil, func(grpc.ServiceRegistrar) {}
}
func WithOnGetWorkItemsConnectionCallback(func(context.Context) error) grpcOpt    { return nil }
func WithOnGetWorkItemsDisconnectCallback(func(context.Context) error) grpcOpt    { return nil }
func WithStreamSendTimeout(time.Duration) grpcOpt                                 { return nil }
func WithStreamShutdownChannel(chan any) grpcOpt                                  { return nil }
func WithMaxParallelism(int32) NewTaskWorkerOptions                               { return nil }
func NewWorkflowWorker(WorkflowWorkerOptions, ...NewTaskWorkerOptions) TaskWorker { return nil }
func NewActivityTaskWorkerWithInProcess(Backend, Executor, Executor, string, Logger, ...NewTaskWorkerOptions) TaskWorker {
	return nil
}
func NewTaskHubWorker(Backend, TaskWorker, TaskWorker, Logger) TaskHubWorker { return hollow{} }
func NewTaskHubClient(Backend) TaskHubClient                                 { return hollow{} }
func GetActivityExecutionKey(id string, task int32) string {
	return id + "/" + strconv.Itoa(int(task))
}

type hollow struct{}

func (hollow) Start(context.Context) error    { return nil }
func (hollow) Shutdown(context.Context) error { return nil }
func (hollow) ScheduleNewWorkflow(context.Context, string, ...api.NewWorkflowOptions) (api.InstanceID, error) {
	return "", api.ErrNotSupported
}
func (hollow) FetchWorkflowMetadata(context.Context, api.InstanceID) (*WorkflowMetadata, error) {
	return nil, api.ErrNotSupported
}
func (hollow) TerminateWorkflow(context.Context, api.InstanceID, ...api.TerminateOptions) error {
	return api.ErrNotSupported
}
func (hollow) PurgeWorkflowState(context.Context, api.InstanceID, ...api.PurgeOptions) error {
	return api.ErrNotSupported
}
func (hollow) RaiseEvent(context.Context, api.InstanceID, string, ...api.RaiseEventOptions) error {
	return api.ErrNotSupported
}
func (hollow) SuspendWorkflow(context.Context, api.InstanceID, string) error {
	return api.ErrNotSupported
}
func (hollow) ResumeWorkflow(context.Context, api.InstanceID, string) error {
	return api.ErrNotSupported
}
