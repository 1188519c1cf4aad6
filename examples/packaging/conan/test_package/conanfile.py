# SPDX-License-Identifier: BSD-2-Clause
"""Builds a program with the package, as users do, and runs it; the package's command too, where it has one."""
import os

from conan import ConanFile
from conan.tools.build import can_run
from conan.tools.cmake import CMake, cmake_layout


class TestSegentConan(ConanFile):
    settings = "os", "arch", "compiler", "build_type"
    generators = "CMakeDeps", "CMakeToolchain", "VirtualRunEnv"

    def requirements(self):
        self.requires(self.tested_reference_str, run=True)

    def layout(self):
        cmake_layout(self)

    def build(self):
        cmake = CMake(self)
        cmake.configure()
        cmake.build()

    def test(self):
        if not can_run(self):
            return
        features = " ".join(name for name in ("png", "jpeg", "zlib") if self.dependencies["segent"].options.get_safe(name))
        self.run(f"{os.path.join(self.cpp.build.bindir, 'test_package')} {features}", env="conanrun")
        if self.dependencies["segent"].options.command:
            self.run("segent --version", env="conanrun")
