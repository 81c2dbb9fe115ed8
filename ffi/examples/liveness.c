/* liveness.c: is the face before the camera that of a living person? By depth, or by infrared.
 *
 *   liveness [OPTION]... depth COLOUR DEPTH            a depth sensor beside the colour camera
 *   liveness [OPTION]... infrared COLOUR LIT [UNLIT]   an infrared camera with its lamp on, and off
 *   liveness [OPTION]... at DEPTH X Y X Y X Y X Y X Y  the same by landmarks in the depth frame: eyes, nose, mouth
 *   liveness [OPTION]... synthetic bump|sheet          a depth frame that is made here, of a bump or of a print
 *
 *   --folder DIR      licence of this device; /var/lib/vultus unless given
 *   --pack DIR        the model pack; /usr/share/vultus/packs/lite unless given
 *   --secret FILE     the maker's secret of this device (see door.c)
 *   --focal PIXELS    focal length of depth and infrared frames; 580 unless given
 *
 * Frames are files that say size and format in their names: NAME-640x480.nv21 as in door.c; NAME-640x480.z16, depth in
 * millimetres, 16 bits little-endian; NAME-640x480.y8, .y10 or .y16 for infrared. Here the driver has aligned them to
 * the colour camera; for cameras side by side see vultus_registration_cameras.
 *
 * Exit code 0: live. 1: a spoof, or not known; the reasons are printed. 2: an error. What each kind stops, and
 * what not, is in docs/liveness.md: a mask with a nose passes by depth alone.
 *
 *   cc -std=c11 liveness.c $(pkg-config --cflags --libs vultus) -o liveness
 */
#include "example.h"

enum { LIVE = 0, NOT_LIVE = 1 };

/* Capture times come from the cameras, on one clock, and must be close together. */
enum { NOW_US = 1000000, LAMP_OFF_US = NOW_US + 33000 };

struct settings {
    const char *folder, *pack, *secret;
    float focal;
};

/* Neither a spoof nor an inconclusive frame opens a door. One frame is wrong more often than several: give each
 * answer to vultus_liveness_decision_add and act on what that decides. */
static int say(const vultus_liveness *answer)
{
    static const char *const verdicts[] = {"?", "alive", "spoof", "inconclusive"};
    char name[64];
    size_t needed;

    printf("%s", verdicts[answer->verdict < 4 ? answer->verdict : 0]);
    for (uint32_t bit = 1; bit != 0; bit <<= 1)
        if ((answer->reasons & bit) && vultus_reason_name(bit, name, sizeof name, &needed) == VULTUS_OK)
            printf(" %s", name);
    if (answer->has_score)
        printf(" (score %.3f)", answer->score);
    puts("");
    return answer->verdict == VULTUS_LIVE ? LIVE : NOT_LIVE;
}

static vultus_session *open_session(const struct settings *settings, vultus_sdk **sdk)
{
    vultus_device *device = this_device(settings->folder, settings->secret);
    vultus_session *session = NULL;

    *sdk = open_sdk(device, settings->pack);
    check(vultus_session_new(*sdk, &session), "a session");
    vultus_device_free(device);
    return session;
}

/* The landmarks of the largest face of a colour frame; 0 when there is none. */
static int find(vultus_session *session, const vultus_frame *frame, vultus_landmarks *landmarks)
{
    vultus_detect_options options = {0};
    vultus_faces *faces = NULL;
    vultus_face face = {0};
    uint32_t count = 0, largest = 0;

    options.struct_size = sizeof options;
    face.struct_size = sizeof face;
    landmarks->struct_size = sizeof *landmarks;
    check(vultus_detect_options_default(&options), "the options");
    check(vultus_session_detect(session, frame, &options, &faces), "the frame");
    check(vultus_faces_count(faces, &count), "the faces");
    if (count > 0) {
        check(vultus_faces_largest(faces, options.min_face, &largest), "the largest face");
        check(vultus_faces_get(faces, largest, &face), "the largest face");
        memcpy(landmarks->points, face.landmarks, sizeof face.landmarks);
    }
    vultus_faces_free(faces);
    return count > 0;
}

static vultus_registration *aligned(const vultus_frame *colour)
{
    vultus_registration *registration = NULL;
    vultus_view view = {0};

    view.struct_size = sizeof view;
    view.width = colour->width;
    view.height = colour->height;
    check(vultus_registration_same(&view, &registration), "the registration");
    return registration;
}

/* Everything has to be said of a depth frame: with a wrong unit or focal length a print is a face. */
static vultus_depth_frame depth_frame(const struct settings *settings, uint32_t width, uint32_t height,
                                      vultus_bytes bytes)
{
    vultus_depth_frame frame = {0};

    frame.struct_size = sizeof frame;
    frame.format = VULTUS_DEPTH_Z16;
    frame.width = width;
    frame.height = height;
    frame.stride = width * 2;
    frame.unit_mm = 1;
    frame.fx = frame.fy = settings->focal;
    frame.cx = (float)width / 2;
    frame.cy = (float)height / 2;
    frame.timestamp_us = NOW_US;
    frame.data = bytes.data;
    frame.data_length = bytes.length;
    return frame;
}

static int judge_depth(vultus_session *session, const vultus_depth_frame *depth, const vultus_landmarks *landmarks)
{
    vultus_depth_judge *judge = NULL;
    vultus_liveness answer = {0};

    /* The class of the sensor by its baseline and noise; made once, for all threads. */
    check(vultus_depth_judge_new(VULTUS_SENSOR_CLASS_B, &judge), "the judge");
    answer.struct_size = sizeof answer;
    check(vultus_session_liveness_depth(session, judge, depth, landmarks, NOW_US, &answer), "liveness by depth");
    vultus_depth_judge_free(judge);
    return say(&answer);
}

static vultus_depth_frame read_depth(const struct settings *settings, const char *path)
{
    uint32_t width, height;

    if (strcmp(size_in_name(path, &width, &height), "z16") != 0)
        give_up(path, "the name does not end like -640x480.z16");
    return depth_frame(settings, width, height, read_file(path, 256L << 20));
}

static int by_depth(const struct settings *settings, vultus_session *session, const char *colour_path,
                    const char *depth_path)
{
    uint32_t found = 0;
    vultus_frame colour = read_frame(colour_path);
    vultus_depth_frame depth = read_depth(settings, depth_path);
    vultus_landmarks in_colour = {0}, in_depth = {0};
    int answer = NOT_LIVE;

    in_depth.struct_size = sizeof in_depth;
    if (find(session, &colour, &in_colour)) {
        vultus_registration *registration = aligned(&colour);
        check(vultus_registration_locate_in_depth(registration, &in_colour, &depth, &in_depth, &found),
              "landmarks in the depth frame");
        vultus_registration_free(registration);
        if (found)
            answer = judge_depth(session, &depth, &in_depth);
        else
            puts("inconclusive: nothing was measured at the face");
    } else {
        puts("no face");
    }
    free((void *)depth.data);
    free((void *)colour.data);
    return answer;
}

/* The face was found by something else, as the detector of a camera's own processor. */
static int by_landmarks(const struct settings *settings, vultus_session *session, const char *depth_path,
                        char **numbers)
{
    vultus_depth_frame depth = read_depth(settings, depth_path);
    vultus_landmarks landmarks = {0};
    int answer;

    landmarks.struct_size = sizeof landmarks;
    for (int i = 0; i < 10; i++)
        if (sscanf(numbers[i], "%f", &landmarks.points[i / 2][i % 2]) != 1)
            give_up(numbers[i], "no number");
    answer = judge_depth(session, &depth, &landmarks);
    free((void *)depth.data);
    return answer;
}

static vultus_infrared_frame infrared_frame(const struct settings *settings, const char *path, uint32_t emitter,
                                            uint64_t timestamp_us)
{
    vultus_infrared_frame frame = {0};
    const char *ending = size_in_name(path, &frame.width, &frame.height);
    vultus_bytes bytes = read_file(path, 256L << 20);

    frame.struct_size = sizeof frame;
    frame.format = strcmp(ending, "y8") == 0    ? VULTUS_INFRARED_Y8
                   : strcmp(ending, "y10") == 0 ? VULTUS_INFRARED_Y10
                   : strcmp(ending, "y16") == 0 ? VULTUS_INFRARED_Y16
                                                : 0; /* which the library refuses */
    frame.stride = frame.width * (frame.format == VULTUS_INFRARED_Y8 ? 1 : 2);
    frame.emitter = emitter;
    frame.has_intrinsics = 1;
    frame.fx = frame.fy = settings->focal;
    frame.cx = (float)frame.width / 2;
    frame.cy = (float)frame.height / 2;
    frame.timestamp_us = timestamp_us;
    frame.data = bytes.data;
    frame.data_length = bytes.length;
    return frame;
}

static int by_infrared(const struct settings *settings, const vultus_sdk *sdk, vultus_session *session,
                       const char *colour_path, const char *lit_path, const char *unlit_path)
{
    vultus_frame colour = read_frame(colour_path);
    vultus_infrared_frame lit = infrared_frame(settings, lit_path, VULTUS_EMITTER_ON, NOW_US), unlit = {0};
    vultus_infrared_judge *judge = NULL;
    vultus_infrared_face face = {0};
    vultus_landmarks landmarks = {0};
    vultus_liveness answer = {0};
    int result = NOT_LIVE;

    colour.timestamp_us = NOW_US;
    face.struct_size = sizeof face;
    answer.struct_size = sizeof answer;
    if (find(session, &colour, &landmarks)) {
        check(vultus_infrared_judge_new(sdk, &judge), "the judge");
        /* Aligned frames share their pixels; vultus_registration_locate serves the others. */
        memcpy(face.in_colour, landmarks.points, sizeof face.in_colour);
        memcpy(face.in_infrared, landmarks.points, sizeof face.in_infrared);
        face.found = VULTUS_IN_INFRARED_NOT_ASKED;
        if (unlit_path != NULL) {
            unlit = infrared_frame(settings, unlit_path, VULTUS_EMITTER_OFF, LAMP_OFF_US);
            check(vultus_session_liveness_infrared_pair(session, judge, &colour, &lit, &unlit, &face, &answer),
                  "liveness by infrared");
        } else {
            check(vultus_session_liveness_infrared(session, judge, &colour, &lit, &face, &answer),
                  "liveness by infrared");
        }
        result = say(&answer);
    } else {
        puts("no face");
    }
    vultus_infrared_judge_free(judge);
    free((void *)unlit.data);
    free((void *)lit.data);
    free((void *)colour.data);
    return result;
}

/* A depth frame to try without a sensor: half a metre away a bump with a nose, which has the measures of a face but not
 * its appearance, or a sheet. Both are refused, each for its own reasons; this shows that everything is set up. */
static int synthetic(const struct settings *settings, vultus_session *session, int is_bump)
{
    enum { WIDTH = 640, HEIGHT = 480 };
    /* Eyes, tip of the nose, corners of the mouth, in millimetres from the middle of the face. */
    static const float points[5][2] = {{-32, -32}, {32, -32}, {0, 8}, {-25, 42}, {25, 42}};
    uint8_t *data = malloc(WIDTH * HEIGHT * 2);
    vultus_bytes bytes = {data, WIDTH * HEIGHT * 2};
    vultus_landmarks landmarks = {0};
    vultus_depth_frame depth = depth_frame(settings, WIDTH, HEIGHT, bytes);
    int answer;

    if (data == NULL)
        give_up("a depth frame", "out of memory");
    landmarks.struct_size = sizeof landmarks;
    for (int i = 0; i < WIDTH * HEIGHT; i++) {
        const float column = ((float)(i % WIDTH) + 0.5f - depth.cx) / depth.fx;
        const float row = ((float)(i / WIDTH) + 0.5f - depth.cy) / depth.fy;
        float z = 500;
        /* Where the line of sight meets the surface: a few steps are near enough. */
        for (int step = 0; is_bump && step < 4; step++) {
            const float x = column * z, y = row * z;
            const float across = x / 10, along = (y - 8) / 20, nose = 1 + across * across + along * along;
            z = 500 + x * x / 130 + y * y / 260 - 26 / (nose * nose);
        }
        data[2 * i] = (uint8_t)((unsigned)z & 255);
        data[2 * i + 1] = (uint8_t)((unsigned)z >> 8);
    }
    for (int i = 0; i < 5; i++) {
        const float z = is_bump && i == 2 ? 474 : 505;
        landmarks.points[i][0] = depth.cx + points[i][0] * depth.fx / z;
        landmarks.points[i][1] = depth.cy + points[i][1] * depth.fy / z;
    }
    answer = judge_depth(session, &depth, &landmarks);
    free_bytes(bytes);
    return answer;
}

static int usage(void)
{
    fputs("usage: liveness [OPTION]... depth COLOUR DEPTH | infrared COLOUR LIT [UNLIT] |\n"
          "       at DEPTH X Y X Y X Y X Y X Y | synthetic bump|sheet\n"
          "options: --folder DIR, --pack DIR, --secret FILE, --focal PIXELS\n",
          stderr);
    return FAILED;
}

int main(int argc, char **argv)
{
    struct settings settings = {"/var/lib/vultus", "/usr/share/vultus/packs/lite", NULL, 580};
    vultus_sdk *sdk = NULL;
    vultus_session *session;
    int i = 1, answer;

    check(vultus_abi_check(VULTUS_ABI_VERSION), "the library");
    for (; i + 1 < argc && strncmp(argv[i], "--", 2) == 0; i++) {
        if (strcmp(argv[i], "--folder") == 0)
            settings.folder = argv[++i];
        else if (strcmp(argv[i], "--pack") == 0)
            settings.pack = argv[++i];
        else if (strcmp(argv[i], "--secret") == 0)
            settings.secret = argv[++i];
        else if (strcmp(argv[i], "--focal") == 0 && sscanf(argv[++i], "%f", &settings.focal) == 1)
            continue;
        else
            return usage();
    }
    argc -= i;
    argv += i;
    if (argc < 2)
        return usage();

    session = open_session(&settings, &sdk);
    if (argc == 3 && strcmp(argv[0], "depth") == 0)
        answer = by_depth(&settings, session, argv[1], argv[2]);
    else if ((argc == 3 || argc == 4) && strcmp(argv[0], "infrared") == 0)
        answer = by_infrared(&settings, sdk, session, argv[1], argv[2], argc == 4 ? argv[3] : NULL);
    else if (argc == 12 && strcmp(argv[0], "at") == 0)
        answer = by_landmarks(&settings, session, argv[1], argv + 2);
    else if (argc == 2 && strcmp(argv[0], "synthetic") == 0)
        answer = synthetic(&settings, session, strcmp(argv[1], "bump") == 0);
    else
        answer = usage();
    vultus_session_free(session);
    vultus_sdk_free(sdk);
    return answer;
}
