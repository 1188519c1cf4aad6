/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Where the file of a model is that was named by a path or by the name of a published network. */

#ifndef MODEL_FILE_H
#define MODEL_FILE_H

/* The path that is meant by `named`: itself, unless no such file exists and it is the name of a
 * published network or of its file. Then that file is looked for in the folders of published files,
 * which are $SEGENT_HOME and those of torch hub: hub/checkpoints in $TORCH_HOME,
 * torch/hub/checkpoints in $XDG_CACHE_HOME, and the same in ~/.cache. To free; NULL: none of them
 * has it, or the name is nearly that of a published network. */
char *model_file_find(const char *named);

/* Says why model_file_find() found nothing, and the command that fetches the file. */
void model_file_say_missing(const char *named);

/* The first folder of published files that the environment gives, which `segent fetch` fills. To
 * free; NULL: it gives none. */
char *model_file_home(void);

#endif
