/* Everything that a program can hold, opened in order, with a group `staff`: what misuse.c misuses and a child of fork.c
 * inherits. After example.h. */
#ifndef OPENED_H
#define OPENED_H

/* A struct of vultus.h, zeroed and sized. */
#define SIZED(type, name) \
    type name = {0};      \
    name.struct_size = sizeof name

static struct {
    const char *folder;
    vultus_device *device;
    vultus_grant *grant;
    vultus_sdk_options *options;
    vultus_sdk *sdk;
    vultus_session *session;
    vultus_frame frame;
    vultus_detect_options detect;
    vultus_faces *faces;
    vultus_embedding *embedding;
    vultus_enrol_face *face;
    vultus_matcher *matcher;
    vultus_gallery_options *gallery_options;
    vultus_gallery *gallery;
} all;

/* Options of a gallery at a path. */
static vultus_gallery_options *options_of(const char *path)
{
    static uint8_t key[32] = {7};
    vultus_bytes secret = {key, sizeof key};
    vultus_gallery_options *options = NULL;

    check(vultus_gallery_options_new(&options), "options");
    check(vultus_gallery_options_set_path(options, vultus_str_of(path)), "the path");
    check(vultus_gallery_options_set_secret(options, secret), "the secret");
    return options;
}

/* From a program's first four arguments: FOLDER, SECRET, PACK and FRAME; the gallery is new. */
static void set_up(char **argv, const char *gallery_path)
{
    SIZED(vultus_enrol_options, enrol);

    all.folder = argv[1];
    all.device = this_device(argv[1], argv[2]);
    all.frame = read_frame(argv[4]);
    all.detect.struct_size = sizeof all.detect;
    check(vultus_device_activate(all.device, &all.grant), "the grant");
    check(vultus_sdk_options_new(&all.options), "options");
    check(vultus_sdk_options_set_pack(all.options, vultus_str_of(argv[3])), "the pack");
    check(vultus_sdk_open(all.options, all.grant, &all.sdk), "the SDK");
    check(vultus_session_new(all.sdk, &all.session), "a session");
    check(vultus_detect_options_default(&all.detect), "options");
    check(vultus_session_detect(all.session, &all.frame, &all.detect, &all.faces), "faces");
    check(vultus_session_embed(all.session, &all.frame, all.faces, 0, &all.embedding), "an embedding");
    check(vultus_enrol_options_default(&enrol), "options");
    check(vultus_session_enrol_face(all.session, &all.frame, all.faces, 0, &enrol, &all.face), "a face");
    check(vultus_matcher_new(all.sdk, &all.matcher), "the matcher");
    all.gallery_options = options_of(gallery_path);
    check(vultus_gallery_create(all.gallery_options, &all.gallery), "the gallery");
    check(vultus_gallery_create_group(all.gallery, all.matcher, vultus_str_of("staff"), vultus_str_of("Staff")),
          "the group");
}

/* Enrols the face of the frame. */
static int32_t enrol_as(const char *id)
{
    SIZED(vultus_enrolment, enrolment);

    return vultus_gallery_enrol(all.gallery, all.matcher, vultus_str_of("staff"), vultus_str_of(id),
                                vultus_str_of("Wang"), all.face, 0, &enrolment);
}

static void free_handles(void)
{
    vultus_gallery_free(all.gallery);
    vultus_gallery_options_free(all.gallery_options);
    vultus_matcher_free(all.matcher);
    vultus_enrol_face_free(all.face);
    vultus_embedding_free(all.embedding);
    vultus_faces_free(all.faces);
    vultus_session_free(all.session);
    vultus_sdk_free(all.sdk);
    vultus_sdk_options_free(all.options);
    vultus_grant_free(all.grant);
    vultus_device_free(all.device);
}

#endif
