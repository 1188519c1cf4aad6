/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Whether a test is built with the address or the thread sanitizer, which gcc and clang say in
 * ways of their own. */

#ifndef TEST_SANITIZERS_H
#define TEST_SANITIZERS_H

#if defined(__SANITIZE_ADDRESS__)
#    define TEST_ADDRESS_SANITIZER 1
#elif defined(__has_feature)
#    if __has_feature(address_sanitizer)
#        define TEST_ADDRESS_SANITIZER 1
#    endif
#endif
#ifndef TEST_ADDRESS_SANITIZER
#    define TEST_ADDRESS_SANITIZER 0
#endif

#if defined(__SANITIZE_THREAD__)
#    define TEST_THREAD_SANITIZER 1
#elif defined(__has_feature)
#    if __has_feature(thread_sanitizer)
#        define TEST_THREAD_SANITIZER 1
#    endif
#endif
#ifndef TEST_THREAD_SANITIZER
#    define TEST_THREAD_SANITIZER 0
#endif

#endif
