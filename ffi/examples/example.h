/* What the examples share: how a failure ends them, and where they get bytes. Products have their own of all this. */
#ifndef EXAMPLE_H
#define EXAMPLE_H

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vultus.h"

enum { FAILED = 2 };

/* Every function of the library answers with a number. Here any failure ends the program, which gives back all
 * memory; a product checks the number instead, because "no licence" needs another screen than "no pack". */
static inline void check(int32_t code, const char *what)
{
    vultus_error error = {0};
    size_t needed;
    char text[1024];

    if (code == VULTUS_OK)
        return;
    error.struct_size = sizeof error;
    if (vultus_last_error(&error) == VULTUS_OK)
        fprintf(stderr, "%s: %s (%" PRId32 ")\n", what, error.name, error.code);
    /* Text 0 says what happened; those behind it say why. */
    for (uint32_t i = 0; i <= error.causes; i++)
        if (vultus_last_error_text(i, text, sizeof text, &needed) == VULTUS_OK)
            fprintf(stderr, "  %s\n", text);
    exit(FAILED);
}

static inline _Noreturn void give_up(const char *what, const char *why)
{
    fprintf(stderr, "%s: %s\n", what, why);
    exit(FAILED);
}

/* A whole file of at most `most` bytes; the caller frees them. */
static inline vultus_bytes read_file(const char *path, long most)
{
    FILE *file = fopen(path, "rb");
    vultus_bytes bytes = {NULL, 0};
    uint8_t *data;
    long length;

    if (file == NULL || fseek(file, 0, SEEK_END) != 0 || (length = ftell(file)) < 0)
        give_up(path, strerror(errno));
    if (length > most)
        give_up(path, "the file is too large to be what it should be");
    rewind(file);
    data = malloc((size_t)length + 1);
    if (data == NULL || fread(data, 1, (size_t)length, file) != (size_t)length)
        give_up(path, "the file cannot be read");
    fclose(file);
    bytes.data = data;
    bytes.length = (size_t)length;
    return bytes;
}

static inline void free_bytes(vultus_bytes bytes)
{
    free((void *)bytes.data);
}

/* The size in a name such as NAME-640x480.nv21; the answer is what follows the dot. */
static inline const char *size_in_name(const char *path, uint32_t *width, uint32_t *height)
{
    const char *dash = strrchr(path, '-');
    const char *dot = strrchr(path, '.');

    if (dash == NULL || dot == NULL || dot < dash || sscanf(dash, "-%5" SCNu32 "x%5" SCNu32 ".", width, height) != 2)
        give_up(path, "the name does not end like -640x480.nv21");
    return dot + 1;
}

/* What a camera would hand over. With a driver that pads its rows, set frame.stride to what it says. */
static inline vultus_frame read_frame(const char *path)
{
    static const struct {
        const char *name;
        uint32_t format;
    } formats[] = {
        {"nv21", VULTUS_FORMAT_NV21}, {"nv12", VULTUS_FORMAT_NV12}, {"i420", VULTUS_FORMAT_I420},
        {"yuyv", VULTUS_FORMAT_YUYV}, {"rgb", VULTUS_FORMAT_RGB8},
    };
    uint32_t width, height, format = 0;
    const char *ending = size_in_name(path, &width, &height);
    vultus_frame frame = {0};

    for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++)
        if (strcmp(ending, formats[i].name) == 0)
            format = formats[i].format;
    frame.struct_size = sizeof frame;
    check(vultus_frame_packed(format, width, height, read_file(path, 256L << 20), &frame), path);
    return frame;
}

/* The device with its folder. A secret that the maker gave to this device alone makes its licence worthless on any
 * other; best it never leaves a TEE, a crypto chip or one-time programmable memory. */
static inline vultus_device *this_device(const char *folder, const char *secret_file)
{
    vultus_device *device = NULL;

    check(vultus_device_new(vultus_str_of(folder), &device), "the device");
    if (secret_file != NULL) {
        vultus_bytes secret = read_file(secret_file, 512);
        check(vultus_device_add_bytes(device, VULTUS_PART_OEM_SECRET, secret), "the device's secret");
        free_bytes(secret);
    }
    return device;
}

/* The SDK under the licence that the device has. */
static inline vultus_sdk *open_sdk(const vultus_device *device, const char *pack)
{
    vultus_grant *grant = NULL;
    vultus_sdk_options *options = NULL;
    vultus_sdk *sdk = NULL;

    check(vultus_device_activate(device, &grant), "the licence");
    check(vultus_sdk_options_new(&options), "the model pack");
    check(vultus_sdk_options_set_pack(options, vultus_str_of(pack)), "the model pack");
    check(vultus_sdk_open(options, grant, &sdk), "the model pack");
    /* What was needed for opening alone can go. */
    vultus_sdk_options_free(options);
    vultus_grant_free(grant);
    return sdk;
}

#endif
