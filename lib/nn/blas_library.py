#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Writes segent_blas.h, the name under which CBLAS is found at run time: blas_library.py READELF PROBE HEADER"""
import re
import subprocess
import sys

readelf, probe, header = sys.argv[1:]
dynamic = subprocess.run([readelf, "-d", probe], text=True, capture_output=True, check=True, env={"LC_ALL": "C"}).stdout
# The C library comes last; the reference implementation needs nothing else for its CBLAS, others may.
needed = [name for name in re.findall(r"\(NEEDED\).*\[(.*)\]", dynamic) if not re.match(r"(libc|libm|ld-.*)\.so", name)]
if not needed:
    sys.exit("CBLAS was found as a static library only; it is loaded at run time, so a shared one is needed (or -Dblas=none)")
with open(header, "w") as file:
    file.write(f'#define SG_BLAS_LIBRARY "{needed[0]}"\n')
