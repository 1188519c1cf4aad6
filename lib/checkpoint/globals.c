/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* The closed list of what a pickle may name. */

#include "pickle.h"

#define STORAGE(name, dtype, size)                  \
    {                                               \
        "torch", name, SG_ROLE_STORAGE, dtype, size \
    }
#define INERT(module, name)               \
    {                                     \
        module, name, SG_ROLE_INERT, 0, 0 \
    }

static const sg_global globals[] = {
    {"torch._utils", "_rebuild_tensor_v2", SG_ROLE_TENSOR, 0, 0},
    {"torch._utils", "_rebuild_parameter", SG_ROLE_PARAMETER, 0, 0},
    {"collections", "OrderedDict", SG_ROLE_DICT, 0, 0},
    STORAGE("FloatStorage", SEGENT_DTYPE_F32, 4),
    STORAGE("HalfStorage", SEGENT_DTYPE_F16, 2),
    STORAGE("BFloat16Storage", SEGENT_DTYPE_BF16, 2),
    STORAGE("DoubleStorage", SEGENT_DTYPE_F64, 8),
    STORAGE("LongStorage", SEGENT_DTYPE_I64, 8),
    STORAGE("IntStorage", SEGENT_DTYPE_I32, 4),
    STORAGE("ShortStorage", SEGENT_DTYPE_I16, 2),
    STORAGE("CharStorage", SEGENT_DTYPE_I8, 1),
    STORAGE("ByteStorage", SEGENT_DTYPE_U8, 1),
    STORAGE("BoolStorage", SEGENT_DTYPE_BOOL, 1),
    STORAGE("ComplexFloatStorage", 0, 8),
    STORAGE("ComplexDoubleStorage", 0, 16),
    {"torch.storage", "UntypedStorage", SG_ROLE_STORAGE, SEGENT_DTYPE_U8, 1},
    /* What training scripts keep beside the weights. */
    INERT("argparse", "Namespace"),
    INERT("collections", "Counter"),
    INERT("torch", "Size"),
    INERT("torch", "device"),
    INERT("torch", "float32"),
    INERT("torch", "float16"),
    INERT("torch", "bfloat16"),
    INERT("torch", "float64"),
    INERT("torch", "int64"),
    INERT("numpy", "dtype"),
    INERT("numpy.core.multiarray", "scalar"),
    INERT("numpy._core.multiarray", "scalar"),
    INERT("pathlib", "PosixPath"),
    INERT("_codecs", "encode"),
    INERT("__builtin__", "set"),
    INERT("__builtin__", "frozenset"),
    INERT("__builtin__", "int"),
    INERT("__builtin__", "float"),
    INERT("__builtin__", "list"),
    INERT("__builtin__", "dict"),
};

const sg_global *sg_global_find(sg_span module, sg_span name)
{
    for (size_t i = 0; i < sizeof(globals) / sizeof(globals[0]); i++) {
        if (sg_span_is(module, globals[i].module) && sg_span_is(name, globals[i].name))
            return globals + i;
    }
    return NULL;
}
