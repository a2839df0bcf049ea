// Package api stands in for the workflow engine: every call answers ErrNotSupported.
package api

import (
	"errors"
	"time"

	"github.com/dapr/durabletask-go/api/protos"
)

type InstanceID string

func (i InstanceID) String() string { return string(i) }

type OrchestrationStatus = protos.OrchestrationStatus

const (
	RUNTIME_STATUS_COMPLETED  = protos.OrchestrationStatus_ORCHESTRATION_STATUS_COMPLETED
	RUNTIME_STATUS_TERMINATED = protos.OrchestrationStatus_ORCHESTRATION_STATUS_TERMINATED
)

var (
	ErrNotSupported     = errors.New("workflows are not supported in this build")
	ErrInstanceNotFound = errors.New("no such instance exists")
	ErrNotCompleted     = errors.New("workflow has not completed")
	ErrStalled          = errors.New("workflow is stalled")
	ErrTaskCancelled    = errors.New("task cancelled")
)

type (
	opt                struct{}
	NewWorkflowOptions func(*opt)
	TerminateOptions   func(*opt)
	PurgeOptions       func(*opt)
	RaiseEventOptions  func(*opt)
)

func WithInstanceID(InstanceID) NewWorkflowOptions             { return func(*opt) {} }
func WithRawInput(any) NewWorkflowOptions                      { return func(*opt) {} }
func WithStartTime(time.Time) NewWorkflowOptions               { return func(*opt) {} }
func WithRecursiveTerminate(bool) TerminateOptions             { return func(*opt) {} }
func WithRecursivePurge(bool) PurgeOptions                     { return func(*opt) {} }
func WithRawEventData(any) RaiseEventOptions                   { return func(*opt) {} }
func IsUnknownTaskIDError(error) bool                          { return false }
func IsUnknownInstanceIDError(error) bool                      { return false }
func WorkflowMetadataIsComplete(*protos.WorkflowMetadata) bool { return false }
