/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Writes names of any bytes as the command does: in JSON, and on a terminal. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "console.h"
#include "fuzz.h"
#include "json.h"
#include "utf8.h"

/* Checks a string of JSON behind its opening quote: it is valid UTF-8, its escapes exist, and
 * nothing follows it. */
static void check_string(const char *text)
{
    for (;;) {
        const uint32_t code = utf8_next(&text);
        fuzz_check(code != UTF8_INVALID, "JSON that is not UTF-8");
        fuzz_check(code >= 0x20, "a control character in JSON");
        if (code == '"')
            break;
        if (code != '\\')
            continue;
        fuzz_check(strchr("\"\\/bfnrtu", *text) && *text, "an escape that JSON does not have");
        fuzz_check(*text != 'u' || strspn(text + 1, "0123456789abcdefABCDEF") >= 4,
                   "an escape without its digits");
        text++;
    }
    fuzz_check(strcmp(text, "\n") == 0, "text after the string");
}

static void write_json(const char *text)
{
    char *written = NULL;
    size_t size = 0;
    sg_json json = {.file = open_memstream(&written, &size)};
    fuzz_check(json.file != NULL, "no memory for JSON");
    json_text(&json, NULL, text);
    json_end(&json);
    fclose(json.file);
    fuzz_check(written[0] == '"', "a string without its quote");
    check_string(written + 1);
    free(written);
}

/* Whether a character controls neither a terminal (C0, C1) nor the direction of writing. */
static bool is_harmless(uint32_t code)
{
    return code != UTF8_INVALID && code >= 0x20 && (code < 0x7f || code > 0x9f) &&
           (code < 0x202a || code > 0x202e) && (code < 0x2066 || code > 0x2069);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = malloc(size + 1);
    fuzz_check(text != NULL, "no memory for a name");
    if (size > 0)
        memcpy(text, data, size);
    text[size] = '\0';
    write_json(text);
    const size_t length = strlen(text);
    console_clean(text);
    fuzz_check(strlen(text) <= length, "a name that grows");
    for (const char *at = text; *at;) {
        const uint32_t code = utf8_next(&at);
        fuzz_check(is_harmless(code), "the terminal gets a control character, or half of one");
    }
    free(text);
    return 0;
}
