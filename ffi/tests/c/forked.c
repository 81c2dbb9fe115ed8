/* What a child of fork may do with what its parent opened: nothing, and the parent loses nothing.
 *
 *   forked FOLDER SECRET PACK FRAME use|free|exit|thread ROUNDS
 *
 * FOLDER has a licence for everything, SECRET is the device's, and FRAME shows a face. In each round the parent forks, in
 * `thread` while another thread of its own searches and enrols; the child uses the handles, frees them, ends by exit(), or
 * uses them in a thread of its own; then the parent enrols a person, and finds that nobody else can open the gallery. At the
 * end the gallery is closed and opened again, and everybody must be there. Exit code 1 if something was not so. */
#define _GNU_SOURCE
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "example.h"

static struct {
    vultus_device *device;
    vultus_grant *grant;
    vultus_sdk *sdk;
    vultus_session *session;
    vultus_frame frame;
    vultus_faces *faces;
    vultus_embedding *embedding;
    vultus_enrol_face *face;
    vultus_matcher *matcher;
    vultus_gallery_options *options;
    vultus_gallery *gallery;
    vultus_snapshot *snapshot;
} all;

static atomic_int enrolled;
static atomic_bool stop;

static void set_up(char **argv)
{
    static uint8_t key[32] = {7};
    char path[512];
    vultus_bytes secret = {key, sizeof key};
    vultus_detect_options detect = {0};
    vultus_enrol_options enrol = {0};

    detect.struct_size = sizeof detect;
    enrol.struct_size = sizeof enrol;
    all.device = this_device(argv[1], argv[2]);
    all.frame = read_frame(argv[4]);
    check(vultus_device_activate(all.device, &all.grant), "the grant");
    all.sdk = open_sdk(all.device, argv[3]);
    check(vultus_session_new(all.sdk, &all.session), "a session");
    check(vultus_detect_options_default(&detect), "options");
    check(vultus_session_detect(all.session, &all.frame, &detect, &all.faces), "faces");
    check(vultus_session_embed(all.session, &all.frame, all.faces, 0, &all.embedding), "an embedding");
    check(vultus_enrol_options_default(&enrol), "options");
    check(vultus_session_enrol_face(all.session, &all.frame, all.faces, 0, &enrol, &all.face), "a face");
    check(vultus_matcher_new(all.sdk, &all.matcher), "the matcher");
    snprintf(path, sizeof path, "%s/forked-%s.gallery", argv[1], argv[5]);
    check(vultus_gallery_options_new(&all.options), "options");
    check(vultus_gallery_options_set_path(all.options, vultus_str_of(path)), "the path");
    check(vultus_gallery_options_set_secret(all.options, secret), "the secret");
    check(vultus_gallery_create(all.options, &all.gallery), "the gallery");
    check(vultus_gallery_create_group(all.gallery, all.matcher, vultus_str_of("staff"), vultus_str_of("Staff")),
          "the group");
    check(vultus_gallery_snapshot(all.gallery, &all.snapshot), "a snapshot");
}

static int32_t enrol(void)
{
    char id[32];
    vultus_enrolment enrolment = {0};
    int32_t code;

    enrolment.struct_size = sizeof enrolment;
    snprintf(id, sizeof id, "P%d", atomic_fetch_add(&enrolled, 1));
    code = vultus_gallery_enrol(all.gallery, all.matcher, vultus_str_of("staff"), vultus_str_of(id),
                                vultus_str_of("Wang"), all.face, 0, &enrolment);
    if (code != VULTUS_OK)
        atomic_fetch_sub(&enrolled, 1);
    return code;
}

/* The number of handles that a child can use: none of them. */
static int usable(void)
{
    vultus_detect_options detect = {0};
    vultus_faces *faces = NULL;
    vultus_session *session = NULL;
    vultus_snapshot *snapshot = NULL;
    vultus_gallery *second = NULL;
    int32_t codes[7];
    int wrong = 0;
    size_t i;

    detect.struct_size = sizeof detect;
    detect.min_face = 40;
    codes[0] = vultus_session_detect(all.session, &all.frame, &detect, &faces);
    codes[1] = vultus_session_new(all.sdk, &session);
    codes[2] = vultus_gallery_snapshot(all.gallery, &snapshot);
    codes[3] = vultus_gallery_compact(all.gallery);
    codes[4] = enrol();
    codes[5] = vultus_device_activate(all.device, &all.grant);
    codes[6] = vultus_gallery_open(all.options, &second);
    for (i = 0; i < sizeof codes / sizeof codes[0]; i++) {
        if (codes[i] != VULTUS_ERROR_FORKED_PROCESS) {
            fprintf(stderr, "call %zu of the child answered %d\n", i, (int)codes[i]);
            wrong++;
        }
    }
    return wrong;
}

static void free_all(void)
{
    vultus_snapshot_free(all.snapshot);
    vultus_gallery_free(all.gallery);
    vultus_gallery_options_free(all.options);
    vultus_matcher_free(all.matcher);
    vultus_enrol_face_free(all.face);
    vultus_embedding_free(all.embedding);
    vultus_faces_free(all.faces);
    vultus_session_free(all.session);
    vultus_sdk_free(all.sdk);
    vultus_grant_free(all.grant);
    vultus_device_free(all.device);
}

static void *use_in_thread(void *wrong)
{
    *(int *)wrong = usable();
    return NULL;
}

/* The parent's own thread: enrols and searches all the time. */
static void *keep_busy(void *failed)
{
    vultus_str group = vultus_str_of("staff");

    while (!atomic_load(&stop)) {
        vultus_search_options options = {0};
        vultus_candidate candidate = {0};
        vultus_found found = {0};
        size_t count;

        options.struct_size = sizeof options;
        candidate.struct_size = sizeof candidate;
        found.struct_size = sizeof found;
        if (enrol() != VULTUS_OK || vultus_search_options_default(&options) != VULTUS_OK
            || vultus_gallery_search(all.gallery, all.matcher, all.embedding, &group, 1, &options, &candidate, 1, &count,
                                     &found) != VULTUS_OK)
            *(int *)failed += 1;
    }
    return NULL;
}

static int child(const char *what)
{
    pthread_t thread;
    int wrong = 1;

    if (strcmp(what, "use") == 0)
        return usable();
    if (strcmp(what, "free") == 0) {
        free_all();
        return 0;
    }
    if (strcmp(what, "exit") == 0)
        exit(0);
    if (pthread_create(&thread, NULL, use_in_thread, &wrong) == 0)
        pthread_join(thread, NULL);
    return wrong;
}

int main(int argc, char **argv)
{
    pthread_t busy;
    int failed = 0, wrong = 0, busy_failed = 0, round, rounds, status, with_thread;
    vultus_gallery *second = NULL;
    vultus_gallery_counts counts = {0};
    int persons;

    if (argc != 7)
        return 2;
    rounds = atoi(argv[6]);
    with_thread = strcmp(argv[5], "thread") == 0;
    set_up(argv);
    if (with_thread && pthread_create(&busy, NULL, keep_busy, &busy_failed) != 0)
        return 2;
    for (round = 0; round < rounds; round++) {
        pid_t pid = fork();

        if (pid < 0)
            return 2;
        if (pid == 0)
            _exit(child(argv[5]));
        if (waitpid(pid, &status, 0) != pid || !WIFEXITED(status) || WEXITSTATUS(status) != 0)
            wrong++;
        failed += enrol() != VULTUS_OK;
        /* The lock is still the parent's. */
        failed += vultus_gallery_open(all.options, &second) != VULTUS_ERROR_GALLERY_IN_USE;
    }
    if (with_thread) {
        atomic_store(&stop, 1);
        pthread_join(busy, NULL);
    }
    vultus_snapshot_free(all.snapshot);
    vultus_gallery_free(all.gallery);
    check(vultus_gallery_open(all.options, &all.gallery), "the gallery, again");
    counts.struct_size = sizeof counts;
    check(vultus_gallery_count(all.gallery, &counts), "the number of persons");
    persons = (int)counts.persons;
    printf("%s: %d rounds, %d enrolled, %d there, %d children wrong, %d calls of the parent failed\n", argv[5], rounds,
           atomic_load(&enrolled), persons, wrong, failed + busy_failed);
    return wrong != 0 || failed + busy_failed != 0 || persons != atomic_load(&enrolled);
}
