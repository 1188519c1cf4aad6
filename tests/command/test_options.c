/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#include "support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "option_table.h"
#include "words.h"

enum { ARGUMENTS_MAX = 32 };

/* Parses words that are separated by single spaces. */
static bool parse(const sg_command *command, const char *line, sg_settings *settings)
{
    static char words[256];
    char *arguments[ARGUMENTS_MAX];
    int count = 0;
    snprintf(words, sizeof(words), "%s", line);
    for (char *word = words; word && *line;) {
        char *space = strchr(word, ' ');
        if (space)
            *space = '\0';
        assert_true(count < ARGUMENTS_MAX);
        arguments[count++] = word;
        word = space ? space + 1 : NULL;
    }
    return options_parse(command, count, arguments, settings);
}

static void assert_parses(const sg_command *command, const char *line, sg_settings *settings)
{
    if (!parse(command, line, settings))
        fail_msg("refused: %s %s", command->name, line);
}

static void assert_refused(const sg_command *command, const char *line)
{
    sg_settings settings;
    if (parse(command, line, &settings))
        fail_msg("accepted: %s %s", command->name, line);
    free(settings.inputs);
}

static void test_defaults(void **state)
{
    (void)state;
    sg_settings settings;
    assert_parses(&run_command, "a.jpg", &settings);
    assert_int_equal(settings.input_count, 1);
    assert_string_equal(settings.inputs[0], "a.jpg");
    assert_null(settings.model);
    assert_string_equal(settings.out, ".");
    assert_int_equal(settings.save, 1u << SAVE_PANEL | 1u << SAVE_LABELS | 1u << SAVE_ENTROPY);
    assert_int_equal(settings.size, -1);
    assert_int_equal(settings.threads, 0);
    assert_int_equal(settings.background, -1);
    assert_int_equal(settings.progress, -1);
    assert_false(settings.json);
    assert_false(option_given(&settings, "out"));
    free(settings.inputs);
}

static void test_spellings(void **state)
{
    (void)state;
    static const char *const lines[] = {
        "-m w.pth -t 4 -o out --size 320 -v a b",
        "-mw.pth -t4 -oout --size=320 -v a b",
        "a -vt4 --model w.pth b --out=out --size 320",
        "-vm w.pth --threads=4 -o out --size 320 -- a b",
    };
    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
        sg_settings settings;
        assert_parses(&run_command, lines[i], &settings);
        assert_string_equal(settings.model, "w.pth");
        assert_string_equal(settings.out, "out");
        assert_int_equal(settings.threads, 4);
        assert_int_equal(settings.size, 320);
        assert_true(settings.verbose);
        assert_true(option_given(&settings, "size"));
        assert_int_equal(settings.input_count, 2);
        assert_string_equal(settings.inputs[0], "a");
        assert_string_equal(settings.inputs[1], "b");
        free(settings.inputs);
    }
}

static void test_values(void **state)
{
    (void)state;
    sg_settings settings;
    assert_parses(&run_command,
                  "--output-size original --engine small --entropy-range auto --colormap viridis "
                  "--background ff8000 --temperature 1.5e0 --pixel-limit 1000000000 --no-progress "
                  "--memory-limit 4294967296 --scan-limit 7 a",
                  &settings);
    assert_int_equal(settings.output_size, SEGENT_OUTPUT_ORIGINAL);
    assert_int_equal(settings.engine, SEGENT_ENGINE_SMALL);
    assert_int_equal(settings.range, RANGE_AUTO);
    assert_int_equal(settings.colormap, SEGENT_COLORMAP_VIRIDIS);
    assert_int_equal(settings.background, 0xff8000);
    assert_true(settings.temperature == 1.5);
    assert_int_equal(settings.pixel_limit, 1000000000);
    assert_int_equal(settings.memory_limit, 4294967296);
    assert_int_equal(settings.scan_limit, 7);
    assert_int_equal(settings.progress, 0);
    free(settings.inputs);
    assert_parses(&bench_command, "--size 65535x2730", &settings);
    assert_int_equal(settings.bench_size.width, 65535);
    assert_int_equal(settings.bench_size.height, 2730);
    free(settings.inputs);
    assert_parses(&bench_command, "--size 320x240 --runs 3 --arch resnet50", &settings);
    assert_int_equal(settings.bench_size.width, 320);
    assert_int_equal(settings.bench_size.height, 240);
    assert_int_equal(settings.runs, 3);
    assert_string_equal(settings.arch, "resnet50");
    free(settings.inputs);
}

static void test_save_lists(void **state)
{
    (void)state;
    sg_settings settings;
    assert_parses(&run_command, "--save none a", &settings);
    assert_int_equal(settings.save, 0);
    free(settings.inputs);
    assert_parses(&run_command,
                  "--save panel,labels,overlay,entropy,entropy.npy,logits.npy,probs.npy a",
                  &settings);
    assert_int_equal(settings.save, (1u << SAVE_COUNT) - 1);
    free(settings.inputs);
    assert_refused(&run_command, "--save labels,,panel a");
    assert_refused(&run_command, "--save label a");
    assert_refused(&run_command, "--save labels,none a");
    assert_refused(&run_command, "--save= a");
    assert_refused(&entropy_command, "--save overlay a");
    assert_refused(&entropy_command, "--save logits.npy a");
    assert_refused(&entropy_command, "--probs --save probs.npy a");
}

static void test_refused_values(void **state)
{
    (void)state;
    static const char *const values[] = {
        "--size -1",
        "--size 65536",
        "--size 1.5",
        "--size 0x10",
        "--size ten",
        "--size=",
        "--size 1e3",
        "--threads 1025",
        "--threads -1",
        "--temperature 0",
        "--temperature nan",
        "--temperature inf",
        "--temperature -1",
        "--temperature 1x",
        "--temperature .",
        "--background fff",
        "--background gggggg",
        "--background 1234567",
        "--engine faster",
        "--entropy-range fixe",
        "--pixel-limit 0",
        "--memory-limit 0",
        "--scan-limit 2147483648",
        "--json=yes",
        "--out=",
        "--size 99999999999999999999",
        "--engine fast|exact",
    };
    for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
        char line[128];
        snprintf(line, sizeof(line), "%s a", values[i]);
        assert_refused(&run_command, line);
    }
    assert_refused(&bench_command, "--size 320");
    assert_refused(&bench_command, "--size 320x");
    assert_refused(&bench_command, "--size 0x10");
    assert_refused(&bench_command, "--size 320x240x3");
    assert_refused(&bench_command, "--size 65535x65535");
    assert_refused(&bench_command, "--size 65535x2731"); /* 2730 is what the limit allows */
    assert_refused(&bench_command, "--runs 0");
}

static void test_refused_lines(void **state)
{
    (void)state;
    assert_refused(&run_command, "");
    assert_refused(&run_command, "a --out");
    assert_refused(&run_command, "a -o");
    assert_refused(&run_command, "a --sise 3");
    assert_refused(&run_command, "a -x");
    assert_refused(&run_command, "- -");
    assert_refused(&run_command, "-q -v a");
    assert_refused(&run_command, "-q --progress a");
    assert_refused(&run_command, "--save none -o out a");
    assert_refused(&run_command, "--no-json a");
    assert_refused(&entropy_command, "--model m a");
    assert_refused(&entropy_command, "--probs --temperature 2 a");
    assert_refused(&palette_command, "--list a");
    assert_refused(&info_command, "a b");
    assert_refused(&bench_command, "a");
    assert_refused(&bench_command, "--model m --arch resnet50");
}

static void test_operands(void **state)
{
    (void)state;
    sg_settings settings;
    assert_parses(&run_command, "- -- -a --size", &settings);
    assert_int_equal(settings.input_count, 3);
    assert_string_equal(settings.inputs[0], "-");
    assert_string_equal(settings.inputs[2], "--size");
    free(settings.inputs);
}

static void test_help_comes_first(void **state)
{
    (void)state;
    sg_settings settings;
    assert_parses(&run_command, "--help --no-such-option", &settings);
    assert_true(settings.help);
    free(settings.inputs);
    assert_parses(&info_command, "-V", &settings);
    assert_true(settings.version);
    free(settings.inputs);
}

static void check_row(const sg_option *option)
{
    const size_t length = strlen(option->help);
    if (option->help[0] < 'A' || option->help[0] > 'Z' || option->help[length - 1] != '.')
        fail_msg("--%s: the help is not whole sentences", option->name);
    const bool valued = option->kind != OPTION_FLAG && option->kind != OPTION_SWITCH;
    if (valued != (option->argument != NULL))
        fail_msg("--%s: a value without a placeholder, or a placeholder without one", option->name);
    if ((option->kind == OPTION_CHOICE) != (option->choices != NULL))
        fail_msg("--%s: choices are for what is chosen", option->name);
    int32_t count = option->choices ? 1 : 0;
    for (const char *bar = option->choices; bar && (bar = strchr(bar, '|')); bar++)
        count++;
    for (int32_t i = 0; i < count; i++) {
        char *word = choice_word(option->choices, i);
        if (!strstr(option->help, word))
            fail_msg("--%s: the help does not name '%s'", option->name, word);
        free(word);
    }
}

/* Every table: whole rows, at most as many as sg_settings.given has bits, and no name or letter
 * twice. */
static void test_tables(void **state)
{
    (void)state;
    for (size_t c = 0; c < COMMAND_COUNT; c++) {
        const sg_option *const *options = command_list[c]->options;
        int count = 0;
        for (; options[count]; count++) {
            check_row(options[count]);
            for (int i = 0; i < count; i++) {
                assert_string_not_equal(options[i]->name, options[count]->name);
                if (options[count]->letter)
                    assert_int_not_equal(options[i]->letter, options[count]->letter);
            }
        }
        assert_in_range(count, 1, 64);
    }
}

/* What the help calls the default is what the library takes. */
static void test_limits_in_help(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        int64_t limit;
    } limits[] = {
        {"pixel-limit", 178956970}, {"memory-limit", INT64_C(1) << 31}, {"scan-limit", 100}};
    size_t found = 0;
    for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); i++) {
        char text[64];
        snprintf(text, sizeof(text), "(default %lld)", (long long)limits[i].limit);
        for (const sg_option *const *option = run_command.options; *option; option++) {
            if (strcmp((*option)->name, limits[i].name) != 0)
                continue;
            assert_non_null(strstr((*option)->help, text));
            found++;
        }
    }
    assert_int_equal(found, 3);
}

static void test_closest_word(void **state)
{
    (void)state;
    static const char *const words[] = {"size", "output-size", "save", "threads", "temperature"};
    const struct {
        const char *word, *closest;
    } cases[] = {{"sise", "size"},
                 {"siez", "size"},
                 {"sav", "save"},
                 {"temp", "temperature"},
                 {"thread", "threads"},
                 {"ouptut-size", "output-size"},
                 {"qqqq", NULL},
                 {"", NULL},
                 {"x", NULL}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const char *found = closest_word(cases[i].word, words, 5);
        if (cases[i].closest)
            assert_string_equal(found, cases[i].closest);
        else
            assert_null(found);
    }
    char endless[1000];
    memset(endless, 'a', sizeof(endless) - 1);
    endless[sizeof(endless) - 1] = '\0';
    assert_null(closest_word(endless, words, 5));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_defaults),       cmocka_unit_test(test_spellings),
        cmocka_unit_test(test_values),         cmocka_unit_test(test_save_lists),
        cmocka_unit_test(test_refused_values), cmocka_unit_test(test_refused_lines),
        cmocka_unit_test(test_operands),       cmocka_unit_test(test_help_comes_first),
        cmocka_unit_test(test_tables),         cmocka_unit_test(test_limits_in_help),
        cmocka_unit_test(test_closest_word),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
