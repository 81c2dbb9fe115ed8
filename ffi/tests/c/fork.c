/* What a forked child does with its parent's handles, and what is left of the parent's gallery.
 *
 *   fork FOLDER SECRET PACK FRAME use|free|exit|thread RUNS THREADS
 *
 * FOLDER has a licence for everything, SECRET is the device's, and FRAME shows a face. RUNS children are forked, one after
 * the other, while THREADS threads of the parent enrol and take snapshots. Each child uses the handles, frees them, exits by
 * itself, or does all of this in a thread of its own. Says how many persons were enrolled, lost and how many answers were
 * wrong; exit code 1 if one was. */
#define _GNU_SOURCE
#include <pthread.h>
#include <stdatomic.h>
#include <sys/wait.h>
#include <unistd.h>

#include "example.h"
#include "opened.h"

enum { WRONG = 3, SECONDS_MAX = 60 };

static vultus_snapshot *snapshot;
static char gallery_path[512];
static atomic_int enrolled, stop, wrong;

static void is(int32_t code, int32_t expected, const char *call)
{
    if (code != expected) {
        atomic_fetch_add(&wrong, 1);
        fprintf(stderr, "%s answered %" PRId32 ", not %" PRId32 "\n", call, code, expected);
    }
}
#define IS(expected, call) is((call), (expected), #call)
#define FORKED(call) IS(VULTUS_ERROR_FORKED_PROCESS, call)

static void free_all(void)
{
    vultus_snapshot_free(snapshot);
    free_handles();
}

static int32_t enrol(int number)
{
    char id[32];

    snprintf(id, sizeof id, "p%d", number);
    return enrol_as(id);
}

/* A child's answers: nothing of the parent's works, and the child's own does. */
static void use_all(void)
{
    vultus_grant *grant = NULL;
    vultus_session *session = NULL;
    vultus_faces *faces = NULL;
    vultus_snapshot *now = NULL;
    vultus_gallery *gallery = NULL;
    vultus_gallery_options *own = NULL;
    char path[560];
    uint32_t count = 0;

    FORKED(vultus_device_activate(all.device, &grant));
    FORKED(vultus_session_new(all.sdk, &session));
    FORKED(vultus_session_detect(all.session, &all.frame, &all.detect, &faces));
    FORKED(vultus_faces_count(all.faces, &count));
    FORKED(enrol(1000000));
    FORKED(vultus_gallery_create_group(all.gallery, all.matcher, vultus_str_of("child"), vultus_str_of("Child")));
    FORKED(vultus_gallery_snapshot(all.gallery, &now));
    FORKED(vultus_gallery_open(all.gallery_options, &gallery));

    own = options_of(gallery_path);
    IS(VULTUS_ERROR_GALLERY_IN_USE, vultus_gallery_open(own, &gallery));
    vultus_gallery_options_free(own);
    snprintf(path, sizeof path, "%s.%ld", gallery_path, (long)getpid());
    own = options_of(path);
    IS(VULTUS_OK, vultus_gallery_create(own, &gallery));
    IS(VULTUS_OK, vultus_gallery_snapshot(gallery, &now));
    vultus_snapshot_free(now);
    vultus_gallery_free(gallery);
    IS(VULTUS_OK, vultus_gallery_open(own, &gallery));
    vultus_gallery_free(gallery);
    vultus_gallery_options_free(own);
    unlink(path);
}

static void *use_and_free(void *nothing)
{
    use_all();
    free_all();
    return nothing;
}

static _Noreturn void child(const char *what)
{
    pthread_t thread;

    /* One that waits for a thread of its parent waits for ever. */
    alarm(SECONDS_MAX);
    atomic_store(&wrong, 0);
    if (strcmp(what, "use") == 0) {
        use_all();
    } else if (strcmp(what, "free") == 0) {
        free_all();
        free_all();
    } else if (strcmp(what, "thread") == 0) {
        if (pthread_create(&thread, NULL, use_and_free, NULL) != 0 || pthread_join(thread, NULL) != 0)
            _exit(WRONG);
    } else {
        exit(0); /* with all that a program has to do at its end */
    }
    _exit(atomic_load(&wrong) == 0 ? 0 : WRONG);
}

/* The parent goes on enrolling and taking snapshots while it forks. */
static void *work(void *nothing)
{
    while (!atomic_load(&stop)) {
        vultus_snapshot *now = NULL;
        IS(VULTUS_OK, enrol(atomic_fetch_add(&enrolled, 1)));
        IS(VULTUS_OK, vultus_gallery_snapshot(all.gallery, &now));
        vultus_snapshot_free(now);
    }
    return nothing;
}

/* The persons of the file, opened again. */
static int persons(void)
{
    static vultus_person page[100];
    vultus_gallery *gallery = NULL;
    vultus_snapshot *now = NULL;
    size_t count = 0, sum = 0;

    check(vultus_gallery_open(all.gallery_options, &gallery), "the gallery again");
    check(vultus_gallery_snapshot(gallery, &now), "a snapshot");
    do {
        page[0].struct_size = sizeof page[0];
        check(vultus_snapshot_persons(now, vultus_str_of("staff"), sum, page, 100, &count), "persons");
        sum += count;
    } while (count == 100);
    vultus_snapshot_free(now);
    vultus_gallery_free(gallery);
    return (int)sum;
}

int main(int argc, char **argv)
{
    pthread_t threads[8];
    int runs, beside, found, bad = 0;

    if (argc != 8 || (runs = atoi(argv[6])) < 1 || (beside = atoi(argv[7])) < 0 || beside > 8) {
        fputs("usage: fork FOLDER SECRET PACK FRAME use|free|exit|thread RUNS THREADS\n", stderr);
        return FAILED;
    }
    snprintf(gallery_path, sizeof gallery_path, "%s/fork.gallery", argv[1]);
    set_up(argv, gallery_path);
    check(vultus_gallery_snapshot(all.gallery, &snapshot), "a snapshot");
    for (int i = 0; i < beside; i++)
        if (pthread_create(&threads[i], NULL, work, NULL) != 0)
            give_up("a thread", "there is none");
    for (int i = 0; i < runs; i++) {
        vultus_gallery *second = NULL;
        int status = -1;
        pid_t pid = fork();

        if (pid == 0)
            child(argv[5]);
        if (pid < 0 || waitpid(pid, &status, 0) != pid || status != 0) {
            bad++;
            fprintf(stderr, "run %d: the child ended with %d\n", i, status);
        }
        IS(VULTUS_ERROR_GALLERY_IN_USE, vultus_gallery_open(all.gallery_options, &second));
        IS(VULTUS_OK, enrol(atomic_fetch_add(&enrolled, 1)));
    }
    atomic_store(&stop, 1);
    for (int i = 0; i < beside; i++)
        pthread_join(threads[i], NULL);
    vultus_snapshot_free(snapshot);
    snapshot = NULL;
    vultus_gallery_free(all.gallery);
    all.gallery = NULL;
    found = persons();
    printf("%d children: %d persons enrolled, %d lost, %d answers wrong\n", runs, enrolled, enrolled - found, wrong + bad);
    bad += wrong + (found != enrolled);
    free_all();
    return bad == 0 ? 0 : 1;
}
