/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* AMX's instructions, as compilers made them, on processors that do not have them: each raises
 * SIGILL, whose handler does in plain C what it says and goes on behind it. */

#include "check.h"

#if SG_HAVE_AMX

#    include <signal.h>
#    include <string.h>
#    include <ucontext.h>

#    include "tiles_ref.h"

/* Of an instruction, by Intel's manual, volume 2: a VEX prefix of three bytes, the opcode, ModRM,
 * then SIB and a displacement if it has an address. */
enum { VEX = 0xc4, MAP_0F38 = 2, NO_PREFIX = 0, PREFIX_F3 = 2, PREFIX_F2 = 3 };
enum { AT_VEX_2 = 1, AT_VEX_3, AT_OPCODE, AT_MODRM, AT_SIB };
enum { CONFIGURATION = 0x49, MOVE = 0x4b, DOT = 0x5c };

typedef struct instruction {
    int opcode, prefix, operand; /* operand: the one in the VEX prefix */
    int reg, rm;                 /* ModRM's, as far as they name tiles */
    bool in_memory;
    int64_t address, stride; /* the index, times its scale */
    int64_t length;
} instruction;

static int64_t register_value(const ucontext_t *state, int number)
{
    static const int places[16] = {REG_RAX, REG_RCX, REG_RDX, REG_RBX, REG_RSP, REG_RBP,
                                   REG_RSI, REG_RDI, REG_R8,  REG_R9,  REG_R10, REG_R11,
                                   REG_R12, REG_R13, REG_R14, REG_R15};
    return state->uc_mcontext.gregs[places[number]];
}

static int32_t displacement(const uint8_t *from, int64_t bytes)
{
    int32_t wide = 0;
    if (bytes == 1)
        return (int8_t)from[0];
    memcpy(&wide, from, (size_t)bytes);
    return wide;
}

/* The address of ModRM and what follows. */
static void read_address(const ucontext_t *state, const uint8_t *code, instruction *i)
{
    const int mode = code[AT_MODRM] >> 6, extended_base = (code[AT_VEX_2] & 0x20) ? 0 : 8;
    const int extended_index = (code[AT_VEX_2] & 0x40) ? 0 : 8;
    int64_t at = AT_SIB, bytes = mode == 1 ? 1 : mode == 2 ? 4 : 0;
    int base = i->rm | extended_base;
    if (i->rm == 4) {
        const int sib = code[at++], index = (sib >> 3 & 7) | extended_index;
        base = (sib & 7) | extended_base;
        if (index != 4)
            i->stride = register_value(state, index) * (INT64_C(1) << (sib >> 6));
    }
    const bool absolute = mode == 0 && (base & 7) == 5; /* relative to what follows, without SIB */
    if (absolute)
        bytes = 4;
    i->length = at + bytes;
    i->address = displacement(code + at, bytes);
    if (!absolute)
        i->address += register_value(state, base);
    else if (i->rm == 5)
        i->address += state->uc_mcontext.gregs[REG_RIP] + i->length;
}

static instruction decode(const ucontext_t *state)
{
    const uint8_t *code = (const uint8_t *)state->uc_mcontext.gregs[REG_RIP];
    instruction i = {.opcode = -1};
    if (code[0] != VEX || (code[AT_VEX_2] & 0x1f) != MAP_0F38)
        return i;
    i.opcode = code[AT_OPCODE];
    i.prefix = code[AT_VEX_3] & 3;
    i.operand = ~code[AT_VEX_3] >> 3 & 15;
    i.reg = code[AT_MODRM] >> 3 & 7;
    i.rm = code[AT_MODRM] & 7;
    i.in_memory = code[AT_MODRM] >> 6 != 3;
    i.length = AT_SIB;
    if (i.in_memory)
        read_address(state, code, &i);
    return i;
}

static bool execute(const instruction *i)
{
    if (i->opcode == CONFIGURATION && i->prefix == NO_PREFIX && i->in_memory) {
        sg_tile_configuration sizes;
        memcpy(&sizes, (const void *)(i->address + i->stride), sizeof(sizes));
        tile_configure(&sizes);
    } else if (i->opcode == CONFIGURATION && i->prefix == NO_PREFIX) {
        tile_release();
    } else if (i->opcode == CONFIGURATION && i->prefix == PREFIX_F2 && !i->in_memory) {
        tile_zero(i->reg);
    } else if (i->opcode == MOVE && i->prefix == PREFIX_F2 && i->in_memory) {
        tile_load(i->reg, (const void *)i->address, i->stride);
    } else if (i->opcode == MOVE && i->prefix == PREFIX_F3 && i->in_memory) {
        tile_store(i->reg, (void *)i->address, i->stride);
    } else if (i->opcode == DOT && i->prefix == PREFIX_F3 && !i->in_memory) {
        tile_dot(i->reg, i->rm, i->operand);
    } else {
        return false;
    }
    return true;
}

/* What is none of AMX's ends the program when it is tried again. */
static void emulate(int number, siginfo_t *info, void *context)
{
    ucontext_t *state = context;
    const instruction i = decode(state);
    (void)info;
    if (execute(&i))
        state->uc_mcontext.gregs[REG_RIP] += i.length;
    else
        signal(number, SIG_DFL);
}

void check_emulated(void (*run)(void))
{
    struct sigaction ours = {.sa_sigaction = emulate, .sa_flags = SA_SIGINFO}, before;
    sigaction(SIGILL, &ours, &before);
    run();
    sigaction(SIGILL, &before, NULL);
}

#endif
