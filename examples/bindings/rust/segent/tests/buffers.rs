// SPDX-License-Identifier: BSD-2-Clause
//! Functions on the caller's buffers, and which views are refused.

use segent::*;

/// Three classes of 2 x 2 pixels, (C, H, W).
const LOGITS: [f32; 12] = [0.0, 5.0, 1.0, 0.0, 0.0, 1.0, 3.0, 0.0, 0.0, 2.0, 2.0, 9.0];

fn softmax(z: [f32; 3]) -> [f32; 3] {
    let e = z.map(f32::exp);
    e.map(|x| x / e.iter().sum::<f32>())
}

fn pixel(i: usize) -> [f32; 3] {
    [LOGITS[i], LOGITS[4 + i], LOGITS[8 + i]]
}

fn close(found: f32, expected: f32) {
    assert!((found - expected).abs() < 1e-5, "{found}, not {expected}");
}

#[test]
fn softmax_is_the_formula() {
    let context = Context::new().unwrap();
    let mut probabilities = [0.0; 12];
    let to = TensorMut::chw(&mut probabilities, 3, 2, 2).unwrap();
    context
        .softmax(Tensor::chw(&LOGITS, 3, 2, 2).unwrap(), to)
        .unwrap();
    for i in 0..4 {
        for (c, expected) in softmax(pixel(i)).into_iter().enumerate() {
            close(probabilities[4 * c + i], expected);
        }
    }
    let mut in_place = LOGITS;
    let mut view = TensorMut::chw(&mut in_place, 3, 2, 2).unwrap();
    context.softmax_in_place(view.reborrow()).unwrap();
    assert_eq!(view.as_shared().size(), [3, 2, 2]);
    assert_eq!(in_place, probabilities);
}

#[test]
fn entropy_in_every_unit_from_logits_and_probabilities() {
    let context = Context::new().unwrap();
    let logits = Tensor::chw(&LOGITS, 3, 2, 2).unwrap();
    let mut probabilities = [0.0; 12];
    context
        .softmax(logits, TensorMut::chw(&mut probabilities, 3, 2, 2).unwrap())
        .unwrap();
    let units = [
        (Unit::Nats, 1.0),
        (Unit::Bits, 2f32.ln()),
        (Unit::Normalized, 3f32.ln()),
    ];
    for (unit, divisor) in units {
        let options = EntropyOptions::new().unit(unit);
        let sources = [
            (logits, options.clone()),
            (
                Tensor::chw(&probabilities, 3, 2, 2).unwrap(),
                options.source(Source::Probabilities).strict(0.0),
            ),
        ];
        for (values, options) in sources {
            let mut entropy = [0.0; 4];
            context
                .entropy_map(values, &options, MapMut::new(&mut entropy, 2, 2).unwrap())
                .unwrap();
            for (i, found) in entropy.into_iter().enumerate() {
                let nats: f32 = softmax(pixel(i)).iter().map(|p| -p * p.ln()).sum();
                close(found, nats / divisor);
            }
        }
    }
    let strict = EntropyOptions::new()
        .source(Source::Probabilities)
        .strict(1e-4);
    let mut entropy = [0.0; 4];
    let error = context
        .entropy_map(logits, &strict, MapMut::new(&mut entropy, 2, 2).unwrap())
        .unwrap_err();
    assert_eq!(error.status(), Status::NotProbability);
}

#[test]
fn strides_of_any_kind() {
    let context = Context::new().unwrap();
    let dense = Tensor::chw(&LOGITS, 3, 2, 2).unwrap();
    let mut expected = [0.0; 4];
    let options = EntropyOptions::new();
    context
        .entropy_map(dense, &options, MapMut::new(&mut expected, 2, 2).unwrap())
        .unwrap();

    // The same values as (H, W, C), and with rows bottom-up in rows that are padded.
    let hwc: Vec<f32> = (0..4).flat_map(pixel).collect();
    let mut padded = vec![f32::NAN; 3 * 2 * 5];
    for c in 0..3 {
        for i in 0..4 {
            padded[c * 10 + (1 - i / 2) * 5 + i % 2] = LOGITS[4 * c + i];
        }
    }
    let bottom_up = TensorLayout {
        first: 5,
        size: [3, 2, 2],
        strides: [10, -5, 1],
    };
    let views = [
        Tensor::hwc(&hwc, 2, 2, 3).unwrap(),
        Tensor::with_layout(&padded, bottom_up).unwrap(),
    ];
    for view in views {
        let mut entropy = [9.0; 8];
        let every_other = MapLayout {
            first: 7,
            size: [2, 2],
            strides: [-4, -2],
        };
        let to = MapMut::with_layout(&mut entropy, every_other).unwrap();
        context.entropy_map(view, &options, to).unwrap();
        let found = [entropy[7], entropy[5], entropy[3], entropy[1]];
        assert_eq!(found, expected);
        assert!(entropy.iter().step_by(2).all(|value| *value == 9.0));
    }
}

#[test]
fn argmax_statistics_and_sums() {
    let context = Context::new().unwrap();
    let logits = Tensor::chw(&LOGITS, 3, 2, 2).unwrap();
    let (mut bytes, mut words) = ([9u8; 4], [9u16; 4]);
    context
        .argmax(logits, LabelsMut::new(&mut bytes, 2, 2).unwrap())
        .unwrap();
    context
        .argmax(logits, LabelsMut::new(&mut words, 2, 2).unwrap())
        .unwrap();
    assert_eq!((bytes, words), ([0, 0, 1, 2], [0, 0, 1, 2]));

    let entropy = [0.25, 0.75, 0.5, 1.0];
    let map = Map::new(&entropy, 2, 2).unwrap();
    let labels = Labels::new(&bytes, 2, 2).unwrap();
    let statistics = context.statistics_per_class(labels, Some(map), 3).unwrap();
    let found: Vec<_> = statistics
        .iter()
        .map(|s| (s.pixels(), s.entropy_mean()))
        .collect();
    assert_eq!(found, [(2, 0.5), (1, 0.5), (1, 1.0)]);
    let error = context.statistics_per_class(labels, None, 2).unwrap_err();
    assert_eq!(error.status(), Status::InvalidArgument);

    let all = context.image_entropy(map, None).unwrap();
    assert_eq!((all.pixels, all.sum, all.mean), (4, 2.5, 0.625));
    assert_eq!((all.minimum, all.maximum), (0.25, 1.0));
    let some = context.image_entropy(map, Some(labels)).unwrap();
    assert_eq!((some.pixels, some.mean), (2, 0.5));
}

#[test]
fn one_pass_makes_what_is_asked_for() {
    let context = Context::new().unwrap();
    let logits = Tensor::chw(&LOGITS, 3, 2, 2).unwrap();
    let (mut labels, mut entropy, mut top, mut margin) = ([9u8; 4], [9.0; 4], [9.0; 4], [9.0; 4]);
    let (mut full, mut probabilities) = ([9.0; 12], [9.0; 12]);
    let maps = Maps::new(2, 2)
        .labels(LabelsMut::new(&mut labels, 2, 2).unwrap())
        .entropy(MapMut::new(&mut entropy, 2, 2).unwrap())
        .top_probability(MapMut::new(&mut top, 2, 2).unwrap())
        .margin(MapMut::new(&mut margin, 2, 2).unwrap())
        .logits(TensorMut::chw(&mut full, 3, 2, 2).unwrap())
        .probabilities(TensorMut::chw(&mut probabilities, 3, 2, 2).unwrap());
    let summary = context
        .uncertainty_from_logits(logits, &UncertaintyOptions::new(), maps)
        .unwrap();
    assert_eq!((full, labels), (LOGITS, [0, 0, 1, 2]));
    close(summary.sum as f32, entropy.iter().sum());
    for i in 0..4 {
        let mut sorted = softmax(pixel(i));
        sorted.sort_by(|a, b| b.total_cmp(a));
        close(top[i], sorted[0]);
        close(margin[i], sorted[0] - sorted[1]);
        close(probabilities[4 + i], softmax(pixel(i))[1]);
    }
    // A view of another size than the outputs, which would be written beyond its end.
    let mut small = [0.0; 2];
    let maps = Maps::new(2, 2).entropy(MapMut::new(&mut small, 1, 2).unwrap());
    let error = context
        .uncertainty_from_logits(logits, &UncertaintyOptions::new(), maps)
        .unwrap_err();
    assert_eq!(error.status(), Status::InvalidArgument);
    let nothing =
        context.uncertainty_from_logits(logits, &UncertaintyOptions::new(), Maps::new(0, 2));
    assert_eq!(nothing.unwrap_err().status(), Status::InvalidArgument);
}

#[test]
fn colours() {
    let context = Context::new().unwrap();
    assert_eq!(
        voc_palette(3).unwrap(),
        [[0, 0, 0], [128, 0, 0], [0, 128, 0]]
    );
    let labels = [0u8, 2, 1, 0];
    let labels = Labels::new(&labels, 2, 2).unwrap();
    let mut bgra = [9u8; 16];
    let pixels = PixelsMut::new(&mut bgra, PixelFormat::Bgra, 2, 2).unwrap();
    context.decode_palette(labels, None, pixels).unwrap();
    assert_eq!(
        bgra,
        [0, 0, 0, 255, 0, 128, 0, 255, 0, 0, 128, 255, 0, 0, 0, 255]
    );
    for palette in [&[[1, 2, 3], [4, 5, 6]][..], &[]] {
        let mut rgb = [0u8; 12];
        let pixels = PixelsMut::new(&mut rgb, PixelFormat::Rgb, 2, 2).unwrap();
        let error = context
            .decode_palette(labels, Some(palette), pixels)
            .unwrap_err();
        assert_eq!(error.status(), Status::InvalidArgument);
    }
    let mut rgb = [0u8; 6];
    let pixels = PixelsMut::new(&mut rgb, PixelFormat::Rgb, 1, 2).unwrap();
    let map = Map::new(&[0.0, 1.0], 1, 2).unwrap();
    context
        .apply_colormap(map, Colormap::Jet, 0.0, 1.0, pixels)
        .unwrap();
    assert!(rgb[2] > 100 && rgb[0] == 0 && rgb[3] > 100 && rgb[5] == 0);
}

#[test]
fn views_beyond_their_slices_are_refused() {
    let data = [0.0f32; 12];
    let layout = |first, size, strides| {
        Tensor::with_layout(
            &data,
            TensorLayout {
                first,
                size,
                strides,
            },
        )
        .map(|_| ())
    };
    layout(0, [3, 2, 2], [4, 2, 1]).unwrap();
    layout(11, [3, 2, 2], [-4, -2, -1]).unwrap();
    layout(3, [5, 2, 2], [0, 2, 1]).unwrap(); // the same values for each class: fine to read
    layout(11, [1, 1, 1], [0, 0, 0]).unwrap();
    let refused = [
        (0, [3, 2, 2], [4, 3, 1]),
        (1, [3, 2, 2], [4, 2, 1]),
        (0, [3, 2, 2], [4, -2, 1]),
        (12, [1, 1, 1], [1, 1, 1]),
        (usize::MAX, [1, 1, 1], [1, 1, 1]),
        // Sizes of 0 and strides that are all 0 have another meaning in C.
        (0, [0, 2, 2], [4, 2, 1]),
        (0, [3, 2, 0], [4, 2, 1]),
        (0, [3, 2, 2], [0, 0, 0]),
        (0, [100, 100, 100], [0, 0, 0]),
        // Products beyond any integer.
        (0, [usize::MAX, 2, 2], [1, 1, 1]),
        (
            0,
            [i64::MAX as usize, i64::MAX as usize, 2],
            [isize::MAX, isize::MAX, isize::MAX],
        ),
        (11, [i64::MAX as usize, 1, 1], [isize::MIN, 1, 1]),
        (
            0,
            [i64::MAX as usize, i64::MAX as usize, 1],
            [isize::MAX, isize::MIN, 1],
        ),
    ];
    for (first, size, strides) in refused {
        let error = layout(first, size, strides).unwrap_err();
        assert_eq!(
            error.status(),
            Status::InvalidArgument,
            "{size:?} {strides:?}"
        );
    }
    for (channels, height, width) in [(3, 2, 3), (3, 2, 1), (0, 2, 2), (usize::MAX, 2, 2)] {
        Tensor::chw(&data, channels, height, width).unwrap_err();
        Tensor::hwc(&data, height, width, channels).unwrap_err();
    }
    Tensor::chw(&[], 0, 0, 0).unwrap_err();
    Map::new(&data, 3, 5).unwrap_err();
    Labels::new(&[0u16; 5], 2, 3).unwrap_err();
    Map::new(&[], 0, 1).unwrap_err();
}

#[test]
fn views_to_be_written_do_not_overlap() {
    let mut data = [0.0f32; 12];
    let mut layout = |size, strides| {
        TensorMut::with_layout(
            &mut data,
            TensorLayout {
                first: 0,
                size,
                strides,
            },
        )
        .map(|_| ())
    };
    layout([3, 2, 2], [4, 2, 1]).unwrap();
    layout([3, 2, 2], [1, 6, 3]).unwrap();
    for strides in [[0, 2, 1], [4, 1, 1], [4, 0, 1], [3, 2, 1], [1, 2, 3]] {
        layout([3, 2, 2], strides).unwrap_err();
    }
    let mut data = [0u8; 12];
    let mut rows = |height, row_stride| {
        let layout = PixelLayout {
            format: PixelFormat::Rgb,
            first: 0,
            size: [height, 2],
            row_stride,
        };
        PixelsMut::with_layout(&mut data, layout).map(|_| ())
    };
    rows(2, 6).unwrap();
    rows(1, 0).unwrap();
    for row_stride in [0, 5, -6, 7, isize::MIN] {
        rows(2, row_stride).unwrap_err();
    }
    Pixels::new(&[0; 12], PixelFormat::Rgba, 2, 2).unwrap_err();
    Pixels::new(&[0; 12], PixelFormat::Rgb, 2, usize::MAX / 2).unwrap_err();
    Pixels::new(&[0; 11], PixelFormat::Rgb, 2, 2).unwrap_err();
}
