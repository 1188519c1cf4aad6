/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* How much processor time this process may take. */

#ifndef SG_QUOTA_H
#define SG_QUOTA_H

#include <stdint.h>

/* Processors that the CPU quotas of this process's control groups and of all above them are worth,
 * rounded up, at least 1; INT32_MAX: there is no quota. Knows both versions of Linux's control
 * groups where systemd and containers mount them, below /sys/fs/cgroup. `root` stands before the
 * names of all files, "" for the system's. */
int32_t sg_quota_processors(const char *root);

/* Threads for a host that has not said how many: the processors this process may run on, or those
 * its quota is worth if they are fewer. */
int32_t sg_default_threads(void);

#endif
