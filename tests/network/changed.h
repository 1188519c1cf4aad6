/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Changes to a generated network before it is written, and whether a network is made of it. */

#ifndef TEST_NETWORK_CHANGED_H
#define TEST_NETWORK_CHANGED_H

#include "common.h"

/* Takes out one tensor, or all whose names begin with `prefix`. */
void network_remove(test_network *network, size_t index);
void network_remove_all(test_network *network, const char *prefix);

/* Puts `to` in the place of `from` where names begin with that. */
void network_rename(test_network *network, const char *from, const char *to);

/* Writes the network, expects that it is refused and that the sentence has these parts (`tensor`
 * may be NULL); frees it. */
void network_refused(test_network *source, const char *tensor, const char *problem);

/* Writes the network, expects that it is taken; frees it. */
sg_built *network_taken(test_network *source);

#endif
