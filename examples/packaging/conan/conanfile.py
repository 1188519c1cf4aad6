# SPDX-License-Identifier: BSD-2-Clause
"""libsegent for Conan 2, made of the tree that this file lies in:

    conan create examples/packaging/conan --build=missing

By default the library is static, reads PNG, JPEG and compressed checkpoints with Conan's own libpng, libjpeg-turbo and zlib, and comes without
the command. A profile that has the three under [platform_requires] takes those of the system in their place (docs/packaging.md)."""
import os
import re

from conan import ConanFile
from conan.errors import ConanInvalidConfiguration
from conan.tools.files import copy, load, rmdir
from conan.tools.gnu import PkgConfigDeps
from conan.tools.layout import basic_layout
from conan.tools.meson import Meson, MesonToolchain

required_conan_version = ">=2.1"

# What an option needs: a package of Conan's with its versions, and what a static library is linked with where the system has it instead.
NEEDS = {"png": ("libpng/[>=1.6 <2]", "png"), "jpeg": ("libjpeg-turbo/[>=2.1 <4]", "jpeg"), "zlib": ("zlib/[>=1.2.11 <2]", "z")}


class SegentConan(ConanFile):
    name = "segent"
    description = "Semantic segmentation with its uncertainty: class labels and an entropy map of a picture, without Python"
    license = "BSD-2-Clause"
    topics = ("semantic-segmentation", "uncertainty", "computer-vision")
    package_type = "library"
    settings = "os", "arch", "compiler", "build_type"
    options = {"shared": [True, False], "fPIC": [True, False], "png": [True, False], "jpeg": [True, False], "zlib": [True, False], "command": [True, False]}
    default_options = {"shared": False, "fPIC": True, "png": True, "jpeg": True, "zlib": True, "command": False}
    options_description = {
        "png": "read and write PNG", "jpeg": "read JPEG", "zlib": "read compressed checkpoints", "command": "the segent command, which draws names of classes in Latin script only"}

    def set_version(self):
        tree = os.path.join(self.recipe_folder, "..", "..", "..")
        self.version = re.search(r"^\s*version: '([0-9.]+)'", load(self, os.path.join(tree, "meson.build")), re.M)[1]

    def export_sources(self):
        tree = os.path.join(self.recipe_folder, "..", "..", "..")
        for pattern in ("meson.build", "meson_options.txt", "LICENSE", "include/*", "lib/*", "kernels/*", "src/*", "pkgconfig/*", "docs/meson.build", "docs/segent.json",
                        "docs/completions/*", "examples/meson.build", "examples/demo/segent-demo.safetensors"):
            copy(self, pattern, tree, self.export_sources_folder)

    def configure(self):
        if self.options.shared:
            self.options.rm_safe("fPIC")
        self.settings.rm_safe("compiler.libcxx")
        self.settings.rm_safe("compiler.cppstd")

    def validate(self):
        if self.settings.os != "Linux":
            raise ConanInvalidConfiguration("libsegent is written for Linux")

    def layout(self):
        basic_layout(self)

    def requirements(self):
        for option in self.wanted():
            self.requires(NEEDS[option][0])
        if self.options.png and not self.options.zlib: # libpng's streams are read with it
            self.requires(NEEDS["zlib"][0])

    def build_requirements(self):
        self.tool_requires("meson/[>=1.0.1 <2]")
        if not self.conf.get("tools.gnu:pkg_config", check_type=str):
            self.tool_requires("pkgconf/[>=1.8 <3]")

    def wanted(self):
        return [option for option in NEEDS if self.options.get_safe(option)]

    def generate(self):
        toolchain = MesonToolchain(self)
        feature = {True: "enabled", False: "disabled"}
        for option in NEEDS:
            toolchain.project_options[option] = feature[bool(self.options.get_safe(option))]
        toolchain.project_options["cli"] = feature[bool(self.options.command)]
        # Nothing that happens to be on the machine. The kernels for x86-64 and 64-bit ARM need no BLAS; other processors get plain C.
        toolchain.project_options["blas"] = "none"
        for option in ("docs", "examples", "fonts", "tests"):
            toolchain.project_options[option] = "disabled"
        toolchain.generate()
        PkgConfigDeps(self).generate()

    def build(self):
        meson = Meson(self)
        meson.configure()
        meson.build()

    def package(self):
        Meson(self).install()
        copy(self, "LICENSE", self.source_folder, os.path.join(self.package_folder, "licenses"))
        # Conan's generators write these for whoever uses the package.
        rmdir(self, os.path.join(self.package_folder, "lib", "cmake"))
        rmdir(self, os.path.join(self.package_folder, "lib", "pkgconfig"))

    def package_info(self):
        self.cpp_info.libs = ["segent"]
        self.cpp_info.resdirs = ["share"]
        self.cpp_info.system_libs = ["m", "pthread", "dl"]
        self.cpp_info.set_property("cmake_file_name", "segent")
        self.cpp_info.set_property("cmake_target_name", "segent::segent")
        self.cpp_info.set_property("pkg_config_name", "segent")
        if not self.options.shared:
            self.cpp_info.system_libs += self.from_the_system()

    def from_the_system(self):
        """Libraries that a static one is linked with and that [platform_requires] says are the system's, so that no package brings them."""
        packages = {str(dependency.ref.name) for dependency in self.dependencies.host.values()}
        needed = {NEEDS[option] for option in self.wanted()} | ({NEEDS["zlib"]} if self.options.png else set())
        return sorted(library for package, library in needed if package.split("/")[0] not in packages)
