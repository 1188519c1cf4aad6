// SPDX-License-Identifier: BSD-2-Clause
//! Functions that the library calls: panics, cancelling, contexts in use, a parallel loop of the program's own.

mod common;

use common::{demo, load, load_with, MODEL, PICTURE};
use segent::*;
use std::cell::RefCell;
use std::ops::ControlFlow;
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

fn small<'f>() -> RunOptions<'f> {
    RunOptions::new().size(64)
}

/// The word that a function panicked with.
fn panic_of<T>(function: impl FnOnce() -> T) -> &'static str {
    match catch_unwind(AssertUnwindSafe(function)) {
        Ok(_) => "none",
        Err(panic) => panic.downcast_ref::<&str>().unwrap(),
    }
}

#[test]
fn progress_goes_from_0_to_1_and_cancels() {
    let (context, model, image) = load();
    let seen = RefCell::new(Vec::new());
    let options = small().progress(|done| {
        seen.borrow_mut().push(done);
        ControlFlow::Continue(())
    });
    context.run(&model, &image, &options).unwrap();
    drop(options);
    let seen = seen.into_inner();
    assert!(seen.len() > 10 && seen.windows(2).all(|pair| pair[0] <= pair[1]));
    assert!(seen[0] >= 0.0 && *seen.last().unwrap() <= 1.0);

    let options = small().progress(|_| ControlFlow::Break(()));
    let error = context.run(&model, &image, &options).unwrap_err();
    assert_eq!(error.status(), Status::Cancelled);
}

#[test]
fn panics_go_around_the_library() {
    let (context, model, image) = load();
    let expected = context.run(&model, &image, &small()).unwrap();
    let mut calls = 0;
    let options = small().progress(|_| {
        calls += 1;
        if calls == 3 {
            panic!("in progress");
        }
        ControlFlow::Continue(())
    });
    assert_eq!(
        panic_of(|| context.run(&model, &image, &options)),
        "in progress"
    );
    drop(options);
    assert_eq!(calls, 3);
    assert_eq!(
        context.run(&model, &image, &small()).unwrap().entropy(),
        expected.entropy()
    );
}

/// A file of settings with a key that has no effect, of which the log is told.
fn odd_settings(name: &str) -> std::path::PathBuf {
    let path = std::env::temp_dir().join(format!("segent-rust-{name}-{}.json", std::process::id()));
    std::fs::write(&path, "{\"size\": 64, \"nonsense\": 1}").unwrap();
    path
}

#[test]
fn the_log_is_told_and_may_panic() {
    let path = odd_settings("log");
    let options = ModelOptions::new().settings_file(&path).examine_only();
    let lines = Arc::new(Mutex::new(Vec::new()));
    let log = {
        let lines = Arc::clone(&lines);
        move |level: LogLevel, line: &str| lines.lock().unwrap().push((level, line.to_string()))
    };
    let context = Context::with(ContextOptions::new().log(log)).unwrap();
    context.load_model_with(demo(MODEL), &options).unwrap();
    let told = lines.lock().unwrap().clone();
    assert!(told
        .iter()
        .any(|(level, line)| *level == LogLevel::Warning && line.contains("nonsense")));

    let panicking = ContextOptions::new().log(|_, _| panic!("in the log"));
    let context = Context::with(panicking).unwrap();
    for _ in 0..2 {
        assert_eq!(
            panic_of(|| context.load_model_with(demo(MODEL), &options)),
            "in the log"
        );
    }
    assert_eq!(
        context.load_model("/none").unwrap_err().status(),
        Status::NotFound
    );
    std::fs::remove_file(path).unwrap();
}

#[test]
fn a_context_is_in_use_while_it_calls() {
    let (context, model, image) = load();
    let other = Context::new().unwrap();
    let expected = context.run(&model, &image, &small()).unwrap();
    let mut answers = Vec::new();
    let options = small().progress(|_| {
        if answers.is_empty() {
            answers.push(context.run(&model, &image, &small()).unwrap_err());
            answers.push(context.trim().unwrap_err());
            assert!(context.cpu_info().unwrap().threads > 0);
            assert_eq!(
                other.run(&model, &image, &small()).unwrap().labels(),
                expected.labels()
            );
        }
        ControlFlow::Continue(())
    });
    let result = context.run(&model, &image, &options).unwrap();
    drop(options);
    assert_eq!(result.entropy(), expected.entropy());
    assert!(
        answers.iter().all(|error| error.status() == Status::Busy),
        "{answers:?}"
    );
}

#[test]
fn another_thread_cancels() {
    let (context, model, image) = load();
    let cancel = Cancel::new(&context).unwrap();
    let options = RunOptions::new().size(640).cancel(&cancel);
    let begun = AtomicUsize::new(0);
    let options = options.progress(|_| {
        begun.fetch_add(1, Ordering::SeqCst);
        ControlFlow::Continue(())
    });
    let set = std::thread::scope(|scope| {
        let setter = scope.spawn(|| {
            while begun.load(Ordering::SeqCst) == 0 {
                std::thread::sleep(Duration::from_millis(1));
            }
            cancel.set();
            Instant::now()
        });
        let error = context.run(&model, &image, &options).unwrap_err();
        assert_eq!(error.status(), Status::Cancelled);
        setter.join().unwrap()
    });
    assert!(
        set.elapsed() < Duration::from_secs(5),
        "{:?}",
        set.elapsed()
    );
    assert!(cancel.clone().is_set());
    assert_eq!(
        context.run(&model, &image, &options).unwrap_err().status(),
        Status::Cancelled
    );
    cancel.reset();
    context
        .run(&model, &image, &small().cancel(&cancel))
        .unwrap();
}

/// Each way to read a model or a picture ends by a flag that is set, and goes on without.
#[test]
fn a_flag_ends_the_reading_of_files() {
    let context = Context::new().unwrap();
    let cancel = Cancel::new(&context).unwrap();
    let of_model = ModelOptions::new().cancel(&cancel);
    let of_image = ImageOptions::new().cancel(&cancel);
    let (model, picture) = (demo(MODEL), demo(PICTURE));
    let (weights, pixels) = (
        std::fs::read(&model).unwrap(),
        std::fs::read(&picture).unwrap(),
    );
    let checkpoint = context.load_checkpoint(&model).unwrap();
    cancel.set();
    let problems = [
        context.load_model_with(&model, &of_model).err(),
        context.load_model_memory(&weights, &of_model).err(),
        context.model_from_checkpoint(&checkpoint, &of_model).err(),
        context.load_image_with(&picture, &of_image).err(),
        context.load_image_memory(&pixels, &of_image).err(),
    ];
    for problem in problems {
        let problem = problem.expect("a flag that is set");
        assert_eq!(problem.status(), Status::Cancelled, "{problem}");
    }
    cancel.reset();
    context.load_model_with(&model, &of_model).unwrap();
    context.load_image_with(&picture, &of_image).unwrap();
}

/// A model is loaded again and again until another thread ends it, which it does in the middle of some loading or between two.
#[test]
fn another_thread_ends_loadings() {
    let context = Context::new().unwrap();
    let cancel = Cancel::new(&context).unwrap();
    let options = ModelOptions::new().cancel(&cancel);
    let loaded = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while loaded.load(Ordering::SeqCst) == 0 {
                std::thread::sleep(Duration::from_millis(1));
            }
            cancel.set();
        });
        let problem = loop {
            match context.load_model_with(demo(MODEL), &options) {
                Ok(_) => loaded.fetch_add(1, Ordering::SeqCst),
                Err(problem) => break problem,
            };
        };
        assert_eq!(problem.status(), Status::Cancelled);
    });
}

/// Options may be made in one thread and used in another.
#[test]
fn options_go_to_other_threads() {
    fn shared<T: Send + Sync>() {}
    shared::<ModelOptions>();
    shared::<ImageOptions>();
}

#[test]
fn a_parallel_loop_of_the_programs() {
    let (context, model, image) = load();
    let expected = context.run(&model, &image, &small()).unwrap();
    let tasks = Arc::new(AtomicUsize::new(0));
    let count_of = Arc::clone(&tasks);
    let options = ContextOptions::new()
        .threads(3)
        .parallel(move |count, task| {
            std::thread::scope(|scope| {
                for i in 0..count {
                    let tasks = &count_of;
                    scope.spawn(move || {
                        tasks.fetch_add(1, Ordering::SeqCst);
                        task(i);
                        task(i);
                    });
                }
            })
        });
    let (context, model, image) = load_with(options);
    let result = context.run(&model, &image, &small()).unwrap();
    assert_eq!(result.entropy(), expected.entropy());
    assert!(tasks.load(Ordering::SeqCst) > 3);
}

#[test]
fn a_parallel_loop_that_does_what_it_likes() {
    let (context, model, image) = load();
    let expected = context.run(&model, &image, &small()).unwrap();
    let options = ContextOptions::new().threads(2).parallel(|count, task| {
        for i in [count, count + 7, usize::MAX, i32::MAX as usize] {
            task(i); // none of these is there
        }
    });
    let own = Context::with(options).unwrap();
    assert_eq!(
        own.run(&model, &image, &small()).unwrap().entropy(),
        expected.entropy()
    );

    let options = ContextOptions::new().threads(2).parallel(|_, task| {
        task(0);
        panic!("in the loop");
    });
    let own = Context::with(options).unwrap();
    assert_eq!(
        panic_of(|| own.run(&model, &image, &small())),
        "in the loop"
    );
    assert_eq!(
        panic_of(|| own.run(&model, &image, &small())),
        "in the loop"
    );
}
