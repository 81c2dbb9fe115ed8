/* What the examples of vultus.h take for granted: names of the programs they are parts of. */
#include "vultus.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

extern int32_t code;
extern vultus_device *device;
extern vultus_grant *grant;
extern vultus_licence licence;
extern vultus_sdk *sdk;
extern vultus_session *session;
extern vultus_faces *faces;
extern vultus_embedding *stored, *probe, *embedding;
extern vultus_enrol_face *second, *third;
extern vultus_gallery *gallery;
extern vultus_matcher *matcher;
extern vultus_snapshot *now;
extern vultus_frame frame, colour;
extern vultus_depth_frame depth;
extern vultus_infrared_frame lit, unlit;
extern vultus_infrared_face infrared_face;
extern vultus_view colour_view, sensor_view;
extern vultus_landmarks in_colour, landmarks;
extern vultus_registration *registration;
extern vultus_pairer *pairer;
extern vultus_liveness answer;
extern vultus_liveness_decision *decision;
extern uint8_t *nv21, *file, *bytes, *chip_secret, *media_drm_id, *key_from_tee, *anchor_from_tee, *new_key,
    *site_key, *export_key;
extern size_t file_length, bytes_length;
extern const char *serial, *toml;
extern uint64_t track, buffer_number;

void show(const char *text);
void show_request_as_qr_code(void);
void ask_to_try_again(void);
void go_on(void);
void open_door(void);
void greet(const char *person);
void judge_buffers(uint64_t colour_buffer, uint64_t depth_buffer);
void to_stderr(void *user_data, uint32_t level, const char *text, size_t length);
int32_t show_progress(void *user_data, uint32_t looked_at, uint32_t all);
