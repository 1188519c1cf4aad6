/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#include "interposed.h"

#include <errno.h>
#include <link.h>
#include <malloc.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "sanitizers.h"

/* ---- who asks ---- */

enum { RANGES_MAX = 16, NAME_SIZE = 128 };

/* Code of an object that has no right to blocks of its own. */
typedef struct range {
    uintptr_t begin, end;
    char name[NAME_SIZE];
} range;

static range ranges[RANGES_MAX];
static int range_count;

static bool is_watched(const char *name)
{
    /* The program itself has no name. */
    return !*name || strstr(name, "libpng") || strstr(name, "libz.");
}

static int add_object(struct dl_phdr_info *object, size_t size, void *user)
{
    (void)size, (void)user;
    if (!is_watched(object->dlpi_name))
        return 0;
    for (int i = 0; i < object->dlpi_phnum && range_count < RANGES_MAX; i++) {
        const ElfW(Phdr) *part = &object->dlpi_phdr[i];
        if (part->p_type != PT_LOAD || !(part->p_flags & PF_X))
            continue;
        range *code = &ranges[range_count++];
        code->begin = (uintptr_t)object->dlpi_addr + (uintptr_t)part->p_vaddr;
        code->end = code->begin + (uintptr_t)part->p_memsz;
        strncpy(code->name, object->dlpi_name, NAME_SIZE - 1);
    }
    return 0;
}

/* Before main, and before any thread. */
__attribute__((constructor)) static void find_ranges(void)
{
    dl_iterate_phdr(add_object, NULL);
}

bool interposed_watches(const char *part)
{
    for (int i = 0; i < range_count; i++) {
        if (strstr(ranges[i].name, part))
            return true;
    }
    return false;
}

/* ---- counting ---- */

static atomic_bool counts;
static atomic_int_fast64_t strays, strays_bytes, others, others_live, hooked;

bool interposed_works(void)
{
    return !TEST_ADDRESS_SANITIZER && !TEST_THREAD_SANITIZER && !getenv("SEGENT_TEST_BRIEF");
}

void interposed_begin(void)
{
    strays = strays_bytes = others = others_live = hooked = 0;
    counts = true;
}

interposed_counts interposed_end(void)
{
    counts = false;
    return (interposed_counts){strays, strays_bytes, others, others_live, hooked};
}

#if TEST_ADDRESS_SANITIZER || TEST_THREAD_SANITIZER

#    define UNSEEN_MALLOC malloc
#    define UNSEEN_FREE   free

#else

/* glibc's own, under the names that it has for those who take the place of the others. */
extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *block, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);
extern void __libc_free(void *block);

#    define UNSEEN_MALLOC __libc_malloc
#    define UNSEEN_FREE   __libc_free
#    define CALLER        __builtin_return_address(0)

static void note(const void *caller, size_t size)
{
    if (!counts)
        return;
    for (int i = 0; i < range_count; i++) {
        if ((uintptr_t)caller >= ranges[i].begin && (uintptr_t)caller < ranges[i].end) {
            strays++;
            strays_bytes += (int64_t)size;
            return;
        }
    }
    others++;
    others_live++;
}

void *malloc(size_t size)
{
    note(CALLER, size);
    return __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
    note(CALLER, count * size);
    return __libc_calloc(count, size);
}

void *realloc(void *block, size_t size)
{
    if (!block)
        note(CALLER, size);
    return __libc_realloc(block, size);
}

void *memalign(size_t alignment, size_t size)
{
    note(CALLER, size);
    return __libc_memalign(alignment, size);
}

void *aligned_alloc(size_t alignment, size_t size)
{
    note(CALLER, size);
    return __libc_memalign(alignment, size);
}

int posix_memalign(void **block, size_t alignment, size_t size)
{
    note(CALLER, size);
    void *made = __libc_memalign(alignment, size);
    if (!made)
        return ENOMEM;
    *block = made;
    return 0;
}

void free(void *block)
{
    if (block && counts)
        others_live--;
    __libc_free(block);
}

#endif

/* ---- the allocator ---- */

enum { MAGIC = 0x5e6e27, HEAD = 16 };

typedef struct head {
    size_t size;
    int32_t magic;
} head;

_Static_assert(sizeof(head) <= HEAD, "what is before a block has room");

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static void *allocate(void *user, size_t size)
{
    interposed_memory *memory = user;
    char *raw = UNSEEN_MALLOC(size + HEAD);
    if (!raw)
        return NULL;
    const head made = {size, MAGIC};
    memcpy(raw, &made, sizeof(made));
    hooked++;
    pthread_mutex_lock(&mutex);
    memory->blocks++;
    memory->bytes += (int64_t)size;
    if (memory->bytes > memory->most)
        memory->most = memory->bytes;
    pthread_mutex_unlock(&mutex);
    return raw + HEAD;
}

static void release(void *user, void *block)
{
    interposed_memory *memory = user;
    head made = {0, 0};
    if (block)
        memcpy(&made, (char *)block - HEAD, sizeof(made));
    pthread_mutex_lock(&mutex);
    memory->wrong += made.magic != MAGIC;
    memory->blocks--;
    memory->bytes -= (int64_t)made.size;
    pthread_mutex_unlock(&mutex);
    if (made.magic != MAGIC)
        return;
    memset((char *)block - HEAD, 0, HEAD);
    UNSEEN_FREE((char *)block - HEAD);
}

segent_options interposed_options(interposed_memory *memory)
{
    segent_options options = segent_options_init();
    options.allocate = allocate;
    options.release = release;
    options.allocator_user = memory;
    return options;
}
