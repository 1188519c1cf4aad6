// SPDX-License-Identifier: BSD-2-Clause
//! Models, runs and their results.

mod common;

use common::{demo, load, MODEL, PICTURE};
use segent::*;

const SIZE: usize = 64;

fn small<'f>() -> RunOptions<'f> {
    RunOptions::new().size(SIZE)
}

#[test]
fn a_result_has_what_was_kept() {
    let (context, model, image) = load();
    let keep = Keep::LOGITS | Keep::PROBABILITIES | Keep::TOP_PROBABILITY | Keep::MARGIN;
    let result = context.run(&model, &image, &small().keep(keep)).unwrap();
    let (width, height) = fit(image.width(), image.height(), SIZE).unwrap();
    assert_eq!(
        (result.width(), result.height(), result.classes()),
        (width, height, 21)
    );
    let pixels = width * height;
    let labels = result.labels().as_u8().unwrap();
    assert_eq!((labels.len(), result.entropy().len()), (pixels, pixels));
    let (logits, probabilities) = (result.logits().unwrap(), result.probabilities().unwrap());
    assert_eq!(
        (logits.len(), probabilities.len()),
        (21 * pixels, 21 * pixels)
    );
    let (top, margin) = (result.top_probability().unwrap(), result.margin().unwrap());
    for i in 0..pixels {
        let own =
            |values: &[f32]| -> Vec<f32> { (0..21).map(|c| values[c * pixels + i]).collect() };
        let best = usize::from(labels[i]);
        assert!(own(logits).iter().all(|z| *z <= logits[best * pixels + i]));
        assert!((top[i] - own(probabilities)[best]).abs() < 1e-6);
        assert!(margin[i] <= top[i]);
    }
    let counted: u64 = result.statistics().iter().map(|class| class.pixels()).sum();
    assert_eq!(counted, pixels as u64);
    let summary = result.summary().unwrap();
    let sum: f64 = result.entropy().iter().map(|e| f64::from(*e)).sum();
    assert!((summary.sum - sum).abs() < 1e-6 * sum);
    assert!(result.timings().unwrap().network > 0.0);
    let input = result.input();
    assert_eq!((input.width(), input.height()), (width, height));
    assert_eq!(input.pixels().len(), 3 * pixels);
}

#[test]
fn a_model_of_bfloat16_has_nearly_the_same_labels() {
    let (context, model, image) = load();
    let options = ModelOptions::new().precision(Precision::Bf16);
    let half = context.load_model_with(demo(MODEL), &options).unwrap();
    assert_eq!(half.details().unwrap().precision, Some(Precision::Bf16));
    assert_eq!(model.details().unwrap().precision, Some(Precision::F32));
    let result = context.run(&half, &image, &small()).unwrap();
    let full = context.run(&model, &image, &small()).unwrap();
    let (labels, expected) = (result.labels(), full.labels());
    let (labels, expected) = (labels.as_u8().unwrap(), expected.as_u8().unwrap());
    let equal = labels.iter().zip(expected).filter(|(a, b)| a == b).count();
    assert!(100 * equal > 98 * labels.len() && result.entropy() != full.entropy());
    let wish = small().precision(Precision::Bf16);
    assert!(context.run(&model, &image, &wish).is_err());
}

#[test]
fn nothing_is_kept_unasked() {
    let (context, model, image) = load();
    let result = context.run(&model, &image, &small()).unwrap();
    assert!(result.logits().is_none() && result.probabilities().is_none());
    assert!(result.top_probability().is_none() && result.margin().is_none());
    assert!(result.auxiliary_logits().is_none());
    let lowres = result.lowres_logits().unwrap();
    let stride = model.details().unwrap().output_stride;
    assert_eq!(lowres.width, (result.width() + stride - 1) / stride);
    let (height, width) = (result.height(), result.width());
    let mut entropy = vec![0.0; height * width];
    let maps = Maps::new(height, width).entropy(MapMut::new(&mut entropy, height, width).unwrap());
    let options = UncertaintyOptions::new().temperature(model.details().unwrap().temperature);
    context
        .uncertainty_from_logits(lowres.view().unwrap(), &options, maps)
        .unwrap();
    assert_eq!(entropy, result.entropy());
}

#[test]
fn the_callers_buffers_and_pixels_give_the_same() {
    let (context, model, image) = load();
    let result = context.run(&model, &image, &small()).unwrap();
    let (height, width) = (result.height(), result.width());
    let bgr: Vec<u8> = image
        .pixels()
        .chunks(3)
        .flat_map(|p| [p[2], p[1], p[0]])
        .collect();
    let pixels = Pixels::new(&bgr, PixelFormat::Bgr, image.height(), image.width()).unwrap();
    let mut labels = vec![0u16; height * width];
    let mut entropy = vec![0.0; height * width];
    for input in [Input::from(&image), Input::from(pixels)] {
        let maps = Maps::new(height, width)
            .labels(LabelsMut::new(&mut labels, height, width).unwrap())
            .entropy(MapMut::new(&mut entropy, height, width).unwrap());
        let summary = context.run_into(&model, input, &small(), maps).unwrap();
        assert_eq!(summary, result.summary().unwrap());
        assert_eq!(entropy, result.entropy());
        assert!(labels
            .iter()
            .zip(result.labels().as_u8().unwrap())
            .all(|(a, b)| *a == u16::from(*b)));
    }
    let lowres = result.lowres_logits().unwrap();
    let mut logits = vec![0.0; lowres.values.len()];
    let to = TensorMut::chw(&mut logits, lowres.classes, lowres.height, lowres.width).unwrap();
    context.model_logits(&model, &image, &small(), to).unwrap();
    assert_eq!(logits, lowres.values);
    assert!(
        context
            .model_memory(&model, width, height, &small())
            .unwrap()
            > 0
    );
}

#[test]
fn a_normalised_tensor_is_taken_as_it_is() {
    let (context, model, image) = load();
    let result = context.run(&model, &image, &small()).unwrap();
    let (height, width) = (result.height(), result.width());
    let numbers = |key| -> Vec<f32> {
        model
            .property(key)
            .unwrap()
            .split(',')
            .map(|number| number.parse().unwrap())
            .collect()
    };
    let (mean, std) = (numbers("mean"), numbers("std"));
    let normalised = result.input().pixels().iter().enumerate();
    let hwc: Vec<f32> = normalised
        .map(|(i, p)| (f32::from(*p) / 255.0 - mean[i % 3]) / std[i % 3])
        .collect();
    let tensor = Tensor::hwc(&hwc, height, width, 3).unwrap();
    let mut entropy = vec![0.0; height * width];
    let maps = Maps::new(height, width).entropy(MapMut::new(&mut entropy, height, width).unwrap());
    context
        .run_into(&model, tensor, &RunOptions::new().own_size(), maps)
        .unwrap();
    let worst = entropy
        .iter()
        .zip(result.entropy())
        .map(|(a, b)| (a - b).abs())
        .fold(0.0, f32::max);
    assert!(worst < 1e-3, "{worst}");
}

#[test]
fn models_say_what_they_are() {
    let (context, model, _) = load();
    let details = model.details().unwrap();
    assert_eq!(details.head, "deeplabv3");
    assert_eq!(
        (details.classes, details.container),
        (21, Some(Container::Safetensors))
    );
    assert_eq!(model.class_name(7).unwrap(), "car");
    assert!(model.class_name(21).is_none() && model.class_name(usize::MAX).is_none());
    assert!(model.property_keys().any(|key| key == "output_stride"));
    assert!(model.property("nonsense").is_none() && model.property("a\0b").is_none());

    let file = std::fs::read(demo(MODEL)).unwrap();
    let names: Vec<String> = (0..21).map(|i| format!("thing {i}")).collect();
    let options = ModelOptions::new()
        .class_names(names)
        .setting("size", "96")
        .setting("rates", "1,2,3")
        .setting("palette", &format!("#010203{}", ",#040506".repeat(20)));
    let named = context
        .load_model_memory(&file, &options.clone().examine_only())
        .unwrap();
    assert_eq!(named.class_name(3).unwrap(), "thing 3");
    assert_eq!(named.property("rates").unwrap(), "1,2,3");
    let palette = named.palette().unwrap();
    assert_eq!(
        (palette.len(), palette[0], palette[20]),
        (21, [1, 2, 3], [4, 5, 6])
    );
    assert!(model.palette().is_none());
    let details = named.details().unwrap();
    assert!(details.examined_only && details.size == 96);
    let error = context
        .model_memory(&named, 64, 64, &RunOptions::new())
        .unwrap_err();
    assert_eq!(error.status(), Status::Unsupported);
    let error = context
        .load_model_memory(&file, &options.class_names(["one"]))
        .unwrap_err();
    assert_eq!(error.status(), Status::Model);
}

#[test]
fn checkpoints_are_read() {
    let context = Context::new().unwrap();
    let file = std::fs::read(demo(MODEL)).unwrap();
    let mapped = context.load_checkpoint(demo(MODEL)).unwrap();
    let borrowed = context.load_checkpoint_memory(&file).unwrap();
    assert_eq!(
        (mapped.len(), mapped.container()),
        (borrowed.len(), Some(Container::Safetensors))
    );
    assert_eq!(
        (mapped.opaque().len(), mapped.metadata("no\0key")),
        (0, None)
    );
    let model = context
        .model_from_checkpoint(&mapped, &ModelOptions::new())
        .unwrap();
    let weights = (0..mapped.len())
        .find(|i| model.tensor_name(*i).as_deref() == Some("backbone.conv1.weight"))
        .unwrap();
    let info = context.checkpoint_tensor(&mapped, weights).unwrap();
    assert_eq!(info.shape[1], 3);
    assert_eq!(info.elements, info.shape.iter().product::<usize>());
    let (mut one, mut other) = (vec![0.0; info.elements], vec![1.0; info.elements]);
    context.read_tensor(&mapped, weights, &mut one).unwrap();
    context.read_tensor(&borrowed, weights, &mut other).unwrap();
    assert!(one == other && one.iter().any(|value| *value != 0.0));
    assert!(context
        .read_tensor(&mapped, weights, &mut one[1..])
        .is_err());
    assert!(context.checkpoint_tensor(&mapped, mapped.len()).is_err());
    assert!(context.checkpoint_tensor(&mapped, usize::MAX).is_err());
}

#[test]
fn everything_outlives_its_context_and_goes_to_other_threads() {
    fn shared<T: Send + Sync + 'static>(_: &T) {}
    let (context, model, image) = load();
    let first = context.run(&model, &image, &small()).unwrap();
    drop(context);
    shared(&model);
    shared(&image);
    shared(&first);
    std::thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| {
                let context = Context::with(ContextOptions::new().threads(1)).unwrap();
                let own = model.clone();
                let result = context.run(&own, &image, &small()).unwrap();
                assert_eq!(result.entropy(), first.entropy());
            });
        }
    });
    let clone = model.clone();
    drop(model);
    let context = Context::new().unwrap();
    let result = std::thread::spawn(move || context.run(&clone, &image, &small()).unwrap());
    assert_eq!(result.join().unwrap().labels(), first.labels());
}

#[test]
fn files_are_written_and_read() {
    let (context, model, image) = load();
    let folder = std::env::temp_dir().join(format!("segent-rust-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let result = context.run(&model, &image, &small()).unwrap();
    context
        .save_labels(
            result.labels_view().unwrap(),
            None,
            folder.join("labels.png"),
        )
        .unwrap();
    let labels = context
        .load_labels(folder.join("labels.png"), &ImageOptions::new())
        .unwrap();
    assert_eq!(
        (labels.width(), labels.ids()),
        (result.width(), result.labels())
    );
    let png = context
        .encode_labels(result.labels_view().unwrap(), None)
        .unwrap();
    assert_eq!(png[..], std::fs::read(folder.join("labels.png")).unwrap());
    let again = context
        .load_labels_memory(&png, &ImageOptions::new())
        .unwrap();
    assert_eq!(
        (again.height(), again.ids()),
        (labels.height(), labels.ids())
    );

    let half = context
        .resize_image(&image, image.width() / 2, image.height() / 2)
        .unwrap();
    context.save_image(&half, folder.join("half.png")).unwrap();
    let options = ImageOptions::new()
        .orientation(Orientation::Stored)
        .background([0, 0, 0]);
    let loaded = context
        .load_image_with(folder.join("half.png"), &options)
        .unwrap();
    assert_eq!(loaded.pixels(), half.pixels());
    let encoded = context.encode_image(&half).unwrap();
    assert_eq!(
        context
            .load_image_memory(&encoded, &options)
            .unwrap()
            .pixels(),
        half.pixels()
    );
    let error = context
        .load_image_memory(&encoded, &options.pixel_limit(10))
        .unwrap_err();
    assert_eq!(error.status(), Status::Limit);

    context
        .save_map(result.entropy_view().unwrap(), folder.join("entropy.npy"))
        .unwrap();
    context
        .save_tensor(
            result.lowres_logits().unwrap().view().unwrap(),
            folder.join("z.npy"),
        )
        .unwrap();
    let written = std::fs::metadata(folder.join("entropy.npy")).unwrap().len();
    assert_eq!(written, 128 + 4 * result.entropy().len() as u64);
    std::fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn errors_have_a_status_and_a_sentence() {
    let context = Context::new().unwrap();
    let error = context.load_model("/no/such/model.pth").unwrap_err();
    assert_eq!(
        (error.status(), error.status().code()),
        (Status::NotFound, 41)
    );
    assert!(error.to_string().contains("/no/such/model.pth"), "{error}");
    assert_eq!(
        context.load_image("a\0b").unwrap_err().status(),
        Status::InvalidArgument
    );
    assert_eq!(
        context.load_image(demo(MODEL)).unwrap_err().status(),
        Status::Format
    );
    assert_eq!(
        context.load_model(demo(PICTURE)).unwrap_err().status(),
        Status::Format
    );
    assert_eq!(
        context
            .load_model_memory(&[], &ModelOptions::new())
            .unwrap_err()
            .status(),
        Status::Truncated
    );
    let error = Context::with(ContextOptions::new().threads(usize::MAX)).unwrap_err();
    assert!(error.to_string().contains("threads"), "{error}");
    Context::with(ContextOptions::new().threads(0)).unwrap_err();
    fit(usize::MAX, 1, 1).unwrap_err();
    fn boxed(error: Error) -> Box<dyn std::error::Error + Send + Sync> {
        error.into()
    }
    assert!(!boxed(error).to_string().is_empty());
}

#[test]
fn contexts_say_what_they_work_with() {
    let context = Context::with(ContextOptions::new().threads(2).cpu(Cpu::REF)).unwrap();
    let info = context.cpu_info().unwrap();
    assert_eq!(
        (info.threads, info.used, info.kernels.as_ref()),
        (2, Cpu::REF, "ref")
    );
    assert!(info.detected.contains(Cpu::REF));
    context.trim().unwrap();
    assert!(version().starts_with("0."));
    assert!(!supports("nonsense") && !supports("a\0b"));
}
