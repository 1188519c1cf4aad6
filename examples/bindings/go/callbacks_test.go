// SPDX-License-Identifier: BSD-2-Clause

package segent

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"
)

func panicOf(function func()) (value any) {
	defer func() { value = recover() }()
	function()
	return nil
}

func TestProgress(t *testing.T) {
	c, model, picture := load(t)
	var seen []float64
	_, err := c.Run(background, model, picture, &RunOptions{Size: 64, Progress: func(done float64) error {
		seen = append(seen, done)
		return nil
	}})
	must(t, err)
	for i := range seen {
		if seen[i] < 0 || seen[i] > 1 || (i > 0 && seen[i] < seen[i-1]) {
			t.Fatal(seen)
		}
	}
	if len(seen) < 10 {
		t.Fatal(seen)
	}
	enough := errors.New("enough")
	_, err = c.Run(background, model, picture, &RunOptions{Size: 64, Progress: func(float64) error { return enough }})
	fails(t, err, Cancelled)
	if !errors.Is(err, enough) {
		t.Fatal(err)
	}
}

func TestPanicsGoAroundTheLibrary(t *testing.T) {
	c, model, picture := load(t)
	expected, err := c.Run(background, model, picture, small)
	must(t, err)
	calls := 0
	options := &RunOptions{Size: 64, Progress: func(float64) error {
		if calls++; calls == 3 {
			panic("in progress")
		}
		return nil
	}}
	if value := panicOf(func() { c.Run(background, model, picture, options) }); value != "in progress" || calls != 3 {
		t.Fatal(value, calls)
	}
	result, err := c.Run(background, model, picture, small)
	must(t, err)
	if !reflect.DeepEqual(result, expected) {
		t.Fatal("another result behind a panic")
	}
}

func TestLog(t *testing.T) {
	settings := filepath.Join(t.TempDir(), "odd.json")
	must(t, os.WriteFile(settings, []byte(`{"size": 64, "nonsense": 1}`), 0o600))
	var lines []string
	c, err := New(Options{Threads: 1, Log: func(level LogLevel, line string) {
		lines = append(lines, level.String()+": "+line)
		if len(lines) > 1 {
			panic("in the log")
		}
	}})
	must(t, err)
	defer c.Close()
	odd := &ModelOptions{SettingsFile: &settings, ExamineOnly: true}
	value := panicOf(func() {
		for i := 0; i < 3; i++ {
			c.LoadModel(demo(demoModel), odd)
		}
	})
	if value != "in the log" || !strings.Contains(strings.Join(lines, "\n"), "nonsense") {
		t.Fatal(value, lines)
	}
	_, err = c.LoadModel("/none", nil)
	fails(t, err, NotFound)
}

func TestAContextIsInUseWhileItCalls(t *testing.T) {
	c, model, picture := load(t)
	other := newContext(t)
	asked := false
	_, err := c.Run(background, model, picture, &RunOptions{Size: 64, Progress: func(float64) error {
		if !asked {
			asked = true
			_, err := c.Run(background, model, picture, small)
			fails(t, err, Busy)
			fails(t, c.Trim(), Busy)
			_, err = other.Run(background, model, picture, small)
			must(t, err)
		}
		return nil
	}})
	must(t, err)
	if !asked {
		t.Fatal("no progress")
	}
}

func TestContextsOfGoEndTheReadingOfFiles(t *testing.T) {
	c, _, _ := load(t)
	weights, err := os.ReadFile(demo(demoModel))
	must(t, err)
	pixels, err := os.ReadFile(demo("pictures/easy-boats.jpg"))
	must(t, err)
	checkpoint, err := c.LoadCheckpoint(demo(demoModel))
	must(t, err)
	type reading func(ctx context.Context) error
	readings := []reading{
		func(ctx context.Context) error { _, err := c.LoadModelContext(ctx, demo(demoModel), nil); return err },
		func(ctx context.Context) error { _, err := c.DecodeModelContext(ctx, weights, nil); return err },
		func(ctx context.Context) error { _, err := c.ModelFromContext(ctx, checkpoint, nil); return err },
		func(ctx context.Context) error {
			_, err := c.LoadImageContext(ctx, demo("pictures/easy-boats.jpg"), nil)
			return err
		},
		func(ctx context.Context) error { _, err := c.DecodeImageContext(ctx, pixels, nil); return err },
	}
	for _, read := range readings {
		must(t, read(background))
		// Ended before it begins, and at some moment: then it is read over and over until it is ended.
		ended, cancel := context.WithCancel(background)
		cancel()
		for _, ctx := range []context.Context{ended, soon(t)} {
			for err = read(ctx); err == nil; err = read(ctx) {
			}
			fails(t, err, Cancelled)
			if !errors.Is(err, ctx.Err()) {
				t.Fatal(err)
			}
		}
		must(t, read(background))
	}
}

// soon is a context that ends in some milliseconds.
func soon(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(background, 3*time.Millisecond)
	t.Cleanup(cancel)
	return ctx
}

func TestContextsOfGoEndRuns(t *testing.T) {
	c, model, picture := load(t)
	ctx, cancel := context.WithCancel(background)
	begun := make(chan struct{}, 1000)
	go func() {
		<-begun
		cancel()
	}()
	_, err := c.Run(ctx, model, picture, &RunOptions{Size: 640, Progress: func(float64) error {
		begun <- struct{}{}
		return nil
	}})
	fails(t, err, Cancelled)
	if !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	_, err = c.Run(ctx, model, picture, small)
	if !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	_, err = c.Run(background, model, picture, small)
	must(t, err)

	// One that waits for its turn ends, too.
	late, stop := context.WithTimeout(background, 10*time.Millisecond)
	defer stop()
	_, err = c.Run(background, model, picture, &RunOptions{Size: 64, Progress: func(done float64) error {
		if done == 0 {
			waited := make(chan error)
			go func() {
				_, err := c.Run(late, model, picture, small)
				waited <- err
			}()
			if err := <-waited; !errors.Is(err, context.DeadlineExceeded) {
				t.Error(err)
			}
		}
		return nil
	}})
	must(t, err)
}
