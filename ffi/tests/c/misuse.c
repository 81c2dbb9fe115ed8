/* Everything that a program can get wrong, and the number that it gets for it. Long because it goes through the whole
 * interface once.
 *
 *   misuse FOLDER SECRET PACK FRAME CYCLES [flat]
 *
 * FOLDER has a licence for everything, SECRET is the device's, and FRAME shows a face. CYCLES sessions are opened and
 * closed, with `flat` at a memory that must not grow. Says how many answers were right; exit code 1 if one was not. */
#define _GNU_SOURCE
#include <math.h>
#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

#include "example.h"
#include "opened.h"

static int right, wrong;

static void expect(int32_t code, int32_t expected, const char *call, int line)
{
    char text[512] = "";
    size_t needed;

    if (code == expected) {
        right++;
        return;
    }
    wrong++;
    vultus_last_error_text(0, text, sizeof text, &needed);
    printf("line %d: %s answered %" PRId32 ", not %" PRId32 " (%s)\n", line, call, code, expected, text);
}

static void hold(int condition, const char *what, int line)
{
    if (condition) {
        right++;
        return;
    }
    wrong++;
    printf("line %d: not so: %s\n", line, what);
}

#define IS(expected, call) expect((call), (expected), #call, __LINE__)
#define OK(call) IS(VULTUS_OK, call)
#define REFUSED(call) IS(VULTUS_ERROR_INVALID_PARAMETER, call)
#define HOLDS(condition) hold((condition) != 0, #condition, __LINE__)

static const vultus_str no_text = {NULL, 0};
static const vultus_bytes no_bytes = {NULL, 0};

static void tear_down(void)
{
    free_handles();
    free((void *)all.frame.data);
}

static int32_t detect_with(const vultus_frame *frame)
{
    vultus_faces *faces = NULL;
    int32_t code = vultus_session_detect(all.session, frame, &all.detect, &faces);
    vultus_faces_free(faces);
    return code;
}

/* NULL for every pointer of every function, then for each pointer of a call that is right otherwise. */
static void nulls(void)
{
    vultus_faces *faces = NULL;
    vultus_grant *grant = NULL;
    uint32_t count = 9;
    size_t needed = 9;

#include "nulls.h"

    REFUSED(vultus_session_detect(NULL, &all.frame, &all.detect, &faces));
    REFUSED(vultus_session_detect(all.session, NULL, &all.detect, &faces));
    REFUSED(vultus_session_detect(all.session, &all.frame, NULL, &faces));
    REFUSED(vultus_session_detect(all.session, &all.frame, &all.detect, NULL));
    REFUSED(vultus_faces_count(all.faces, NULL));
    REFUSED(vultus_faces_count(NULL, &count));
    REFUSED(vultus_device_activate(NULL, &grant));
    REFUSED(vultus_device_activate(all.device, NULL));
    REFUSED(vultus_sdk_model_id(all.sdk, NULL, 1, &needed));
    HOLDS(faces == NULL && grant == NULL && count == 9);
    OK(vultus_sdk_model_id(all.sdk, NULL, 0, &needed));
    HOLDS(needed > 1 && needed != 9);
}

/* The size of no version, in what is read and in what is written. */
static void struct_sizes(void)
{
    static const uint32_t sizes[] = {0, 1, 4, 0x7fffffff, UINT32_MAX};
    vultus_frame frame = all.frame;
    vultus_detect_options options = all.detect;
    vultus_faces *faces = NULL;
    size_t count = 0;
    vultus_face face = {0}, list[2] = {{0}};
    vultus_licence licence = {0};
    vultus_comparison comparison = {0};
    vultus_error error = {0};

    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        frame.struct_size = options.struct_size = face.struct_size = list[0].struct_size = sizes[i];
        licence.struct_size = comparison.struct_size = error.struct_size = sizes[i];
        IS(VULTUS_ERROR_STRUCT_SIZE_UNKNOWN, vultus_frame_check(&frame));
        IS(VULTUS_ERROR_STRUCT_SIZE_UNKNOWN, vultus_detect_options_default(&options));
        IS(VULTUS_ERROR_STRUCT_SIZE_UNKNOWN, vultus_session_detect(all.session, &all.frame, &options, &faces));
        IS(VULTUS_ERROR_STRUCT_SIZE_UNKNOWN, vultus_faces_get(all.faces, 0, &face));
        IS(VULTUS_ERROR_STRUCT_SIZE_UNKNOWN, vultus_faces_list(all.faces, list, 2, &count));
        IS(VULTUS_ERROR_STRUCT_SIZE_UNKNOWN, vultus_grant_licence(all.grant, &licence));
        IS(VULTUS_ERROR_STRUCT_SIZE_UNKNOWN,
           vultus_sdk_compare(all.sdk, all.embedding, all.embedding, 1e-3, &comparison));
        IS(VULTUS_ERROR_STRUCT_SIZE_UNKNOWN, vultus_last_error(&error));
        HOLDS(face.score == 0 && comparison.score == 0 && licence.tier == 0 && faces == NULL);
    }
    for (int more = -4; more <= 4; more += 8) {
        frame = all.frame;
        frame.struct_size += (uint32_t)more;
        IS(VULTUS_ERROR_STRUCT_SIZE_UNKNOWN, vultus_frame_check(&frame));
    }
}

/* Handles that were freed, are of another type, or are none. */
static void handles(void)
{
    static _Alignas(64) uint8_t zeros[256];
    vultus_session *session = NULL;
    vultus_faces *faces = NULL;
    uint32_t count = 0;

    OK(vultus_session_new(all.sdk, &session));
    vultus_session_free(session);
    IS(VULTUS_ERROR_HANDLE_INVALID, vultus_session_detect(session, &all.frame, &all.detect, &faces));
    vultus_session_free(session); /* a second time: refused, and nothing happens */
    IS(VULTUS_ERROR_HANDLE_INVALID, vultus_session_detect(session, &all.frame, &all.detect, &faces));

    IS(VULTUS_ERROR_HANDLE_INVALID,
       vultus_session_detect((vultus_session *)all.sdk, &all.frame, &all.detect, &faces));
    IS(VULTUS_ERROR_HANDLE_INVALID, vultus_session_new((vultus_sdk *)all.session, &session));
    IS(VULTUS_ERROR_HANDLE_INVALID, vultus_faces_count((vultus_faces *)all.embedding, &count));
    IS(VULTUS_ERROR_HANDLE_INVALID, vultus_faces_count((vultus_faces *)zeros, &count));
    IS(VULTUS_ERROR_INVALID_PARAMETER, vultus_faces_count((vultus_faces *)(zeros + 1), &count));

    vultus_faces_free((vultus_faces *)all.session); /* of another type: refused */
    OK(detect_with(&all.frame));

    /* What a handle was made of may be freed before it. */
    {
        vultus_sdk *sdk = NULL;
        OK(vultus_sdk_open(all.options, all.grant, &sdk));
        OK(vultus_session_new(sdk, &session));
        vultus_sdk_free(sdk);
        OK(vultus_session_detect(session, &all.frame, &all.detect, &faces));
        vultus_session_free(session);
        OK(vultus_faces_count(faces, &count));
        HOLDS(count > 0);
        vultus_faces_free(faces);
    }
}

static void short_buffers(void)
{
    char text[64];
    uint8_t bytes[4096];
    size_t needed = 0, again = 0;
    vultus_face list[1] = {{0}};
    vultus_group page[1] = {{0}};
    vultus_snapshot *now = NULL;
    uint8_t mark = 0xa5;

    memset(text, mark, sizeof text);
    memset(bytes, mark, sizeof bytes);
    IS(VULTUS_ERROR_BUFFER_TOO_SMALL, vultus_version(text, 1, &needed));
    HOLDS(needed > 1 && (uint8_t)text[0] == mark);
    IS(VULTUS_ERROR_BUFFER_TOO_SMALL, vultus_version(text, needed - 1, &again));
    HOLDS(again == needed);
    OK(vultus_version(text, needed, &again));
    HOLDS(text[needed - 1] == 0 && (uint8_t)text[needed] == mark);

    OK(vultus_embedding_to_bytes(all.embedding, NULL, 0, &needed));
    HOLDS(needed < sizeof bytes);
    IS(VULTUS_ERROR_BUFFER_TOO_SMALL, vultus_embedding_to_bytes(all.embedding, bytes, needed - 1, &again));
    HOLDS(again == needed && bytes[0] == mark);
    OK(vultus_embedding_to_bytes(all.embedding, bytes, needed, &again));
    HOLDS(bytes[needed] == mark);
    for (size_t length = 0; length < needed; length++) {
        vultus_embedding *none = NULL;
        vultus_bytes cut = {bytes, length};
        REFUSED(vultus_embedding_from_bytes(cut, &none));
    }
    IS(VULTUS_ERROR_BUFFER_TOO_SMALL, vultus_device_request(all.device, VULTUS_FORM_TEXT, bytes, 8, &needed));
    HOLDS(needed > 8);

    list[0].struct_size = sizeof list[0];
    IS(VULTUS_ERROR_BUFFER_TOO_SMALL, vultus_faces_list(all.faces, list, 0, &needed));
    HOLDS(needed >= 1 && list[0].score == 0);
    REFUSED(vultus_faces_list(all.faces, NULL, 1, &needed));
    REFUSED(vultus_faces_list(all.faces, list, SIZE_MAX, &needed));

    page[0].struct_size = sizeof page[0];
    OK(vultus_gallery_snapshot(all.gallery, &now));
    IS(VULTUS_ERROR_ERROR_PARAMETER_EMPTY, vultus_snapshot_groups(now, 0, page, 0, &needed));
    IS(VULTUS_ERROR_LIMIT_EXCEED, vultus_snapshot_groups(now, 0, page, 1001, &needed));
    IS(VULTUS_ERROR_OFFSET_EXCEED, vultus_snapshot_groups(now, SIZE_MAX, page, 1, &needed));
    OK(vultus_snapshot_groups(now, 1, page, 1, &needed));
    HOLDS(needed == 0);
    vultus_snapshot_free(now);
}

/* Frames whose numbers do not fit their bytes. The bytes are never read then. */
static void frames(void)
{
    static const uint32_t absurd[] = {0, 8193, 0x7fffffff, UINT32_MAX};
    vultus_frame frame;
    SIZED(vultus_frame, packed);
    vultus_bytes bytes = {all.frame.data, all.frame.data_length};

    for (size_t i = 0; i < sizeof absurd / sizeof absurd[0]; i++) {
        frame = all.frame;
        frame.width = absurd[i];
        IS(VULTUS_ERROR_FRAME_LAYOUT_INVALID, vultus_frame_check(&frame));
        frame = all.frame;
        frame.height = absurd[i];
        IS(VULTUS_ERROR_FRAME_LAYOUT_INVALID, vultus_frame_check(&frame));
        IS(VULTUS_ERROR_FRAME_LAYOUT_INVALID, detect_with(&frame));
        for (uint32_t format = VULTUS_FORMAT_RGB8; format <= VULTUS_FORMAT_YUYV; format++) {
            IS(VULTUS_ERROR_FRAME_LAYOUT_INVALID, vultus_frame_packed(format, absurd[i], 64, bytes, &packed));
            IS(VULTUS_ERROR_FRAME_LAYOUT_INVALID, vultus_frame_packed(format, 64, absurd[i], bytes, &packed));
            IS(VULTUS_ERROR_FRAME_LAYOUT_INVALID, vultus_frame_packed(format, absurd[i], absurd[i], bytes, &packed));
        }
    }
    frame = all.frame;
    frame.stride = frame.width - 1;
    IS(VULTUS_ERROR_FRAME_LAYOUT_INVALID, detect_with(&frame));
    frame.stride = 0;
    IS(VULTUS_ERROR_FRAME_LAYOUT_INVALID, detect_with(&frame));
    frame.stride = UINT32_MAX;
    IS(VULTUS_ERROR_FRAME_LAYOUT_INVALID, detect_with(&frame));
    frame = all.frame;
    /* The last byte of interleaved chroma may be missing, as Camera2 leaves it out; two may not. */
    frame.data_length--;
    OK(detect_with(&frame));
    frame.data_length--;
    IS(VULTUS_ERROR_FRAME_LAYOUT_INVALID, detect_with(&frame));
    frame.data_length = 0;
    IS(VULTUS_ERROR_FRAME_LAYOUT_INVALID, detect_with(&frame));
    frame.data_length = SIZE_MAX;
    REFUSED(detect_with(&frame));
    frame = all.frame;
    frame.data = NULL;
    REFUSED(detect_with(&frame));
    frame = all.frame;
    frame.format = 0;
    REFUSED(detect_with(&frame));
    frame.format = 9;
    REFUSED(detect_with(&frame));
    frame = all.frame;
    frame.rotation = 45;
    REFUSED(detect_with(&frame));
    frame = all.frame;
    frame.mirror = 2;
    REFUSED(detect_with(&frame));
    frame = all.frame;
    frame.yuv_range = 0;
    REFUSED(detect_with(&frame));
    HOLDS(packed.width == 0 && packed.data == NULL);
}

static void numbers(void)
{
    static const double rates[] = {0, -1, 1, 2, NAN, INFINITY, -INFINITY};
    static const uint32_t faces_sizes[] = {0, 19, 4001, UINT32_MAX};
    SIZED(vultus_comparison, comparison);
    SIZED(vultus_quality, quality);
    vultus_detect_options options;
    vultus_faces *faces = NULL;
    vultus_embedding *embedding = NULL;
    vultus_enrol_face *face = NULL;
    vultus_liveness_decision *decision = NULL;
    vultus_depth_judge *judge = NULL;

    for (size_t i = 0; i < sizeof rates / sizeof rates[0]; i++)
        REFUSED(vultus_sdk_compare(all.sdk, all.embedding, all.embedding, rates[i], &comparison));
    for (size_t i = 0; i < sizeof faces_sizes / sizeof faces_sizes[0]; i++) {
        options = all.detect;
        options.min_face = faces_sizes[i];
        REFUSED(vultus_session_detect(all.session, &all.frame, &options, &faces));
    }
    options = all.detect;
    options.rotate = 2;
    REFUSED(vultus_session_detect(all.session, &all.frame, &options, &faces));
    REFUSED(vultus_session_embed(all.session, &all.frame, all.faces, UINT32_MAX, &embedding));
    IS(VULTUS_ERROR_QUALITY_CONTROL_ILLEGAL,
       vultus_session_qualify(all.session, &all.frame, all.faces, 0, 5, &quality));
    REFUSED(vultus_enrol_face_new(all.embedding, -1.0f, &face));
    REFUSED(vultus_enrol_face_new(all.embedding, 100.5f, &face));
    REFUSED(vultus_enrol_face_new(all.embedding, NAN, &face));
    REFUSED(vultus_liveness_decision_new(0, 0, 0, &decision));
    REFUSED(vultus_liveness_decision_new(2, 5, 1500000, &decision));
    REFUSED(vultus_liveness_decision_new(3, 33, 1500000, &decision));
    REFUSED(vultus_liveness_decision_new(UINT32_MAX, UINT32_MAX, UINT64_MAX, &decision));
    REFUSED(vultus_depth_judge_new(0, &judge));
    REFUSED(vultus_depth_judge_new(4, &judge));
    REFUSED(vultus_sdk_options_set_verification(all.options, 0));
    REFUSED(vultus_gallery_options_set_limits(all.gallery_options, UINT32_MAX, UINT32_MAX, UINT32_MAX));
    IS(VULTUS_ERROR_ABI_MISMATCH, vultus_abi_check(0));
    IS(VULTUS_ERROR_ABI_MISMATCH, vultus_abi_check(UINT32_MAX));
    HOLDS(!faces && !embedding && !face && !decision && !judge && comparison.score == 0);
}

/* Texts, bytes and lists that are no such thing. */
static void inputs(void)
{
    static const char nul_inside[] = "a\0b", not_utf8[] = "\xff\xfe";
    vultus_str long_text = {"a", SIZE_MAX}, nul = {nul_inside, 3}, bad = {not_utf8, 2};
    vultus_bytes long_bytes = {(const uint8_t *)"a", SIZE_MAX}, few = {(const uint8_t *)"a", 1};
    vultus_str groups[2] = {vultus_str_of("staff"), vultus_str_of("staff")};
    vultus_device *device = NULL;
    SIZED(vultus_search_options, search);
    SIZED(vultus_found, found);
    vultus_candidate best[1] = {{0}};
    size_t count = 77;

    REFUSED(vultus_device_new(long_text, &device));
    REFUSED(vultus_device_new(nul, &device));
    REFUSED(vultus_device_new(bad, &device));
    REFUSED(vultus_device_new(vultus_str_of(""), &device));
    REFUSED(vultus_device_new(vultus_str_of(NULL), &device));
    IS(VULTUS_ERROR_LICENCE_BAD_FORMAT, vultus_device_install(all.device, few));
    REFUSED(vultus_device_install(all.device, long_bytes));
    REFUSED(vultus_device_add_bytes(all.device, VULTUS_PART_OEM_SECRET, few));
    REFUSED(vultus_device_add_text(all.device, 99, vultus_str_of("x")));
    REFUSED(vultus_gallery_options_set_secret(all.gallery_options, few));
    REFUSED(vultus_gallery_options_set_anchor(all.gallery_options, few));
    REFUSED(vultus_gallery_rotate(all.gallery, few));

    best[0].struct_size = sizeof best[0];
    OK(vultus_search_options_default(&search));
#define SEARCH(list, number, most) \
    vultus_gallery_search(all.gallery, all.matcher, all.embedding, list, number, &search, best, most, &count, &found)
    IS(VULTUS_ERROR_GROUP_ID_NOT_EXIST, (groups[0] = vultus_str_of("nobody"), SEARCH(groups, 1, 1)));
    groups[0] = vultus_str_of("staff");
    REFUSED(SEARCH(groups, 2, 1)); /* named twice */
    REFUSED(SEARCH(groups, SIZE_MAX, 1));
    IS(VULTUS_ERROR_SEARCH_PERSONS_EXCEED, SEARCH(groups, 1, 101));
    search.fpir = 0;
    REFUSED(SEARCH(groups, 1, 1));
    search.fpir = NAN;
    REFUSED(SEARCH(groups, 1, 1));
#undef SEARCH
    HOLDS(device == NULL && count == 77 && found.threshold == 0);
}

/* Two threads in one session: each call is answered or refused, and nothing else happens. */
static atomic_int answered, refused, surprising;

static void *detect_often(void *calls)
{
    for (int i = 0; i < *(const int *)calls; i++) {
        const int32_t code = detect_with(&all.frame);
        if (code == VULTUS_OK)
            atomic_fetch_add(&answered, 1);
        else if (code == VULTUS_ERROR_HANDLE_BUSY)
            atomic_fetch_add(&refused, 1);
        else
            atomic_fetch_add(&surprising, 1);
    }
    return NULL;
}

static void threads(void)
{
    int calls = 20;
    pthread_t other;

    /* One of the two is in a call nearly all the time, so that a few rounds meet; which one is refused is chance. */
    for (int round = 0; round < 50 && (atomic_load(&refused) == 0 || round == 0); round++) {
        HOLDS(pthread_create(&other, NULL, detect_often, &calls) == 0);
        detect_often(&calls);
        HOLDS(pthread_join(other, NULL) == 0);
    }
    HOLDS(atomic_load(&answered) > 0 && atomic_load(&refused) > 0 && atomic_load(&surprising) == 0);
    OK(detect_with(&all.frame));
}

/* The details of a failure are those of the thread in which it failed. */
static void *fail_otherwise(void *unused)
{
    (void)unused;
    REFUSED(vultus_frame_check(NULL));
    return NULL;
}

static void last_errors(void)
{
    SIZED(vultus_error, error);
    pthread_t other;
    char text[256];
    size_t needed;

    IS(VULTUS_ERROR_ABI_MISMATCH, vultus_abi_check(99));
    HOLDS(pthread_create(&other, NULL, fail_otherwise, NULL) == 0);
    HOLDS(pthread_join(other, NULL) == 0);
    OK(detect_with(&all.frame));
    OK(vultus_last_error(&error));
    HOLDS(error.code == VULTUS_ERROR_ABI_MISMATCH && strcmp(error.name, "AbiMismatch") == 0);
    /* The questions themselves do not count, even where they are wrong. */
    REFUSED(vultus_last_error(NULL));
    REFUSED(vultus_last_error_text(99, text, sizeof text, &needed));
    OK(vultus_last_error(&error));
    HOLDS(error.code == VULTUS_ERROR_ABI_MISMATCH);
}

/* A callback of the log that calls back. */
static int heard;

static void call_back(void *user_data, uint32_t level, const char *text, size_t length)
{
    vultus_session *session = user_data;
    vultus_faces *faces = NULL;

    heard++;
    HOLDS(level == VULTUS_LOG_WARNING && strlen(text) == length);
    /* The log cannot be changed from inside; everything else works, and is not told again. */
    IS(VULTUS_ERROR_HANDLE_BUSY, vultus_log_set(VULTUS_LOG_INFO, call_back, session));
    IS(VULTUS_ERROR_HANDLE_BUSY, vultus_log_clear());
    REFUSED(vultus_frame_check(NULL));
    OK(vultus_session_detect(session, &all.frame, &all.detect, &faces));
    vultus_faces_free(faces);
}

static void callbacks(void)
{
    vultus_session *session = NULL;
    SIZED(vultus_error, error);

    OK(vultus_session_new(all.sdk, &session));
    OK(vultus_log_set(VULTUS_LOG_WARNING, call_back, session));
    IS(VULTUS_ERROR_ABI_MISMATCH, vultus_abi_check(99));
    HOLDS(heard == 1);
    /* What failed in the callback is not what failed. */
    OK(vultus_last_error(&error));
    HOLDS(error.code == VULTUS_ERROR_ABI_MISMATCH);
    REFUSED(vultus_log_set(0, call_back, session));
    HOLDS(heard == 2);
    OK(vultus_log_clear());
    IS(VULTUS_ERROR_ABI_MISMATCH, vultus_abi_check(99));
    HOLDS(heard == 2);
    vultus_session_free(session);
}

/* Everything goes on after a thousand failures. */
static void goes_on(void)
{
    uint32_t count = 0;

    OK(detect_with(&all.frame));
    OK(vultus_faces_count(all.faces, &count));
    HOLDS(count > 0);
    OK(vultus_grant_check(all.grant));
}

static long resident_kib(void)
{
    FILE *file = fopen("/proc/self/statm", "r");
    long pages = -1;

    if (file == NULL || fscanf(file, "%*d %ld", &pages) != 1)
        pages = -1;
    if (file != NULL)
        fclose(file);
    return pages * (sysconf(_SC_PAGESIZE) / 1024);
}

static void cycle(int with_sdk)
{
    vultus_session *session = NULL;
    vultus_sdk *sdk = all.sdk;
    vultus_faces *faces = NULL;

    if (with_sdk)
        OK(vultus_sdk_open(all.options, all.grant, &sdk));
    OK(vultus_session_new(sdk, &session));
    if (with_sdk)
        OK(vultus_session_detect(session, &all.frame, &all.detect, &faces));
    vultus_faces_free(faces);
    vultus_session_free(session);
    if (with_sdk)
        vultus_sdk_free(sdk);
}

/* Opening and closing leaves nothing behind. */
static void cycles(int sessions, int must_be_flat)
{
    const int sdks = sessions / 1000;
    const long most_kib = 1024;
    long before, after;

    for (int i = 0; i < sessions / 100; i++)
        cycle(0);
    before = resident_kib();
    for (int i = 0; i < sessions; i++)
        cycle(0);
    after = resident_kib();
    printf("%d sessions: %ld KiB before, %ld KiB after\n", sessions, before, after);
    HOLDS(!must_be_flat || after - before <= most_kib);

    for (int i = 0; i < 2 && sdks > 0; i++)
        cycle(1);
    before = resident_kib();
    for (int i = 0; i < sdks; i++)
        cycle(1);
    after = resident_kib();
    printf("%d SDKs, each with a session that detects: %ld KiB before, %ld KiB after\n", sdks, before, after);
    HOLDS(!must_be_flat || after - before <= 2 * most_kib);
}

int main(int argc, char **argv)
{
    char path[512];

    if (argc != 6 && argc != 7) {
        fputs("usage: misuse FOLDER SECRET PACK FRAME CYCLES [flat]\n", stderr);
        return FAILED;
    }
    snprintf(path, sizeof path, "%s/misuse.gallery", argv[1]);
    set_up(argv, path);
    check(enrol_as("E-17"), "the person");
    nulls();
    struct_sizes();
    handles();
    short_buffers();
    frames();
    numbers();
    inputs();
    threads();
    last_errors();
    callbacks();
    goes_on();
    cycles(atoi(argv[5]), argc == 7);
    tear_down();
    printf("%d right, %d wrong\n", right, wrong);
    return wrong == 0 ? 0 : 1;
}
