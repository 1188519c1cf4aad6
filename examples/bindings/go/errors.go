// SPDX-License-Identifier: BSD-2-Clause

package segent

// #include "shim.h"
import "C"

import (
	"fmt"
	"io/fs"
	"runtime"
)

// Status is why a function failed. It is an error itself, for errors.Is.
type Status int32

// The statuses. Later versions add some, and never change one.
const (
	InvalidArgument Status = C.SEGENT_ERROR_INVALID_ARGUMENT // a size below 1, a shape that does not fit
	Unsupported     Status = C.SEGENT_ERROR_UNSUPPORTED      // valid, but this library or this build cannot do it
	Busy            Status = C.SEGENT_ERROR_BUSY             // the context is in use by the call from which a callback came
	OutOfMemory     Status = C.SEGENT_ERROR_OUT_OF_MEMORY    // an allocation failed
	Limit           Status = C.SEGENT_ERROR_LIMIT            // over a limit that options can raise
	NotFinite       Status = C.SEGENT_ERROR_NOT_FINITE       // NaN or +infinity among logits, NaN among probabilities
	NotProbability  Status = C.SEGENT_ERROR_NOT_PROBABILITY  // outside 0 to 1, or not summing to 1
	IO              Status = C.SEGENT_ERROR_IO               // the operating system refused
	NotFound        Status = C.SEGENT_ERROR_NOT_FOUND        // no such file
	Format          Status = C.SEGENT_ERROR_FORMAT           // not a file of a known format, or a damaged one
	Truncated       Status = C.SEGENT_ERROR_TRUNCATED        // the file ends before its content does
	Forbidden       Status = C.SEGENT_ERROR_FORBIDDEN        // a pickle asks for a function that only an attack needs
	BadModel        Status = C.SEGENT_ERROR_MODEL            // tensors are missing, left over or of the wrong shape
	Cancelled       Status = C.SEGENT_ERROR_CANCELLED        // by a context.Context or the progress function
	Internal        Status = C.SEGENT_ERROR_INTERNAL         // a defect of the library
)

// String is a short English name, such as "out of memory".
func (s Status) String() string { return C.GoString(C.segent_status_string(C.segent_status(s))) }

// Error is String.
func (s Status) Error() string { return s.String() }

// Error is a failure: a status for programs, one sentence for people.
type Error struct {
	Status   Status
	Sentence string
	cause    error
}

// Error is the sentence.
func (e *Error) Error() string { return e.Sentence }

// Unwrap is context.Canceled or context.DeadlineExceeded if that ended a run.
func (e *Error) Unwrap() error { return e.cause }

// Is knows the error's own status and, of NotFound, fs.ErrNotExist.
func (e *Error) Is(target error) bool {
	return target == e.Status || (target == fs.ErrNotExist && e.Status == NotFound)
}

func invalid(format string, arguments ...any) error {
	return &Error{Status: InvalidArgument, Sentence: "segent: " + fmt.Sprintf(format, arguments...)}
}

// check calls a function that takes no context, and makes an error of its status. The sentence is the thread's, so the
// goroutine stays on it.
func check(function func() C.segent_status) error {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	return failure(function(), nil)
}

// failure is the error of the thread's last call with this context, or without one.
func failure(status C.segent_status, context *C.segent_context) error {
	if status == C.SEGENT_OK {
		return nil
	}
	return &Error{Status: Status(status), Sentence: C.GoString(C.segent_last_error(context))}
}
