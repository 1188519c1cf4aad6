# SPDX-License-Identifier: BSD-2-Clause
"""`python -m segent` is the command `segent`, if it is installed: the one beside the library, or the one on the PATH."""
from __future__ import annotations

import os
import pathlib
import shutil
import sys

from segent import library_path


def command() -> str | None:
    for folder in pathlib.Path(library_path).parents[1:4]:
        candidate = folder / "bin" / "segent"
        if os.access(candidate, os.X_OK) and candidate.is_file():
            return str(candidate)
    return shutil.which("segent")


def main() -> None:
    found = command()
    if not found:
        sys.exit("segent: the command is neither beside " + library_path + " nor on the PATH")
    sys.stdout.flush()
    os.execv(found, ["segent", *sys.argv[1:]])


if __name__ == "__main__":
    main()
