// SPDX-License-Identifier: BSD-2-Clause
//! A picture through a network: cargo run --example segment -- MODEL PICTURE

use segent::{Context, RunOptions};
use std::error::Error;

fn main() {
    if let Err(error) = segment() {
        eprintln!("{error}");
        std::process::exit(1);
    }
}

fn segment() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<_> = std::env::args_os().skip(1).collect();
    let [model, picture] = <[_; 2]>::try_from(arguments).map_err(|_| "segment MODEL PICTURE")?;
    let context = Context::new()?;
    let model = context.load_model(model)?;
    let image = context.load_image(picture)?;
    let result = context.run(&model, &image, &RunOptions::new())?;

    let (details, summary) = (model.details()?, result.summary()?);
    println!("{}, {} classes", details.architecture, details.classes);
    println!("image entropy {:.3}, mean {:.6}", summary.sum, summary.mean);
    for (id, class) in result.statistics().iter().enumerate() {
        if class.pixels() > 0 {
            let name = model
                .class_name(id)
                .unwrap_or_else(|| format!("class {id}").into());
            println!("{name}: {} pixels", class.pixels());
        }
    }
    Ok(())
}
