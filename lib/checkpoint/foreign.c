/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#include "foreign.h"

#include <string.h>
#include <strings.h>

#define CONVERT  SG_FOREIGN_CONVERT
#define DOWNLOAD ", not a checkpoint; did the download fail?"

typedef struct form {
    size_t position;
    const char *bytes;
    size_t length;
    const char *what;
} form;

#define FORM(position, bytes, what)              \
    {                                            \
        position, bytes, sizeof(bytes) - 1, what \
    }

static const char pickle[] =
    "a pickle that torch.save has not written, but pickle.dump or the like; load it in Python and "
    "torch.save the state_dict";

static const form forms[] = {
    FORM(0, "\x80\x02", pickle),
    FORM(0, "\x80\x03", pickle),
    FORM(0, "\x80\x04", pickle),
    FORM(0, "\x80\x05", pickle),
    FORM(0, "(dp0\n", pickle),
    FORM(0, "ccollections\nOrderedDict\n", pickle),
    FORM(0, "version https://git-lfs",
         "a pointer of Git LFS, not the checkpoint itself; fetch that with git lfs pull"),
    FORM(0, "\x1f\x8b", "a gzip file; unpack it first"),
    FORM(0, "BZh", "a bzip2 file; unpack it first"),
    FORM(0,
         "\xfd"
         "7zXZ\0",
         "an xz file; unpack it first"),
    FORM(0, "\x28\xb5\x2f\xfd", "a Zstandard file; unpack it first"),
    FORM(0, "\x04\x22\x4d\x18", "an LZ4 file; unpack it first"),
    FORM(0, "7z\xbc\xaf\x27\x1c", "a 7-Zip archive; unpack it first"),
    FORM(0, "Rar!\x1a\x07", "a RAR archive; unpack it first"),
    FORM(0, "PK\x05\x06", "an empty zip archive"),
    FORM(0, "PK\x07\x08", "the first part of a split zip archive; join the parts and unpack them"),
    FORM(0, "PK00PK\x03\x04", "a zip archive that was split; zip it again in one part"),
    FORM(0, "\x89HDF\r\n\x1a\n",
         "an HDF5 file, as of Keras or MATLAB, not a checkpoint of torch" CONVERT),
    FORM(0, "MATLAB 5.0", "a MATLAB file, not a checkpoint of torch" CONVERT),
    FORM(0, "MATLAB 7.3", "a MATLAB file, not a checkpoint of torch" CONVERT),
    FORM(0, "\x93NUMPY",
         "a NumPy array (.npy), not a checkpoint; torch.save a dict of named tensors"),
    FORM(0, "GGUF", "a GGUF file of a language model, not a checkpoint of torch"),
    FORM(4, "TFL3", "a TensorFlow Lite model, not a checkpoint of torch" CONVERT),
    FORM(0, "model_checkpoint_path:",
         "the list of a TensorFlow checkpoint, not a checkpoint of torch" CONVERT),
    FORM(0, "ftrt",
         "a TensorRT engine, which is a program; give the checkpoint that it was made of"),
    FORM(0, "ptrt",
         "a TensorRT engine, which is a program; give the checkpoint that it was made of"),
    FORM(0, "\x89PNG", "a PNG picture, not a checkpoint"),
    FORM(0, "\xff\xd8\xff", "a JPEG picture, not a checkpoint"),
    FORM(0, "GIF8", "a GIF picture, not a checkpoint"),
    FORM(8, "WEBP", "a WebP picture, not a checkpoint"),
    FORM(0, "II*\0", "a TIFF picture, not a checkpoint"),
    FORM(0, "MM\0*", "a TIFF picture, not a checkpoint"),
    FORM(0, "%PDF", "a PDF document, not a checkpoint"),
    FORM(0,
         "\x7f"
         "ELF",
         "a program or library (ELF), not a checkpoint"),
    FORM(0, "\xcf\xfa\xed\xfe", "a program or library of macOS, not a checkpoint"),
    FORM(0, "#!", "a script, not a checkpoint"),
    FORM(0, "SQLite format 3", "an SQLite database, not a checkpoint"),
    FORM(0, "\0\5\x16\7", "notes of macOS about a file (AppleDouble); give the file without ._"),
    FORM(0, "7767517\n", "a network of ncnn, not a checkpoint of torch" CONVERT),
    FORM(0, "\x81\xa6params", "weights of Flax, not a checkpoint of torch" CONVERT),
};

static segent_status say(segent_context *context, const segent_checkpoint *checkpoint,
                         const char *what)
{
    return sg_fail(context, SEGENT_ERROR_FORMAT, "%s: %s", checkpoint->label, what);
}

/* ---- text ---- */

enum { TEXT_LOOKED_AT = 512 };

static const unsigned char *find_bytes(const unsigned char *data, size_t size, const char *text)
{
    return memmem(data, size, text, strlen(text));
}

static bool starts(sg_span text, const char *beginning)
{
    const size_t length = strlen(beginning);
    return text.length >= length && strncasecmp(text.text, beginning, length) == 0;
}

/* Names a checkpoint in several files by its index, which has the names of the shards as strings.
 */
static segent_status name_index(segent_context *context, const segent_checkpoint *checkpoint)
{
    static const char *const endings[] = {".safetensors\"", ".bin\""};
    for (size_t i = 0; i < 2; i++) {
        const unsigned char *end = find_bytes(checkpoint->data, checkpoint->size, endings[i]);
        if (!end)
            continue;
        const unsigned char *begin = end;
        while (begin > checkpoint->data && begin[-1] != '"' && end - begin < 150)
            begin--;
        const int length = (int)(end - begin) + (int)strlen(endings[i]) - 1;
        return sg_fail(
            context, SEGENT_ERROR_UNSUPPORTED,
            "%s: the index of a checkpoint in several files, whose tensors are in shards "
            "such as '%.*s'; load them in Python and save them as one file",
            checkpoint->label, length, (const char *)begin);
    }
    return say(context, checkpoint,
               "the index of a checkpoint in several files (shards); save them as one file");
}

/* Whether the beginning of the file is text, and which text. */
static bool beginning(const segent_checkpoint *checkpoint, sg_span *text)
{
    const unsigned char *data = checkpoint->data;
    size_t size = checkpoint->size < TEXT_LOOKED_AT ? checkpoint->size : TEXT_LOOKED_AT;
    while (size > 0 && size < checkpoint->size && data[size - 1] >= 0x80)
        size--; /* the last character may be cut */
    if (size >= 3 && memcmp(data, "\xef\xbb\xbf", 3) == 0) {
        data += 3;
        size -= 3;
    }
    for (size_t i = 0; i < size; i++) {
        if (data[i] < ' ' && !strchr("\t\n\r\f", data[i] ? data[i] : 1))
            return false;
    }
    while (size > 0 && strchr(" \t\n\r\f", *data)) {
        data++;
        size--;
    }
    *text = (sg_span){(const char *)data, size};
    return size > 0 && sg_span_is_text(*text);
}

static segent_status name_text(segent_context *context, const segent_checkpoint *checkpoint)
{
    static const char *const pages[] = {"<!doctype", "<html", "<head", "<body", "<script", "<!--"};
    sg_span text = {NULL, 0};
    if (!beginning(checkpoint, &text))
        return SEGENT_OK;
    for (size_t i = 0; i < sizeof(pages) / sizeof(pages[0]); i++) {
        if (starts(text, pages[i]))
            return say(context, checkpoint, "a web page" DOWNLOAD);
    }
    if (text.text[0] == '<' && memmem(text.text, text.length, "<net name=", 10))
        return say(context, checkpoint,
                   "the description of an OpenVINO model, which is a program; give the checkpoint "
                   "that it was made of");
    if (text.text[0] == '<')
        return say(context, checkpoint, "an XML text, such as servers send as an error" DOWNLOAD);
    if (text.text[0] == '{' && find_bytes(checkpoint->data, checkpoint->size, "\"weight_map\""))
        return name_index(context, checkpoint);
    if (text.text[0] == '{' || text.text[0] == '[')
        return say(context, checkpoint, "a JSON text, such as servers send as an error" DOWNLOAD);
    const char *end = memchr(text.text, '\n', text.length);
    const size_t line = end ? (size_t)(end - text.text) : text.length;
    return sg_fail(
        context, SEGENT_ERROR_FORMAT,
        "%s: not a checkpoint: neither torch's zip or legacy form nor safetensors, but a "
        "text that begins '%.*s'",
        checkpoint->label, line < 60 ? (int)line : 60, text.text);
}

/* ---- archives ---- */

static bool ends_with(sg_span name, const char *ending)
{
    const size_t length = strlen(ending);
    return name.length >= length &&
           strncasecmp(name.text + name.length - length, ending, length) == 0;
}

/* Whether a file in an archive may be a checkpoint, judged by its name alone. */
static bool may_be_checkpoint(sg_span name)
{
    static const char *const endings[] = {".pth", ".pt",  ".ckpt", ".safetensors",
                                          ".bin", ".pkl", ".tar",  ".zip"};
    const char *slash = memrchr(name.text, '/', name.length);
    const char *last = slash ? slash + 1 : name.text;
    if (name.length >= 9 && memcmp(name.text, "__MACOSX/", 9) == 0)
        return false;
    if (ends_with(name, "data.pkl") || ends_with(name, "data.pkl/"))
        return false;
    if (name.text + name.length - last >= 2 && memcmp(last, "._", 2) == 0)
        return false;
    for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++) {
        if (ends_with(name, endings[i]))
            return true;
    }
    return false;
}

static segent_status say_inside(segent_context *context, const segent_checkpoint *checkpoint,
                                const char *kind, sg_span name)
{
    return sg_fail(context, SEGENT_ERROR_UNSUPPORTED,
                   "%s: %s with '%.*s' inside; unpack it and give the file from inside",
                   checkpoint->label, kind, SG_SPAN(name));
}

enum { TAR_BLOCK = 512, TAR_NAME = 100, TAR_SIZE_AT = 124, TAR_SUM_AT = 148, TAR_TYPE_AT = 156 };

/* Reads an octal number of a tar header. False: it is none. Larger numbers, which tar writes
 * otherwise, are not needed here. */
static bool read_octal(const unsigned char *text, size_t length, uint64_t *number)
{
    size_t i = 0;
    *number = 0;
    while (i < length && text[i] == ' ')
        i++;
    const size_t begin = i;
    for (; i < length && text[i] >= '0' && text[i] <= '7'; i++)
        *number = *number * 8 + (uint64_t)(text[i] - '0');
    return i > begin && i - begin <= 12;
}

/* Whether 512 bytes are a tar header, by its check sum, which old headers without a magic number
 * have too. The sum counts its own place as spaces. */
static bool is_tar_header(const unsigned char *header)
{
    uint64_t expected = 0, sum = 0;
    for (size_t i = 0; i < TAR_BLOCK; i++)
        sum += i >= TAR_SUM_AT && i < TAR_SUM_AT + 8 ? ' ' : header[i];
    return read_octal(header + TAR_SUM_AT, 8, &expected) && expected == sum;
}

/* Names a tar archive and a member that may be a checkpoint. Members follow each other, each a
 * header and its data in whole blocks. Names too long for a header are cut, which is enough in a
 * sentence.
 */
static segent_status name_tar(segent_context *context, const segent_checkpoint *checkpoint)
{
    const unsigned char *data = checkpoint->data;
    sg_span found = {NULL, 0};
    bool old = false;
    uint64_t at = 0, bytes = 0;
    if (checkpoint->size < TAR_BLOCK || !is_tar_header(data))
        return SEGENT_OK;
    while (checkpoint->size - at >= TAR_BLOCK && is_tar_header(data + at)) {
        const unsigned char *header = data + at;
        const char *text = (const char *)header;
        const sg_span name = {text, strnlen(text, TAR_NAME)};
        const bool file = header[TAR_TYPE_AT] == '0' || header[TAR_TYPE_AT] == 0;
        old = old || (file && (sg_span_is(name, "sys_info") || sg_span_is(name, "storages")));
        if (file && !found.text && may_be_checkpoint(name))
            found = name;
        if (!read_octal(header + TAR_SIZE_AT, 12, &bytes) || bytes > checkpoint->size)
            break;
        at += TAR_BLOCK + (bytes + TAR_BLOCK - 1) / TAR_BLOCK * TAR_BLOCK;
        if (at > checkpoint->size)
            break;
    }
    if (old)
        return sg_fail(context, SEGENT_ERROR_UNSUPPORTED,
                       "%s: a tar archive, the form of checkpoints before torch 0.1.10; load and "
                       "save it once with a later torch",
                       checkpoint->label);
    if (found.text)
        return say_inside(context, checkpoint, "a tar archive", found);
    return say(context, checkpoint,
               "a tar archive without a checkpoint inside; unpack it to see what it holds");
}

segent_status sg_foreign_name_zip(segent_context *context, const segent_checkpoint *checkpoint,
                                  const sg_directory *directory)
{
    static const struct {
        const char *ending, *what;
    } kinds[] = {
        {".npy", "a NumPy archive (.npz), not a checkpoint; torch.save a dict of named tensors"},
        {"model.weights.h5", "a model of Keras, not a checkpoint of torch" CONVERT},
        {"saved_model.pb", "a SavedModel of TensorFlow, not a checkpoint of torch" CONVERT},
        {".mlmodel", "a Core ML model, not a checkpoint of torch" CONVERT},
        {"archive_format", "an exported program (torch.export); save the module's state_dict()"},
        {"serialized_exported_program.json",
         "an exported program (torch.export); save the module's state_dict()"},
        {".data/extern_modules", "a package (torch.package); save the module's state_dict()"},
        {"constants.pkl", "a TorchScript archive, which is a program; save the module's "
                          "state_dict() instead"},
        {".onnx", "a zip archive with an ONNX model inside, which is a program; save the module's "
                  "state_dict() instead"},
        {"[Content_Types].xml", "an Office document, not a checkpoint"},
        {"META-INF/MANIFEST.MF", "a Java archive, not a checkpoint"},
    };
    for (size_t i = 0; i < directory->count; i++) {
        if (sg_span_is(directory->entries[i].name, "data.pkl"))
            return say(
                context, checkpoint,
                "a zip archive without FOLDER/data.pkl, so not a checkpoint: its data.pkl is "
                "in no folder; unpack it into a folder and zip that folder");
    }
    for (size_t k = 0; k < sizeof(kinds) / sizeof(kinds[0]); k++) {
        for (size_t i = 0; i < directory->count; i++) {
            if (ends_with(directory->entries[i].name, kinds[k].ending))
                return say(context, checkpoint, kinds[k].what);
        }
    }
    for (size_t i = 0; i < directory->count; i++) {
        if (may_be_checkpoint(directory->entries[i].name))
            return say_inside(context, checkpoint, "a zip archive", directory->entries[i].name);
    }
    return say(
        context, checkpoint,
        "a zip archive without FOLDER/data.pkl, so not a checkpoint; unpack it to see what it "
        "holds");
}

/* ---- the whole ---- */

enum { ZEROS_LOOKED_AT = 4096 };

static bool is_zeros(const segent_checkpoint *checkpoint)
{
    const size_t size = checkpoint->size < ZEROS_LOOKED_AT ? checkpoint->size : ZEROS_LOOKED_AT;
    for (size_t i = 0; i < size; i++) {
        if (checkpoint->data[i])
            return false;
    }
    return true;
}

segent_status sg_foreign_name(segent_context *context, const segent_checkpoint *checkpoint)
{
    const unsigned char *data = checkpoint->data;
    const size_t size = checkpoint->size;
    const char *framework = size > 0 ? sg_foreign_framework(data, size) : NULL;
    if (framework)
        return say(context, checkpoint, framework);
    for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
        const form *f = forms + i;
        if (size >= f->position + f->length && memcmp(data + f->position, f->bytes, f->length) == 0)
            return say(context, checkpoint, f->what);
    }
    if (is_zeros(checkpoint))
        return sg_fail(context, SEGENT_ERROR_TRUNCATED,
                       "%s: truncated: it begins with zeros only, as a download that was not "
                       "finished",
                       checkpoint->label);
    const segent_status status = name_tar(context, checkpoint);
    return status != SEGENT_OK ? status : name_text(context, checkpoint);
}
