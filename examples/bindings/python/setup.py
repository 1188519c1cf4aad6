# SPDX-License-Identifier: BSD-2-Clause
"""What pyproject.toml cannot say: with SEGENT_BUNDLE=1 in the environment the wheel carries the library that is found, and is for
this kind of machine. Nothing is compiled."""
import os
import pathlib
import re
import runpy
import shutil

from setuptools import Distribution, setup
from setuptools.command.build_py import build_py
from wheel.bdist_wheel import bdist_wheel

SOURCES = pathlib.Path(__file__).resolve().parent / "src" / "segent"
BUNDLE = os.environ.get("SEGENT_BUNDLE", "0") not in ("", "0")


class Build(build_py):
    def run(self):
        super().run()
        folder = pathlib.Path(self.build_lib) / "segent" / "lib"
        shutil.rmtree(folder, ignore_errors=True)
        if BUNDLE:
            finder = runpy.run_path(str(SOURCES / "_find.py"))
            version = re.search(r'^VERSION = "(.*)"', (SOURCES / "_api.py").read_text(), re.M)[1]
            folder.mkdir()
            shutil.copyfile(finder["path_of"](finder["load"](version)), folder / "libsegent.so")


class Platform(Distribution):
    """Of one kind of machine, if it carries the library."""

    def has_ext_modules(self):
        return BUNDLE


class Wheel(bdist_wheel):
    def get_tag(self):
        """The library knows nothing of Python: any version of it will do."""
        return ("py3", "none", super().get_tag()[2])


setup(distclass=Platform, cmdclass={"build_py": Build, "bdist_wheel": Wheel})
