// SPDX-License-Identifier: BSD-2-Clause
//! Links with the installed library, which pkg-config finds. `PKG_CONFIG_PATH` names a copy elsewhere,
//! `SEGENT_STATIC=1` takes the static library.

fn main() {
    println!("cargo:rerun-if-env-changed=SEGENT_STATIC");
    let wants_static = std::env::var_os("SEGENT_STATIC").map_or(false, |value| value == "1");
    // While the version is 0.x, structs and functions may change with its second number.
    let found = pkg_config::Config::new()
        .range_version("0.9".."0.10")
        .statik(wants_static)
        .probe("segent");
    if let Err(error) = found {
        eprintln!("libsegent is not found by pkg-config; if it is installed, name its folder in PKG_CONFIG_PATH\n{error}");
        std::process::exit(1);
    }
}
