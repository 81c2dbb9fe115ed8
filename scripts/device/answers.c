/* What a device answers: the program that scripts/run-device.sh runs on a device's processor, emulated, and on this
 * machine, to compare the two.
 *
 *   answers request FOLDER SECRET                      a licence request, on standard output
 *   answers run FOLDER SECRET LICENCE PACK FRAME...    faces, embeddings and comparisons of frames
 *   answers cosine FOLDER SECRET PACK A B              the cosine of two embeddings, as `run` prints them
 *
 * A FRAME is a file WIDTHxHEIGHT.nv21, or NAME-WIDTHxHEIGHT.nv21. Numbers are printed in full, so that another program
 * can tell how far two machines are apart. It is a test; ffi/examples shows how a door is written. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vultus.h"

enum { MOST_FRAMES = 8, MOST_BYTES = 8192 };

static void check(int32_t code, const char *call)
{
    char text[1024] = "";
    size_t needed;
    if (code == VULTUS_OK)
        return;
    vultus_last_error_text(0, text, sizeof text, &needed);
    fprintf(stderr, "%s: %ld: %s\n", call, (long)code, text);
    exit(1);
}
#define CHECK(call) check((call), #call)

struct bytes {
    uint8_t *data;
    size_t length;
};

static struct bytes read_file(const char *path)
{
    struct bytes bytes = {NULL, 0};
    FILE *file = fopen(path, "rb");
    long length;
    if (!file || fseek(file, 0, SEEK_END) != 0 || (length = ftell(file)) < 0) {
        perror(path);
        exit(1);
    }
    rewind(file);
    bytes.length = (size_t)length;
    bytes.data = malloc(bytes.length + 1);
    if (!bytes.data || fread(bytes.data, 1, bytes.length, file) != bytes.length) {
        perror(path);
        exit(1);
    }
    fclose(file);
    return bytes;
}

static vultus_bytes lend(struct bytes bytes)
{
    vultus_bytes lent = {bytes.data, bytes.length};
    return lent;
}

static vultus_device *the_device(const char *folder, const char *secret_file)
{
    vultus_device *device = NULL;
    struct bytes secret = read_file(secret_file);
    CHECK(vultus_device_new(vultus_str_of(folder), &device));
    CHECK(vultus_device_add_bytes(device, VULTUS_PART_OEM_SECRET, lend(secret)));
    free(secret.data);
    return device;
}

static vultus_sdk *open_sdk(const vultus_device *device, const char *pack)
{
    vultus_grant *grant = NULL;
    vultus_sdk_options *options = NULL;
    vultus_sdk *sdk = NULL;
    CHECK(vultus_device_activate(device, &grant));
    CHECK(vultus_sdk_options_new(&options));
    CHECK(vultus_sdk_options_set_pack(options, vultus_str_of(pack)));
    CHECK(vultus_sdk_open(options, grant, &sdk));
    vultus_sdk_options_free(options);
    vultus_grant_free(grant);
    return sdk;
}

static vultus_frame the_frame(const char *path, struct bytes pixels)
{
    unsigned width = 0, height = 0;
    vultus_frame frame = {0};
    const char *size = strrchr(path, '-');
    if (!size || sscanf(size, "-%ux%u.nv21", &width, &height) != 2) {
        fprintf(stderr, "%s does not say its size, as -640x480.nv21 would\n", path);
        exit(1);
    }
    frame.struct_size = sizeof frame;
    CHECK(vultus_frame_packed(VULTUS_FORMAT_NV21, width, height, lend(pixels), &frame));
    frame.yuv_range = VULTUS_YUV_FULL;
    return frame;
}

static void print_embedding(unsigned frame, const vultus_embedding *embedding)
{
    uint8_t bytes[MOST_BYTES];
    size_t length, at;
    CHECK(vultus_embedding_to_bytes(embedding, bytes, sizeof bytes, &length));
    printf("embedding %u ", frame);
    for (at = 0; at < length; at++)
        printf("%02x", bytes[at]);
    printf("\n");
}

static vultus_embedding *largest_face(vultus_session *session, unsigned number, const char *path)
{
    struct bytes pixels = read_file(path);
    vultus_frame frame = the_frame(path, pixels);
    vultus_detect_options options = {0};
    vultus_faces *faces = NULL;
    vultus_embedding *embedding = NULL;
    uint32_t count = 0, largest = 0, at;
    options.struct_size = sizeof options;
    CHECK(vultus_detect_options_default(&options));
    CHECK(vultus_session_detect(session, &frame, &options, &faces));
    CHECK(vultus_faces_count(faces, &count));
    for (at = 0; at < count; at++) {
        vultus_face face = {0};
        face.struct_size = sizeof face;
        CHECK(vultus_faces_get(faces, at, &face));
        printf("face %u %.4f %.4f %.4f %.4f %.6f\n", number, face.x, face.y, face.width, face.height, face.score);
    }
    CHECK(vultus_faces_largest(faces, options.min_face, &largest));
    CHECK(vultus_session_embed(session, &frame, faces, largest, &embedding));
    print_embedding(number, embedding);
    vultus_faces_free(faces);
    free(pixels.data);
    return embedding;
}

static void compare(const vultus_sdk *sdk, const vultus_embedding *a, const vultus_embedding *b, const char *what)
{
    vultus_comparison comparison = {0};
    comparison.struct_size = sizeof comparison;
    CHECK(vultus_sdk_compare(sdk, a, b, 1e-3, &comparison));
    printf("%s %.9f %.6f %u\n", what, comparison.cosine, comparison.score, (unsigned)comparison.is_match);
}

static void run(const char *folder, const char *secret, const char *licence_file, const char *pack, int count, char **frames)
{
    vultus_device *device = the_device(folder, secret);
    struct bytes licence = read_file(licence_file);
    vultus_embedding *embeddings[MOST_FRAMES] = {NULL};
    vultus_session *session = NULL;
    vultus_sdk *sdk;
    int a, b;
    CHECK(vultus_device_install(device, lend(licence)));
    free(licence.data);
    sdk = open_sdk(device, pack);
    CHECK(vultus_session_new(sdk, &session));
    for (a = 0; a < count; a++)
        embeddings[a] = largest_face(session, (unsigned)a, frames[a]);
    for (a = 0; a < count; a++) {
        for (b = a + 1; b < count; b++) {
            char what[32];
            snprintf(what, sizeof what, "compare %d %d", a, b);
            compare(sdk, embeddings[a], embeddings[b], what);
        }
    }
    for (a = 0; a < count; a++)
        vultus_embedding_free(embeddings[a]);
    vultus_session_free(session);
    vultus_sdk_free(sdk);
    vultus_device_free(device);
}

static void request(const char *folder, const char *secret)
{
    vultus_device *device = the_device(folder, secret);
    uint8_t text[4096];
    size_t length;
    CHECK(vultus_device_request(device, VULTUS_FORM_TEXT, text, sizeof text, &length));
    fwrite(text, 1, length, stdout);
    vultus_device_free(device);
}

static vultus_embedding *from_hex(const char *hex)
{
    uint8_t bytes[MOST_BYTES];
    size_t length = strlen(hex) / 2, at;
    vultus_embedding *embedding = NULL;
    vultus_bytes lent = {bytes, length};
    for (at = 0; at < length && at < MOST_BYTES; at++) {
        unsigned byte = 0;
        sscanf(hex + 2 * at, "%2x", &byte);
        bytes[at] = (uint8_t)byte;
    }
    CHECK(vultus_embedding_from_bytes(lent, &embedding));
    return embedding;
}

static void cosine(const char *folder, const char *secret, const char *pack, const char *a, const char *b)
{
    vultus_device *device = the_device(folder, secret);
    vultus_sdk *sdk = open_sdk(device, pack);
    vultus_embedding *first = from_hex(a), *second = from_hex(b);
    compare(sdk, first, second, "cosine");
    vultus_embedding_free(first);
    vultus_embedding_free(second);
    vultus_sdk_free(sdk);
    vultus_device_free(device);
}

int main(int count, char **words)
{
    CHECK(vultus_abi_check(VULTUS_ABI_VERSION));
    if (count == 4 && strcmp(words[1], "request") == 0)
        request(words[2], words[3]);
    else if (count > 6 && count <= 6 + MOST_FRAMES && strcmp(words[1], "run") == 0)
        run(words[2], words[3], words[4], words[5], count - 6, words + 6);
    else if (count == 7 && strcmp(words[1], "cosine") == 0)
        cosine(words[2], words[3], words[4], words[5], words[6]);
    else {
        fputs("usage: answers request FOLDER SECRET\n"
              "       answers run FOLDER SECRET LICENCE PACK NAME-WIDTHxHEIGHT.nv21...\n"
              "       answers cosine FOLDER SECRET PACK A B\n", stderr);
        return 2;
    }
    return 0;
}
