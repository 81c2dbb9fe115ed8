/* door.c: a door that recognises people, from the licence to a name.
 *
 *   door [OPTION]... request                 prints the text that the vendor answers with a licence
 *   door [OPTION]... install LICENCE         takes that licence in, once for each device
 *   door [OPTION]... status                  says what the licence is good for
 *   door [OPTION]... enrol ID NAME FRAME     keeps the person in this frame
 *   door [OPTION]... identify FRAME          says who is in this frame
 *
 *   --folder DIR      licence and gallery of this device; /var/lib/vultus unless given
 *   --pack DIR        the model pack; /usr/share/vultus/packs/lite unless given
 *   --secret FILE     a secret that the maker gave to this device alone, 16 to 512 bytes
 *   --key FILE        the 32 bytes that seal the gallery; gallery.key in the folder unless given
 *   --full-range      luma 0 is black and 255 white, as in JPEG; cameras use 16 to 235
 *   --rotation N      degrees by which the frame is turned clockwise to stand upright
 *
 * A FRAME is a file of raw pixels that says its size and format in its name: NAME-640x480.nv21, or .nv12, .i420,
 * .yuyv, .rgb. ffmpeg makes one of a picture of that size: ffmpeg -i me.jpg -pix_fmt nv21 -f rawvideo me-640x480.nv21
 *
 * The answer goes to standard output. Exit code 0: a person was named, or it is done. 1: an unknown person, or no face.
 * 2: an error, which is explained on standard error.
 *
 * A photograph held before the camera passes here. liveness.c shows how a door tells it from a person.
 *
 *   cc -std=c11 door.c $(pkg-config --cflags --libs vultus) -o door
 */
#include "example.h"

#define GROUP "staff"

enum { NAMED = 0, NOT_NAMED = 1 };

struct settings {
    const char *folder, *pack, *secret, *key;
    uint32_t yuv_range, rotation;
};

static vultus_device *device_of(const struct settings *settings)
{
    return this_device(settings->folder, settings->secret);
}

static vultus_frame frame_of(const char *path, const struct settings *settings)
{
    vultus_frame frame = read_frame(path);

    frame.yuv_range = settings->yuv_range;
    frame.rotation = settings->rotation;
    return frame;
}

static int request(const struct settings *settings)
{
    vultus_device *device = device_of(settings);
    uint8_t text[8192];
    size_t length;

    check(vultus_device_request(device, VULTUS_FORM_TEXT, text, sizeof text, &length), "the request");
    fwrite(text, 1, length, stdout);
    vultus_device_free(device);
    return 0;
}

static int install(const struct settings *settings, const char *path)
{
    vultus_device *device = device_of(settings);
    vultus_bytes licence = read_file(path, 64 << 10);

    check(vultus_device_install(device, licence), "the licence");
    puts("installed");
    free_bytes(licence);
    vultus_device_free(device);
    return 0;
}

static int status(const struct settings *settings)
{
    static const char *const tiers[] = {"?", "detect", "liveness", "recognise"};
    vultus_device *device = device_of(settings);
    vultus_grant *grant = NULL;
    vultus_licence licence = {0};
    char text[512];
    size_t needed;

    check(vultus_device_activate(device, &grant), "the licence");
    licence.struct_size = sizeof licence;
    check(vultus_grant_licence(grant, &licence), "the licence");
    printf("licensed: %s, ", licence.tier < 4 ? tiers[licence.tier] : "a later tier");
    if (licence.is_trial)
        printf("a trial with %" PRIu64 " days left\n", licence.seconds_left / 86400);
    else
        puts("without an end");
    for (uint32_t i = 0; i < licence.warnings; i++)
        if (vultus_grant_warning(grant, i, text, sizeof text, &needed) == VULTUS_OK)
            printf("warning: %s\n", text);
    vultus_grant_free(grant);
    vultus_device_free(device);
    return 0;
}

/* All that a door needs. One SDK, matcher and gallery serve all threads; a session serves one of them. */
struct door {
    vultus_sdk *sdk;
    vultus_session *session;
    vultus_matcher *matcher;
    vultus_gallery *gallery;
};

static vultus_gallery *open_gallery(const struct settings *settings, const vultus_matcher *matcher)
{
    vultus_gallery_options *options = NULL;
    vultus_gallery *gallery = NULL;
    vultus_bytes key;
    char path[512], key_path[512];
    int32_t code;

    if (strlen(settings->folder) > 400)
        give_up(settings->folder, "the path is too long for this example");
    snprintf(path, sizeof path, "%s/door.gallery", settings->folder);
    snprintf(key_path, sizeof key_path, "%s/gallery.key", settings->folder);
    /* A product keeps the key in the TEE and not beside what it seals. */
    key = read_file(settings->key != NULL ? settings->key : key_path, 32);
    check(vultus_gallery_options_new(&options), "the gallery");
    check(vultus_gallery_options_set_path(options, vultus_str_of(path)), "the gallery");
    check(vultus_gallery_options_set_secret(options, key), "the gallery's key");
    free_bytes(key);

    code = vultus_gallery_open(options, &gallery);
    if (code == VULTUS_ERROR_GALLERY_MISSING)
        code = vultus_gallery_create(options, &gallery);
    check(code, "the gallery");
    vultus_gallery_options_free(options);

    /* Groups are made once; that it is there already is no failure. */
    code = vultus_gallery_create_group(gallery, matcher, vultus_str_of(GROUP), vultus_str_of(GROUP));
    if (code != VULTUS_ERROR_GROUP_ID_ALREADY_EXIST)
        check(code, "the group");
    return gallery;
}

static struct door open_door(const struct settings *settings)
{
    struct door door = {NULL, NULL, NULL, NULL};
    vultus_device *device = device_of(settings);

    door.sdk = open_sdk(device, settings->pack);
    check(vultus_session_new(door.sdk, &door.session), "a session");
    check(vultus_matcher_new(door.sdk, &door.matcher), "the matcher");
    door.gallery = open_gallery(settings, door.matcher);
    vultus_device_free(device);
    return door;
}

static void close_door(struct door door)
{
    vultus_gallery_free(door.gallery);
    vultus_matcher_free(door.matcher);
    vultus_session_free(door.session);
    vultus_sdk_free(door.sdk);
}

/* The faces of a frame; `largest` is the one nearest to the door. 0 when there is none, which is an answer and no error. */
static int find(const struct door *door, const vultus_frame *frame, vultus_faces **faces, uint32_t *largest)
{
    vultus_detect_options options = {0};
    uint32_t count = 0;
    float too_small = 0;

    options.struct_size = sizeof options;
    check(vultus_detect_options_default(&options), "the options");
    check(vultus_session_detect(door->session, frame, &options, faces), "the frame");
    check(vultus_faces_count(*faces, &count), "the faces");
    if (count == 0) {
        check(vultus_faces_too_small(*faces, &too_small), "the faces");
        puts(too_small > 0 ? "no face near enough" : "no face");
        return 0;
    }
    check(vultus_faces_largest(*faces, options.min_face, largest), "the largest face");
    return 1;
}

static int enrol(const struct settings *settings, const char *id, const char *name, const char *path)
{
    vultus_frame frame = frame_of(path, settings);
    struct door door = open_door(settings);
    vultus_faces *faces = NULL;
    vultus_enrol_face *face = NULL;
    vultus_enrol_options options = {0};
    vultus_enrolment enrolment = {0};
    uint32_t largest = 0;
    int answer = NOT_NAMED;

    if (find(&door, &frame, &faces, &largest)) {
        options.struct_size = sizeof options;
        check(vultus_enrol_options_default(&options), "the options");
        options.quality_control = 1; /* Refuses what would be recognised badly; 4 is the strictest. */
        check(vultus_session_enrol_face(door.session, &frame, faces, largest, &options, &face), "the face");

        enrolment.struct_size = sizeof enrolment;
        /* Level 4 does not enrol a person who is very similar to one in the group. */
        check(vultus_gallery_enrol(door.gallery, door.matcher, vultus_str_of(GROUP), vultus_str_of(id),
                                   vultus_str_of(name), face, 4, &enrolment),
              "the person");
        if (enrolment.outcome == VULTUS_ENROLMENT_CREATED) {
            printf("enrolled: %s\n", id);
            answer = NAMED;
        } else {
            printf("looks like %s, who is there already (score %.1f)\n", enrolment.similar, enrolment.score);
        }
    }
    vultus_enrol_face_free(face);
    vultus_faces_free(faces);
    close_door(door);
    free((void *)frame.data);
    return answer;
}

static int identify(const struct settings *settings, const char *path)
{
    vultus_frame frame = frame_of(path, settings);
    struct door door = open_door(settings);
    vultus_faces *faces = NULL;
    vultus_embedding *probe = NULL;
    vultus_search_options options = {0};
    vultus_candidate best[1] = {{0}};
    vultus_found found = {0};
    vultus_str groups[1];
    size_t count = 0;
    uint32_t largest = 0;
    int32_t code;
    int answer = NOT_NAMED;

    if (find(&door, &frame, &faces, &largest)) {
        check(vultus_session_embed(door.session, &frame, faces, largest, &probe), "the face");
        groups[0] = vultus_str_of(GROUP);
        options.struct_size = sizeof options;
        best[0].struct_size = sizeof best[0];
        found.struct_size = sizeof found;
        check(vultus_search_options_default(&options), "the options");
        code = vultus_gallery_search(door.gallery, door.matcher, probe, groups, 1, &options, best, 1, &count, &found);
        if (code != VULTUS_ERROR_NO_FACE_IN_GROUPS)
            check(code, "the search");
        /* `found` decides, never the score of the first candidate: the threshold grows with the gallery. */
        if (found.is_named) {
            printf("named: %s (score %.1f, needed %.1f)\n", best[0].person, best[0].score, found.threshold);
            answer = NAMED;
        } else if (code == VULTUS_ERROR_NO_FACE_IN_GROUPS) {
            puts("unknown (nobody is enrolled)");
        } else if (found.is_ambiguous) {
            printf("ambiguous (%s or another person, %.1f dB apart)\n", best[0].person, found.margin_decibels);
        } else {
            printf("unknown (nearest score %.1f, needed %.1f)\n", best[0].score, found.threshold);
        }
    }
    vultus_embedding_free(probe);
    vultus_faces_free(faces);
    close_door(door);
    free((void *)frame.data);
    return answer;
}

static int usage(void)
{
    fputs("usage: door [OPTION]... request | install LICENCE | status | enrol ID NAME FRAME | identify FRAME\n"
          "options: --folder DIR, --pack DIR, --secret FILE, --key FILE, --full-range, --rotation 0|90|180|270\n"
          "a FRAME is named like NAME-640x480.nv21 (nv12, i420, yuyv, rgb)\n",
          stderr);
    return FAILED;
}

int main(int argc, char **argv)
{
    struct settings settings = {"/var/lib/vultus", "/usr/share/vultus/packs/lite", NULL, NULL, VULTUS_YUV_LIMITED, 0};
    int i = 1;

    /* The first call of all: does the library that was loaded fit the header that this was compiled with? */
    check(vultus_abi_check(VULTUS_ABI_VERSION), "the library");

    for (; i < argc && strncmp(argv[i], "--", 2) == 0; i++) {
        if (strcmp(argv[i], "--full-range") == 0)
            settings.yuv_range = VULTUS_YUV_FULL;
        else if (i + 1 == argc)
            return usage();
        else if (strcmp(argv[i], "--folder") == 0)
            settings.folder = argv[++i];
        else if (strcmp(argv[i], "--pack") == 0)
            settings.pack = argv[++i];
        else if (strcmp(argv[i], "--secret") == 0)
            settings.secret = argv[++i];
        else if (strcmp(argv[i], "--key") == 0)
            settings.key = argv[++i];
        else if (strcmp(argv[i], "--rotation") == 0 && sscanf(argv[++i], "%3" SCNu32, &settings.rotation) == 1)
            continue; /* The library refuses what is no quarter turn. */
        else
            return usage();
    }
    argc -= i;
    argv += i;
    if (argc == 1 && strcmp(argv[0], "request") == 0)
        return request(&settings);
    if (argc == 2 && strcmp(argv[0], "install") == 0)
        return install(&settings, argv[1]);
    if (argc == 1 && strcmp(argv[0], "status") == 0)
        return status(&settings);
    if (argc == 4 && strcmp(argv[0], "enrol") == 0)
        return enrol(&settings, argv[1], argv[2], argv[3]);
    if (argc == 2 && strcmp(argv[0], "identify") == 0)
        return identify(&settings, argv[1]);
    return usage();
}
