/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* malloc and its siblings of this whole process, shared libraries included, put in the place of the
 * C library's: they see every block that anybody asks for, and who asks. Beside them an allocator
 * for segent_options that counts what goes through it. */

#ifndef TEST_INTERPOSED_H
#define TEST_INTERPOSED_H

#include "host.h"

/* Blocks of memory that all threads asked for since interposed_begin(), by who asked. */
typedef struct interposed_counts {
    /* Blocks asked for outside of the allocator below by code that has no right to: this program,
     * which the library is a part of, libpng and zlib. */
    int64_t strays;
    int64_t strays_bytes;
    /* By anybody else: the C library, its loader, libjpeg, a BLAS. */
    int64_t others;
    int64_t others_live; /* of them, less what was freed */
    int64_t hooked;      /* through the allocator */
} interposed_counts;

/* Whether blocks can be seen: not with sanitizers or under valgrind, which have a malloc of their
 * own. */
bool interposed_works(void);

/* Whether a shared library whose name has this part is among those that have no right to blocks of
 * their own. */
bool interposed_watches(const char *part);

void interposed_begin(void);
interposed_counts interposed_end(void);

/* Settings whose allocator counts. All members may be read while no call goes on. */
typedef struct interposed_memory {
    int64_t blocks, bytes; /* that are held now */
    int64_t most;          /* bytes that were held at once */
    int64_t wrong;         /* NULL, or what the allocator did not make, was released */
} interposed_memory;
segent_options interposed_options(interposed_memory *memory);

#endif
